-- How much of each thread the capture holds, and what it lacks.
-- grain: one row per thread
-- key: thread_id
with
    thread_comments as (
        select
            thread_id,
            count(author_id) as authored_count,
            count(created_on) as dated_count,
            count(*) filter (
                where
                    parent_status in ('top_level', 'explicit', 'missing')
                    -- With candidates the top level is inferred as well.
                    and comment_id
                    not in (select comment_id from reply_candidates where is_inferred)
            ) as given_count,
            count(*) filter (where is_deleted) as deleted_count,
            count(duplicate_of) as duplicate_count
        from comments
        group by all
    )

select
    threads.thread_id,
    threads.source_path,
    threads.source_format,
    threads.declared_comment_count,
    threads.comment_count,
    threads.hidden_comment_count,
    threads.comment_count / nullif(threads.declared_comment_count, 0) as captured_share,
    thread_comments.authored_count / nullif(threads.comment_count, 0) as authored_share,
    thread_comments.dated_count / nullif(threads.comment_count, 0) as dated_share,
    thread_comments.given_count / nullif(threads.comment_count, 0) as parent_known_share,
    coalesce(thread_comments.deleted_count, 0) as deleted_count,
    coalesce(thread_comments.duplicate_count, 0) as duplicate_count,
    threads.line_count,
    threads.furniture_line_count,
    threads.unrecognised_line_count
from threads
left join thread_comments using (thread_id)
order by threads.thread_id
