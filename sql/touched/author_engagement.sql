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
    names as (
        -- Of whom names tell apart, as they are and as they were.
        select author_id, platform, publication, author_name
        from authors
        where author_handle is null and author_url is null
        union all
        select author_id, platform, publication, author_name
        from last.authors
        where author_handle is null and author_url is null
    ),
    stale_names as (
        select
            platform,
            coalesce(publication, '') as publication,
            lower(regexp_extract(author_name, '[\p{L}\p{M}''’-]+')) as first_name
        from names
        where author_id in (select author_id from stale_authors)
    ),
    single_names as (
        -- Nobody is warned of a name that nobody has for the whole.
        select
            platform,
            coalesce(publication, '') as publication,
            lower(regexp_extract(author_name, '[\p{L}\p{M}''’-]+')) as first_name
        from names
        where regexp_matches(author_name, '^\s*[\p{L}\p{M}''’.-]+\s*$')
    ),
    shared_names as (
        select *
        from stale_names
        intersect
        select *
        from single_names
    ),
    sharing_authors as (
        select names.author_id
        from names
        join
            shared_names
            on shared_names.platform = names.platform
            and shared_names.publication = coalesce(names.publication, '')
            and shared_names.first_name
            = lower(regexp_extract(names.author_name, '[\p{L}\p{M}''’-]+'))
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
