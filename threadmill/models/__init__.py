"""Run the queries of `sql/`, each after those it reads: one SELECT a file, its name the table's.

Models make published tables. Steps (`sql/steps/`) make tables that models alone read, of one thread's rows at a time.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pyarrow.parquet as pq

from threadmill import paths, schema, settings
from threadmill.storage import macros, tables
from threadmill.threads.identify import BUCKETS

T = TypeVar("T")
FOLDERS = ("engagement", "topics", "quality")
STEPS = "steps"
THREAD_BYTES = 2**28
"""Where the setting `memory` is unset, queries may take this for each of their threads or, if that is more,
`COMMENT_BYTES` for each comment, more where that isn't enough (`with_room`), and never more than half of what
the machine has."""
COMMENT_BYTES = 200
"""25 M comments were queried with 120 bytes for each."""
SPILL = ".spill"
"""The folder of a snapshot for what memory can't hold; it isn't published."""
BY_THREAD = frozenset({"comment_engagement", "comment_topics"})
"""Models whose rows follow from the parsed rows of their thread alone, sorted by thread first."""
GROUP_ROWS = 2**16
"""Comments that a model `BY_THREAD` takes at once: more would be joined and grouped on disk."""
SMALL_BYTES = 2**20
"""Up to so many bytes of Parquet tables are loaded rather than read by each query anew: below it, what a query
costs is to be planned, and to plan one on files means to open them."""

_READS: dict[str, frozenset[str]] = {}
"""What `reads` gave: a run asks twice, for the order of its models and for what the manifest says of them."""


def queries() -> dict[str, str]:
    """Return the query of each modelled table by the table's name."""
    return {name: query for folder in FOLDERS for name, query in _in(folder).items()}


def steps() -> dict[str, str]:
    """Return the query of each step by the name of its table."""
    return _in(STEPS)


def _in(folder: str) -> dict[str, str]:
    files = sorted((paths.sql_folder() / folder).glob("*.sql"))
    return {path.stem: path.read_text(encoding="utf-8") for path in files}


def reads(query: str, con: duckdb.DuckDBPyConnection | None = None) -> frozenset[str]:
    """Return the tables that `query` reads, without its own `with` names.

    DuckDB's parser says so, that of `con` if given. Its binder (`get_table_names`) would want the tables'
    columns.

    Raises:
        ValueError: `query` isn't a single SELECT.
    """
    if query not in _READS:
        _READS[query] = frozenset(_base_tables(_parsed(query, con), frozenset()))
    return _READS[query]


def inputs(query: str) -> frozenset[str]:
    """Return the published tables that `query` reads, by way of steps too.

    Raises:
        ValueError: `query` isn't a single SELECT.
    """
    direct, known = reads(query), steps()
    through = (inputs(known[name]) for name in direct & known.keys())
    return direct.difference(known).union(*through)


def _parsed(query: str, con: duckdb.DuckDBPyConnection | None) -> Any:
    said = (con or duckdb.default_connection()).execute(
        "select json_serialize_sql(?::varchar, skip_null := true, skip_empty := true)", [query]
    )
    tree = json.loads(said.fetchall()[0][0])
    if tree["error"]:
        raise ValueError(tree["error_message"])
    if len(tree["statements"]) != 1:
        raise ValueError(f"{len(tree['statements'])} statements; a model is one SELECT")
    return tree["statements"][0]["node"]


def _base_tables(node: Any, named: frozenset[str]) -> Iterator[str]:
    """Yield the tables below `node` that aren't among the `with` names in scope."""
    if isinstance(node, list):
        for child in node:
            yield from _base_tables(child, named)
    elif isinstance(node, dict):
        for entry in (node.get("cte_map") or {}).get("map", ()):
            query = entry["value"]["query_node"]
            own = {entry["key"]} if query["type"] == "RECURSIVE_CTE_NODE" else set()
            yield from _base_tables(query, named | own)
            # A later `with` sees the earlier ones.
            named |= {entry["key"]}
        if node.get("type") == "BASE_TABLE" and node["table_name"] not in named:
            yield node["table_name"]
        for key, child in node.items():
            if key != "cte_map":
                yield from _base_tables(child, named)


def in_order(models: dict[str, str], con: duckdb.DuckDBPyConnection | None = None) -> list[str]:
    """Return the names of `models`, each after those it reads, otherwise by name.

    Raises:
        ValueError: some read each other, or one reads a table that nobody makes.
    """
    known = {*models, *schema.parsed_tables()}
    graph: dict[str, frozenset[str]] = {}
    for name in sorted(models):
        inputs = reads(models[name], con)
        if unknown := inputs - known:
            raise ValueError(
                f"{name}.sql: reads {sorted(unknown)}, which no flow and no model makes"
            )
        graph[name] = inputs & models.keys()
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise ValueError(f"models read each other: {' → '.join(error.args[1])}") from None


def open_tables(snapshot: Path, jobs: int | None) -> duckdb.DuckDBPyConnection:
    """Return a connection in memory that sees the tables written to `snapshot` so far: views, or tables if small.

    Queries that need more than they may take (the setting `memory`) go on in `snapshot`/.spill. They use `jobs`
    threads, all cores if None.

    Raises:
        ValueError: the setting `memory` is no amount of memory.
    """
    con = duckdb.connect()
    con.execute("set enable_progress_bar = false")
    if jobs:
        con.execute(f"set threads = {jobs}")
    _limit_memory(con, snapshot)
    con.execute("set parquet_metadata_cache = true")
    con.execute(f"set temp_directory = '{_quoted(snapshot / SPILL)}'")
    macros.create(con)
    kind = "table" if _is_small(snapshot) else "view"
    for table in schema.TABLES:
        if tables.place(snapshot, table).exists():
            con.execute(view(table, snapshot, kind))
    return con


