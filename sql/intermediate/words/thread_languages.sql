-- How often each thread uses the function words of each language, and those of them that look
-- like words that tell what it is about.
-- grain: one row per thread and language
-- key: thread_id, language
-- kept: by thread
with
    function_words as (
        select words.word_number, stop_words.language, is_content_word(words.word) as is_telling
        from words
        join stop_words() as stop_words using (word)
    ),
    counts as (
        select
            thread_words.thread_number,
            function_words.language,
            sum(thread_words.occurrence_count)::bigint as occurrence_count,
            coalesce(
                sum(thread_words.occurrence_count) filter (where function_words.is_telling), 0
            )::bigint as ignored_count
        from thread_words
        join function_words using (word_number)
        group by thread_words.thread_number, function_words.language
    )

select worded_threads.thread_id, counts.language, counts.occurrence_count, counts.ignored_count
from counts
join worded_threads using (thread_number)
