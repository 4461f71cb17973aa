-- Authors whose row stale threads may change: who comments there or is mentioned, who shares a
-- first name with one of them, and who comments in a publication that got its second thread, or
-- lost it.
with
    stale_authors as (
        select author_id
        from stale.comments
        union
        select target_author_id
        from stale.mentions
    ),
    told_authors as (
        from authors
        union all by name
        from last.authors
    ),
    names as (
        -- Of whom names tell apart, as they are and as they were.
        select
            author_id,
            author_name,
            platform,
            coalesce(publication, '') as publication,
            lower(regexp_extract(author_name, '[\p{L}\p{M}''’-]+')) as first_name
        from told_authors
        where author_handle is null and author_url is null
    ),
    shared_names as (
        select platform, publication, first_name
        from names
        where author_id in (select author_id from stale_authors)
        intersect
        -- Nobody is warned of a name that nobody has for the whole.
        select platform, publication, first_name
        from names
        where regexp_matches(author_name, '^\s*[\p{L}\p{M}''’.-]+\s*$')
    ),
    sharing_authors as (
        select author_id from names join shared_names using (platform, publication, first_name)
    ),
    thread_counts as (
        select platform, publication, 1 as now_count, 0 as last_count
        from threads
        union all
        select platform, publication, 0 as now_count, 1 as last_count
        from last.threads
    ),
    crossing_publications as (
        select platform, publication
        from thread_counts
        where publication is not null
        group by all
        having (sum(now_count) > 1) <> (sum(last_count) > 1)
    )

select author_id
from stale_authors
union
select author_id
from sharing_authors
union
select author_id
from authors
join crossing_publications using (platform, publication)
