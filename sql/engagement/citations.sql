-- Who cites what, and whether the host reacts. A reference and its identifiers have a row each.
-- grain: one row per publication, trial or address and comment that cites it
-- key: canonical_id, comment_id
with
    cited as (
        select
            canonical_id,
            thread_id,
            comment_id,
            min(canonical_name) as canonical_name,
            min(kind) as kind,
            count(*) as mention_count
        from mentions
        where kind in ('doi', 'pmid', 'pmcid', 'arxiv', 'isbn', 'trial_id', 'citation', 'url')
        group by canonical_id, thread_id, comment_id
    )

select
    cited.canonical_id,
    cited.canonical_name,
    cited.kind,
    cited.comment_id,
    cited.thread_id,
    comments.author_id,
    comments.author_name,
    comments.is_host,
    comments.created_on,
    cited.mention_count,
    comment_engagement.reply_count,
    comment_engagement.is_answered_by_host,
    comments.is_liked_by_host
from cited
join comments using (thread_id, comment_id)
join comment_engagement using (thread_id, comment_id)
order by cited.thread_id, comments.position, cited.canonical_id
