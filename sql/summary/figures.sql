-- The figures that a run prints at its end.
-- grain: one row
select
    (select count(*) from threads) as threads,
    (select count(*) from comments) as comments,
    (select count(distinct author_id) from comments) as authors,
    (select count(*) from replies) as replies,
    (select count(*) from replies where is_inferred) as inferred_replies,
    (select count(*) from reply_candidates where is_inferred) as candidates,
    (select count(*) from comments where parent_status = 'missing') as orphans,
    (select avg(confidence) from replies where is_inferred) as mean_confidence,
    (
        select sum(probability::decimal(9, 6))::double
        from reply_candidates
        where kind = 'top_level'
    ) as expected_top_level,
    (select count(*) from comments where parent_status = 'top_level') as top_level,
    (select count(duplicate_of) from comments) as duplicates,
    (select count(created_on) from comments) as dated,
    (
        select count(*)
        from comments
        where created_on is null and created_precision in ('month_day', 'relative')
    ) as datable,
    (
        select count(*) from capture_completeness where declared_comment_count is not null
    ) as commented_threads,
    (select sum(declared_comment_count)::bigint from threads) as declared,
    (
        select sum(comment_count)::bigint from threads where declared_comment_count is not null
    ) as declared_captured,
    (
        select sum(hidden_comment_count)::bigint from threads where declared_comment_count is null
    ) as hidden,
    (select sum(unrecognised_line_count)::bigint from threads) as unrecognised_lines,
    (select count(*) from rejects) as rejects,
    (select count(*) from topics) as known_topics,
    (select count(distinct comment_id) from comment_topics) as topic_comments,
    (select count(*) from comments where text <> '') as texts
