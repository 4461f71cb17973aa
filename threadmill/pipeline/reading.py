"""Read documents: parsed rows go to the store, which then holds the rows of every document."""

import shutil
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from threadmill import sources
from threadmill.pipeline import beside, fingerprint, stages
from threadmill.pipeline.beside import Beside
from threadmill.pipeline.plan import Plan, Reading, plan_reading
from threadmill.pipeline.staleness import Stale, find_stale_threads
from threadmill.pipeline.taking_out import (
    mask_beside,
    mask_rejects,
    rename_anchors,
    take_out_of_store,
)
from threadmill.pipeline.targets import Target
from threadmill.privacy.erasures import ERASED, SINCE, add_stones, find_frozen, take_fingerprint
from threadmill.privacy.guard import Guard
from threadmill.privacy.tombstones import Tombstones, open_tombstones
from threadmill.read import documents
from threadmill.read.discover import Discovery, Document
from threadmill.read.rejects import build_frame
from threadmill.read.sidecars import Edit
from threadmill.replies.corrections import Edits
from threadmill.schema.frames import Parsed
from threadmill.storage.parsed import Damaged, ParsedDocument, Store
from threadmill.storage.spool import Spool
from threadmill.threads import identify

SPOOL = ".spool"
"""The folder of a snapshot for parsed rows, until the store has them."""


MISMAPPED = ("column_missing", "column_twice")
"""Each `reason_code` of a table that its mapping doesn't fit."""
MISTAKE_MAX_CHARS = 320
"""Such a reason may list all headings of a table."""


class ReadRows(NamedTuple):
    """What every document says, and which of it isn't published yet."""

    store: Store
    """The parsed rows of all documents."""
    stale: Stale
    """The threads to build."""
    paths: list[str]
    """The documents that were read."""
    frozen: Path | None = None
    """The file of parents that stay as they were when words were erased, as `frozen.FROZEN`; None if there is none."""

    def restate(self, found: Discovery) -> Discovery:
        """Return `found` with what was read of documents that changed meanwhile; the next run looks at them again."""
        read = self.store.documents
        documents = [
            one
            if read[one.path].sha256 == one.sha256
            else one._replace(sha256=read[one.path].sha256, stamp="")
            for one in found.documents
        ]
        return found._replace(documents=documents)


def read_for_all(
    targets: Sequence[Target],
    raw: Path,
    store: Store,
    jobs: int,
    stage: stages.Stage[Any],
) -> list[str]:
    """Read the documents that changed, once for all `targets`; each gets its `rows`. Return which were read."""
    # As many buckets as any of them has, before the first is told what is stale.
    least = max(one.plan.published.bucket_count if one.plan.published else 0 for one in targets)
    read: list[str] = []
    while True:
        for target in targets:
            target.made_with |= take_fingerprint(raw)
            target.rows = read_documents(
                target.plan, target.found, target.made_with, raw, target.processed, store, target.snapshot, jobs,
                stage, target.guard, least,
            )  # fmt: skip
            read += target.rows.paths
        # What a later one reads, in place of damaged files, the earlier ones don't know.
        if not any(target.rows.paths for target in targets[1:]):
            return [*dict.fromkeys(read)]


def read_documents(
    plan: Plan,
    found: Discovery,
    made_with: dict[str, str],
    raw: Path,
    processed: Path,
    store: Store,
    snapshot: Path,
    jobs: int,
    stage: stages.Stage[Any],
    guard: Guard,
    least_buckets: int = 0,
) -> ReadRows:
    """Read the documents that changed into the `store`, of `least_buckets`, and tell which threads that makes stale.

    Documents keep what was said of them when they were last read, where what is said now has a mistake.
    """
    erased = open_tombstones(raw)

    def bring_up_to_date() -> ReadRows:
        store.split(max(store.bucket_count, least_buckets))
        # Under a profile nothing of what was read may lie beside published tables, not even for a while.
        place = snapshot if guard.is_full else store.private_folder
        if erased and store.made_with.get(ERASED) != made_with.get(ERASED):
            take_out_of_store(store, erased, place)
        reading = plan_reading(store, raw, found, made_with)
        spool = Spool(place / SPOOL, is_sealed=store.seal is not None)
        try:
            reader = beside.Reader(raw, processed, store, guard.seal_kept())
            _read(reading, raw, reader, store, spool, jobs, stage, erased)
        finally:
            shutil.rmtree(spool.folder)
        if erased and erased.fresh:
            add_stones(raw, [one | {"erasure": SINCE} for one in erased.fresh])
            made_with.update(take_fingerprint(raw))
            take_out_of_store(store, erased.with_more(erased.fresh), place)
        store.split(store.count_buckets())
        store.made_with = fingerprint.select_parsing(made_with)
        stale = stage("ids", lambda: find_stale_threads(plan, store, made_with, jobs, guard))
        store.verify(sorted(set(stale.threads["bucket"])))
        read = [document.path for document in reading.documents]
        return ReadRows(store, stale, read, find_frozen(raw) if erased else None)

    try:
        return bring_up_to_date()
    except Damaged:
        # With nothing kept everything is read, and no file is another run's.
        store.forget()
        return bring_up_to_date()


