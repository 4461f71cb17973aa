"""What was fetched, a line for each thread and fetch: when to ask again follows from it, and the table `fetches`.

It lies beside the raw folder, for its owner alone, as it names threads. Standard library only.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from threadmill.fetch.files import write_whole

FILE = "journal.jsonl"
FETCHED = "fetched"
DIGEST_BYTES = 10
CAPTURED, UNCHANGED, EMPTY, GONE, LISTED, REFUSED, FAILED = OUTCOMES = (
    "captured",
    "unchanged",
    "empty",
    "gone",
    "listed",
    "refused",
    "failed",
)
UNTAKEN = {REFUSED, FAILED}
"""Outcomes in which nothing was learnt of the thread."""
_TIMES = ("at", "published_at", "last_comment_at", "hold_until")


class Fetch(NamedTuple):
    """What came of asking for a thread, or for a listing."""

    at: datetime
    """When it began; in UTC, as all times here."""
    platform: str
    site: str
    api_host: str
    address: str
    stem: str
    """Of its captures, as `Target.stem`; empty for a listing."""
    outcome: str
    status: int | None = None
    """Of the last answer; null without one."""
    path: str | None = None
    """Of what was written, relative to the raw folder."""
    byte_count: int = 0
    request_count: int = 0
    duration_s: float = 0.0
    reason: str | None = None
    """Why nothing was taken, in a sentence."""
    published_at: datetime | None = None
    last_comment_at: datetime | None = None
    hold_until: datetime | None = None
    """Until when the host wants to be left alone."""


class Known(NamedTuple):
    """What earlier fetches tell of a thread."""

    last_at: datetime
    outcome: str
    status: int | None
    first_at: datetime
    published_at: datetime | None
    last_comment_at: datetime | None


def find_folder(raw: Path) -> Path:
    """Return the folder of the journal for the raw folder `raw`."""
    return raw.parent / (FETCHED if raw.name == "raw" else f"{raw.name}-{FETCHED}")


def take_fingerprint(raw: Path) -> dict[str, str]:
    """Return what tables are made with, in a manifest: a digest of the journal; nothing without one."""
    try:
        said = (find_folder(raw) / FILE).read_bytes()
    except FileNotFoundError:
        return {}
    return {FETCHED: hashlib.blake2b(said, digest_size=DIGEST_BYTES).hexdigest()}


def make_folder(raw: Path) -> Path:
    """Make and return the folder, for its owner alone."""
    folder = find_folder(raw)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def read_journal(raw: Path) -> list[Fetch]:
    """Return all fetches in their order; a line that was cut off by a crash is left out."""
    try:
        lines = (find_folder(raw) / FILE).read_bytes().splitlines()
    except FileNotFoundError:
        return []
    return [one for line in lines if (one := _read_line(line))]


def _read_line(line: bytes) -> Fetch | None:
    try:
        said: dict[str, Any] = json.loads(line)
        times = {name: datetime.fromisoformat(said[name]) for name in _TIMES if said.get(name)}
        return Fetch(**said | times)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def add_fetch(raw: Path, fetch: Fetch) -> None:
    """Add a line; it is on the disk when this returns."""
    path = make_folder(raw) / FILE
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(path, flags, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        # What a crash cut off ends here.
        is_cut = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        os.write(descriptor, (b"\n" if is_cut else b"") + _write_line(fetch))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_line(fetch: Fetch) -> bytes:
    said = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in fetch._asdict().items()
        if value is not None
    }
    return json.dumps(said, ensure_ascii=False).encode() + b"\n"


def forget(raw: Path, is_gone: Callable[[Fetch], bool]) -> int:
    """Take the lines out of which `is_gone` says so, in one step, and return how many they were."""
    fetches = read_journal(raw)
    kept = [one for one in fetches if not is_gone(one)]
    if len(kept) < len(fetches):
        write_whole(find_folder(raw) / FILE, b"".join(map(_write_line, kept)))
        (find_folder(raw) / FILE).chmod(0o600)
    return len(fetches) - len(kept)


def sum_up(fetches: Iterable[Fetch]) -> dict[tuple[str, str], Known]:
    """Return what is known of each thread, by platform and stem; of a listing by platform and address."""
    known: dict[tuple[str, str], Known] = {}
    for one in fetches:
        key = (one.platform, one.stem or one.address)
        before = known.get(key)
        if one.outcome == FAILED and before:
            # It says nothing of the thread.
            known[key] = before._replace(last_at=one.at, outcome=FAILED)
            continue
        known[key] = Known(
            one.at,
            one.outcome,
            one.status,
            before.first_at if before else one.at,
            one.published_at or (before.published_at if before else None),
            one.last_comment_at or (before.last_comment_at if before else None),
        )
    return known


def count_outcomes(fetches: Iterable[Fetch]) -> dict[str, int]:
    """Return how many of `fetches` there are of each outcome that there is."""
    said = [one.outcome for one in fetches]
    return {name: said.count(name) for name in OUTCOMES if name in said}


def find_holds(fetches: Iterable[Fetch]) -> dict[str, datetime]:
    """Return until when hosts asked to be left alone, by host."""
    return {one.api_host: one.hold_until for one in fetches if one.hold_until}
