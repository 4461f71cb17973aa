"""What is measured, each case in a process of its own: `python -m flows.bench.cases CASE RAW SCRATCH`."""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl

from flows import comments, documents, sources
from flows.bench import corpus
from flows.comments import Complete
from flows.discover import Document, discover
from flows.sidecars import Sidecar


def _batches(raw: Path) -> Iterator[list[Document]]:
    yield from documents.batches(discover(raw, {}).documents)


def start(_raw: Path, _scratch: Path) -> None:
    """Start Python and import; taken off the others before they are compared."""


def limit(raw: Path, scratch: Path) -> None:
    """Read the bytes, write them as Parquet: what no parser can undercut by much."""
    import pyarrow.parquet as pq

    for number, batch in enumerate(_batches(raw)):
        texts = [(raw / document.path).read_bytes() for document in batch]
        frame = pl.DataFrame({"path": [document.path for document in batch], "text": texts})
        frame = frame.with_columns(pl.col("text").cast(pl.String))
        pq.write_table(frame.to_arrow(), scratch / f"{number}.parquet", compression="zstd")


def line_loop(raw: Path, scratch: Path) -> None:
    """Parse with a careful loop over lines, as a script would, and write the same columns."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    for number, batch in enumerate(_batches(raw)):
        rows: list[tuple[str, int, str, str | None, str]] = []
        for document in batch:
            rows += _loop_over(document.path, (raw / document.path).read_text(encoding="utf-8"))
        columns = dict(
            zip(
                ("path", "position", "author", "created", "text"),
                zip(*rows, strict=True),
                strict=True,
            )
        )
        pq.write_table(pa.table(columns), scratch / f"{number}.parquet", compression="zstd")


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


def _parsed(raw: Path) -> Iterator[Complete]:
    for batch in _batches(raw):
        texts, _ = documents.load(raw, batch)
        known = comments.facts((document, Sidecar()) for document in batch)
        yield comments.complete(sources.parse(texts), known)


def parse(raw: Path, _scratch: Path) -> None:
    """Read and parse alone: nothing is written."""
    for batch in _batches(raw):
        texts, _ = documents.load(raw, batch)
        sources.parse(texts)


def parse_and_write(raw: Path, scratch: Path) -> None:
    """Read, parse, give ids and days, write the comments as Parquet."""
    import pyarrow.parquet as pq

    columns = [
        "comment_id",
        "thread_id",
        "position",
        "author_id",
        "author_name",
        "created_on",
        "text",
    ]
    for number, parsed in enumerate(_parsed(raw)):
        table = parsed.comments.select(columns).to_arrow()
        pq.write_table(table, scratch / f"{number}.parquet", compression="zstd")


def parse_and_infer_replies(raw: Path, _scratch: Path) -> None:
    """Read, parse, infer who answers whom."""
    from flows import hosts, replies

    for parsed in _parsed(raw):
        said = parsed.comments.sort("thread_id", "position")
        replies.infer(hosts.marked(said, hosts.found(parsed.threads, said)))


def parse_and_find_mentions(raw: Path, _scratch: Path) -> None:
    """Read, parse, find mentions."""
    from flows import hosts, mentions, resources

    packs = mentions.packs(resources.vocabulary_folder())
    for parsed in _parsed(raw):
        said = parsed.comments.sort("thread_id", "position")
        mentions.find(hosts.marked(said, hosts.found(parsed.threads, said)), packs)


def _speed(case: str, raw: Path, scratch: Path, find: Callable[[pl.DataFrame], float]) -> None:
    """Note the megabytes of text per CPU second that `find` says it took for all comments at once."""
    from flows import hosts

    frames = [
        hosts.marked(said, hosts.found(parsed.threads, said))
        for parsed in _parsed(raw)
        for said in [parsed.comments.sort("thread_id", "position")]
    ]
    rows = pl.concat(frames).sort("thread_id", "position")
    size = int(rows["text"].str.len_bytes().sum()) / 1e6
    (scratch / f"{case}.speed").write_text(str(size / find(rows)))


def mention_rules(raw: Path, scratch: Path) -> None:
    """Find mentions by all rules, and the review queue, without any vocabulary."""
    from flows import mentions
    from flows.mentions.packs import TERM

    def find(rows: pl.DataFrame) -> float:
        begin = time.process_time()
        mentions.find(rows, mentions.Packs(TERM.to_frame(), {}))
        return time.process_time() - begin

    _speed("mention_rules", raw, scratch, find)


def _terms(count: int, raw: Path, scratch: Path) -> None:
    from flows import mentions
    from flows.mentions import fold, vocabulary
    from flows.mentions.packs import TERM

    terms = pl.DataFrame({"folded": corpus.terms(count)}).select(
        pl.lit("bench").alias("pack"),
        pl.lit("1").alias("version"),
        pl.lit(1, pl.Int32).alias("priority"),
        pl.lit("topic").alias("kind"),
        pl.col("folded").alias("canonical"),
        pl.lit("").alias("topic"),
        pl.col("folded").alias("normal"),
        "folded",
        pl.lit(False).alias("is_cased"),
        pl.lit(False).alias("is_gated"),
        pl.lit([], pl.List(pl.String)).alias("platforms"),
        pl.lit([], pl.List(pl.String)).alias("threads"),
    )
    packs = mentions.Packs(terms.select(TERM.names()), {})

    def find(rows: pl.DataFrame) -> float:
        texts = rows.select(plain="text").with_row_index("row").with_columns(masked="plain")
        texts = fold.alike(texts)
        threads = rows.select("thread_id", "platform").with_row_index("row")
        begin = time.process_time()
        vocabulary.terms(texts, threads, packs)
        return time.process_time() - begin

    _speed(f"mention_{count}_terms", raw, scratch, find)


def mention_1000_terms(raw: Path, scratch: Path) -> None:
    """Find 1,000 random terms in texts made ready."""
    _terms(1_000, raw, scratch)


def mention_100000_terms(raw: Path, scratch: Path) -> None:
    """Find 100,000 random terms in texts made ready."""
    _terms(100_000, raw, scratch)


def dump_limit(raw: Path, scratch: Path) -> None:
    """Let DuckDB read a dump's columns and write them as Parquet."""
    import duckdb

    from flows.sources.reddit_dump import OBJECT

    columns = ", ".join(f"{name}: 'varchar'" for name in OBJECT)
    for path in sorted(raw.glob("reddit/*")):
        duckdb.sql(
            f"copy (from read_ndjson('{path}', columns = {{{columns}}})) "
            f"to '{scratch / path.name}.parquet' (compression zstd)"
        )


