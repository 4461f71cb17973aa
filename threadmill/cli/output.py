"""Print answers. Text from others is never interpreted as markup, and is made safe before it reaches a terminal."""

import csv
import json
import math
import sys
from collections.abc import Iterable
from enum import StrEnum
from itertools import chain, islice
from typing import Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from threadmill.wording import make_safe

SHOWN_ROWS = 100
_errors = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False, markup=False)


class Format(StrEnum):
    """How `sql` prints its answer."""

    table = "table"
    csv = "csv"
    json = "json"
    markdown = "markdown"


def say(text: object) -> None:
    """Print `text` as a line to standard output."""
    typer.echo(make_safe(str(text)))


def complain(text: object) -> None:
    """Print `text` as a line to standard error."""
    _errors.print(Text(make_safe(str(text))))


def watch() -> Console | None:
    """Return the console that shows progress, None if standard error isn't a terminal."""
    return _errors if _errors.is_terminal else None


def _make_console() -> Console:
    """Return a console, which doesn't wrap lines unless standard output is a terminal."""
    # Keep [b] and :smile: as people wrote them.
    console = Console(highlight=False, emoji=False, markup=False)
    if not console.is_terminal:
        console.width = 10_000
    return console


def print_heading(text: str, rest: str = "") -> None:
    """Print `text` in bold, followed by `rest`."""
    _make_console().print(Text.assemble((make_safe(text), "bold"), make_safe(rest)))


def print_labelled(lines: Iterable[tuple[str, str]]) -> None:
    """Print each of `lines`, label and text, with the labels in bold."""
    grid = Table.grid(padding=(0, 2))
    for label, text in lines:
        grid.add_row(Text(make_safe(label), "bold"), Text(make_safe(text)))
    _make_console().print(grid)


def print_columns(lines: Iterable[Iterable[str]]) -> None:
    """Print `lines` with their parts aligned in columns."""
    grid = Table.grid(padding=(0, 2))
    for line in lines:
        grid.add_row(*(Text(make_safe(part)) for part in line))
    _make_console().print(grid)


def print_table(names: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """Print `rows` as a table with a frame."""
    table = Table()
    for name in names:
        table.add_column(Text(make_safe(name)))
    for row in rows:
        table.add_row(*(Text(_format_cell(value)) for value in row))
    _make_console().print(table)


def print_json(content: Any) -> None:
    """Print `content` as JSON; numbers that JSON lacks, such as NaN, become null."""
    say(_dump_json(content))


def print_rows(names: list[str], rows: Iterable[tuple[Any, ...]], form: Format) -> None:
    """Print `rows` in the format `form`, a few at a time; a table fetches and shows only the first SHOWN_ROWS."""
    if form == Format.json:
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise ValueError(f"query: two columns are named {twice}; JSON needs one name for each")
        _print_json_rows(names, rows)
    elif form == Format.csv:
        _print_csv(names, rows)
    elif form == Format.markdown:
        lines = chain(
            [names, ["---"] * len(names)], ([_format_cell(value) for value in row] for row in rows)
        )
        for line in lines:
            cells = (
                make_safe(cell).replace("|", r"\|").replace("\r", "").replace("\n", "<br>")
                for cell in line
            )
            say(f"| {' | '.join(cells)} |")
    else:
        shown = list(islice(iter(rows), SHOWN_ROWS + 1))
        print_table(names, shown[:SHOWN_ROWS])
        if len(shown) > SHOWN_ROWS:
            complain(f"the first {SHOWN_ROWS} rows; --format csv prints all")


def _print_csv(names: list[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Print CSV: unchanged to a file or pipe, made safe to a terminal."""
    if sys.stdout.isatty():
        names = [make_safe(name) for name in names]
        rows = (
            tuple(make_safe(one) if isinstance(one, str) else one for one in row) for row in rows
        )
    elif hasattr(sys.stdout, "reconfigure"):
        # Another encoding may lack characters in the data.
        sys.stdout.reconfigure(encoding="utf-8")
    csv.writer(sys.stdout, lineterminator="\n").writerows(chain([names], rows))


def _print_json_rows(names: list[str], rows: Iterable[tuple[Any, ...]]) -> None:
    lead = "[\n "
    for row in rows:
        text = _dump_json(dict(zip(names, row, strict=True))).replace("\n", "\n ")
        typer.echo(lead + make_safe(text), nl=False)
        lead = ",\n "
    typer.echo("[]" if lead.startswith("[") else "\n]")


def _dump_json(content: Any) -> str:
    try:
        return json.dumps(content, ensure_ascii=False, indent=1, default=str, allow_nan=False)
    except ValueError:
        return json.dumps(_replace_infinite(content), ensure_ascii=False, indent=1, default=str)


def _replace_infinite(content: Any) -> Any:
    """Return `content` with null for each number that JSON lacks."""
    if isinstance(content, dict):
        return {key: _replace_infinite(one) for key, one in content.items()}
    if isinstance(content, list | tuple):
        return [_replace_infinite(one) for one in content]
    return None if isinstance(content, float) and not math.isfinite(content) else content


def _format_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4g}"
    return make_safe(str(value))
