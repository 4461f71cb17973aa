-- The words that set each thread apart from all others.
-- grain: one row per thread and word
-- key: thread_id, rank
with
    comment_words as (select thread_id, comment_id, unnest(tokens(text)) as word from comments),
    word_counts as (
        select
            thread_id,
            word,
            count(*) as occurrence_count,
            count(distinct comment_id) as comment_count
        from comment_words
        group by all
    ),
    thread_languages as (
        select text_id as thread_id, language from text_languages('word_counts', thread_id)
    ),
    content_counts as (
        select
            word_counts.thread_id,
            word_counts.word,
            word_counts.occurrence_count,
            word_counts.comment_count
        from word_counts
        left join thread_languages using (thread_id)
        anti join
            stop_words() as stop_words
            on stop_words.language = thread_languages.language
            and stop_words.word = word_counts.word
        where is_content_word(word_counts.word)
    ),
    figures as (
        select
            thread_id,
            word,
            occurrence_count,
            comment_count,
            sum(occurrence_count) over (partition by word)::bigint as total,
            sum(occurrence_count) over (partition by thread_id)::bigint as thread_words,
            sum(occurrence_count) over ()::bigint as all_words
        from content_counts
    ),
    tested as (
        -- Used by one comment alone, a word tells of that comment, not of the thread.
        select
            thread_id,
            word,
            occurrence_count as here,
            comment_count,
            total - occurrence_count as there,
            total,
            thread_words,
            all_words - thread_words as other_words,
            all_words
        from figures
        where
            occurrence_count >= 3
            and comment_count >= 2
            and all_words > thread_words
            and occurrence_count::double * all_words > total::double * thread_words
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
            erfc_of_positive(sqrt(greatest(g2, 0) / 2)) as p,
            (
                ln((here + prior) / (thread_words + 500 - here - prior))
                - ln((there + prior) / (other_words + 500 - there - prior))
            )
            / sqrt(1 / (here + prior) + 1 / (there + prior)) as z
        from scores
    ),
    q_values as (
        -- Benjamini–Hochberg over all words of all threads.
        select
            *,
            least(
                1,
                min(p * test_count / test_rank) over (
                    order by test_rank rows between current row and unbounded following
                )
            ) as q
        from
            (
                select
                    *,
                    count(*) over () as test_count,
                    row_number() over (order by p, thread_id, word) as test_rank
                from p_values
            )
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
