"""Print lines, small tables and JSON. Text from others is never markup, and is made safe before a terminal gets it."""

import json
import math
from collections.abc import Iterable
from typing import Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from threadmill.wording import make_safe

_errors = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False, markup=False)


def say(text: object) -> None:
    """Print `text` as a line to standard output."""
    typer.echo(make_safe(str(text)))


def complain(text: object) -> None:
    """Print `text` as a line to standard error."""
    _errors.print(Text(make_safe(str(text))))


def watch() -> Console | None:
    """Return the console that shows progress, None if standard error isn't a terminal."""
    return _errors if _errors.is_terminal else None


def make_console() -> Console:
    """Return a console, which doesn't wrap lines unless standard output is a terminal."""
    # Keep [b] and :smile: as people wrote them.
    console = Console(highlight=False, emoji=False, markup=False)
    if not console.is_terminal:
        console.width = 10_000
    return console


def print_heading(text: str, rest: str = "") -> None:
    """Print `text` in bold, followed by `rest`."""
    make_console().print(Text.assemble((make_safe(text), "bold"), make_safe(rest)))


def _print_grid(grid: Table) -> None:
    """Print `grid` without the blanks that fill its last column."""
    console = make_console()
    with console.capture() as captured:
        console.print(grid)
    for line in captured.get().splitlines():
        typer.echo(line.rstrip())


def print_labelled(lines: Iterable[tuple[str, str]]) -> None:
    """Print each of `lines`, label and text, with the labels in bold."""
    grid = Table.grid(padding=(0, 2))
    for label, text in lines:
        grid.add_row(Text(make_safe(label), "bold"), Text(make_safe(text)))
    _print_grid(grid)


def print_columns(lines: Iterable[Iterable[str]]) -> None:
    """Print `lines` with their parts aligned in columns."""
    grid = Table.grid(padding=(0, 2))
    for line in lines:
        grid.add_row(*(Text(make_safe(part)) for part in line))
    _print_grid(grid)


def print_table(names: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """Print `rows` as a table with a frame."""
    table = Table()
    for name in names:
        table.add_column(Text(make_safe(name)))
    for row in rows:
        table.add_row(*(Text(_format_cell(value)) for value in row))
    make_console().print(table)


def print_sections(
    names: Iterable[str], sections: Iterable[tuple[str, Iterable[Iterable[str]]]]
) -> None:
    """Print rows of name, number and text below the bold title of each section, all in the same columns."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for at, name in enumerate(names):
        table.add_column(f"  {name}" if at == 0 else name, justify="right" if at == 1 else "left")
    for title, rows in sections:
        table.add_row(Text(make_safe(title), "bold"))
        for first, *rest in rows:
            table.add_row(f"  {make_safe(first)}", *(Text(make_safe(part)) for part in rest))
    _print_grid(table)


def print_json(content: Any) -> None:
    """Print `content` as JSON; numbers that JSON lacks, such as NaN, become null."""
    say(dump_json(content))


def dump_json(content: Any, indent: int | None = 1) -> str:
    """Return `content` as JSON; numbers that JSON lacks, such as NaN, become null."""
    try:
        return json.dumps(content, ensure_ascii=False, indent=indent, default=str, allow_nan=False)
    except ValueError:
        plain = _replace_infinite(content)
        return json.dumps(plain, ensure_ascii=False, indent=indent, default=str)


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
