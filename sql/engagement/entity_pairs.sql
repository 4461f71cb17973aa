-- What is mentioned together in a comment, compared with chance.
-- grain: one row per two things mentioned together in at least two comments
-- key: canonical_id, partner_canonical_id
with
    totals as (select count(*) as total_count from comments),
    entity_comments as (
        select distinct canonical_id, thread_id, comment_id from mentions where is_entity(kind)
    ),
    entity_counts as (
        select canonical_id, count(*) as entity_comment_count
        from entity_comments
        group by canonical_id
    ),
    pairs as (
        select
            entity_comments.canonical_id,
            partners.canonical_id as partner_canonical_id,
            count(*) as comment_count,
            count(distinct entity_comments.thread_id) as thread_count
        from entity_comments
        join
            entity_comments as partners
            on partners.thread_id = entity_comments.thread_id
            and partners.comment_id = entity_comments.comment_id
            and partners.canonical_id > entity_comments.canonical_id
        group by all
        having count(*) >= 2
    )

select
    pairs.canonical_id,
    pairs.partner_canonical_id,
    pairs.comment_count,
    pairs.thread_count,
    case
        when pairs.comment_count < 5
        then null
        -- In every comment there is: no information, and perfectly together.
        when pairs.comment_count = totals.total_count
        then 1
        else
            ln(
                pairs.comment_count::double
                * totals.total_count
                / (entity_counts.entity_comment_count * partners.entity_comment_count)
            )
            / ln(totals.total_count / pairs.comment_count)
    end::double as npmi
from pairs
cross join totals
join entity_counts using (canonical_id)
join entity_counts as partners on partners.canonical_id = pairs.partner_canonical_id
order by pairs.canonical_id, pairs.partner_canonical_id
