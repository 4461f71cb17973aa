-- How many replies lead from topic to topic: a null topic stands for all comments, whatever
-- their topics.
-- grain: one row per topic of a parent and topic of its replies
-- key: parent_topic_id, topic_id
-- kept: as sums
with
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
    edge_topics as (
        select
            null::varchar as parent_topic_id,
            null::varchar as topic_id,
            edges.millionths,
            edges.best_count
        from edges
        union all
        select
            comment_topics.topic_id as parent_topic_id,
            null as topic_id,
            edges.millionths,
            edges.best_count
        from edges
        join comment_topics on comment_topics.comment_id = edges.parent_comment_id
        union all
        select null as parent_topic_id, comment_topics.topic_id, edges.millionths, edges.best_count
        from edges
        join comment_topics on comment_topics.comment_id = edges.comment_id
        union all
        select
            parents.topic_id as parent_topic_id,
            comment_topics.topic_id,
            edges.millionths,
            edges.best_count
        from edges
        join comment_topics as parents on parents.comment_id = edges.parent_comment_id
        join comment_topics on comment_topics.comment_id = edges.comment_id
    )

select
    parent_topic_id,
    topic_id,
    sum(best_count)::bigint as reply_count,
    sum(millionths)::bigint as millionths
from edge_topics
group by parent_topic_id, topic_id
