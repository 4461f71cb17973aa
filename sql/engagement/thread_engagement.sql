-- How much each thread is talked in, by how many, how deep, and how much of it is answered.
-- grain: one row per thread
-- key: thread_id
with
    top_level_chances as (
        select
            comment_id,
            coalesce(sum(probability::decimal(9, 6)) filter (where kind = 'top_level'), 0) as chance
        from reply_candidates
        group by all
    ),
    thread_comments as (
        select
            comments.thread_id,
            count(distinct comments.author_id) as author_count,
            count(comments.author_id) as authored_count,
            count(*) filter (where comments.parent_status = 'top_level') as top_level_count,
            count(*) filter (
                where comments.parent_status in ('top_level', 'explicit', 'inferred')
            ) as decided_count,
            sum(
                coalesce(
                    top_level_chances.chance, (comments.parent_status = 'top_level')::decimal(9, 6)
                )
            ) as expected_top_level_count,
            count(*) filter (where comments.is_host) as host_comment_count,
            max(comments.depth) as max_depth,
            sum(comments.depth)::double / count(comments.depth) as mean_depth,
            min(comments.created_on) as first_created_on,
            max(comments.created_on) as last_created_on
        from comments
        left join top_level_chances using (comment_id)
        group by all
    ),
    thread_replies as (
        select
            thread_id,
            count(*) as reply_count,
            count(*) filter (where is_inferred) as inferred_count,
            sum(confidence::decimal(9, 6)) filter (where is_inferred) as confidence_sum
        from replies
        group by all
    ),
    thread_answers as (
        select
            thread_id,
            count(*) filter (where is_answered) as answered_count,
            sum(like_count)::bigint as like_count,
            sum(mention_count)::bigint as mention_count
        from comment_engagement
        group by all
    )

select
    threads.thread_id,
    threads.platform,
    threads.comment_count,
    coalesce(thread_comments.author_count, 0) as author_count,
    thread_comments.authored_count / nullif(thread_comments.author_count, 0) as comments_per_author,
    coalesce(thread_comments.top_level_count, 0) as top_level_count,
    thread_comments.top_level_count / nullif(thread_comments.decided_count, 0) as top_level_share,
    thread_comments.expected_top_level_count::double
    / nullif(thread_comments.decided_count, 0) as expected_top_level_share,
    coalesce(thread_replies.reply_count, 0) as reply_count,
    thread_replies.inferred_count / thread_replies.reply_count as inferred_reply_share,
    thread_replies.confidence_sum::double
    / nullif(thread_replies.inferred_count, 0) as mean_reply_confidence,
    coalesce(thread_answers.answered_count, 0) as answered_count,
    thread_answers.answered_count / nullif(thread_comments.authored_count, 0) as answered_share,
    if(
        threads.host_name is null, null, coalesce(thread_comments.host_comment_count, 0)
    ) as host_comment_count,
    if(
        threads.host_name is null,
        null,
        thread_comments.host_comment_count / nullif(threads.comment_count, 0)
    ) as host_share,
    thread_comments.max_depth,
    thread_comments.mean_depth,
    thread_answers.like_count,
    coalesce(thread_answers.mention_count, 0) as mention_count,
    thread_comments.first_created_on,
    thread_comments.last_created_on
from threads
left join thread_comments using (thread_id)
left join thread_replies using (thread_id)
left join thread_answers using (thread_id)
order by threads.thread_id
