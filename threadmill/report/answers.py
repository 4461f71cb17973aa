"""Query the published tables for a report: one SELECT of `sql/report/` each, as text that runs anywhere."""

from typing import Any, NamedTuple

import duckdb

from threadmill import paths
from threadmill.publish.sandbox import quote

ALL_THREADS = "select thread_id from threads"


class Answer(NamedTuple):
    """A query and its result."""

    sql: str
    """As it was run, with the threads filled in: `threadmill sql` runs it unchanged."""
    columns: tuple[str, ...]
    rows: list[dict[str, Any]]

    @property
    def row(self) -> dict[str, Any]:
        """The only row."""
        return self.rows[0]


def ask(con: duckdb.DuckDBPyConnection, name: str, thread_id: str | None) -> Answer:
    """Return the result of `sql/report/<name>.sql` for a thread, or for all if `thread_id` is None."""
    path = paths.sql_folder() / "report" / f"{name}.sql"
    threads = ALL_THREADS if thread_id is None else quote(thread_id)
    query = path.read_text(encoding="utf-8").strip().replace("$threads", threads)
    result = con.execute(query)
    columns = tuple(column[0] for column in result.description or ())
    rows = [dict(zip(columns, row, strict=True)) for row in result.fetchall()]
    return Answer(query, columns, rows)
