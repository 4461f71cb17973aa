"""List comments that are left out, per thread, and sum them into rejects."""

from typing import Any

import polars as pl

from threadmill.schema.frames import REJECT

REASONS = {
    "repeated_id": "an id that an earlier comment has",
    "id_of_another_thread": (
        "an id that another thread has (two captures of one post need one url in their sidecars)"
    ),
    "parent_loop": "a comment below itself",
}
"""Each `reason_code` of comments left out, and what such a comment has."""
UNSHARED = "nothing_shared"
"""The `reason_code` of a capture that has no comment in common with earlier ones of its thread; none is left out."""
ELSEWHERE = "id_of_another_thread"
IDS_MAX = 5
"""Show at most this many ids in a reject's excerpt."""
EXCERPT_CHARS = 200
KEY = ("source_path", "platform", "line", "reason_code")
_IDS: Any = pl.List(pl.String)
"""`Any`, as mypy finds no common type of this and type classes."""
LEFT_OUT = pl.Schema(
    {
        "source_path": pl.String,
        "platform": pl.String,
        "line": pl.Int64,
        "reason_code": pl.String,
        "comment_count": pl.Int64,
        "comment_ids": _IDS,
        "shown_ids": _IDS,  # as the source writes them
        "thread_id": pl.String,
    }
)
"""One row per document, line, reason and thread, with the first `IDS_MAX` ids in their order."""


def list_left_out(comments: pl.DataFrame, reason_code: str) -> pl.DataFrame:
    """Return one row per document, line and thread of `comments`, which are left out, as `LEFT_OUT`."""
    return (
        comments.sort("path", "line", "comment_id")
        .group_by("path", "platform", "line", "thread_id", maintain_order=True)
        .agg(
            comment_count=pl.len().cast(pl.Int64),
            comment_ids=pl.col("comment_id").head(IDS_MAX),
            shown_ids=pl.coalesce("native_id", "comment_id").head(IDS_MAX),
        )
        .with_columns(source_path="path", reason_code=pl.lit(reason_code))
        .match_to_schema(LEFT_OUT, extra_columns="ignore")
    )


def sum_left_out(left_out: pl.DataFrame) -> pl.DataFrame:
    """Return one reject per document, line and reason of `left_out`, whatever threads its comments are in."""
    counts = left_out.group_by(KEY).agg(pl.col("comment_count").sum())
    ids = (
        left_out.explode("comment_ids", "shown_ids")
        .sort(*KEY, "comment_ids", nulls_last=True)
        .group_by(KEY, maintain_order=True)
        .agg(excerpt=pl.col("shown_ids").head(IDS_MAX).str.join(", "))
    )
    what = pl.col("reason_code").replace_strict(REASONS, default=None, return_dtype=pl.String)
    unshared = pl.format(
        "{} × a comment that no earlier capture of its thread has, and none that one has; if the file is of another "
        "post, give it another name",
        "comment_count",
    )
    return (
        ids.join(counts, on=KEY, how="left", nulls_equal=True, maintain_order="left")
        .with_columns(
            reason=pl.when(pl.col("reason_code") == UNSHARED)
            .then(unshared)
            .otherwise(pl.format("left out: {} × {}", "comment_count", what)),
            excerpt=pl.col("excerpt").str.slice(0, EXCERPT_CHARS),
        )
        .match_to_schema(REJECT, extra_columns="ignore")
    )
