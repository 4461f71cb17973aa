-- Threads with known trees on platforms without a prior of their own, and their edges.
-- grain: one row per platform
with
    known_threads as (
        select platform, thread_id, count(*) - 1 as edge_count
        from comments
        where thread_id not in (select thread_id from reply_candidates where is_inferred)
        group by all
        having bool_and(parent_status in ('top_level', 'explicit')) and count(*) > 1
    )
select platform, count(*) as thread_count, sum(edge_count)::bigint as edge_count
from known_threads
where platform in (select platform from threads where reply_prior = 'preset')
group by all
order by 1
