"""What people wrote beside documents: the current version or, where that has a mistake, the last one without.

A mistake in a sidecar, a column mapping or a file of corrections is a reject of the documents that it speaks of. They
keep their last state, and one that was never read isn't read until the mistake is mended. All else goes on.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import polars as pl

from threadmill.pipeline import kept
from threadmill.publish import snapshots
from threadmill.read import discover
from threadmill.read.discover import COLUMNS, EDGES_SIDECAR, Document
from threadmill.read.documents import ColumnsFile
from threadmill.read.rejects import Reject
from threadmill.read.sidecars import Edit, Sidecar, parse_edits, parse_sidecars, read_text
from threadmill.schema.frames import BESIDE
from threadmill.sources.table.columns import read_mapping
from threadmill.storage.parsed import Store
from threadmill.storage.sealing import Seal

FILE = "beside"
"""Kept as `BESIDE`: what held for documents when they were last read, for a run without anything parsed."""
STAYS = " (its last good version applies until this is fixed)"
UNREAD = " (the document isn't read until this is fixed)"
UNCORRECTED = " (the corrections of its last good version apply until this is fixed)"
HEAD_BYTES = 1_024
_NOTHING = hashlib.sha256().hexdigest()

Texts = dict[str, str]
"""What files say, by their paths below the raw folder."""


class Beside(NamedTuple):
    """What holds for one document."""

    sidecar: Sidecar = Sidecar()
    mapping: str | None = None
    edits: Mapping[str, list[Edit]] = {}
    """The corrections in each file of them."""
    texts: Texts | None = None
    """What all that was read from; None where nothing lies beside the document."""
    is_mapping_shared: bool = False
    """Whether the mapping may be for other documents too."""

    @property
    def columns(self) -> ColumnsFile | None:
        """The mapping, None where there is none."""
        return (
            ColumnsFile(self.mapping, self.is_mapping_shared) if self.mapping is not None else None
        )

    def put_back(self, kind: str, before: Texts) -> "Beside":
        """Return this with the files of `kind` that are in `before` instead of its own."""
        texts = {
            file: text for file, text in (self.texts or {}).items() if _find_kind(file) != kind
        }
        return self._replace(
            texts=texts | {file: text for file, text in before.items() if _find_kind(file) == kind}
        )


class Reader:
    """Reads what lies beside documents, and remembers the mistakes."""

    def __init__(self, raw: Path, processed: Path, store: Store, seal: Seal | None = None) -> None:
        self.raw, self.processed, self.store, self.seal = raw, processed, store, seal
        self.mistakes: list[Reject] = []
        self._last: dict[str, Texts] | None = None

    def read(self, document: Document) -> Beside | None:
        """Return what holds for `document`; None if it can't be read for a mistake."""
        mapping = discover.find_mapping(self.raw, document.path)
        kinds = {
            "sidecar": discover.find_sidecars(self.raw, document),
            "mapping": [mapping] if mapping else [],
            "correction": discover.find_corrections(self.raw, document),
        }
        if not any(kinds.values()):
            return Beside()
        texts: Texts = {}
        for kind, files in kinds.items():
            try:
                own = {file.relative_to(self.raw).as_posix(): read_text(file) for file in files}
                _understand(own)
            except ValueError as error:
                last = self.recall(document.path)
                if kind == "mapping" and last is None and self._is_markup(document):
                    continue
                is_read = kind == "correction" or last is not None
                self.note(kind, document, str(error), is_read=is_read)
                if not is_read:
                    return None
                own = {file: one for file, one in (last or {}).items() if _find_kind(file) == kind}
            texts |= own
        is_shared = mapping is not None and discover.is_mapping_shared(
            self.raw, document.path, mapping
        )
        try:
            return _understand(texts)._replace(is_mapping_shared=is_shared)
        except ValueError as error:
            # Said before, and understood by a former version.
            self.note("sidecar", document, str(error), is_read=False)
            return None

    def note(self, kind: str, document: Document, mistake: str, *, is_read: bool = True) -> None:
        """Remember a mistake in a file of `kind` beside `document`."""
        until = UNCORRECTED if kind == "correction" else STAYS if is_read else UNREAD
        reject = Reject(f"{kind}_mistake", f"{mistake}{until}")
        own = reject._replace(source_path=document.path, platform=document.platform)
        # Each part of a dump may find it.
        if not self.mistakes or self.mistakes[-1] != own:
            self.mistakes.append(own)

    def recall(self, path: str) -> Texts | None:
        """Return what held for the document at `path` when it was last read; None if it never was."""
        if self._last is None:
            self._last = self._read_last()
        return self._last.get(path)

    def name_mapping(self, path: str) -> str:
        """Return the path of the column mapping for the document at `path`."""
        file = discover.find_mapping(self.raw, path)
        return file.relative_to(self.raw).as_posix() if file else COLUMNS

    def recall_mapping(self, path: str) -> str | None:
        """Return the column mapping that held for the document at `path` when it was last read; None if none did."""
        last = self.recall(path) or {}
        return next((text for file, text in last.items() if _find_kind(file) == "mapping"), None)

    def recall_edits(self, path: str, file: str) -> list[Edit]:
        """Return the corrections of `file` that held for the document at `path` when it was last read."""
        try:
            return parse_edits(file, (self.recall(path) or {})[file])
        except (KeyError, ValueError):
            return []

    def _read_last(self) -> dict[str, Texts]:
        fed: list[tuple[str, str, list[int]]] = []
        rows = BESIDE.to_frame()
        if self.store.documents:
            known = self.store.documents.items()
            fed = [(path, one.sidecar_sha256, one.buckets) for path, one in known]
            rows = self.store.read_whole("beside")
        else:
            published = snapshots.read_current(self.processed, self.seal)
            if published and published.raw == str(self.raw):
                found, buckets = published.documents.items(), published.buckets
                fed = [(path, one.sidecar_sha256, buckets[path]) for path, one in found]
                rows = kept.read(self.processed / snapshots.CURRENT, FILE, BESIDE, self.seal)
        last: dict[str, Texts] = {
            path: {} for path, sidecars, buckets in fed if buckets and sidecars == _NOTHING
        }
        for path, file, text in rows.iter_rows():
            last.setdefault(path, {}).update({file: text} if file else {})
        return last

    def _is_markup(self, document: Document) -> bool:
        """Return whether `document` is a web page or XML: no table, so that no mapping is for it."""
        try:
            with (self.raw / document.path).open("rb") as file:
                return file.read(HEAD_BYTES).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
        except OSError:
            return False


def _find_kind(file: str) -> str:
    if file.endswith(EDGES_SIDECAR):
        return "correction"
    return "mapping" if file.endswith(COLUMNS) else "sidecar"


def _understand(texts: Texts) -> Beside:
    """Return what `texts` beside a document mean.

    Raises:
        ValueError: one has a mistake.
    """
    by_kind: dict[str, Texts] = {"sidecar": {}, "mapping": {}, "correction": {}}
    for file, text in texts.items():
        by_kind[_find_kind(file)][file] = text
    mapping = None
    for file, mapping in by_kind["mapping"].items():
        read_mapping(file, mapping)
    edits = {file: parse_edits(file, text) for file, text in by_kind["correction"].items()}
    return Beside(parse_sidecars(by_kind["sidecar"]), mapping, edits, texts)


def list_texts(texts: Mapping[str, Texts]) -> pl.DataFrame:
    """Return what held for documents, by their paths, as `BESIDE`."""
    rows = [
        (path, file, text)
        for path, own in texts.items()
        for file, text in (own.items() or [(None, None)])
    ]
    return pl.DataFrame(rows, BESIDE, orient="row")
