"""Find the raw documents and what changed since the last run. Standard library only: it runs each time."""

import contextlib
import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Container, Iterable, Iterator, Mapping
from io import BufferedReader, FileIO
from pathlib import Path
from typing import NamedTuple

from threadmill.read import opening
from threadmill.read.rejects import Reject

SIDECAR = ".toml"
EDGES_SIDECAR = ".replies.csv"
COMPRESSED = (".gz", ".zst")
COLUMNS = "columns.toml"
"""Says what the columns of tables mean: of those in its folder and below, or `<thread>.columns.toml` of one."""
TABLES = (".csv", ".tsv", ".txt", ".json", ".ndjson", ".jsonl", ".parquet")
"""How tables may be called."""
DUMPS = (".ndjson", ".jsonl", *COMPRESSED)
"""Read in chunks or unpacked with a limit of their own."""
READMES = frozenset(
    f"readme{ending}" for ending in ("", ".md", ".markdown", ".txt", ".rst", ".adoc", ".org")
)
"""Names, in small letters, of files that speak about a folder."""
ANSWER_MAX_BYTES = 2**16
"""Of a sidecar without a document, which says what a site answered."""
_ANSWER = re.compile(rb"^status *= *[1-5]\d\d *$", re.MULTILINE)
DOCUMENT_MAX_BYTES = 256 * 2**20
"""Larger documents are rejected: a copied page is some kilobytes."""


class Document(NamedTuple):
    """A raw document and what it was like when last looked at."""

    path: str
    """Relative to the raw folder, with `/`."""
    platform: str
    """The first folder's name in small letters, or what the content tells; empty where nothing does."""
    size: int
    stamp: str
    """Sizes and modification times of document and sidecars; equal stamps are taken for equal bytes."""
    sha256: str
    sidecar_sha256: str
    """Of its sidecars' bytes; of nothing if it has none. A `+` follows if another document has the same mapping."""

    @property
    def stem(self) -> str:
        """The path below the platform's folder, or below the raw folder, without extension."""
        folder, _, name = self.path.removeprefix(self._platform_folder).rpartition("/")
        for ending in COMPRESSED:
            name = name.removesuffix(ending)
        name = name.rpartition(".")[0] or name
        return f"{folder}/{name}" if folder else name

    @property
    def thread_stem(self) -> str:
        """The stem up to the `@` of the file's name: `post@2026-01-05.txt` is a second capture of `post`.

        An `@` that begins the name, or that a folder has, is part of it: `@ada@2026-01-05.txt` is one of `@ada`.
        """
        folder, slash, name = self.stem.rpartition("/")
        return f"{folder}{slash}{cut_capture(name)}"

    @property
    def thread(self) -> str:
        """What all captures of its thread are called, and the thread if nothing else names it: `platform:stem`."""
        return f"{self.platform}:{self.thread_stem}"

    def beside(self, ending: str) -> list[str]:
        """Return the paths of its sidecars with `ending`, the more special one last, whether they exist or not."""
        stems = dict.fromkeys((self.thread_stem, self.stem))
        return [f"{self._platform_folder}{stem}{ending}" for stem in stems]

    @property
    def _platform_folder(self) -> str:
        first, slash, _ = self.path.partition("/")
        return f"{first}/" if slash and first.lower() == self.platform else ""


class Discovery(NamedTuple):
    """What lies in the raw folder."""

    documents: list[Document]
    rejects: list[Reject]


def cut_capture(name: str) -> str:
    """Return the `name` of a file without the `@` after its first character and what follows it."""
    return f"{name[:1]}{name[1:].partition('@')[0]}"


def list_contents(documents: Iterable[Document]) -> set[tuple[str, str, str]]:
    """Return path and content of each document and of its sidecars: equal sets give equal tables."""
    return {(one.path, one.sha256, one.sidecar_sha256) for one in documents}


def _fold(path: str) -> str:
    """Return what paths have in common that a file system may take for one."""
    plain = path if path.isascii() else unicodedata.normalize("NFC", path)
    return plain.casefold()


def _find_present(
    raw: Path, names: Iterable[str], there: Container[str] | None = None
) -> list[Path]:
    """Return the files among `names`, below `raw`; what a link that leads out of it says isn't for us.

    Only those that `_fold` finds `there` are looked at, all if None.
    """
    found = []
    for name in names:
        if there is not None and _fold(name) not in there:
            continue
        # Plain calls, several for each document: paths as objects cost most of a run with nothing new.
        path = f"{raw}/{name}"
        if not os.path.isfile(path):  # noqa: PTH113
            continue
        if not os.path.islink(path) or _is_within(raw, path):  # noqa: PTH114
            found.append(Path(path))
    return found


