"""From parents to what follows from them: how deep a comment is and what it hangs below."""

import polars as pl


def lineage(comments: pl.DataFrame) -> pl.DataFrame:
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
