"""Run the queries of `sql/`, each after those it reads: one SELECT per file, which has its table's name.

Models make published tables. Intermediate queries (`sql/intermediate/`) make tables that models alone read, from one
thread's rows at a time.
"""

import contextlib
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from threadmill import schema
from threadmill.models import checks, summary
from threadmill.models.checks import Failure
from threadmill.models.dependencies import in_order, intermediate_queries, queries, reads
from threadmill.models.memory import limit_memory, with_room
from threadmill.storage import macros, tables
from threadmill.storage.buckets import BUCKETS

SPILL = ".spill"
"""The folder of a snapshot for what memory can't hold; it isn't published."""
BY_THREAD = frozenset({"comment_engagement", "comment_topics"})
"""Models whose rows follow from the parsed rows of their thread alone, sorted by thread first."""
GROUP_ROWS = 2**16
"""Comments that a model `BY_THREAD` takes at once: more would be joined and grouped on disk."""
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
        if tables.place(snapshot, table).exists():
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


def run(
    con: duckdb.DuckDBPyConnection,
    snapshot: Path,
    stage: Callable[[str, Callable[[], Any]], Any] = _run_directly,
) -> dict[str, int]:
    """Write every modelled table to `snapshot`, whose parsed ones `con` sees; return their rows.

    `con` sees them too afterwards. `stage` runs each query, given its name and the work.

    Raises:
        ValueError: a query gives other columns than `schema` declares for its table.
    """
    models, before, is_small = queries(), intermediate_queries(), _is_small(snapshot)
    make, keep = (_load, _load_intermediate) if is_small else (write, _write_intermediate)
    rows = {}
    for name in in_order(models | before, con):
        if name in models:
            work = partial(make, con, name, models[name], snapshot)
            rows[name] = stage(f"model {name}", partial(with_room, con, work))
        else:
            prepare = partial(keep, con, name, before[name], snapshot)
            stage(f"intermediate {name}", partial(with_room, con, prepare))
    return rows


def check(con: duckdb.DuckDBPyConnection) -> list[Failure]:
    """Return the rules that the tables `con` sees, all just written, break; none if all is well."""
    return with_room(con, partial(checks.run, con, are_new=True))


def measure(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Return the figures of the summary, read from the tables that `con` sees."""
    return with_room(con, partial(summary.measure, con))


def write(con: duckdb.DuckDBPyConnection, name: str, query: str, snapshot: Path) -> int:
    """Write what `query` gives to `snapshot` as table `name`, and let `con` see it; return its rows.

    Raises:
        ValueError: it has other columns than `schema` declares.
    """
    groups = _groups(snapshot) if name in BY_THREAD else []
    pieces = snapshot / SPILL / name
    if len(groups) > 1:
        _write_pieces(con, query, snapshot, groups, pieces)
        # A thread is whole in one piece, which has its rows in their order.
        query = (
            f"select * exclude (file_row_number) from read_parquet('{tables.quote(pieces / '*.parquet')}', "
            "file_row_number = true) order by thread_id, file_row_number"
        )
    rows = tables.write_stream(
        name, con.sql(query).to_arrow_reader(tables.ROW_GROUP_ROWS), tables.place(snapshot, name)
    )
    shutil.rmtree(pieces, ignore_errors=True)
    con.execute(tables.view_statement(name, snapshot))
    return rows


def _load(con: duckdb.DuckDBPyConnection, name: str, query: str, snapshot: Path) -> int:
    """Do as `write`, by way of a table in memory: `query` is planned once, and not read from its file again."""
    con.execute(f"create or replace table {name} as {query}")
    rows = con.table(name).to_arrow_reader(tables.ROW_GROUP_ROWS)
    return tables.write_stream(name, rows, tables.place(snapshot, name))


def _write_intermediate(
    con: duckdb.DuckDBPyConnection, name: str, query: str, snapshot: Path
) -> None:
    """Let `con` see what `query` gives as table `name`, which lies in what isn't published of `snapshot`."""
    pieces = snapshot / SPILL / name
    _write_pieces(con, query, snapshot, _groups(snapshot) or [[]], pieces)
    con.execute(f"create view {name} as from read_parquet('{tables.quote(pieces / '*.parquet')}')")


def _load_intermediate(
    con: duckdb.DuckDBPyConnection, name: str, query: str, _snapshot: Path
) -> None:
    """Do as `_write_intermediate`, in memory."""
    con.execute(f"create table {name} as {query}")


def _groups(snapshot: Path) -> list[list[int]]:
    """Return the buckets that have comments, together up to `GROUP_ROWS` of them or a bucket."""
    groups: list[list[int]] = []
    held = 0
    for bucket in range(BUCKETS):
        part = tables.part(snapshot, "comments", bucket)
        if part.is_file():
            rows = pq.read_metadata(part).num_rows
            if not groups or held + rows > GROUP_ROWS:
                groups.append([])
                held = 0
            groups[-1].append(bucket)
            held += rows
    return groups


def _write_pieces(
    con: duckdb.DuckDBPyConnection,
    query: str,
    snapshot: Path,
    groups: list[list[int]],
    pieces: Path,
) -> None:
    """Write what `query` gives of each of the `groups` of buckets to a file of the folder `pieces`."""
    # There may be some of a try that lacked memory.
    shutil.rmtree(pieces, ignore_errors=True)
    pieces.mkdir(parents=True)
    in_parts = [table for table in reads(query, con) if schema.TABLES[table].in_parts]
    con.execute("create schema if not exists one_group")
    with con.cursor() as own:
        own.execute("set search_path = 'one_group,main'")
        for number, buckets in enumerate(groups):
            for table in in_parts:
                parts = [tables.part(snapshot, table, bucket) for bucket in buckets]
                there = [part for part in parts if part.is_file()]
                rows = (
                    tables.select_statement(table, there)
                    if there
                    else f"select * from main.{table} where false"
                )
                own.execute(f"create or replace view one_group.{table} as {rows}")
            own.sql(query).write_parquet(str(pieces / f"{number:02d}.parquet"))
