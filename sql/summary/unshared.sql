-- Captures that share no comment with earlier ones of their thread, as the files' names put them.
-- grain: one row per capture
select source_path, reason from rejects where reason_code = 'nothing_shared' order by all limit 1000
