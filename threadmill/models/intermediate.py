"""Make intermediate tables, which only models read, and keep them so that the next run remakes only what changed.

The queries of a folder of `sql/intermediate/` run together on some threads at a time, so that what is kept of many
words is made while they are in memory. The header of each says how it is kept: `by thread`, rows of other threads
stay; `as sums`, of what threads count the last versions' are taken off and the new ones' added; or `no`.
"""

import re
import shutil
from pathlib import Path

import duckdb
import polars as pl

from threadmill.models.narrowing import (
    Todo,
    cut_groups,
    find_threads,
    kept_part,
    list_inputs,
    open_narrow,
    show_threads,
)
from threadmill.storage import tables
from threadmill.storage.links import link

SPILL = ".spill"
"""The folder of a snapshot for what memory can't hold; it isn't published."""
SUMS = "sums.parquet"
"""The file of a table kept as sums, in its folder."""
FOLD_ROWS = 2**21
"""Add up sums when there are so many rows of them."""
_KEPT = re.compile(r"^-- kept: (by thread|as sums|no)$", re.MULTILINE)
_KEY = re.compile(r"^-- key: (.+)$", re.MULTILINE)


def make_family(
    con: duckdb.DuckDBPyConnection,
    family: dict[str, str],
    snapshot: Path,
    todo: Todo,
) -> None:
    """Let `con` see the tables that the queries of one `family` give, each after those it reads.

    They lie where `todo` keeps them, where queries spill if it doesn't.
    """
    folder = todo.kept or snapshot / SPILL
    how = {name: _read_header(_KEPT, query) for name, query in family.items()}
    kept = [name for name in family if how[name] != "no"]
    last = todo.last_kept
    if not last or not todo.last or not all((last / name).is_dir() for name in kept):
        last = None
    threads = todo.threads if last or not todo.last else find_threads(snapshot)
    for name in kept:
        # There may be some of a try that lacked memory.
        shutil.rmtree(folder / name, ignore_errors=True)
        (folder / name).mkdir(parents=True)
        if last and how[name] == "by thread":
            _take_over(last / name, folder / name, set(threads["bucket"]))
    by_thread = [name for name in kept if how[name] == "by thread"]
    sums = {
        name: _Sums(family[name], last and last / name) for name in kept if how[name] == "as sums"
    }
    with open_narrow(con) as own:
        inputs = list_inputs(family.values(), own)
        if last and todo.last and sums:
            for _, some in cut_groups(todo.last, threads):
                show_threads(own, inputs, todo.last, some)
                _create(own, family)
                for name, total in sums.items():
                    total.add(own.table(name), sign=-1)
        for numbers, some in cut_groups(snapshot, threads):
            show_threads(own, inputs, snapshot, some)
            _create(own, family)
            for name in by_thread:
                rows = pl.DataFrame(own.table(name).to_arrow_table())
                _write_parts(rows, some, numbers, folder / name, last and last / name)
            for name, total in sums.items():
                total.add(own.table(name))
        if threads.is_empty():
            show_threads(own, inputs, snapshot, threads)
            _create(own, family)
        for name, total in sums.items():
            if (counted := total.fold()) is not None:
                counted.write_parquet(folder / name / SUMS, compression_level=1)
        for name in kept:
            own.execute(f"drop view if exists main.{name}")
            own.execute(f"create view main.{name} as {_select_kept(own, name, folder / name)}")


def _read_header(pattern: re.Pattern[str], query: str) -> str:
    found = pattern.search(query)
    if not found:
        raise ValueError(f"{query.splitlines()[0]}: its header lacks a line {pattern.pattern}")
    return found[1]


def _create(own: duckdb.DuckDBPyConnection, family: dict[str, str]) -> None:
    for name, query in family.items():
        own.execute(f"create or replace table narrow.{name} as {query}")


def _select_kept(own: duckdb.DuckDBPyConnection, name: str, folder: Path) -> str:
    """Return the query that gives the table `name` as it lies in `folder`."""
    if any(folder.iterdir()):
        return f"from read_parquet('{tables.quote(folder / '*.parquet')}')"
    own.execute(f"create or replace table main.no_{name} as from narrow.{name} limit 0")
    return f"from main.no_{name}"


def _take_over(last: Path, folder: Path, touched: set[int]) -> None:
    """Link the parts of all buckets but those `touched`."""
    for part in sorted(last.iterdir()):
        if tables.bucket(f"{last.name}/{part.name}") not in touched:
            link(part, folder / part.name)


def _write_parts(
    rows: pl.DataFrame, threads: pl.DataFrame, numbers: list[int], folder: Path, last: Path | None
) -> None:
    """Write `rows`, all of some `threads`, and those of other threads that the parts in `last` have."""
    placed = rows.join(threads.select("thread_id", "bucket"), on="thread_id")
    frames = [placed]
    for number in numbers:
        path = last / kept_part(number) if last else None
        if path and path.is_file():
            before = pl.read_parquet(path).filter(
                ~pl.col("thread_id").is_in(threads["thread_id"].implode())
            )
            frames.append(before.with_columns(bucket=pl.lit(number, pl.Int32)))
    for (number,), part in pl.concat(frames).partition_by("bucket", as_dict=True).items():
        part.drop("bucket").write_parquet(folder / kept_part(number), compression_level=1)


class _Sums:
    """Counts by a key, added up over groups of threads."""

    def __init__(self, query: str, last: Path | None) -> None:
        self.key = _read_header(_KEY, query).split(", ")
        self.frames = [pl.read_parquet(path) for path in sorted(last.iterdir())] if last else []

    def add(self, relation: duckdb.DuckDBPyRelation, sign: int = 1) -> None:
        """Add the rows of `relation`, or take them off."""
        rows = pl.DataFrame(relation.to_arrow_table())
        self.frames.append(rows.with_columns(pl.exclude(self.key) * sign))
        if sum(frame.height for frame in self.frames) > FOLD_ROWS:
            self.fold()

    def fold(self) -> pl.DataFrame | None:
        """Return one row per key, without those that count nothing; None if there is nothing at all."""
        if not self.frames:
            return None
        counts = pl.exclude(self.key)
        both = pl.concat(self.frames).group_by(self.key).agg(counts.sum())
        self.frames = [both.filter(pl.any_horizontal(counts != 0)).sort(self.key)]
        return self.frames[0]
