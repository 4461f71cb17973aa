-- How often the threads of each language use each word; all threads together decide which of
-- several languages that a thread uses alike is its own.
-- grain: one row per languages of threads, and word
-- key: languages, word
-- kept: as sums
with
    most_used as (
        select thread_id, language
        from thread_languages
        qualify rank() over (partition by thread_id order by occurrence_count desc) = 1
    ),
    tied_languages as (
        select thread_id, string_agg(language, ' ' order by language) as languages
        from most_used
        group by thread_id
    )

select
    tied_languages.languages,
    thread_words.word,
    sum(thread_words.occurrence_count)::bigint as occurrence_count,
    sum(thread_words.comment_count)::bigint as comment_count
from thread_words
left join tied_languages using (thread_id)
where is_content_word(thread_words.word)
group by tied_languages.languages, thread_words.word
