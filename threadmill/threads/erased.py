"""Erased comments: their place in the tree stays, and nothing else.

Rows that are read lose names and words before they are kept (`privacy.tombstones`). What is left of such a row (its
time, whom others call in its place) holds the thread together while it is built, and goes here.
"""

from typing import Any

import polars as pl

MARK = "erased-"
"""Begins what stands for the name or the id of somebody who was erased; 24 hexadecimal digits follow."""
EVIDENCE = "erased"
"""What tells of an erased reply why it is one."""
_GONE = f"(?:^|[:/]){MARK}[0-9a-f]{{24}}$"
_NULLED = (
    "author_id", "author_name", "author_handle", "author_url", "is_host", "created_at", "created_on", "created_text",
    "is_edited", "is_liked_by_host", "like_count", "url",
)  # fmt: skip
_EMPTIED: dict[str, Any] = {
    "text": "",
    "word_count": 0,
    "is_deleted": True,
    "created_precision": "none",
    "is_created_resolved": False,
}


def is_erased(column: str) -> pl.Expr:
    """Whether the id or the name in `column` stands for one that was erased; false for null."""
    return pl.col(column).str.contains(_GONE).fill_null(value=False)


def wipe_comments(comments: pl.DataFrame) -> pl.DataFrame:
    """Return `comments` of which those erased keep their ids and their parents alone."""
    gone = is_erased("comment_id")
    if not comments.select(gone.any()).item():
        return comments
    schema = comments.schema
    return comments.with_columns(
        *(pl.when(~gone).then(name).alias(name) for name in _NULLED if name in schema),
        *(
            pl.when(gone).then(pl.lit(value, schema[name])).otherwise(name).alias(name)
            for name, value in _EMPTIED.items()
            if name in schema
        ),
        evidence=pl.when(gone & pl.col("evidence").is_not_null())
        .then(pl.lit(EVIDENCE))
        .otherwise("evidence"),
    )


def wipe_threads(threads: pl.DataFrame) -> pl.DataFrame:
    """Return `threads` without hosts that were erased."""
    is_named = ~is_erased("host_name")
    return threads.with_columns(
        pl.when(is_named).then(name).alias(name) for name in ("host_name", "host_source")
    )
