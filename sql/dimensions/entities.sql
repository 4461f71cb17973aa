-- Everything that comments mention, terms and quantities included, one row each.
-- grain: one row per thing mentioned
-- key: canonical_id
select canonical_id, min(canonical_name) as canonical_name, min(kind) as kind
from mentions
group by canonical_id
order by canonical_id
