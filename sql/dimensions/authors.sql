-- Each author's usual name, publication and addresses.
-- grain: one row per author
-- key: author_id
with
    spellings as (
        select
            comments.author_id,
            threads.platform,
            threads.publication,
            comments.author_name,
            count(*) as comment_count,
            min(comments.author_handle) as author_handle,
            min(comments.author_url) as author_url,
            bool_or(comments.is_host) as is_host
        from comments
        join threads using (thread_id)
        where comments.author_id is not null
        group by all
    )

select
    author_id,
    min(platform) as platform,
    min(publication) as publication,
    first(author_name order by comment_count desc, author_name) as author_name,
    min(author_handle) as author_handle,
    min(author_url) as author_url,
    bool_or(is_host) as is_host
from spellings
group by author_id
order by author_id
