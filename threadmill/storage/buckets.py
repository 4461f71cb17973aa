"""Deal threads to buckets by a hash of their id: a bucket is what is rebuilt whole, and a part of a Parquet table."""

from functools import cache

import duckdb
import polars as pl

BUCKETS = 64
"""The number of buckets, whatever the amount of data."""
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


def buckets(thread_ids: pl.Series) -> pl.Series:
    """Return the bucket of each thread, from 0 to `BUCKETS` - 1."""
    digest = digests(thread_ids.alias("thread_id").to_frame(), "thread_id")
    number = digest.str.slice(0, 4).str.to_integer(base=16) % BUCKETS
    return number.cast(pl.Int32).alias("bucket")
