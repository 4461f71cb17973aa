-- The words that set each thread apart from all others.
-- grain: one row per thread and word
-- key: thread_id, rank
with
    language_counts as (
        select language, sum(occurrence_count)::bigint as language_count
        from thread_languages
        group by language
    ),
    most_used as (
        select thread_id, max(occurrence_count) as occurrence_count
        from thread_languages
        group by thread_id
    ),
    -- A thread's language is the one whose function words it uses most, of two alike the one
    -- that all threads use more.
    own_languages as (
        select thread_languages.thread_id, language, thread_languages.ignored_count
        from thread_languages
        join most_used using (thread_id, occurrence_count)
        join language_counts using (language)
        qualify
            row_number() over (
                partition by thread_languages.thread_id
                order by language_counts.language_count desc, language
            )
            = 1
    ),
    tied_languages as (
        select distinct languages, unnest(string_split(languages, ' ')) as language from word_sums
    ),
    chosen_languages as (
        select tied_languages.languages, language
        from tied_languages
        join language_counts using (language)
        qualify
            row_number() over (
                partition by tied_languages.languages
                order by language_counts.language_count desc, language
            )
            = 1
    ),
    language_words as (
        select
            chosen_languages.language,
            word_sums.word,
            word_sums.occurrence_count,
            word_sums.comment_count
        from word_sums
        left join chosen_languages using (languages)
    ),
    word_totals as (
        select
            word,
            sum(occurrence_count)::bigint as total,
            sum(comment_count)::bigint as total_comments
        from language_words
        anti join stop_words() as stop_words using (language, word)
        group by word
    ),
    thread_sizes as (
        select
            thread_lengths.thread_id,
            own_languages.language,
            thread_lengths.word_count - coalesce(own_languages.ignored_count, 0) as thread_words,
            thread_lengths.comment_count as thread_comments
        from thread_lengths
        left join own_languages using (thread_id)
    ),
    totals as (
        select sum(thread_words)::bigint as all_words, sum(thread_comments)::bigint as all_comments
        from thread_sizes
    ),
    used_words as (
        select
            frequent_words.thread_id,
            thread_sizes.language,
            frequent_words.word,
            frequent_words.occurrence_count as here,
            frequent_words.comment_count,
            thread_sizes.thread_words,
            thread_sizes.thread_comments
        from frequent_words
        join thread_sizes using (thread_id)
    ),
    candidates as (
        select * from used_words anti join stop_words() as stop_words using (language, word)
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
            totals.all_comments
        from candidates
        join word_totals using (word)
        cross join totals
        where
            totals.all_words > candidates.thread_words
            and candidates.here::double * totals.all_words
            > word_totals.total::double * candidates.thread_words
    ),
    comment_scores as (
        select
            *,
            -- G² of comments: who says a word twice is likelier to say it again, so its
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
            ) as comment_g2
        from tested
    ),
    test_counts as (select count(*) as test_count from tested),
    p_values as (
        select *, erfc_of_positive(sqrt(greatest(comment_g2, 0) / 2)) as p
        from comment_scores
        cross join test_counts
        -- No p up to 0.01 has less, and most words do.
        where comment_g2 > 6
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
        from q_values
        where q <= 0.01
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
    (
        ln((here + prior) / (thread_words + 500 - here - prior))
        - ln((there + prior) / (other_words + 500 - there - prior))
    )
    / sqrt(1 / (here + prior) + 1 / (there + prior)) as z,
    q
from scores
qualify rank <= 30
order by thread_id, rank
