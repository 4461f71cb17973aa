"""Make, publish and remove snapshots. One step makes one current, so a reader never sees half a run.

Standard library only, so that a run that finds nothing new imports nothing slow.
"""

import contextlib
import json
import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from threadmill import paths, settings
from threadmill.errors import Mistake
from threadmill.publish import locking
from threadmill.publish.layout import lay_out
from threadmill.publish.spill import remove_abandoned
from threadmill.read.discover import Document, hash_files
from threadmill.read.rejects import Reject
from threadmill.storage.sealing import Seal, Unreadable
from threadmill.storage.syncing import sync_folder

CATALOG = "threads.duckdb"
MANIFEST = "manifest.json"
DATAPACKAGE = "datapackage.json"
CURRENT = "current"
SNAPSHOTS = ".snapshots"
OWN_FOLDERS = (CURRENT, SNAPSHOTS)
"""Folders in the processed folder whose content any run may remove."""
TEMPORARY = ".new-"
"""Part of the name of a link until it is moved to its place."""
DAMAGED = ".damaged"
"""A file left by whoever found damage in the published files; the next run repairs it."""
LEFTOVERS = (".runs.json.*", ".schedule.json.*")
"""Names of files that a process killed in the middle of writing leaves."""
KEPT_FOR = timedelta(hours=24)
_SEQUENCE = re.compile(rb'\A\{\s*"sequence": (\d{1,18})\b')
_PROFILE = re.compile(rb'\A\{\s*"sequence": \d+,\n "profile": (\{\n.*?\n \})', re.DOTALL)
_PROFILE_BYTES = 8_192
"""Bytes at the start of a manifest that hold what it says of a profile."""
PRIVATE = ".kept/documents.sealed"
"""In a snapshot under a profile, what its manifest would say of documents."""
_HEAD_BYTES = 64
"""Bytes at the start of a manifest that hold its sequence number."""
RUN_ID_TIME = "%Y%m%dT%H%M%S%fZ"


class Published(NamedTuple):
    """What the current manifest says of the published run."""

    run_id: str
    raw: str
    made_with: dict[str, str]
    documents: dict[str, Document]
    buckets: dict[str, list[int]]
    """The buckets each document fed."""
    bucket_count: int
    formats: dict[str, list[str]]
    """The formats that read each document: modules of `sources/`; none if it was rejected."""
    rejects: list[Reject]
    """Those from discovery."""
    files: dict[str, dict[str, Any]]
    """Size in bytes, SHA-256 and modification time of each file in the snapshot."""
    summary: dict[str, Any]
    durations: dict[str, dict[str, float]]
    """How long stages took, as `pipeline.durations` measures it."""
    profile: dict[str, Any] | None = None
    """What was done to names and words; None if nothing was. Without the key it hides `raw`, documents and rejects."""


def locate_processed(processed: str | Path | None) -> Path:
    """Return the folder of the published tables: the one given, else that of the setting `profile`, else the project's.

    Raises:
        ValueError: there is no project, or no such profile.
    """
    if processed:
        return Path(processed).resolve()
    if profile := settings.value("profile"):
        return settings.find_processed(profile)
    return paths.home() / "data" / "processed"


def locate_current(processed: Path) -> Path:
    """Return the published snapshot, as an absolute path that keeps meaning the same run.

    Raises:
        ValueError: nothing is published there, or it is damaged.
    """
    link = processed / CURRENT
    snapshot = _resolve(link)
    if not (snapshot / CATALOG).is_file():
        if not os.path.lexists(link):
            hint = _name_profiles(processed) or "`threadmill run` does it"
            raise Mistake(f"{processed}: nothing is published here yet; {hint}")
        raise Mistake(f"{link}: leads to no published run any more; `threadmill run` repairs it")
    return snapshot


def _name_profiles(processed: Path) -> str:
    """Return how to read the tables of profiles, as a clause; "" where there are none, or others were asked for."""
    with contextlib.suppress(ValueError):
        names = [
            name
            for name in settings.read_profiles()
            if read_run_id(settings.find_processed(name)) and not settings.value("profile")
        ]
        if names and processed == paths.home() / "data" / "processed":
            others = "".join(f", or {name}" for name in names[1:])
            return f"--profile {names[0]}{others} reads the tables of a profile"
    return ""


