"""Find the raw documents and what changed since the last run. Standard library only: it runs each time."""

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
        if not os.path.islink(path) or Path(path).resolve().is_relative_to(raw.resolve()):  # noqa: PTH114
            found.append(Path(path))
    return found


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

    Only those whose stamp differs from the one in `known` are read. Hidden files, README files
    and sidecars are no documents.

    Raises:
        ValueError: `raw` is not a folder.
    """
    if not raw.is_dir():
        raise ValueError(f"{raw}: not a folder; raw threads lie in <raw>/<platform>/<thread>.txt")
    found = Discovery([], [])
    stems: set[str] = set()
    lone: list[tuple[str, str]] = []
    for entry in files(raw):
        path = entry.path.removeprefix(f"{raw}/")
        readable = path.encode("utf-8", "backslashreplace").decode()
        if path != readable:
            reason = "its name isn't UTF-8; rename it"
            found.rejects.append(Reject(readable, "", None, "unreadable_name", reason, None))
            continue
        platform, _, inner = path.partition("/")
        if path.endswith(COLUMNS) and inner:
            continue
        is_sidecar = path.endswith((SIDECAR, EDGES_SIDECAR))
        if is_sidecar and not entry.is_symlink():
            lone.append((path, platform))
            continue
        refused = _refusal(raw, entry, inner)
        if is_sidecar and not refused:
            lone.append((path, platform))
            continue
        if refused:
            found.rejects.append(Reject(path, platform if inner else "", None, *refused, None))
            continue
        document = _look(raw, path, platform, entry, known.get(path))
        found.documents.append(document)
        stems |= {f"{platform}/{document.stem}", f"{platform}/{document.thread_stem}"}
    for path, platform in lone:
        if path.removesuffix(EDGES_SIDECAR).removesuffix(SIDECAR) not in stems:
            reason = "no document has this sidecar's name; a sidecar is named as its thread"
            found.rejects.append(Reject(path, platform, None, "lone_sidecar", reason, None))
    return found


def files(raw: Path) -> Iterator[os.DirEntry[str]]:
    """Yield the files below `raw` that count, by path: no hidden ones and no README files."""
    yield from _files(str(raw))


def _files(folder: str) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        ordered = sorted(entries, key=lambda entry: entry.name)
    for entry in ordered:
        if entry.name.startswith(".") or entry.name.upper().startswith("README"):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _files(entry.path)
        else:
            yield entry


def _refusal(raw: Path, entry: os.DirEntry[str], inner: str) -> tuple[str, str] | None:
    """Return why `entry` can't be a document (code and sentence), if it can't."""
    if not inner:
        return (
            "no_platform",
            "lies in the raw folder itself; a document belongs in <raw>/<platform>/",
        )
    if entry.is_symlink() and not Path(entry.path).resolve().is_relative_to(raw.resolve()):
        return "outside_raw", "a link that leads out of the raw folder; documents must lie in it"
    try:
        status = entry.stat()
    except OSError as error:
        return "unreadable", f"can't be read: {error.strerror}"
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
    sidecar_bytes = b"".join(sidecar.read_bytes() for sidecar in beside)
    return document._replace(
        stamp=stamp,
        sha256=_sha256(entry.path),
        sidecar_sha256=hashlib.sha256(sidecar_bytes).hexdigest(),
    )


def _sha256(path: str) -> str:
    with open(path, "rb") as file:  # noqa: PTH123 # file_digest wants a real file
        return hashlib.file_digest(file, "sha256").hexdigest()
