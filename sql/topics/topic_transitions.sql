-- From which topic to which replies lead.
-- grain: one row per topic of a parent and topic of its replies
-- key: parent_topic_id, topic_id
with
    labels as (select distinct topic_id, label from topic_terms),
    edges as (
        -- An explicit reply counts 1, in an inferred thread every candidate its probability.
        select comment_id, parent_comment_id, 1000000 as millionths, 1 as best_count
        from replies
        where not is_inferred
        union all
        select
            reply_candidates.comment_id,
            reply_candidates.parent_comment_id,
            round(reply_candidates.probability * 1000000)::bigint as millionths,
            (replies.comment_id is not null)::integer as best_count
        from reply_candidates
        left join replies using (comment_id, parent_comment_id)
        where reply_candidates.is_inferred and reply_candidates.kind = 'comment'
    ),
    totals as (select sum(millionths) / 1000000 as edge_sum from edges),
    parent_sums as (
        select comment_topics.topic_id, sum(edges.millionths) / 1000000 as edge_sum
        from edges
        join comment_topics on comment_topics.comment_id = edges.parent_comment_id
        group by all
    ),
    reply_sums as (
        select comment_topics.topic_id, sum(edges.millionths) / 1000000 as edge_sum
        from edges
        join comment_topics using (comment_id)
        group by all
    ),
    transitions as (
        select
            parents.topic_id as parent_topic_id,
            comment_topics.topic_id,
            sum(edges.best_count)::bigint as reply_count,
            sum(edges.millionths) / 1000000 as edge_sum
        from edges
        join comment_topics as parents on parents.comment_id = edges.parent_comment_id
        join comment_topics on comment_topics.comment_id = edges.comment_id
        group by all
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
join parent_sums on parent_sums.topic_id = transitions.parent_topic_id
join reply_sums on reply_sums.topic_id = transitions.topic_id
join labels as parent_labels on parent_labels.topic_id = transitions.parent_topic_id
join labels on labels.topic_id = transitions.topic_id
where transitions.edge_sum > 0
order by transitions.parent_topic_id, transitions.topic_id
