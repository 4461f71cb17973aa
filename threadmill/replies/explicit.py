"""Order comments by the parents that the source gives; nothing is inferred."""

from typing import NamedTuple

import polars as pl

from threadmill.sources.addressing import ADDRESS

GIVEN = "given by the source"
ADDRESSED = "; addressed to @"
"""What a name follows in an evidence, to its end."""
ORPHAN = "orphan: its parent, given by the source, isn't in the data"
UNPLACED = "no capture tells its parent"
NAME_CHARS = 100
"""Show at most this much of a name."""


class Ordered(NamedTuple):
    """Comments in display order with their parents, and those whose parents form a loop."""

    comments: pl.DataFrame
    loops: pl.DataFrame


def list_explicit_threads(comments: pl.DataFrame) -> pl.DataFrame:
    """Return one row, `thread_id`, per thread whose source gives a parent or top level for any comment."""
    return comments.filter(pl.col("parent_status").is_not_null()).select("thread_id").unique()


def order_comments(comments: pl.DataFrame) -> Ordered:
    """Return the `comments` of explicit threads with their parents looked up and `position` in pre-order.

    Replies to one comment are in the order of `position`, or of time without one. Comments whose parents form a
    loop are left out. A parent that isn't in the thread has status `missing` and keeps its id; a null status becomes
    `unknown`.
    """
    kept = _look_up_parents(comments)
    is_looped = _find_loops(kept)
    loops = kept.filter(is_looped)
    if is_looped.any():
        kept = _look_up_parents(kept.filter(~is_looped).drop("parent_comment_id"))
    return Ordered(_sort_in_preorder(kept), loops)


def _look_up_parents(comments: pl.DataFrame) -> pl.DataFrame:
    """Return `comments`, sorted so that siblings are in order, with `parent` (a row) and its status."""
    ordered = comments.sort(
        "thread_id", "position", "created_at", "comment_id", nulls_last=True
    ).with_row_index("row")
    rows = ordered.select("thread_id", given_parent_id="comment_id", parent="row")
    ordered = ordered.drop("parent", strict=False).join(
        rows, on=["thread_id", "given_parent_id"], how="left", maintain_order="left"
    )
    is_reply = (pl.col("parent_status") != "top_level") & pl.col("given_parent_id").is_not_null()
    is_reply = is_reply.fill_null(False)
    return ordered.with_columns(
        parent=pl.when(is_reply).then("parent"),
        parent_comment_id=pl.when(is_reply).then("given_parent_id"),
        parent_status=pl.when(is_reply & pl.col("parent").is_null())
        .then(pl.lit("missing"))
        .when(is_reply)
        .then(pl.lit("explicit"))
        .when(pl.col("parent_status") == "top_level")
        .then(pl.lit("top_level"))
        .otherwise(pl.lit("unknown")),
    ).drop("row")


def _find_loops(comments: pl.DataFrame) -> pl.Series:
    """Return per comment whether it is its own ancestor."""
    rows = pl.int_range(comments.height, eager=True, dtype=pl.UInt32)
    above = comments["parent"].fill_null(rows)
    for _ in range(comments.height.bit_length()):
        above = above.gather(above)
    # After this many steps each walk up is at a root or within a loop, and together they cover every loop.
    ends = above.unique()
    looped = ends.filter(comments["parent"].gather(ends).is_not_null())
    return rows.is_in(looped.implode())


def _sort_in_preorder(comments: pl.DataFrame) -> pl.DataFrame:
    """Return `comments`, whose `parent` rows form no loop, in pre-order with their `position`.

    Each comment is entered and left once on a walk around the trees; how far each step is from the
    walk's end comes from pointer doubling, whose cost doesn't grow with depth.
    """
    count = comments.height
    if not count:
        return comments.drop("parent").with_columns(
            confidence=pl.lit(None, pl.Float64), evidence=pl.lit(None, pl.String)
        )
    walk = comments.select("parent").with_row_index("row").sort("parent", "row")
    same = pl.col("parent").eq_missing(pl.col("parent").shift(-1))
    following = walk.with_columns(next=pl.when(same).then(pl.col("row").shift(-1))).sort("row")
    first = walk.drop_nulls("parent").group_by("parent").agg(first=pl.col("row").min())
    steps = following.join(
        first, left_on="row", right_on="parent", how="left", maintain_order="left"
    )
    end = 2 * count
    enter = steps.select(pl.coalesce("first", pl.col("row") + count)).to_series().cast(pl.UInt32)
    leave = steps.select(
        pl.coalesce("next", pl.col("parent") + count, pl.lit(end, pl.UInt32))
    ).to_series()
    follows = pl.concat([enter, leave.cast(pl.UInt32), pl.Series([end], dtype=pl.UInt32)])
    left = pl.concat(
        [pl.repeat(1, end, dtype=pl.UInt32, eager=True), pl.Series([0], dtype=pl.UInt32)]
    )
    for _ in range((end + 1).bit_length()):
        left = left + left.gather(follows)
        follows = follows.gather(follows)
    return (
        comments.drop("parent")
        .with_columns(left=left.head(count))
        .sort("thread_id", "left", descending=[False, True])
        .with_columns(
            position=pl.int_range(pl.len(), dtype=pl.Int32).over("thread_id"),
            confidence=pl.lit(1.0),
            evidence=_name_evidence(),
        )
        .drop("left")
    )


def _name_evidence() -> pl.Expr:
    """Return each comment's evidence in words; where nesting is capped, with the name at its start, who is meant."""
    status = pl.col("parent_status")
    may_name = pl.col("platform_max_depth").is_not_null() & (status == "explicit")
    may_name &= pl.col("text").str.contains("@", literal=True)
    # The limit isn't part of the expression: compiling `{1,100}` would take 40 ms.
    address = pl.when(may_name).then("text").str.extract(rf"({ADDRESS}\w[\w.\-]*)")
    named = address.str.extract("@(.+)").str.head(NAME_CHARS).str.strip_chars_end(".-")
    return (
        pl.when(named.is_not_null())
        .then(pl.format(GIVEN + ADDRESSED + "{}", named))
        .when(status == "missing")
        .then(pl.lit(ORPHAN))
        .when(status == "unknown")
        .then(pl.lit(UNPLACED))
        .otherwise(pl.lit(GIVEN))
    )
