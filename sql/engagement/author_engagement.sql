-- What each author gives and draws, over all threads.
-- grain: one row per author
-- key: author_id
with
    author_comments as (
        select
            comments.author_id,
            any_value(comments.platform order by comments.comment_id) as platform,
            mode(comments.author_name order by comments.author_name) as author_name,
            bool_or(comments.is_host) as is_host,
            count(*) as comment_count,
            count(distinct comments.thread_id) as thread_count,
            count(*) filter (where comment_engagement.is_answered) as answered_count,
            sum(comments.like_count)::bigint as like_count,
            min(comments.created_on) as first_created_on,
            max(comments.created_on) as last_created_on
        from comments
        join comment_engagement using (comment_id)
        where comments.author_id is not null
        group by all
    ),
    given_replies as (select author_id, count(*) as reply_count from replies group by all),
    received_replies as (
        select parent_author_id as author_id, count(*) as received_reply_count
        from replies
        where author_id <> parent_author_id
        group by all
    ),
    reply_chances as (
        select
            comments.author_id,
            parents.author_id as parent_author_id,
            sum(reply_candidates.probability::decimal(9, 6)) as expected_count
        from reply_candidates
        join comments using (comment_id)
        join comments as parents on parents.comment_id = reply_candidates.parent_comment_id
        where reply_candidates.kind = 'comment'
        group by all
        union all
        select author_id, parent_author_id, count(*)::decimal(38, 6) as expected_count
        from replies
        where not is_inferred
        group by all
    ),
    unnamed_chances as (
        select
            comments.author_id, sum(reply_candidates.probability::decimal(9, 6)) as expected_count
        from reply_candidates
        join comments using (comment_id)
        where reply_candidates.kind = 'other'
        group by all
    ),
    likely_given as (
        select author_id, sum(expected_count) as expected_reply_count
        from
            (
                select author_id, expected_count
                from reply_chances
                union all
                select author_id, expected_count
                from unnamed_chances
            )
        group by all
    ),
    likely_received as (
        select parent_author_id as author_id, sum(expected_count) as expected_received_reply_count
        from reply_chances
        where author_id <> parent_author_id
        group by all
    ),
    partners as (
        select author_id, parent_author_id as partner_id
        from replies
        union
        select parent_author_id as author_id, author_id as partner_id
        from replies
    ),
    partner_counts as (
        select author_id, count(distinct partner_id) as partner_count
        from partners
        where author_id <> partner_id
        group by all
    )

select
    author_comments.author_id,
    author_comments.platform,
    author_comments.author_name,
    author_comments.is_host,
    author_comments.comment_count,
    author_comments.thread_count,
    coalesce(given_replies.reply_count, 0) as reply_count,
    coalesce(likely_given.expected_reply_count, 0)::double as expected_reply_count,
    coalesce(received_replies.received_reply_count, 0) as received_reply_count,
    coalesce(likely_received.expected_received_reply_count, 0)::double
    as expected_received_reply_count,
    coalesce(partner_counts.partner_count, 0) as partner_count,
    author_comments.answered_count,
    author_comments.like_count,
    author_comments.first_created_on,
    author_comments.last_created_on
from author_comments
left join given_replies using (author_id)
left join received_replies using (author_id)
left join likely_given using (author_id)
left join likely_received using (author_id)
left join partner_counts using (author_id)
order by author_comments.author_id
