-- What talk each topic draws.
-- grain: one row per topic
-- key: topic_id
with
    topics as (select distinct topic_id, label from topic_terms),
    totals as (select sum(comment_count)::bigint as total_count from threads),
    topic_comments as (
        select
            comment_topics.topic_id,
            count(*) as comment_count,
            count(distinct comment_engagement.author_id) as author_count,
            count(distinct comment_topics.thread_id) as thread_count,
            sum(comment_engagement.reply_count)::bigint as reply_count,
            sum(comment_engagement.expected_reply_count::decimal(18, 6)) as expected_reply_count,
            count(*) filter (where comment_engagement.is_answered) as answered_count,
            count(comment_engagement.is_answered) as authored_count,
            count(*) filter (where comment_engagement.is_host) as host_comment_count,
            count(comment_engagement.is_host) as host_known_count
        from comment_topics
        join comment_engagement using (comment_id)
        group by all
    )

select
    topics.topic_id,
    topics.label,
    coalesce(topic_comments.comment_count, 0) as comment_count,
    coalesce(
        topic_comments.comment_count / nullif(totals.total_count, 0), 0
    ) as topic_comment_share,
    coalesce(topic_comments.author_count, 0) as author_count,
    coalesce(topic_comments.thread_count, 0) as thread_count,
    coalesce(topic_comments.reply_count, 0) as reply_count,
    coalesce(topic_comments.expected_reply_count, 0)::double as expected_reply_count,
    topic_comments.answered_count / nullif(topic_comments.authored_count, 0) as answered_share,
    if(
        topic_comments.host_known_count > 0, topic_comments.host_comment_count, null
    ) as host_comment_count
from topics
cross join totals
left join topic_comments using (topic_id)
order by topics.topic_id
