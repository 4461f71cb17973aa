"""Find the threads that a run builds: those whose parsed rows differ from what is published."""

import hashlib
from typing import NamedTuple

import polars as pl

from threadmill.pipeline import kept
from threadmill.pipeline.fingerprint import PRIOR
from threadmill.pipeline.plan import Plan
from threadmill.privacy.guard import Guard
from threadmill.storage.buckets import deal
from threadmill.storage.parsed import Store
from threadmill.storage.thread_digests import DIGEST

MADE_OF = "threads"
"""In `kept.FOLDER`, what each published thread is made of, as `DIGEST`."""
_DIGEST_BYTES = 10


class Stale(NamedTuple):
    """Threads that a run builds, and those that aren't there any more."""

    made_of: pl.DataFrame
    """What each thread of the run is made of, as `DIGEST`."""
    threads: pl.DataFrame
    """Rows of `thread_id, bucket, is_gone`: published rows of these are replaced."""
    anchors: pl.DataFrame
    """Parents that people corrected, as `frames.ANCHOR`."""
    contested: pl.DataFrame
    """Ids of comments in several threads, as `parsed.CONTESTED`."""
    published: pl.DataFrame
    """`threads` by their ids as published: keyed ones under a profile."""

    @property
    def built_share(self) -> float:
        """How much of all threads is built."""
        built = self.threads.height - self.threads["is_gone"].sum()
        return float(built / self.made_of.height) if built else 0.0

    @property
    def share(self) -> dict[int, float]:
        """How much of each bucket is built."""
        threads = self.made_of.group_by("bucket").len()
        built = self.threads.filter(~pl.col("is_gone")).group_by("bucket").len("built")
        both = threads.join(built, on="bucket")
        return {bucket: built / count for bucket, count, built in both.iter_rows()}


def find_stale_threads(
    plan: Plan, store: Store, made_with: dict[str, str], jobs: int, guard: Guard
) -> Stale:
    """Return the threads to build: their rows, corrections, contested ids or their platform's prior are others.

    Args:
        plan: what is published, and whether all threads are built.
        store: what every document says.
        made_with: as `fingerprint.take` gives it.
        jobs: how many threads may work.
        guard: the profile that the run publishes under.

    Raises:
        Damaged: a file of the store isn't as it was written.
    """
    anchors, contested = store.read_whole("anchors"), store.find_contested_ids(jobs)
    digests = store.read_whole("digests")
    made_of = _add_inputs(digests, anchors, contested, made_with)
    before = DIGEST.to_frame()
    if plan.last:
        before = kept.read(plan.last, MADE_OF, DIGEST, guard.seal_kept())
    if plan.published and plan.published.bucket_count != store.bucket_count:
        before = deal(before, store.bucket_count)
    if plan.builds_everything:
        same = DIGEST.to_frame()
    else:
        same = made_of.join(before, on=["thread_id", "bucket", "digest"], how="semi")
    stale = made_of.join(same, on="thread_id", how="anti").select("thread_id", "bucket")
    gone = before.join(made_of, on="thread_id", how="anti").select("thread_id", "bucket")
    if plan.finds_mentions_again:
        # A bucket is built or has its mentions found again.
        stale = made_of.filter(
            pl.col("bucket").is_in(sorted({*stale["bucket"], *gone["bucket"]}))
        ).select("thread_id", "bucket")
    both = [
        frame.with_columns(is_gone=pl.lit(is_gone))
        for frame, is_gone in ((stale, False), (gone, True))
    ]
    threads = pl.concat(both).sort("bucket", "thread_id")
    protector = guard.make_protector()
    published = protector.hash_columns(threads) if protector else threads
    return Stale(made_of, threads, anchors, contested, published)


def _add_inputs(
    digests: pl.DataFrame,
    anchors: pl.DataFrame,
    contested: pl.DataFrame,
    made_with: dict[str, str],
) -> pl.DataFrame:
    """Return `digests` in which what threads depend on besides their rows counts too."""
    others: dict[str, list[str]] = {}
    for frame in (anchors, contested):
        for row in frame.sort(frame.columns, nulls_last=True).iter_rows(named=True):
            others.setdefault(row["thread_id"], []).append(str(row))
    priors = {
        name.removeprefix(PRIOR): known
        for name, known in made_with.items()
        if name.startswith(PRIOR)
    }
    prior = pl.col("platform").replace_strict(priors, default="", return_dtype=pl.String)
    digested = {thread_id: _hash(rows) for thread_id, rows in others.items()}
    other = pl.col("thread_id").replace_strict(digested, default="", return_dtype=pl.String)
    return digests.with_columns(digest=pl.concat_str("digest", prior, other, separator=" "))


def _hash(words: list[str]) -> str:
    return hashlib.blake2b("\n".join(words).encode(), digest_size=_DIGEST_BYTES).hexdigest()
