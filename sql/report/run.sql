-- The published run, and what it couldn't read.
-- grain: one row
select
    runs.run_id,
    runs.published_at,
    runs.threadmill_version,
    runs.profile,
    (select count(*) from rejects) as reject_count
from runs
