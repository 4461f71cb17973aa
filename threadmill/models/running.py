"""Run the queries of `sql/`, each after those it reads; a file holds one SELECT and is named after its table.

Models make published tables, each as `schema.TABLES` says: by thread (`in_parts`), by what stale threads touch
(`touched_by`), or whole. Intermediate queries (`sql/intermediate/`) make tables that models alone read.
"""

import contextlib
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from threadmill import schema
from threadmill.models import checks, summary
from threadmill.models.checks import Failure
from threadmill.models.dealing import write_dealt, write_parts
from threadmill.models.dependencies import (
    in_order,
    intermediate_families,
    intermediate_queries,
    queries,
)
from threadmill.models.intermediate import SPILL, make_family
from threadmill.models.memory import limit_memory, with_room
from threadmill.models.narrowing import (
    Todo,
    cut_groups,
    find_threads,
    list_inputs,
    open_narrow,
    show_kept,
    show_threads,
)
from threadmill.models.touched import show_new_parts, write_touched
from threadmill.models.words import WORDS, show_words
from threadmill.storage import macros, tables

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
    # Files are in the system's cache already, and there are a thousand.
    con.execute("set enable_external_file_cache = false")
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
    # Large ones have a thousand files: not all are looked at.
    return all(size <= SMALL_BYTES for size in accumulate(file.stat().st_size for file in files))


def _run_directly(_name: str, work: Callable[[], Any]) -> Any:
    return work()


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
    models, families, is_small = queries(), intermediate_families(), _is_small(snapshot)
    todo = todo or Todo(find_threads(snapshot))
    if todo.is_nothing:
        return
    for name in in_order(models, con, families):
        if name in families:
            family = {one: families[name][one] for one in in_order(families[name], con)}
            make = partial(_load_family if is_small else make_family, con, family, snapshot, todo)
            stage(f"intermediate {name}", partial(with_room, con, make))
            continue
        table = schema.TABLES[name]
        if table.is_by_thread:
            make = partial(_write_by_thread, con, name, models[name], snapshot, todo, is_small)
        elif is_small:
            make = partial(_load, con, name, models[name], snapshot)
        elif table.touched_by and todo.last:
            make = partial(write_touched, con, name, models[name], snapshot, todo)
        elif table.in_parts:
            make = partial(write_dealt, con, name, models[name], snapshot)
        else:
            make = partial(write, con, name, models[name], snapshot)
        stage(f"model {name}", partial(with_room, con, make))


def check(con: duckdb.DuckDBPyConnection, snapshot: Path, todo: Todo) -> list[Failure]:
    """Return the rules that the tables `con` sees, all just written, break; none if all is well.

    Rows of threads that aren't in `todo`, and parts taken over, were checked by the run that made them.
    """
    if todo.is_nothing:
        return []
    if todo.last is None:
        return with_room(con, partial(checks.run, con, are_new=True))
    is_small = _is_small(snapshot)
    with open_narrow(con) as own:
        show_threads(own, schema.TABLES, snapshot, todo.threads, is_small=is_small)
        show_new_parts(own, snapshot)
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
    with open_narrow(con) as own:
        inputs = list_inputs([query], own)
        kept = intermediate_queries().keys() & inputs
        place = None if is_small else todo.kept or snapshot / SPILL
        for numbers, threads in cut_groups(snapshot, todo.threads):
            show_threads(own, inputs, snapshot, threads, is_small=is_small)
            show_kept(own, kept, place, numbers)
            rows = pl.DataFrame(own.sql(query).to_arrow_table())
            placed = rows.join(threads, on="thread_id", how="left", maintain_order="left")
            tables.merge_parts(name, placed, threads, snapshot, todo.last)
    tables.write_if_empty(name, snapshot)
    kind = "table" if is_small else "view"
    con.execute(f"drop {kind} if exists {name}")
    con.execute(tables.view_statement(name, snapshot, kind))


def _load(con: duckdb.DuckDBPyConnection, name: str, query: str, snapshot: Path) -> None:
    """Do as `write`, by way of a table in memory: `query` is planned once, and not read from its file again."""
    con.execute(f"create or replace table {name} as {query}")
    if schema.TABLES[name].in_parts:
        write_parts(con, name, f"main.{name}", snapshot)
        return
    rows = con.table(name).to_arrow_reader(tables.ROW_GROUP_ROWS)
    tables.write_stream(name, rows, tables.place(snapshot, name))


def _load_family(
    con: duckdb.DuckDBPyConnection, family: dict[str, str], _snapshot: Path, _todo: Todo
) -> None:
    """Do as `make_family`, in memory."""
    if not WORDS.isdisjoint(list_inputs(family.values(), con)):
        show_words(con, "main")
    for name, query in family.items():
        con.execute(f"create or replace table {name} as {query}")
