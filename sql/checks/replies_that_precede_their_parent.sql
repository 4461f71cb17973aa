-- In display order a parent stands before its replies.
select replies.comment_id, replies.parent_comment_id
from replies
join comments using (comment_id)
join comments as parents on parents.comment_id = replies.parent_comment_id
where parents.position >= comments.position
