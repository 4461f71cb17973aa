"""Cases of the SQL models: a file says a claim, the given tables and the table they must give.

    A deleted comment still counts.

    given comments
    comment_id | thread_id | is_deleted
    c1         | t1        | true

    expected thread_engagement
    thread_id | comment_count
    t1        | 1

An empty cell is null, `""` an empty text; `\\|` and `\\n` stand for themselves. Columns and tables that
aren't given are null and empty. The models that the expected table reads run too, unless they are given.
Numbers that aren't whole are compared to six decimals.
"""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import duckdb

from threadmill import schema
from threadmill.models import dependencies, words
from threadmill.storage import macros

FOLDER = Path(__file__).parents[1] / "models"
_CELL_END = re.compile(r"(?<!\\)\|")


class Grid(NamedTuple):
    """A table in a case: its name, and its cells as written."""

    table: str
    columns: list[str]
    rows: list[list[str]]

    def __str__(self) -> str:
        lines = [self.columns, *self.rows]
        widths = [max(map(len, cells)) for cells in zip(*lines, strict=True)]
        padded = (
            " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
            for line in lines
        )
        return "\n".join(line.rstrip() for line in padded)


class Case(NamedTuple):
    """One file of `tests/models/<table>/`."""

    claim: str
    given: list[Grid]
    expected: Grid

    def __str__(self) -> str:
        blocks = [self.claim, *(f"given {grid.table}\n{grid}" for grid in self.given)]
        return "\n\n".join([*blocks, f"expected {self.expected.table}\n{self.expected}"]) + "\n"


def case_files() -> list[Path]:
    """Return the files of all cases."""
    return sorted(FOLDER.glob("*/*.txt"))


def read(path: Path) -> Case:
    """Return the case in the file at `path`."""
    claim, *blocks = re.split(r"\n\s*\n", path.read_text(encoding="utf-8").strip())
    grids = {"given": [], "expected": []}
    for block in blocks:
        title, *lines = block.splitlines()
        word, table = title.split()
        columns, *rows = ([cell.strip() for cell in _CELL_END.split(line)] for line in lines)
        grids[word].append(Grid(table, columns, rows))
    (expected,) = grids["expected"]
    return Case(claim, grids["given"], expected)


@cache
def queries() -> dict[str, str]:
    """Return the query of every model and step, each after those it reads."""
    known = dependencies.queries() | dependencies.intermediate_queries()
    return {name: known[name] for name in dependencies.in_order(known)}


def show_words(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Cut the words of the comments, if the query of `name` reads them."""
    if words.WORDS & dependencies.reads(queries()[name]):
        words.show_words(con, "main")


@cache
def inputs(table: str) -> frozenset[str]:
    """Return the tables that `table` is made of, however far up."""
    direct = dependencies.reads(queries()[table]) if table in queries() else set()
    return frozenset(direct.union(*(inputs(name) for name in direct)))


def warehouse() -> duckdb.DuckDBPyConnection:
    """Return a connection to a memory that holds every declared table and those of the steps, empty."""
    con = duckdb.connect(config={"threads": 1})
    macros.create(con)
    for name, table in schema.TABLES.items():
        columns = ", ".join(f'"{column}" {schema.sql_type(column)}' for column in table.columns)
        con.execute(f"create table {name} ({columns})")
    known = dependencies.intermediate_queries()
    for name, query in queries().items():
        if name in known:
            show_words(con, name)
            con.execute(f"create table {name} as {query}")
    return con


def make(con: duckdb.DuckDBPyConnection, *targets: str, given: set[str] = frozenset()) -> None:
    """Run the models `targets` and, before them, those they read, unless `given`."""
    needed = set(targets).union(*(inputs(target) - given for target in targets))
    for name, query in queries().items():
        if name in needed:
            show_words(con, name)
            con.execute(f"create or replace table {name} as {query}")


def outcome(case: Case) -> Grid:
    """Return what the models make of the given tables, with the columns and cells of the expectation."""
    with warehouse() as con:
        for grid in case.given:
            fill(con, grid)
        target = case.expected.table
        make(con, target, given={grid.table for grid in case.given})
        columns = ", ".join(f'"{name}"' for name in case.expected.columns)
        rows = con.execute(f"select {columns} from {target}").fetchall()
    return Grid(target, case.expected.columns, [[_written(value) for value in row] for row in rows])


def fill(con: duckdb.DuckDBPyConnection, grid: Grid) -> None:
    values = [[_value(cell) for cell in row] for row in grid.rows]
    columns = ", ".join(f'"{name}"' for name in grid.columns)
    marks = ", ".join(f"?::varchar::{schema.sql_type(name)}" for name in grid.columns)
    if values:
        con.executemany(f"insert into {grid.table} ({columns}) values ({marks})", values)


def _value(cell: str) -> str | None:
    if not cell:
        return None
    return "" if cell == '""' else cell.replace("\\|", "|").replace("\\n", "\n")


def _written(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        # Adding 0.0 makes -0.0 the same as 0.0.
        return f"{round(value, 6) + 0.0:.6f}".rstrip("0").rstrip(".")
    return str(value).replace("|", "\\|").replace("\n", "\\n") or '""'
