"""Build threads from files to files, so that any process can: parsed rows lie in a spool, parts go to a snapshot."""

from pathlib import Path

import polars as pl

from threadmill import mentions, replies
from threadmill.replies import priors
from threadmill.storage import tables
from threadmill.storage.spool import Spool
from threadmill.threads import build
from threadmill.threads.build import BuiltRows, Infer, MentionRows

IN_PARTS = ("comments", "replies", "reply_candidates", "mentions", "mention_candidates", "captures")
WHOLE = ("threads", "left_out")
"""Rows that travel with their bucket and are put together at the end of a run."""


LAST = "last"
"""In the spool, a link to the snapshot of the last run."""


def share_inputs(
    spool: Spool, corrections: pl.DataFrame, contested: pl.DataFrame, last: Path | None
) -> None:
    """Write what all buckets share, besides what is parsed, to the spool; `last` is the snapshot to build on."""
    corrections.write_ipc(spool.folder / "corrections.arrow")
    contested.write_ipc(spool.folder / "contested.arrow")
    if last:
        (spool.folder / LAST).symlink_to(last, target_is_directory=True)


class Builder:
    """Builds the threads of some buckets at a time."""

    def __init__(
        self, spool: Path, snapshot: Path, vocabulary: Path, infer: Infer = replies.infer
    ) -> None:
        """Read what all buckets share.

        Raises:
            ValueError: the vocabulary contains something that its rules don't allow.
        """
        self.spool, self.snapshot, self.infer = Spool(spool), snapshot, infer
        self.packs = mentions.read_packs(vocabulary)
        self.priors = priors.read(vocabulary / priors.FILE)
        self.corrections = pl.read_ipc(spool / "corrections.arrow")
        self.contested = pl.read_ipc(spool / "contested.arrow")

    def build(self, buckets: list[int]) -> None:
        """Write the parts of `buckets` to the snapshot; rows of whole tables wait in the spool."""
        built = build.build_threads(
            self.spool.read(buckets),
            self.packs,
            self.priors,
            self.corrections,
            self.contested,
            self.infer,
        )
        _write_parts(built, self.snapshot)
        for kind in WHOLE:
            rows: pl.DataFrame = getattr(built, kind)
            rows.write_ipc(self.spool.folder / f"built-{kind}-{buckets[0]:02d}.arrow")

    def mention(self, buckets: list[int]) -> None:
        """Find mentions again in `buckets`, whose comments are in the snapshot."""
        comments = self._read_parts(self.snapshot, "comments", buckets)
        if comments is None:
            return
        last = self.spool.folder / LAST
        candidates = self._read_parts(last, "reply_candidates", buckets)
        threads = pl.read_parquet(last / "threads.parquet")
        rows = build.rebuild_mentions(
            comments.sort("thread_id", "position"), candidates, threads, self.packs
        )
        _write_parts(rows, self.snapshot)

    @staticmethod
    def _read_parts(snapshot: Path, table: str, buckets: list[int]) -> pl.DataFrame | None:
        """Return the rows of `buckets` in a table of `snapshot`, with their `bucket`; None if there are none."""
        frames = [
            pl.read_parquet(part).with_columns(bucket=pl.lit(bucket, pl.Int32))
            for bucket in buckets
            if (part := tables.part(snapshot, table, bucket)).is_file()
        ]
        return pl.concat(frames) if frames else None


def read_built(spool: Spool, kind: str) -> list[pl.DataFrame]:
    """Return the rows of `kind`, one of `WHOLE`, that were built so far, in the order of their buckets."""
    return [pl.read_ipc(path) for path in sorted(spool.folder.glob(f"built-{kind}-*"))]


def _write_parts(rows: BuiltRows | MentionRows, snapshot: Path) -> None:
    """Write the tables in parts among `rows` to `snapshot`, one part per bucket that has rows."""
    for table in (name for name in IN_PARTS if name in rows._fields):
        tables.write_parts(table, getattr(rows, table), snapshot)
