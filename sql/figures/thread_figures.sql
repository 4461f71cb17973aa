-- Comments that thread_figures counts; a thread without any has a row without an author.
-- grain: one row per thread and comment
select threads.thread_id, threads.platform, comments.author_id, replies.response_s, comments.depth
from threads
left join comments using (thread_id)
left join replies using (comment_id)
