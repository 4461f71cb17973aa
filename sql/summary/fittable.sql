-- Threads with known trees on platforms without a prior of their own, and their edges.
-- grain: one row per platform
with
    shown_threads as (
        select thread_id
        from threads
        where
            platform in (select platform from threads where reply_prior = 'preset')
            and thread_id not in (select distinct thread_id from reply_candidates where is_inferred)
    ),
    known_threads as (
        select platform, thread_id, count(*) - 1 as edge_count
        from comments
        where thread_id in (from shown_threads)
        group by all
        having bool_and(parent_status in ('top_level', 'explicit')) and count(*) > 1
    )
select platform, count(*) as thread_count, sum(edge_count)::bigint as edge_count
from known_threads
group by all
order by 1
