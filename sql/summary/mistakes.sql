-- Mistakes in sidecars, column mappings and corrections, and how many documents each holds up.
-- grain: one row per mistake
select reason, count(*) as count
from rejects
where reason_code in ('sidecar_mistake', 'mapping_mistake', 'correction_mistake')
group by all
order by 1
limit 1000
