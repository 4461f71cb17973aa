"""The one gate to disk: every table has the names, order and types that `schema` declares."""

import fnmatch
import os
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from threadmill import schema
from threadmill.errors import BrokenTable
from threadmill.schema import personal
from threadmill.storage.buckets import name_bucket

PARTS = "part-*.parquet"
EMPTY_PART = "part-empty.parquet"
"""The one part of a table without rows, so that readers learn its columns."""
ROW_GROUP_ROWS = 2**17
"""Rows a model's result is held and written in: all of 25 M comments at once would be 4 GB."""


def place(snapshot: Path, table: str) -> Path:
    """Return the file of `table` in `snapshot`, or its folder if it is in parts."""
    return snapshot / (table if schema.DECLARED[table].in_parts else f"{table}.parquet")


def files(snapshot: Path, table: str) -> list[Path]:
    """Return the files that `table` has in `snapshot`, by name; none if it isn't there yet."""
    there = place(snapshot, table)
    if not there.is_dir():
        return [there] if there.exists() else []
    # A run asks hundreds of times: names are compared, as paths take much longer.
    return [there / name for name in sorted(fnmatch.filter(os.listdir(there), PARTS))]  # noqa: PTH208


def part(snapshot: Path, table: str, bucket: int) -> Path:
    """Return the file of one bucket of `table` in `snapshot`."""
    return place(snapshot, table) / f"part-{name_bucket(bucket)}.parquet"


def bucket(path: str) -> int | None:
    """Return the bucket of the part at `path`; None if that is no bucket's."""
    number = path.partition("/part-")[2].removesuffix(".parquet")
    return int(number) if number.isdigit() else None


def empty(columns: pa.Schema) -> pa.Table:
    """Return a table of these columns without rows.

    `pa.Schema.empty_table` would import pandas where that is installed, which costs more than a small run.
    """
    return pa.Table.from_batches([], columns)


def conform(table: str, rows: pl.DataFrame | pa.Table) -> pa.Table:
    """Return `rows` as the published `table`, if that is what they are; nothing is coerced.

    Raises:
        ValueError: a column is missing, undeclared or of another type, a value is null where none
            may be or not among the declared ones, or a key occurs twice.
    """
    frame, cast = _conform(table, rows)
    key = list(schema.DECLARED[table].key)
    if (twice := frame.filter(frame.select(key).is_duplicated())).height:
        raise BrokenTable(f"{table}: {twice.height} rows share a key ({', '.join(key)})")
    return cast


def _conform(table: str, rows: pl.DataFrame | pa.Table) -> tuple[pl.DataFrame, pa.Table]:
    """Return `rows` as declared, keys not yet compared."""
    given = rows.to_arrow() if isinstance(rows, pl.DataFrame) else rows
    declared = schema.arrow(table)
    if given.schema.names != declared.names:
        missing = sorted(set(declared.names) - set(given.schema.names))
        extra = sorted(set(given.schema.names) - set(declared.names))
        raise BrokenTable(f"{table}: missing {missing}, not declared {extra}, or in another order")
    for field in declared:
        own = _plain(given.schema.field(field.name).type)
        if own != field.type:
            raise BrokenTable(f"{table}.{field.name}: is {own}; declared is {field.type}")
    frame = rows if isinstance(rows, pl.DataFrame) else pl.DataFrame(given)
    _check_values(table, frame)
    # `Table.cast` would import pyarrow.compute, 30 ms.
    return frame, given.to_reader().cast(declared).read_all()


def _options(table: str) -> dict[str, Any]:
    """Return how `table` is written: footers quote no least and greatest of what people wrote or are called."""
    counted = [name for name in schema.DECLARED[table].columns if not personal.has_words(name)]
    return {"compression": "zstd", "write_statistics": counted}


def _plain(type_: pa.DataType) -> pa.DataType:
    """Return `type_` without what only says how Arrow keeps it in memory."""
    return pa.string() if type_ in (pa.large_string(), pa.string_view()) else type_


def _check_values(table: str, frame: pl.DataFrame) -> None:
    for name in frame.columns:
        column = schema.COLUMNS[name]
        nulls = frame[name].null_count()
        if nulls and not schema.is_nullable(table, name):
            raise BrokenTable(
                f"{table}.{name}: null in {nulls} of {frame.height} rows; it may not be"
            )
        if column.values:
            others = int((~frame[name].is_in(list(column.values))).sum())
            if others:
                raise BrokenTable(
                    f"{table}.{name}: other values in {others} of {frame.height} rows; it takes "
                    f"{', '.join(column.values)} only"
                )


