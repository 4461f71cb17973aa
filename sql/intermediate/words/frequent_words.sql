-- The words that each thread uses often enough for a test whether they set it apart.
-- grain: one row per thread and word
-- key: thread_id, word
-- kept: by thread
select thread_id, word, occurrence_count, comment_count
from thread_words
-- Used by one comment alone, a word tells of that comment, not of the thread.
where occurrence_count >= 3 and comment_count >= 2 and is_content_word(word)
