-- Replies that confidence_figures counts; a band without any has a row without an author.
-- grain: one row per band and reply
with
    bands as (
        select true as is_inferred, unnest(range(10))::integer as tenth
        union all
        select false as is_inferred, 9 as tenth
    ),
    banded as (
        -- As in reply_confidence.
        select
            is_inferred,
            least(floor(confidence::decimal(9, 6) * 10), 9)::integer as tenth,
            author_id,
            response_s,
            depth
        from replies
    )

select
    bands.is_inferred,
    bands.tenth / 10 as confidence_from,
    (bands.tenth + 1) / 10 as confidence_to,
    banded.author_id,
    banded.response_s,
    banded.depth
from bands
left join banded using (is_inferred, tenth)
