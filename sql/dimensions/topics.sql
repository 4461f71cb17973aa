-- The topics that comments may have.
-- grain: one row per topic
-- key: topic_id
select distinct topic_id, label, version, origin from topic_terms order by topic_id
