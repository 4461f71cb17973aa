-- Rejects of each reason.
-- grain: one row per reason
select reason_code, count(*) as count from rejects group by all order by 2 desc, 1
