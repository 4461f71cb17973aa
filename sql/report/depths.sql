-- How deep the talk goes, by the best tree: 0 is the top level, 12 is 12 and deeper.
-- grain: one row per depth
-- key: depth
select
    least(depth, 12) as depth,
    count(*) as comment_count,
    count(*) filter (where is_answered) as answered_count
from comment_engagement
where thread_id in ($threads) and depth is not null
group by least(depth, 12)
order by 1
