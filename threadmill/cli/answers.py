"""Print the rows that a query gives: a table that fits the terminal, or a format for programs."""

import sys
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from threadmill.cli.output import complain, dump_json, make_console
from threadmill.storage import beside
from threadmill.wording import counted, make_safe

SHOWN_ROWS = 100
"""A table shows at most this many rows."""
LEAST_WIDTH = 12
"""A column that is cut or wrapped keeps at least this many cells, or the width of its name."""
LEAST_VALUE_WIDTH = 16
"""The same for a row that is shown as a column."""
CUT_WIDTH = 20
"""Where columns must be left out, those shown are at most this wide."""
NULL = "NULL"
ENDINGS = {"csv": "csv", "json": "json", "ndjson": "ndjson", "jsonl": "ndjson", "md": "markdown"}
ENDINGS |= {"parquet": "parquet", "txt": "table"}
"""The format that the ending of a file's name stands for."""

Row = tuple[Any, ...]


class Format(StrEnum):
    """How `sql` gives its answer."""

    table = "table"
    csv = "csv"
    json = "json"
    ndjson = "ndjson"
    markdown = "markdown"
    parquet = "parquet"


def print_rows(names: list[str], rows: Iterable[Row], form: Format) -> None:
    """Print `rows` in the format `form`, a few at a time; a table fetches and shows only the first SHOWN_ROWS.

    Raises:
        ValueError: the format has no place for it: two columns of one name in JSON.
    """
    if form == Format.table:
        _print_table(names, rows, make_console())
        return
    is_terminal = sys.stdout.isatty()
    if form == Format.csv and not is_terminal and hasattr(sys.stdout, "reconfigure"):
        # Another encoding may lack characters in the data.
        sys.stdout.reconfigure(encoding="utf-8")
    is_data = form == Format.csv and not is_terminal
    for text in _format_text(names, rows, form):
        sys.stdout.write(text if is_data else make_safe(text))


def write_rows(names: list[str], rows: Iterable[Row], form: Format, path: Path) -> None:
    """Write `rows` to the file at `path` as text; what was there stays if that fails."""
    with beside.replacing(path) as new, new.open("w", encoding="utf-8", newline="\n") as file:
        if form == Format.table:
            _print_table(names, rows, _open_console(file))
        else:
            file.writelines(_format_text(names, rows, form))


def choose_format(form: Format | None, path: Path | None) -> Format:
    """Return the format asked for, else that of the ending of `path`, else a table.

    Raises:
        ValueError: the ending of `path` stands for none, or a Parquet file has no name.
    """
    if form is None and path is not None:
        ending = path.suffix.lstrip(".").lower()
        if ending not in ENDINGS:
            known = ", ".join(f".{name}" for name in ENDINGS)
            raise ValueError(f"{path}: its ending stands for no format ({known}); add --format")
        form = Format(ENDINGS[ending])
    if form == Format.parquet and path is None:
        raise ValueError("--format parquet needs a file to write to: -o FILE")
    return form or Format.table


def _open_console(file: IO[str]) -> Console:
    console = Console(file=file, highlight=False, emoji=False, markup=False, color_system=None)
    console.width = 10_000
    return console


def _format_text(names: list[str], rows: Iterable[Row], form: Format) -> Iterator[str]:
    formats: dict[Format, Callable[[list[str], Iterable[Row]], Iterator[str]]] = {
        Format.csv: _format_csv,
        Format.json: _format_json,
        Format.ndjson: _format_ndjson,
        Format.markdown: _format_markdown,
    }
    return formats[form](names, rows)


def _format_csv(names: list[str], rows: Iterable[Row]) -> Iterator[str]:
    """Yield lines of CSV. Empty text is quoted, so that it differs from null."""
    for row in chain([tuple(names)], rows):
        # A lone null is quoted too: readers skip empty lines.
        yield (",".join(map(_quote, row)) or '""') + "\n"


def _quote(value: Any) -> str:
    if value is None:
        return ""
    # As Python writes booleans: what reads it may compare with that.
    text = str(value)
    if text and not any(sign in text for sign in ',"\r\n'):
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _format_markdown(names: list[str], rows: Iterable[Row]) -> Iterator[str]:
    body = ([_format_value(value) for value in row] for row in rows)
    for line in chain([names, ["---"] * len(names)], body):
        cells = (
            make_safe(cell).replace("|", r"\|").replace("\r", "").replace("\n", "<br>")
            for cell in line
        )
        yield f"| {' | '.join(cells)} |\n"


def _format_json(names: list[str], rows: Iterable[Row]) -> Iterator[str]:
    _refuse_same_names(names)
    lead = "[\n "
    for row in rows:
        yield lead + dump_json(dict(zip(names, row, strict=True))).replace("\n", "\n ")
        lead = ",\n "
    yield "[]\n" if lead.startswith("[") else "\n]\n"


def _format_ndjson(names: list[str], rows: Iterable[Row]) -> Iterator[str]:
    _refuse_same_names(names)
    for row in rows:
        yield f"{dump_json(dict(zip(names, row, strict=True)), indent=None)}\n"


def _refuse_same_names(names: list[str]) -> None:
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"query: two columns are named {twice}; JSON needs one name for each")


