-- The topics of each comment, by the terms it uses.
-- grain: one row per comment and topic
-- key: comment_id, topic_id
with
    term_words as (
        -- Integers add up the same in every order, doubles don't.
        select topic_id, origin, term, round(weight * 1000000)::bigint as millionths
        from topic_terms
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
            term_words.topic_id,
            term_words.origin,
            sum(term_words.millionths * occurrences.term_occurrences)::bigint as score,
            count(*) as term_count
        from occurrences
        join term_words using (term)
        group by all
    ),
    shares as (
        select
            comment_number,
            topic_id,
            origin,
            score,
            term_count,
            score / sum(score) over one_origin::double as share,
            row_number() over (one_origin order by score desc, term_count desc, topic_id)::integer
            as rank
        from scores
        window one_origin as (partition by comment_number, origin)
    ),
    kept as (
        -- Nearly every comment has some term of most discovered topics: only what stands out
        -- counts.
        select comment_number, topic_id, origin, score, term_count, rank
        from shares
        where if(origin = 'discovered', rank = 1 or (rank <= 3 and share >= 0.25), score >= 1000000)
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
