-- What each comment drew: replies, by whom, how fast.
-- grain: one row per comment
-- key: comment_id
with
    hosts as (select distinct thread_id, author_id, is_host from comments where is_host),
    repliers as (
        -- In two steps: counting distinct authors per comment at once takes twice the memory.
        select
            replies.thread_id,
            replies.parent_comment_id as comment_id,
            replies.author_id,
            coalesce(replies.author_id <> replies.parent_author_id, false) as is_answer,
            coalesce(hosts.is_host, false) as by_host,
            count(*) as reply_count,
            count(*) filter (where not replies.is_inferred) as explicit_reply_count,
            count(replies.response_s) as timed_count,
            min(replies.response_s) as first_response_s
        from replies
        left join hosts using (thread_id, author_id)
        group by all
    ),
    direct_replies as (
        select
            thread_id,
            comment_id,
            sum(reply_count)::bigint as reply_count,
            sum(explicit_reply_count)::bigint as explicit_reply_count,
            count(*) filter (where is_answer) as replier_count,
            bool_or(is_answer and by_host) as by_host,
            min(first_response_s) filter (where is_answer) as first_response_s,
            min(first_response_s) filter (where is_answer and by_host) as host_response_s,
            -- The first of several is known only if all are timed.
            bool_and(timed_count = reply_count) filter (where is_answer) as is_timed,
            bool_and(timed_count = reply_count) filter (
                where is_answer and by_host
            ) as is_host_timed
        from repliers
        group by all
    ),
    chances as (
        select
            thread_id,
            comment_id,
            coalesce(
                sum(probability::decimal(9, 6)) filter (where kind = 'top_level'), 0
            ) as top_level_chance
        from reply_candidates
        group by all
    ),
    likely_replies as (
        select
            thread_id,
            parent_comment_id as comment_id,
            sum(probability::decimal(9, 6)) as inferred_reply_count
        from reply_candidates
        where kind = 'comment'
        group by all
    ),
    mention_counts as (
        select thread_id, comment_id, count(*) as mention_count from mentions group by all
    )

select
    comments.comment_id,
    comments.thread_id,
    comments.author_id,
    comments.is_host,
    comments.created_at,
    comments.created_on,
    comments.parent_status,
    comments.depth,
    coalesce(direct_replies.reply_count, 0) as reply_count,
    (
        coalesce(direct_replies.explicit_reply_count, 0)
        + coalesce(likely_replies.inferred_reply_count, 0)
    )::double as expected_reply_count,
    coalesce(direct_replies.replier_count, 0) as replier_count,
    comments.descendant_count,
    comments.subtree_depth,
    coalesce(
        (1 - chances.top_level_chance)::double,
        if(
            comments.parent_status in ('top_level', 'explicit', 'inferred'),
            (comments.parent_status <> 'top_level')::integer,
            null
        )
    )::double as reply_probability,
    if(
        comments.author_id is null, null, coalesce(direct_replies.replier_count, 0) > 0
    ) as is_answered,
    if(
        threads.host_name is null, null, coalesce(direct_replies.by_host, false)
    ) as is_answered_by_host,
    if(direct_replies.is_timed, direct_replies.first_response_s, null) as first_response_s,
    case
        when comments.author_id is null
        then 'author_unknown'
        when coalesce(direct_replies.replier_count, 0) = 0
        then 'unanswered'
        when not direct_replies.is_timed
        then 'times_lost'
    end as first_response_reason,
    if(direct_replies.is_host_timed, direct_replies.host_response_s, null) as host_response_s,
    case
        when threads.host_name is null
        then 'host_unknown'
        when comments.author_id is null
        then 'author_unknown'
        when not coalesce(direct_replies.by_host, false)
        then 'unanswered'
        when not direct_replies.is_host_timed
        then 'times_lost'
    end as host_response_reason,
    comments.like_count,
    coalesce(mention_counts.mention_count, 0) as mention_count
from comments
join threads using (thread_id)
left join direct_replies using (thread_id, comment_id)
left join chances using (thread_id, comment_id)
left join likely_replies using (thread_id, comment_id)
left join mention_counts using (thread_id, comment_id)
order by comments.thread_id, comments.position
