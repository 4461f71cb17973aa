"""Hash the rows of each thread, to tell which threads another run must build again."""

import hashlib
from collections.abc import Iterator
from typing import Any

import polars as pl

DIGEST = pl.Schema(
    {
        "thread_id": pl.String,
        "platform": pl.String,
        "bucket": pl.Int32,
        "digest": pl.String,
        "comment_count": pl.Int64,
    }
)
"""One row per thread: what its parsed rows are, in 80 bits, and how many comments they say there are."""
DIGEST_BYTES = 10


def digest_threads(threads: pl.DataFrame, comments: pl.DataFrame) -> pl.DataFrame:
    """Return what the rows of each thread are, as `DIGEST`."""
    # The hash of a document that feeds many threads is no part of any: it is looked up when they are written.
    own = threads.drop("source_sha256")
    hashed = [frame.select("thread_id", hashed=frame.hash_rows()) for frame in (own, comments)]
    rows = pl.concat(hashed).sort("thread_id", maintain_order=True)
    sizes = comments.group_by("thread_id").agg(comment_count=pl.len().cast(pl.Int64))
    numbers = rows["hashed"].to_numpy().tobytes()
    digests = {
        thread_id: hashlib.blake2b(
            numbers[start * 8 : (start + size) * 8], digest_size=DIGEST_BYTES
        ).hexdigest()
        for thread_id, start, size in iterate_runs(rows["thread_id"])
    }
    return (
        threads.select("thread_id", "platform", "bucket")
        .unique("thread_id", keep="first", maintain_order=True)
        .with_columns(digest=pl.col("thread_id").replace_strict(digests, return_dtype=pl.String))
        .join(sizes, on="thread_id", how="left", maintain_order="left")
        .with_columns(pl.col("comment_count").fill_null(0))
        .match_to_schema(DIGEST)
    )


def iterate_runs(column: pl.Series) -> Iterator[tuple[Any, int, int]]:
    """Yield each value of a sorted column, where its rows begin and how many there are."""
    start = 0
    for size, value in column.rle().struct.unnest().iter_rows():
        yield value, start, size
        start += size
