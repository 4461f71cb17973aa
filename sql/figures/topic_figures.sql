-- Comments that topic_figures counts; a topic without any has a row without an author.
-- grain: one row per topic and comment
select topics.topic_id, topics.label, comments.author_id, replies.response_s, comments.depth
from topics
left join comment_topics using (topic_id)
left join comments using (comment_id)
left join replies using (comment_id)
