-- The words that set each thread apart from all others.
-- grain: one row per thread and word
-- key: thread_id, rank
with
    numbered_threads as (
        -- Grouping by a number costs half of grouping by an id.
        select thread_id, row_number() over (order by thread_id)::integer as thread_number
        from (select distinct thread_id from comments)
    ),
    comment_words as (
        select
            numbered_threads.thread_number, comments.position, unnest(tokens(comments.text)) as word
        from comments
        join numbered_threads using (thread_id)
    ),
    comment_counts as (
        -- In two steps: counting distinct comments per word at once takes twice as long.
        select thread_number, position, word, count(*) as occurrence_count
        from comment_words
        group by thread_number, position, word
    ),
    word_counts as (
        select
            thread_number,
            word,
            sum(occurrence_count)::bigint as occurrence_count,
            count(*) as comment_count
        from comment_counts
        group by thread_number, word
    ),
    thread_languages as (
        select text_id as thread_number, language from text_languages('word_counts', thread_number)
    ),
    content_counts as (
        select
            word_counts.thread_number,
            word_counts.word,
            word_counts.occurrence_count,
            word_counts.comment_count
        from word_counts
        left join thread_languages using (thread_number)
        anti join
            stop_words() as stop_words
            on stop_words.language = thread_languages.language
            and stop_words.word = word_counts.word
        where is_content_word(word_counts.word)
    ),
    -- Joined to the few words that are tested: windows would sort all.
    word_totals as (
        select word, sum(occurrence_count)::bigint as total from content_counts group by word
    ),
    thread_totals as (
        select thread_number, sum(occurrence_count)::bigint as thread_words
        from content_counts
        group by thread_number
    ),
    totals as (select sum(thread_words)::bigint as all_words from thread_totals),
    tested as (
        -- Used by one comment alone, a word tells of that comment, not of the thread.
        select
            content_counts.thread_number,
            content_counts.word,
            content_counts.occurrence_count as here,
            content_counts.comment_count,
            word_totals.total - here as there,
            word_totals.total,
            thread_totals.thread_words,
            totals.all_words - thread_totals.thread_words as other_words,
            totals.all_words
        from content_counts
        join word_totals using (word)
        join thread_totals using (thread_number)
        cross join totals
        where
            here >= 3
            and content_counts.comment_count >= 2
            and totals.all_words > thread_totals.thread_words
            and here::double * totals.all_words
            > word_totals.total::double * thread_totals.thread_words
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
            erfc_of_positive(sqrt(greatest(g2, 0) / 2)) as p,
            (
                ln((here + prior) / (thread_words + 500 - here - prior))
                - ln((there + prior) / (other_words + 500 - there - prior))
            )
            / sqrt(1 / (here + prior) + 1 / (there + prior)) as z
        from scores
    ),
    ranked as (
        -- A q is never below the p that gives it, so the greater ones need no rank.
        select *, row_number() over (order by p, thread_number, word) as test_rank
        from p_values
        where p <= 0.01
    ),
    q_values as (
        -- Benjamini–Hochberg over all words of all threads.
        select *, min(p * test_count / test_rank) over (order by test_rank desc) as q from ranked
    )

select
    numbered_threads.thread_id,
    row_number() over (partition by thread_number order by g2 desc, word)::integer as rank,
    word,
    here as occurrence_count,
    comment_count,
    there as other_occurrence_count,
    log_ratio,
    g2,
    z,
    q
from q_values
join numbered_threads using (thread_number)
where q <= 0.01
qualify rank <= 30
order by numbered_threads.thread_id, rank
