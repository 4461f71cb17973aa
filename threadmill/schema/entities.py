"""What is mentioned, who cites it, and what is mentioned together."""

from threadmill.schema.base import COMMENT, NUMBER, TEXT, Column, Table, names

COLUMNS = {
    "partner_canonical_id": Column(TEXT, "The other thing mentioned; the one that sorts later."),
    "npmi": Column(
        NUMBER,
        "Normalised pointwise mutual information: 1 if always together, 0 as expected by chance, towards -1 "
        "if never.",
        nullable=True,
    ),
}

TABLES = {
    "entity_engagement": Table(
        "engagement",
        "one row per thing mentioned",
        "Comments, authors and replies for each thing mentioned.",
        key=("canonical_id",),
        columns=names(
            """
            canonical_id canonical_name kind mention_count comment_count author_count thread_count
            reply_count question_count first_created_on
            """
        ),
        references={"canonical_id": "entities"},
        touched_by=("canonical_id",),
        meanings={
            "comment_count": "Comments that mention it.",
            "author_count": "Distinct authors who mention it.",
            "thread_count": "Distinct threads that mention it.",
            "reply_count": "Direct replies to comments that mention it, in the best tree.",
            "question_count": "Comments that mention it and ask something.",
        },
    ),
    "citations": Table(
        "engagement",
        "one row per publication, trial or address and comment that cites it",
        "Who cites what, and whether the host reacts. A reference and its identifiers have a row each.",
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
        meanings={
            "reply_count": "Direct replies to the comment, in the best tree.",
            "mention_count": "Mentions of it in the comment.",
        },
    ),
    "entity_pairs": Table(
        "engagement",
        "one row per two things mentioned together in at least two comments",
        "What is mentioned together in a comment, compared with chance.",
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
        meanings={
            "comment_count": "Comments that mention both.",
            "thread_count": "Distinct threads with such comments.",
            "npmi": (
                "Normalised pointwise mutual information: 1 if always together, 0 as expected by chance, towards -1 "
                "if never. Null below 5 comments with both."
            ),
        },
    ),
}
