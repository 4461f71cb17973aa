-- A thread has as many comments as it says.
select threads.thread_id, threads.comment_count, count(comments.comment_id) as found
from threads
left join comments using (thread_id)
group by all
having threads.comment_count <> count(comments.comment_id)
