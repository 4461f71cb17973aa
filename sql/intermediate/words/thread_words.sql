-- How often each thread uses each word.
-- grain: one row per thread and word
-- key: thread_id, word
-- kept: no
with
    numbered_threads as (
        -- Grouping by a number costs half of grouping by an id.
        select thread_id, row_number() over (order by thread_id)::integer as thread_number
        from (select distinct thread_id from comments)
    ),
    comment_words as (
        select
            numbered_threads.thread_number, comments.position, unnest(tokens(comments.text)) as word
        from comments
        join numbered_threads using (thread_id)
    ),
    comment_counts as (
        -- In two steps: counting distinct comments per word at once takes twice as long.
        select thread_number, position, word, count(*) as occurrence_count
        from comment_words
        group by thread_number, position, word
    ),
    word_counts as (
        select
            thread_number,
            word,
            sum(occurrence_count)::bigint as occurrence_count,
            count(*) as comment_count
        from comment_counts
        group by thread_number, word
    ),
    thread_counts as (
        select thread_number, count(distinct position) as thread_comment_count
        from comment_counts
        group by thread_number
    )

select
    numbered_threads.thread_id,
    word_counts.word,
    word_counts.occurrence_count,
    word_counts.comment_count,
    thread_counts.thread_comment_count
from word_counts
join thread_counts using (thread_number)
join numbered_threads using (thread_number)
