"""Keep parsed rows by bucket on disk, until they go to the store."""

from pathlib import Path
from typing import NamedTuple

import polars as pl
import pyarrow as pa

from threadmill.storage.buckets import name_bucket
from threadmill.storage.sealing import Seal


class IdentifiedRows(NamedTuple):
    """Rows of `threads` and `comments`, parents not yet decided, each with its `bucket`."""

    threads: pl.DataFrame
    comments: pl.DataFrame


class Spool:
    """Parsed rows in a folder: one file per batch, and in it one record batch per bucket.

    A sealed one has one file per batch and bucket that has rows, under a key that this process alone has.
    """

    def __init__(self, folder: Path, *, is_sealed: bool = False) -> None:
        folder.mkdir(mode=0o700 if is_sealed else 0o777, exist_ok=True)
        self.folder = folder
        self.seal = Seal() if is_sealed else None
        self.schemas: dict[str, pa.Schema] = {}
        self.sealed_bytes = 0
        self.batches = 0
        self.places: dict[str, dict[int, int]] = {}
        """Which record batch of a file is which bucket's, by the file's name."""

    def add(self, rows: IdentifiedRows) -> None:
        """Keep the rows of one parsed batch."""
        for kind, frame in rows._asdict().items():
            ordered = frame.sort("bucket", maintain_order=True)
            table = ordered.to_arrow().combine_chunks()
            path = self.folder / f"{kind}-{self.batches:05d}.arrow"
            if self.seal:
                self._add_sealed(kind, table, dict(ordered.group_by("bucket").len().iter_rows()))
                continue
            self.places[path.name] = {}
            start = 0
            with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
                for size, bucket in ordered["bucket"].rle().struct.unnest().iter_rows():
                    (batch,) = table.slice(start, size).to_batches()
                    writer.write_batch(batch)
                    self.places[path.name][bucket] = len(self.places[path.name])
                    start += size
        self.batches += 1

    def _add_sealed(self, kind: str, table: pa.Table, sizes: dict[int, int]) -> None:
        assert self.seal is not None  # noqa: S101 # for mypy
        self.schemas[kind] = table.schema
        self.sealed_bytes += table.nbytes if kind == "comments" else 0
        for before in self.folder.glob(f"{kind}-{self.batches:05d}-*"):
            before.unlink()
        start = 0
        for bucket in sorted(sizes):
            path = self.folder / f"{kind}-{self.batches:05d}-{name_bucket(bucket)}.sealed"
            with path.open("wb") as sink:
                sink.writelines(
                    self.seal.seal_rows(table.slice(start, sizes[bucket]), compression=None)
                )
            start += sizes[bucket]

    def read(self, buckets: list[int]) -> IdentifiedRows:
        """Return the rows of `buckets`, in the order they were added."""
        return IdentifiedRows(self._read("threads", buckets), self._read("comments", buckets))

    @property
    def bytes(self) -> int:
        """Return the size of the comments kept."""
        if self.seal:
            return self.sealed_bytes
        return sum(path.stat().st_size for path in self.folder.glob("comments-*"))

    def _read(self, kind: str, buckets: list[int]) -> pl.DataFrame:
        batches = []
        if not self.batches:
            return pl.DataFrame()
        if self.seal:
            paths = sorted(
                path
                for bucket in buckets
                for path in self.folder.glob(f"{kind}-*-{name_bucket(bucket)}.sealed")
            )
            tables = [self.seal.open_rows(path.read_bytes()) for path in paths]
            tables = tables or [pa.Table.from_batches([], self.schemas[kind])]
            frame = pl.from_arrow(pa.concat_tables(tables).combine_chunks())
            assert isinstance(frame, pl.DataFrame)  # noqa: S101 # a Table gives a DataFrame; for mypy
            return frame
        arrow = None
        for path in sorted(self.folder.glob(f"{kind}-*")):
            reader = pa.ipc.open_file(pa.memory_map(str(path)))
            arrow, places = reader.schema, self.places[path.name]
            batches += [reader.get_batch(places[one]) for one in buckets if one in places]
        # In one piece: Polars takes over each column of each batch separately.
        frame = pl.from_arrow(pa.Table.from_batches(batches, arrow).combine_chunks())
        assert isinstance(frame, pl.DataFrame)  # noqa: S101 # a Table gives a DataFrame; for mypy
        return frame
