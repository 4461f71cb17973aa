-- Which publications, trials and addresses are cited, and by whom.
-- grain: one row per publication, trial or address, the 50 cited in most comments
-- key: canonical_id
with
    spelled_out as (
        -- A reference in full holds its identifiers, which then aren't listed again.
        select comment_id, string_agg(canonical_name, ' ' order by canonical_id) as words
        from citations
        where thread_id in ($threads) and kind = 'citation'
        group by all
    )

select
    citations.canonical_id,
    any_value(citations.canonical_name) as canonical_name,
    any_value(citations.kind) as kind,
    count(*) as comment_count,
    count(distinct citations.author_id) as author_count,
    string_agg(distinct citations.author_name, ', ' order by citations.author_name) as author_names
from citations
left join spelled_out using (comment_id)
where
    citations.thread_id in ($threads)
    and (
        citations.kind = 'citation'
        or not coalesce(contains(spelled_out.words, citations.canonical_name), false)
    )
group by citations.canonical_id
order by comment_count desc, citations.canonical_id
limit 50