def _is_within(raw: Path, path: str) -> bool:
    # Unlike Path.resolve it takes links that lead to themselves.
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(raw))


def find_sidecars(raw: Path, document: Document) -> list[Path]:
    """Return the sidecars that speak of `document`, the more special one last."""
    return _find_present(raw, document.beside(SIDECAR))


def find_corrections(raw: Path, document: Document) -> list[Path]:
    """Return the files of edges that a person corrected in `document`, the more special one last."""
    return _find_present(raw, document.beside(EDGES_SIDECAR))


def find_mapping(raw: Path, path: str, there: Container[str] | None = None) -> Path | None:
    """Return the column mapping for the document at `path`: its own, or that of the nearest folder.

    Only files that are `there` count, as `_find_present` says.
    """
    folder, _, name = path.rpartition("/")
    for ending in COMPRESSED:
        name = name.removesuffix(ending)
    own = f"{name.rpartition('.')[0] or name}.{COLUMNS}"
    names = [f"{folder}/{own}" if folder else own]
    while folder:
        names.append(f"{folder}/{COLUMNS}")
        folder = folder.rpartition("/")[0]
    return next(iter(_find_present(raw, names, there)), None)


def is_mapping_shared(raw: Path, path: str, mapping: Path) -> bool:
    """Return whether `mapping`, that for the document at `path`, may be for other documents too.

    So is that of a folder, and that of a name which two documents have: `a.columns.toml` of `a.csv` and `a.json`.
    """
    stem = mapping.name.removesuffix(f".{COLUMNS}")
    folder, _, name = path.rpartition("/")
    if mapping.name == COLUMNS or not name.startswith(f"{stem}."):
        return True
    others = (f"{folder}/{stem}{ending}" if folder else f"{stem}{ending}" for ending in TABLES)
    return bool(_find_present(raw, (one for one in others if one != path)))


def discover(raw: Path, known: Mapping[str, Document]) -> Discovery:
    """Return the documents below `raw`, by path, and what isn't one.

    Only those whose stamp differs from the one in `known` are read. Hidden files, `READMES` and
    sidecars are no documents. A folder that can't be read is a reject. What lies in no folder has no platform yet.

    Raises:
        ValueError: `raw` is not a folder, or has a name that isn't UTF-8.
    """
    if not raw.is_dir():
        raise ValueError(f"{raw}: not a folder; raw threads lie in <raw>/<platform>/<thread>.txt")
    if str(raw) != _escape_name(str(raw)):
        raise ValueError(f"{_escape_name(str(raw))}: its name isn't UTF-8; rename it")
    found = Discovery([], [])
    lone: list[tuple[str, str]] = []
    closed: list[OSError] = []
    listed = [
        (entry, entry.path.removeprefix(f"{raw}/")) for entry in _list_files(str(raw), closed)
    ]
    # To ask the disk for each sidecar that a document might have takes longer than all else.
    there = {_fold(path) for _, path in listed if path.endswith((SIDECAR, EDGES_SIDECAR))}
    for entry, path in listed:
        if path != (readable := _escape_name(path)):
            reason = "its name isn't UTF-8; rename it"
            reject = Reject("unreadable_name", reason, source_path=readable)
            found.rejects.append(reject)
            continue
        folder, _, inner = path.partition("/")
        platform = folder.lower() if inner else ""
        is_mapping = path.endswith(COLUMNS) and path != COLUMNS
        is_beside = is_mapping or path.endswith((SIDECAR, EDGES_SIDECAR))
        # Most sidecars are plain files, which need no look.
        refused = None
        if not (is_beside and entry.is_file(follow_symlinks=False)):
            refused = _find_refusal(raw, entry)
        if is_beside and not refused:
            lone += [] if is_mapping else [(path, platform)]
            continue
        document = None
        if not refused:
            with contextlib.suppress(FileNotFoundError):
                document = _describe(raw, path, platform, entry, known.get(path), there)
        if document is None:
            reject = refused or Reject("unreadable", "gone while the raw folder was searched")
            own = reject._replace(source_path=path, platform=platform)
            found.rejects.append(own)
            continue
        found.documents.append(document)
    for error in closed:
        path = _escape_name(str(error.filename).removeprefix(f"{raw}/"))
        reason = f"a folder that can't be searched: {error.strerror}"
        platform = path.partition("/")[0].lower()
        found.rejects.append(Reject("unreadable", reason, source_path=path, platform=platform))
    stems = {one for document in found.documents if lone for one in document.beside("")}
    for path, platform in lone:
        is_alone = path.removesuffix(EDGES_SIDECAR).removesuffix(SIDECAR) not in stems
        if is_alone and not _tells_answer(raw, path):
            reason = "no document has this sidecar's name; a sidecar is named as its thread"
            reject = Reject("lone_sidecar", reason, source_path=path, platform=platform)
            found.rejects.append(reject)
    return found


