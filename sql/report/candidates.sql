-- The likeliest parents of each comment whose parent isn't given, or who addresses another.
-- grain: one row per comment of the tree and candidate, the best 3
-- key: comment_id, rank
with
    shown as (
        select comment_id from comments where thread_id in ($threads) order by position limit 2000
    )

select
    reply_candidates.comment_id,
    reply_candidates.rank,
    reply_candidates.kind,
    reply_candidates.parent_comment_id,
    parents.author_name,
    reply_candidates.probability
from reply_candidates
join shown using (comment_id)
left join comments as parents on parents.comment_id = reply_candidates.parent_comment_id
where reply_candidates.thread_id in ($threads) and reply_candidates.rank <= 3
order by reply_candidates.comment_id, reply_candidates.rank
