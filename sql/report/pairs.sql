-- Who answers whom.
-- grain: one row per author and other author they answer, the 200 with most expected replies,
-- from 0.05 up
-- key: author_id, partner_author_id
with
    links as (
        select
            author_id,
            parent_author_id as partner_author_id,
            1 as reply_count,
            if(is_inferred, 0, 1)::decimal(9, 6) as expected_reply_count
        from replies
        where thread_id in ($threads)
        union all
        select
            comments.author_id,
            parents.author_id as partner_author_id,
            0 as reply_count,
            reply_candidates.probability::decimal(9, 6) as expected_reply_count
        from reply_candidates
        join comments using (thread_id, comment_id)
        join
            comments as parents
            on parents.thread_id = reply_candidates.thread_id
            and parents.comment_id = reply_candidates.parent_comment_id
        where
            reply_candidates.thread_id in ($threads)
            and reply_candidates.is_inferred
            and reply_candidates.kind = 'comment'
    ),
    pairs as (
        select
            author_id,
            partner_author_id,
            sum(reply_count)::bigint as reply_count,
            sum(expected_reply_count) as expected_reply_count
        from links
        -- Null is no author; oneself is no partner.
        where author_id <> partner_author_id
        group by all
    )

select
    pairs.author_id,
    pairs.partner_author_id,
    authors.author_name,
    partners.author_name as partner_author_name,
    pairs.reply_count,
    pairs.expected_reply_count::double as expected_reply_count
from pairs
join author_engagement as authors using (author_id)
join author_engagement as partners on partners.author_id = pairs.partner_author_id
-- One decimal is shown: less would be 0.0.
where pairs.expected_reply_count >= 0.05 or pairs.reply_count > 0
order by
    pairs.expected_reply_count desc, authors.author_name, pairs.author_id, pairs.partner_author_id
limit 200
