"""Who answers whom, where the source lost it."""

from typing import NamedTuple

import polars as pl

from flows.replies import rule


class Inferred(NamedTuple):
    """The parents decided and the candidates considered."""

    parents: pl.DataFrame
    """One row per comment: `comment_id, parent_status, parent_comment_id, confidence, evidence`."""
    candidates: pl.DataFrame
    """Rows of `reply_candidates`."""


def infer(comments: pl.DataFrame) -> Inferred:
    """Return the parents of `comments`, which lie in display order of a tree that is lost.

    `comments` is sorted by `thread_id, position`. The decided parents form a tree whose pre-order is
    the display order: each is the comment just before, one of those above that, or the top level.
    """
    return Inferred(*rule.infer(comments))


def tree(comments: pl.DataFrame) -> pl.DataFrame:
    """Return `comments` with `root_comment_id` and `depth`, from `parent_status` and `parent_comment_id`.

    Both are null for a comment whose way up ends at a parent that is missing or not decided, or runs in
    a loop. Parents are looked up among `comments`.
    """
    comments = comments.with_row_index("row")
    rows = comments.select(parent_comment_id="comment_id", parent="row")
    comments = comments.join(rows, on="parent_comment_id", how="left", maintain_order="left")
    depth = comments["parent"].is_not_null().cast(pl.Int32)
    root = comments["parent"].fill_null(comments["row"])
    # Pointer doubling: after k rounds every comment has looked 2^k levels up.
    for _ in range(comments.height.bit_length()):
        depth = depth + depth.gather(root)
        root = root.gather(root)
    is_rooted = (comments["parent_status"] == "top_level").gather(root)
    return comments.with_columns(
        depth=pl.when(is_rooted).then(depth),
        root_comment_id=pl.when(is_rooted).then(comments["comment_id"].gather(root)),
    ).drop("row", "parent")
