"""Limit queries to some threads: those of a group of buckets, all or only the stale ones."""

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import duckdb
import polars as pl
import pyarrow.parquet as pq

from threadmill import schema
from threadmill.models.dependencies import reads
from threadmill.models.words import MADE_FROM, WORDS, show_words
from threadmill.storage import tables
from threadmill.storage.buckets import buckets, name_bucket

GROUP_ROWS = 2**16
"""Comments that a query by thread takes at once: more would be joined and grouped on disk."""


class Todo(NamedTuple):
    """What models have to make, and what is there already."""

    threads: pl.DataFrame
    """Rows of `thread_id, bucket`: the stale threads, all whose rows are made and those that aren't there any more."""
    last: Path | None = None
    """The snapshot that has the rows of all other threads; None if there are no others."""
    kept: Path | None = None
    """Where intermediate tables are kept for the next run; None if they aren't."""
    last_kept: Path | None = None
    """Where the last run kept its own; None if there is nothing of use."""

    @property
    def is_nothing(self) -> bool:
        """Whether everything is there already, tables of one file too."""
        return self.last is not None and self.threads.is_empty()


def find_threads(snapshot: Path) -> pl.DataFrame:
    """Return `thread_id, bucket` of all threads in `snapshot`."""
    threads = pl.read_parquet(tables.place(snapshot, "threads"), columns=["thread_id"])
    threads = threads.with_columns(hashed=buckets(threads["thread_id"]))
    placed = [
        pl.scan_parquet(part)
        .select("thread_id", bucket=pl.lit(number, pl.Int32))
        .unique()
        .collect()
        for part in tables.files(snapshot, "comments")
        if (number := tables.bucket(part.relative_to(snapshot).as_posix())) is not None
    ]
    if placed:
        # Invented data lie where they were put.
        threads = threads.join(pl.concat(placed), on="thread_id", how="left")
        return threads.select("thread_id", pl.coalesce("bucket", "hashed").alias("bucket"))
    return threads.rename({"hashed": "bucket"})


def cut_groups(snapshot: Path, threads: pl.DataFrame) -> Iterator[tuple[list[int], pl.DataFrame]]:
    """Yield the buckets of `threads` in groups, each with its threads: `GROUP_ROWS` comments together, or a bucket."""
    groups: list[list[int]] = []
    held = 0
    for bucket in sorted(set(threads["bucket"])):
        part = tables.part(snapshot, "comments", bucket)
        rows = pq.read_metadata(part).num_rows if part.is_file() else 0
        if not groups or held + rows > GROUP_ROWS:
            groups.append([])
            held = 0
        groups[-1].append(bucket)
        held += rows
    for numbers in groups:
        yield numbers, threads.filter(pl.col("bucket").is_in(numbers))


@contextlib.contextmanager
def open_narrow(con: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a cursor of `con` that looks for tables in the schema `narrow` first."""
    con.execute("create schema if not exists narrow")
    with con.cursor() as own:
        own.execute("set search_path = 'narrow,main'")
        yield own
        own.execute("drop schema narrow cascade")


def show_threads(
    own: duckdb.DuckDBPyConnection,
    names: Iterable[str],
    snapshot: Path,
    threads: pl.DataFrame,
    *,
    is_small: bool = False,
) -> None:
    """Let those tables called `names` that are by thread have the rows of `threads` alone, as `snapshot` has them.

    If it `is_small`, `own` has them all loaded. Where `names` has tables of words, those of these threads are cut.
    """
    own.register("given", threads.select("thread_id").to_arrow())
    own.execute("create or replace table narrow.shown_threads as from given")
    own.unregister("given")
    numbers = sorted(set(threads["bucket"]))
    has_words = not WORDS.isdisjoint(names)
    for name in {*names, MADE_FROM} if has_words else names:
        if name == "threads" or (name in schema.TABLES and schema.TABLES[name].is_by_thread):
            _show_rows(
                own, name, f"main.{name}" if is_small else select_rows(name, snapshot, numbers)
            )
    if has_words:
        show_words(own, "narrow")


def show_kept(
    own: duckdb.DuckDBPyConnection, names: Iterable[str], folder: Path | None, numbers: list[int]
) -> None:
    """Let those intermediate tables called `names` that are kept by thread have the rows of the threads shown.

    They lie in `folder`, those of the buckets `numbers` in files of their own; None if `own` has them all loaded.
    """
    for name in names:
        if folder is None:
            _show_rows(own, name, f"main.{name}")
            continue
        files = [part for one in numbers if (part := folder / name / kept_part(one)).is_file()]
        _show_rows(own, name, tables.read_files(files) if files else f"(from main.{name} limit 0)")


def _show_rows(own: duckdb.DuckDBPyConnection, name: str, rows: str) -> None:
    """Let `own` see as `name` those of `rows` whose threads are shown."""
    own.execute(
        f"create or replace view narrow.{name} as select * from {rows} "
        "where thread_id in (select thread_id from narrow.shown_threads)"
    )


def kept_part(bucket: int) -> str:
    """Return the name of the file of `bucket` in the folder of an intermediate table."""
    return f"part-{name_bucket(bucket)}.parquet"


def select_rows(name: str, snapshot: Path, numbers: list[int]) -> str:
    """Return what gives the rows of table `name` in `snapshot`, of one by thread those in the buckets `numbers`."""
    if schema.TABLES[name].is_by_thread:
        files = [part for one in numbers if (part := tables.part(snapshot, name, one)).is_file()]
    else:
        files = tables.files(snapshot, name)
    if files:
        return f"({tables.select_statement(name, files)})"
    return f"(select * from main.{name} limit 0)"


def list_inputs(queries: Iterable[str], own: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the tables that `queries` read, by name."""
    return sorted({name for query in queries for name in reads(query, own)})
