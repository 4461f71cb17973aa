"""Remake the rows whose keys stale threads touch, and take over all others from the last run.

`sql/touched/<table>.sql` selects these keys. It sees all rows as they are, those of stale threads as they are and as
they were in the schema `stale`, and whole tables as they were in the schema `last`.
"""

import re
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa

from threadmill import paths, schema
from threadmill.models.dealing import count_parts, count_rows, write_dealt
from threadmill.models.dependencies import reads
from threadmill.models.narrowing import Todo, open_narrow, select_rows
from threadmill.storage import tables
from threadmill.storage.buckets import buckets, deal
from threadmill.storage.links import link

_STALE = re.compile(r"\bstale\.(\w+)")
_LAST = re.compile(r"\blast\.(\w+)")


def write_touched(
    con: duckdb.DuckDBPyConnection, name: str, query: str, snapshot: Path, todo: Todo
) -> None:
    """Write table `name`: rows all of whose keys are touched are what `query` gives, the others the last run's.

    The query sees rows that have a touched key alone.

    Raises:
        ValueError: as `tables.write`.
    """
    table = schema.TABLES[name]
    assert todo.last is not None  # noqa: S101 # for mypy: else all rows are made
    with open_narrow(con) as own:
        keys = _find_keys(own, name, snapshot, todo, todo.last)
        for read in sorted(reads(query, own)):
            _show_touched(own, read, table.touched_by)
        made = pl.DataFrame(own.sql(query).to_arrow_table())
    there = [column for column in table.touched_by if column in table.columns]
    is_touched = pl.all_horizontal(pl.col(there).is_in(keys.implode()))
    made = made.filter(is_touched)
    if not table.in_parts:
        last = pl.read_parquet(tables.place(todo.last, name)).select(made.columns)
        if made.sort(table.key).equals(last.filter(is_touched)):
            link(tables.place(todo.last, name), tables.place(snapshot, name))
        else:
            rows = pl.concat([last.filter(~is_touched), made]).sort(table.key)
            tables.write_stream(name, _stream(rows), tables.place(snapshot, name))
    elif not _merge_parts(name, made, is_touched, keys, snapshot, todo.last):
        write_dealt(con, name, query, snapshot)
        return
    con.execute(tables.view_statement(name, snapshot, "or replace view"))


def _show_touched(own: duckdb.DuckDBPyConnection, name: str, columns: tuple[str, ...]) -> None:
    """Let table `name` have the rows alone that have a touched key in one of `columns`, if it has such a column."""
    there = {column for column, *_ in own.execute(f"describe main.{name}").fetchall()}
    condition = " or ".join(
        f"{column} in (select touched from narrow.touched_keys)"
        for column in columns
        if column in there
    )
    if condition:
        own.execute(f"create view narrow.{name} as select * from main.{name} where {condition}")


def _merge_parts(
    name: str,
    made: pl.DataFrame,
    is_touched: pl.Expr,
    keys: pl.Series,
    snapshot: Path,
    last: Path,
) -> bool:
    """Write the parts that have other rows now, link the rest; return False if there must be more parts, or fewer."""
    key = list(schema.TABLES[name].key)
    before = count_rows(last, name)
    count = count_parts(before)
    made = deal(made, count, key[0]).sort(key)
    old = tables.read_parts(name, last, sorted(set(buckets(keys, count))))
    old = made.clear() if old is None else old.select(made.columns)
    replaced = old.filter(is_touched)
    if count_parts(before - replaced.height + made.height) != count:
        return False
    changed = _find_changed(made, replaced)
    folder = tables.place(snapshot, name)
    folder.mkdir(exist_ok=True)
    for file in tables.files(last, name):
        number = tables.bucket(f"{name}/{file.name}")
        if number is not None and number not in changed:
            link(file, folder / file.name)
    rows = pl.concat([old.filter(~is_touched), made])
    changes = pl.col("bucket").is_in(sorted(changed))
    tables.write_parts(name, rows.filter(changes).sort(key), snapshot)
    tables.write_if_empty(name, snapshot)
    return True


def _find_changed(made: pl.DataFrame, replaced: pl.DataFrame) -> set[int]:
    """Return the parts, by their number in `bucket`, in which the rows `made` aren't those `replaced`, both by key."""
    before = replaced.partition_by("bucket", as_dict=True)
    after = made.partition_by("bucket", as_dict=True)
    nothing = made.clear()
    return {
        key[0]
        for key in before.keys() | after.keys()
        if not before.get(key, nothing).equals(after.get(key, nothing))
    }


def show_new_parts(own: duckdb.DuckDBPyConnection, snapshot: Path) -> None:
    """Let tables whose keys are touched have the rows of those parts in `snapshot` alone that weren't taken over."""
    for name, table in schema.TABLES.items():
        if table.in_parts and table.touched_by:
            new = [file for file in tables.files(snapshot, name) if file.stat().st_nlink == 1]
            rows = tables.select_statement(name, new) if new else f"from main.{name} limit 0"
            own.execute(f"create or replace view narrow.{name} as {rows}")


def _find_keys(
    own: duckdb.DuckDBPyConnection, name: str, snapshot: Path, todo: Todo, last: Path
) -> pl.Series:
    """Return the touched keys, which `own` sees as `narrow.touched_keys` too."""
    query = (paths.sql_folder() / "touched" / f"{name}.sql").read_text(encoding="utf-8")
    numbers = sorted(set(todo.threads["bucket"]))
    own.register("given", todo.threads.select("thread_id").to_arrow())
    own.execute("create table narrow.stale_threads as from given")
    own.unregister("given")
    own.execute("create schema stale")
    own.execute("create schema last")
    for table in sorted(set(_STALE.findall(query))):
        both = " union all ".join(
            f"select * from {select_rows(table, one, numbers)} "
            "where thread_id in (select thread_id from narrow.stale_threads)"
            for one in (snapshot, last)
        )
        own.execute(f"create view stale.{table} as {both}")
    for table in sorted(set(_LAST.findall(query))):
        own.execute(f"create view last.{table} as from {select_rows(table, last, [])}")
    own.execute(
        "create table narrow.touched_keys as "
        f"select distinct key as touched from ({query}) as found(key) where key is not null"
    )
    keys = pl.DataFrame(own.table("narrow.touched_keys").to_arrow_table())
    own.execute("drop schema stale cascade")
    own.execute("drop schema last cascade")
    return keys["touched"]


def _stream(rows: pl.DataFrame) -> pa.RecordBatchReader:
    return rows.to_arrow().to_reader(tables.ROW_GROUP_ROWS)
