-- Where threads come from, and how many there are of each.
-- grain: one row per platform
-- key: platform
select platform, count(*) as thread_count, sum(comment_count)::bigint as comment_count
from threads
group by platform
order by platform
