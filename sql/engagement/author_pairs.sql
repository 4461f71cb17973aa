-- The reply network: who replies to whom and mentions whom, over all threads.
-- grain: one row per author and other author whom they reply to, may reply to, or mention
-- key: author_id, partner_author_id
with
    both_ways as (
        -- Two authors in one row, so that no pair has to look for its counterpart.
        select
            least(author_id, partner_author_id) as one_author_id,
            greatest(author_id, partner_author_id) as other_author_id,
            author_id < partner_author_id as is_forth,
            reply_count,
            millionths,
            mention_count
        from thread_pairs
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
