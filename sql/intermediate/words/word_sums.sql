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
        select
            worded_threads.thread_number,
            string_agg(most_used.language, ' ' order by most_used.language) as languages
        from most_used
        join worded_threads using (thread_id)
        group by worded_threads.thread_number
    ),
    telling_words as (select word_number, word from words where is_content_word(word)),
    sums as (
        select
            tied_languages.languages,
            thread_words.word_number,
            sum(thread_words.occurrence_count)::bigint as occurrence_count,
            sum(thread_words.comment_count)::bigint as comment_count
        from thread_words
        semi join telling_words using (word_number)
        left join tied_languages using (thread_number)
        group by tied_languages.languages, thread_words.word_number
    )

select sums.languages, telling_words.word, sums.occurrence_count, sums.comment_count
from sums
join telling_words using (word_number)
