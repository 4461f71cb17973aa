-- The topics of each comment, from the terms it contains.
-- grain: one row per comment and topic
-- key: comment_id, topic_id
with
    origins as (
        select
            origin,
            row_number() over (order by origin)::integer as origin_number,
            coalesce(has_ambiguous, false)
            or origin in (select origin from topic_scopes) as is_bound
        from (select origin, bool_or(is_ambiguous) as has_ambiguous from topic_terms group by all)
    ),
    numbered_topics as (
        -- Grouping by numbers costs half of grouping by names.
        select
            own.topic_id,
            own.origin,
            row_number() over (order by own.topic_id)::integer as topic_number,
            origins.origin_number,
            origins.is_bound
        from (select distinct topic_id, origin from topic_terms) as own
        join origins on origins.origin is not distinct from own.origin
    ),
    terms as (
        select
            term,
            row_number() over (order by term)::integer as term_number,
            contains(term, ' ') as is_phrase,
            sought_word(term) as word
        from (select distinct term from topic_terms)
    ),
    term_words as (
        -- Integers add up the same in every order, doubles don't.
        select
            numbered_topics.topic_number,
            numbered_topics.origin_number,
            numbered_topics.is_bound,
            coalesce(topic_terms.is_ambiguous, false) as is_ambiguous,
            terms.term_number,
            round(topic_terms.weight * 1000000)::bigint as millionths
        from topic_terms
        join numbered_topics using (topic_id)
        join terms using (term)
    ),
    numbers as materialized(
        -- Grouping by a number costs a third of grouping by an id.
        select thread_id, comment_id, row_number() over ()::integer as comment_number
        from (select distinct thread_id, comment_id from topic_words)
    ),
    word_occurrences as (
        select
            numbers.comment_number,
            terms.term_number,
            terms.is_phrase,
            topic_words.occurrence_count as term_occurrences
        from topic_words
        join numbers using (comment_id)
        join terms using (word)
    ),
    phrases as (
        select term_number, ' ' || replace(term, ' ', '  ') || ' ' as padded
        from terms
        where is_phrase
    ),
    phrase_numbers as (select distinct comment_number from word_occurrences where is_phrase),
    padded_comments as (
        select
            numbers.comment_number,
            -- Every word has blanks of its own, so that "t cells t cells" holds "t cells" twice.
            ' ' || array_to_string(tokens(comments.text), '  ') || ' ' as padded
        from comments
        join numbers using (thread_id, comment_id)
        semi join phrase_numbers using (comment_number)
    ),
    phrase_comments as (
        select
            word_occurrences.comment_number,
            word_occurrences.term_number,
            phrases.padded as padded_phrase,
            padded_comments.padded
        from word_occurrences
        join phrases using (term_number)
        join padded_comments using (comment_number)
    ),
    occurrences as materialized(
        -- In the order of comments the sums below find theirs in the cache: half the time.
        select comment_number, term_number, term_occurrences
        from word_occurrences
        where not is_phrase
        union all
        select
            comment_number,
            term_number,
            len(string_split(padded, padded_phrase)) - 1 as term_occurrences
        from phrase_comments
        where contains(padded, padded_phrase)
        order by comment_number
    ),
    misfits as (
        -- A pack that names platforms and threads holds where one of each fits.
        select origins.origin_number, threads.thread_id, topic_scopes.scope_kind
        from topic_scopes
        join origins using (origin)
        cross join threads
        semi join numbers on numbers.thread_id = threads.thread_id
        where topic_scopes.scope_kind <> 'except_pack'
        group by all
        having
            not coalesce(
                bool_or(
                    topic_scopes.scope = if(
                        topic_scopes.scope_kind = 'platform',
                        threads.platform,
                        if(
                            topic_scopes.scope_kind = 'publication',
                            threads.publication,
                            threads.thread_id
                        )
                    )
                ),
                false
            )
    ),
    replaced as (
        -- Where another pack stands instead.
        select origins.origin_number, threads.thread_id
        from topic_scopes
        join origins using (origin)
        join origins as others on others.origin = topic_scopes.scope
        cross join threads
        semi join numbers on numbers.thread_id = threads.thread_id
        anti join
            misfits
            on misfits.origin_number = others.origin_number
            and misfits.thread_id = threads.thread_id
        where topic_scopes.scope_kind = 'except_pack'
    ),
    bound_occurrences as materialized(
        -- Those of packs that hold in some places alone, or have ambiguous terms.
        select
            occurrences.comment_number,
            numbers.thread_id,
            term_words.topic_number,
            term_words.origin_number,
            term_words.is_ambiguous,
            term_words.millionths * occurrences.term_occurrences as score
        from occurrences
        join term_words using (term_number)
        join numbers using (comment_number)
        anti join
            misfits
            on misfits.origin_number = term_words.origin_number
            and misfits.thread_id = numbers.thread_id
        anti join
            replaced
            on replaced.origin_number = term_words.origin_number
            and replaced.thread_id = numbers.thread_id
        where term_words.is_bound
    ),
    vouched as (
        -- Here an ambiguous term counts.
        select origin_number, thread_id
        from bound_occurrences
        where not is_ambiguous
        union
        select origins.origin_number, mentions.thread_id
        from mentions
        join origins on origins.origin = 'pack:' || mentions.pack
        where origins.is_bound
    ),
    counted_occurrences as (
        select
            occurrences.comment_number,
            term_words.topic_number,
            term_words.millionths * occurrences.term_occurrences as score
        from occurrences
        join term_words using (term_number)
        where not term_words.is_bound
        union all
        select comment_number, topic_number, score
        from bound_occurrences
        where not is_ambiguous
        union all
        select comment_number, topic_number, score
        from bound_occurrences
        semi join vouched using (origin_number, thread_id)
        where is_ambiguous
    ),
    sums as (
        select comment_number, topic_number, sum(score)::bigint as score, count(*) as term_count
        from counted_occurrences
        group by all
    ),
    scores as (
        select
            sums.comment_number,
            numbered_topics.topic_id,
            numbered_topics.origin,
            numbered_topics.origin_number,
            sums.score,
            sums.term_count
        from sums
        join numbered_topics using (topic_number)
    ),
    totals as (
        select
            comment_number,
            origin_number,
            sum(score)::bigint as total_score,
            max(score) as best_score
        from scores
        group by all
    ),
    candidates as (
        select
            scores.comment_number,
            scores.topic_id,
            scores.origin,
            scores.score,
            scores.term_count,
            scores.score * 4 >= totals.total_score as stands_out,
            row_number() over (
                partition by scores.comment_number, scores.origin_number
                order by scores.score desc, scores.term_count desc, scores.topic_id
            )::integer as rank
        from scores
        join totals using (comment_number, origin_number)
        where
            if(
                scores.origin = 'discovered',
                scores.score = totals.best_score or scores.score * 4 >= totals.total_score,
                scores.score >= 1000000
            )
    ),
    kept as (
        select comment_number, topic_id, origin, score, term_count, rank
        from candidates
        where origin is distinct from 'discovered' or rank = 1 or (rank <= 3 and stands_out)
    )

select
    numbers.comment_id,
    numbers.thread_id,
    kept.topic_id,
    kept.origin,
    (kept.score / 1000000)::double as score,
    kept.score
    / (sum(kept.score) over (partition by kept.comment_number, kept.origin))::double as share,
    kept.rank,
    kept.term_count
from kept
join numbers using (comment_number)
order by numbers.thread_id, numbers.comment_id, kept.origin, kept.rank
