-- Replies to each comment: how many, by whom, how fast.
-- grain: one row per comment
-- key: comment_id
with
    hosts as (select distinct thread_id, author_id, is_host from comments where is_host),
    hostless_threads as (
        -- Nobody in them is called as the sidecar says that the host is.
        select thread_id
        from comments
        join threads using (thread_id)
        where host_source = 'sidecar'
        group by all
        having count(is_host) = 0 and count(comments.author_id) > 0
    ),
    repliers as (
        -- In two steps: counting distinct authors per comment at once takes twice the memory.
        select
            replies.thread_id,
            replies.parent_comment_id as comment_id,
            replies.author_id,
            -- Null where one of the two has no name: it may be one person, or the host.
            replies.author_id <> replies.parent_author_id as is_answer,
            if(replies.author_id is null, null, coalesce(hosts.is_host, false)) as by_host,
            count(*) as reply_count,
            count(*) filter (where not replies.is_inferred) as explicit_reply_count,
            count(replies.response_s) as timed_count,
            min(replies.response_s) as first_response_s
        from replies
        left join hosts using (thread_id, author_id)
        group by all
    ),
    contributions as (
        select
            thread_id,
            comment_id,
            reply_count,
            explicit_reply_count,
            is_answer,
            is_answer is null as may_answer,
            is_answer and by_host as is_host_answer,
            is_host_answer is null as may_be_host_answer,
            -- The first of several is known only if all are timed.
            is_answer and timed_count < reply_count as is_untimed,
            first_response_s
        from repliers
        union all by name
        select thread_id, parent_comment_id as comment_id, probability as likely_count
        from reply_candidates
        -- An explicit reply counts 1 at its parent, whomever it addresses.
        where is_inferred and kind = 'comment'
        union all by name
        select thread_id, comment_id, if(kind = 'top_level', probability, 0) as top_level_chance
        from reply_candidates
        where is_inferred
        union all by name
        select thread_id, comment_id, 1 as mention_count
        from mentions
    ),
    drawn as (
        -- All that adds up for a comment at once: each join more would move all comments to disk.
        select
            thread_id,
            comment_id,
            sum(reply_count)::bigint as reply_count,
            sum(explicit_reply_count)::bigint as explicit_reply_count,
            count(*) filter (where is_answer) as replier_count,
            bool_or(may_answer) as may_be_answered,
            bool_or(is_host_answer) as by_host,
            bool_or(may_be_host_answer) as may_be_by_host,
            min(first_response_s) filter (where is_answer) as first_response_s,
            min(first_response_s) filter (where is_host_answer) as host_response_s,
            not bool_or(is_untimed) filter (where is_answer) as is_timed,
            not bool_or(is_untimed) filter (where is_host_answer) as is_host_timed,
            sum(likely_count::decimal(9, 6)) as likely_reply_count,
            sum(top_level_chance::decimal(9, 6)) as top_level_chance,
            sum(mention_count)::bigint as mention_count
        from contributions
        group by thread_id, comment_id
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
    coalesce(drawn.reply_count, 0) as reply_count,
    (coalesce(drawn.explicit_reply_count, 0) + coalesce(drawn.likely_reply_count, 0))::double
    as expected_reply_count,
    coalesce(drawn.replier_count, 0) as replier_count,
    comments.descendant_count,
    comments.subtree_depth,
    coalesce(
        (1 - drawn.top_level_chance)::double,
        if(
            comments.parent_status in ('top_level', 'explicit', 'inferred'),
            (comments.parent_status <> 'top_level')::integer,
            null
        )
    )::double as reply_probability,
    case
        when comments.author_id is null
        then null
        when drawn.replier_count > 0
        then true
        when drawn.may_be_answered
        then null
        else false
    end as is_answered,
    case
        when threads.host_name is null or hostless_threads.thread_id is not null
        then null
        when drawn.by_host
        then true
        when drawn.may_be_by_host and comments.is_host is distinct from true
        then null
        else false
    end as is_answered_by_host,
    if(drawn.is_timed, drawn.first_response_s, null) as first_response_s,
    case
        when comments.author_id is null
        then 'author_unknown'
        when is_answered is null
        then 'replier_unknown'
        when not is_answered
        then 'unanswered'
        when not drawn.is_timed
        then 'times_lost'
    end as first_response_reason,
    if(drawn.is_host_timed, drawn.host_response_s, null) as host_response_s,
    case
        when threads.host_name is null or hostless_threads.thread_id is not null
        then 'host_unknown'
        when comments.author_id is null
        then 'author_unknown'
        when is_answered_by_host is null
        then 'replier_unknown'
        when not is_answered_by_host
        then 'unanswered'
        when not drawn.is_host_timed
        then 'times_lost'
    end as host_response_reason,
    comments.like_count,
    coalesce(drawn.mention_count, 0) as mention_count
from comments
join threads using (thread_id)
left join drawn using (thread_id, comment_id)
left join hostless_threads using (thread_id)
order by comments.thread_id, comments.position
