"""Rewrite raw documents without what is erased, so that a run makes of them what it makes of the old ones.

Nothing is taken on trust: the new documents are read, and must give the rows that the old ones leave after the erasure,
with no word of it in their bytes. Else nothing happens, and the documents that stand in the way are named.
"""

import gzip
import os
import secrets
import shutil
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import polars as pl
import zstandard

from threadmill.errors import Mistake
from threadmill.pipeline import fingerprint
from threadmill.pipeline.placing import place_documents
from threadmill.pipeline.plan import Plan
from threadmill.pipeline.reading import read_documents
from threadmill.pipeline.stages import run_directly
from threadmill.pipeline.taking_out import read_all, rename_anchors
from threadmill.privacy import cutting, erasures, words
from threadmill.privacy.cutting import Cut, Said
from threadmill.privacy.guard import Guard
from threadmill.privacy.scan import Needle, scan
from threadmill.privacy.tombstones import Stone, Tombstones
from threadmill.read import dumps
from threadmill.read.discover import (
    EDGES_SIDECAR,
    Document,
    discover,
    find_corrections,
    find_mapping,
    find_sidecars,
    hash_files,
)
from threadmill.read.rejects import Unreadable
from threadmill.storage.parsed import Store
from threadmill.storage.sealing import Seal
from threadmill.storage.spool import IdentifiedRows
from threadmill.storage.syncing import sync_folder

WORK = "rewritten-"
"""Begins the folder, in that of erasures, for new documents until they take the place of the old ones."""
TABLES = (".csv", ".tsv")
BESIDE = (".toml", ".replies.csv")
ZST_LEVEL = 10
NOTHING = {"path": pl.String, "thread_id": pl.String}
OTHERWISE = (
    "(others would change, or something of it would stay); cut it out by hand, or leave it with "
    "--raw-files record"
)


class Rewritten(NamedTuple):
    """New documents, ready to take the place of the old ones."""

    folder: str
    """The name of their folder in that of erasures."""
    files: list[tuple[str, str]]
    """The paths below the raw folder, and the hash of each old document."""
    removed: list[str]
    """Those of the files that have nothing left."""
    stones: list[Stone]
    """Tombstones for ids that are made of what was rewritten."""


class _Read(NamedTuple):
    rows: IdentifiedRows
    anchors: pl.DataFrame

    def take_out(self, erased: Tombstones) -> "_Read":
        return _Read(erased.take_out(self.rows), rename_anchors(self.anchors, erased))

    def list_differing(self, other: "_Read") -> set[str]:
        """Return the documents of which the `other` has other rows; all if what people corrected differs."""
        every = {*self.rows.threads["path"], *other.rows.threads["path"]}
        if not self.anchors.equals(other.anchors):
            return every
        return {
            path
            for path in every
            if not all(
                _select_rows(one, path).equals(_select_rows(two, path))
                for one, two in zip(self.rows, other.rows, strict=True)
            )
        }


def rewrite(
    raw: Path,
    documents: Sequence[str],
    erased: Tombstones,
    needles: Sequence[Needle],
    guard: Guard,
    waiting: Collection[str] = (),
) -> Rewritten:
    """Return `documents` rewritten without what is `erased`; nothing in `raw` is changed.

    Args:
        raw: the raw folder.
        documents: paths below it: documents, and what lies beside them.
        erased: the tombstones that there will be.
        needles: what must not be found any more.
        guard: of the project, for what it keeps sealed.
        waiting: folders of earlier ones that aren't in place yet.

    Raises:
        ValueError: some can't be rewritten; says which.
    """
    own = erasures.make_folder(raw)
    _drop_abandoned(raw, waiting)
    folder = own / f"{WORK}{secrets.token_hex(4)}"
    folder.mkdir(mode=0o700)
    try:
        done = _Rewriting(raw, folder, documents, erased, guard).rewrite(needles)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    shutil.rmtree(folder / "before")
    return done


def _drop_abandoned(raw: Path, but: Collection[str]) -> None:
    """Remove new documents that no noted erasure waits for; `but` are those that one does."""
    for folder in erasures.find_folder(raw).glob(f"{WORK}*"):
        if folder.name not in but:
            shutil.rmtree(folder)


def put_in_place(raw: Path, rewritten: Rewritten) -> None:
    """Let the new documents take the place of the old ones, each in one step; called again, do what is left.

    A document that changed since it was rewritten stays, as does one that is gone.
    """
    whole = erasures.find_folder(raw) / rewritten.folder
    folder = whole / "after"
    if not folder.is_dir():
        return
    for path, sha256 in rewritten.files:
        old, new = raw / path, folder / path
        if not old.is_file() or hash_files(old) != sha256:
            continue
        if path in rewritten.removed:
            old.unlink()
        else:
            beside = old.with_name(f".{old.name}.{secrets.token_hex(4)}")
            shutil.copyfile(new, beside)
            shutil.copymode(old, beside)
            with beside.open("rb") as file:
                os.fsync(file.fileno())
            beside.replace(old)
        sync_folder(old.parent)
    shutil.rmtree(whole)


