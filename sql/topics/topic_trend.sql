-- Each topic's share of the comments over days, or over the course of threads.
-- grain: one row per topic and period
-- key: topic_id, period_kind, period
with
    found_topics as (
        select topic_id, label from topics where topic_id in (select topic_id from comment_topics)
    ),
    comment_periods as (
        -- A comment without a day counts where it stands: in which tenth of its thread.
        select
            comments.comment_id,
            if(comments.created_on is null, 'tenth_of_thread', 'day') as period_kind,
            floor(comments.position * 10 / threads.comment_count)::integer + 1 as tenth,
            coalesce(comments.created_on::varchar, format('{:02d}', tenth)) as period,
            comments.created_on
        from comments
        join threads using (thread_id)
    ),
    periods as (
        select period_kind, period, created_on, count(*) as period_comment_count
        from comment_periods
        group by all
    ),
    topic_periods as (
        select
            comment_topics.topic_id,
            comment_periods.period_kind,
            comment_periods.period,
            count(*) as comment_count
        from comment_topics
        join comment_periods using (comment_id)
        group by all
    )

select
    found_topics.topic_id,
    found_topics.label,
    periods.period_kind,
    periods.period,
    periods.created_on,
    coalesce(topic_periods.comment_count, 0) as comment_count,
    periods.period_comment_count,
    coalesce(topic_periods.comment_count, 0) / periods.period_comment_count as period_topic_share,
    wilson_low(
        coalesce(topic_periods.comment_count, 0), periods.period_comment_count
    ) as period_topic_share_low,
    wilson_high(
        coalesce(topic_periods.comment_count, 0), periods.period_comment_count
    ) as period_topic_share_high
from found_topics
cross join periods
left join topic_periods using (topic_id, period_kind, period)
order by found_topics.topic_id, periods.period_kind, periods.period
