-- What is asked, by whom, and who answered after how long.
-- grain: one row per comment that asks something
-- key: comment_id
with
    spoken as (
        select
            comment_id,
            thread_id,
            position,
            author_name,
            hidden_reply_count,
            -- Addresses hold question marks that ask nothing.
            regexp_replace(text, 'https?://\S+', '', 'g') as words
        from comments
        where contains(text, '?') or contains(text, '？') or contains(text, '؟')
    ),
    asked as (
        select
            comment_id,
            thread_id,
            position,
            author_name,
            hidden_reply_count,
            -- A mark between other characters (2.5, example.com) or of an abbreviation ends no
            -- sentence.
            trim(
                regexp_extract(
                    words,
                    '(?:\b(?:[Ee]\.?g|[Ii]\.?e|[Vv]s|[Cc]f|[Aa]pprox|Dr|Mrs?|Ms|Prof|St)\.'
                    || '|[^.!?？؟。\n]|[.!]+[^\s.!?？؟。"”''’)\]])*'
                    || '[.!]*[\p{L}\p{N}][^.!?？؟。\n]*[?？؟]'
                ),
                -- The end of a quotation that goes before.
                ' "”’)]'
            ) as question
        from spoken
        where regexp_matches(words, '[\p{L}\p{N}][^.!?？؟。\n]*[?？؟]')
    ),
    answers as (
        select
            replies.thread_id,
            replies.parent_comment_id as comment_id,
            comments.comment_id as answer_comment_id,
            comments.author_id as answer_author_id,
            row_number() over (
                partition by replies.thread_id, replies.parent_comment_id
                order by replies.response_s nulls last, comments.position, comments.comment_id
            ) as place
        from replies
        join comments using (thread_id, comment_id)
        where
            replies.author_id <> replies.parent_author_id
            and replies.parent_comment_id in (select comment_id from asked)
        qualify place = 1
    ),
    undecided_threads as (
        -- Any comment of theirs may be the answer.
        select distinct thread_id, true as is_undecided
        from comments
        where parent_status = 'unknown'
    )

select
    asked.comment_id,
    asked.thread_id,
    comment_engagement.author_id,
    asked.author_name,
    comment_engagement.is_host,
    comment_engagement.created_at,
    asked.question,
    case
        when comment_engagement.is_answered is null and comment_engagement.reply_count > 0
        then 'unknown'
        when comment_engagement.is_answered
        then 'answered'
        when undecided_threads.is_undecided or asked.hidden_reply_count > 0
        then 'unknown'
        else 'open'
    end as answer_status,
    answers.answer_comment_id,
    answers.answer_author_id,
    if(
        answer_status = 'unknown', null, comment_engagement.is_answered_by_host
    ) as is_answered_by_host,
    comment_engagement.first_response_s,
    comment_engagement.first_response_reason,
    comment_engagement.reply_count,
    comment_engagement.expected_reply_count
from asked
join comment_engagement using (thread_id, comment_id)
left join answers using (thread_id, comment_id)
left join undecided_threads using (thread_id)
order by asked.thread_id, asked.position
