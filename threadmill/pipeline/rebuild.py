"""Rebuild stale buckets of a snapshot and take over the others from the last run."""

import contextlib
import shutil
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl

from threadmill import paths, replies, schema, topics
from threadmill.pipeline import beside, building, stages, workers
from threadmill.pipeline.plan import Plan
from threadmill.pipeline.reading import ReadRows
from threadmill.publish import snapshots
from threadmill.read.discover import Discovery
from threadmill.read.rejects import build_frame
from threadmill.storage import tables
from threadmill.storage.buckets import BUCKETS, buckets
from threadmill.storage.spool import Spool
from threadmill.threads import left_out
from threadmill.threads.build import Infer

GROUP_BYTES = 24 * 2**20
"""Build buckets together up to this many bytes of parsed rows: frames of that size are fastest."""
WORKERS_BYTES = 6 * 2**20
"""Start worker processes from this many bytes of parsed rows: starting them takes a second."""
UNPACKED = 4
"""Comments take roughly this many times as much memory as space in Parquet."""
OF_MENTIONS = {"mentions", "mention_candidates", "reply_candidates"}
"""Tables in parts that finding mentions again changes; of the last one, candidates by addressee."""
LEFT_OUT = f"{beside.KEPT}/left_out.parquet"


def build_threads(
    rows: ReadRows,
    found: Discovery,
    snapshot: Path,
    jobs: int,
    stage: stages.Stage[Any],
    infer: Infer | None = None,
) -> None:
    """Write the parsed tables to `snapshot`: stale buckets from `rows`, the others taken over from the last run.

    Raises:
        ValueError: the vocabulary contains something that its rules don't allow.
    """
    for name in schema.parsed_tables():
        if schema.TABLES[name].in_parts:
            tables.place(snapshot, name).mkdir()
    building.share_inputs(rows.spool, rows.corrections, rows.contested, rows.plan.last)
    mentioned = set(range(BUCKETS)) - rows.stale if rows.plan.finds_mentions_again else set()
    _take_over(rows.plan, snapshot, set(building.IN_PARTS) - OF_MENTIONS, rows.stale)
    _take_over(rows.plan, snapshot, OF_MENTIONS, rows.stale | mentioned)
    # Finding mentions takes as much memory as building.
    size = rows.spool.bytes + sum(
        part.stat().st_size * UNPACKED
        for bucket in mentioned
        if (part := tables.part(snapshot, "comments", bucket)).is_file()
    )
    todo = {"build": rows.stale if rows.spool.batches else set(), "mention": mentioned}
    with _start_builders(rows.spool, snapshot, size, jobs, infer) as (work, at_once):
        for kind, numbers in todo.items():
            groups = _group_buckets(sorted(numbers), size, at_once)
            for piece in stages.split(kind, groups, at_once):
                stage(piece.name, partial(piece.do, partial(work, kind), at_once))
    _write_whole_tables(rows, found, snapshot)
    shutil.rmtree(rows.spool.folder)


@contextlib.contextmanager
def _start_builders(
    spool: Spool, snapshot: Path, size: int, jobs: int, infer: Infer | None
) -> Iterator[tuple[Any, int]]:
    """Yield what builds some buckets, and how many such calls run at once."""
    vocabulary = paths.vocabulary_folder()
    if jobs == 1 or size < WORKERS_BYTES:
        builder = building.Builder(spool.folder, snapshot, vocabulary, infer or replies.infer)
        yield lambda kind, numbers: getattr(builder, kind)(numbers), 1
    else:
        with workers.start(jobs, spool.folder, snapshot, vocabulary) as started:
            yield started.work, jobs


def _take_over(plan: Plan, snapshot: Path, names: set[str], stale: set[int]) -> None:
    """Link the parts of tables `names` of all buckets but the `stale` ones from the last run."""
    if not plan.published or not plan.last:
        return
    for file in plan.published.files:
        bucket = tables.bucket(file)
        if bucket is not None and bucket not in stale and file.partition("/")[0] in names:
            snapshots.reuse(plan.last, snapshot, file)


