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
        select author_id, platform, publication, author_name, true as is_now
        from authors
        where author_handle is null and author_url is null
        union all
        select author_id, platform, publication, author_name, false as is_now
        from last.authors
        where author_handle is null and author_url is null
    ),
    first_names as (
        select
            author_id,
            is_now,
            concat_ws(
                ' ',
                platform,
                coalesce(publication, ''),
                lower(regexp_extract(author_name, '[\p{L}\p{M}''’-]+'))
            ) as shared,
            regexp_matches(author_name, '^\s*[\p{L}\p{M}''’.-]+\s*$') as is_single
        from names
    ),
    shared_names as (
        -- Nobody is warned of a name that nobody has for the whole.
        select shared
        from first_names
        group by shared
        having bool_or(is_single) and bool_or(author_id in (select author_id from stale_authors))
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
from first_names
where shared in (select shared from shared_names)
union
select author_id
from authors
join crossing_publications using (platform, publication)