def _limit_memory(con: duckdb.DuckDBPyConnection, snapshot: Path) -> None:
    if given := settings.value("memory"):
        con.execute("set memory_limit = ?", [given])
        return
    rows = sum(pq.read_metadata(part).num_rows for part in tables.files(snapshot, "comments"))
    threads = con.execute("select current_setting('threads')").fetchall()[0][0]
    _allow(con, max(threads * THREAD_BYTES, rows * COMMENT_BYTES))


def _allow(con: duckdb.DuckDBPyConnection, wanted: int) -> int:
    """Let `con` take so many bytes, at most half of what the machine has; return what it may take."""
    con.execute("set memory_limit = '50%'")
    if wanted < _allowed(con):
        con.execute(f"set memory_limit = '{wanted}B'")
    return _allowed(con)


def _allowed(con: duckdb.DuckDBPyConnection) -> int:
    told = "select parse_formatted_bytes(current_setting('memory_limit'))"
    return int(con.execute(told).fetchall()[0][0])


def with_room(con: duckdb.DuckDBPyConnection, work: Callable[[], T]) -> T:
    """Return what `work` gives, done again with twice the memory for `con` where that wasn't enough.

    It ends at half of what the machine has; what the setting `memory` says stays.
    """
    while True:
        try:
            return work()
        except duckdb.OutOfMemoryException:
            before = _allowed(con)
            if settings.value("memory") or _allow(con, 2 * before) == before:
                raise


def _is_small(snapshot: Path) -> bool:
    """Return whether what is written to `snapshot` is better loaded than read by each query."""
    files = (file for table in schema.TABLES for file in tables.files(snapshot, table))
    return sum(file.stat().st_size for file in files) <= SMALL_BYTES


def view(table: str, snapshot: Path, kind: str = "view") -> str:
    """Return the statement that makes a view (or a `kind` "table") of `table` on its files, columns by name."""
    place = tables.place(snapshot, table)
    files = place / tables.PARTS if schema.TABLES[table].in_parts else place
    return f"create {kind} {table} as {_read(table, [files])}"


def _read(table: str, files: list[Path]) -> str:
    columns = ", ".join(f'"{name}"' for name in schema.TABLES[table].columns)
    listed = ", ".join(f"'{_quoted(file)}'" for file in files)
    return f"select {columns} from read_parquet([{listed}])"


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _as_it_is(_name: str, work: Callable[[], Any]) -> Any:
    return work()


def run(
    con: duckdb.DuckDBPyConnection,
    snapshot: Path,
    step: Callable[[str, Callable[[], Any]], Any] = _as_it_is,
) -> dict[str, int]:
    """Write every modelled table to `snapshot`, whose parsed ones `con` sees; return their rows.

    `con` sees them too afterwards. `step` runs each query, given its name and the work.

    Raises:
        ValueError: a query gives other columns than `schema` declares for its table.
    """
    models, before, is_small = queries(), steps(), _is_small(snapshot)
    make, keep = (_load, _load_step) if is_small else (write, _write_step)
    rows = {}
    for name in in_order(models | before, con):
        if name in models:
            work = partial(make, con, name, models[name], snapshot)
            rows[name] = step(f"model {name}", partial(with_room, con, work))
        else:
            prepare = partial(keep, con, name, before[name], snapshot)
            step(f"step {name}", partial(with_room, con, prepare))
    return rows


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
            f"select * exclude (file_row_number) from read_parquet('{_quoted(pieces / '*.parquet')}', "
            "file_row_number = true) order by thread_id, file_row_number"
        )
    rows = tables.write_stream(
        name, con.sql(query).to_arrow_reader(tables.ROW_GROUP_ROWS), tables.place(snapshot, name)
    )
    shutil.rmtree(pieces, ignore_errors=True)
    con.execute(view(name, snapshot))
    return rows


def _load(con: duckdb.DuckDBPyConnection, name: str, query: str, snapshot: Path) -> int:
    """Do as `write`, by way of a table in memory: `query` is planned once, and not read from its file again."""
    con.execute(f"create or replace table {name} as {query}")
    rows = con.table(name).to_arrow_reader(tables.ROW_GROUP_ROWS)
    return tables.write_stream(name, rows, tables.place(snapshot, name))


def _write_step(con: duckdb.DuckDBPyConnection, name: str, query: str, snapshot: Path) -> None:
    """Let `con` see what `query` gives as table `name`, which lies in what isn't published of `snapshot`."""
    pieces = snapshot / SPILL / name
    _write_pieces(con, query, snapshot, _groups(snapshot) or [[]], pieces)
    con.execute(f"create view {name} as from read_parquet('{_quoted(pieces / '*.parquet')}')")


def _load_step(con: duckdb.DuckDBPyConnection, name: str, query: str, _snapshot: Path) -> None:
    """Do as `_write_step`, in memory."""
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
                rows = _read(table, there) if there else f"select * from main.{table} where false"
                own.execute(f"create or replace view one_group.{table} as {rows}")
            own.sql(query).write_parquet(str(pieces / f"{number:02d}.parquet"))
