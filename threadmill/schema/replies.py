"""Who answers whom, and with which probability."""

from threadmill.schema.base import COMMENT, COUNT, NUMBER, SMALL, TEXT, TRUTH, Column, Table, names

COLUMNS = {
    "parent_author_id": Column(
        TEXT, "Author of the comment replied to; null if unknown.", nullable=True
    ),
    "response_s": Column(
        COUNT,
        "Time from parent to reply; null unless both times are known. A platform's clock can make it "
        "negative.",
        "seconds",
        nullable=True,
    ),
    "is_inferred": Column(
        TRUTH,
        "Whether Threadmill inferred the parent; false if the source gives it.",
    ),
    "confidence": Column(NUMBER, "Probability that the row is right.", "probability"),
    "evidence": Column(TEXT, "Why this is the parent, in words."),
    "rank": Column(SMALL, "Rank, 1 for the best."),
    "kind": Column(
        TEXT,
        "Kind of the thing mentioned, from data/vocabulary/kinds.csv.",
    ),
    "probability": Column(
        NUMBER, "Probability of the candidate; those of one comment sum to 1.", "probability"
    ),
}

TABLES = {
    "replies": Table(
        "parsed",
        "one row per comment whose parent is a comment",
        "Who answers whom, in the best tree. In inferred threads the parent isn't always the likeliest single "
        "candidate.",
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
        meanings={"parent_comment_id": "Comment replied to."},
    ),
    "reply_candidates": Table(
        "parsed",
        "one row per comment and candidate parent, where the parent isn't given or the comment addresses "
        "somebody else",
        "Every parent considered, with its probability; sum rows with `is_inferred` for counts without the "
        "bias of the best tree. On platforms with two levels, if a reply begins with a name, that person's "
        "comment is a candidate beside the parent that the source gives.",
        key=("comment_id", "rank"),
        columns=names(
            """
            comment_id thread_id rank kind parent_comment_id probability is_inferred
            """
        ),
        references={**COMMENT, "parent_comment_id": "comments"},
        in_parts=True,
        meanings={
            "kind": (
                "What the candidate is: `comment`, `top_level`, or `other` for all remaining candidates together."
            ),
            "parent_comment_id": "Candidate parent; null unless `kind` is `comment`.",
            "is_inferred": (
                "Whether Threadmill infers the comment's parent. If false, the source gives the parent, which counts "
                "1: leave such rows out of sums."
            ),
        },
    ),
}
