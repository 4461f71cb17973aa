"""What captures hold, and how certain replies are."""

from threadmill.schema.metrics.contract import NATURAL, OWN, REAL, SHARE, Metric

METRICS: tuple[Metric, ...] = (
    Metric(
        "dated_share",
        "daily_engagement capture_completeness",
        "share dated",
        "comments with created_on / comments, of the platform (of the thread in capture_completeness)",
        OWN,
        SHARE,
        "there are no comments",
    ),
    Metric(
        "band_share",
        "reply_confidence",
        "share of a confidence band",
        "replies in the tenth / replies of the platform",
        OWN,
        SHARE,
    ),
    Metric(
        "expected_right_count",
        "reply_confidence",
        "expected true positives",
        "Σ confidence of the replies in the tenth",
        OWN,
        REAL,
        is_expectation=True,
    ),
    *(
        Metric(name, "capture_completeness", term, formula, OWN, span, null)
        for name, term, formula, span, null in (
            (
                "declared_comment_count",
                "declared size",
                "the number that the page gives",
                NATURAL,
                "the page gives none",
            ),
            (
                "hidden_comment_count",
                "collapsed comments",
                "the number that the page gives",
                NATURAL,
                "the page gives none",
            ),
            (
                "authored_share",
                "share with an author",
                "comments with author_id / comments",
                SHARE,
                "no comments",
            ),
            (
                "parent_known_share",
                "share of explicit edges",
                "comments whose parent_status the source gives / comments; 0 in an inferred thread",
                SHARE,
                "no comments",
            ),
            ("deleted_count", "deleted comments", "comments with is_deleted", NATURAL, "never"),
            ("duplicate_count", "duplicates", "comments with duplicate_of", NATURAL, "never"),
            (
                "line_count",
                "lines",
                "lines of the document that aren't blank",
                NATURAL,
                "the format has none",
            ),
            (
                "furniture_line_count",
                "page furniture",
                "lines that are the page's own",
                NATURAL,
                "as line_count",
            ),
            (
                "unrecognised_line_count",
                "unread lines",
                "lines not recognised",
                NATURAL,
                "as line_count",
            ),
        )
    ),
)
