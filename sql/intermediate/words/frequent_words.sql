-- The words that each thread uses often enough for a test whether they set it apart.
-- grain: one row per thread and word
-- key: thread_id, word
-- kept: by thread
with telling_words as (select word_number, word from words where is_content_word(word))

select
    worded_threads.thread_id,
    telling_words.word,
    thread_words.occurrence_count,
    thread_words.comment_count
from thread_words
join telling_words using (word_number)
join worded_threads using (thread_number)
-- Used by one comment alone, a word tells of that comment, not of the thread.
where thread_words.occurrence_count >= 3 and thread_words.comment_count >= 2
