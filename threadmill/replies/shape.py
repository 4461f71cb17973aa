"""Compute from parents each comment's depth, root, and the size and depth of its subtree."""

import polars as pl


def find_roots(comments: pl.DataFrame) -> pl.DataFrame:
    """Return `comments` with `root_comment_id` and `depth`, from `parent_status` and `parent_comment_id`.

    Both are null if the chain of parents ends at a missing or unknown parent, or forms a loop. Parents are
    looked up among `comments`.
    """
    comments = comments.with_row_index("row")
    rows = comments.select(parent_comment_id="comment_id", parent="row")
    comments = comments.join(rows, on="parent_comment_id", how="left", maintain_order="left")
    depth = comments["parent"].is_not_null().cast(pl.Int32)
    root = comments["parent"].fill_null(comments["row"])
    # Pointer doubling: after k rounds every comment has reached 2^k levels up.
    for _ in range(comments.height.bit_length()):
        depth = depth + depth.gather(root)
        root = root.gather(root)
    is_rooted = (comments["parent_status"] == "top_level").gather(root)
    return comments.with_columns(
        depth=pl.when(is_rooted).then(depth),
        root_comment_id=pl.when(is_rooted).then(comments["comment_id"].gather(root)),
    ).drop("row", "parent")


def measure_subtrees(comments: pl.DataFrame) -> pl.DataFrame:
    """Return `comments` with `descendant_count` and `subtree_depth`, from `parent_comment_id`.

    Both are 0 for a comment without replies, and null if the parents above it form a loop. Parents are
    looked up among `comments`.
    """
    row = pl.int_range(pl.len(), dtype=pl.UInt32)
    places = comments.select(parent_comment_id="comment_id", ancestor=row)
    ancestors = comments.select("parent_comment_id", row=row).join(
        places, on="parent_comment_id", how="left", maintain_order="left"
    )["ancestor"]
    below = pl.DataFrame({"ancestor": ancestors}).select(
        "ancestor", row=row, descendant_count=pl.lit(0, pl.Int64), subtree_depth=pl.lit(0, pl.Int32)
    )
    distance = 1
    # Pointer doubling: after k rounds every comment has counted the replies less than 2^k levels below it.
    while distance <= comments.height and below["ancestor"].null_count() < below.height:
        below = _double_distance(below, distance)
        distance *= 2
    is_loop = below["ancestor"].is_not_null()
    return comments.with_columns(
        descendant_count=pl.when(~is_loop).then(below["descendant_count"]),
        subtree_depth=pl.when(~is_loop).then(below["subtree_depth"]),
    )


def _double_distance(below: pl.DataFrame, distance: int) -> pl.DataFrame:
    """Return `below` for twice the distance; it covers `distance` - 1 levels down, its `ancestor` is `distance` up."""
    further = (
        below.drop_nulls("ancestor")
        .group_by("ancestor")
        .agg(
            # Each comment adds its own count, and 1 for itself, to its ancestor `distance` levels up.
            further_count=pl.col("descendant_count").sum() + pl.len().cast(pl.Int64),
            further_depth=pl.col("subtree_depth").max() + distance,
        )
        .rename({"ancestor": "row"})
    )
    return (
        below.join(further, on="row", how="left", maintain_order="left")
        .select(
            "row",
            # The new ancestor is the ancestor's ancestor.
            ancestor=below["ancestor"].gather(below["ancestor"].fill_null(0)),
            descendant_count=pl.col("descendant_count") + pl.col("further_count").fill_null(0),
            subtree_depth=pl.max_horizontal("subtree_depth", "further_depth").cast(pl.Int32),
        )
        .with_columns(ancestor=pl.when(below["ancestor"].is_not_null()).then("ancestor"))
    )
