-- The reply network: who replies to whom and mentions whom, over all threads.
-- grain: one row per author and other author they reply to, may reply to, or mention
-- key: author_id, partner_author_id
with
    links as (
        select
            author_id,
            parent_author_id as partner_author_id,
            count(*) as reply_count,
            count(*) filter (where not is_inferred)::decimal(38, 6) as expected_reply_count,
            0 as mention_count
        from replies
        group by all
        union all
        select
            comments.author_id,
            parents.author_id as partner_author_id,
            0 as reply_count,
            sum(reply_candidates.probability::decimal(9, 6)) as expected_reply_count,
            0 as mention_count
        from reply_candidates
        join comments using (thread_id, comment_id)
        join
            comments as parents
            on parents.thread_id = reply_candidates.thread_id
            and parents.comment_id = reply_candidates.parent_comment_id
        where reply_candidates.kind = 'comment'
        group by all
        union all
        select
            author_id,
            target_author_id as partner_author_id,
            0 as reply_count,
            0 as expected_reply_count,
            count(*) as mention_count
        from mentions
        where target_author_id is not null
        group by all
    ),
    pairs as (
        select
            author_id,
            partner_author_id,
            sum(reply_count)::bigint as reply_count,
            sum(expected_reply_count) as expected_reply_count,
            sum(mention_count)::bigint as mention_count
        from links
        -- Null is no author; oneself is no partner.
        where author_id <> partner_author_id
        group by all
    )

select
    author_id,
    partner_author_id,
    reply_count,
    expected_reply_count::double as expected_reply_count,
    mention_count,
    count(*) filter (where reply_count > 0) over (
        partition by least(author_id, partner_author_id), greatest(author_id, partner_author_id)
    )
    = 2 as is_mutual
from pairs
order by author_id, partner_author_id
