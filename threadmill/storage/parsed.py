"""Keep parsed rows of the raw documents, by bucket, and what is known about each document.

It is a state of the raw folder, whatever is published of it, and can be deleted any time: the next run reads all
documents again. A bucket is a file of threads and one of comments, in the order of the documents' paths; the index
names the files that hold. What a run writes counts once `commit` has replaced the index in one step.
"""

import contextlib
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import polars as pl
import pyarrow as pa

from threadmill.read.discover import hash_files
from threadmill.schema.frames import ANCHOR, BESIDE, REJECT
from threadmill.storage import buckets
from threadmill.storage.buckets import FEWEST, deal, name_bucket
from threadmill.storage.sealing import Seal, Unreadable, read_arrow
from threadmill.storage.spool import IdentifiedRows, Spool
from threadmill.storage.thread_digests import DIGEST, DIGEST_BYTES, digest_threads, iterate_runs

INDEX = "index.json"
KEPT = "kept"
"""The folder for intermediate tables of models, which hold words too."""
CONTESTED = pl.Schema({"comment_id": pl.String, "thread_id": pl.String, "owner": pl.String})
"""An id that comments of several threads have: one row per such thread; the owner keeps the id."""
GROUP_BYTES = 24 * 2**20
"""Put together up to this many bytes of new rows at once."""
_OWN = ("*-*.arrow", f"{INDEX}.*", "spill-*", "work-*")
"""What a run writes; what isn't in the index is a leftover of one that crashed."""
_WHOLE = {"rejects": REJECT, "anchors": ANCHOR, "digests": DIGEST, "beside": BESIDE}
"""What is one file, not one a bucket."""


class ParsedDocument(NamedTuple):
    """What is known of a document whose rows are kept."""

    sha256: str
    sidecar_sha256: str
    thread: str
    """As `Document.thread`."""
    buckets: list[int]
    """Those that it feeds."""
    formats: list[str]
    """The formats that read it: modules of `sources/`; none if it was rejected."""
    name: str | None
    """The id of a thread that it gives to later captures of its stem, if it has one to give."""


class Damaged(Exception):  # noqa: N818
    """A file of the store isn't as it was written."""


