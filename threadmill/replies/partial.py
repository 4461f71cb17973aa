"""Threads of which one capture tells the tree and another shows more comments: where those stand in it.

What a capture tells is never guessed at. A comment that only pages without a tree show can be rebuilt where
page and tree agree on what may be above it; elsewhere it stays `unknown`.
"""

from typing import NamedTuple

import polars as pl

from threadmill.replies.shape import find_roots

LONGEST = 400
"""In threads of more comments nothing is rebuilt: the known links would all have to be weighed anew."""
PARENT = ("parent_status", "parent_comment_id", "confidence", "evidence")


class Placed(NamedTuple):
    """Threads whose source tells the tree, with the comments that it doesn't tell in their places."""

    comments: pl.DataFrame
    """All comments as given; `position` is anew, and those to rebuild have null for `PARENT`."""
    rebuilt: pl.DataFrame
    """`comment_id` of those to rebuild."""
    told: pl.DataFrame
    """Anchors of kind "id": the known parents in the threads of `rebuilt`."""


def place(comments: pl.DataFrame, open_ids: pl.DataFrame, orders: pl.DataFrame) -> Placed:
    """Return `comments`, as from `explicit.order_comments`, with those of `open_ids` where their page shows them.

    `orders` has `thread_id, path, comment_id, position`, one row per comment and capture. A comment goes
    right behind the told one that it follows in its own capture, if what follows there and what follows in
    the tree answer the same comment: then both leave it the same parents.
    """
    none = {"comment_id": pl.String, "parent_comment_id": pl.String, "kind": pl.String}
    nothing = Placed(comments, open_ids.clear(), pl.DataFrame(schema=none))
    if open_ids.is_empty():
        return nothing
    mixed = comments.join(open_ids, on="comment_id", how="semi").select("thread_id").unique()
    whole = comments.join(mixed, on="thread_id", how="semi", maintain_order="left")
    whole = whole.filter(pl.len().over("thread_id") <= LONGEST)
    told = (
        find_roots(whole)
        .filter(pl.col("depth").is_not_null())
        .sort("thread_id", "position")
        .select(
            "comment_id",
            "parent_comment_id",
            "thread_id",
            at="position",
            next_parent=pl.col("parent_comment_id").shift(-1).over("thread_id"),
        )
    )
    found = _between(whole, open_ids, orders, told)
    if found.is_empty():
        return nothing
    is_placed = pl.col("behind").is_not_null()
    moved = (
        comments.join(found, on="comment_id", how="left", maintain_order="left")
        .with_columns(pl.when(~is_placed).then(name).alias(name) for name in PARENT)
        .sort("thread_id", pl.coalesce("behind", "position"), is_placed, "path", "shown_at")
        .with_columns(position=pl.int_range(pl.len(), dtype=pl.Int32).over("thread_id"))
        .drop("behind", "shown_at")
    )
    here = moved.join(found, on="comment_id", how="semi").select("thread_id").unique()
    anchors = told.join(here, on="thread_id", how="semi", maintain_order="left").select(
        "comment_id", "parent_comment_id", kind=pl.lit("id")
    )
    return Placed(moved, found.select("comment_id"), anchors)


def _between(
    whole: pl.DataFrame, open_ids: pl.DataFrame, orders: pl.DataFrame, told: pl.DataFrame
) -> pl.DataFrame:
    """Return `comment_id`, `behind` (a position, -1 for the start) and `shown_at` of those that fit in."""
    by = ["thread_id", "path"]
    closed = whole.join(open_ids, on="comment_id", how="anti").select(
        "comment_id", named="comment_id"
    )
    shown = (
        orders.join(whole.select("thread_id").unique(), on="thread_id", how="semi")
        .sort(*by, "position", maintain_order=True)
        .join(closed, on="comment_id", how="left", maintain_order="left")
        .with_columns(
            before=pl.col("named").forward_fill().shift(1).over(by),
            after=pl.col("named").backward_fill().shift(-1).over(by),
        )
    )
    own = whole.join(open_ids, on="comment_id", how="semi").select("comment_id", "path")
    before = told.select(before="comment_id", behind="at", next_parent="next_parent")
    after = told.select(after="comment_id", after_at="at", after_parent="parent_comment_id")
    is_first, is_last = pl.col("before").is_null(), pl.col("after").is_null()
    return (
        shown.join(own, on=["comment_id", "path"], how="semi", maintain_order="left")
        .join(before, on="before", how="left", maintain_order="left")
        .join(after, on="after", how="left", maintain_order="left")
        .with_columns(behind=pl.when(is_first).then(-1).otherwise("behind").cast(pl.Int32))
        .filter(
            pl.col("behind").is_not_null(),
            is_last | pl.col("after_at").is_not_null(),
            pl.col("next_parent").eq_missing(pl.col("after_parent")),
        )
        .select("comment_id", "behind", shown_at="position")
    )
