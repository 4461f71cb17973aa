-- How many replies there are at each level of confidence.
-- grain: one row per platform, inferred or not, and band of confidence
-- key: platform, is_inferred, confidence_from
with
    banded as (
        select
            threads.platform,
            replies.is_inferred,
            -- 1 belongs to the last tenth.
            least(floor(replies.confidence::decimal(9, 6) * 10), 9)::integer as tenth,
            replies.confidence::decimal(9, 6) as confidence
        from replies
        join threads using (thread_id)
    ),
    bands as (
        select
            platform,
            is_inferred,
            tenth,
            count(*) as reply_count,
            sum(confidence) as expected_right_count
        from banded
        group by all
    )

select
    platform,
    is_inferred,
    tenth / 10 as confidence_from,
    (tenth + 1) / 10 as confidence_to,
    reply_count,
    reply_count / sum(reply_count) over (partition by platform)::double as band_share,
    expected_right_count::double as expected_right_count
from bands
order by platform, is_inferred, confidence_from
