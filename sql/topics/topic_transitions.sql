-- Which topics replies have, given the topic of the comment they answer.
-- grain: one row per topic of a parent and topic of its replies
-- key: parent_topic_id, topic_id
with
    labels as (select distinct topic_id, label from topic_terms),
    totals as (
        select millionths / 1000000 as edge_sum
        from transition_sums
        where parent_topic_id is null and topic_id is null
    ),
    parent_sums as (
        select parent_topic_id, millionths / 1000000 as edge_sum
        from transition_sums
        where parent_topic_id is not null and topic_id is null
    ),
    reply_sums as (
        select topic_id, millionths / 1000000 as edge_sum
        from transition_sums
        where parent_topic_id is null and topic_id is not null
    ),
    transitions as (
        select parent_topic_id, topic_id, reply_count, millionths / 1000000 as edge_sum
        from transition_sums
        where parent_topic_id is not null and topic_id is not null
    )

select
    transitions.parent_topic_id,
    transitions.topic_id,
    parent_labels.label as parent_label,
    labels.label,
    transitions.reply_count,
    transitions.edge_sum as expected_reply_count,
    parent_sums.edge_sum * reply_sums.edge_sum / totals.edge_sum as chance_replies,
    transitions.edge_sum
    * totals.edge_sum
    / nullif(parent_sums.edge_sum * reply_sums.edge_sum, 0) as lift,
    transitions.edge_sum / nullif(parent_sums.edge_sum, 0) as transition_share,
    wilson_low(transitions.edge_sum, parent_sums.edge_sum) as transition_share_low,
    wilson_high(transitions.edge_sum, parent_sums.edge_sum) as transition_share_high,
    transitions.edge_sum >= 5 as has_enough_comments
from transitions
cross join totals
join parent_sums using (parent_topic_id)
join reply_sums using (topic_id)
join labels as parent_labels on parent_labels.topic_id = transitions.parent_topic_id
join labels on labels.topic_id = transitions.topic_id
where transitions.edge_sum > 0
order by transitions.parent_topic_id, transitions.topic_id
