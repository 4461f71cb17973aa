"""The stages of the pipeline, their lower limit, and the whole run."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from threadmill import sources
from threadmill.measure.bench.cases.base import START, case
from threadmill.read import documents
from threadmill.read.discover import Document, discover
from threadmill.read.sidecars import Sidecar
from threadmill.schema.frames import Parsed
from threadmill.storage.spool import IdentifiedRows
from threadmill.threads import identify

COLUMNS = ["path", "position", "author_name", "created_text", "text"]
"""What is written where reading is compared: what a script takes from a page."""


def batches(raw: Path) -> Iterator[list[Document]]:
    """Yield the documents below `raw` as the pipeline batches them."""
    yield from documents.cut_batches(discover(raw, {}).documents)


def parsed(raw: Path) -> Iterator[tuple[list[Document], Parsed]]:
    """Yield each batch of documents below `raw` and what is on its pages."""
    for batch in batches(raw):
        frames = [sources.parse(texts) for texts, _ in documents.read_frames(raw, batch)]
        yield batch, Parsed(*(pl.concat(tables) for tables in zip(*frames, strict=True)))


def completed(raw: Path) -> Iterator[IdentifiedRows]:
    """Yield the rows of each batch with ids and days."""
    for batch, rows in parsed(raw):
        known = identify.collect_facts((document, Sidecar()) for document in batch)
        yield identify.identify_rows(rows, known)


def written_comments(raw: Path) -> Iterator[pl.DataFrame]:
    """Yield the comments of each batch as inference and mentions get them."""
    from threadmill.threads import hosts

    for rows in completed(raw):
        ordered = rows.comments.sort("thread_id", "position")
        yield hosts.mark_hosts(ordered, hosts.find_hosts(rows.threads, ordered))


@case(is_shown=False)
def tables(raw: Path, scratch: Path) -> None:
    """Leave the tables that `limit` writes, uncompressed."""
    (scratch / "tables").mkdir()
    for number, (_, rows) in enumerate(parsed(raw)):
        rows.comments.select(COLUMNS).write_ipc(scratch / "tables" / f"{number:05d}.arrow")


@case(against=START)
def start(_raw: Path, _scratch: Path) -> None:
    """Start Python and import; taken off the others before they are compared."""


@case(after=("tables",))
def limit(raw: Path, scratch: Path) -> None:
    """Read the bytes, and write the Parquet that they become, made before: no parser does less."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    for number, batch in enumerate(batches(raw)):
        for document in batch:
            (raw / document.path).read_bytes()
        mapped = pa.memory_map(str(scratch / "tables" / f"{number:05d}.arrow"))
        table = pa.ipc.open_file(mapped).read_all()
        pq.write_table(table, scratch / f"limit-{number}.parquet", compression="zstd")


@case()
def line_loop(raw: Path, scratch: Path) -> None:
    """Parse with a careful loop over lines, as a script would, and write the same columns."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    for number, batch in enumerate(batches(raw)):
        rows: list[tuple[str, int, str, str | None, str]] = []
        for document in batch:
            rows += _loop_over(document.path, (raw / document.path).read_text(encoding="utf-8"))
        columns = dict(zip(COLUMNS, zip(*rows, strict=True), strict=True))
        pq.write_table(pa.table(columns), scratch / f"loop-{number}.parquet", compression="zstd")


def _loop_over(path: str, text: str) -> Iterator[tuple[str, int, str, str | None, str]]:
    author, created, body, position, is_head = "", None, [""], 0, False
    previous = "User's avatar"
    for line in text.split("\n"):
        if line == "Expand full comment":
            yield path, position, author, created, "\n".join(body).strip("\n")
            position, is_head = position + 1, False
        elif line.endswith("'s avatar") and previous in ("User's avatar", "Expand full comment"):
            author, created, body, is_head = line.removesuffix("'s avatar"), None, [], True
        elif is_head and line:
            created = line if created is None else created
        else:
            is_head = False
            body.append(line)
        previous = line


@case()
def parse(raw: Path, _scratch: Path) -> None:
    """Read and parse alone: nothing is written."""
    for _ in parsed(raw):
        pass


@case()
def parse_and_write(raw: Path, scratch: Path) -> None:
    """Read, parse, write the comments as Parquet."""
    import pyarrow.parquet as pq

    for number, (_, rows) in enumerate(parsed(raw)):
        # As they lie, which is how `limit` reads them.
        table = rows.comments.select(COLUMNS).to_arrow(compat_level=pl.CompatLevel.newest())
        pq.write_table(table, scratch / f"parsed-{number}.parquet", compression="zstd")


@case()
def parse_and_identify(raw: Path, _scratch: Path) -> None:
    """Read, parse, give ids, authors and days."""
    for _ in completed(raw):
        pass


@case()
def parse_and_infer_replies(raw: Path, _scratch: Path) -> None:
    """Read, parse, infer who answers whom."""
    from threadmill import replies

    for rows in written_comments(raw):
        replies.infer(rows)


@case()
def parse_and_find_mentions(raw: Path, _scratch: Path) -> None:
    """Read, parse, find mentions."""
    from threadmill import mentions, paths

    packs = mentions.read_packs(paths.vocabulary_folder())
    for rows in written_comments(raw):
        mentions.find_mentions(rows, packs)


@case()
def run(raw: Path, scratch: Path) -> None:
    """Run all of it on all cores, from raw bytes to a published snapshot."""
    from threadmill import pipeline

    pipeline.run(raw, scratch / "processed", full=True)


@case()
def run_on_one_core(raw: Path, scratch: Path) -> None:
    """Run all of it with `--jobs 1`."""
    from threadmill import pipeline

    pipeline.run(raw, scratch / "on_one_core", jobs=1, full=True)


@case(after=("run",))
def run_again(raw: Path, scratch: Path) -> None:
    """Run when nothing is new."""
    from threadmill import pipeline

    pipeline.run(raw, scratch / "processed")
