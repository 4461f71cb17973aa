"""Run the queries of `sql/`, each after those it reads: one SELECT per file, which has its table's name.

Models make published tables. Intermediate queries (`sql/intermediate/`) make tables that models alone read, from one
thread's rows at a time.
"""

import contextlib
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import polars as pl
import pyarrow.parquet as pq

from threadmill import schema
from threadmill.models import checks, summary
from threadmill.models.checks import Failure
from threadmill.models.dependencies import in_order, intermediate_queries, queries, reads
from threadmill.models.memory import limit_memory, with_room
from threadmill.storage import macros, tables
from threadmill.storage.buckets import buckets
from threadmill.storage.links import link

SPILL = ".spill"
"""The folder of a snapshot for what memory can't hold; it isn't published."""
GROUP_ROWS = 2**16
"""Comments that a model by thread takes at once: more would be joined and grouped on disk."""
SMALL_BYTES = 2**20
"""Load Parquet tables up to this many bytes instead of reading them in each query: below it, the cost of a query is its
planning, and planning one on files means opening them."""


@contextlib.contextmanager
def open_tables(snapshot: Path, jobs: int | None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection in memory that sees the tables written to `snapshot` so far: views, or tables if small.

    Queries that need more than they may take (the setting `memory`) go on in `snapshot`/.spill. They use `jobs`
    threads, all cores if None.

    Raises:
        ValueError: the setting `memory` is no amount of memory.
    """
    con = duckdb.connect()
    con.execute("set enable_progress_bar = false")
    if jobs:
        con.execute(f"set threads = {jobs}")
    limit_memory(con, snapshot)
    con.execute("set parquet_metadata_cache = true")
    con.execute(f"set temp_directory = '{tables.quote(snapshot / SPILL)}'")
    macros.create(con)
    kind = "table" if _is_small(snapshot) else "view"
    for table in schema.TABLES:
        if tables.files(snapshot, table):
            con.execute(tables.view_statement(table, snapshot, kind))
    try:
        yield con
    finally:
        con.close()
        shutil.rmtree(snapshot / SPILL, ignore_errors=True)


def _is_small(snapshot: Path) -> bool:
    """Return whether what is written to `snapshot` is better loaded than read by each query."""
    files = (file for table in schema.TABLES for file in tables.files(snapshot, table))
    return sum(file.stat().st_size for file in files) <= SMALL_BYTES


def _run_directly(_name: str, work: Callable[[], Any]) -> Any:
    return work()


class Todo(NamedTuple):
    """What models by thread have to make, and what is there already."""

    threads: pl.DataFrame
    """Rows of `thread_id, bucket`: all whose rows are made, and those that aren't there any more."""
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


def run(
    con: duckdb.DuckDBPyConnection,
    snapshot: Path,
    stage: Callable[[str, Callable[[], Any]], Any] = _run_directly,
    todo: Todo | None = None,
) -> None:
    """Write every modelled table to `snapshot`, whose parsed ones `con` sees; it sees them too afterwards.

    `stage` runs each query, given its name and the work. Of tables in parts, rows are made for the threads of
    `todo`, all if None.

    Raises:
        ValueError: a query gives other columns than `schema` declares for its table.
    """
    models, before, is_small = queries(), intermediate_queries(), _is_small(snapshot)
    keep = _load_intermediate if is_small else _write_intermediate
    todo = todo or Todo(_find_threads(snapshot))
    if todo.is_nothing:
        return
    for name in in_order(models | before, con):
        if name not in models:
            prepare = partial(keep, con, name, before[name], snapshot, todo)
            stage(f"intermediate {name}", partial(with_room, con, prepare))
            continue
        if not schema.TABLES[name].in_parts:
            make = partial(_load if is_small else write, con, name, models[name], snapshot)
        else:
            make = partial(_write_by_thread, con, name, models[name], snapshot, todo, is_small)
        stage(f"model {name}", partial(with_room, con, make))


def _find_threads(snapshot: Path) -> pl.DataFrame:
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


def check(con: duckdb.DuckDBPyConnection, snapshot: Path, todo: Todo) -> list[Failure]:
    """Return the rules that the tables `con` sees, all just written, break; none if all is well.

    Rows of threads that aren't in `todo` were checked by the run that made them.
    """
    if todo.is_nothing:
        return []
    if todo.last is None:
        return with_room(con, partial(checks.run, con, are_new=True))
    is_small = _is_small(snapshot)
    with _one_group(con) as own:
        _narrow(own, "", snapshot, todo.threads, is_small)
        return with_room(own, partial(checks.run, own, are_new=True, are_more=True))


def measure(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Return the figures of the summary, read from the tables that `con` sees."""
    return with_room(con, partial(summary.measure, con))


def write(con: duckdb.DuckDBPyConnection, name: str, query: str, snapshot: Path) -> None:
    """Write what `query` gives to `snapshot` as table `name`, and let `con` see it.

    Raises:
        ValueError: it has other columns than `schema` declares.
    """
    rows = con.sql(query).to_arrow_reader(tables.ROW_GROUP_ROWS)
    tables.write_stream(name, rows, tables.place(snapshot, name))
    con.execute(tables.view_statement(name, snapshot))


def _write_by_thread(
    con: duckdb.DuckDBPyConnection,
    name: str,
    query: str,
    snapshot: Path,
    todo: Todo,
    is_small: bool,
) -> None:
    """Do as `write` for a table in parts: rows of the threads of `todo` are what `query` gives of them."""
    folder = tables.place(snapshot, name)
    folder.mkdir(exist_ok=True)
    with _one_group(con) as own:
        for numbers in _group_buckets(snapshot, sorted(set(todo.threads["bucket"]))):
            threads = todo.threads.filter(pl.col("bucket").is_in(numbers))
            _narrow(own, query, snapshot, threads, is_small)
            rows = pl.DataFrame(own.sql(query).to_arrow_table())
            placed = rows.join(threads, on="thread_id", how="left", maintain_order="left")
            tables.merge_parts(name, placed, threads, snapshot, todo.last)
    if not any(folder.iterdir()):
        # Without a part a reader couldn't know the columns.
        tables.write(name, tables.empty(schema.arrow(name)), folder / tables.EMPTY_PART)
    kind = "table" if is_small else "view"
    con.execute(f"drop {kind} if exists {name}")
    con.execute(tables.view_statement(name, snapshot, kind))


def _load(con: duckdb.DuckDBPyConnection, name: str, query: str, snapshot: Path) -> None:
    """Do as `write`, by way of a table in memory: `query` is planned once, and not read from its file again."""
    con.execute(f"create or replace table {name} as {query}")
    rows = con.table(name).to_arrow_reader(tables.ROW_GROUP_ROWS)
    tables.write_stream(name, rows, tables.place(snapshot, name))


def _write_intermediate(
    con: duckdb.DuckDBPyConnection, name: str, query: str, snapshot: Path, todo: Todo
) -> None:
    """Let `con` see what `query` gives as table `name`, which isn't published: parts as those of a table by thread."""
    folder = (todo.kept or snapshot / SPILL) / name
    # There may be some of a try that lacked memory.
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    last = todo.last_kept / name if todo.last_kept else None
    threads = todo.threads if last or not todo.last else _find_threads(snapshot)
    touched = set(threads["bucket"])
    for kept in sorted(last.iterdir()) if last else ():
        if tables.bucket(f"{name}/{kept.name}") not in touched:
            link(kept, folder / kept.name)
    with _one_group(con) as own:
        for numbers in _group_buckets(snapshot, sorted(touched)):
            some = threads.filter(pl.col("bucket").is_in(numbers))
            _narrow(own, query, snapshot, some, is_small=False)
            rows = pl.DataFrame(own.sql(query).to_arrow_table())
            placed = rows.join(some.select("thread_id", "bucket"), on="thread_id")
            before = _read_kept(last, numbers, some) if last else None
            both = placed if before is None else pl.concat([before, placed.select(before.columns)])
            for (number,), part in both.partition_by("bucket", as_dict=True).items():
                path = folder / f"part-{number:02d}.parquet"
                part.drop("bucket").write_parquet(path, compression_level=1)
    if any(folder.iterdir()):
        files = tables.quote(folder / "*.parquet")
        con.execute(f"create view {name} as from read_parquet('{files}')")
    else:
        con.execute(f"create table {name} as {query}")


def _read_kept(last: Path, numbers: list[int], threads: pl.DataFrame) -> pl.DataFrame | None:
    """Return the rows of buckets of an intermediate table that aren't of `threads`; None if there are none."""
    frames = [
        pl.read_parquet(part).with_columns(bucket=pl.lit(number, pl.Int32))
        for number in numbers
        if (part := last / f"part-{number:02d}.parquet").is_file()
    ]
    gone = threads["thread_id"].implode()
    return pl.concat(frames).filter(~pl.col("thread_id").is_in(gone)) if frames else None


def _load_intermediate(
    con: duckdb.DuckDBPyConnection, name: str, query: str, _snapshot: Path, _todo: Todo
) -> None:
    """Do as `_write_intermediate`, in memory."""
    con.execute(f"create table {name} as {query}")


def _group_buckets(snapshot: Path, numbers: list[int]) -> list[list[int]]:
    """Return the buckets `numbers` in groups, each together up to `GROUP_ROWS` comments or a bucket."""
    groups: list[list[int]] = []
    held = 0
    for bucket in numbers:
        part = tables.part(snapshot, "comments", bucket)
        rows = pq.read_metadata(part).num_rows if part.is_file() else 0
        if not groups or held + rows > GROUP_ROWS:
            groups.append([])
            held = 0
        groups[-1].append(bucket)
        held += rows
    return groups


@contextlib.contextmanager
def _one_group(con: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a cursor of `con` that looks for tables in the schema `one_group` first."""
    con.execute("create schema if not exists one_group")
    with con.cursor() as own:
        own.execute("set search_path = 'one_group,main'")
        yield own
        own.execute("drop schema one_group cascade")


def _narrow(
    own: duckdb.DuckDBPyConnection,
    query: str,
    snapshot: Path,
    threads: pl.DataFrame,
    is_small: bool,
) -> None:
    """Let the tables that `query` reads, all without one, have the rows of `threads` alone."""
    own.register("wanted", threads.select("thread_id").to_arrow())
    own.execute("create or replace table one_group.wanted_threads as from wanted")
    own.unregister("wanted")
    numbers = sorted(set(threads["bucket"]))
    for table in reads(query, own) if query else schema.TABLES:
        rows = f"main.{table}"
        if table not in schema.TABLES:
            continue
        if schema.TABLES[table].in_parts and not is_small:
            parts = (tables.part(snapshot, table, number) for number in numbers)
            there = [part for part in parts if part.is_file()]
            rows = f"({tables.select_statement(table, there)})" if there else rows
        elif table != "threads" and not schema.TABLES[table].in_parts:
            continue
        own.execute(
            f"create or replace view one_group.{table} as select * from {rows} "
            "where thread_id in (select thread_id from one_group.wanted_threads)"
        )
