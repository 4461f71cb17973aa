-- What the captures hold and what they lost, and how sure the replies are.
-- grain: one row
with
    shown_threads as (from threads where thread_id in ($threads)),
    thread_sums as (
        select
            count(*) as thread_count,
            coalesce(sum(comment_count), 0)::bigint as comment_count,
            count(declared_comment_count) as declaring_count,
            sum(declared_comment_count)::bigint as declared_comment_count,
            sum(comment_count) filter (where declared_comment_count is not null)::bigint
            as declared_captured_count,
            sum(hidden_comment_count)::bigint as hidden_comment_count,
            coalesce(sum(unrecognised_line_count), 0)::bigint as unrecognised_line_count
        from shown_threads
    ),
    comment_sums as (
        select
            count(distinct author_id) as author_count,
            count(author_id) as authored_count,
            count(created_on) as dated_count,
            count(created_at) as timed_count,
            count(like_count) as liked_count,
            count(duplicate_of) as duplicate_count,
            count(*) filter (where is_deleted) as deleted_count,
            count(*) filter (where parent_status = 'top_level') as top_level_count,
            count(*) filter (where parent_status in ('missing', 'unknown')) as undecided_count
        from comments
        where thread_id in ($threads)
    ),
    candidate_sums as (
        select
            count(distinct comment_id) as inferred_comment_count,
            count(distinct thread_id) as inferred_thread_count
        from reply_candidates
        where thread_id in ($threads) and is_inferred
    ),
    reply_sums as (
        select
            count(*) as reply_count,
            count(*) filter (where is_inferred) as inferred_reply_count,
            sum(confidence::decimal(9, 6)) filter (where is_inferred)::double
            as expected_right_count
        from replies
        where thread_id in ($threads)
    ),
    expected_sums as (
        select
            sum(reply_probability::decimal(9, 6))::double as expected_reply_count,
            count(reply_probability) as weighed_count
        from comment_engagement
        where thread_id in ($threads)
    ),
    question_sums as (
        select
            count(*) as question_count,
            count(*) filter (where answer_status = 'answered') as answered_question_count,
            count(*) filter (where answer_status = 'open') as open_question_count,
            count(*) filter (where answer_status = 'unknown') as unknown_question_count
        from questions
        where thread_id in ($threads)
    )

select *
from thread_sums
cross join comment_sums
cross join candidate_sums
cross join reply_sums
cross join expected_sums
cross join question_sums
