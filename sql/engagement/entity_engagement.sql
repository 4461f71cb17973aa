-- Comments, authors and replies for each thing mentioned.
-- grain: one row per thing mentioned
-- key: canonical_id
with
    entity_comments as (
        select
            canonical_id,
            min(canonical_name) as canonical_name,
            min(kind) as kind,
            thread_id,
            comment_id,
            count(*) as mention_count
        from mentions
        where is_entity(kind)
        group by canonical_id, thread_id, comment_id
    )

select
    entity_comments.canonical_id,
    min(entity_comments.canonical_name) as canonical_name,
    min(entity_comments.kind) as kind,
    sum(entity_comments.mention_count)::bigint as mention_count,
    count(*) as comment_count,
    count(distinct comment_engagement.author_id) as author_count,
    count(distinct entity_comments.thread_id) as thread_count,
    sum(comment_engagement.reply_count)::bigint as reply_count,
    count(questions.comment_id) as question_count,
    min(comment_engagement.created_on) as first_created_on
from entity_comments
join comment_engagement using (thread_id, comment_id)
left join questions using (thread_id, comment_id)
group by entity_comments.canonical_id
order by entity_comments.canonical_id