def dump(raw: Path, scratch: Path) -> None:
    """Read the same columns of the dump as comments of threads, with rejects, and write them as Parquet."""
    import pyarrow.parquet as pq

    batch = [
        Document(path.relative_to(raw).as_posix(), "reddit", path.stat().st_size, "", "", "")
        for path in sorted(raw.glob("reddit/*"))
    ]
    frames = (texts for texts, _ in documents.frames(raw, batch) if texts.height)
    for number, parsed in enumerate(documents.ahead(sources.parse, frames)):
        rows = parsed.comments.select(DUMP_COLUMNS).to_arrow()
        pq.write_table(rows, scratch / f"dump-{number}.parquet", compression="zstd")


DUMP_COLUMNS = (
    "native_id author_name text created_at is_edited is_deleted is_host thread_native_id parent_native_id "
    "parent_status url like_count line"
).split()


def run(raw: Path, scratch: Path) -> None:
    """Run all of it, from raw bytes to a published snapshot."""
    from flows import pipeline

    pipeline.run(raw, scratch / "processed", full=True)


def run_again(raw: Path, scratch: Path) -> None:
    """Run when nothing is new. Publish before with `run` in the same scratch folder."""
    from flows import pipeline

    pipeline.run(raw, scratch / "processed")


CASES: dict[str, Callable[[Path, Path], None]] = {
    case.__name__: case
    for case in (
        start,
        limit,
        line_loop,
        parse,
        parse_and_write,
        parse_and_infer_replies,
        parse_and_find_mentions,
        mention_rules,
        mention_1000_terms,
        mention_100000_terms,
        dump_limit,
        dump,
        run,
        run_again,
    )
}

if __name__ == "__main__":
    CASES[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
