-- Comments and authors per day, over dated comments.
-- grain: one row per platform and day
-- key: platform, created_on
with
    dated_comments as (
        select
            threads.platform,
            comment_engagement.created_on,
            count(*) as comment_count,
            count(distinct comment_engagement.author_id) as author_count,
            count(distinct comment_engagement.thread_id) as thread_count,
            count(*) filter (
                where comment_engagement.parent_status = 'top_level'
            ) as top_level_count,
            sum(comment_engagement.reply_probability::decimal(9, 6)) as expected_given_reply_count,
            count(*) filter (
                where comment_engagement.parent_status in ('explicit', 'inferred')
            ) as given_reply_count,
            count(*) filter (where comment_engagement.is_answered) as answered_count,
            count(comment_engagement.is_host) as host_known_count,
            count(*) filter (where comment_engagement.is_host) as host_comment_count,
            sum(comment_engagement.like_count)::bigint as like_count
        from comment_engagement
        join threads using (thread_id)
        group by all
    ),
    dated_shares as (
        select
            platform,
            sum(comment_count) filter (where created_on is not null)::double
            / sum(comment_count)::double as dated_share
        from dated_comments
        group by all
    )

select
    dated_comments.platform,
    dated_comments.created_on,
    dated_comments.comment_count,
    dated_comments.author_count,
    dated_comments.thread_count,
    dated_comments.top_level_count,
    dated_comments.given_reply_count as reply_count,
    coalesce(dated_comments.expected_given_reply_count, 0)::double as expected_reply_count,
    dated_comments.answered_count,
    if(
        dated_comments.host_known_count > 0, dated_comments.host_comment_count, null
    ) as host_comment_count,
    dated_comments.like_count,
    dated_shares.dated_share
from dated_comments
join dated_shares using (platform)
-- Losing the undated is the point; dated_share says how many they are.
where dated_comments.created_on is not null
order by dated_comments.platform, dated_comments.created_on