def _read(
    reading: Reading,
    raw: Path,
    reader: beside.Reader,
    store: Store,
    spool: Spool,
    jobs: int,
    stage: stages.Stage[Any],
    erased: Tombstones | None,
) -> None:
    """Read the documents of `reading` into the `store`, without what was `erased`."""
    if not reading.documents and not reading.gone:
        return
    found = _Found(reading, raw, spool, reader, jobs, erased)
    for piece in stages.split("read", list(documents.cut_batches(reading.documents))):
        stage(piece.name, partial(piece.do, found.read_batch))
    found.settle_corrections()
    mistakes = build_frame(reader.mistakes)
    rejects = pl.concat([mistakes, *found.rejects, found.corrections.rejects()])
    held = {path: one.texts for path, one in found.beside.items() if one.texts is not None}
    texts = beside.list_texts(held)
    corrected = found.corrections.anchors()
    if erased:
        rejects, texts = mask_rejects(rejects, erased), mask_beside(texts, erased)
        corrected = rename_anchors(corrected, erased)
    stems = {one.thread for one in reading.documents}
    stems |= {store.documents[path].thread for path in reading.gone}
    stage(
        "store",
        lambda: store.update(spool, found.parsed, reading.gone, rejects, texts, corrected, stems),
    )


class _Found:
    """What a run has read so far."""

    def __init__(
        self,
        reading: Reading,
        raw: Path,
        spool: Spool,
        reader: beside.Reader,
        jobs: int,
        erased: Tombstones | None,
    ) -> None:
        self.names, self.raw, self.spool = reading.names, raw, spool
        self.reader, self.jobs, self.erased = reader, jobs, erased
        self.documents: dict[str, Document] = {}
        """Those that were read, by their paths."""
        self.beside: dict[str, Beside] = {}
        """What holds for each of them of which something was read."""
        self.parsed: dict[str, ParsedDocument] = {}
        self.changed: dict[str, str] = {}
        """The hash of what was read of those that changed after they were found, by path."""
        self.corrections = Edits()
        self.rejects: list[pl.DataFrame] = []

    def read_batch(self, batch: list[Document]) -> None:
        """Read some documents."""
        self.documents |= {document.path: document for document in batch}
        held = {one.path: found for one in batch if (found := self.reader.read(one)) is not None}
        facts = identify.collect_facts(
            [(one, held[one.path].sidecar) for one in batch if one.path in held], self.names
        )
        names: dict[str, str] = {}
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
            remapped = before.threads["path"].unique().to_list() if before else []
            parsed = self._note_lost_columns(parsed, remapped)
            if before:
                parsed = Parsed(*(pl.concat(rows) for rows in zip(parsed, before, strict=True)))
            refused = [unreadable, parsed.rejects]
            rows = identify.identify_rows(parsed, facts, self.reader.store.bucket_count)
            return refused, rows, remapped

        try:
            mappings = {path: one.columns for path, one in held.items()}
            readable = [document for document in batch if document.path in held]
            frames = documents.read_frames(self.raw, readable, mappings, self._note_hash)
            for refused, rows, remapped in documents.work_ahead(parse, frames, self.jobs):
                self.spool.add(self.erased.take_out(rows) if self.erased else rows)
                refusals += refused
                for path in remapped:
                    held[path] = held[path].put_back("mapping", self.reader.recall(path) or {})
                if edited:
                    named = rows.comments.select(
                        "path", "comment_id", "thread_id", "position", "parent_status"
                    )
                    corrected.append(named.filter(named["path"].is_in(edited)))
                by_path = rows.threads.group_by("path").agg(
                    "bucket", "source_format", pl.col("name").first()
                )
                for path, buckets, source_formats, name in by_path.iter_rows():
                    fed[path].update(buckets)
                    formats[path].update(map(sources.find_module, set(source_formats)))
                    if name:
                        names[path] = name
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
        for document in batch:
            path = document.path
            self.parsed[path] = ParsedDocument(
                self.changed.get(path, document.sha256),
                document.sidecar_sha256,
                document.thread,
                sorted(fed[path]),
                sorted(formats[path]),
                names.get(path),
            )

    def _note_hash(self, document: Document, sha256: str) -> None:
        if sha256 != document.sha256:
            self.changed[document.path] = sha256

    def _note_corrections(
        self, path: str, edits: Mapping[str, list[Edit]], rows: pl.DataFrame
    ) -> None:
        # Where a source gives no order, that of the file. A table's rows have that of its lines.
        place = pl.coalesce("position", pl.int_range(pl.len(), dtype=pl.Int32))
        count = place.rank("ordinal").over("thread_id").cast(pl.Int32) - 1
        own = rows.filter(pl.col("path") == path).with_columns(position=count)
        for file, said in edits.items():
            before = self.reader.recall_edits(path, file)
            self.corrections.add(file, said, before, path, self.documents[path].thread, own)

    def _note_lost_columns(self, parsed: Parsed, remapped: list[str]) -> Parsed:
        """Return `parsed` without the rejects that are noted as mistakes in column mappings.

        Such is why a document gave nothing that a mapping which held before still reads, as `remapped`, or that lacks a
        column of its mapping.
        """
        is_lost = ~pl.col("source_path").is_in(parsed.threads["path"].implode())
        is_lost &= pl.col("reason_code").is_in(MISMAPPED) | pl.col("source_path").is_in(remapped)
        lost = parsed.rejects.filter(is_lost).select("source_path", "reason")
        for path, reason in lost.unique("source_path", keep="first", maintain_order=True).rows():
            file = self.reader.name_mapping(path)
            mistake = f"{file}: {reason}"[:MISTAKE_MAX_CHARS]
            is_read = path in remapped
            self.reader.note("mapping", self.documents[path], mistake, is_read=is_read)
        return parsed._replace(rejects=parsed.rejects.filter(~is_lost))

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
