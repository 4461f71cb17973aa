"""Topics: their terms, the comments they are in, the talk they draw."""

from threadmill.schema.base import COMMENT, COUNT, NUMBER, TEXT, TRUTH, Column, Table, bound, names

COLUMNS = {
    "topic_id": Column(TEXT, "Topic, a stable short name."),
    "label": Column(TEXT, "The topic's name for people."),
    "version": Column(TEXT, "Version of the topic's definition."),
    "origin": Column(
        TEXT, "Where the topic comes from: `pack:<name>`, or `discovered` by fitting."
    ),
    "term": Column(
        TEXT, "Word or phrase that speaks for the topic, in lower case, words separated by a blank."
    ),
    "is_ambiguous": Column(
        TRUTH,
        "Whether the term counts only in threads that have an unambiguous term of its pack, or a mention that the pack "
        "explains.",
    ),
    "scope_kind": Column(
        TEXT,
        "What the pack is limited to; one of several kinds must fit each.",
        values=("platform", "publication", "thread"),
    ),
    "scope": Column(TEXT, "The platform, the publication or the `thread_id` where the pack holds."),
    "weight": Column(NUMBER, "What one occurrence of the term adds to the score."),
    "score": Column(NUMBER, "Sum over the topic's terms of weight × occurrences in the comment."),
    "share": Column(
        NUMBER, "The topic's part of the comment's scores within its origin.", "share of 1"
    ),
    "term_count": Column(COUNT, "Different terms of the topic found.", "terms"),
    "other_topic_id": Column(TEXT, "The other topic of the pair."),
    "other_label": Column(TEXT, "The other topic's name for people."),
    "parent_topic_id": Column(TEXT, "Topic of the comment replied to."),
    "parent_label": Column(TEXT, "That topic's name for people."),
    "topic_reply_share": Column(
        NUMBER,
        "Part of all replies that the topic's comments drew, by the best tree; null without replies.",
        "share of 1",
        nullable=True,
    ),
    "host_answered_share": Column(
        NUMBER,
        "Part of the comments by others than the host that the host answers, of those where that is known; null without "
        "such comments.",
        "share of 1",
        nullable=True,
    ),
    "host_answered_share_low": bound("host_answered_share", "Lower"),
    "host_answered_share_high": bound("host_answered_share", "Upper"),
    "has_enough_comments": Column(
        TRUTH,
        "Enough to compare by: 10 comments whose `is_answered` is known in topic_engagement, 5 comments with both "
        "topics in topic_pairs; in topic_transitions it is about replies, 5 expected ones.",
    ),
    "median_first_response_s": Column(
        COUNT,
        "Median of the known times to the first direct reply by another author; null when fewer than 5 are known. "
        "Unanswered comments have none.",
        "seconds",
        nullable=True,
    ),
    "chance_comments": Column(
        NUMBER, "Comments with both topics if they came independently.", "comments"
    ),
    "chance_replies": Column(
        NUMBER, "Expected replies if the reply's topic didn't depend on its parent's.", "replies"
    ),
    "lift": Column(NUMBER, "`expected_reply_count` / `chance_replies`."),
    "transition_share": Column(
        NUMBER,
        "Part of the expected replies to the parent's topic that has this topic; a reply with two topics counts for both.",
        "share of 1",
    ),
    "period_kind": Column(
        TEXT,
        "`day` for comments with a known day, `tenth_of_thread` for others, by their position.",
        values=("day", "tenth_of_thread"),
    ),
    "period": Column(TEXT, "The day, as 2026-01-05, or the tenth, 01 to 10."),
    "period_comment_count": Column(COUNT, "All comments of the period.", "comments"),
    "period_topic_share": Column(
        NUMBER, "Part of the period's comments that has the topic.", "share of 1"
    ),
    "period_topic_share_low": Column(
        NUMBER, "Lower bound of `period_topic_share`, 95 % (Wilson).", "share of 1"
    ),
    "period_topic_share_high": Column(
        NUMBER, "Upper bound of `period_topic_share`, 95 % (Wilson).", "share of 1"
    ),
    "word": Column(TEXT, "Word as `tokens()` cuts it, in lower case."),
    "occurrence_count": Column(COUNT, "Times it occurs in the thread.", "words"),
    "other_occurrence_count": Column(COUNT, "Times it occurs in all other threads.", "words"),
    "log_ratio": Column(
        NUMBER,
        "How often the word doubles: binary logarithm of its part of the thread's words over that of the others'; "
        "a word they lack counts 0.5 there.",
    ),
    "g2": Column(NUMBER, "Log-likelihood ratio G² against the other threads."),
    "z": Column(
        NUMBER, "Log odds against the other threads over their standard error, Dirichlet prior."
    ),
    "q": Column(
        NUMBER,
        "Expected share of false finds among words at least as telling (Benjamini–Hochberg over all words tested).",
        "share of 1",
    ),
    "change": Column(
        TEXT,
        "What the fit did: `kept` the id, `minted` it anew, `retired` it.",
        values=("kept", "minted", "retired"),
    ),
    "previous_label": Column(
        TEXT, "The topic's label before the fit; null when minted.", nullable=True
    ),
    "nearest_topic_id": Column(
        TEXT,
        "Most similar topic on the other side of the fit: old for a kept or minted one, new for a retired one; "
        "null if there was none.",
        nullable=True,
    ),
    "similarity": Column(
        NUMBER, "Cosine of the two topics' term weights; null without one.", nullable=True
    ),
    "topic_comment_share": Column(
        NUMBER,
        "Part of all comments that has the topic; null without comments.",
        "share of 1",
        nullable=True,
    ),
    "topic_comment_share_low": bound("topic_comment_share", "Lower"),
    "topic_comment_share_high": bound("topic_comment_share", "Upper"),
    "topic_reply_share_low": bound("topic_reply_share", "Lower"),
    "topic_reply_share_high": bound("topic_reply_share", "Upper"),
    "transition_share_low": bound("transition_share", "Lower"),
    "transition_share_high": bound("transition_share", "Upper"),
}

