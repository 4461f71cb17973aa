-- The words that set each thread apart from all others.
-- grain: one row per thread and word
-- key: thread_id, rank
with
    thread_languages as (
        select text_id as thread_id, language from text_languages('thread_words', thread_id)
    ),
    word_counts as (
        select
            word,
            sum(occurrence_count)::bigint as occurrence_count,
            sum(comment_count)::bigint as comment_count
        from thread_words
        group by word
    ),
    -- What doesn't count is taken off: there is far less of it than of what counts.
    ignored_words as (
        select word, language
        from stop_words()
        where is_content_word(word)
        union all
        select word, null as language
        from word_counts
        where not is_content_word(word)
    ),
    ignored_counts as (
        select
            thread_words.thread_id,
            thread_words.word,
            thread_words.occurrence_count,
            thread_words.comment_count
        from thread_words
        join ignored_words using (word)
        left join thread_languages using (thread_id)
        where ignored_words.language is null or ignored_words.language = thread_languages.language
    ),
    ignored_by_word as (
        select
            word,
            sum(occurrence_count)::bigint as ignored_count,
            sum(comment_count)::bigint as ignored_comment_count
        from ignored_counts
        group by word
    ),
    ignored_by_thread as (
        select thread_id, sum(occurrence_count)::bigint as ignored_count
        from ignored_counts
        group by thread_id
    ),
    word_totals as (
        select
            word_counts.word,
            word_counts.occurrence_count - coalesce(ignored_by_word.ignored_count, 0) as total,
            word_counts.comment_count
            - coalesce(ignored_by_word.ignored_comment_count, 0) as total_comments
        from word_counts
        left join ignored_by_word using (word)
    ),
    totals as (select sum(total)::bigint as all_words from word_totals),
    thread_comments as (
        select thread_id, any_value(thread_comment_count) as thread_comments
        from thread_words
        group by thread_id
    ),
    comment_totals as (select sum(thread_comments)::bigint as all_comments from thread_comments),
    -- Used by one comment alone, a word tells of that comment, not of the thread.
    candidates as (
        select
            thread_words.thread_id,
            thread_words.word,
            thread_words.occurrence_count as here,
            thread_words.comment_count,
            thread_words.thread_comment_count as thread_comments,
            thread_words.thread_occurrence_count
            - coalesce(ignored_by_thread.ignored_count, 0) as thread_words
        from thread_words
        left join ignored_by_thread using (thread_id)
        anti join ignored_counts using (thread_id, word)
        where thread_words.occurrence_count >= 3 and thread_words.comment_count >= 2
    ),
    tested as (
        select
            candidates.thread_id,
            candidates.word,
            candidates.here,
            candidates.comment_count,
            word_totals.total - candidates.here as there,
            word_totals.total,
            candidates.thread_words,
            totals.all_words - candidates.thread_words as other_words,
            totals.all_words,
            word_totals.total_comments,
            candidates.thread_comments,
            comment_totals.all_comments
        from candidates
        join word_totals using (word)
        cross join totals
        cross join comment_totals
        where
            totals.all_words > candidates.thread_words
            and candidates.here::double * totals.all_words
            > word_totals.total::double * candidates.thread_words
    ),
    scores as (
        select
            *,
            2 * (
                here * ln(here / (total * thread_words / all_words))
                + if(there = 0, 0, there * ln(there / (total * other_words / all_words)))
                + if(
                    thread_words = here,
                    0,
                    (thread_words - here)
                    * ln((thread_words - here) / ((all_words - total) * thread_words / all_words))
                )
                + if(
                    other_words = there,
                    0,
                    (other_words - there)
                    * ln((other_words - there) / ((all_words - total) * other_words / all_words))
                )
            ) as g2,
            -- The same of comments: who says a word twice is likelier to say it again, so its
            -- occurrences aren't independent.
            if(
                comment_count::double * all_comments > total_comments::double * thread_comments,
                2 * (
                    g_term(comment_count, total_comments, thread_comments, all_comments) + g_term(
                        total_comments - comment_count,
                        total_comments,
                        all_comments - thread_comments,
                        all_comments
                    )
                    + g_term(
                        thread_comments - comment_count,
                        all_comments - total_comments,
                        thread_comments,
                        all_comments
                    )
                    + g_term(
                        all_comments - total_comments - thread_comments + comment_count,
                        all_comments - total_comments,
                        all_comments - thread_comments,
                        all_comments
                    )
                ),
                0
            ) as comment_g2,
            log2(
                (here / thread_words) / (if(there = 0, 0.5::double, there) / other_words)
            ) as log_ratio,
            500 * total / all_words as prior
        from tested
    ),
    p_values as (
        select
            *,
            count(*) over () as test_count,
            erfc_of_positive(sqrt(greatest(comment_g2, 0) / 2)) as p,
            (
                ln((here + prior) / (thread_words + 500 - here - prior))
                - ln((there + prior) / (other_words + 500 - there - prior))
            )
            / sqrt(1 / (here + prior) + 1 / (there + prior)) as z
        from scores
    ),
    ranked as (
        -- A q is never below the p that gives it, so the greater ones need no rank.
        select *, row_number() over (order by p, thread_id, word) as test_rank
        from p_values
        where p <= 0.01
    ),
    q_values as (
        -- Benjamini–Hochberg over all words of all threads.
        select *, min(p * test_count / test_rank) over (order by test_rank desc) as q from ranked
    )

select
    thread_id,
    row_number() over (partition by thread_id order by g2 desc, word)::integer as rank,
    word,
    here as occurrence_count,
    comment_count,
    there as other_occurrence_count,
    log_ratio,
    g2,
    z,
    q
from q_values
where q <= 0.01
qualify rank <= 30
order by thread_id, rank
