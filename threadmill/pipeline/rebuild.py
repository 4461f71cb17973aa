"""The parsed tables of a snapshot: changed documents are read, stale buckets milled, the rest is taken over."""

import contextlib
import shutil
from collections.abc import Collection, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from threadmill import paths, schema, topics
from threadmill.pipeline import plan, steps, workers
from threadmill.pipeline.plan import Plan
from threadmill.pipeline.reading import Reading
from threadmill.publish import snapshots
from threadmill.read.discover import Discovery
from threadmill.replies.explicit import ELSEWHERE, MILL_REASONS
from threadmill.storage import tables
from threadmill.threads import build, identify
from threadmill.threads.build import Milling, Spool
from threadmill.threads.identify import BUCKETS

GROUP_BYTES = 24 * 2**20
"""Buckets are milled together up to so many bytes of parsed rows: frames of that size are fastest."""
WORKERS_BYTES = 6 * 2**20
"""Parsed rows from which on processes of their own are worth their start, which takes a second."""
UNPACKED = 4
"""So many times as large as in Parquet are comments in memory, roughly."""
OF_VOCABULARY = {"mentions", "mention_candidates"}
"""Tables in parts that another vocabulary changes."""


class Filled(NamedTuple):
    """What a run read, for its summary and the next run."""

    documents_read: int
    fed: dict[str, list[int]]
    """The buckets that each document feeds, by its path."""


