"""Who answers whom, and with which probability."""

from threadmill.schema.base import COMMENT, COUNT, NUMBER, SMALL, TEXT, TRUTH, Column, Table, names

COLUMNS = {
    "parent_author_id": Column(
        TEXT, "Author of the comment replied to; null when unknown.", nullable=True
    ),
    "response_s": Column(
        COUNT,
        "From parent to reply; a platform's clock can make it negative. Null unless both times are known.",
        "seconds",
        nullable=True,
    ),
    "is_inferred": Column(
        TRUTH,
        "The parent was worked out by Threadmill, not given by the source. In reply_candidates false where the source "
        "gives the comment's parent: it counts 1, so sum the others alone.",
    ),
    "confidence": Column(NUMBER, "Probability that the row is right.", "probability"),
    "evidence": Column(TEXT, "Why, in words."),
    "rank": Column(SMALL, "1 for the best."),
    "kind": Column(
        TEXT,
        "What kind of thing is mentioned, one of data/vocabulary/kinds.csv; in reply_candidates alone, what the candidate "
        "is: `comment`, `top_level`, or `other` for all remaining together.",
    ),
    "probability": Column(
        NUMBER, "Probability of the candidate; those of one comment sum to 1.", "probability"
    ),
}

TABLES = {
    "replies": Table(
        "parsed",
        "one row per comment whose parent is a comment",
        "Who answers whom, by the best tree. In inferred threads the parent need not be the likeliest single candidate.",
        key=("comment_id",),
        columns=names(
            """
            comment_id thread_id parent_comment_id author_id parent_author_id depth response_s
            is_inferred confidence evidence
            """
        ),
        required=("parent_comment_id",),
        references={
            **COMMENT,
            "parent_comment_id": "comments",
            "author_id": "authors",
            "parent_author_id": "authors",
        },
        in_parts=True,
    ),
    "reply_candidates": Table(
        "parsed",
        "one row per comment whose parent isn't given, or addresses somebody else, and candidate parent",
        "Every parent considered, with its probability. Sum those with `is_inferred` for numbers without the best tree's "
        'bias. Where a platform has two levels and a reply opens with "@name", that person\'s comment stands beside the '
        "parent that the source gives.",
        key=("comment_id", "rank"),
        columns=names(
            """
            comment_id thread_id rank kind parent_comment_id probability is_inferred
            """
        ),
        references={**COMMENT, "parent_comment_id": "comments"},
        in_parts=True,
    ),
}
