"""Find the raw documents and what changed since the last run. Standard library only: it runs each time."""

import contextlib
import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

SIDECAR = ".toml"
EDGES_SIDECAR = ".replies.csv"
COMPRESSED = (".gz", ".zst")
COLUMNS = "columns.toml"
"""Says what the columns of tables mean: of those in its folder and below, or `<thread>.columns.toml` of one."""
DUMPS = (".ndjson", ".jsonl", *COMPRESSED)
"""Read in parts or unpacked with a limit of their own."""
READMES = frozenset(
    f"readme{ending}" for ending in ("", ".md", ".markdown", ".txt", ".rst", ".adoc", ".org")
)
"""Names, in small letters, of files that speak about a folder."""
DOCUMENT_MAX_BYTES = 256 * 2**20
"""Larger documents are rejected: a copied page is some kilobytes."""


class Document(NamedTuple):
    """A raw document and what it was like when last looked at."""

    path: str
    """Relative to the raw folder, with `/`."""
    platform: str
    size: int
    stamp: str
    """Sizes and modification times of document and sidecars; equal stamps are taken for equal bytes."""
    sha256: str
    sidecar_sha256: str
    """Of its sidecars' bytes; of nothing if it has none."""

    @property
    def stem(self) -> str:
        """The path below the platform's folder without extension."""
        inner = self.path.partition("/")[2]
        folder, _, name = inner.rpartition("/")
        for ending in COMPRESSED:
            name = name.removesuffix(ending)
        name = name.rpartition(".")[0] or name
        return f"{folder}/{name}" if folder else name

    @property
    def thread_stem(self) -> str:
        """The stem up to the first `@`: `post@2026-01-05.txt` is a second capture of `post`."""
        return self.stem.partition("@")[0] or self.stem

    def beside(self, ending: str) -> list[str]:
        """Return the paths of its sidecars with `ending`, the more special one last, whether they exist or not."""
        stems = dict.fromkeys((self.thread_stem, self.stem))
        return [f"{self.platform}/{stem}{ending}" for stem in stems]


class Reject(NamedTuple):
    """A row of `rejects`."""

    source_path: str
    platform: str
    line: int | None
    reason_code: str
    reason: str
    excerpt: str | None


class Discovery(NamedTuple):
    """What lies in the raw folder."""

    documents: list[Document]
    rejects: list[Reject]


def contents(documents: Iterable[Document]) -> set[tuple[str, str, str]]:
    """Return path and content of each document and of its sidecars: equal sets give equal tables."""
    return {(one.path, one.sha256, one.sidecar_sha256) for one in documents}


def _present(raw: Path, names: Iterable[str]) -> list[Path]:
    """Return the files among `names`, below `raw`; what a link that leads out of it says isn't for us."""
    found = []
    for name in names:
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


def sidecars(raw: Path, document: Document) -> list[Path]:
    """Return the sidecars that speak of `document`, the more special one last."""
    return _present(raw, document.beside(SIDECAR))


def edge_sidecars(raw: Path, document: Document) -> list[Path]:
    """Return the files of edges that a person corrected in `document`, the more special one last."""
    return _present(raw, document.beside(EDGES_SIDECAR))


def column_mapping(raw: Path, path: str) -> Path | None:
    """Return the column mapping for the document at `path`: its own, or that of the nearest folder."""
    folder, _, name = path.rpartition("/")
    for ending in COMPRESSED:
        name = name.removesuffix(ending)
    names = [f"{folder}/{name.rpartition('.')[0] or name}.{COLUMNS}"]
    while folder:
        names.append(f"{folder}/{COLUMNS}")
        folder = folder.rpartition("/")[0]
    return next(iter(_present(raw, names)), None)


