"""Commands that query the published tables: sql, tables, describe, export."""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from threadmill.cli.base import Processed, app
from threadmill.cli.output import Format, complain, print_rows, print_table, say
from threadmill.wording import did_you_mean

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

T = TypeVar("T")
ROWS_AT_ONCE = 1_000
"""Hold at most this many rows of an answer in memory."""
HEARD_S = 0.2
"""Notice Ctrl-C after at most this time."""


@app.command()
def sql(
    query: Annotated[
        str | None,
        typer.Argument(help="One SELECT, in DuckDB's SQL; without it, ask as often as you like."),
    ] = None,
    processed: Processed = None,
    form: Annotated[
        Format, typer.Option("--format", help="How to print the answer.")
    ] = Format.table,
) -> None:
    """Ask the published tables a question, or many.

    Without a query it is interactive: history, Tab completes tables and columns, a semicolon ends a query.
    At the end of a pipe the query is read from there. Nothing can be written, and nothing but the published
    tables can be read.

    Example: threadmill sql "select author_name, count(*) from comments group by all order by 2 desc"
    """
    from threadmill.publish import catalog

    if query is None and not sys.stdin.isatty():
        query = sys.stdin.read()
    with catalog.connect(processed) as con:
        if query is None:
            _converse(con, form)
        else:
            print_rows(*_answer(con, query), form)


def _answer(con: "DuckDBPyConnection", query: str) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
    """Return the columns and rows of the answer to `query`; rows are fetched as they are consumed.

    Raises:
        ValueError: the query is wrong or not allowed. Fetching a row may raise it too.
    """
    import duckdb

    from threadmill.publish import sandbox

    def fetch_rows() -> Iterator[tuple[Any, ...]]:
        try:
            while some := _run_interruptibly(con, partial(answer.fetchmany, ROWS_AT_ONCE)):
                yield from some
        except duckdb.Error as error:
            raise ValueError(f"query: {error}") from None

    try:
        answer = _run_interruptibly(con, partial(con.execute, query))
    except sandbox.Refused:
        raise
    except duckdb.Error as error:
        raise ValueError(f"query: {error}") from None
    return [column[0] for column in answer.description or ()], fetch_rows()


def _run_interruptibly(con: "DuckDBPyConnection", work: Callable[[], T]) -> T:
    """Return the result of `work` on `con`; Ctrl-C stops it, which DuckDB itself ignores while other threads work."""
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(work)
        try:
            # Polars makes system calls resume after a signal, so a wait without a limit wouldn't end either.
            while not wait([waiting], HEARD_S).done:
                pass
        except KeyboardInterrupt:
            con.interrupt()
            raise
        return waiting.result()


def _converse(con: "DuckDBPyConnection", form: Format) -> None:
    from threadmill.cli import prompt

    def answer(query: str) -> None:
        try:
            print_rows(*_answer(con, query), form)
        except ValueError as error:
            complain(error)

    ((run_id, published_at),) = con.execute("select run_id, published_at from runs").fetchall()
    say(f"Run {run_id}, published {published_at:%Y-%m-%d %H:%M} UTC.")
    say("End a query with ;  Tab completes.  show tables;  describe comments;  Ctrl-D leaves.")
    prompt.ask(con, answer)


@app.command()
def tables(processed: Processed = None) -> None:
    """List the published tables: what a row is, and how many there are."""
    from threadmill.publish import catalog

    with catalog.connect(processed) as con:
        views = con.execute(
            "select view_name, comment from duckdb_views() where not internal order by view_oid"
        ).fetchall()
        rows = []
        for name, comment in views:
            count = con.execute(f'select count(*) from "{name}"').fetchall()[0][0]
            rows.append((name, f"{count:,}", comment))
    print_table(("table", "rows", "what it holds"), rows)


@app.command()
def describe(
    table: Annotated[str, typer.Argument(help="A published table; see `threadmill tables`.")],
    processed: Processed = None,
) -> None:
    """Say what each column of a table means."""
    from threadmill.publish import catalog

    with catalog.connect(processed) as con:
        columns = con.execute(
            "select column_name, data_type, comment from duckdb_columns() "
            "where table_name = ? and not internal order by column_index",
            [table],
        ).fetchall()
        if not columns:
            known = [
                name for (name,) in con.execute("select view_name from duckdb_views()").fetchall()
            ]
            hint = did_you_mean(table, known, "`threadmill tables` lists them", "")
            raise ValueError(f"table {table} is not published; {hint}")
    print_table(("column", "type", "meaning"), columns)


class ExportFormat(StrEnum):
    """What `export` writes."""

    graphml = "graphml"
    convokit = "convokit"
    csv = "csv"
    spreadsheet = "spreadsheet"


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="New or empty folder to write to.")],
    form: Annotated[ExportFormat, typer.Option("--format", help="What to write.")],
    processed: Processed = None,
) -> None:
    """Write what is published for other tools.

    graphml: the reply and the mention network of the authors. convokit: a ConvoKit corpus, one utterance
    per comment. csv: every table. spreadsheet: the same, with an apostrophe before text that a spreadsheet
    would run as a formula, because strangers wrote it.
    """
    from threadmill import export as exports
    from threadmill.publish import catalog

    with catalog.connect(processed) as con:
        written = exports.write(con, form.value, folder)
    for name, content in written.items():
        say(f"{folder / name}: {content}")
