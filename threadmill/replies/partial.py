"""Insert comments whose parent is unknown at their displayed position, in threads whose tree another capture gives.

Known parents are never changed. A comment that only pages without a tree show can be inferred where page and
tree agree on its possible parents; elsewhere it stays `unknown`.
"""

from typing import NamedTuple

import polars as pl

from threadmill.replies.shape import find_roots

LONGEST = 400
"""Threads with more comments than this are left as they are: all their known links would have to be scored again."""
PARENT = ("parent_status", "parent_comment_id", "confidence", "evidence")


class Placed(NamedTuple):
    """Threads whose source gives the tree, with comments of unknown parent inserted at their displayed position."""

    comments: pl.DataFrame
    """All comments as given, with a new `position`; those to rebuild have null for `PARENT`."""
    rebuilt: pl.DataFrame
    """`comment_id` of those to rebuild."""
    anchors: pl.DataFrame
    """Anchors of kind "id": the known parents in the threads of `rebuilt`."""


def place(comments: pl.DataFrame, open_ids: pl.DataFrame, orders: pl.DataFrame) -> Placed:
    """Return `comments`, as from `explicit.order_comments`, with those of `open_ids` at their displayed position.

    `orders` has `thread_id, path, comment_id, position`, one row per comment and capture. An open comment goes
    right after the known comment that it follows in its own capture, if the next known comment there and the next one
    in the tree have the same parent: then page and tree allow it the same parents.
    """
    none = {"comment_id": pl.String, "parent_comment_id": pl.String, "kind": pl.String}
    nothing = Placed(comments, open_ids.clear(), pl.DataFrame(schema=none))
    if open_ids.is_empty():
        return nothing
    mixed = comments.join(open_ids, on="comment_id", how="semi").select("thread_id").unique()
    whole = comments.join(mixed, on="thread_id", how="semi", maintain_order="left")
    whole = whole.filter(pl.len().over("thread_id") <= LONGEST)
    known = (
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
    found = _find_places(whole, open_ids, orders, known)
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
    anchors = known.join(here, on="thread_id", how="semi", maintain_order="left").select(
        "comment_id", "parent_comment_id", kind=pl.lit("id")
    )
    return Placed(moved, found.select("comment_id"), anchors)


def _find_places(
    whole: pl.DataFrame, open_ids: pl.DataFrame, orders: pl.DataFrame, known: pl.DataFrame
) -> pl.DataFrame:
    """Return one row per comment that fits in: `comment_id`, `behind` (a position, -1 for the start), `shown_at`."""
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
    before = known.select(before="comment_id", behind="at", next_parent="next_parent")
    after = known.select(after="comment_id", after_at="at", after_parent="parent_comment_id")
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