class Store:
    """The parsed rows of a raw folder."""

    def __init__(self, folder: Path, *, is_kept: bool = True, seal: Seal | None = None) -> None:
        """Open or make the store in `folder`, sealed with `seal`; one that isn't kept goes with its folder."""
        self.folder, self.is_kept, self.seal = folder, is_kept, seal
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.token, self.splits = secrets.token_hex(4), 0
        self._load_index(folder)
        for pattern in _OWN:
            for path in folder.glob(pattern):
                if path.name not in self._files:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()

    @classmethod
    def open_written(cls, folder: Path, index: Path, seal: Seal | None = None) -> "Store":
        """Return the store in `folder` for reading as `write_index` wrote it to the folder `index`."""
        store = cls.__new__(cls)
        store.folder, store.is_kept, store.token, store.seal = folder, False, "", seal
        store._load_index(index)
        return store

    def _load_index(self, folder: Path) -> None:
        said = _read_index(folder, self.folder, self.seal)
        self.made_with: dict[str, str] = said["made_with"]
        self.documents: dict[str, ParsedDocument] = {
            path: ParsedDocument(*known) for path, known in said["documents"].items()
        }
        self.bucket_count: int = said["bucket_count"]
        self._files: dict[str, list[Any]] = said["files"]
        """Size in bytes, in memory, SHA-256 and whether any comment has an id of its own, by the name in `folder`."""

    def forget(self) -> None:
        """Forget all documents, as if none had been read."""
        self.made_with, self.documents, self._files = {}, {}, {}
        self.bucket_count = FEWEST

    @property
    def private_folder(self) -> Path:
        """A folder for what a run must not leave among published tables, even for a while; see `clear_private`."""
        folder = self.folder / f"work-{self.token}"
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def clear_private(self) -> None:
        """Remove the private folder."""
        shutil.rmtree(self.folder / f"work-{self.token}", ignore_errors=True)

    # Reading.

    def read(self, buckets: list[int]) -> IdentifiedRows:
        """Return the rows of `buckets`, each bucket's in the order of the documents' paths."""
        return IdentifiedRows(*(self._read_kind(kind, buckets) for kind in IdentifiedRows._fields))

    def read_threads(self, columns: list[str]) -> pl.DataFrame:
        """Return these columns of all threads, in any order; without any column if there are none."""
        names = [name for name in self._files if name.startswith("threads-")]
        some = [self._load(name, columns) for name in names]
        return _to_polars(pa.concat_tables(some)) if some else pl.DataFrame()

    def read_whole(self, kind: str) -> pl.DataFrame:
        """Return the `rejects`, `anchors`, `digests` of all documents, or what lay `beside` them.

        Raises:
            Damaged: the file isn't as it was written.
        """
        name = self._find(kind)
        if not name:
            return _WHOLE[kind].to_frame()
        if self.token not in name:
            self._compare(name)
        return _to_polars(self._load(name))

    def verify(self, buckets: list[int]) -> None:
        """Look whether the files of `buckets` are as they were written.

        Raises:
            Damaged: one isn't.
        """
        kinds = (_name(kind, bucket) for kind in IdentifiedRows._fields for bucket in buckets)
        for name in filter(None, map(self._find, kinds)):
            # What this run wrote was just hashed.
            if self.token not in name:
                self._compare(name)

    def bucket_bytes(self, bucket: int) -> int:
        """Return how many bytes the comments of a bucket take in memory."""
        name = self._find(_name("comments", bucket))
        return int(self._files[name][1]) if name else 0

    def find_contested_ids(self, jobs: int) -> pl.DataFrame:
        """Return the ids that comments of several threads have, as `CONTESTED`, by id and thread.

        The thread whose id sorts first keeps it.
        """
        # Ids that are hashes contain the thread.
        files = [name for name, known in sorted(self._files.items()) if known[3]]
        if not files:
            return CONTESTED.to_frame()
        columns = ["comment_id", "thread_id", "native_id"]

        def batches() -> Iterator[pa.RecordBatch]:
            for name in files:
                yield from self._load(name, columns).to_batches()

        first = self._load(files[0], columns).schema
        spill = self.folder / f"spill-{self.token}"
        with duckdb.connect(config={"temp_directory": str(spill), "threads": jobs}) as con:
            con.register("stored", pa.RecordBatchReader.from_batches(first, batches()))
            con.execute(
                "create temp table own as "
                "select comment_id, thread_id from stored where native_id is not null"
            )
            found: pl.DataFrame = con.sql(
                "with several as (select comment_id, min(thread_id) as owner, max(thread_id) as last "
                "from own group by comment_id having owner <> last) "
                "select distinct comment_id, thread_id, owner from own join several using (comment_id) "
                "order by comment_id, thread_id"
            ).pl()
        return found

    def _find(self, kind: str) -> str | None:
        return next((name for name in self._files if name.startswith(f"{kind}-")), None)

    def _read_kind(self, kind: str, buckets: list[int]) -> pl.DataFrame:
        found = (self._find(_name(kind, bucket)) for bucket in buckets)
        some = [self._load(name) for name in found if name]
        if not some:
            some = [self._load(name).slice(0, 0) for name in [self._find(kind)] if name]
        # In one piece: Polars takes over each column of each batch separately.
        return _to_polars(pa.concat_tables(some).combine_chunks()) if some else pl.DataFrame()

    def _compare(self, name: str) -> None:
        try:
            if hash_files(self.folder / name) == self._files[name][2]:
                return
        except OSError as error:
            raise Damaged(name) from error
        raise Damaged(name)

    def _load(self, name: str, columns: list[str] | None = None) -> pa.Table:
        path = self.folder / name
        try:
            if self.seal:
                return self.seal.open_rows(path.read_bytes(), name, columns)
            return read_arrow(pa.ipc.open_file, pa.memory_map(str(path)), columns)
        except (OSError, pa.ArrowException, Unreadable) as error:
            raise Damaged(name) from error

    # Writing.

    def update(
        self,
        spool: Spool,
        read: Mapping[str, ParsedDocument],
        gone: Collection[str],
        rejects: pl.DataFrame,
        beside: pl.DataFrame,
        anchors: pl.DataFrame,
        stems: set[str],
    ) -> None:
        """Replace the rows of the documents `read` by those in the `spool`, and drop those of `gone` ones.

        `rejects` and what lies `beside` are of the documents `read`; `anchors` take the place of all that concern
        `stems`.

        Raises:
            Damaged: a file that holds other documents of a bucket isn't as it was written.
        """
        dropped = {*gone, *read}
        touched = {bucket for document in read.values() for bucket in document.buckets}
        for path in dropped & self.documents.keys():
            touched.update(self.documents[path].buckets)
        digests = self.read_whole("digests").filter(~pl.col("bucket").is_in(sorted(touched)))
        made = [
            self._rewrite(buckets, spool, sorted(dropped))
            for buckets in _group(sorted(touched), spool.bytes)
        ]
        kept = self.read_whole("rejects").filter(~pl.col("source_path").is_in(sorted(dropped)))
        texts = self.read_whole("beside").filter(~pl.col("path").is_in(sorted(dropped)))
        said = self.read_whole("anchors").filter(~pl.col("stem").is_in(sorted(stems)))
        self._write_whole("digests", pl.concat([digests, *made]).sort("thread_id"))
        self._write_whole("rejects", pl.concat([kept, rejects.select(kept.columns)]))
        self._write_whole("beside", pl.concat([texts, beside]).sort("path", maintain_order=True))
        self._write_whole("anchors", pl.concat([said, anchors]).sort("stem", maintain_order=True))
        for path in dropped:
            self.documents.pop(path, None)
        self.documents |= read

    def commit(self) -> None:
        """Let what was written count from now on, and remove what it replaces."""
        if not self.is_kept:
            return
        self.write_index(self.folder)
        for other in self.folder.glob(_OWN[0]):
            if other.name not in self._files:
                other.unlink()

    def write_index(self, folder: Path, *, with_documents: bool = True) -> None:
        """Write to `folder` what is known now, in one step."""
        documents = self.documents if with_documents else {}
        index = {
            "made_with": self.made_with,
            "bucket_count": self.bucket_count,
            "documents": documents,
            "files": self._files,
        }
        path = folder / f"{INDEX}.{self.token}"
        # `dump` takes five times as long.
        text = json.dumps(index, ensure_ascii=False).encode("utf-8")
        with open(open_private(path), "wb") as file:
            file.write(self.seal.seal_bytes(text, INDEX) if self.seal else text)
            file.flush()
            os.fsync(file.fileno())
        path.replace(folder / INDEX)

    def find_kept(self, processed: Path) -> Path | None:
        """Return the folder of intermediate tables of runs that publish in `processed`; None if none are kept.

        A sealed store keeps none: they hold words, and DuckDB reads them as they are.
        """
        if not self.is_kept:
            return None
        if self.seal:
            shutil.rmtree(self.folder / KEPT, ignore_errors=True)
            return None
        name = hashlib.blake2b(os.fsencode(processed), digest_size=DIGEST_BYTES).hexdigest()
        folder = self.folder / KEPT / name
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def drop_kept(self, processed: Path, run_id: str) -> None:
        """Remove the intermediate tables of all runs that published in `processed` but `run_id`."""
        kept = self.find_kept(processed)
        for folder in kept.iterdir() if kept else ():
            if folder.name != run_id:
                shutil.rmtree(folder, ignore_errors=True)

    def _rewrite(self, buckets: list[int], spool: Spool, dropped: list[str]) -> pl.DataFrame:
        """Write `buckets` without `dropped` documents and with those of the `spool`; return their digests."""
        self.verify(buckets)
        new, old = spool.read(buckets), self.read(buckets)
        rows = []
        for kind in IdentifiedRows._fields:
            fresh, before = getattr(new, kind), getattr(old, kind)
            if before.height:
                before = before.filter(~pl.col("path").is_in(dropped))
            # Rows that other code parsed may have other columns, and all of them are dropped then.
            held = [one for one in (before, fresh) if one.height]
            frame = pl.concat(held) if held else fresh if fresh.width else before
            for bucket in buckets:
                self._forget_file(_name(kind, bucket))
            # Of what was erased the store has no rows, and so no columns.
            if frame.width:
                rows.append(frame.sort("bucket", "path", maintain_order=True))
                self._write_buckets(kind, rows[-1])
        both = len(rows) == len(IdentifiedRows._fields)
        return digest_threads(*rows) if both else pl.DataFrame(schema=DIGEST)

    def split(self, count: int) -> None:
        """Deal all rows to `count` buckets, 4, 16 … times as many as there are.

        Raises:
            Damaged: a file isn't as it was written.
        """
        if count == self.bucket_count:
            return
        before, self.bucket_count = self.bucket_count, count
        # Names of files may come again, and those of this run are open.
        self.splits += 1
        fed: dict[str, list[int]] = {}
        for number in range(before):
            self.verify([number])
            for kind in IdentifiedRows._fields:
                if name := self._find(_name(kind, number)):
                    rows = deal(_to_polars(self._load(name)), count)
                    del self._files[name]
                    self._write_buckets(kind, rows.sort("bucket", maintain_order=True))
                    if kind == "threads":
                        for path, bucket in rows.select("path", "bucket").unique().iter_rows():
                            fed.setdefault(path, []).append(bucket)
        self.documents = {
            path: one._replace(buckets=sorted(fed.get(path, ())))
            for path, one in self.documents.items()
        }
        if self._find("digests"):
            self._write_whole("digests", deal(self.read_whole("digests"), count))

    def count_buckets(self) -> int:
        """Return how many buckets the rows need, never fewer than there are."""
        return buckets.count_buckets(self.read_whole("digests"), self.bucket_count)

    def _write_buckets(self, kind: str, rows: pl.DataFrame) -> None:
        """Write a file for each bucket of `rows`, which are in their order."""
        table = rows.to_arrow().combine_chunks()
        for bucket, start, size in iterate_runs(rows["bucket"]):
            self._write(_name(kind, bucket), table.slice(start, size))

    def _write_whole(self, kind: str, rows: pl.DataFrame) -> None:
        self._forget_file(kind)
        self._write(kind, rows.to_arrow().combine_chunks())

    def _forget_file(self, kind: str) -> None:
        if name := self._find(kind):
            del self._files[name]

    def _write(self, kind: str, table: pa.Table) -> None:
        name = f"{kind}-{self.token}{self.splits}.arrow"
        path = self.folder / name
        with open(open_private(path), "wb") as sink:
            if self.seal:
                sink.writelines(self.seal.seal_rows(table, name))
            else:
                _write_plain(table, sink, compression="zstd" if self.is_kept else None)
        ids = table["native_id"] if "native_id" in table.column_names else None
        has_ids = ids is not None and ids.null_count < len(ids)
        self._files[name] = [path.stat().st_size, table.nbytes, hash_files(path), has_ids]


