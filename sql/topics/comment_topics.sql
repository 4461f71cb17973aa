-- The topics of each comment, by the terms it uses.
-- grain: one row per comment and topic
-- key: comment_id, topic_id
with
    comment_words as (
        select comment_id, thread_id, regexp_extract_all(lower(text), '[\p{L}\p{M}\p{N}]+') as words
        from comments
    ),
    places as (
        select
            comment_id,
            thread_id,
            words,
            unnest(words) as word,
            generate_subscripts(words, 1) as place
        from comment_words
    ),
    term_words as (
        select
            topic_id,
            term,
            weight,
            string_split(term, ' ') as words,
            len(string_split(term, ' ')) as word_count,
            string_split(term, ' ')[1] as word
        from topic_terms
    ),
    occurrences as (
        -- The first word finds the place, the others must follow it.
        select
            places.comment_id,
            places.thread_id,
            term_words.topic_id,
            term_words.term,
            term_words.weight
        from places
        join term_words using (word)
        where
            term_words.word_count = 1
            or places.words[places.place:places.place + term_words.word_count - 1]
            = term_words.words
    ),
    scores as (
        select
            comment_id,
            thread_id,
            topic_id,
            sum(weight::decimal(18, 6)) as score,
            count(distinct term) as term_count
        from occurrences
        group by all
    )

select
    comment_id,
    thread_id,
    topic_id,
    score::double as score,
    score::double / sum(score) over (partition by comment_id)::double as share,
    row_number() over (
        partition by comment_id order by score desc, term_count desc, topic_id
    )::integer as rank,
    term_count
from scores
order by thread_id, comment_id, rank
