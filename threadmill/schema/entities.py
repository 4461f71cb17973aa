"""What is mentioned: the talk it draws, who cites it, what comes with it."""

from threadmill.schema.base import COMMENT, NUMBER, TEXT, Column, Table, names

COLUMNS = {
    "partner_canonical_id": Column(TEXT, "The other thing mentioned; greater as text."),
    "npmi": Column(
        NUMBER,
        "Normalised pointwise mutual information: 1 always together, 0 as by chance, towards -1 never. "
        "In entity_pairs null below 5 comments with both; topic_pairs has `has_enough_comments` for that.",
        nullable=True,
    ),
}

TABLES = {
    "entity_engagement": Table(
        "engagement",
        "one row per thing mentioned",
        "What talk each mentioned person, term or publication draws.",
        key=("canonical_id",),
        columns=names(
            """
            canonical_id canonical_name kind mention_count comment_count author_count thread_count
            reply_count question_count first_created_on
            """
        ),
        references={"canonical_id": "entities"},
        touched_by=("canonical_id",),
    ),
    "citations": Table(
        "engagement",
        "one row per publication, trial or address and comment that cites it",
        "Who cites what, and whether the host reacts. A reference and each identifier in it are rows.",
        key=("canonical_id", "comment_id"),
        columns=names(
            """
            canonical_id canonical_name kind comment_id thread_id author_id author_name is_host
            created_on mention_count reply_count is_answered_by_host is_liked_by_host
            """
        ),
        references={
            **COMMENT,
            "canonical_id": "entities",
            "author_id": "authors",
            "created_on": "days",
        },
        in_parts=True,
    ),
    "entity_pairs": Table(
        "engagement",
        "one row per two things mentioned together in at least two comments",
        "What is mentioned together in a comment, and how much more often than chance would have it.",
        key=("canonical_id", "partner_canonical_id"),
        columns=names(
            """
            canonical_id partner_canonical_id comment_count thread_count npmi
            """
        ),
        references={
            "canonical_id": "entities",
            "partner_canonical_id": "entities",
        },
    ),
}
