"""A dump of a platform, against DuckDB's own reader of objects on lines."""

from pathlib import Path

from flows import documents, resources, sources
from flows.bench import corpus
from flows.bench.cases.base import case
from flows.discover import Document
from flows.sources.reddit_dump import OBJECT

_NAMES = (
    "native_id author_name text created_at is_edited is_deleted is_host thread_native_id parent_native_id "
    "parent_status url like_count line"
)
COLUMNS = _NAMES.split()
"""What becomes of the columns in `OBJECT`."""


@case(corpus=corpus.write_dump, against="dump_limit")
def dump_limit(raw: Path, scratch: Path) -> None:
    """Let DuckDB read the columns of a dump and write them as Parquet."""
    import duckdb

    columns = ", ".join(f"{name}: 'varchar'" for name in OBJECT)
    for path in sorted(raw.glob("reddit/*")):
        duckdb.sql(
            f"copy (from read_ndjson('{path}', columns = {{{columns}}})) "
            f"to '{scratch / path.name}.parquet' (compression zstd)"
        )


@case(corpus=corpus.write_dump, against="dump_limit")
def dump(raw: Path, scratch: Path) -> None:
    """Read the same columns as comments of threads, with rejects, and write them as Parquet."""
    import pyarrow.parquet as pq

    batch = [
        Document(path.relative_to(raw).as_posix(), "reddit", path.stat().st_size, "", "", "")
        for path in sorted(raw.glob("reddit/*"))
    ]
    frames = (texts for texts, _ in documents.frames(raw, batch) if texts.height)
    for number, parsed in enumerate(documents.ahead(sources.parse, frames, resources.cores())):
        rows = parsed.comments.select(COLUMNS).to_arrow()
        pq.write_table(rows, scratch / f"dump-{number}.parquet", compression="zstd")
