"""How much was read, how sure it is, and which run published it."""

from threadmill.schema.base import COUNT, NUMBER, TEXT, Column, Table, names

COLUMNS = {
    "run_id": Column(
        TEXT, "Run that published this snapshot: its start time in UTC and a random suffix."
    ),
    "line": Column(
        COUNT, "Line of the document, from 1; null for the whole document.", nullable=True
    ),
    "reason_code": Column(TEXT, "Why it was rejected, as a code for queries."),
    "reason": Column(TEXT, "Why it was rejected, as a sentence."),
    "excerpt": Column(
        TEXT, "Its first characters; null if there is nothing to show.", nullable=True
    ),
    "threadmill_version": Column(TEXT, "Threadmill's version."),
    "profile": Column(
        TEXT,
        "What was done to protect people: `full` if nothing, else the profile with its settings "
        "(`threadmill help privacy`).",
    ),
    "authored_share": Column(
        NUMBER,
        "Share of the comments whose author is known; null without comments.",
        "share of 1",
        nullable=True,
    ),
    "parent_known_share": Column(
        NUMBER,
        "Share of the comments whose parent the source gives; the others are inferred or `unknown`. Null "
        "without comments.",
        "share of 1",
        nullable=True,
    ),
    "confidence_from": Column(NUMBER, "Lower end of the band, inclusive.", "probability"),
    "confidence_to": Column(
        NUMBER, "Upper end of the band, exclusive except for 1.", "probability"
    ),
    "band_share": Column(NUMBER, "Share of the platform's replies.", "share of 1"),
    "expected_right_count": Column(
        NUMBER, "Expected number of right replies: the sum of their confidences.", "replies"
    ),
    "duplicate_count": Column(
        COUNT, "Comments that repeat an earlier one (`duplicate_of`).", "comments"
    ),
    "deleted_count": Column(COUNT, "Comments whose text was deleted or removed.", "comments"),
}

TABLES = {
    "rejects": Table(
        "parsed",
        "one row per rejected document or line",
        "What couldn't be read, and why. Everything else was read.",
        key=("source_path", "line", "reason_code"),
        columns=names(
            """
            source_path platform line reason_code reason excerpt
            """
        ),
    ),
    "runs": Table(
        "parsed",
        "one row",
        "The run that published these tables, in one row.",
        key=("run_id",),
        columns=("run_id", "published_at", "threadmill_version", "profile"),
        required=("published_at",),
        meanings={
            "published_at": "When the run had made and checked its tables.",
        },
    ),
    "capture_completeness": Table(
        "quality",
        "one row per thread",
        "How much of each thread the capture holds, and what it lacks.",
        key=("thread_id",),
        columns=names(
            """
            thread_id source_path source_format declared_comment_count comment_count
            hidden_comment_count captured_share authored_share dated_share parent_known_share
            deleted_count duplicate_count line_count furniture_line_count
            unrecognised_line_count
            """
        ),
        references={"thread_id": "threads"},
        in_parts=True,
    ),
    "reply_confidence": Table(
        "quality",
        "one row per platform, inferred or not, and band of confidence",
        "How many replies there are at each level of confidence.",
        key=("platform", "is_inferred", "confidence_from"),
        columns=names(
            """
            platform is_inferred confidence_from confidence_to reply_count band_share
            expected_right_count
            """
        ),
        references={"platform": "platforms"},
    ),
}
