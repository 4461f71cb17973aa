"""Figures that name nobody: the tables of a folder published under the profile `aggregate`, with no row per person."""

from threadmill.schema.base import COUNT, DAY, NUMBER, TEXT, Column, Table, names

REASONS = ("few_authors", "dominated", "complementary")
"""Why a figure is null."""

COLUMNS = {
    "least_author_count": Column(
        COUNT, "k: at least this many distinct authors are behind every figure.", "authors"
    ),
    "median_response_s": Column(
        COUNT,
        "Half of the replies came within this time, in the best tree: the nearest step up of 1, 5, 15 minutes, 1, 3, "
        "12 hours, 1, 3, 7, 30, 365 days. Null unless k authors answered within it and k not before the step below.",
        "seconds",
        nullable=True,
    ),
    "reached_depth": Column(
        COUNT,
        "The greatest depth at which, or deeper, k distinct authors wrote, in the best tree; null if there is none.",
        "levels",
        nullable=True,
    ),
    "suppressed_reason": Column(
        TEXT,
        "Why the counts are null: `few_authors`: fewer than k, perhaps none; `dominated`: one of them wrote over half; "
        "`complementary`: it would follow from other figures, or from earlier ones. Null where they aren't.",
        nullable=True,
        values=REASONS,
    ),
    "released_on": Column(
        DAY,
        "Monday of the week in which these values were released; they stay until k authors have changed. Null if "
        "suppressed.",
        nullable=True,
    ),
    "table_name": Column(TEXT, "Table that the row is about."),
    "shown_cell_count": Column(COUNT, "Rows with figures.", "rows"),
    "few_authors_cell_count": Column(
        COUNT, "Rows suppressed because fewer than k authors are behind them, rounded.", "rows"
    ),
    "dominated_cell_count": Column(
        COUNT, "Rows suppressed because one author wrote over half, rounded.", "rows"
    ),
    "complementary_cell_count": Column(
        COUNT,
        "Rows suppressed because they would follow from other figures or earlier ones, rounded.",
        "rows",
    ),
    "shown_share": Column(
        NUMBER,
        "Sum of the table's counts / that of `overall_figures`, both as published; null where comments are in several rows "
        "or it isn't known. Rounding may take it above 1.",
        "share of 1",
        nullable=True,
    ),
}

_COUNTS = ("comment_count", "author_count", "reply_count")
_ROUNDED = {
    "comment_count": "Comments with a known author, rounded to 5; `suppressed_reason` says why it is null.",
    "author_count": "Distinct authors, rounded to 5; `suppressed_reason` says why it is null.",
    "reply_count": "Replies with a known author in the best tree, rounded to 5; `suppressed_reason` says why it is null.",
    "thread_id": "Thread: `<platform>:<hash>`, by a key of the project.",
}


def _declare(
    grain: str, meaning: str, key: str, more: str = "", counted: str = "comment_count"
) -> Table:
    """Return a table of figures; `more` are columns that say what a row is about."""
    measured = "median_response_s reached_depth" if counted == "comment_count" else ""
    columns = f"{key} {more} {counted} author_count {measured} suppressed_reason released_on"
    meanings = {name: said for name, said in _ROUNDED.items() if name in columns.split()}
    return Table(
        "figures",
        grain,
        meaning,
        key=names(key),
        columns=names(columns),
        optional=_COUNTS,
        meanings=meanings,
    )


TABLES = {
    "overall_figures": _declare(
        "one row", "Figures of all comments together.", "least_author_count"
    ),
    "week_figures": _declare(
        "one row per week, from the first with figures to the last",
        "Figures of each week, by the days of comments.",
        "week_on",
    ),
    "thread_figures": _declare(
        "one row per thread", "Figures of each thread.", "thread_id", "platform"
    ),
    "topic_figures": _declare(
        "one row per topic", "Figures of the comments on each topic.", "topic_id", "label"
    ),
    "entity_figures": _declare(
        "one row per term of the vocabulary that k authors mention",
        "Figures of the comments that mention each term. Terms without figures aren't listed.",
        "canonical_id",
        "canonical_name kind",
    ),
    "confidence_figures": _declare(
        "one row per band of confidence, inferred or not",
        "How sure the replies are.",
        "is_inferred confidence_from",
        "confidence_to",
        "reply_count",
    ),
    "suppression": Table(
        "figures",
        "one row per table of figures",
        "How much is suppressed.",
        key=("table_name",),
        columns=names(
            """
            table_name shown_cell_count few_authors_cell_count dominated_cell_count
            complementary_cell_count shown_share
            """
        ),
    ),
}
