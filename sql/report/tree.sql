-- The comments as displayed, each with its parent, and how sure that is.
-- grain: one row per comment, the first 2000
-- key: comment_id
select
    comments.comment_id,
    comments.position,
    comments.author_name,
    comments.is_host,
    comments.created_at,
    comments.created_on,
    comments.created_text,
    comments.is_edited,
    comments.is_deleted,
    comments.is_liked_by_host,
    comments.like_count,
    comments.hidden_reply_count,
    comments.text,
    comments.parent_status,
    comments.parent_comment_id,
    comments.duplicate_of,
    comment_engagement.reply_probability,
    replies.confidence,
    replies.evidence,
    questions.answer_status
from comments
join comment_engagement using (thread_id, comment_id)
left join replies using (thread_id, comment_id)
left join questions using (thread_id, comment_id)
where comments.thread_id in ($threads)
order by comments.position
limit 2000