def _print_table(names: list[str], rows: Iterable[Row], console: Console) -> None:
    """Print a table that is no wider than `console`; say what is left out."""
    shown = list(islice(iter(rows), SHOWN_ROWS + 1))
    is_more, shown = len(shown) > SHOWN_ROWS, shown[:SHOWN_ROWS]
    table, hidden = _lay_out([make_safe(name) for name in names], shown, console.width)
    console.print(table)
    if hidden:
        complain(
            f"{len(names) - hidden} of {counted(len(names), 'column')} fit; name those you want, "
            "or --format csv prints all"
        )
    if is_more:
        complain(f"the first {SHOWN_ROWS} rows; --format csv prints all")


def _lay_out(names: list[str], rows: list[Row], width: int) -> tuple[Table, int]:
    """Return `rows` as a table of at most `width` cells, and how many columns are missing.

    Long values wrap while each column keeps its name. Where even that doesn't fit, few rows stand side by side with
    a line per column, and of many rows the middle columns give way to one of `…`.
    """
    cells = [[_format_value(value) for value in row] for row in rows]
    is_number = [
        any(row[at] is not None for row in rows)
        and all(
            isinstance(row[at], int | float | None) and not isinstance(row[at], bool)
            for row in rows
        )
        for at in range(len(names))
    ]
    longest = [
        max(chain([cell_len(name)], (_measure(row[at]) for row in cells)))
        for at, name in enumerate(names)
    ]
    least = [
        min(long, max(LEAST_WIDTH, cell_len(name)))
        for name, long in zip(names, longest, strict=True)
    ]
    if _frame(len(names)) + sum(least) <= width:
        widths = _level(longest, least, width - _frame(len(names)))
        return _build(names, rows, cells, widths, is_number), 0
    label_width = max(map(cell_len, (*names, "column")))
    value_width = (width - _frame(1 + len(rows)) - label_width) // max(1, len(rows))
    if rows and value_width >= LEAST_VALUE_WIDTH:
        return _turn(names, rows, cells, value_width), 0
    return _cut(names, rows, cells, longest, is_number, width)


def _frame(columns: int) -> int:
    """Return the cells that the frame of a table takes."""
    return 3 * columns + 1


def _measure(cell: str) -> int:
    return max(map(cell_len, cell.splitlines()), default=0)


def _level(longest: list[int], least: list[int], room: int) -> list[int]:
    """Return widths that sum to at most `room`: the widest give way first, none below its least."""
    low, high = 0, max(longest, default=0)
    while low < high:
        limit = (low + high + 1) // 2
        if sum(_limit(longest, least, limit)) <= room:
            low = limit
        else:
            high = limit - 1
    return _limit(longest, least, low)


def _limit(longest: list[int], least: list[int], limit: int) -> list[int]:
    return [max(few, min(long, limit)) for long, few in zip(longest, least, strict=True)]


def _build(
    names: list[str],
    rows: list[Row],
    cells: list[list[str]],
    widths: list[int],
    is_number: list[bool],
) -> Table:
    table = Table()
    for name, width, number in zip(names, widths, is_number, strict=True):
        table.add_column(
            Text(name), width=width, justify="right" if number else "left", overflow="fold"
        )
    for row, line in zip(rows, cells, strict=True):
        table.add_row(*map(_style, row, line))
    return table


def _turn(names: list[str], rows: list[Row], cells: list[list[str]], width: int) -> Table:
    """Return a table with a line per column and a column per row; values of several rows are cut to a line."""
    table = Table()
    table.add_column("column", no_wrap=True)
    heads = ["value"] if len(rows) == 1 else [f"row {number + 1}" for number in range(len(rows))]
    for head in heads:
        table.add_column(head, max_width=width, overflow="fold")
    for at, name in enumerate(names):
        shown = [
            _style(row[at], line[at] if len(rows) == 1 else _cut_line(line[at], width))
            for row, line in zip(rows, cells, strict=True)
        ]
        table.add_row(Text(name), *shown)
    return table


def _cut(
    names: list[str],
    rows: list[Row],
    cells: list[list[str]],
    longest: list[int],
    is_number: list[bool],
    width: int,
) -> tuple[Table, int]:
    """Return a table without the middle columns, and how many these are."""
    widths = [
        min(long, max(CUT_WIDTH, cell_len(name))) for name, long in zip(names, longest, strict=True)
    ]
    room = width - _frame(1) - 1
    first, last = 0, len(names)
    # From both ends in turn.
    while first < last:
        at = first if first <= len(names) - last else last - 1
        room -= widths[at] + 3
        if room < 0:
            break
        first, last = (at + 1, last) if at == first else (first, at)
    kept = [*range(first), *range(last, len(names))]
    table = Table()
    for at in [*range(first), None, *range(last, len(names))]:
        if at is None:
            table.add_column("…")
        else:
            table.add_column(
                Text(names[at]), width=widths[at], justify="right" if is_number[at] else "left"
            )
    for row, line in zip(rows, cells, strict=True):
        shown = [_style(row[at], _cut_line(line[at], widths[at])) for at in kept]
        table.add_row(*shown[:first], Text("…"), *shown[first:])
    return table, len(names) - len(kept)


def _cut_line(cell: str, width: int) -> str:
    """Return `cell` as one line of at most `width` cells."""
    line = Text(" ".join(cell.split("\n")))
    line.truncate(width, overflow="ellipsis")
    return line.plain


def _style(value: Any, cell: str) -> Text:
    return Text(cell, "dim" if value is None else "")


def _format_value(value: Any) -> str:
    if value is None:
        return NULL
    if isinstance(value, float):
        return f"{value:.4g}"
    return make_safe(_write(value))


def _write(value: Any) -> str:
    """Return `value` as text; booleans as SQL writes them."""
    return str(value).lower() if isinstance(value, bool) else str(value)
