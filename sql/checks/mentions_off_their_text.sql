-- A mention's surface is what stands at its place in the comment.
select mentions.comment_id, mentions.start_char, mentions.surface
from mentions
join comments using (comment_id)
where
    mentions.surface
    <> substr(comments.text, mentions.start_char + 1, mentions.end_char - mentions.start_char)
