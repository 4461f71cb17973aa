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
    ),
    addresses as (
        -- The address of a DOI or the like, which is listed by that.
        select distinct outer_mentions.canonical_id, outer_mentions.comment_id
        from mentions as outer_mentions
        join mentions as inner_mentions using (thread_id, comment_id)
        where
            outer_mentions.thread_id in ($threads)
            and outer_mentions.kind = 'url'
            and inner_mentions.kind in ('doi', 'pmid', 'pmcid', 'arxiv', 'isbn', 'trial_id')
            and inner_mentions.start_char >= outer_mentions.start_char
            and inner_mentions.end_char <= outer_mentions.end_char
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
anti join addresses using (canonical_id, comment_id)
where
    citations.thread_id in ($threads)
    and (
        citations.kind = 'citation'
        or not coalesce(contains(spelled_out.words, citations.canonical_name), false)
    )
group by citations.canonical_id
order by comment_count desc, citations.canonical_id
limit 50
