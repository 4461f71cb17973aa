-- How many words each thread has that may tell what it is about, and how many comments with words.
-- grain: one row per thread
-- key: thread_id
-- kept: by thread
with
    telling_words as (select word_number from words where is_content_word(word)),
    word_counts as (
        select thread_number, sum(occurrence_count)::bigint as word_count
        from thread_words
        semi join telling_words using (word_number)
        group by thread_number
    ),
    comment_counts as (
        select thread_number, count(distinct comment_number) as comment_count
        from comment_words
        group by thread_number
    )

select
    worded_threads.thread_id,
    coalesce(word_counts.word_count, 0) as word_count,
    comment_counts.comment_count
from comment_counts
join worded_threads using (thread_number)
left join word_counts using (thread_number)
