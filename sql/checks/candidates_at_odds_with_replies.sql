-- The candidates of a comment are inferred unless the source gives its parent.
select reply_candidates.comment_id, reply_candidates.rank
from reply_candidates
left join replies using (comment_id)
where reply_candidates.is_inferred <> coalesce(replies.is_inferred, true)
