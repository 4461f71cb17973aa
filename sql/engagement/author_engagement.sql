-- What each author writes and receives, over all threads.
-- grain: one row per author
-- key: author_id
with
    pairs as materialized(
        -- Read once, used three times.
        select author_id, partner_author_id, reply_count, expected_reply_count, is_mutual
        from author_pairs
    ),
    publications as (
        select platform, publication, count(*) as thread_count
        from threads
        where publication is not null
        group by all
    ),
    first_names as (
        select
            author_id,
            regexp_matches(author_name, '^\s*[\p{L}\p{M}''’.-]+\s*$') as is_single,
            count(*) over (
                partition by
                    platform, publication, lower(regexp_extract(author_name, '[\p{L}\p{M}''’-]+'))
            ) as sharing_count
        from authors
        where author_handle is null and author_url is null
    ),
    author_comments as (
        select
            author_id,
            count(*) as comment_count,
            count(distinct thread_id) as thread_count,
            sum(reply_probability::decimal(9, 6)) as expected_reply_count,
            count(*) filter (where is_answered) as answered_count,
            sum(like_count)::bigint as like_count,
            min(created_on) as first_created_on,
            max(created_on) as last_created_on
        from comment_engagement
        where author_id is not null
        group by all
    ),
    given_replies as (
        select
            author_id,
            count(*) as reply_count,
            count(parent_author_id) as known_reply_count,
            count(*) filter (where author_id = parent_author_id) as self_reply_count
        from replies
        group by all
    ),
    received_replies as (
        select
            partner_author_id as author_id,
            sum(reply_count)::bigint as received_reply_count,
            sum(expected_reply_count::decimal(18, 6)) as expected_received_reply_count
        from pairs
        group by all
    ),
    partners as (
        -- Either way, each once.
        select author_id, partner_author_id, is_mutual
        from pairs
        where reply_count > 0
        union
        select partner_author_id as author_id, author_id as partner_author_id, is_mutual
        from pairs
        where reply_count > 0
    ),
    partner_counts as (
        select
            author_id,
            count(*) as partner_count,
            count(*) filter (where is_mutual) as mutual_partner_count
        from partners
        group by all
    ),
    asked_questions as (
        select
            author_id,
            count(*) as question_count,
            count(*) filter (where answer_status = 'answered') as answered_question_count,
            count(*) filter (where answer_status <> 'unknown') as known_question_count
        from questions
        group by all
    )

select
    author_comments.author_id,
    authors.platform,
    authors.author_name,
    case
        when first_names.is_single and first_names.sharing_count > 1
        then 'first_name_shared'
        when first_names.is_single
        then 'first_name_only'
    end as name_warning,
    authors.is_host,
    author_comments.comment_count,
    author_comments.thread_count,
    case
        when author_comments.thread_count > 1
        then true
        when publications.thread_count > 1
        then false
    end as is_returning,
    coalesce(given_replies.reply_count, 0) as reply_count,
    coalesce(author_comments.expected_reply_count, 0)::double as expected_reply_count,
    coalesce(given_replies.self_reply_count, 0) as self_reply_count,
    if(
        given_replies.known_reply_count < 5,
        null,
        given_replies.self_reply_count / given_replies.known_reply_count
    ) as self_reply_share,
    wilson_low(
        given_replies.self_reply_count, given_replies.known_reply_count
    ) as self_reply_share_low,
    wilson_high(
        given_replies.self_reply_count, given_replies.known_reply_count
    ) as self_reply_share_high,
    coalesce(received_replies.received_reply_count, 0) as received_reply_count,
    coalesce(received_replies.expected_received_reply_count, 0)::double
    as expected_received_reply_count,
    coalesce(partner_counts.partner_count, 0) as partner_count,
    coalesce(partner_counts.mutual_partner_count, 0) as mutual_partner_count,
    if(
        partner_counts.partner_count < 5,
        null,
        partner_counts.mutual_partner_count / partner_counts.partner_count
    ) as reciprocity_share,
    wilson_low(
        partner_counts.mutual_partner_count, partner_counts.partner_count
    ) as reciprocity_share_low,
    wilson_high(
        partner_counts.mutual_partner_count, partner_counts.partner_count
    ) as reciprocity_share_high,
    author_comments.answered_count,
    coalesce(asked_questions.question_count, 0) as question_count,
    coalesce(asked_questions.answered_question_count, 0) as answered_question_count,
    if(
        asked_questions.known_question_count < 5,
        null,
        asked_questions.answered_question_count / asked_questions.known_question_count
    ) as question_answered_share,
    wilson_low(
        asked_questions.answered_question_count, asked_questions.known_question_count
    ) as question_answered_share_low,
    wilson_high(
        asked_questions.answered_question_count, asked_questions.known_question_count
    ) as question_answered_share_high,
    author_comments.like_count,
    author_comments.first_created_on,
    author_comments.last_created_on
from author_comments
join authors using (author_id)
left join publications using (platform, publication)
left join first_names using (author_id)
left join given_replies using (author_id)
left join received_replies using (author_id)
left join partner_counts using (author_id)
left join asked_questions using (author_id)
order by author_comments.author_id