def write(table: str, rows: pl.DataFrame | pa.Table, path: Path) -> None:
    """Write `rows`, in their order, as `table` to a Parquet file, each column with its meaning.

    Raises:
        ValueError: as `conform`.
    """
    pq.write_table(conform(table, rows), path, **_options(table))


def write_parts(table: str, rows: pl.DataFrame, snapshot: Path) -> None:
    """Write `rows`, which have their `bucket` besides, as `table` to one part a bucket, in their order.

    Raises:
        ValueError: as `conform`.
    """
    ordered = rows.sort("bucket", maintain_order=True)
    whole = conform(table, ordered.drop("bucket")).combine_chunks()
    start, options = 0, _options(table)
    for size, number in ordered["bucket"].rle().struct.unnest().iter_rows():
        path = part(snapshot, table, number)
        pq.write_table(whole.slice(start, size), path, **options)
        start += size


def write_if_empty(table: str, snapshot: Path) -> None:
    """Write an empty part of `table` if it has none: without one a reader couldn't know the columns."""
    if not files(snapshot, table):
        write(table, empty(schema.arrow(table)), place(snapshot, table) / EMPTY_PART)


def read_parts(table: str, snapshot: Path, numbers: list[int]) -> pl.DataFrame | None:
    """Return the rows of some buckets of `table`, with their `bucket`; None if there are none."""
    frames = [
        pl.read_parquet(one).with_columns(bucket=pl.lit(number, pl.Int32))
        for number in numbers
        if (one := part(snapshot, table, number)).is_file()
    ]
    return pl.concat(frames) if frames else None


def merge_parts(
    table: str, rows: pl.DataFrame | None, threads: pl.DataFrame, snapshot: Path, last: Path | None
) -> None:
    """Write the parts that hold `threads`: `rows`, which are all of theirs, and those of other threads in `last`.

    `rows` are in order within each thread, and so are parts, in which threads go by their id. `threads` has
    `thread_id, bucket`.

    Raises:
        ValueError: as `conform`.
    """
    numbers = sorted(set(threads["bucket"]))
    before = read_parts(table, last, numbers) if last else None
    if before is not None:
        before = before.filter(~pl.col("thread_id").is_in(threads["thread_id"].implode()))
        rows = before if rows is None else pl.concat([before, rows.select(before.columns)])
    if rows is not None:
        write_parts(table, rows.sort("bucket", "thread_id", maintain_order=True), snapshot)


def write_stream(table: str, rows: pa.RecordBatchReader, path: Path) -> None:
    """Write `rows`, in their order, as `table` to a Parquet file.

    Only a part is in memory at a time, so that a key may occur twice: `checks` looks for that. The file
    doesn't depend on how the rows are cut into batches.

    Raises:
        ValueError: as `conform`, but for the key.
    """
    count = 0
    held: list[pa.RecordBatch] = []
    with pq.ParquetWriter(path, schema.arrow(table), **_options(table)) as writer:

        def flush(whole: bool) -> None:
            part = pa.Table.from_batches(held, rows.schema)
            held.clear()
            for start in range(0, part.num_rows, ROW_GROUP_ROWS):
                group = part.slice(start, ROW_GROUP_ROWS)
                if group.num_rows == ROW_GROUP_ROWS or whole:
                    # Pages end where chunks do.
                    writer.write_table(_conform(table, group)[1].combine_chunks())
                else:
                    held.extend(group.to_batches())

        for batch in rows:
            held.append(batch)
            count += batch.num_rows
            if sum(part.num_rows for part in held) >= ROW_GROUP_ROWS:
                flush(whole=False)
        flush(whole=True)
        if not count:
            writer.write_table(_conform(table, empty(rows.schema))[1])


def view_statement(table: str, snapshot: Path, kind: str = "view") -> str:
    """Return the statement that makes a view (or a `kind` "table") of `table` on its files, columns by name."""
    there = place(snapshot, table)
    files = there / PARTS if schema.DECLARED[table].in_parts else there
    return f"create {kind} {table} as {select_statement(table, [files])}"


def select_statement(table: str, files: list[Path]) -> str:
    """Return the query that reads `table` from Parquet `files`, columns by name."""
    columns = ", ".join(f'"{name}"' for name in schema.DECLARED[table].columns)
    return f"select {columns} from {read_files(files)}"


def read_files(files: list[Path]) -> str:
    """Return what gives the rows of Parquet `files` in SQL."""
    listed = ", ".join(f"'{quote(file)}'" for file in files)
    return f"read_parquet([{listed}])"


def quote(path: Path) -> str:
    """Return `path` as it stands between quotes in SQL."""
    return str(path).replace("'", "''")
