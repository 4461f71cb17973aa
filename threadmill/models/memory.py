"""Give queries the memory they need, and no more."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import duckdb
import pyarrow.parquet as pq

from threadmill import settings
from threadmill.storage import tables

T = TypeVar("T")
THREAD_BYTES = 2**28
"""Where the setting `memory` is unset, queries may take this for each of their threads or, if that is more,
`COMMENT_BYTES` for each comment, more where that isn't enough (`with_room`), and never more than half of what
the machine has."""
COMMENT_BYTES = 200
"""25 M comments were queried with 120 bytes for each."""


def limit_memory(con: duckdb.DuckDBPyConnection, snapshot: Path) -> None:
    """Let `con` take the memory that the comments of `snapshot` need, or what the setting `memory` allows.

    Raises:
        ValueError: the setting `memory` is no amount.
    """
    if given := settings.value("memory"):
        con.execute("set memory_limit = ?", [given])
        return
    rows = sum(pq.read_metadata(part).num_rows for part in tables.files(snapshot, "comments"))
    threads = con.execute("select current_setting('threads')").fetchall()[0][0]
    _allow(con, max(threads * THREAD_BYTES, rows * COMMENT_BYTES))


def _allow(con: duckdb.DuckDBPyConnection, wanted: int) -> int:
    """Let `con` take `wanted` bytes, at most half of what the machine has; return what it may take."""
    con.execute("set memory_limit = '50%'")
    if wanted < _allowed(con):
        con.execute(f"set memory_limit = '{wanted}B'")
    return _allowed(con)


def _allowed(con: duckdb.DuckDBPyConnection) -> int:
    query = "select parse_formatted_bytes(current_setting('memory_limit'))"
    return int(con.execute(query).fetchall()[0][0])


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
