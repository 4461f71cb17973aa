-- What is talked about, and how much talk that draws.
-- grain: one row per topic, the 40 whose comments draw most replies
-- key: topic_id
with topics as (select distinct topic_id, label, origin from topic_terms)

select
    topics.topic_id,
    topics.label,
    topics.origin,
    count(*) as comment_count,
    count(distinct comment_engagement.author_id) as author_count,
    sum(comment_engagement.reply_count)::bigint as reply_count,
    sum(comment_engagement.expected_reply_count::decimal(18, 6))::double as expected_reply_count,
    count(*) filter (where comment_engagement.is_answered) as answered_count,
    count(comment_engagement.is_answered) as authored_count,
    if(
        count(comment_engagement.is_answered_by_host) = 0,
        null,
        count(*) filter (where comment_engagement.is_answered_by_host)
    ) as host_answered_count
from comment_topics
join topics using (topic_id)
join comment_engagement using (thread_id, comment_id)
where comment_topics.thread_id in ($threads)
group by topics.topic_id, topics.label, topics.origin
order by expected_reply_count desc, comment_count desc, topics.topic_id
limit 40
