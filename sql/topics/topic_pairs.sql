-- Which topics occur in the same comments.
-- grain: one row per ordered pair of topics that share a comment
-- key: topic_id, other_topic_id
with
    labels as (select distinct topic_id, label from topic_terms),
    totals as (select count(*) as total_count from comments),
    topic_counts as (select topic_id, count(*) as topic_count from comment_topics group by all),
    pair_counts as (
        select
            comment_topics.topic_id,
            others.topic_id as other_topic_id,
            count(*) as comment_count,
            count(distinct comment_topics.thread_id) as thread_count
        from comment_topics
        join comment_topics as others using (comment_id)
        where comment_topics.topic_id <> others.topic_id
        group by all
    )

select
    pair_counts.topic_id,
    pair_counts.other_topic_id,
    labels.label,
    other_labels.label as other_label,
    pair_counts.comment_count,
    pair_counts.thread_count,
    topic_counts.topic_count * other_counts.topic_count / totals.total_count as chance_comments,
    -- Of a pair that every comment has, the limit.
    if(
        pair_counts.comment_count = totals.total_count,
        1,
        ln(
            pair_counts.comment_count
            * totals.total_count
            / (topic_counts.topic_count * other_counts.topic_count)
        )
        / - ln(pair_counts.comment_count / totals.total_count)
    )::double as npmi,
    pair_counts.comment_count >= 5 as has_enough_comments
from pair_counts
cross join totals
join topic_counts using (topic_id)
join topic_counts as other_counts on other_counts.topic_id = pair_counts.other_topic_id
join labels on labels.topic_id = pair_counts.topic_id
join labels as other_labels on other_labels.topic_id = pair_counts.other_topic_id
order by pair_counts.topic_id, pair_counts.other_topic_id
