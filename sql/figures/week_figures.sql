-- Comments that week_figures counts.
-- grain: one row per comment; week_on is null for those without a day
select
    date_trunc('week', comments.created_on)::date as week_on,
    comments.author_id,
    replies.response_s,
    comments.depth
from comments
left join replies using (comment_id)
