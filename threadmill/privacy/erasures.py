"""Records of erasures: tombstones, unfinished work, receipts. Standard library only, as each run reads them.

They lie beside the raw folder, in `erased`, for their owner alone: the tombstones in one file, replaced in one step and
written through to the disk; a receipt for each erasure. One that isn't done yet is pending: a file says what is left to
do and to look for, and is gone when that is done.
"""

import contextlib
import hashlib
import json
import os
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from threadmill.errors import Mistake
from threadmill.storage.syncing import sync_folder

ERASED = "erased"
"""What tables are made with, in a manifest: a digest of the tombstones."""
TOMBSTONES = "tombstones.jsonl"
PENDING, FROZEN, RECEIPTS = "pending-", "frozen-", "receipts"
SINCE = "since"
"""Whose tombstones are those of comments that runs found after an erasure."""
_DIGEST_BYTES = 10


def find_folder(raw: Path) -> Path:
    """Return the folder for what is kept of erasures from the raw folder `raw`."""
    return raw.parent / (ERASED if raw.name == "raw" else f"{raw.name}-{ERASED}")


def take_fingerprint(raw: Path) -> dict[str, str]:
    """Return what `fingerprint.take` gives for tombstones; nothing if there are none."""
    try:
        said = (find_folder(raw) / TOMBSTONES).read_bytes()
    except FileNotFoundError:
        return {}
    return {ERASED: hashlib.blake2b(said, digest_size=_DIGEST_BYTES).hexdigest()}


def read_stones(raw: Path) -> list[dict[str, Any]]:
    """Return the tombstones, each as it was written.

    Raises:
        ValueError: the file isn't as a run wrote it. No run goes on then: it would publish what was erased.
    """
    path = find_folder(raw) / TOMBSTONES
    try:
        stones = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    except FileNotFoundError:
        return []
    except (ValueError, OSError):
        stones = [None]
    if not all(isinstance(one, dict) and "kind" in one for one in stones):
        raise Mistake(
            f"{path}: can't be read; put it back from a copy, as it says what must not be published"
        )
    return stones


def add_stones(raw: Path, stones: Iterable[dict[str, Any]]) -> None:
    """Add `stones` to the file in one step; they are on the disk when this returns."""
    folder = make_folder(raw)
    before = folder / TOMBSTONES
    said = before.read_text(encoding="utf-8") if before.is_file() else ""
    lines = "".join(f"{json.dumps(one)}\n" for one in stones)
    write_through(before, said + lines)


def make_folder(raw: Path) -> Path:
    """Make and return the folder, for its owner alone."""
    folder = find_folder(raw)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def write_through(path: Path, content: str | bytes) -> None:
    """Write `path` in one step, for its owner alone; it is on the disk when this returns."""
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(new, flags, 0o600), "wb") as file:
        file.write(content.encode() if isinstance(content, str) else content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    sync_folder(path.parent)


def protect(path: Path) -> None:
    """Let the file at `path` be for its owner alone, and on the disk when this returns."""
    path.chmod(0o600)
    with path.open("rb") as file:
        os.fsync(file.fileno())
    sync_folder(path.parent)


def begin() -> str:
    """Return the id of a new erasure: when it began, and a random end."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"


def write_pending(raw: Path, erasure: str, work: bytes) -> None:
    """Write down what is left to do of `erasure`, sealed, before its tombstones."""
    write_through(make_folder(raw) / f"{PENDING}{erasure}.sealed", work)


def read_key(raw: Path) -> str | None:
    """Return the fingerprint of the key that tombstones were made with; None if there are none."""
    return next((one["key"] for one in read_stones(raw) if one["kind"] == "erasure"), None)


def read_pending(raw: Path) -> dict[str, bytes]:
    """Return the work that is left, sealed, by erasure in order; what has no tombstone never began, and goes."""
    folder = find_folder(raw)
    if not folder.is_dir():
        return {}
    noted = {one.get("erasure") for one in read_stones(raw)}
    for path in folder.glob(f".{TOMBSTONES}.*"):
        path.unlink(missing_ok=True)
    for prefix, end in ((FROZEN, ".arrow"), (PENDING, ".sealed")):
        for path in folder.glob(f"{prefix}*{end}"):
            if _name_erasure(path) not in noted:
                path.unlink()
    found = {}
    for path in sorted(folder.glob(f"{PENDING}*.sealed")):
        found[_name_erasure(path)] = path.read_bytes()
    return found


def finish(raw: Path, erasure: str, receipt: dict[str, Any], *, is_done: bool) -> Path:
    """Write the receipt and return its place; what was left to do is forgotten if all `is_done`."""
    folder = make_folder(raw)
    receipts = folder / RECEIPTS
    receipts.mkdir(mode=0o700, exist_ok=True)
    path = receipts / f"{erasure}.json"
    write_through(path, json.dumps(receipt, indent=1, ensure_ascii=False) + "\n")
    if is_done:
        with contextlib.suppress(FileNotFoundError):
            (folder / f"{PENDING}{erasure}.sealed").unlink()
        sync_folder(folder)
    return path


def find_frozen(raw: Path) -> Path | None:
    """Return the file of all parents that stay as they were when others' words were erased; None if there is none."""
    noted = {one.get("erasure") for one in read_stones(raw)}
    files = sorted(find_folder(raw).glob(f"{FROZEN}*.arrow"))
    return next((path for path in reversed(files) if _name_erasure(path) in noted), None)


def _name_erasure(path: Path) -> str:
    return path.stem.removeprefix(FROZEN).removeprefix(PENDING)
