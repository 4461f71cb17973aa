"""Documents → parsed rows in a spool, with what is rejected on the way and what people corrected."""

from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from threadmill import sources
from threadmill.pipeline import steps
from threadmill.read import discover, documents, sidecars
from threadmill.read.discover import Document
from threadmill.replies.corrections import Edits
from threadmill.threads import identify
from threadmill.threads.build import Spool


class Reading:
    """What a run has read so far."""

    def __init__(self, raw: Path, spool: Spool, jobs: int, step: steps.Step[Any]) -> None:
        self.raw, self.spool, self.jobs, self.step = raw, spool, jobs, step
        self.fed: dict[str, list[int]] = {}
        """The buckets that each document fed, by its path."""
        self.rejects: list[pl.DataFrame] = []
        self.edits = Edits()

    def read(self, name: str, some: list[Document]) -> None:
        """Read `some` documents, in steps called `name`.

        Raises:
            ValueError: a sidecar says something that its rules don't allow.
        """
        for part in steps.parts(name, list(documents.batches(some))):
            self.step(part.name, partial(part.each, self._read_batch))

    def _read_batch(self, batch: list[Document]) -> None:
        said = [
            (document, sidecars.read(discover.sidecars(self.raw, document))) for document in batch
        ]
        known = identify.facts(said)
        fed: dict[str, set[int]] = {document.path: set() for document in batch}
        edges = {d.path: found for d in batch if (found := discover.edge_sidecars(self.raw, d))}
        rejects = []
        corrected = []
        start = self.spool.batches

        def read(frame: tuple[pl.DataFrame, pl.DataFrame]) -> Any:
            parsed = sources.parse(frame[0])
            return frame[1], parsed.rejects, identify.complete(parsed, known)

        try:
            frames = documents.frames(self.raw, batch)
            for unreadable, parsed_rejects, complete in documents.ahead(read, frames, self.jobs):
                self.spool.add(complete)
                rejects += [unreadable, parsed_rejects]
                if edges:
                    rows = complete.comments.select(
                        "path", "comment_id", "thread_id", "position", "parent_status"
                    )
                    corrected.append(rows.filter(rows["path"].is_in(list(edges))))
                for path, buckets in complete.threads.group_by("path").agg("bucket").iter_rows():
                    fed[path].update(buckets)
        except BaseException:
            # A step may run again; what it wrote so far is written over.
            self.spool.batches = start
            raise
        self.rejects += rejects
        for path, files in edges.items():
            # What can't be read is a reject, and corrections to it have nothing to correct.
            if fed[path]:
                self._note_edits(path, files, pl.concat(corrected))
        self.fed |= {path: sorted(buckets) for path, buckets in fed.items()}

    def _note_edits(self, path: str, files: list[Path], rows: pl.DataFrame) -> None:
        # Where a source gives no order, that of the file. A table's rows have that of its lines.
        place = pl.coalesce("position", pl.int_range(pl.len(), dtype=pl.Int32))
        count = place.rank("ordinal").over("thread_id").cast(pl.Int32) - 1
        own = rows.filter(pl.col("path") == path).with_columns(position=count)
        for file in files:
            name = file.relative_to(self.raw).as_posix()
            self.edits.add(name, sidecars.edits(file), path, own)
