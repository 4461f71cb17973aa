"""A dump of a platform, against DuckDB's own reader of objects on lines."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from threadmill import paths, sources
from threadmill.measure.bench import corpus
from threadmill.measure.bench.cases.base import START, case
from threadmill.read import documents
from threadmill.read.discover import Document
from threadmill.schema.frames import Parsed
from threadmill.sources.reddit_dump import OBJECT

_NAMES = (
    "native_id author_name text created_at is_edited is_deleted is_host thread_native_id parent_native_id "
    "parent_status url like_count line"
)
COLUMNS = _NAMES.split()
"""What becomes of the columns in `OBJECT`."""


@case(corpus=corpus.write_dump, against="dump_limit")
def dump_limit(raw: Path, scratch: Path) -> None:
    """Let DuckDB read the columns of a dump and write them as Parquet."""
    # It would print to where the figures go.
    duckdb.sql("set enable_progress_bar = false")
    columns = ", ".join(f"{name}: 'varchar'" for name in OBJECT)
    for path in sorted(raw.glob("reddit/*")):
        duckdb.sql(
            f"copy (from read_ndjson('{path}', columns = {{{columns}}})) "
            f"to '{scratch / path.name}.parquet' (compression zstd)"
        )


@case(corpus=corpus.write_dump, against="dump_limit")
def dump(raw: Path, scratch: Path) -> None:
    """Read the same columns as comments of threads, with rejects, and write them as Parquet."""
    for number, parsed in enumerate(_parsed(raw)):
        rows = parsed.comments.select(COLUMNS).to_arrow()
        pq.write_table(rows, scratch / f"dump-{number}.parquet", compression="zstd")


def _parsed(raw: Path) -> Iterator[Parsed]:
    batch = [
        Document(path.relative_to(raw).as_posix(), "reddit", path.stat().st_size, "", "", "")
        for path in sorted(raw.glob("reddit/*"))
    ]
    frames = (texts for texts, _ in documents.read_frames(raw, batch) if texts.height)
    yield from documents.work_ahead(sources.parse, frames, paths.cores())


@case(corpus=corpus.write_packed_dump, against=START, by_default=False)
def read_packed_dump(raw: Path, _scratch: Path) -> None:
    """Read a packed dump, whatever its size, and keep nothing: its peak is what is measured."""
    for _ in _parsed(raw):
        pass


@case(corpus=corpus.write_dump, against="dump_limit", by_default=False)
def run_explicit(raw: Path, scratch: Path) -> None:
    """Run all of it on all cores on threads with explicit trees, from a dump to a published snapshot."""
    from threadmill import pipeline

    pipeline.run(raw, scratch / "explicit", full=True)
