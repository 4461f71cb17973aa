-- How many comments of each sort the best tree has, and how many the probabilities expect.
-- grain: one row per sort of comment
with
    comment_sums as (
        select
            count(*) filter (where parent_status = 'top_level') as top_level_count,
            sum(1 - reply_probability::decimal(9, 6)) as expected_top_level_count,
            count(*) filter (where parent_status in ('explicit', 'inferred')) as reply_count,
            sum(reply_probability::decimal(9, 6)) as expected_reply_count,
            count(*) filter (
                where is_host and parent_status in ('explicit', 'inferred')
            ) as host_reply_count,
            sum(reply_probability::decimal(9, 6)) filter (
                where is_host
            ) as expected_host_reply_count
        from comment_engagement
    )
select
    unnest(['top-level comments', 'replies', 'replies by the host']) as sort,
    unnest([top_level_count, reply_count, host_reply_count])::bigint as best_count,
    unnest([expected_top_level_count, expected_reply_count, expected_host_reply_count])::double
    as expected_count
from comment_sums
