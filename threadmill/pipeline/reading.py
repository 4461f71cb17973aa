"""Read documents: parsed rows go to a spool, and what is rejected or corrected on the way comes back."""

from collections.abc import Collection, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from threadmill import sources
from threadmill.pipeline import stages
from threadmill.pipeline.plan import Plan
from threadmill.read import discover, documents, sidecars
from threadmill.read.discover import Document
from threadmill.replies.corrections import Edits
from threadmill.schema.frames import REJECT
from threadmill.storage import tables
from threadmill.storage.buckets import BUCKETS
from threadmill.storage.spool import Spool
from threadmill.threads import identify

SPOOL = ".spool"
"""The folder of a snapshot for parsed rows, until its threads are built."""


class ReadRows(NamedTuple):
    """What was read for a run, and what follows from it for building threads."""

    plan: Plan
    """The plan, wider than it was where ids of comments ask for it."""
    spool: Spool
    """The parsed rows of stale buckets."""
    stale: set[int]
    """Buckets to rebuild: those that a document that was read feeds or fed."""
    contested: pl.DataFrame
    """Ids that several threads have, as `spool.CONTESTED`."""
    corrections: pl.DataFrame
    """Parents that people corrected: anchors, as `replies.infer` takes them."""
    rejects: pl.DataFrame
    """One row per rejected document or line; each names its document."""
    read: Collection[str]
    """The paths of the documents that were read."""
    fed: dict[str, list[int]]
    """The buckets that each document of the run feeds, by its path."""
    formats: dict[str, list[str]]
    """The formats that read each document of the run, by its path."""


def read_documents(
    plan: Plan, raw: Path, snapshot: Path, jobs: int, stage: stages.Stage[Any]
) -> ReadRows:
    """Read the changed documents of `plan`, and those that feed a bucket that they make stale.

    Raises:
        ValueError: a sidecar or a correction contains something that its rules don't allow.
    """
    reading = _Reading(raw, Spool(snapshot / SPOOL), jobs, stage)
    reading.read("read", plan.changed)
    stale = set(plan.stale).union(*reading.fed.values())
    # A bucket is rebuilt whole, from all documents that feed it.
    reading.read("read again", plan.feeding(stale))
    contested = stage("ids", lambda: _find_contested_ids(plan, reading.spool, stale, jobs))
    if plan.last and not contested.is_empty():
        # Which thread keeps an id depends on all the threads that have it.
        reading.read("read again", plan.kept)
        plan, stale = plan.widen(), set(range(BUCKETS))
    return ReadRows(
        plan,
        reading.spool,
        stale,
        contested,
        reading.corrections.anchors(),
        pl.concat([REJECT.to_frame(), *reading.rejects, reading.corrections.rejects()]),
        reading.fed.keys(),
        {**plan.fed, **reading.fed},
        {**plan.formats, **reading.formats},
    )


def _find_contested_ids(plan: Plan, spool: Spool, stale: set[int], jobs: int) -> pl.DataFrame:
    """Return the ids that several threads have, in stale buckets or kept ones, as `spool.CONTESTED`."""
    kept = []
    if plan.last:
        fresh = (bucket for bucket in range(BUCKETS) if bucket not in stale)
        parts = (tables.part(plan.last, "comments", bucket) for bucket in fresh)
        kept = [part for part in parts if part.is_file()]
    return spool.find_contested_ids(kept, sorted(stale), jobs)


class _Reading:
    """What a run has read so far."""

    def __init__(self, raw: Path, spool: Spool, jobs: int, stage: stages.Stage[Any]) -> None:
        self.raw, self.spool, self.jobs, self.stage = raw, spool, jobs, stage
        self.fed: dict[str, list[int]] = {}
        """The buckets that each document fed, by its path."""
        self.formats: dict[str, list[str]] = {}
        """The formats that read each document, by its path."""
        self.corrections = Edits()
        self.rejects: list[pl.DataFrame] = []

    def read(self, name: str, some: Sequence[Document]) -> None:
        """Read those of `some` documents that aren't read yet, in pieces called `name`.

        Raises:
            ValueError: a sidecar contains something that its rules don't allow.
        """
        unread = [document for document in some if document.path not in self.fed]
        for piece in stages.split(name, list(documents.cut_batches(unread))):
            self.stage(piece.name, partial(piece.do, self._read_batch))

    def _read_batch(self, batch: list[Document]) -> None:
        facts = identify.collect_facts(
            [
                (document, sidecars.read_sidecars(discover.find_sidecars(self.raw, document)))
                for document in batch
            ]
        )
        fed: dict[str, set[int]] = {document.path: set() for document in batch}
        formats: dict[str, set[str]] = {document.path: set() for document in batch}
        edges = {d.path: files for d in batch if (files := discover.find_corrections(self.raw, d))}
        rejects = []
        corrected = []
        start = self.spool.batches

        def parse(frame: tuple[pl.DataFrame, pl.DataFrame]) -> Any:
            texts, unreadable = frame
            parsed = sources.parse(texts)
            return unreadable, parsed.rejects, identify.identify_rows(parsed, facts)

        try:
            frames = documents.read_frames(self.raw, batch)
            for unreadable, parsed_rejects, rows in documents.work_ahead(parse, frames, self.jobs):
                self.spool.add(rows)
                rejects += [unreadable, parsed_rejects]
                if edges:
                    named = rows.comments.select(
                        "path", "comment_id", "thread_id", "position", "parent_status"
                    )
                    corrected.append(named.filter(named["path"].is_in(list(edges))))
                by_path = rows.threads.group_by("path").agg("bucket", "source_format")
                for path, buckets, source_formats in by_path.iter_rows():
                    fed[path].update(buckets)
                    formats[path].update(map(sources.find_module, set(source_formats)))
        except BaseException:
            # A piece may run again; what it wrote so far is written over.
            self.spool.batches = start
            raise
        self.rejects += rejects
        for path, files in edges.items():
            # What can't be read is a reject, and corrections to it have nothing to correct.
            if fed[path]:
                self._note_corrections(path, files, pl.concat(corrected))
        self.fed |= {path: sorted(buckets) for path, buckets in fed.items()}
        self.formats |= {path: sorted(modules) for path, modules in formats.items()}

    def _note_corrections(self, path: str, files: list[Path], rows: pl.DataFrame) -> None:
        # Where a source gives no order, that of the file. A table's rows have that of its lines.
        place = pl.coalesce("position", pl.int_range(pl.len(), dtype=pl.Int32))
        count = place.rank("ordinal").over("thread_id").cast(pl.Int32) - 1
        own = rows.filter(pl.col("path") == path).with_columns(position=count)
        for file in files:
            name = file.relative_to(self.raw).as_posix()
            self.corrections.add(name, sidecars.read_edits(file), path, own)
