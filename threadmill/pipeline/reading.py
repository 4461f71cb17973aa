"""Read documents: parsed rows go to a spool, and what is rejected or corrected on the way comes back."""

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from threadmill import sources
from threadmill.pipeline import beside, stages
from threadmill.pipeline.beside import Beside
from threadmill.pipeline.plan import Plan
from threadmill.read import documents, rejects
from threadmill.read.discover import Discovery, Document
from threadmill.read.sidecars import Edit
from threadmill.replies.corrections import Edits
from threadmill.schema.frames import Parsed
from threadmill.storage import tables
from threadmill.storage.buckets import BUCKETS
from threadmill.storage.spool import IdentifiedRows, Spool
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
    beside: dict[str, beside.Texts]
    """What held for documents that were read, of those beside which something lies."""
    rejects: pl.DataFrame
    """One row per rejected document or line; each names its document."""
    read: Collection[str]
    """The paths of the documents that were read."""
    fed: dict[str, list[int]]
    """The buckets that each document of the run feeds, by its path."""
    formats: dict[str, list[str]]
    """The formats that read each document of the run, by its path."""
    changed: dict[str, str]
    """The hash of what was read, by path, of documents that changed after they were found."""

    def restate(self, found: Discovery) -> Discovery:
        """Return `found` with what was read of documents that changed meanwhile; the next run looks at them again."""
        documents = [
            one._replace(sha256=self.changed[one.path], stamp="")
            if one.path in self.changed
            else one
            for one in found.documents
        ]
        return found._replace(documents=documents)


