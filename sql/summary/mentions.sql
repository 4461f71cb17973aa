-- Mentions of each kind.
-- grain: one row per kind
select kind, count(*) as count from mentions group by all order by 2 desc, 1
