"""Keep parsed rows by bucket on disk, between reading documents and building threads."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import duckdb
import polars as pl
import pyarrow as pa

from threadmill.storage.buckets import BUCKETS

CONTESTED = pl.Schema({"comment_id": pl.String, "thread_id": pl.String})
"""An id that comments of several threads have, and the thread that keeps it."""


class IdentifiedRows(NamedTuple):
    """Rows of `threads` and `comments`, parents not yet decided, each with its `bucket`."""

    threads: pl.DataFrame
    comments: pl.DataFrame


class Spool:
    """Parsed rows in a folder: one file per batch, and in it one record batch per bucket."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.batches = len(list(folder.glob("threads-*")))

    def add(self, rows: IdentifiedRows) -> None:
        """Keep the rows of one parsed batch."""
        for kind, frame in rows._asdict().items():
            ordered = frame.sort("bucket", maintain_order=True)
            table = ordered.to_arrow().combine_chunks()
            sizes = dict(ordered.group_by("bucket").len().iter_rows())
            path = self.folder / f"{kind}-{self.batches:05d}.arrow"
            start, nothing = 0, _no_rows(table.schema)
            with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
                for bucket in range(BUCKETS):
                    size = sizes.get(bucket, 0)
                    batches = table.slice(start, size).to_batches()
                    writer.write_batch(batches[0] if batches else nothing)
                    start += size
        self.batches += 1

    def read(self, buckets: list[int]) -> IdentifiedRows:
        """Return the rows of `buckets`, in the order they were added."""
        return IdentifiedRows(self._read("threads", buckets), self._read("comments", buckets))

    def find_contested_ids(self, kept: list[Path], stale: list[int], jobs: int) -> pl.DataFrame:
        """Return one row per comment id that several threads have, as `CONTESTED`.

        The thread whose id sorts first keeps it. `kept` are the parts of `comments` of buckets that aren't
        `stale`; an id that one of them has is contested too.
        """
        files = sorted(self.folder.glob("comments-*"))
        has_own = pl.col("native_id").is_not_null().any()
        if not files or not pl.scan_ipc(files).select(has_own).collect().item():
            return CONTESTED.to_frame()
        con = duckdb.connect(config={"temp_directory": str(self.folder / "spill"), "threads": jobs})
        con.register("spooled", _columns(files, stale, ["comment_id", "thread_id", "native_id"]))
        # Ids that are hashes contain the thread.
        con.execute(
            "create temp table own as "
            "select comment_id, thread_id from spooled where native_id is not null"
        )
        rows = con.table("own")
        if kept:
            con.read_parquet([str(path) for path in kept]).to_view("kept")
            rows = rows.union(
                con.sql("select comment_id, thread_id from kept semi join own using (comment_id)")
            )
        threads = rows.aggregate(
            "comment_id, min(thread_id) as thread_id, max(thread_id) as last_thread_id",
            "comment_id",
        )
        several = threads.filter("thread_id <> last_thread_id").order("comment_id")
        contested: pl.DataFrame = several.project("comment_id, thread_id").pl()
        con.close()
        return contested

    @property
    def bytes(self) -> int:
        """Return the size of the comments kept."""
        return sum(path.stat().st_size for path in self.folder.glob("comments-*"))

    def _read(self, kind: str, buckets: list[int]) -> pl.DataFrame:
        batches = []
        for path in sorted(self.folder.glob(f"{kind}-*")):
            reader = pa.ipc.open_file(pa.memory_map(str(path)))
            batches += [reader.get_batch(bucket) for bucket in buckets]
        # In one piece: Polars takes over each column of each batch separately.
        frame = pl.from_arrow(pa.Table.from_batches(batches).combine_chunks())
        assert isinstance(frame, pl.DataFrame)  # noqa: S101 # a Table gives a DataFrame; for mypy
        return frame


def _columns(files: list[Path], buckets: list[int], names: list[str]) -> pa.RecordBatchReader:
    """Return the columns `names` of the rows of `buckets` in spooled `files`."""

    def batches() -> Iterator[pa.RecordBatch]:
        for path in files:
            spooled = pa.ipc.open_file(pa.memory_map(str(path)))
            for bucket in buckets:
                yield spooled.get_batch(bucket).select(names)

    with pa.memory_map(str(files[0])) as first:
        arrow = pa.ipc.open_file(first).schema
    return pa.RecordBatchReader.from_batches(
        pa.schema([arrow.field(name) for name in names]), batches()
    )


def _no_rows(arrow: pa.Schema) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.nulls(0, field.type) for field in arrow], schema=arrow)
