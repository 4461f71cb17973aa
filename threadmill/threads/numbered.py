"""Parents that a source gives by their number in the thread, possibly in another document."""

import polars as pl

from threadmill.schema.frames import NUMBERED


def name_numbered_parents(comments: pl.DataFrame) -> pl.DataFrame:
    """Return `comments` of whole threads with the id of each parent that was known by its number only.

    A number that no comment has is left as it is.
    """
    number = pl.col("given_parent_id").str.extract(rf"{NUMBERED}(\d+)$")
    numbered = comments.with_columns(number=number.cast(pl.Int32, strict=False))
    if numbered["number"].null_count() == numbered.height:
        return comments
    named = (
        numbered.select("thread_id", number="position", parent="comment_id")
        .drop_nulls()
        .unique(["thread_id", "number"], keep="first", maintain_order=True)
    )
    return (
        numbered.join(named, on=["thread_id", "number"], how="left", maintain_order="left")
        .with_columns(given_parent_id=pl.coalesce("parent", "given_parent_id"))
        .drop("number", "parent")
    )
