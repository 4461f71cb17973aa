"""Decode files: values of tables and databases, packed contents, and the bytes themselves.

Words hide from a search of bytes: Parquet, Arrow and DuckDB compress them, archives too, JSON and HTML escape them.
Each `View` is one way to look at a part of a file. No file is changed, and none is read whole unless it is an archive
of tables or databases.
"""

import bz2
import contextlib
import gzip
import io
import lzma
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

BLOCK_BYTES = 2**24
"""Look at this many bytes of a file at once."""
BATCH_ROWS = 2**16
HEAD_BYTES = 16
DEEPEST = 8
"""Open at most so many archives within each other."""
_WITHIN, _LEADING = 0x80, 0xC0
"""From the first on, bytes within a character of UTF-8; from the second on, those that begin one of several bytes."""


class View(NamedTuple):
    """A part of a file, decoded: one of `texts` and `data`."""

    place: str
    """Where in the file, in words."""
    texts: pa.Array | None = None
    """Strings, each whole."""
    data: bytes = b""
    """Bytes, the next after those of the view before that has the same place."""


class Unreadable(Exception):  # noqa: N818 # a finding, not a fault
    """A file, or a part of it, can't be decoded; the text says what and why."""


def decode_file(path: Path, *, numbers: bool = False) -> Iterator[View]:
    """Yield what the file at `path` says: its bytes first, then what they mean.

    Args:
        path: a file, of any kind.
        numbers: whether whole numbers in tables count too, written as text.

    Raises:
        Unreadable: a part can't be decoded. Other parts may have been yielded.
        OSError: it can't be read.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        file.seek(0)
        yield from _read_blocks("bytes", file)
    yield from _decode(head, path, "", numbers, 0)


def _read_blocks(place: str, file: IO[bytes]) -> Iterator[View]:
    """Yield what is left of `file`, no character of UTF-8 in two blocks."""
    rest = b""
    while block := file.read(BLOCK_BYTES):
        block = rest + block
        end = _find_last_character(block)
        rest = block[end:]
        yield View(place, data=block[:end])
    if rest:
        yield View(place, data=rest)


def _find_last_character(block: bytes) -> int:
    """Return where the last character of `block` begins if its end is missing, else the length of `block`."""
    for back in range(1, min(4, len(block) + 1)):
        byte = block[-back]
        if byte >= _LEADING:
            size = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return len(block) if back >= size else len(block) - back
        if byte < _WITHIN:
            break
    return len(block)


def _decode(
    head: bytes, source: Path | bytes, within: str, numbers: bool, depth: int
) -> Iterator[View]:
    """Yield what `source` means beyond its bytes; `head` is how it begins, `within` the archives that it is in."""
    kind = _name_kind(head)
    if kind is None:
        return
    try:
        if kind in _TABLES:
            yield from _TABLES[kind](source, within, numbers)
        else:
            yield from _unpack(kind, source, within, numbers, depth)
    except Unreadable:
        raise
    except Exception as error:
        # Libraries raise many classes for a damaged file, and quote its content.
        raise Unreadable(f"{within}{kind} that can't be read ({type(error).__name__})") from error


def _name_kind(head: bytes) -> str | None:
    """Return which of the kinds that are decoded begins with `head`; None for all else."""
    if head[8:12] == b"DUCK":
        return "DuckDB"
    return next((kind for start, kind in _STARTS.items() if head.startswith(start)), None)


_STARTS = {
    b"PAR1": "Parquet",
    b"ARROW1": "Arrow",
    b"SQLite format 3\0": "SQLite",
    b"\x1f\x8b": "gzip",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"BZh": "bzip2",
    b"\xfd7zXZ\0": "xz",
    b"PK\x03\x04": "zip",
}


# Tables.


def _decode_parquet(source: Path | bytes, within: str, numbers: bool) -> Iterator[View]:
    file = pq.ParquetFile(_open(source))
    yield from _decode_footer(file, within)
    for batch in file.iter_batches(BATCH_ROWS, use_threads=False):
        yield from _decode_columns(pa.Table.from_batches([batch]), within, numbers)


def _decode_footer(file: pq.ParquetFile, within: str) -> Iterator[View]:
    """Yield what the footer says: metadata, and the least and greatest values of each column."""
    known = file.metadata
    said = [value for pair in (known.metadata or {}).items() for value in pair]
    for field in file.schema_arrow:
        said += [field.name.encode()]
        said += [value for pair in (field.metadata or {}).items() for value in pair]
    for group in range(known.num_row_groups):
        for column in range(known.num_columns):
            measured = known.row_group(group).column(column).statistics
            if measured is not None and measured.has_min_max:
                ends = (measured.min, measured.max)
                said += [one if isinstance(one, bytes) else str(one).encode() for one in ends]
    yield View(f"{within}footer", data=b"\n".join(said))


def _decode_arrow(source: Path | bytes, within: str, numbers: bool) -> Iterator[View]:
    opened = _open(source)
    reader = pa.ipc.open_file(pa.memory_map(opened) if isinstance(opened, str) else opened)
    for number in range(reader.num_record_batches):
        batch = reader.get_batch(number)
        for start in range(0, batch.num_rows, BATCH_ROWS):
            rows = pa.Table.from_batches([batch.slice(start, BATCH_ROWS)])
            yield from _decode_columns(rows, within, numbers)


def _decode_duckdb(source: Path | bytes, within: str, numbers: bool) -> Iterator[View]:
    with _on_disk(source) as path, duckdb.connect(str(path), read_only=True) as con:
        con.execute("set enable_external_access = false")
        said = con.execute(
            "select sql from duckdb_views() where not internal union all "
            "select sql from duckdb_tables() union all select sql from duckdb_indexes() union all "
            "select comment from duckdb_views() where not internal union all "
            "select comment from duckdb_tables() union all select comment from duckdb_columns() union all "
            "select macro_definition from duckdb_functions() where not internal"
        ).fetchall()
        yield View(f"{within}definitions", data="\n".join(row[0] or "" for row in said).encode())
        names = con.execute(
            "select schema_name, table_name from duckdb_tables() where not internal"
        ).fetchall()
        for schema, name in names:
            quoted = ".".join('"' + part.replace('"', '""') + '"' for part in (schema, name))
            for batch in con.sql(f"from {quoted}").to_arrow_reader(BATCH_ROWS):
                rows = pa.Table.from_batches([batch])
                yield from _decode_columns(rows, f"{within}{name}.", numbers)


def _decode_sqlite(source: Path | bytes, within: str, numbers: bool) -> Iterator[View]:
    # A copy with its log: opening the file itself would write beside it, or leave out what is in the log alone.
    with _on_disk(source, "-wal") as path, sqlite3.connect(path) as con:
        con.text_factory = bytes
        said = con.execute("select sql from sqlite_master where sql is not null").fetchall()
        yield View(f"{within}definitions", data=b"\n".join(row[0] for row in said))
        names = con.execute("select name from sqlite_master where type = 'table'").fetchall()
        for (name,) in names:
            yield from _decode_sqlite_table(con, name.decode(), within, numbers)
    con.close()


def _decode_sqlite_table(
    con: sqlite3.Connection, name: str, within: str, numbers: bool
) -> Iterator[View]:
    quoted = '"' + name.replace('"', '""') + '"'
    try:
        rows = con.execute(f"select * from {quoted}")
    except sqlite3.OperationalError:
        # A virtual table whose module isn't here; its content lies in ordinary ones.
        return
    while some := rows.fetchmany(BATCH_ROWS // 16):
        cells = [
            cell if isinstance(cell, bytes) else str(cell).encode()
            for row in some
            for cell in row
            if isinstance(cell, bytes) or (numbers and isinstance(cell, int))
        ]
        yield View(f"{within}{name}", data=b"\0".join(cells))


_TABLES: dict[str, Callable[[Path | bytes, str, bool], Iterator[View]]] = {
    "Parquet": _decode_parquet,
    "Arrow": _decode_arrow,
    "DuckDB": _decode_duckdb,
    "SQLite": _decode_sqlite,
}


def _decode_columns(rows: pa.Table, within: str, numbers: bool) -> Iterator[View]:
    for name, column in zip(rows.column_names, rows.columns, strict=True):
        for chunk in column.chunks:
            yield from _decode_values(chunk, f"{within}{name}", numbers)


def _decode_values(values: pa.Array, place: str, numbers: bool) -> Iterator[View]:
    """Yield the texts among `values`, of any type, those in lists, structs and maps too."""
    kind = values.type
    if pa.types.is_dictionary(kind):
        yield from _decode_values(values.dictionary, place, numbers)
    elif pa.types.is_struct(kind):
        for field, inner in zip(kind, values.flatten(), strict=True):
            yield from _decode_values(inner, f"{place}.{field.name}", numbers)
    elif pa.types.is_map(kind):
        yield from _decode_values(values.keys, place, numbers)
        yield from _decode_values(values.items, place, numbers)
    elif (
        pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    ):
        yield from _decode_values(values.flatten(), place, numbers)
    elif (
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    ):
        yield View(place, values.cast(pa.large_string()))
    elif (
        pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_binary_view(kind)
    ):
        yield View(place, data=b"\0".join(one for one in values.to_pylist() if one is not None))
    elif numbers and pa.types.is_integer(kind):
        yield View(place, values.cast(pa.large_string()))


# Archives.


def _unpack(
    kind: str, source: Path | bytes, within: str, numbers: bool, depth: int
) -> Iterator[View]:
    if depth == DEEPEST:
        raise Unreadable(f"{within}{kind} in more than {DEEPEST} archives")
    with _open_binary(source) as file:
        if kind != "zip":
            with _OPENERS[kind](file) as unpacked:
                yield from _look_into(unpacked, f"{within}{kind}", numbers, depth)
            return
        with zipfile.ZipFile(file) as archive:
            for one in archive.infolist():
                yield View(f"{within}names", data=one.filename.encode())
                if not one.is_dir():
                    with archive.open(one) as unpacked:
                        yield from _look_into(unpacked, f"{within}zip", numbers, depth)


def _open_zstd(file: IO[bytes]) -> Any:
    return zstandard.ZstdDecompressor(max_window_size=2**31).stream_reader(
        file, read_across_frames=True
    )


_OPENERS: dict[str, Callable[[IO[bytes]], Any]] = {
    "gzip": lambda file: gzip.GzipFile(fileobj=file),
    "bzip2": bz2.BZ2File,
    "xz": lzma.LZMAFile,
    "zstd": _open_zstd,
}


def _look_into(unpacked: Any, place: str, numbers: bool, depth: int) -> Iterator[View]:
    """Yield the unpacked bytes, and what they mean; only tables and archives are held in memory whole."""
    first = unpacked.read(BLOCK_BYTES)
    if _name_kind(first[:HEAD_BYTES]) is None:
        yield View(place, data=first)
        yield from _read_blocks(place, unpacked)
        return
    whole = first + unpacked.read()
    yield View(place, data=whole)
    yield from _decode(whole[:HEAD_BYTES], whole, f"{place}, ", numbers, depth + 1)


# Opening.


def _open(source: Path | bytes) -> Any:
    return str(source) if isinstance(source, Path) else pa.BufferReader(source)


def _open_binary(source: Path | bytes) -> IO[bytes]:
    return source.open("rb") if isinstance(source, Path) else io.BytesIO(source)


@contextlib.contextmanager
def _on_disk(source: Path | bytes, *beside: str) -> Iterator[Path]:
    """Yield a copy of a database, with the files whose names end with `beside`, that nobody else can read."""
    with tempfile.TemporaryDirectory(prefix="threadmill-scan-") as folder:
        copy = Path(folder) / "copy"
        if isinstance(source, bytes):
            copy.write_bytes(source)
        else:
            for end in ("", *beside):
                if (file := source.with_name(source.name + end)).is_file():
                    shutil.copyfile(file, copy.with_name(copy.name + end))
        yield copy