class Fill:
    """Writes the parsed tables of one snapshot."""

    def __init__(
        self,
        raw: Path,
        processed: Path,
        snapshot: Path,
        found: Discovery,
        jobs: int,
        step: steps.Step[Any],
    ) -> None:
        self.raw, self.snapshot, self.found = raw, snapshot, found
        self.jobs, self.step = jobs, step
        self.old = (processed / snapshots.CURRENT).resolve()

    def write(self, todo: Plan) -> Filled:
        """Write the tables, as far as `todo` allows from those of the last run.

        Raises:
            ValueError: a sidecar or the vocabulary says something that its rules don't allow.
        """
        if todo.before and ELSEWHERE in self._old_rejects()["reason_code"]:
            # Which comments were left out, because another thread has their ids, depends on all of them.
            todo = plan.everything(self.found)
        spool = Spool(self.snapshot / ".spool")
        reading = Reading(self.raw, spool, self.jobs, self.step)
        reading.read("read", todo.changed)
        stale = todo.stale.union(*reading.fed.values())
        stale |= self._told_by_mill(todo, stale)
        # A bucket is rebuilt whole, from all documents that feed it.
        beside = todo.feeding(stale)
        reading.read("read again", beside)
        contested = self.step("ids", lambda: self._contested(todo, spool, stale))
        if todo.before and not contested.is_empty():
            # Whose an id is takes all the threads that have it.
            shutil.rmtree(spool.folder)
            return self.write(plan.everything(self.found))
        self._mill(todo, spool, stale, reading.edits.anchors(), contested)
        threads = Milling.milled(spool, "threads")
        told = [*reading.rejects, reading.edits.rejects()]
        rejects = [*told, *Milling.milled(spool, "rejects")]
        shutil.rmtree(spool.folder)
        self._write_files(todo, stale, reading.fed.keys(), threads, rejects)
        return Filled(len(reading.fed), todo.fed | reading.fed)

    def _old_rejects(self) -> pl.DataFrame:
        return pl.read_parquet(self.old / "rejects.parquet")

    def _told_by_mill(self, todo: Plan, stale: set[int]) -> set[int]:
        """Return the buckets of kept documents that are read again and have rejects of milling.

        Those rejects are told by all of a document's buckets, so all are milled.
        """
        if not todo.before or not stale:
            return set()
        told = self._old_rejects().filter(pl.col("reason_code").is_in(MILL_REASONS))
        documents = set(told["source_path"])
        more: set[int] = set()
        while True:
            again = [document.path for document in todo.feeding(stale | more)]
            own = {bucket for path in documents.intersection(again) for bucket in todo.fed[path]}
            if own <= stale | more:
                return more
            more |= own

    def _contested(self, todo: Plan, spool: Spool, stale: set[int]) -> pl.DataFrame:
        """Return the ids that several threads have, as `Spool.contested`."""
        kept = []
        if todo.before:
            parts = (tables.part(self.old, "comments", b) for b in range(BUCKETS) if b not in stale)
            kept = [part for part in parts if part.is_file()]
        return spool.contested(kept, sorted(stale), self.jobs)

    def _mill(
        self,
        todo: Plan,
        spool: Spool,
        stale: set[int],
        edits: pl.DataFrame,
        contested: pl.DataFrame,
    ) -> None:
        """Write the parts of the stale buckets, and take over the others."""
        for name in schema.parsed_tables():
            if schema.TABLES[name].in_parts:
                tables.place(self.snapshot, name).mkdir()
        Milling.share(spool, edits, contested)
        anew = set(range(BUCKETS)) - stale if todo.is_other_vocabulary else set()
        self._reuse(todo, set(build.IN_PARTS) - OF_VOCABULARY, stale)
        self._reuse(todo, OF_VOCABULARY, stale | anew)
        # Finding mentions holds as much as milling does.
        size = spool.bytes + sum(
            tables.part(self.snapshot, "comments", bucket).stat().st_size * UNPACKED
            for bucket in anew
            if tables.part(self.snapshot, "comments", bucket).is_file()
        )
        with self._milling(spool, size) as (work, at_once):
            tasks = {"mill": stale if spool.batches else set(), "mention": anew}
            for kind, numbers in tasks.items():
                groups = _groups(sorted(numbers), size, at_once)
                for part in steps.parts(kind, groups, at_once):
                    each = partial(part.each, partial(work, kind), at_once)
                    self.step(part.name, each)

    @contextlib.contextmanager
    def _milling(self, spool: Spool, size: int) -> Iterator[tuple[Any, int]]:
        """Give what mills some buckets, and how many such calls run at once."""
        vocabulary = paths.vocabulary_folder()
        count = self.jobs if size >= WORKERS_BYTES else 1
        if count == 1:
            milling = Milling(spool.folder, self.snapshot, vocabulary)
            yield lambda kind, numbers: getattr(milling, kind)(numbers), 1
        else:
            with workers.started(count, spool.folder, self.snapshot, vocabulary) as started:
                yield started.work, count

    def _reuse(self, todo: Plan, names: set[str], stale: set[int]) -> None:
        """Take over the parts of tables `names` of all buckets but the `stale` ones from the last run."""
        for file in todo.before.files if todo.before else ():
            bucket = tables.bucket(file)
            if bucket is not None and bucket not in stale and file.partition("/")[0] in names:
                snapshots.reuse(self.old, self.snapshot, file)

    def _write_files(
        self,
        todo: Plan,
        stale: set[int],
        read: Collection[str],
        threads: list[pl.DataFrame],
        rejects: list[pl.DataFrame],
    ) -> None:
        """Write the tables of one file, with what of the last run is about nothing that was `read`."""
        if todo.before:
            kept = pl.read_parquet(self.old / "threads.parquet")
            kept = kept.with_columns(bucket=identify.buckets(kept["thread_id"]))
            threads = [*threads, kept.filter(~pl.col("bucket").is_in(sorted(stale)))]
            gone = {*read, *(reject.source_path for reject in todo.before.rejects)}
            gone |= todo.before.documents.keys() - todo.fed.keys()
            rows = self._old_rejects()
            rejects = [*rejects, rows.filter(~pl.col("source_path").is_in(sorted(gone)))]
        order = schema.TABLES["threads"].columns
        empty = tables.empty(schema.arrow("threads"))
        all_threads = pl.concat([pl.DataFrame(empty), *(frame.select(order) for frame in threads)])
        self._write("threads", all_threads.sort("thread_id"))
        key = ["source_path", "line", "reason_code"]
        all_rejects = pl.concat([build.rejects(self.found.rejects), *rejects])
        all_rejects = all_rejects.sort(key, maintain_order=True)
        self._write("rejects", all_rejects.unique(key, keep="first", maintain_order=True))
        self._write("topic_terms", topics.read_terms(paths.vocabulary_folder()))
        self._write("topic_changes", topics.read_changes(paths.vocabulary_folder()))
        for name in schema.parsed_tables():
            folder = tables.place(self.snapshot, name)
            if schema.TABLES[name].in_parts and not any(folder.iterdir()):
                # Without a part a reader couldn't tell the columns.
                tables.write(name, tables.empty(schema.arrow(name)), folder / tables.EMPTY_PART)

    def _write(self, name: str, rows: pl.DataFrame) -> None:
        tables.write(name, rows, tables.place(self.snapshot, name))


def _groups(numbers: list[int], size: int, workers: int) -> list[list[int]]:
    """Return the buckets `numbers` cut into groups of at most `GROUP_BYTES` or so, as many for each worker."""
    count = -(-max(1, size) // (GROUP_BYTES * workers)) * workers
    count = min(count, len(numbers))
    edges = [len(numbers) * number // count for number in range(count + 1)] if count else []
    return [numbers[start:end] for start, end in pairwise(edges)]
