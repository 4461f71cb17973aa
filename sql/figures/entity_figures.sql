-- Comments that entity_figures counts: those that mention a term of the vocabulary.
-- grain: one row per term and comment
with
    mentioned_terms as (
        -- What rules find may be a person or a quotation; what a vocabulary has was there before.
        select distinct comment_id, canonical_id
        from mentions
        where pack is not null and kind not in ('participant', 'person', 'handle', 'email', 'phone')
    )

select
    entities.canonical_id,
    entities.canonical_name,
    entities.kind,
    comments.author_id,
    replies.response_s,
    comments.depth
from mentioned_terms
join entities using (canonical_id)
join comments using (comment_id)
left join replies using (comment_id)
