"""What a report asks of the published tables: one SELECT of `sql/report/` each, as text that runs anywhere."""

from typing import Any, NamedTuple

import duckdb

from threadmill import paths

ALL_THREADS = "select thread_id from threads"


class Answer(NamedTuple):
    """A question and what the tables say."""

    sql: str
    """As it was run, with the threads it is about filled in: `threadmill sql` takes it as it stands."""
    columns: tuple[str, ...]
    rows: list[dict[str, Any]]

    @property
    def row(self) -> dict[str, Any]:
        """The only row."""
        return self.rows[0]


def ask(con: duckdb.DuckDBPyConnection, name: str, thread_id: str | None) -> Answer:
    """Return what `sql/report/<name>.sql` gives for a thread, or for all if `thread_id` is None."""
    path = paths.sql_folder() / "report" / f"{name}.sql"
    threads = ALL_THREADS if thread_id is None else _quoted(thread_id)
    query = path.read_text(encoding="utf-8").strip().replace("$threads", threads)
    result = con.execute(query)
    columns = tuple(column[0] for column in result.description or ())
    rows = [dict(zip(columns, row, strict=True)) for row in result.fetchall()]
    return Answer(query, columns, rows)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