def _tells_answer(raw: Path, path: str) -> bool:
    """Return whether a sidecar without a document tells what a site answered: that the thread is gone."""
    if not path.endswith(SIDECAR):
        return False
    try:
        with opening.open_document(raw, path) as file:
            return _ANSWER.search(file.read(ANSWER_MAX_BYTES)) is not None
    except OSError:
        return False


def _escape_name(path: str) -> str:
    return path.encode("utf-8", "backslashreplace").decode()


def list_files(raw: Path) -> Iterator[os.DirEntry[str]]:
    """Yield the files below `raw` that count, by path: no hidden ones and no `READMES`."""
    yield from _list_files(str(raw), [])


def _list_files(folder: str, closed: list[OSError]) -> Iterator[os.DirEntry[str]]:
    """Yield the files below `folder`; `closed` gets why those folders that can't be searched can't."""
    # Without recursion, as hostile nesting has no bound.
    waiting = _list_entries(folder, closed)
    while waiting:
        entry = waiting.pop()
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            waiting += _list_entries(entry.path, closed)
        elif entry.name.lower() not in READMES:
            yield entry


def _list_entries(folder: str, closed: list[OSError]) -> list[os.DirEntry[str]]:
    """Return what lies in `folder`, the last by name first."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name, reverse=True)
    except OSError as error:
        closed.append(error)
        return []


def _find_refusal(raw: Path, entry: os.DirEntry[str]) -> Reject | None:
    """Return why `entry` can't be a document, if it can't."""
    if entry.is_symlink() and not _is_within(raw, entry.path):
        reason = "a link that leads out of the raw folder; documents must lie in it"
        return Reject("outside_raw", reason)
    try:
        status = entry.stat()
    except OSError as error:
        return Reject("unreadable", f"can't be read: {error.strerror}")
    if stat.S_ISDIR(status.st_mode):
        return Reject("not_a_file", "a link to a folder; folders are searched where they lie")
    if not stat.S_ISREG(status.st_mode):
        reason = "neither a file nor a folder; a document is a regular file"
        return Reject("not_a_file", reason)
    if not os.access(entry.path, os.R_OK):
        return Reject("unreadable", "can't be read: permission denied")
    if status.st_size > DOCUMENT_MAX_BYTES and not entry.name.endswith(DUMPS):
        limit = DOCUMENT_MAX_BYTES // 2**20
        reason = f"{status.st_size // 2**20} MiB; a document has at most {limit} MiB"
        return Reject("too_large", reason)
    return None


def _describe(
    raw: Path,
    path: str,
    platform: str,
    entry: os.DirEntry[str],
    before: Document | None,
    there: Container[str],
) -> Document:
    status = entry.stat()
    document = Document(path, platform, status.st_size, "", "", "")
    mapping, beside = None, []
    if there:
        names = [one for ending in (SIDECAR, EDGES_SIDECAR) for one in document.beside(ending)]
        mapping = find_mapping(raw, path, there)
        beside = [*_find_present(raw, names, there), *([mapping] if mapping else [])]
    stats = [status, *(sidecar.stat() for sidecar in beside)]
    stamp = " ".join(f"{one.st_size}:{one.st_mtime_ns}" for one in stats)
    is_shared = (
        mapping is not None and mapping.name != COLUMNS and is_mapping_shared(raw, path, mapping)
    )
    stamp += " shared" if is_shared else ""
    if before and before.stamp == stamp:
        return before
    return document._replace(
        stamp=stamp,
        sha256=_hash(opening.open_document(raw, path)),
        sidecar_sha256=_hash_beside(beside) + ("+" if is_shared else ""),
    )


def _hash_beside(files: list[Path]) -> str:
    try:
        return hash_files(*files)
    except PermissionError:
        # Whoever reads it says so.
        return "unreadable"


def _hash(file: BufferedReader | FileIO) -> str:
    with file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_files(*paths: str | Path) -> str:
    """Return the SHA-256 of the bytes of all `paths`, one after the other."""
    whole = hashlib.sha256()
    for path in paths:
        with opening.open_plainly(path) as file:
            hashlib.file_digest(file, lambda: whole)
    return whole.hexdigest()
