-- What is mentioned most: people, places, terms of the vocabulary.
-- grain: one row per thing mentioned, the 30 in most comments
-- key: canonical_id
select
    canonical_id,
    any_value(canonical_name) as canonical_name,
    any_value(kind) as kind,
    count(distinct comment_id) as comment_count,
    count(distinct author_id) as author_count
from mentions
semi join entity_engagement using (canonical_id)
where
    thread_id in ($threads)
    and kind not in ('doi', 'pmid', 'pmcid', 'arxiv', 'isbn', 'trial_id', 'citation', 'url')
group by canonical_id
order by comment_count desc, author_count desc, canonical_name, canonical_id
limit 30
