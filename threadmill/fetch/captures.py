"""Captures of watched threads in the raw folder: `<thread>@<time>.json`, bytes as they came, and a sidecar for each.

A capture of several pages is a JSON list of them, each page verbatim. The sidecar is written first, so that no run
sees a document without it; a sidecar that stays alone says that the thread was gone, and is no mistake.
"""

import json
import re
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from threadmill.fetch.contract import Found, Target
from threadmill.fetch.files import remove_parts, write_whole

DOCUMENT, SIDECAR = ".json", ".toml"
OK = 200
_UNSAFE = re.compile(r"[^\w.~/-]+", re.ASCII)
_TIME = re.compile(r"@(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ)$")


class Last(NamedTuple):
    """The last capture of a thread; null without one."""

    document: Path | None = None
    """The last that has bytes; a sidecar alone may be later."""
    status: int | None = None
    etag: str | None = None


def find_folder(raw: Path, platform: str) -> Path:
    """Return the folder of `platform` in `raw`, whatever the case of its name."""
    named = sorted(raw.iterdir()) if raw.is_dir() else []
    same = (one for one in named if one.name.lower() == platform and one.is_dir())
    return next(same, raw / platform)


def clean_stem(stem: str) -> str:
    """Return `stem` as a path of files: letters, digits and `._~-` alone, no folder that is hidden or leads upwards."""
    parts = (_UNSAFE.sub("-", part).lstrip(".") or "-" for part in stem.split("/"))
    return "/".join(parts)


Index = dict[Path, dict[str, dict[str, set[str]]]]
"""By folder and thread, the names of captures and their endings: a listing's threads share a folder."""


def find_last(raw: Path, target: Target, index: Index) -> Last:
    """Return the last capture of a thread; `index` gets what its folder holds."""
    place = find_folder(raw, target.platform) / clean_stem(target.stem)
    if place.parent not in index:
        index[place.parent] = _list_captures(place.parent)
    names = index[place.parent].get(place.name, {})
    documents = sorted(name for name, endings in names.items() if DOCUMENT in endings)
    document = place.parent / f"{documents[-1]}{DOCUMENT}" if documents else None
    for name in sorted(names, reverse=True):
        said = _read_sidecar(place.parent / f"{name}{SIDECAR}")
        status = said.get("status")
        if status == OK and DOCUMENT not in names[name]:
            # What a fetch that was cut off left.
            (place.parent / f"{name}{SIDECAR}").unlink(missing_ok=True)
            continue
        etag = said.get("etag")
        return Last(
            document,
            status if isinstance(status, int) else None,
            etag if isinstance(etag, str) and DOCUMENT in names[name] else None,
        )
    return Last(document)


def _list_captures(folder: Path) -> dict[str, dict[str, set[str]]]:
    found: dict[str, dict[str, set[str]]] = {}
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.suffix in (DOCUMENT, SIDECAR) and (time := _TIME.search(path.stem)):
            thread = path.stem[: time.start()]
            found.setdefault(thread, {}).setdefault(path.stem, set()).add(path.suffix)
    return found


def _read_sidecar(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def join_pages(pages: Sequence[bytes]) -> bytes:
    """Return what the document of a capture holds: its one page, or a list of all."""
    return pages[0] if len(pages) == 1 else b"[" + b",\n".join(pages) + b"]"


def is_same(last: Last, content: bytes) -> bool:
    """Return whether the last capture has these bytes, and the thread was there then."""
    if last.document is None or last.status not in (OK, None):
        return False
    try:
        return (
            last.document.stat().st_size == len(content) and last.document.read_bytes() == content
        )
    except OSError:
        return False


def write_capture(
    raw: Path, target: Target, at: datetime, content: bytes, found: Found, etag: str | None
) -> str:
    """Write a capture with its sidecar, and return its path relative to `raw`."""
    place = _take_place(raw, target, at)
    facts = {"url": target.address, "captured_at": at, "status": OK, "etag": etag}
    facts |= {"title": found.title, "host": found.host, "published_at": found.published_at}
    write_whole(place.with_name(place.name + SIDECAR), _write_sidecar(facts))
    document = place.with_name(place.name + DOCUMENT)
    write_whole(document, content)
    return document.relative_to(raw).as_posix()


def write_gone(raw: Path, target: Target, at: datetime, status: int) -> str:
    """Write a sidecar that says that the thread is gone, and return its path relative to `raw`."""
    place = _take_place(raw, target, at)
    sidecar = place.with_name(place.name + SIDECAR)
    facts = {"url": target.address, "captured_at": at, "status": status}
    write_whole(sidecar, _write_sidecar(facts))
    return sidecar.relative_to(raw).as_posix()


def _take_place(raw: Path, target: Target, at: datetime) -> Path:
    """Return the path of a new capture without its ending."""
    stem = find_folder(raw, target.platform) / clean_stem(target.stem)
    stem.parent.mkdir(parents=True, exist_ok=True)
    remove_parts(stem.parent)
    while True:
        place = stem.with_name(f"{stem.name}@{at.astimezone(UTC):%Y-%m-%dT%H-%M-%SZ}")
        if not any(place.with_name(place.name + one).exists() for one in (DOCUMENT, SIDECAR)):
            return place
        at += timedelta(seconds=1)


def _write_sidecar(facts: dict[str, Any]) -> bytes:
    lines = [
        f"{key} = {_write_value(value)}\n" for key, value in facts.items() if value is not None
    ]
    return "".join(lines).encode()


def _write_value(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    if isinstance(value, int):
        return str(value)
    # TOML takes JSON's escapes, and neither controls nor halves of characters.
    shown = "".join(one for one in str(value) if one.isprintable())
    return json.dumps(shown, ensure_ascii=False)
