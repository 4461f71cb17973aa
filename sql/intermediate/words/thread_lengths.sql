-- How many words each thread has that may tell what it is about, and how many comments with words.
-- grain: one row per thread
-- key: thread_id
-- kept: by thread
select
    thread_id,
    coalesce(sum(occurrence_count) filter (where is_content_word(word)), 0)::bigint as word_count,
    any_value(thread_comment_count) as comment_count
from thread_words
group by thread_id
