"""How much hangs below each comment, by the best tree."""

import polars as pl


def measure(comments: pl.DataFrame) -> pl.DataFrame:
    """Return `comments` with `descendant_count` and `subtree_depth`, from `parent_comment_id`.

    Both are 0 for a comment without replies, and null where the parents above it run in a loop. Parents
    are looked up among `comments`.
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
    # Pointer doubling: after k rounds every comment knows what hangs less than 2^k levels below it.
    while distance <= comments.height and below["ancestor"].null_count() < below.height:
        below = _doubled(below, distance)
        distance *= 2
    is_loop = below["ancestor"].is_not_null()
    return comments.with_columns(
        descendant_count=pl.when(~is_loop).then(below["descendant_count"]),
        subtree_depth=pl.when(~is_loop).then(below["subtree_depth"]),
    )


def _doubled(below: pl.DataFrame, distance: int) -> pl.DataFrame:
    """Return `below`, which knows `distance` - 1 levels down and `distance` up, for twice that."""
    further = (
        below.drop_nulls("ancestor")
        .group_by("ancestor")
        .agg(
            # Each ancestor at `distance` adds what it knows and, as it is one itself, 1.
            further_count=pl.col("descendant_count").sum() + pl.len().cast(pl.Int64),
            further_depth=pl.col("subtree_depth").max() + distance,
        )
        .rename({"ancestor": "row"})
    )
    return (
        below.join(further, on="row", how="left", maintain_order="left")
        .select(
            "row",
            # The ancestor of the ancestor.
            ancestor=below["ancestor"].gather(below["ancestor"].fill_null(0)),
            descendant_count=pl.col("descendant_count") + pl.col("further_count").fill_null(0),
            subtree_depth=pl.max_horizontal("subtree_depth", "further_depth").cast(pl.Int32),
        )
        .with_columns(ancestor=pl.when(below["ancestor"].is_not_null()).then("ancestor"))
    )
