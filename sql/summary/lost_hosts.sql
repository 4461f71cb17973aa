-- Threads in which nobody is called as their sidecar says that the host is.
-- grain: one row per thread
select threads.thread_id, threads.source_path
from threads
join comments using (thread_id)
where threads.host_source = 'sidecar'
group by all
having count(comments.is_host) = 0 and count(comments.author_id) > 0
order by all
limit 1000
