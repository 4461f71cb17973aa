-- How many comments are answered, and of how many answers the time is known.
-- grain: one row
select
    count(*) filter (where is_answered) as answered_count,
    count(*) filter (where not is_answered) as unanswered_count,
    count(first_response_s) as timed_answer_count,
    median(first_response_s) as median_first_response_s
from comment_engagement
where thread_id in ($threads)
