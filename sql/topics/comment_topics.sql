-- The topics of each comment, by the terms it uses.
-- grain: one row per comment and topic
-- key: comment_id, topic_id
with
    topics as (
        -- Grouping by numbers costs half of grouping by names.
        select
            topic_id,
            origin,
            row_number() over (order by topic_id)::integer as topic_number,
            dense_rank() over (order by origin)::integer as origin_number
        from (select distinct topic_id, origin from topic_terms)
    ),
    term_words as (
        -- Integers add up the same in every order, doubles don't.
        select
            topics.topic_number,
            topics.origin_number,
            topic_terms.term,
            round(topic_terms.weight * 1000000)::bigint as millionths
        from topic_terms
        join topics using (topic_id)
    ),
    phrases as (
        -- A phrase is looked for where its longest word stands, often its rarest.
        select distinct
            term,
            list_reduce(
                string_split(term, ' '),
                lambda longest,
                word:if(length(word) > length(longest), word, longest)
            ) as word,
            ' ' || replace(term, ' ', '  ') || ' ' as padded
        from topic_terms
        where contains(term, ' ')
    ),
    numbered_comments as (
        -- Grouping by a number costs a third of grouping by an id.
        select comment_id, thread_id, row_number() over () as comment_number, tokens(text) as words
        from comments
        where text <> ''
    ),
    places as (select comment_number, unnest(words) as word from numbered_comments),
    word_occurrences as (
        select comment_number, word, count(*) as term_occurrences
        from places
        where
            word in (
                select term
                from topic_terms
                union all
                select word
                from phrases
            )
        group by all
    ),
    padded_comments as (
        -- Every word has blanks of its own, so that "t cells t cells" holds "t cells" twice.
        select comment_number, ' ' || array_to_string(words, '  ') || ' ' as padded
        from numbered_comments
    ),
    occurrences as (
        select comment_number, word as term, term_occurrences
        from word_occurrences
        union all
        select
            word_occurrences.comment_number,
            phrases.term,
            len(string_split(padded_comments.padded, phrases.padded)) - 1 as term_occurrences
        from word_occurrences
        join phrases using (word)
        join padded_comments using (comment_number)
        where contains(padded_comments.padded, phrases.padded)
    ),
    scores as (
        select
            occurrences.comment_number,
            term_words.topic_number,
            term_words.origin_number,
            sum(term_words.millionths * occurrences.term_occurrences)::bigint as score,
            count(*) as term_count
        from occurrences
        join term_words using (term)
        group by all
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
        -- A curated term alone makes its topic, expanded ones only together. Nearly every comment
        -- has
        -- some term of most discovered topics: of those only what stands out counts.
        select
            scores.comment_number,
            topics.topic_id,
            topics.origin,
            scores.score,
            scores.term_count,
            scores.score * 4 >= totals.total_score as stands_out,
            row_number() over (
                partition by scores.comment_number, topics.origin_number
                order by scores.score desc, scores.term_count desc, topics.topic_id
            )::integer as rank
        from scores
        join totals using (comment_number, origin_number)
        join topics using (topic_number)
        where
            if(
                topics.origin = 'discovered',
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
    numbered_comments.comment_id,
    numbered_comments.thread_id,
    kept.topic_id,
    kept.origin,
    (kept.score / 1000000)::double as score,
    kept.score
    / (sum(kept.score) over (partition by kept.comment_number, kept.origin))::double as share,
    kept.rank,
    kept.term_count
from kept
join numbered_comments using (comment_number)
order by numbered_comments.thread_id, numbered_comments.comment_id, kept.origin, kept.rank
