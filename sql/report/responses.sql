-- How long a comment waits for its first answer by another author.
-- grain: one row per span of time
-- key: span
with
    spans(span, label, from_s, to_s) as (
        values
            (1, '< 10 min', -1e18, 600),
            (2, '10–60 min', 600, 3600),
            (3, '1–6 h', 3600, 21600),
            (4, '6–24 h', 21600, 86400),
            (5, '1–7 d', 86400, 604800),
            (6, '> 7 d', 604800, 1e18)
    ),
    waits as (
        select first_response_s, is_answered_by_host
        from comment_engagement
        where thread_id in ($threads) and first_response_s is not null
    )

select spans.span, spans.label, count(waits.first_response_s) as comment_count
from spans
left join waits on waits.first_response_s >= spans.from_s and waits.first_response_s < spans.to_s
group by all
order by spans.span
