"""Deal threads to buckets by a hash of their id: a bucket is what is rebuilt whole, and a part of a Parquet table."""

from functools import cache

import duckdb
import polars as pl

FEWEST = 64
GROWTH = 4
MOST = 2**16
"""There are so many buckets at first, more by this factor when one is full, and never more than this."""
FULL = 250_000
"""Comments that a bucket holds at most, unless one of its threads has more."""
HASH_CHARS = 20
"""80 bits: among a billion comments, the chance that any two share a hash is 4 in 10 million."""


def digests(frame: pl.DataFrame, column: str) -> pl.Series:
    """Return a stable hash of each text in `column`, `HASH_CHARS` hexadecimal digits."""
    with _hasher().cursor() as con:
        con.register("texts", frame.select(text=column).to_arrow())
        hashed: pl.DataFrame = con.sql(
            f"select left(md5(text), {HASH_CHARS}) as digest from texts"
        ).pl()
    return hashed["digest"]


@cache
def _hasher() -> duckdb.DuckDBPyConnection:
    # Opening a connection costs more than hashing a thread.
    return duckdb.connect()


def buckets(ids: pl.Series, count: int = FEWEST) -> pl.Series:
    """Return the bucket of each thread, or of another id, from 0 to `count` - 1.

    Of 4 times as many buckets, each holds a part of what one of the fewer held.
    """
    digest = digests(ids.alias("id").to_frame(), "id")
    number = digest.str.slice(0, 4).str.to_integer(base=16) % count
    return number.cast(pl.Int32).alias("bucket")


def deal(rows: pl.DataFrame, count: int, column: str = "thread_id") -> pl.DataFrame:
    """Return `rows`, in order, with the `bucket` that the id in `column` has among `count`."""
    ids = rows.select(pl.col(column).unique())
    dealt = ids.with_columns(buckets(ids[column], count))
    others = rows.drop("bucket", strict=False)
    joined = others.join(dealt, on=column, how="left", maintain_order="left")
    return joined.select(rows.columns if "bucket" in rows.columns else joined.columns)


def count_buckets(threads: pl.DataFrame, count: int) -> int:
    """Return how many buckets `threads` need: `count`, or 4, 16 … times as many.

    They have `thread_id, comment_count` and their `bucket` among `count`.
    """
    while count < MOST and _is_any_full(threads):
        count *= GROWTH
        threads = deal(threads, count)
    return count


def _is_any_full(threads: pl.DataFrame) -> bool:
    # Nothing splits a thread.
    split = threads.filter(pl.col("comment_count") <= FULL)
    sizes = split.group_by("bucket").agg(pl.col("comment_count").sum())
    return bool((sizes["comment_count"] > FULL).any())


def name_bucket(bucket: int) -> str:
    """Return the number of a bucket as names of files have it: they sort, however many there are."""
    return f"{bucket:05d}"
