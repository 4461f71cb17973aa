-- Comments, authors and replies for each topic.
-- grain: one row per topic
-- key: topic_id
with
    totals as (select sum(comment_count)::bigint as total_count from threads),
    all_replies as (select count(*) as total_reply_count from replies),
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
            count(*) filter (
                where comment_engagement.is_answered_by_host and not comment_engagement.is_host
            ) as host_answered_count,
            count(comment_engagement.is_answered_by_host) filter (
                where not comment_engagement.is_host
            ) as host_known_count,
            count(*) filter (where comment_engagement.is_host) as host_comment_count,
            count(comment_engagement.is_host) as is_host_count,
            sum(comment_engagement.depth)::bigint as depth_sum,
            count(comment_engagement.depth) as depth_count,
            count(comment_engagement.first_response_s) as timed_count,
            round(median(comment_engagement.first_response_s))::bigint as median_first_response_s
        from comment_topics
        join comment_engagement using (comment_id)
        group by all
    )

select
    topics.topic_id,
    topics.label,
    topics.origin,
    coalesce(topic_comments.comment_count, 0) as comment_count,
    coalesce(topic_comments.comment_count, 0)
    / nullif(totals.total_count, 0) as topic_comment_share,
    wilson_low(
        coalesce(topic_comments.comment_count, 0), totals.total_count
    ) as topic_comment_share_low,
    wilson_high(
        coalesce(topic_comments.comment_count, 0), totals.total_count
    ) as topic_comment_share_high,
    coalesce(topic_comments.author_count, 0) as author_count,
    coalesce(topic_comments.thread_count, 0) as thread_count,
    coalesce(topic_comments.reply_count, 0) as reply_count,
    coalesce(topic_comments.expected_reply_count, 0)::double as expected_reply_count,
    coalesce(topic_comments.reply_count, 0)
    / nullif(all_replies.total_reply_count, 0) as topic_reply_share,
    wilson_low(
        coalesce(topic_comments.reply_count, 0), all_replies.total_reply_count
    ) as topic_reply_share_low,
    wilson_high(
        coalesce(topic_comments.reply_count, 0), all_replies.total_reply_count
    ) as topic_reply_share_high,
    coalesce(topic_comments.answered_count, 0) as answered_count,
    topic_comments.answered_count / nullif(topic_comments.authored_count, 0) as answered_share,
    wilson_low(topic_comments.answered_count, topic_comments.authored_count) as answered_share_low,
    wilson_high(
        topic_comments.answered_count, topic_comments.authored_count
    ) as answered_share_high,
    topic_comments.host_answered_count
    / nullif(topic_comments.host_known_count, 0) as host_answered_share,
    wilson_low(
        topic_comments.host_answered_count, topic_comments.host_known_count
    ) as host_answered_share_low,
    wilson_high(
        topic_comments.host_answered_count, topic_comments.host_known_count
    ) as host_answered_share_high,
    -- Below 10 comments a share's interval is wider than ± .3: too wide to rank topics by.
    coalesce(topic_comments.authored_count, 0) >= 10 as has_enough_comments,
    if(
        topic_comments.is_host_count > 0, topic_comments.host_comment_count, null
    ) as host_comment_count,
    topic_comments.depth_sum / nullif(topic_comments.depth_count, 0) as mean_depth,
    if(
        topic_comments.timed_count >= 5, topic_comments.median_first_response_s, null
    ) as median_first_response_s,
    case
        when coalesce(topic_comments.answered_count, 0) = 0
        then 'unanswered'
        when topic_comments.timed_count = 0
        then 'times_lost'
        when topic_comments.timed_count < 5
        then 'too_few'
    end as first_response_reason
from topics
cross join totals
cross join all_replies
left join topic_comments using (topic_id)
order by topics.topic_id
