"""Topics: their terms, their comments, and the discussion they spark."""

from threadmill.schema.base import COMMENT, COUNT, NUMBER, TEXT, TRUTH, Column, Table, bound, names

COLUMNS = {
    "topic_id": Column(TEXT, "Topic: a stable short name."),
    "label": Column(TEXT, "Name of the topic for people."),
    "version": Column(TEXT, "Version of the topic's definition."),
    "origin": Column(TEXT, "Where the topic comes from: `pack:<name>`, or `discovered` by a fit."),
    "term": Column(
        TEXT,
        "Word or phrase that indicates the topic, in lower case, words separated by one blank.",
    ),
    "is_ambiguous": Column(
        TRUTH,
        "Whether the term counts only in threads that also have an unambiguous term, or a mention, of its "
        "pack.",
    ),
    "scope_kind": Column(
        TEXT,
        "What limits the pack. Of platform, publication and thread all that it has must match; `except_pack`: it "
        "doesn't apply where the pack in `scope` does.",
        values=("platform", "publication", "thread", "except_pack"),
    ),
    "scope": Column(
        TEXT,
        "Platform, publication or `thread_id` where the pack applies; or the origin of a pack that stands instead.",
    ),
    "weight": Column(NUMBER, "What one occurrence of the term adds to the score."),
    "score": Column(NUMBER, "Sum of weight × occurrences in the comment over the topic's terms."),
    "share": Column(
        NUMBER, "The topic's share of the comment's scores, within its origin.", "share of 1"
    ),
    "term_count": Column(COUNT, "Distinct terms of the topic in the comment.", "terms"),
    "other_topic_id": Column(TEXT, "The other topic of the pair."),
    "other_label": Column(TEXT, "Name of the other topic for people."),
    "parent_topic_id": Column(TEXT, "Topic of the comment replied to."),
    "parent_label": Column(TEXT, "Name of that topic for people."),
    "topic_reply_share": Column(
        NUMBER,
        "Share of all replies that are to comments with the topic, in the best tree; null without replies.",
        "share of 1",
        nullable=True,
    ),
    "host_answered_share": Column(
        NUMBER,
        "Share of the comments by others with a direct reply by the host, among those where that is known; "
        "null if there are none.",
        "share of 1",
        nullable=True,
    ),
    "host_answered_share_low": bound("host_answered_share", "Lower"),
    "host_answered_share_high": bound("host_answered_share", "Upper"),
    "has_enough_comments": Column(
        TRUTH,
        "Whether there are enough comments to compare.",
    ),
    "median_first_response_s": Column(
        COUNT,
        "Median time to the first direct reply by another author; unanswered comments aren't included. Null "
        "if fewer than 5 times are known.",
        "seconds",
        nullable=True,
    ),
    "chance_comments": Column(
        NUMBER, "Comments expected to have both topics if topics were independent.", "comments"
    ),
    "chance_replies": Column(
        NUMBER, "Replies expected if a reply's topic didn't depend on its parent's.", "replies"
    ),
    "lift": Column(NUMBER, "`expected_reply_count` / `chance_replies`."),
    "transition_share": Column(
        NUMBER,
        "Share of the expected replies to the parent topic that have this topic. A reply with two topics "
        "counts for both.",
        "share of 1",
    ),
    "period_kind": Column(
        TEXT,
        "`day` for dated comments; `tenth_of_thread` for others, by position.",
        values=("day", "tenth_of_thread"),
    ),
    "period": Column(TEXT, "The day, such as 2026-01-05, or the tenth, 01 to 10."),
    "period_comment_count": Column(COUNT, "All comments of the period.", "comments"),
    "period_topic_share": Column(
        NUMBER, "Share of the period's comments with the topic.", "share of 1"
    ),
    "period_topic_share_low": Column(
        NUMBER,
        "Lower bound of the 95 % confidence interval of `period_topic_share` (Wilson).",
        "share of 1",
    ),
    "period_topic_share_high": Column(
        NUMBER,
        "Upper bound of the 95 % confidence interval of `period_topic_share` (Wilson).",
        "share of 1",
    ),
    "word": Column(TEXT, "Word as `tokens()` splits it, in lower case."),
    "occurrence_count": Column(COUNT, "Occurrences in the thread.", "words"),
    "other_occurrence_count": Column(COUNT, "Occurrences in all other threads.", "words"),
    "log_ratio": Column(
        NUMBER,
        "Binary logarithm of the word's relative frequency in the thread over that in the other threads: 1 "
        "means twice as frequent. A word that the others lack counts 0.5 there.",
    ),
    "g2": Column(NUMBER, "Log-likelihood ratio G² against the other threads."),
    "z": Column(
        NUMBER,
        "Log odds against the other threads divided by their standard error, with a Dirichlet prior.",
    ),
    "q": Column(
        NUMBER,
        "Expected share of false discoveries among words with at least this evidence (Benjamini–Hochberg over "
        "all words tested).",
        "share of 1",
    ),
    "change": Column(
        TEXT,
        "What the fit did: `kept` the id, `minted` a new one, or `retired` it.",
        values=("kept", "minted", "retired"),
    ),
    "previous_label": Column(TEXT, "Label before the fit; null if minted.", nullable=True),
    "nearest_topic_id": Column(
        TEXT,
        "Most similar topic on the other side of the fit: an old one if kept or minted, a new one if retired; "
        "null if there is none.",
        nullable=True,
    ),
    "similarity": Column(
        NUMBER,
        "Cosine similarity of the two topics' term weights; null if there is no such topic.",
        nullable=True,
    ),
    "topic_comment_share": Column(
        NUMBER,
        "Share of all comments with the topic; null without comments.",
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
        "The words that indicate each topic.",
        key=("topic_id", "term"),
        columns=names(
            """
            topic_id label version origin term weight is_ambiguous rank
            """
        ),
        references={"topic_id": "topics"},
        meanings={
            "rank": "Rank of the term within its topic, 1 for the greatest weight.",
        },
    ),
    "topic_scopes": Table(
        "parsed",
        "one row per pack of topics and place where it applies, or pack that stands instead",
        "Where topic packs apply; a pack without a row applies everywhere.",
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
        meanings={
            "version": "Version of the fit.",
            "comment_count": "Comments with the topic in the fit.",
        },
    ),
    "comment_topics": Table(
        "topics",
        "one row per comment and topic",
        "The topics of each comment, from the terms it contains.",
        key=("comment_id", "topic_id"),
        columns=names(
            """
            comment_id thread_id topic_id origin score share rank term_count
            """
        ),
        references={**COMMENT, "topic_id": "topics"},
        in_parts=True,
        meanings={
            "rank": "Rank of the topic in the comment, 1 for the highest score.",
        },
    ),
    "topic_engagement": Table(
        "topics",
        "one row per topic",
        "Comments, authors and replies for each topic.",
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
        meanings={
            "comment_count": "Comments with the topic.",
            "author_count": "Distinct authors of such comments.",
            "thread_count": "Distinct threads with such comments.",
            "reply_count": "Direct replies to such comments, in the best tree.",
            "expected_reply_count": (
                "Expected direct replies to such comments: an explicit one counts 1, an inferred one its probability."
            ),
            "answered_count": "Comments with the topic and a direct reply by another author, in the best tree.",
            "has_enough_comments": "Whether `is_answered` is known for at least 10 comments: enough to compare topics.",
            "first_response_reason": (
                "Why `median_first_response_s` is null: `unanswered` (no known answer), `too_few` (fewer than 5 known "
                "times). Null if it isn't."
            ),
        },
    ),
    "topic_pairs": Table(
        "topics",
        "one row per ordered pair of topics that share a comment",
        "Which topics occur in the same comments.",
        key=("topic_id", "other_topic_id"),
        columns=names(
            """
            topic_id other_topic_id label other_label comment_count thread_count
            chance_comments npmi has_enough_comments
            """
        ),
        required=("npmi",),
        references={"topic_id": "topics", "other_topic_id": "topics"},
        meanings={
            "comment_count": "Comments with both topics.",
            "thread_count": "Distinct threads with such comments.",
            "has_enough_comments": "Whether at least 5 comments have both topics: enough to compare pairs.",
        },
    ),
    "topic_transitions": Table(
        "topics",
        "one row per topic of a parent and topic of its replies",
        "Which topics replies have, given the topic of the comment they answer.",
        key=("parent_topic_id", "topic_id"),
        columns=names(
            """
            parent_topic_id topic_id parent_label label reply_count expected_reply_count
            chance_replies lift transition_share transition_share_low
            transition_share_high has_enough_comments
            """
        ),
        references={"topic_id": "topics", "parent_topic_id": "topics"},
        meanings={
            "reply_count": "Replies with this topic to comments with the parent topic, in the best tree.",
            "expected_reply_count": (
                "Expected replies with this topic to comments with the parent topic: an explicit one counts 1, an "
                "inferred one its probability."
            ),
            "has_enough_comments": "Whether there are at least 5 expected replies: enough to compare transitions.",
        },
    ),
    "topic_trend": Table(
        "topics",
        "one row per topic and period",
        "Each topic's share of the comments over days, or over the course of threads.",
        key=("topic_id", "period_kind", "period"),
        columns=names(
            """
            topic_id label period_kind period created_on comment_count period_comment_count
            period_topic_share period_topic_share_low period_topic_share_high
            """
        ),
        references={"topic_id": "topics", "created_on": "days"},
        meanings={
            "comment_count": "Comments of the period with the topic.",
            "created_on": "The day; null if the period is a tenth of a thread.",
        },
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
        meanings={
            "comment_count": "Comments of the thread that contain it.",
            "rank": "Rank of the word within its thread, 1 for the strongest.",
        },
    ),
}
