"""Build threads from files to files, so that any process can: from the store, to parts of a snapshot."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from threadmill import mentions, replies
from threadmill.pipeline.staleness import Stale
from threadmill.privacy.guard import Guard
from threadmill.replies import evidence, frozen, priors
from threadmill.storage import tables
from threadmill.storage.buckets import name_bucket
from threadmill.storage.parsed import Store
from threadmill.storage.spool import IdentifiedRows
from threadmill.threads import build, identify
from threadmill.threads.build import BuiltRows, Infer, MentionRows

IN_PARTS = ("comments", "replies", "reply_candidates", "mentions", "mention_candidates", "captures")
WHOLE = ("threads", "left_out")
"""Rows that are put together at the end of a run."""
NO_GUARD = Guard()
BATCH_ROWS = 2**17
"""Build threads together up to this many comments, so that a large bucket takes no more memory."""


LAST, STORE = "last", "store"
"""Links to the snapshot of the last run and to what was parsed."""
FROZEN = "frozen.arrow"
"""Parents that stay as they are, as `frozen.FROZEN`, if there are any."""


def share_inputs(work: Path, store: Store, stale: Stale, last: Path | None) -> None:
    """Write what all buckets share to the folder `work`; `last` is the snapshot to build on."""
    corrections = stale.anchors.select(list(evidence.SCHEMA))
    corrections.write_ipc(work / "corrections.arrow")
    stale.contested.write_ipc(work / "contested.arrow")
    stale.threads.write_ipc(work / "stale.arrow")
    stale.published.write_ipc(work / "published.arrow")
    (work / STORE).symlink_to(store.folder, target_is_directory=True)
    store.write_index(work, with_documents=False)
    if last:
        (work / LAST).symlink_to(last, target_is_directory=True)


class Outlet(NamedTuple):
    """Where rows are published that are built: there may be several, each under a profile."""

    work: Path
    """The folder of what `share_inputs` wrote, and of rows of whole tables."""
    snapshot: Path
    guard: Guard = NO_GUARD

    def dump(self) -> list[Any]:
        """Return this as `load` takes it; it holds a key, as `Guard.dump`."""
        return [str(self.work), str(self.snapshot), self.guard.dump()]

    @classmethod
    def load(cls, dumped: list[Any]) -> "Outlet":
        """Return what `dump` was given."""
        work, snapshot, guard = dumped
        return cls(Path(work), Path(snapshot), Guard.load(guard))


class _Writer:
    """Writes the parts of an outlet."""

    def __init__(self, outlet: Outlet) -> None:
        self.work, self.snapshot = outlet.work, outlet.snapshot
        self.protector = outlet.guard.make_protector()
        self.stale = pl.read_ipc(self.work / "stale.arrow")
        self.published = pl.read_ipc(self.work / "published.arrow")
        self.last = self.work / LAST if (self.work / LAST).exists() else None

    def list_stale(self, buckets: list[int]) -> pl.Series:
        """Return the threads of `buckets` to build."""
        return self.stale.filter(pl.col("bucket").is_in(buckets))["thread_id"]

    def write(self, built: list[BuiltRows], buckets: list[int], has_others: bool) -> None:
        """Write the parts of `buckets`; of `built` some threads are for others, if it `has_others`."""
        if has_others:
            own = self.list_stale(buckets).implode()
            built = [
                BuiltRows(*(rows.filter(pl.col("thread_id").is_in(own)) for rows in one))
                for one in built
            ]
        if self.protector:
            built = [self.protector.protect(rows) for rows in built]
        published = self.published.filter(pl.col("bucket").is_in(buckets))
        for table in IN_PARTS:
            rows = pl.concat([getattr(one, table) for one in built]) if built else None
            tables.merge_parts(table, rows, published, self.snapshot, self.last)
        for kind in WHOLE:
            if built:
                whole = pl.concat([getattr(rows, kind) for rows in built])
                whole.write_ipc(self.work / f"built-{kind}-{name_bucket(buckets[0])}.arrow")


class Builder:
    """Builds the threads of some buckets at a time, once for all outlets."""

    def __init__(
        self, outlets: Sequence[Outlet], vocabulary: Path, infer: Infer = replies.infer
    ) -> None:
        """Read what all buckets share.

        Raises:
            ValueError: the vocabulary contains something that its rules don't allow.
        """
        self.infer = infer
        self.writers = [_Writer(outlet) for outlet in outlets]
        # What was parsed and corrected is the same for all of them.
        work, guard = outlets[0].work, outlets[0].guard
        self.store = Store.open_written(work / STORE, work, guard.seal_store())
        self.packs = mentions.read_packs(vocabulary)
        self.priors = priors.read(vocabulary / priors.FILE)
        self.corrections = pl.read_ipc(work / "corrections.arrow")
        self.contested = pl.read_ipc(work / "contested.arrow")
        if (work / FROZEN).is_file():
            self.infer = frozen.keep_frozen(infer, pl.read_ipc(work / FROZEN))

    def build(self, buckets: list[int], _number: int = 0) -> None:
        """Write the parts of `buckets` to the snapshots; rows of whole tables wait in the folders `work`."""
        stale = [writer.list_stale(buckets) for writer in self.writers]
        together = pl.concat(stale).unique()
        built = [
            build.build_threads(
                rows, self.packs, self.priors, self.corrections, self.contested, self.infer
            )
            for rows in _cut(self.store.read(buckets), together)
        ]
        for writer, own in zip(self.writers, stale, strict=True):
            writer.write(built, buckets, has_others=own.len() < together.len())

    def mention(self, buckets: list[int], number: int = 0) -> None:
        """Find mentions again in `buckets` of the outlet `number`, whose comments are in its snapshot."""
        work, snapshot = self.writers[number].work, self.writers[number].snapshot
        comments = tables.read_parts("comments", snapshot, buckets)
        if comments is None:
            return
        last = work / LAST
        candidates = tables.read_parts("reply_candidates", last, buckets)
        threads = pl.read_parquet(last / "threads.parquet")
        rows = build.rebuild_mentions(
            comments.sort("thread_id", "position"), candidates, threads, self.packs
        )
        for table in MentionRows._fields:
            tables.write_parts(table, getattr(rows, table), snapshot)


def _cut(parsed: IdentifiedRows, stale: pl.Series) -> Iterator[IdentifiedRows]:
    """Yield the rows of `stale` threads, about `BATCH_ROWS` comments at a time."""
    if parsed.threads.is_empty():
        return
    if not parsed.comments.width:
        # The store knows no columns of comments before it has one.
        parsed = parsed._replace(comments=identify.build_no_comments())
    wanted = parsed.threads.filter(pl.col("thread_id").is_in(stale.implode()))
    sizes = wanted.group_by("thread_id").agg(pl.col("comment_count").sum()).sort("thread_id")
    number = (sizes["comment_count"].cum_sum() - sizes["comment_count"]) // BATCH_ROWS
    for _, some in sizes.with_columns(number=number).group_by("number", maintain_order=True):
        ids = some["thread_id"].implode()
        yield IdentifiedRows(*(rows.filter(pl.col("thread_id").is_in(ids)) for rows in parsed))


def read_built(work: Path, kind: str) -> list[pl.DataFrame]:
    """Return the rows of `kind`, one of `WHOLE`, that were built so far, in the order of their buckets."""
    return [pl.read_ipc(path) for path in sorted(work.glob(f"built-{kind}-*"))]
