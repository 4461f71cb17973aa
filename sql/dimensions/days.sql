-- The calendar from the first to the last dated comment, with days that have no comments.
-- grain: one row per day
-- key: created_on
with
    bounds as (select min(created_on) as first_on, max(created_on) as last_on from comments),
    calendar as (
        select unnest(generate_series(first_on, last_on, interval 1 day))::date as created_on
        from bounds
        -- A single wrong year would make millions of rows: over more than a century, days with
        -- comments alone.
        where last_on - first_on < 36525
        union
        select created_on
        from comments
        where created_on is not null
    )

select
    created_on,
    year(created_on)::integer as year,
    quarter(created_on)::integer as quarter,
    month(created_on)::integer as month,
    date_trunc('month', created_on)::date as month_on,
    date_trunc('week', created_on)::date as week_on,
    isodow(created_on)::integer as weekday,
    isodow(created_on) > 5 as is_weekend
from calendar
order by created_on
