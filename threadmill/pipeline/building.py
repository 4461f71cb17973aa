"""Build threads from files to files, so that any process can: from the store, to parts of a snapshot."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from threadmill import mentions, replies
from threadmill.pipeline.staleness import Stale
from threadmill.privacy.guard import Guard
from threadmill.replies import evidence, frozen, priors
from threadmill.storage import tables
from threadmill.storage.buckets import name_bucket
from threadmill.storage.parsed import Store
from threadmill.storage.spool import IdentifiedRows
from threadmill.threads import build
from threadmill.threads.build import Infer, MentionRows

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


class Builder:
    """Builds the threads of some buckets at a time."""

    def __init__(
        self,
        work: Path,
        snapshot: Path,
        vocabulary: Path,
        infer: Infer = replies.infer,
        guard: Guard = NO_GUARD,
    ) -> None:
        """Read what all buckets share; what is written to `snapshot` is as `guard` says.

        Raises:
            ValueError: the vocabulary contains something that its rules don't allow.
        """
        self.work, self.snapshot, self.infer = work, snapshot, infer
        self.store = Store.open_written(work / STORE, work, guard.seal_store())
        self.protector = guard.make_protector()
        self.packs = mentions.read_packs(vocabulary)
        self.priors = priors.read(vocabulary / priors.FILE)
        self.corrections = pl.read_ipc(work / "corrections.arrow")
        self.contested = pl.read_ipc(work / "contested.arrow")
        self.stale = pl.read_ipc(work / "stale.arrow")
        self.published = pl.read_ipc(work / "published.arrow")
        if (work / FROZEN).is_file():
            self.infer = frozen.keep_frozen(infer, pl.read_ipc(work / FROZEN))

    def build(self, buckets: list[int]) -> None:
        """Write the parts of `buckets` to the snapshot; rows of whole tables wait in the folder `work`."""
        stale = self.stale.filter(pl.col("bucket").is_in(buckets))
        parsed = self.store.read(buckets)
        built = [
            build.build_threads(
                rows, self.packs, self.priors, self.corrections, self.contested, self.infer
            )
            for rows in _cut(parsed, stale["thread_id"])
        ]
        if self.protector:
            built = [self.protector.protect(rows) for rows in built]
        published = self.published.filter(pl.col("bucket").is_in(buckets))
        last = self.work / LAST if (self.work / LAST).exists() else None
        for table in IN_PARTS:
            rows = pl.concat([getattr(one, table) for one in built]) if built else None
            tables.merge_parts(table, rows, published, self.snapshot, last)
        for kind in WHOLE:
            if built:
                whole = pl.concat([getattr(rows, kind) for rows in built])
                whole.write_ipc(self.work / f"built-{kind}-{name_bucket(buckets[0])}.arrow")

    def mention(self, buckets: list[int]) -> None:
        """Find mentions again in `buckets`, whose comments are in the snapshot."""
        comments = tables.read_parts("comments", self.snapshot, buckets)
        if comments is None:
            return
        last = self.work / LAST
        candidates = tables.read_parts("reply_candidates", last, buckets)
        threads = pl.read_parquet(last / "threads.parquet")
        rows = build.rebuild_mentions(
            comments.sort("thread_id", "position"), candidates, threads, self.packs
        )
        for table in MentionRows._fields:
            tables.write_parts(table, getattr(rows, table), self.snapshot)


def _cut(parsed: IdentifiedRows, stale: pl.Series) -> Iterator[IdentifiedRows]:
    """Yield the rows of `stale` threads, about `BATCH_ROWS` comments at a time."""
    if parsed.threads.is_empty():
        return
    wanted = parsed.threads.filter(pl.col("thread_id").is_in(stale.implode()))
    sizes = wanted.group_by("thread_id").agg(pl.col("comment_count").sum()).sort("thread_id")
    number = (sizes["comment_count"].cum_sum() - sizes["comment_count"]) // BATCH_ROWS
    for _, some in sizes.with_columns(number=number).group_by("number", maintain_order=True):
        ids = some["thread_id"].implode()
        yield IdentifiedRows(*(rows.filter(pl.col("thread_id").is_in(ids)) for rows in parsed))


def read_built(work: Path, kind: str) -> list[pl.DataFrame]:
    """Return the rows of `kind`, one of `WHOLE`, that were built so far, in the order of their buckets."""
    return [pl.read_ipc(path) for path in sorted(work.glob(f"built-{kind}-*"))]
