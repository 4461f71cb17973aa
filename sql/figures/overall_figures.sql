-- Comments that overall_figures counts.
-- grain: one row per comment
select comments.author_id, replies.response_s, comments.depth
from comments
left join replies using (comment_id)
