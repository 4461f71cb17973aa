-- Positions of a thread run from 0 without a gap.
select thread_id, count(*) as comment_count, min(position) as first, max(position) as last
from comments
group by all
having min(position) <> 0 or max(position) <> count(*) - 1 or count(distinct position) <> count(*)
