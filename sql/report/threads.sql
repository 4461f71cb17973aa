-- The threads, largest first.
-- grain: one row per thread, the first 100
-- key: thread_id
select
    threads.thread_id,
    threads.platform,
    threads.title,
    threads.url,
    threads.source_path,
    threads.host_name,
    threads.captured_at,
    threads.declared_comment_count,
    thread_engagement.comment_count,
    thread_engagement.author_count,
    thread_engagement.captured_share,
    thread_engagement.expected_top_level_share,
    thread_engagement.inferred_reply_share,
    thread_engagement.mean_reply_confidence,
    thread_engagement.answered_share,
    thread_engagement.answered_share_low,
    thread_engagement.answered_share_high,
    thread_engagement.max_depth
from threads
join thread_engagement using (thread_id)
where threads.thread_id in ($threads)
order by thread_engagement.comment_count desc, threads.thread_id
limit 100
