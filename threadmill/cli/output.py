"""How answers are printed. Nothing that isn't ours is taken for markup or reaches a terminal unchecked."""

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
    """Return the console that shows progress, if somebody looks at it."""
    return _errors if _errors.is_terminal else None


def _console() -> Console:
    """Return a console that is as wide as it needs to be where nobody looks at it."""
    # What people wrote as [b] or :smile: stays so.
    console = Console(highlight=False, emoji=False, markup=False)
    if not console.is_terminal:
        console.width = 10_000
    return console


def print_heading(text: str, rest: str = "") -> None:
    """Print `text` in bold, and `rest` behind it."""
    _console().print(Text.assemble((make_safe(text), "bold"), make_safe(rest)))


def print_labelled(lines: Iterable[tuple[str, str]]) -> None:
    """Print each of `lines`, label and text, with the labels in bold."""
    grid = Table.grid(padding=(0, 2))
    for label, text in lines:
        grid.add_row(Text(make_safe(label), "bold"), Text(make_safe(text)))
    _console().print(grid)


def print_columns(lines: Iterable[Iterable[str]]) -> None:
    """Print `lines` with their parts below each other."""
    grid = Table.grid(padding=(0, 2))
    for line in lines:
        grid.add_row(*(Text(make_safe(part)) for part in line))
    _console().print(grid)


def print_table(names: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """Print `rows` as a table with a frame."""
    table = Table()
    for name in names:
        table.add_column(Text(make_safe(name)))
    for row in rows:
        table.add_row(*(Text(_cell(value)) for value in row))
    _console().print(table)


def print_json(said: Any) -> None:
    """Print `said` as JSON; what isn't a number there, such as NaN, is null."""
    say(_json(said))


def print_rows(names: list[str], rows: Iterable[tuple[Any, ...]], form: Format) -> None:
    """Print `rows` as `form` says, a few at a time; a table shows the first SHOWN_ROWS and asks for no more."""
    if form == Format.json:
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise ValueError(f"query: two columns are named {twice}; JSON needs one name for each")
        _print_json_rows(names, rows)
    elif form == Format.csv:
        _print_csv(names, rows)
    elif form == Format.markdown:
        lines = chain(
            [names, ["---"] * len(names)], ([_cell(value) for value in row] for row in rows)
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
    """Print CSV: a file or a pipe gets the data as they are, a terminal what is safe there."""
    if sys.stdout.isatty():
        names = [make_safe(name) for name in names]
        rows = (
            tuple(make_safe(one) if isinstance(one, str) else one for one in row) for row in rows
        )
    elif hasattr(sys.stdout, "reconfigure"):
        # Another encoding may lack characters that the data have.
        sys.stdout.reconfigure(encoding="utf-8")
    csv.writer(sys.stdout, lineterminator="\n").writerows(chain([names], rows))


def _print_json_rows(names: list[str], rows: Iterable[tuple[Any, ...]]) -> None:
    lead = "[\n "
    for row in rows:
        text = _json(dict(zip(names, row, strict=True))).replace("\n", "\n ")
        typer.echo(lead + make_safe(text), nl=False)
        lead = ",\n "
    typer.echo("[]" if lead.startswith("[") else "\n]")


def _json(said: Any) -> str:
    try:
        return json.dumps(said, ensure_ascii=False, indent=1, default=str, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(said), ensure_ascii=False, indent=1, default=str)


def _finite(said: Any) -> Any:
    """Return `said` with null for each number that JSON doesn't have."""
    if isinstance(said, dict):
        return {key: _finite(one) for key, one in said.items()}
    if isinstance(said, list | tuple):
        return [_finite(one) for one in said]
    return None if isinstance(said, float) and not math.isfinite(said) else said


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4g}"
    return make_safe(str(value))