def list_left(raw: Path, rewritten: Rewritten) -> list[str]:
    """Return the documents whose place no new one has taken."""
    return [
        path
        for path, sha256 in rewritten.files
        if (raw / path).is_file() and hash_files(raw / path) == sha256
    ]


class _Rewriting:
    def __init__(
        self, raw: Path, folder: Path, documents: Sequence[str], erased: Tombstones, guard: Guard
    ) -> None:
        self.raw, self.erased, self.guard = raw, erased, guard
        self.before, self.after = folder / "before", folder / "after"
        self.folder = folder
        self.columns = IdentifiedRows(pl.DataFrame(NOTHING), pl.DataFrame(NOTHING))
        """Frames without rows, for when nothing is left."""
        self.documents = [one for one in documents if not one.endswith(BESIDE)]
        self.beside = [one for one in documents if one.endswith(BESIDE)]

    def rewrite(self, needles: Sequence[Needle]) -> Rewritten:
        """Return what was written, all of it looked at."""
        for path in self._list_inputs():
            (self.before / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(self.raw / path, self.before / path)
        shutil.copytree(self.before, self.after)
        old = self._read(self.before)
        left = old.take_out(self.erased)
        removed = self._list_emptied(old, left)
        before = self._list_comments(old, removed)
        self._write_all(old, removed)
        new = self._read(self.after)
        after = self._list_comments(new, removed)
        if after["path"].to_list() != before["path"].to_list():
            self._refuse(self.documents)
        stones = self.erased.make_same(before, after)
        if self._rename_corrected(before, after):
            new = self._read(self.after)
        now = after.filter(before["is_own"])
        found = new.take_out(self.erased.with_more(stones))
        kept = [path for path in (*self.documents, *self.beside) if path not in removed]
        hits = scan([self.after / path for path in kept], needles).hits
        wrong = {
            *found.list_differing(left),
            *now.filter(_has_words("text"))["path"],
            *(hit.path.relative_to(self.after).as_posix() for hit in hits),
        }
        if wrong:
            self._refuse(wrong)
        files = [(path, hash_files(self.raw / path)) for path in (*self.documents, *self.beside)]
        return Rewritten(self.folder.name, files, removed, stones)

    def _refuse(self, paths: Collection[str]) -> NoReturn:
        named = sorted({*paths} & {*self.documents, *self.beside}) or self.documents
        raise Mistake(f"nothing was erased: {', '.join(named)} can't be rewritten {OTHERWISE}")

    def _list_inputs(self) -> list[str]:
        """Return the documents, the other captures of their threads, and what lies beside them."""
        found = discover(self.raw, {}).documents
        beside = {file for one in found for file in self._list_beside(one) if file in self.beside}
        threads = {
            one.thread
            for one in found
            if one.path in self.documents or beside.intersection(self._list_beside(one))
        }
        own = [one for one in found if one.thread in threads]
        paths = {one.path for one in own} | {file for one in own for file in self._list_beside(one)}
        return sorted(paths | {*self.beside})

    def _list_beside(self, document: Document) -> list[str]:
        mapping = find_mapping(self.raw, document.path)
        files = [*find_sidecars(self.raw, document), *find_corrections(self.raw, document)]
        files += [mapping] if mapping else []
        return [file.relative_to(self.raw).as_posix() for file in files]

    def _read(self, raw: Path) -> _Read:
        """Return all rows of the documents in `raw`, as if nothing had been erased."""
        place = self.folder / "store"
        store = Store(place, is_kept=False, seal=Seal() if self.guard.key else None)
        found = place_documents(raw, discover(raw, {}))
        made_with = fingerprint.take("")
        read_documents(
            Plan(), found, made_with, raw, raw, store, place, 1, run_directly, self.guard
        )
        some, anchors = [*read_all(store)], store.read_whole("anchors")
        rows = [pl.concat(part) for part in zip(*some, strict=True)]
        shutil.rmtree(place)
        if rows:
            self.columns = IdentifiedRows(*(frame.clear() for frame in rows))
        return _Read(IdentifiedRows(*rows) if rows else self.columns, anchors)

    def _list_emptied(self, old: _Read, left: _Read) -> list[str]:
        """Return the documents all of whose threads leave."""
        gone = {*old.rows.threads["path"]} - {*left.rows.threads["path"]}
        some = old.rows.threads.join(left.rows.threads, on=["path", "thread_id"], how="anti")
        if partly := {*some["path"]} - gone:
            self._refuse(partly)
        return [path for path in self.documents if path in gone]

    def _list_comments(self, read: _Read, removed: Collection[str]) -> pl.DataFrame:
        """Return the comments of documents that are rewritten; `is_own` says which are erased."""
        own = [path for path in self.documents if path not in removed]
        rows = read.rows.comments.filter(pl.col("path").is_in(own))
        return rows.with_columns(is_own=self.erased.recognise(rows)).sort(
            "path", maintain_order=True
        )

    def _write_all(self, old: _Read, removed: Collection[str]) -> None:
        """Write the new documents, and what lies beside them."""
        unable: list[str] = []
        standing: dict[str, str] = {}
        addresses: set[str] = set()
        for path in self.documents:
            if path in removed:
                (self.after / path).unlink()
                continue
            cut = self._make_cut(old.rows.comments.filter(pl.col("path") == path))
            standing |= cut.standing
            addresses |= cut.addresses
            try:
                _write(self.after, path, cut)
            except (Unreadable, UnicodeDecodeError):
                unable.append(path)
        if unable:
            self._refuse(unable)
        mask = self.erased.make_mask(old.rows.comments)
        cut = Cut([], standing, frozenset(addresses), mask)
        for path in self.beside:
            file = self.after / path
            text = cutting.cut_beside(file.read_text(encoding="utf-8"), cut)
            file.write_text(text, encoding="utf-8")

    def _make_cut(self, rows: pl.DataFrame) -> Cut:
        """Return what is cut out of the document whose comments are `rows`."""
        is_own = self.erased.recognise(rows)
        said = [
            Said(text, own, native)
            for (text, native), own in zip(
                rows.select("text", "native_id").iter_rows(), is_own, strict=True
            )
        ]
        standing: dict[str, str] = {}
        addresses: set[str] = set()
        names = ("author_name", "author_handle", "author_native_id")
        for row in rows.filter(is_own).iter_rows(named=True):
            addresses.update(filter(None, (row["url"], row["author_url"])))
            name = self.erased.name_standing(row["author_id"]) if row["author_id"] else None
            if name:
                called = (row[one] for one in names)
                standing |= {words.fold(one.removeprefix("@")): name for one in called if one}
        return Cut(said, standing, frozenset(addresses), self.erased.make_mask(rows))

    def _rename_corrected(self, old: pl.DataFrame, new: pl.DataFrame) -> bool:
        """Write the new ids of comments to files of corrections; return whether any had old ones."""
        ids = dict(zip(old["comment_id"], new["comment_id"], strict=True))
        ids = {one: other for one, other in ids.items() if one != other}
        is_changed = False
        for path in self._list_inputs():
            file = self.after / path
            if not path.endswith(EDGES_SIDECAR):
                continue
            before = text = file.read_text(encoding="utf-8")
            for one, other in ids.items():
                text = text.replace(one, other)
            if text != before:
                file.write_text(text, encoding="utf-8")
                is_changed = True
                self.beside += [] if path in self.beside else [path]
        return is_changed


def _select_rows(rows: pl.DataFrame, path: str) -> pl.DataFrame:
    # Documents hash otherwise, and buckets follow from how many rows there are.
    return rows.filter(pl.col("path") == path).drop("source_sha256", "bucket", strict=False)


def _has_words(column: str) -> pl.Expr:
    bare = pl.col(column).str.replace_all(words.BOX, "", literal=True)
    return bare.str.contains(r"[\p{L}\p{N}]")


def _write(folder: Path, path: str, cut: Cut) -> None:
    """Write the document at `path` below `folder` again, without what is `cut` out.

    Raises:
        Unreadable: it is damaged, too large, or no text.
        UnicodeDecodeError: it isn't UTF-8.
    """
    file = folder / path
    new = file.with_name(f".{file.name}.new")
    is_lines = dumps.is_dump(folder, path, file.stat().st_size)
    with _open_packed(new) as sink:
        if is_lines:
            for chunk in dumps.cut_chunks(folder, path):
                if chunk.reject:
                    raise Unreadable(chunk.reject.reason_code, chunk.reject.reason)
                lines = bytes(chunk.content).decode().splitlines(keepends=True)
                sink.write("".join(cutting.cut_lines(lines, cut)).encode())
        else:
            content = dumps.read_whole(folder, path)
            if content.startswith(b"PAR1"):
                raise Unreadable("binary", "Parquet")
            is_table = path.removesuffix(".gz").removesuffix(".zst").endswith(TABLES)
            sink.write(cutting.cut_content(content.decode(), is_table, cut).encode())
    with new.open("rb") as file_:
        os.fsync(file_.fileno())
    new.replace(file)


def _open_packed(path: Path) -> Any:
    """Open a file to write, packed as its name says."""
    name = path.name.removesuffix(".new")
    if name.endswith(".gz"):
        return gzip.open(path, "wb")
    if name.endswith(".zst"):
        return zstandard.open(path, "wb", cctx=zstandard.ZstdCompressor(level=ZST_LEVEL))
    return path.open("wb")
