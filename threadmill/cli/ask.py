"""Commands that query the published tables: sql, tables, describe, export."""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from enum import StrEnum
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from threadmill.cli.answers import Format, choose_format, print_rows, write_rows
from threadmill.cli.base import InProfile, Processed, app
from threadmill.cli.output import complain, print_sections, print_table, say
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
    _profile: InProfile = None,
    form: Annotated[
        Format | None,
        typer.Option("--format", help="How to give the answer [table, or what FILE ends in]."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write the answer there, all of it."),
    ] = None,
) -> None:
    """Ask the published tables a question, or many.

    Without a query it is interactive: history, Tab completes tables and columns, a semicolon ends a query,
    `help` says the rest. At the end of a pipe the query is read from there. Nothing published can be changed, and
    nothing but the published tables can be read.

    Example: threadmill sql "select author_name, count(*) from comments group by all order by 2 desc" -o authors.csv
    """
    from threadmill.publish import catalog

    chosen = choose_format(form, output)
    if query is None and not sys.stdin.isatty():
        query = sys.stdin.read()
    if query is None and output is not None:
        raise ValueError("-o FILE: needs a query to answer")
    with catalog.connect(processed) as con:
        if query is None:
            _converse(con, chosen)
        elif output is None:
            print_rows(*_answer(con, query), chosen)
        elif chosen == Format.parquet:
            _write_parquet(con, query, output)
        else:
            write_rows(*_answer(con, query), chosen, output)


def _write_parquet(con: "DuckDBPyConnection", query: str, path: Path) -> None:
    """Write the answer to `query` to a Parquet file; what was there stays if that fails."""
    import duckdb
    import pyarrow.parquet as pq

    from threadmill.publish import sandbox
    from threadmill.storage import beside

    try:
        answer = con.sql(query)
        rows = _run_interruptibly(con, partial(answer.to_arrow_reader, ROWS_AT_ONCE))
        with (
            beside.replacing(path) as new,
            pq.ParquetWriter(new, rows.schema, compression="zstd") as file,
        ):
            while batch := _run_interruptibly(con, partial(next, rows, None)):
                file.write_batch(batch)
    except sandbox.Refused:
        raise
    except duckdb.Error as error:
        raise ValueError(f"query: {error}") from None


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
        word, _, rest = query.rstrip("; ").partition(" ")
        try:
            if word.lower() in prompt.HELPING:
                say(prompt.HELP)
            elif word in prompt.LISTING and not rest:
                _print_tables(con)
            elif word in prompt.DESCRIBING and rest:
                _print_columns(con, rest.strip().lower())
            elif word.startswith((".", "\\")):
                raise ValueError(f"{query}: isn't a command here; help lists them")
            else:
                print_rows(*_answer(con, query), form)
        except ValueError as error:
            complain(error)

    ((run_id, published_at),) = con.execute("select run_id, published_at from runs").fetchall()
    say(f"Run {run_id}, published {published_at:%Y-%m-%d %H:%M} UTC.")
    say("End a query with ;  Tab completes.  .tables  .schema comments  help  Ctrl-D leaves.")
    prompt.ask(con, answer)


@app.command()
def tables(processed: Processed = None, _profile: InProfile = None) -> None:
    """List the published tables: what a row is, and how many there are."""
    from threadmill.publish import catalog

    with catalog.connect(processed) as con:
        _print_tables(con)


def _print_tables(con: "DuckDBPyConnection") -> None:
    from threadmill.schema.sections import SECTIONS

    views = con.execute(
        "select view_name, comment from duckdb_views() where not internal order by view_oid"
    ).fetchall()
    # What a row is, `describe` and the documentation say.
    meanings = {name: (comment or "").partition(". ")[0] for name, comment in views}
    counted = " union all ".join(f"select '{name}', count(*) from \"{name}\"" for name in meanings)
    counts = dict(con.execute(counted).fetchall())
    # A catalog of another version may have other tables.
    others = [name for name in meanings if name not in chain.from_iterable(SECTIONS.values())]
    sections = []
    for section, names in (SECTIONS | {"Others": tuple(others)}).items():
        rows = [(name, f"{counts[name]:,}", meanings[name]) for name in names if name in meanings]
        sections += [(section, rows)] if rows else []
    print_sections(("table", "rows", "what it holds"), sections)


@app.command()
def describe(
    table: Annotated[str, typer.Argument(help="A published table; see `threadmill tables`.")],
    processed: Processed = None,
    _profile: InProfile = None,
) -> None:
    """Say what each column of a table means."""
    from threadmill.publish import catalog

    with catalog.connect(processed) as con:
        _print_columns(con, table)


def _print_columns(con: "DuckDBPyConnection", table: str) -> None:
    columns = con.execute(
        "select column_name, data_type, comment from duckdb_columns() "
        "where table_name = ? and not internal order by column_index",
        [table],
    ).fetchall()
    if not columns:
        known = [name for (name,) in con.execute("select view_name from duckdb_views()").fetchall()]
        hint = did_you_mean(table, known, "`threadmill tables` lists them", "")
        raise ValueError(f"table {table} is not published; {hint}")
    print_table(("column", "type", "meaning"), columns)


class ExportFormat(StrEnum):
    """What `export` writes."""

    graphml = "graphml"
    gexf = "gexf"
    convokit = "convokit"
    csv = "csv"
    spreadsheet = "spreadsheet"
    parquet = "parquet"


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="New or empty folder to write to.")],
    form: Annotated[ExportFormat, typer.Option("--format", help="What to write.")],
    processed: Processed = None,
    _profile: InProfile = None,
) -> None:
    """Write what is published for other tools.

    graphml, gexf: the reply and the mention network of the authors, with Gephi's label, weight and start.
    convokit: a ConvoKit corpus, one utterance per comment. csv: every table. spreadsheet: the same for Excel, with an
    apostrophe before text that it would run as a formula, because strangers wrote it. parquet: every table as one
    file, the whole star in one folder.
    """
    from threadmill import export as exports
    from threadmill.publish import catalog

    takes_rows = form in (ExportFormat.graphml, ExportFormat.gexf, ExportFormat.convokit)
    connect = partial(catalog.connect_rows, purpose=form.value) if takes_rows else catalog.connect
    with connect(processed) as con:
        written = exports.write(con, form.value, folder)
    for name, content in written.items():
        say(f"{folder / name}: {content}")
