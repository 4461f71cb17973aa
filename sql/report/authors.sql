-- Who writes, answers and is answered most.
-- grain: one row per author, the 25 with most comments
-- key: author_id
with
    author_comments as (
        select
            comments.author_id,
            count(*) as comment_count,
            bool_or(comments.is_host) as is_host,
            count(*) filter (
                where comments.parent_status in ('explicit', 'inferred')
            ) as reply_count,
            sum(comment_engagement.reply_probability::decimal(9, 6))::double
            as expected_reply_count,
            count(*) filter (where comment_engagement.is_answered) as answered_count
        from comments
        join comment_engagement using (thread_id, comment_id)
        where comments.thread_id in ($threads) and comments.author_id is not null
        group by all
    )

select
    author_comments.author_id,
    author_engagement.author_name,
    author_comments.is_host,
    author_comments.comment_count,
    author_comments.reply_count,
    author_comments.expected_reply_count,
    author_comments.answered_count
from author_comments
join author_engagement using (author_id)
order by
    author_comments.comment_count desc, author_engagement.author_name, author_comments.author_id
limit 25
