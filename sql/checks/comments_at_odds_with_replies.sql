-- A comment with an explicit or inferred parent is a reply to it, and no other comment is.
select
    coalesce(comments.comment_id, replies.comment_id) as comment_id,
    comments.parent_status,
    comments.parent_comment_id,
    replies.parent_comment_id as replied_to
from comments
full join replies using (comment_id)
where
    (comments.parent_status in ('explicit', 'inferred'))
    is distinct from (replies.comment_id is not null)
    or (
        replies.comment_id is not null
        and comments.parent_comment_id is distinct from replies.parent_comment_id
    )
