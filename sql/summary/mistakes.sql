-- What people wrote or put wrongly: sidecars, column mappings, corrections, documents in no
-- platform's folder.
-- grain: one row per mistake, and how many documents it holds up
select
    if(reason_code = 'no_platform', source_path || ': ', '') || reason as mistake, count(*) as count
from rejects
where reason_code in ('sidecar_mistake', 'mapping_mistake', 'correction_mistake', 'no_platform')
group by all
order by 1
limit 1000
