-- The most discussed topics.
-- grain: one row per topic
select label, comment_count from topic_engagement where comment_count > 0 order by 2 desc, 1 limit 6
