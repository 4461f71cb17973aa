-- How often each thread uses the function words of each language, and those of them that look
-- like words that tell what it is about.
-- grain: one row per thread and language
-- key: thread_id, language
-- kept: by thread
select
    thread_words.thread_id,
    stop_words.language,
    sum(thread_words.occurrence_count)::bigint as occurrence_count,
    coalesce(sum(thread_words.occurrence_count) filter (where is_content_word(word)), 0)::bigint
    as ignored_count
from thread_words
join stop_words() as stop_words using (word)
group by thread_words.thread_id, stop_words.language
