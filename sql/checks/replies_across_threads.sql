-- A reply is in the thread of its parent.
select replies.comment_id, replies.parent_comment_id
from replies
join comments as parents on parents.comment_id = replies.parent_comment_id
where parents.thread_id <> replies.thread_id
