"""What all commands share: the app, its options, how answers are printed and how errors end."""

import contextlib
import csv
import json
import os
import re
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from threadmill.errors import Locked, RunFailed

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
DONE, FAILED, MISUSED, LOCKED = 0, 1, 2, 3
SHOWN_ROWS = 100

app = typer.Typer(
    help="Raw comment threads in, analytic tables out.",
    epilog="Without a command it says where you stand and what to do next.",
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
errors = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)

Processed = Annotated[
    Path | None,
    typer.Option(
        "--processed", metavar="DIR", help="Folder of the published tables [data/processed]."
    ),
]
Raw = Annotated[
    Path | None, typer.Option("--raw", metavar="DIR", help="Folder of the raw threads [data/raw].")
]


class Format(StrEnum):
    """How `sql` prints its answer."""

    table = "table"
    csv = "csv"
    json = "json"
    markdown = "markdown"


@contextlib.contextmanager
def ending() -> Iterator[None]:
    """Turn what a user can mend into one sentence and an exit code."""
    try:
        yield
    except Locked as error:
        _end(LOCKED, error)
    except RunFailed as error:
        _end(FAILED, error)
    except ValueError as error:
        _end(MISUSED, error)
    except SystemExit as ended:
        # So Typer and Rich end where the reader of our output has left, as `head` does.
        if not isinstance(ended.__context__, BrokenPipeError):
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        if error.filename is None:
            raise
        # A folder that may not be written to, a disk that is full.
        _end(FAILED, OSError(f"{error.filename}: {error.strerror}"))


def _end(code: int, error: Exception) -> None:
    errors.print(f"threadmill: {error}", markup=False)
    raise SystemExit(code)


def out() -> Console:
    """Return a console that is as wide as it needs to be where nobody looks at it."""
    # What people wrote as :smile: stays so.
    console = Console(highlight=False, emoji=False)
    if not console.is_terminal:
        console.width = 10_000
    return console


def print_rows(names: list[str], rows: list[tuple[Any, ...]], form: Format) -> None:
    """Print rows as `form` says; a table shows the first SHOWN_ROWS."""
    if form == Format.json:
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise ValueError(f"query: two columns are named {twice}; JSON needs one name for each")
        said = [dict(zip(names, row, strict=True)) for row in rows]
        typer.echo(json.dumps(said, ensure_ascii=False, indent=1, default=str))
    elif form == Format.csv:
        if sys.stdout.isatty():
            rows = [
                tuple(_safe(one) if isinstance(one, str) else one for one in row) for row in rows
            ]
        csv.writer(sys.stdout, lineterminator="\n").writerows([names, *rows])
    elif form == Format.markdown:
        lines = [names, ["---"] * len(names), *([_cell(value) for value in row] for row in rows)]
        for line in lines:
            cells = (cell.replace("|", r"\|").replace("\n", "<br>") for cell in line)
            typer.echo(f"| {' | '.join(cells)} |")
    else:
        table = Table(*names)
        for row in rows[:SHOWN_ROWS]:
            table.add_row(*(_cell(value).replace("[", r"\[") for value in row))
        out().print(table)
        if len(rows) > SHOWN_ROWS:
            errors.print(f"{SHOWN_ROWS} of {len(rows):,} rows; --format csv prints all")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4g}"
    return _safe(str(value))


def _safe(text: str) -> str:
    """Return `text` without what would steer the terminal: people wrote it."""
    return _CONTROLS.sub("\ufffd", text)


def written_comments(processed: Path | None) -> Any:
    """Return what mentions are found in: who wrote which published comment where."""
    from threadmill.publish import catalog

    with catalog.connect(processed) as con:
        return con.sql(
            "select comment_id, thread_id, platform, position, author_id, author_name, "
            "author_handle, is_host, text from comments order by thread_id, position"
        ).pl()
