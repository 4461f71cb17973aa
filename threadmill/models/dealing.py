"""Write tables in parts by a hash of their key's first column, where parts don't follow threads."""

from pathlib import Path

import duckdb
import polars as pl
import pyarrow.parquet as pq

from threadmill import schema
from threadmill.storage import tables
from threadmill.storage.buckets import FEWEST, FULL, GROWTH, deal

FEW_ROWS = 2**14
"""Up to this many rows there is one part."""
GROUP_ROWS = 2**20
"""Rows of some parts that are in memory at once."""


def count_parts(rows: int) -> int:
    """Return how many parts a table of so many `rows` has: one if they are few, else as many as there are buckets."""
    if rows <= FEW_ROWS:
        return 1
    count = FEWEST
    while rows > count * FULL:
        count *= GROWTH
    return count


def count_rows(snapshot: Path, name: str) -> int:
    """Return how many rows table `name` has in `snapshot`."""
    return sum(pq.read_metadata(file).num_rows for file in tables.files(snapshot, name))


def write_dealt(con: duckdb.DuckDBPyConnection, name: str, query: str, snapshot: Path) -> None:
    """Write what `query` gives to `snapshot` as the parts of table `name`, and let `con` see it.

    Raises:
        ValueError: as `tables.write_parts`.
    """
    con.execute(f"create or replace temp table dealt as {query}")
    write_parts(con, name, "dealt", snapshot)
    con.execute("drop table dealt")
    con.execute(tables.view_statement(name, snapshot, "or replace view"))


def write_parts(con: duckdb.DuckDBPyConnection, name: str, source: str, snapshot: Path) -> None:
    """Write the rows of `source`, which `con` sees, to `snapshot` as the parts of table `name`."""
    key = schema.TABLES[name].key
    rows: int = con.execute(f"select count(*) from {source}").fetchall()[0][0]
    count = count_parts(rows)
    tables.place(snapshot, name).mkdir(exist_ok=True)
    step = max(1, count * GROUP_ROWS // max(1, rows))
    number = f"('0x' || left(md5({key[0]}), 4))::integer % {count}"
    for first in range(0, count, step):
        these = f"where {number} between {first} and {first + step - 1}" if step < count else ""
        some = con.sql(f"select * from {source} {these} order by {', '.join(key)}")
        dealt = deal(pl.DataFrame(some.to_arrow_table()), count, key[0])
        tables.write_parts(name, dealt, snapshot)
    tables.write_if_empty(name, snapshot)
