-- The figures that a run prints at its end.
-- grain: one row
with
    comment_counts as (
        select
            count(*) as comments,
            count(*) filter (where parent_status = 'missing') as orphans,
            count(*) filter (where parent_status = 'top_level') as top_level,
            count(*) filter (where parent_status = 'unknown') as undecided,
            count(duplicate_of) as duplicates,
            count(created_on) as dated,
            count(*) filter (
                where created_on is null and created_precision in ('month_day', 'relative')
            ) as datable,
            count(*) filter (
                where created_on is null and created_precision = 'none' and created_text is not null
            ) as strangely_dated,
            count(*) filter (
                where created_at is null and created_precision in ('minute', 'second')
            ) as zoneless,
            count(*) filter (where word_count > 0) as worded
        from comments
    ),
    reply_counts as (
        select
            count(*) as replies,
            count(*) filter (where is_inferred) as inferred_replies,
            avg(confidence) filter (where is_inferred) as mean_confidence
        from replies
    ),
    candidate_counts as (
        select
            count(*) filter (where is_inferred) as candidates,
            sum(probability::decimal(9, 6)) filter (where kind = 'top_level')::double
            as expected_top_level
        from reply_candidates
    ),
    thread_counts as (
        select
            count(*) as threads,
            sum(declared_comment_count)::bigint as declared,
            sum(comment_count) filter (where declared_comment_count is not null)::bigint
            as declared_captured,
            sum(hidden_comment_count) filter (where declared_comment_count is null)::bigint
            as hidden,
            sum(unrecognised_line_count)::bigint as unrecognised_lines
        from threads
    )
select
    threads,
    comments,
    (select count(*) from authors) as authors,
    replies,
    inferred_replies,
    candidates,
    orphans,
    undecided,
    mean_confidence,
    expected_top_level,
    top_level,
    duplicates,
    dated,
    datable,
    strangely_dated,
    zoneless,
    (
        select count(*) from capture_completeness where declared_comment_count is not null
    ) as commented_threads,
    declared,
    declared_captured,
    hidden,
    unrecognised_lines,
    (select count(*) from rejects) as rejects,
    (select count(*) from topics) as known_topics,
    (select count(distinct comment_id) from comment_topics) as topic_comments,
    -- Texts without a word are few, and all texts are much to read.
    worded + (select count(*) from comments where word_count = 0 and text <> '') as texts
from comment_counts, reply_counts, candidate_counts, thread_counts
