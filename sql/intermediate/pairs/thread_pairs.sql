-- Who replies to whom, may do so, and mentions whom, within each thread.
-- grain: one row per thread, author and partner
-- key: thread_id, author_id, partner_author_id
-- kept: by thread
with
    links as (
        select
            thread_id,
            author_id,
            parent_author_id as partner_author_id,
            1 as reply_count,
            if(is_inferred, 0, 1000000) as millionths,
            0 as mention_count
        from replies
        union all
        select
            reply_candidates.thread_id,
            comments.author_id,
            parents.author_id as partner_author_id,
            0 as reply_count,
            round(reply_candidates.probability * 1000000)::integer as millionths,
            0 as mention_count
        from reply_candidates
        join comments using (thread_id, comment_id)
        join
            comments as parents
            on parents.thread_id = reply_candidates.thread_id
            and parents.comment_id = reply_candidates.parent_comment_id
        where reply_candidates.is_inferred and reply_candidates.kind = 'comment'
        union all
        select
            thread_id,
            author_id,
            target_author_id as partner_author_id,
            0 as reply_count,
            0 as millionths,
            1 as mention_count
        from mentions
    )

select
    thread_id,
    author_id,
    partner_author_id,
    sum(reply_count)::bigint as reply_count,
    sum(millionths)::bigint as millionths,
    sum(mention_count)::bigint as mention_count
from links
-- Null is no author; oneself is no partner.
where author_id <> partner_author_id
group by thread_id, author_id, partner_author_id