TABLES = {
    "topic_terms": Table(
        "parsed",
        "one row per topic and term",
        "The words that speak for each topic.",
        key=("topic_id", "term"),
        columns=names(
            """
            topic_id label version origin term weight is_ambiguous rank
            """
        ),
        references={"topic_id": "topics"},
    ),
    "topic_scopes": Table(
        "parsed",
        "one row per pack of topics and place it is limited to",
        "Where packs of topics hold; those without a row hold everywhere.",
        key=("origin", "scope_kind", "scope"),
        columns=names("origin scope_kind scope"),
    ),
    "topic_changes": Table(
        "parsed",
        "one row per fit and topic",
        "What each fit of the discovered topics did to their ids.",
        key=("version", "topic_id"),
        columns=names(
            """
            version topic_id change label previous_label nearest_topic_id similarity comment_count
            """
        ),
    ),
    "comment_topics": Table(
        "topics",
        "one row per comment and topic",
        "The topics of each comment, by the terms it uses.",
        key=("comment_id", "topic_id"),
        columns=names(
            """
            comment_id thread_id topic_id origin score share rank term_count
            """
        ),
        references={**COMMENT, "topic_id": "topics"},
        in_parts=True,
    ),
    "topic_engagement": Table(
        "topics",
        "one row per topic",
        "What talk each topic draws.",
        key=("topic_id",),
        columns=names(
            """
            topic_id label origin comment_count topic_comment_share topic_comment_share_low
            topic_comment_share_high author_count thread_count reply_count expected_reply_count
            topic_reply_share topic_reply_share_low topic_reply_share_high answered_count
            answered_share answered_share_low answered_share_high host_answered_share host_answered_share_low
            host_answered_share_high has_enough_comments host_comment_count mean_depth
            median_first_response_s first_response_reason
            """
        ),
        references={"topic_id": "topics"},
    ),
    "topic_pairs": Table(
        "topics",
        "one row per ordered pair of topics that share a comment",
        "Which topics come up in the same comments.",
        key=("topic_id", "other_topic_id"),
        columns=names(
            """
            topic_id other_topic_id label other_label comment_count thread_count
            chance_comments npmi has_enough_comments
            """
        ),
        required=("npmi",),
        references={"topic_id": "topics", "other_topic_id": "topics"},
    ),
    "topic_transitions": Table(
        "topics",
        "one row per topic of a parent and topic of its replies",
        "From which topic to which replies lead.",
        key=("parent_topic_id", "topic_id"),
        columns=names(
            """
            parent_topic_id topic_id parent_label label reply_count expected_reply_count
            chance_replies lift transition_share transition_share_low
            transition_share_high has_enough_comments
            """
        ),
        references={"topic_id": "topics", "parent_topic_id": "topics"},
    ),
    "topic_trend": Table(
        "topics",
        "one row per topic and period",
        "How much of the talk each topic has as days, or threads, go on.",
        key=("topic_id", "period_kind", "period"),
        columns=names(
            """
            topic_id label period_kind period created_on comment_count period_comment_count
            period_topic_share period_topic_share_low period_topic_share_high
            """
        ),
        references={"topic_id": "topics", "created_on": "days"},
    ),
    "thread_keywords": Table(
        "topics",
        "one row per thread and word",
        "The words that set each thread apart from all others.",
        key=("thread_id", "rank"),
        columns=names(
            """
            thread_id rank word occurrence_count comment_count other_occurrence_count log_ratio
            g2 z q
            """
        ),
        references={"thread_id": "threads"},
    ),
}
