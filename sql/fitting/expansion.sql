-- Words that speak for a curated topic besides its own: log odds of its comments against all
-- others.
-- Informative Dirichlet prior of 500 words (Monroe, Colaresi & Quinn 2008, doi:10.1093/pan/mpn018).
-- One step: a second one, from the comments the first one finds, drifts off.
-- grain: one row per topic and word
-- key: topic_id, word
with
    comment_words as (select comment_id, unnest(tokens(text)) as word from comments),
    word_counts as (
        select comment_id, word, count(*) as occurrence_count
        from comment_words
        where is_content_word(word)
        group by all
    ),
    totals as (
        select
            word,
            sum(occurrence_count)::double as total,
            ln((select count(*) from comments) / count(*)) as idf
        from word_counts
        group by word
        having count(*) >= 5
    ),
    best_topics as (select comment_id, topic_id from comment_topics where rank = 1),
    topic_counts as (
        select best_topics.topic_id, word_counts.word, sum(word_counts.occurrence_count) as here
        from word_counts
        join best_topics using (comment_id)
        semi join totals using (word)
        group by all
    ),
    topic_sizes as (
        select topic_id, sum(here)::double as topic_words from topic_counts group by all
    ),
    sizes as (select sum(total) as all_words from totals),
    odds as (
        select
            topic_counts.topic_id,
            topic_counts.word,
            totals.idf,
            500 * totals.total / sizes.all_words as prior,
            topic_counts.here + prior as a,
            totals.total - topic_counts.here + prior as b,
            ln(a / (topic_sizes.topic_words + 500 - a))
            - ln(b / (sizes.all_words - topic_sizes.topic_words + 500 - b)) as log_odds,
            log_odds / sqrt(1 / a + 1 / b) as z
        from topic_counts
        join totals using (word)
        join topic_sizes using (topic_id)
        cross join sizes
    )

select topic_id, word, round(log_odds * idf, 3) as weight, round(z, 6) as z
from odds
where z > 3 and log_odds * idf > 0.0005
qualify row_number() over (partition by topic_id order by z desc, word) <= 200
order by topic_id, z desc, word
