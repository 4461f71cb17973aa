-- Threads that are in the data twice: one address, the same bytes, or the same comments.
-- grain: one row per group of such threads: two of their documents, how many others there are, what
-- they share
with
    sizes as (
        select
            comments.thread_id,
            comments.platform,
            count(*) as comment_count,
            sum(word_count) as word_sum,
            sum(word_count * word_count) as square_sum,
            sum(word_count * position::bigint) as place_sum
        from comments
        group by all
        having count(*) >= 5
    ),
    -- Few threads have all sums alike, so few texts are compared.
    alike as (
        select thread_id
        from sizes
        qualify
            count(*) over (partition by platform, comment_count, word_sum, square_sum, place_sum)
            > 1
    ),
    texts as (
        select thread_id, bit_xor(hash(position, text)) as digest
        from comments
        where thread_id in (from alike)
        group by all
    ),
    shared as (
        select
            thread_id,
            source_path,
            platform
            || lower(regexp_replace(url, '^https?://(www[.])?|/?(#.*)?$', '', 'g')) as value,
            'one address' as what
        from threads
        where url is not null
        union all
        select thread_id, source_path, platform || source_sha256, 'the same bytes'
        from threads
        -- A dump of many threads is no page of one.
        qualify count(*) over (partition by source_path) = 1
        union all
        select thread_id, source_path, platform || digest, 'the same comments'
        from threads
        join texts using (thread_id)
    ),
    twins as (
        select
            min(source_path) as source_path,
            min(source_path) filter (where source_path > first_path) as other_path,
            count(distinct source_path) - 2 as further_count,
            what
        from (select *, min(source_path) over (partition by what, value) as first_path from shared)
        group by what, value
        having count(distinct source_path) > 1
    )
select source_path, other_path, further_count, max(what) as what
from twins
group by all
order by all
limit 1000
