"""What people wrote beside documents: as it is now or, where that has a mistake, as it last was without one.

A mistake in a sidecar, a column mapping or a file of corrections is a reject of the documents that it speaks of. They
keep their last state, and one that was never read isn't read until the mistake is mended. All else goes on.
"""

import hashlib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NamedTuple

import polars as pl

from threadmill.pipeline.plan import Plan
from threadmill.publish import snapshots
from threadmill.read import discover
from threadmill.read.discover import COLUMNS, EDGES_SIDECAR, Document
from threadmill.read.rejects import Reject
from threadmill.read.sidecars import Edit, Sidecar, parse_edits, parse_sidecars, read_text
from threadmill.sources.table.columns import read_mapping

KEPT = ".kept"
"""The folder of a snapshot with what isn't published but taken over by the next run."""
BESIDE = f"{KEPT}/beside.parquet"
TEXTS = pl.Schema({"path": pl.String, "file": pl.String, "text": pl.String})
"""One row per document and file that held for it when it was last read; `file` is null where none did."""
STAYS = " (until that is mended, what was said before holds)"
UNREAD = " (until that is mended, the document isn't read)"
UNCORRECTED = " (until that is mended, only what was corrected before holds)"
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

    def __init__(self, raw: Path, processed: Path) -> None:
        self.raw, self.processed = raw, processed
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
        try:
            return _understand(texts)
        except ValueError as error:
            # Said before, and understood by a former version.
            self.note("sidecar", document, str(error), is_read=False)
            return None

    def note(self, kind: str, document: Document, mistake: str, *, is_read: bool = True) -> None:
        """Remember a mistake in a file of `kind` beside `document`."""
        until = UNCORRECTED if kind == "correction" else STAYS if is_read else UNREAD
        reject = Reject(f"{kind}_mistake", f"{mistake}{until}")
        own = reject._replace(source_path=document.path, platform=document.platform)
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
        published = snapshots.read_current(self.processed)
        if published is None or published.raw != str(self.raw):
            return {}
        last: dict[str, Texts] = {
            path: {}
            for path, document in published.documents.items()
            if published.buckets[path] and document.sidecar_sha256 == _NOTHING
        }
        for path, file, text in _read_kept(self.processed / snapshots.CURRENT).iter_rows():
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


def keep(texts: Mapping[str, Texts], plan: Plan, read: Collection[str], snapshot: Path) -> None:
    """Write to `snapshot` what held for documents: `texts` by those that were read, the last run's of others."""
    rows = [
        (path, file, text)
        for path, own in texts.items()
        for file, text in (own.items() or [(None, None)])
    ]
    frames = [pl.DataFrame(rows, TEXTS, orient="row")]
    if plan.last:
        unread = [document.path for document in plan.kept if document.path not in read]
        frames.append(_read_kept(plan.last).filter(pl.col("path").is_in(unread)))
    pl.concat(frames).sort("path", maintain_order=True).write_parquet(snapshot / BESIDE)


def _read_kept(snapshot: Path) -> pl.DataFrame:
    # Release 0.1 kept nothing.
    kept = snapshot / BESIDE
    return pl.read_parquet(kept) if kept.is_file() else TEXTS.to_frame()
