-- Authors whose pairs stale threads may change: who comments there, or is mentioned.
select author_id
from stale.comments
union
select target_author_id
from stale.mentions
