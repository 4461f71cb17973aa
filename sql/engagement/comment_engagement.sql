-- What each comment drew: replies, by whom, how fast.
-- grain: one row per comment
-- key: comment_id
with
    direct_replies as (
        select
            replies.parent_comment_id as comment_id,
            count(*) as reply_count,
            count(*) filter (where not replies.is_inferred) as explicit_reply_count,
            count(distinct replies.author_id) filter (
                where replies.author_id <> replies.parent_author_id
            ) as replier_count,
            bool_or(comments.is_host and replies.author_id <> replies.parent_author_id) as by_host,
            min(replies.response_s) filter (
                where replies.author_id <> replies.parent_author_id
            ) as first_response_s
        from replies
        join comments using (comment_id)
        group by all
    ),
    likely_replies as (
        select
            parent_comment_id as comment_id, sum(probability::decimal(9, 6)) as inferred_reply_count
        from reply_candidates
        where kind = 'comment'
        group by all
    ),
    mention_counts as (select comment_id, count(*) as mention_count from mentions group by all)

select
    comments.comment_id,
    comments.thread_id,
    comments.author_id,
    comments.is_host,
    comments.depth,
    coalesce(direct_replies.reply_count, 0) as reply_count,
    (
        coalesce(direct_replies.explicit_reply_count, 0)
        + coalesce(likely_replies.inferred_reply_count, 0)
    )::double as expected_reply_count,
    coalesce(direct_replies.replier_count, 0) as replier_count,
    if(
        comments.author_id is null, null, coalesce(direct_replies.replier_count, 0) > 0
    ) as is_answered,
    if(
        threads.host_name is null, null, coalesce(direct_replies.by_host, false)
    ) as is_answered_by_host,
    direct_replies.first_response_s,
    comments.like_count,
    coalesce(mention_counts.mention_count, 0) as mention_count
from comments
join threads using (thread_id)
left join direct_replies using (comment_id)
left join likely_replies using (comment_id)
left join mention_counts using (comment_id)
order by comments.thread_id, comments.position
