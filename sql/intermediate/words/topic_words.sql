-- How often each comment uses the words by which topics are looked for.
-- grain: one row per comment and word
-- key: comment_id, word
-- kept: by thread
select
    worded_comments.thread_id,
    worded_comments.comment_id,
    words.word,
    comment_words.occurrence_count
from comment_words
join words using (word_number)
join worded_comments using (comment_number)
where words.word in (select sought_word(term) from topic_terms)
