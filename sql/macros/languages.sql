-- Which words tell what a text is about, and in which language it is written.
create or replace macro is_content_word(word) as
    length(word) > 1 and regexp_matches(word, '\p{L}');

-- The language whose function words a text uses most, of two alike the one that all texts use
-- more; no row for a text without any.
-- `word_counts` is a table or `with` query of `text`, `word`, `occurrence_count`; `text` is the
-- column that tells the texts apart.
create or replace macro text_languages(word_counts, text) as table
    select text_id, language
    from
        (
            select
                text as text_id,
                language,
                sum(occurrence_count) as own_count,
                sum(own_count) over (partition by language) as language_count
            from query_table(word_counts)
            join stop_words() using (word)
            group by text, language
        )
    qualify
        row_number() over (
            partition by text_id order by own_count desc, language_count desc, language
        )
        = 1;
