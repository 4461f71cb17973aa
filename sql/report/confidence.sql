-- How many inferred replies there are at which probability of being right.
-- grain: one row per tenth of confidence
-- key: confidence_from
with
    tenths as (
        select
            -- 1 belongs to the last tenth.
            least(floor(confidence::decimal(9, 6) * 10), 9)::integer as tenth,
            count(*) as reply_count
        from replies
        where thread_id in ($threads) and is_inferred
        group by all
    )

select
    tenth / 10 as confidence_from,
    (tenth + 1) / 10 as confidence_to,
    coalesce(reply_count, 0) as reply_count
from range(10) as all_tenths(tenth)
left join tenths using (tenth)
order by confidence_from
