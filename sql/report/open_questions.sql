-- What is asked and has no answer, by the best tree. Least likely answered first.
-- grain: one row per comment with an open question, the first 50
-- key: comment_id
select
    questions.comment_id,
    questions.thread_id,
    comments.position,
    questions.author_name,
    questions.is_host,
    questions.question,
    questions.expected_reply_count
from questions
join comments using (thread_id, comment_id)
where questions.thread_id in ($threads) and questions.answer_status = 'open'
order by questions.expected_reply_count, questions.thread_id, comments.position
limit 50
