-- The reply network: who replies to whom and mentions whom, over all threads.
-- grain: one row per author and other author they reply to, may reply to, or mention
-- key: author_id, partner_author_id
with
    links as (
        select
            author_id,
            parent_author_id as partner_author_id,
            1 as reply_count,
            if(is_inferred, 0, 1000000) as millionths,
            0 as mention_count
        from replies
        union all
        select
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
            author_id,
            target_author_id as partner_author_id,
            0 as reply_count,
            0 as millionths,
            1 as mention_count
        from mentions
    ),
    both_ways as (
        -- Two authors in one row, so that no pair has to look for its counterpart.
        select
            least(author_id, partner_author_id) as one_author_id,
            greatest(author_id, partner_author_id) as other_author_id,
            author_id < partner_author_id as is_forth,
            reply_count,
            millionths,
            mention_count
        from links
        -- Null is no author; oneself is no partner.
        where author_id <> partner_author_id
    ),
    dyads as (
        select
            one_author_id,
            other_author_id,
            count(*) filter (where is_forth) as forth_count,
            sum(reply_count) filter (where is_forth)::bigint as forth_reply_count,
            sum(millionths) filter (where is_forth)::bigint as forth_millionths,
            sum(mention_count) filter (where is_forth)::bigint as forth_mention_count,
            count(*) filter (where not is_forth) as back_count,
            sum(reply_count) filter (where not is_forth)::bigint as back_reply_count,
            sum(millionths) filter (where not is_forth)::bigint as back_millionths,
            sum(mention_count) filter (where not is_forth)::bigint as back_mention_count,
            coalesce(forth_reply_count > 0 and back_reply_count > 0, false) as is_mutual
        from both_ways
        group by one_author_id, other_author_id
    ),
    pairs as (
        select
            one_author_id as author_id,
            other_author_id as partner_author_id,
            forth_reply_count as reply_count,
            forth_millionths as millionths,
            forth_mention_count as mention_count,
            is_mutual
        from dyads
        where forth_count > 0
        union all
        select
            other_author_id as author_id,
            one_author_id as partner_author_id,
            back_reply_count as reply_count,
            back_millionths as millionths,
            back_mention_count as mention_count,
            is_mutual
        from dyads
        where back_count > 0
    )

select
    author_id,
    partner_author_id,
    reply_count,
    (millionths / 1000000)::double as expected_reply_count,
    mention_count,
    is_mutual
from pairs
order by author_id, partner_author_id