def read_documents(
    plan: Plan, raw: Path, processed: Path, snapshot: Path, jobs: int, stage: stages.Stage[Any]
) -> ReadRows:
    """Read the changed documents of `plan`, and those that feed a bucket that they make stale.

    Documents keep what was said of them when they were last read in `processed`, where what is said now has a mistake.
    """
    reading = _Reading(raw, Spool(snapshot / SPOOL), beside.Reader(raw, processed), jobs, stage)
    reading.read("read", plan.changed)
    stale = set(plan.stale).union(*reading.fed.values())
    # A bucket is rebuilt whole, from all documents that feed it.
    reading.read("read again", plan.feeding(stale))
    contested = stage("ids", lambda: _find_contested_ids(plan, reading.spool, stale, jobs))
    if plan.last and not contested.is_empty():
        # Which thread keeps an id depends on all the threads that have it.
        reading.read("read again", plan.kept)
        plan, stale = plan.widen(), set(range(BUCKETS))
    reading.settle_corrections()
    return ReadRows(
        plan,
        reading.spool,
        stale,
        contested,
        reading.corrections.anchors(),
        {path: one.texts for path, one in reading.beside.items() if one.texts is not None},
        pl.concat(
            [
                rejects.build_frame(reading.reader.mistakes),
                *reading.rejects,
                reading.corrections.rejects(),
            ]
        ),
        reading.fed.keys(),
        {**plan.fed, **reading.fed},
        {**plan.formats, **reading.formats},
        reading.changed,
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

    def __init__(
        self,
        raw: Path,
        spool: Spool,
        reader: beside.Reader,
        jobs: int,
        stage: stages.Stage[Any],
    ) -> None:
        self.raw, self.spool, self.reader, self.jobs, self.stage = raw, spool, reader, jobs, stage
        self.documents: dict[str, Document] = {}
        """Those that were read, by their paths."""
        self.beside: dict[str, Beside] = {}
        """What holds for each of them of which something was read."""
        self.fed: dict[str, list[int]] = {}
        """The buckets that each document fed, by its path."""
        self.formats: dict[str, list[str]] = {}
        """The formats that read each document, by its path."""
        self.changed: dict[str, str] = {}
        """The hash of what was read of those that changed after they were found, by path."""
        self.corrections = Edits()
        self.rejects: list[pl.DataFrame] = []

    def read(self, name: str, some: Sequence[Document]) -> None:
        """Read those of `some` documents that aren't read yet, in pieces called `name`."""
        unread = [document for document in some if document.path not in self.fed]
        for piece in stages.split(name, list(documents.cut_batches(unread))):
            self.stage(piece.name, partial(piece.do, self._read_batch))

    def _read_batch(self, batch: list[Document]) -> None:
        self.documents |= {document.path: document for document in batch}
        held = {one.path: found for one in batch if (found := self.reader.read(one)) is not None}
        facts = identify.collect_facts(
            [(one, held[one.path].sidecar) for one in batch if one.path in held]
        )
        fed: dict[str, set[int]] = {document.path: set() for document in batch}
        formats: dict[str, set[str]] = {document.path: set() for document in batch}
        edited = [path for path, one in held.items() if one.edits]
        refusals = []
        corrected = []
        start = self.spool.batches

        def parse(frame: tuple[pl.DataFrame, pl.DataFrame]) -> Any:
            texts, unreadable = frame
            parsed = sources.parse(texts)
            before = _parse_as_before(texts, parsed, self.reader)
            if before:
                parsed = self._join_mapped_before(parsed, before)
            remapped = before.threads["path"].unique() if before else ()
            refused = [unreadable, parsed.rejects]
            return refused, identify.identify_rows(parsed, facts), remapped

        try:
            mappings = {path: one.mapping for path, one in held.items()}
            readable = [document for document in batch if document.path in held]
            frames = documents.read_frames(self.raw, readable, mappings, self._note_hash)
            for refused, rows, remapped in documents.work_ahead(parse, frames, self.jobs):
                self.spool.add(self._restate_hashes(rows))
                refusals += refused
                for path in remapped:
                    held[path] = held[path].put_back("mapping", self.reader.recall(path) or {})
                if edited:
                    named = rows.comments.select(
                        "path", "comment_id", "thread_id", "position", "parent_status"
                    )
                    corrected.append(named.filter(named["path"].is_in(edited)))
                by_path = rows.threads.group_by("path").agg("bucket", "source_format")
                for path, buckets, source_formats in by_path.iter_rows():
                    fed[path].update(buckets)
                    formats[path].update(map(sources.find_module, set(source_formats)))
        except BaseException:
            # A piece may run again; what it wrote so far is written over.
            self.spool.batches = start
            raise
        self.rejects += refusals
        for path in edited:
            # What can't be read is a reject, and corrections to it have nothing to correct.
            if fed[path]:
                self._note_corrections(path, held[path].edits, pl.concat(corrected))
        self.beside |= {path: one for path, one in held.items() if fed[path]}
        self.fed |= {path: sorted(buckets) for path, buckets in fed.items()}
        self.formats |= {path: sorted(modules) for path, modules in formats.items()}

    def _note_hash(self, document: Document, sha256: str) -> None:
        if sha256 != document.sha256:
            self.changed[document.path] = sha256

    def _restate_hashes(self, rows: IdentifiedRows) -> IdentifiedRows:
        """Return `rows` with the hash of what was read; of a dump that changes meanwhile its first parts don't know."""
        if not self.changed:
            return rows
        read = pl.col("path").replace_strict(self.changed, default=pl.col("source_sha256"))
        return rows._replace(threads=rows.threads.with_columns(source_sha256=read))

    def _note_corrections(
        self, path: str, edits: Mapping[str, list[Edit]], rows: pl.DataFrame
    ) -> None:
        # Where a source gives no order, that of the file. A table's rows have that of its lines.
        place = pl.coalesce("position", pl.int_range(pl.len(), dtype=pl.Int32))
        count = place.rank("ordinal").over("thread_id").cast(pl.Int32) - 1
        own = rows.filter(pl.col("path") == path).with_columns(position=count)
        for file, said in edits.items():
            before = self.reader.recall_edits(path, file)
            platform = self.documents[path].platform
            self.corrections.add(file, said, before, path, platform, own)

    def _join_mapped_before(self, parsed: Parsed, before: Parsed) -> Parsed:
        """Return `parsed` with what mappings made that held `before`; why today's made nothing is a mistake in them."""
        is_same = pl.col("source_path").is_in(before.threads["path"].implode())
        for path, reason in (
            parsed.rejects.filter(is_same)
            .unique("source_path", keep="first", maintain_order=True)
            .select("source_path", "reason")
            .iter_rows()
        ):
            file = self.reader.name_mapping(path)
            self.reader.note("mapping", self.documents[path], f"{file}: {reason}")
        return Parsed(
            pl.concat([parsed.threads, before.threads]),
            pl.concat([parsed.comments, before.comments]),
            pl.concat([parsed.rejects.filter(~is_same), before.rejects]),
        )

    def settle_corrections(self) -> None:
        """Let what was corrected before hold where a file of corrections can't be meant, and note the mistake."""
        for mistake in self.corrections.settle():
            for path in mistake.documents:
                self.reader.note("correction", self.documents[path], mistake.sentence)
                before = self.reader.recall(path) or {}
                self.beside[path] = self.beside[path].put_back("correction", before)


def _parse_as_before(texts: pl.DataFrame, parsed: Parsed, reader: beside.Reader) -> Parsed | None:
    """Return what column mappings that held before make of those `texts` of which today's make nothing.

    Such a mapping names a column that isn't there. None if there is no such text.
    """
    if texts["mapping"].null_count() == texts.height:
        return None
    is_lost = texts["mapping"].is_not_null() & ~texts["path"].is_in(
        parsed.threads["path"].implode()
    )
    lost = texts.filter(is_lost)
    before = [reader.recall_mapping(path) for path in lost["path"]]
    others = lost.with_columns(before=pl.Series(before, dtype=pl.String)).filter(
        pl.col("before") != pl.col("mapping")
    )
    if others.is_empty():
        return None
    found = sources.parse(others.with_columns(mapping="before").drop("before"))
    return found if found.threads.height else None