def discover(raw: Path, known: Mapping[str, Document]) -> Discovery:
    """Return the documents below `raw`, by path, and what isn't one.

    Only those whose stamp differs from the one in `known` are read. Hidden files, `READMES` and
    sidecars are no documents. A folder that can't be read is a reject.

    Raises:
        ValueError: `raw` is not a folder, or has a name that isn't UTF-8.
    """
    if not raw.is_dir():
        raise ValueError(f"{raw}: not a folder; raw threads lie in <raw>/<platform>/<thread>.txt")
    if str(raw) != _readable(str(raw)):
        raise ValueError(f"{_readable(str(raw))}: its name isn't UTF-8; rename it")
    found = Discovery([], [])
    stems: set[str] = set()
    lone: list[tuple[str, str]] = []
    closed: list[OSError] = []
    for entry in _files(str(raw), closed):
        path = entry.path.removeprefix(f"{raw}/")
        if path != (readable := _readable(path)):
            reason = "its name isn't UTF-8; rename it"
            found.rejects.append(Reject(readable, "", None, "unreadable_name", reason, None))
            continue
        platform, _, inner = path.partition("/")
        is_mapping = path.endswith(COLUMNS) and inner
        is_beside = is_mapping or path.endswith((SIDECAR, EDGES_SIDECAR))
        # Most sidecars are plain files, which need no look.
        refused = None
        if not (is_beside and entry.is_file(follow_symlinks=False)):
            refused = _refusal(raw, entry, inner)
        if is_beside and not refused:
            lone += [] if is_mapping else [(path, platform)]
            continue
        document = None
        if not refused:
            with contextlib.suppress(FileNotFoundError):
                document = _look(raw, path, platform, entry, known.get(path))
        if document is None:
            told = refused or ("unreadable", "gone while the raw folder was searched")
            found.rejects.append(Reject(path, platform if inner else "", None, *told, None))
            continue
        found.documents.append(document)
        stems |= {f"{platform}/{document.stem}", f"{platform}/{document.thread_stem}"}
    for error in closed:
        path = _readable(str(error.filename).removeprefix(f"{raw}/"))
        reason = f"a folder that can't be searched: {error.strerror}"
        found.rejects.append(Reject(path, path.partition("/")[0], None, "unreadable", reason, None))
    for path, platform in lone:
        if path.removesuffix(EDGES_SIDECAR).removesuffix(SIDECAR) not in stems:
            reason = "no document has this sidecar's name; a sidecar is named as its thread"
            found.rejects.append(Reject(path, platform, None, "lone_sidecar", reason, None))
    return found


def _readable(path: str) -> str:
    return path.encode("utf-8", "backslashreplace").decode()


def files(raw: Path) -> Iterator[os.DirEntry[str]]:
    """Yield the files below `raw` that count, by path: no hidden ones and no `READMES`."""
    yield from _files(str(raw), [])


def _files(folder: str, closed: list[OSError]) -> Iterator[os.DirEntry[str]]:
    """Yield the files below `folder`; `closed` gets why those folders that can't be searched can't."""
    # Without recursion, as hostile nesting has no bound.
    waiting = _entries(folder, closed)
    while waiting:
        entry = waiting.pop()
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            waiting += _entries(entry.path, closed)
        elif entry.name.lower() not in READMES:
            yield entry


def _entries(folder: str, closed: list[OSError]) -> list[os.DirEntry[str]]:
    """Return what lies in `folder`, the last by name first."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name, reverse=True)
    except OSError as error:
        closed.append(error)
        return []


def _refusal(raw: Path, entry: os.DirEntry[str], inner: str) -> tuple[str, str] | None:
    """Return why `entry` can't be a document (code and sentence), if it can't."""
    if not inner:
        return (
            "no_platform",
            "lies in the raw folder itself; a document belongs in <raw>/<platform>/",
        )
    if entry.is_symlink() and not _is_within(raw, entry.path):
        return "outside_raw", "a link that leads out of the raw folder; documents must lie in it"
    try:
        status = entry.stat()
    except OSError as error:
        return "unreadable", f"can't be read: {error.strerror}"
    if stat.S_ISDIR(status.st_mode):
        return "not_a_file", "a link to a folder; folders are searched where they lie"
    if not stat.S_ISREG(status.st_mode):
        return "not_a_file", "neither a file nor a folder; a document is a regular file"
    if not os.access(entry.path, os.R_OK):
        return "unreadable", "can't be read: permission denied"
    if status.st_size > DOCUMENT_MAX_BYTES and not inner.endswith(DUMPS):
        limit = DOCUMENT_MAX_BYTES // 2**20
        return "too_large", f"{status.st_size // 2**20} MiB; a document has at most {limit} MiB"
    return None


def _look(
    raw: Path, path: str, platform: str, entry: os.DirEntry[str], before: Document | None
) -> Document:
    status = entry.stat()
    document = Document(path, platform, status.st_size, "", "", "")
    mapping = column_mapping(raw, path)
    beside = [
        *sidecars(raw, document),
        *edge_sidecars(raw, document),
        *([mapping] if mapping else []),
    ]
    stats = [status, *(sidecar.stat() for sidecar in beside)]
    stamp = " ".join(f"{one.st_size}:{one.st_mtime_ns}" for one in stats)
    if before and before.stamp == stamp:
        return before
    return document._replace(
        stamp=stamp,
        sha256=_sha256(entry.path),
        sidecar_sha256=_sha256(*map(str, beside)),
    )


def _sha256(*paths: str) -> str:
    """Return the hash of the bytes of all `paths`, one after the other."""
    whole = hashlib.sha256()
    for path in paths:
        with open(path, "rb") as file:  # noqa: PTH123 # file_digest wants a real file
            hashlib.file_digest(file, lambda: whole)
    return whole.hexdigest()