def _resolve(link: Path) -> Path:
    """Return the target of `link`. Unlike `Path.resolve`, this accepts links that lead to themselves."""
    return Path(os.path.realpath(link))


def read_run_id(processed: Path) -> str | None:
    """Return the id of the published run, None if there is none."""
    with contextlib.suppress(OSError):
        return (processed / CURRENT).readlink().name
    return None


def read_profiles(processed: Path) -> list[dict[str, Any] | None]:
    """Return what the manifest of each snapshot says of its profile, None where all is as captured."""
    found = []
    for folder in list_snapshots(processed):
        with contextlib.suppress(OSError, ValueError), (folder / MANIFEST).open("rb") as file:
            said = _PROFILE.match(file.read(_PROFILE_BYTES))
            found.append(json.loads(said[1]) if said else None)
    return found


def seal_private(snapshot: Path, said: dict[str, Any], seal: Seal) -> None:
    """Write to `snapshot` what its manifest must not say."""
    text = json.dumps(said, ensure_ascii=False).encode("utf-8")
    (snapshot / PRIVATE).write_bytes(seal.seal_bytes(text, PRIVATE))


def _open_private(snapshot: Path, seal: Seal | None) -> dict[str, Any]:
    """Return what `seal_private` sealed; nothing without its key."""
    if seal:
        with contextlib.suppress(Unreadable):
            said = json.loads(seal.open_bytes((snapshot / PRIVATE).read_bytes(), PRIVATE))
            return dict(said)
    return {}


