-- How often each thread uses each word, both by their numbers: grouping by numbers costs a
-- fraction of grouping by ids and words.
-- grain: one row per thread and word
-- key: thread_number, word_number
-- kept: no
select
    thread_number,
    word_number,
    sum(occurrence_count)::bigint as occurrence_count,
    count(*) as comment_count
from comment_words
group by thread_number, word_number
