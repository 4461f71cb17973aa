-- The words topics are fitted on: those of a sample of comments, without function words.
-- grain: one row per sampled comment and word
-- key: comment_id, word
with
    sampled as (
        -- By hash, so that a comment stays in the sample while others come and go.
        select comment_id, tokens(text) as words
        from comments
        where text <> ''
        order by md5(comment_id), comment_id
        limit 50000
    ),
    comment_words as (select comment_id, unnest(words) as word from sampled),
    word_counts as (
        select comment_id, word, count(*) as occurrence_count
        from comment_words
        where is_content_word(word)
        group by all
    ),
    comment_languages as (
        select text_id as comment_id, language from text_languages('word_counts', comment_id)
    ),
    function_words as (
        -- Where most who use a word write a language that has it as a function word, it is one
        -- here:
        -- French "car" doesn't cost an English corpus its cars.
        select word_counts.word
        from word_counts
        join stop_words() as stop_words using (word)
        left join comment_languages using (comment_id)
        group by word_counts.word
        having
            count(distinct word_counts.comment_id) filter (
                where stop_words.language = comment_languages.language
            )
            * 2
            >= count(distinct word_counts.comment_id)
    ),
    document_counts as (
        select
            word,
            count(*) as comment_count,
            row_number() over (order by count(*) desc, word) as word_rank
        from word_counts
        anti join function_words using (word)
        group by word
        having
            count(*) >= 5 and count(*) <= 0.2 * (select count(distinct comment_id) from word_counts)
        qualify word_rank <= 8000
    )

select
    dense_rank() over (order by word_counts.comment_id) - 1 as comment_number,
    document_counts.word_rank - 1 as word_number,
    word_counts.occurrence_count,
    word_counts.comment_id,
    word_counts.word,
    document_counts.comment_count
from word_counts
join document_counts using (word)
order by comment_number, word_number
