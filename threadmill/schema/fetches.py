"""What was asked for, and what came of it."""

from threadmill.schema.base import COUNT, INSTANT, SMALL, TEXT, Column, Table, names

OUTCOMES = ("captured", "unchanged", "empty", "gone", "listed", "refused", "failed")

COLUMNS = {
    "fetch_number": Column(COUNT, "Place in the order of all fetches that are known, from 1."),
    "fetched_at": Column(
        INSTANT,
        "When it was asked for, in UTC; null under a profile that publishes no times.",
        nullable=True,
    ),
    "site": Column(
        TEXT, "Host of the thread's address, with its port if that isn't the usual one."
    ),
    "capture_path": Column(
        TEXT,
        "What it wrote into the raw folder, as `source_path` of `captures`, or a sidecar alone where the thread was "
        "gone; null if it wrote nothing.",
        nullable=True,
    ),
    "outcome": Column(
        TEXT,
        "`captured`; `unchanged` since the last capture; `empty`: no comment yet; `gone`: 404 or 410; `listed`: a "
        "listing was read; `refused`: by robots.txt, the site or a limit; `failed`: no answer, or none that can be read.",
        values=OUTCOMES,
    ),
    "status_code": Column(
        SMALL, "HTTP status of the last answer; null without one.", nullable=True
    ),
    "request_count": Column(
        COUNT, "Requests that were sent for it, tries again included.", "requests"
    ),
    "byte_count": Column(
        COUNT, "Bytes of the answers that make the capture; 0 without one.", "bytes"
    ),
    "duration_s": Column(COUNT, "How long it took, pauses included, rounded.", "seconds"),
    "new_comment_count": Column(
        COUNT,
        "Comments that its capture added (`added_comment_count` of `captures`); null if it wrote no document, or the "
        "document is no capture of a thread any more.",
        "comments",
        nullable=True,
    ),
}

TABLES = {
    "fetches": Table(
        "parsed",
        "one row per thread or listing that was asked for, and time",
        "What `threadmill fetch` asked for and what came of it; `threadmill help fetching`.",
        key=("fetch_number",),
        columns=names(
            """
            fetch_number fetched_at platform site url outcome status_code capture_path
            request_count byte_count duration_s new_comment_count
            """
        ),
    )
}
