"""Snapshots, and the one step that makes one current. A reader never sees half a run.

Standard library only: a run that finds nothing new needs no more than this.
"""

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from flows import resources
from flows.discover import Document, Reject

CATALOG = "threads.duckdb"
MANIFEST = "manifest.json"
DATAPACKAGE = "datapackage.json"
CURRENT = "current"
SNAPSHOTS = ".snapshots"
LOCK = ".lock"
KEPT_SNAPSHOTS = 3
KEPT_FOR = timedelta(hours=24)
RUN_ID_TIME = "%Y%m%dT%H%M%S%fZ"


class Locked(Exception):  # noqa: N818 # says what is
    """Another run holds the lock."""


class Published(NamedTuple):
    """What the current manifest says of the published run."""

    run_id: str
    raw: str
    made_with: dict[str, str]
    documents: dict[str, Document]
    buckets: dict[str, list[int]]
    """The buckets each document fed."""
    rejects: list[Reject]
    """Those that discovery gave."""
    files: dict[str, dict[str, Any]]
    """Bytes and SHA-256 of each file below the snapshot."""
    summary: dict[str, Any]


def processed_folder(processed: str | Path | None) -> Path:
    """Return the folder of the published tables: the one given, else the project's `data/processed`."""
    return Path(processed).resolve() if processed else resources.home() / "data" / "processed"


def current_snapshot(processed: Path) -> Path:
    """Return the published snapshot, as an absolute path that stays the same run.

    Raises:
        ValueError: nothing is published there.
    """
    snapshot = (processed / CURRENT).resolve()
    if not (snapshot / CATALOG).is_file():
        raise ValueError(f"{processed}: nothing is published here yet; `threadmill run` does it")
    return snapshot


@contextlib.contextmanager
def lock(processed: Path) -> Iterator[None]:
    """Hold the lock of `processed` while inside. It goes with the process, whatever ends that.

    Raises:
        Locked: another run holds it.
    """
    processed.mkdir(parents=True, exist_ok=True)
    with (processed / LOCK).open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EACCES):
                raise
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise Locked(
                f"{processed}: another run writes here (process {holder}); wait for its end"
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}, since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC")
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def current(processed: Path) -> Published | None:
    """Return what is published, or None if that is nothing, unreadable or not whole."""
    snapshot = processed / CURRENT
    try:
        said = json.loads((snapshot / MANIFEST).read_bytes())
        published = Published(
            run_id=said["run_id"],
            raw=said["raw"],
            made_with=said["made_with"],
            documents={
                path: Document(path, *known) for path, (known, _) in said["documents"].items()
            },
            buckets={path: fed for path, (_, fed) in said["documents"].items()},
            rejects=[Reject(*row) for row in said["rejects"]],
            files=said["files"],
            summary=said["summary"],
        )
        whole = all(
            (snapshot / path).stat().st_size == known["bytes"]
            for path, known in published.files.items()
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return published if whole else None


def begin(processed: Path) -> Path:
    """Make and return the folder of a new snapshot; remove what a crashed run left.

    Its name is the run's id. Call it holding the lock.
    """
    snapshots = processed / SNAPSHOTS
    snapshots.mkdir(exist_ok=True)
    live = (processed / CURRENT).resolve().name
    for folder in snapshots.iterdir():
        # Later than the current one, it never became current; without a manifest, it was never whole.
        if folder.name != live and (folder.name > live or not (folder / MANIFEST).is_file()):
            remove(folder)
    run_id = f"{datetime.now(UTC):{RUN_ID_TIME}}-{secrets.token_hex(2)}"
    snapshot = snapshots / run_id
    snapshot.mkdir()
    return snapshot


def remove(folder: Path) -> None:
    """Remove a snapshot. Readers that have its files open keep them."""
    shutil.rmtree(folder, ignore_errors=True)


def reuse(published: Path, snapshot: Path, path: str) -> None:
    """Hard-link the unchanged file at `path` from the published snapshot; copy where links can't be."""
    (snapshot / path).parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(published / path, snapshot / path)
    except OSError:
        shutil.copyfile(published / path, snapshot / path)


def seal(snapshot: Path, before: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Make the files of `snapshot` read-only and safe on disk; return bytes and SHA-256 of each.

    Files linked from the last snapshot are as `before` says.
    """
    files = {}
    for path in sorted(p for p in snapshot.rglob("*") if p.is_file()):
        name = path.relative_to(snapshot).as_posix()
        if path.stat().st_nlink > 1 and name in before:
            files[name] = before[name]
            continue
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            os.fsync(file.fileno())
        path.chmod(0o444)
        files[name] = {"bytes": path.stat().st_size, "sha256": digest}
    return files


def write_manifest(snapshot: Path, manifest: dict[str, Any]) -> None:
    """Write `manifest.json` to `snapshot`, the last of its files."""
    path = snapshot / MANIFEST
    with path.open("w", encoding="utf-8") as file:
        json.dump(manifest, file, ensure_ascii=False, indent=1)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    path.chmod(0o444)


def publish(processed: Path, snapshot: Path) -> None:
    """Make `snapshot` the current one in a single step, then drop old snapshots."""
    _fsync_folder(snapshot)
    _point(processed / CURRENT, Path(SNAPSHOTS) / snapshot.name)
    _fsync_folder(processed)
    _link_stable_names(processed, snapshot)
    prune(processed)


def _point(link: Path, target: Path) -> None:
    temporary = link.with_name(f".{link.name}.{secrets.token_hex(4)}")
    temporary.symlink_to(target)
    temporary.replace(link)


def _link_stable_names(processed: Path, snapshot: Path) -> None:
    """See to the permanent links through `current`, one for each file or folder a reader may open."""
    names = {path.name for path in snapshot.iterdir() if not path.name.startswith(".")}
    for name in sorted(names):
        target = Path(CURRENT) / name
        link = processed / name
        if not link.is_symlink() or link.readlink() != target:
            _point(link, target)
    for link in processed.iterdir():
        if link.is_symlink() and link.readlink().parts[0] == CURRENT and link.name not in names:
            link.unlink()


def prune(processed: Path) -> list[str]:
    """Drop snapshots that are neither current, nor among the newest, nor younger than a day; name them."""
    live = (processed / CURRENT).resolve().name
    snapshots = sorted(
        (processed / SNAPSHOTS).iterdir(), key=lambda folder: folder.name, reverse=True
    )
    limit = f"{datetime.now(UTC) - KEPT_FOR:{RUN_ID_TIME}}"
    old = [
        folder
        for folder in snapshots[KEPT_SNAPSHOTS:]
        if folder.name != live and folder.name < limit
    ]
    for folder in old:
        remove(folder)
    return [folder.name for folder in old]


def _fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