def read_current(processed: Path, seal: Seal | None = None) -> Published | None:
    """Return what the current manifest says, None if nothing is published, or it is unreadable or incomplete.

    With `seal` also what a snapshot under a profile keeps sealed.
    """
    snapshot = processed / CURRENT
    if (processed / DAMAGED).exists():
        return None
    try:
        manifest = json.loads((snapshot / MANIFEST).read_bytes())
        if manifest.get("profile"):
            manifest |= _open_private(snapshot, seal)
        documents = manifest["documents"]
        published = Published(
            run_id=manifest["run_id"],
            raw=manifest["raw"],
            made_with=manifest["made_with"],
            documents={path: Document(path, *known) for path, (known, *_) in documents.items()},
            buckets={path: buckets for path, (_, buckets, *_) in documents.items()},
            bucket_count=int(manifest.get("bucket_count", 64)),
            # Manifests of 0.1 lack them; `made_with` differs from theirs anyway.
            formats={path: entry[2] for path, entry in documents.items() if len(entry) > 2},
            rejects=[Reject(*row) for row in manifest["rejects"]],
            files=manifest["files"],
            summary=manifest["summary"],
            durations=manifest.get("durations", {}),
            profile=manifest.get("profile"),
        )
        whole = all(
            _is_untouched(f"{snapshot}/{path}", known) for path, known in published.files.items()
        )
        # No run reads these small files again, so damage that keeps size and time would never be found.
        whole = whole and all(
            hash_files(snapshot / name) == published.files[name]["sha256"]
            for name in (CATALOG, DATAPACKAGE)
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        # No run wrote this manifest.
        return None
    is_own = published.run_id == _resolve(snapshot).name
    return published if whole and is_own else None


def _is_untouched(path: str, known: dict[str, Any]) -> bool:
    # A plain call: there are a thousand files, and paths as objects cost ten times as much.
    status = os.stat(path)  # noqa: PTH116
    return (status.st_size, status.st_mtime_ns) == (known["bytes"], known["mtime_ns"])


def tidy(processed: Path) -> None:
    """Remove what a crashed run left, and finish what it began. Call it holding the lock."""
    remove_abandoned()
    snapshots = processed / SNAPSHOTS
    snapshots.mkdir(exist_ok=True)
    current = processed / CURRENT
    if os.path.lexists(current) and not current.is_symlink():
        # Not ours, and in the way of what a run publishes.
        current.rename(processed / f"{CURRENT}.moved-{secrets.token_hex(4)}")
    live = _resolve(current)
    for folder in snapshots.iterdir():
        # One later than the current one never became current; one without a manifest was never complete.
        if folder.name != live.name and (
            not (folder / MANIFEST).is_file() or _read_order(folder) > _read_order(live)
        ):
            remove(folder)
    for pattern in LEFTOVERS:
        for path in processed.glob(pattern):
            _remove_leftover(path)
    for link in processed.glob(f".*{TEMPORARY}*"):
        if link.is_symlink():
            link.unlink()
    if current.is_symlink() and (live / CATALOG).is_file():
        _link_stable_names(processed, live)
        prune(processed)


def _remove_leftover(path: Path) -> None:
    """Remove a half-written file, if the process whose number is in its name is gone."""
    number = path.name.split(".")[3]
    if number.isdecimal() and not locking.is_alive(int(number)):
        path.unlink(missing_ok=True)


def _read_order(snapshot: Path) -> tuple[int, str]:
    """Return the sort key of a snapshot: its number, 0 if it has none, then the time in its name.

    The time alone isn't enough, as a clock may be set back.
    """
    try:
        with (snapshot / MANIFEST).open("rb") as file:
            found = _SEQUENCE.match(file.read(_HEAD_BYTES))
    except OSError:
        found = None
    return int(found[1]) if found else 0, snapshot.name


def begin(processed: Path) -> Path:
    """Make and return the folder of a new snapshot. Its name is the run's id. Call it holding the lock."""
    snapshots = processed / SNAPSHOTS
    run_id = f"{datetime.now(UTC):{RUN_ID_TIME}}-{secrets.token_hex(2)}"
    snapshot = snapshots / run_id
    snapshot.mkdir()
    return snapshot


@contextlib.contextmanager
def build(processed: Path) -> Iterator[Path]:
    """Yield the folder of a new snapshot to build; remove it if that fails. Call it holding the lock."""
    snapshot = begin(processed)
    try:
        yield snapshot
    except BaseException:
        # A failure after publication must not remove the published snapshot.
        if (processed / CURRENT).resolve() != snapshot.resolve():
            with contextlib.suppress(OSError):
                remove(snapshot)
        raise


def remove(folder: Path) -> None:
    """Remove a snapshot. Readers that have its files open keep them."""
    shutil.rmtree(folder, ignore_errors=True)


def is_sound(processed: Path, published: Published) -> bool:
    """Return whether the files that a run may reuse have the bytes that were published."""
    snapshot = processed / CURRENT
    return all(
        hash_files(f"{snapshot}/{path}") == known["sha256"]
        for path, known in published.files.items()
        if "/" in path or path in ("threads.parquet", "rejects.parquet")
    )


def seal(snapshot: Path, before: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Make the files of `snapshot` read-only and durable on disk; return the entry of `Published.files` for each.

    Files linked from the last snapshot keep their entry of `before`.
    """
    files = {}
    for name, found in sorted(_list_statuses(snapshot)):
        if found.st_nlink > 1 and name in before:
            files[name] = before[name]
            continue
        path = snapshot / name
        with path.open("rb") as file:
            os.fsync(file.fileno())
        _protect(path)
        status = path.stat()
        files[name] = {
            "bytes": status.st_size,
            "sha256": hash_files(path),
            "mtime_ns": status.st_mtime_ns,
        }
    return files


def _protect(path: Path) -> None:
    """Make a file read-only; whoever couldn't read it, because of the umask, still can't."""
    path.chmod(stat.S_IMODE(path.stat().st_mode) & 0o444)


def write_manifest(snapshot: Path, manifest: dict[str, Any]) -> None:
    """Write `manifest.json` to `snapshot` as its last file, numbered above all other snapshots."""
    path = snapshot / MANIFEST
    others = (folder for folder in snapshot.parent.iterdir() if folder != snapshot)
    last = max((_read_order(folder)[0] for folder in others), default=0)
    manifest = {"sequence": last + 1} | manifest
    with path.open("w", encoding="utf-8") as file:
        file.write(lay_out(manifest))
        file.flush()
        os.fsync(file.fileno())
    _protect(path)


def publish(processed: Path, snapshot: Path) -> None:
    """Make `snapshot` the current one in a single step, then remove old snapshots."""
    # A crash can lose the names in each of these folders separately.
    for folder in (
        *(path for path in snapshot.iterdir() if path.is_dir()),
        snapshot,
        snapshot.parent,
    ):
        sync_folder(folder)
    _point(processed / CURRENT, Path(SNAPSHOTS) / snapshot.name)
    sync_folder(processed)
    _link_stable_names(processed, snapshot)
    (processed / DAMAGED).unlink(missing_ok=True)
    sync_folder(processed)
    prune(processed)


def _point(link: Path, target: Path) -> None:
    temporary = link.with_name(f".{link.name}{TEMPORARY}{secrets.token_hex(4)}")
    temporary.symlink_to(target)
    temporary.replace(link)


def _link_stable_names(processed: Path, snapshot: Path) -> None:
    """Update the permanent links through `current`, one for each file or folder a reader may open."""
    names = {path.name for path in snapshot.iterdir() if not path.name.startswith(".")}
    for name in sorted(names):
        target = Path(CURRENT) / name
        link = processed / name
        if not link.is_symlink() or link.readlink() != target:
            _point(link, target)
    for link in processed.iterdir():
        if link.is_symlink() and link.readlink().parts[0] == CURRENT and link.name not in names:
            link.unlink()


def prune(processed: Path, keep: int | None = None) -> list[str]:
    """Remove old snapshots, never the current one, and return their names.

    The newest stay, as many as the setting `keep` says, and all younger than a day. While together they take more
    than `keep_size` times the space of the current one, the oldest go too. If `keep` is given, exactly that many
    stay, even if the others are younger than a day.
    """
    live = _resolve(processed / CURRENT)
    limit = f"{datetime.now(UTC) - KEPT_FOR:{RUN_ID_TIME}}"
    newest = list_snapshots(processed)
    count = settings.value("keep", keep)
    gone = [
        folder
        for folder in newest[count:]
        if folder.name != live.name and (keep is not None or folder.name < limit)
    ]
    left = [folder for folder in newest if folder not in gone]
    others = [folder for folder in left if folder.name != live.name]
    if others:
        sizes = measure_disk_use([live, *others])
        most = settings.value("keep_size") * sizes[0]
        # A size counts only what a snapshot adds to newer ones, so removing the oldest frees exactly that.
        while others and sum(sizes) > most:
            gone.append(others.pop())
            sizes.pop()
    for folder in gone:
        remove(folder)
    return [folder.name for folder in gone]


def list_snapshots(processed: Path) -> list[Path]:
    """Return the snapshots in `processed`, the newest first."""
    folder = processed / SNAPSHOTS
    return sorted(folder.iterdir(), key=_read_order, reverse=True) if folder.is_dir() else []


def measure_disk_use(folders: list[Path]) -> list[int]:
    """Return the bytes that each of `folders` takes on disk; a file linked into several counts in the first."""
    seen: set[int] = set()
    sizes = []
    for folder in folders:
        found = {status.st_ino: status.st_blocks * 512 for _, status in _list_statuses(folder)}
        sizes.append(sum(size for inode, size in found.items() if inode not in seen))
        seen |= found.keys()
    return sizes


def _list_statuses(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Yield path below `folder` and status of each file there, and nothing of what can't be searched."""
    # Plain calls, as in `_is_untouched`.
    for place, _, names in os.walk(folder):
        inner = f"{place}/".removeprefix(f"{folder}/")
        for name in names:
            with contextlib.suppress(OSError):
                status = os.stat(f"{place}/{name}")  # noqa: PTH116
                if stat.S_ISREG(status.st_mode):
                    yield f"{inner}{name}", status
