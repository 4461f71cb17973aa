"""How much was read, how sure it is, and which run published it."""

from threadmill.schema.base import COUNT, NUMBER, TEXT, Column, Table, names

COLUMNS = {
    "run_id": Column(TEXT, "Run that published this snapshot: UTC start time and a random suffix."),
    "line": Column(COUNT, "Line of the document, from 1; null for the whole of it.", nullable=True),
    "reason_code": Column(TEXT, "Why it was rejected, in one word for queries."),
    "reason": Column(TEXT, "Why it was rejected, in a sentence: finding and rule."),
    "excerpt": Column(
        TEXT, "Its first characters; null when there is nothing to show.", nullable=True
    ),
    "threadmill_version": Column(TEXT, "Version that made the snapshot."),
    "profile": Column(
        TEXT,
        "What was done to people's words and names: `full` for nothing, else the profile with its settings; "
        "docs/privacy.md says what each does, and what it doesn't.",
    ),
    "authored_share": Column(
        NUMBER,
        "Part of the comments whose author is known; null without comments.",
        "share of 1",
        nullable=True,
    ),
    "parent_known_share": Column(
        NUMBER,
        "Part of the comments whose parent the source gives; the rest is inferred or `unknown`. Null without comments.",
        "share of 1",
        nullable=True,
    ),
    "confidence_from": Column(NUMBER, "Lower end of the tenth, included.", "probability"),
    "confidence_to": Column(
        NUMBER, "Upper end of the tenth, not included but for 1.", "probability"
    ),
    "band_share": Column(NUMBER, "Part of the platform's replies.", "share of 1"),
    "expected_right_count": Column(
        NUMBER, "Sum of the confidences: so many of the replies should be right.", "replies"
    ),
    "duplicate_count": Column(
        COUNT, "Comments that repeat an earlier one (`duplicate_of`).", "comments"
    ),
    "deleted_count": Column(COUNT, "Comments whose text is gone.", "comments"),
}

TABLES = {
    "rejects": Table(
        "parsed",
        "one row per rejected document or line",
        "What could not be read, and why. Everything else went on.",
        key=("source_path", "line", "reason_code"),
        columns=names(
            """
            source_path platform line reason_code reason excerpt
            """
        ),
    ),
    "runs": Table(
        "parsed",
        "the published run",
        "One row: which run published what you are reading, and when.",
        key=("run_id",),
        columns=("run_id", "published_at", "threadmill_version", "profile"),
        required=("published_at",),
    ),
    "capture_completeness": Table(
        "quality",
        "one row per thread",
        "How much of each thread the capture holds, and what it lost.",
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
        "one row per platform, way the parent is known, and tenth of confidence",
        "How many replies there are at which confidence.",
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