def _group_buckets(numbers: list[int], size: int, at_once: int) -> list[list[int]]:
    """Return the buckets `numbers` in groups of about `GROUP_BYTES` at most, as many for each of `at_once`."""
    count = -(-max(1, size) // (GROUP_BYTES * at_once)) * at_once
    count = min(count, len(numbers))
    edges = [len(numbers) * number // count for number in range(count + 1)] if count else []
    return [numbers[start:end] for start, end in pairwise(edges)]


def _write_whole_tables(rows: ReadRows, found: Discovery, snapshot: Path) -> None:
    """Write the tables of one file: rows of stale buckets and read documents are new, others are the last run's."""
    left = _join_left_out(rows)
    (snapshot / beside.KEPT).mkdir()
    left.write_parquet(snapshot / LEFT_OUT)
    beside.keep(rows.beside, rows.plan, rows.read, snapshot)
    _write("threads", _join_threads(rows), snapshot)
    _write("rejects", _join_rejects(rows, found, left), snapshot)
    _write("topic_terms", topics.read_terms(paths.vocabulary_folder()), snapshot)
    _write("topic_scopes", topics.read_scopes(paths.vocabulary_folder()), snapshot)
    _write("topic_changes", topics.read_changes(paths.vocabulary_folder()), snapshot)
    for name in schema.parsed_tables():
        folder = tables.place(snapshot, name)
        if schema.TABLES[name].in_parts and not any(folder.iterdir()):
            # Without a part a reader couldn't know the columns.
            tables.write(name, tables.empty(schema.arrow(name)), folder / tables.EMPTY_PART)


def _join_threads(rows: ReadRows) -> pl.DataFrame:
    columns = schema.TABLES["threads"].columns
    frames = [pl.DataFrame(tables.empty(schema.arrow("threads")))]
    frames += [built.select(columns) for built in building.read_built(rows.spool, "threads")]
    if rows.plan.last:
        last = pl.read_parquet(rows.plan.last / "threads.parquet")
        frames.append(last.filter(~buckets(last["thread_id"]).is_in(sorted(rows.stale))))
    return pl.concat(frames).sort("thread_id")


def _join_left_out(rows: ReadRows) -> pl.DataFrame:
    """Return the comments left out in any bucket, as `left_out.LEFT_OUT`."""
    frames = [left_out.LEFT_OUT.to_frame(), *building.read_built(rows.spool, "left_out")]
    if rows.plan.last:
        last = pl.read_parquet(rows.plan.last / LEFT_OUT)
        frames.append(last.filter(~pl.col("bucket").is_in(sorted(rows.stale))))
    return pl.concat(frames).sort(*left_out.KEY, "bucket")


def _join_rejects(rows: ReadRows, found: Discovery, left: pl.DataFrame) -> pl.DataFrame:
    """Return the rejects of discovery, of reading, and of building, one row per document, line and reason."""
    discovered = build_frame(found.rejects)
    frames = [discovered, rows.rejects, left_out.sum_left_out(left)]
    if rows.plan.last:
        unread = [document.path for document in rows.plan.kept if document.path not in rows.read]
        last = pl.read_parquet(rows.plan.last / "rejects.parquet")
        is_of_reading = ~pl.col("reason_code").is_in(list(left_out.REASONS))
        frames.append(last.filter(is_of_reading & pl.col("source_path").is_in(unread)))
    key = ["source_path", "line", "reason_code"]
    rejects = pl.concat(frames).sort(key, maintain_order=True)
    return rejects.unique(key, keep="first", maintain_order=True)


def _write(name: str, rows: pl.DataFrame, snapshot: Path) -> None:
    tables.write(name, rows, tables.place(snapshot, name))