def _write_plain(table: pa.Table, sink: Any, compression: str | None) -> None:
    options = pa.ipc.IpcWriteOptions(compression=compression)
    with pa.ipc.new_file(sink, table.schema, options=options) as writer:
        writer.write_table(table)


def _name(kind: str, bucket: int) -> str:
    return f"{kind}-{name_bucket(bucket)}"


def open_private(path: Path) -> int:
    """Open a file to write that nobody else may read, without following a link."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.open(path, flags, 0o600)


def _read_index(place: Path, folder: Path, seal: Seal | None) -> dict[str, Any]:
    """Return the index at `place` of the store in `folder`, an empty one if there is none that a run wrote."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError, RecursionError, Unreadable):
        text = (place / INDEX).read_bytes()
        said = json.loads(seal.open_bytes(text, INDEX) if seal else text)
        documents = [ParsedDocument(*known) for known in said["documents"].values()]
        if all(isinstance(one.buckets, list) for one in documents) and all(
            (folder / name).stat().st_size == known[0] for name, known in said["files"].items()
        ):
            known = {key: dict(said[key]) for key in ("made_with", "documents", "files")}
            return known | {"bucket_count": int(said["bucket_count"])}
    return {"made_with": {}, "bucket_count": FEWEST, "documents": {}, "files": {}}


def _to_polars(table: pa.Table) -> pl.DataFrame:
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)  # noqa: S101 # a Table gives a DataFrame; for mypy
    return frame


def _group(buckets: list[int], size: int) -> list[list[int]]:
    """Return `buckets` in groups of about `GROUP_BYTES` of `size` bytes of rows."""
    count = min(len(buckets), -(-max(1, size) // GROUP_BYTES))
    edges = [len(buckets) * number // count for number in range(count + 1)] if count else []
    return [buckets[start:end] for start, end in pairwise(edges)]
