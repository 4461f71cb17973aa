"""`data/watch.toml`: what is watched, how often and until when."""

import re
import tomllib
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from threadmill.errors import Mistake
from threadmill.fetch.contract import Target
from threadmill.fetch.files import write_whole
from threadmill.fetch.sites import SITES, name_target
from threadmill.wording import counted, did_you_mean

FILE = "watch.toml"
KEYS = ("address", "platform", "every", "until", "since", "api")
EVERY = "1d"
EVERY_MIN = timedelta(minutes=15)
LOOK_BACK = timedelta(days=30)
"""What of a listing is fetched where neither `since` nor `until` says it."""
_SPAN = re.compile(r"([1-9]\d{0,4})\s*([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_HEADING = re.compile(r"^\s*\[\[\s*watch\s*\]\]", re.MULTILINE)
_TABLE = re.compile(r"^\s*\[", re.MULTILINE)

TEMPLATE = """\
# What `threadmill fetch` collects: an entry for each thread, or listing of threads. docs/fetching.md has all keys.
# Sites want to know whom to write to: set fetch_contact in threadmill.toml first. `threadmill watch add ADDRESS` adds
# an entry and says what it will fetch.

# [[watch]]
# address = "https://example.substack.com/p/a-post"
# every = "1d"               # how often: 6h, 1d, 2w …
# until = "14d"              # after it was published; or "quiet 7d": when nobody has commented for that long

# [[watch]]
# address = "https://forum.example.org/c/general/4"
# platform = "discourse"     # where the address doesn't tell it
# since = 2026-01-01         # of a listing: what began on that day or later
# until = "quiet 7d"
"""


class Entry(NamedTuple):
    """An entry of the file."""

    target: Target
    every: timedelta
    until: str = ""
    """`14d` or `quiet 7d`; empty where it has no end."""
    since: date | None = None

    @property
    def is_until_quiet(self) -> bool:
        """Whether it ends when nobody comments any more, and not some time after the thread began."""
        return self.until.startswith("quiet")

    @property
    def lasts(self) -> timedelta | None:
        """How long `until` gives; None if there is no end."""
        return read_span(self.until.removeprefix("quiet").strip(), "until") if self.until else None

    def begin_listing(self, now: datetime) -> datetime:
        """Return from when on threads of a listing are fetched."""
        if self.since:
            return datetime(self.since.year, self.since.month, self.since.day, tzinfo=UTC)
        lasts = None if self.is_until_quiet else self.lasts
        return now - (lasts or LOOK_BACK)


def find_file(raw: Path) -> Path:
    """Return the file for the raw folder `raw`: beside it."""
    return raw.parent / FILE


def read_entries(path: Path) -> list[Entry]:
    """Return the entries of the file at `path`, none if there is no file.

    Raises:
        ValueError: it isn't TOML, has a key that isn't known, a value that can't be, or an address twice.
    """
    try:
        return parse_entries(path.read_text(encoding="utf-8"), str(path))
    except FileNotFoundError:
        return []
    except UnicodeDecodeError:
        raise Mistake(f"{path}: not UTF-8; save it so") from None


def parse_entries(text: str, place: str) -> list[Entry]:
    """Return the entries that `text` has; as `read_entries`."""
    try:
        said = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise Mistake(f"{place}: not valid TOML: {error}") from None
    for key in said:
        if key != "watch":
            raise Mistake(f'{place}: "{key}" is not known; each entry is a table [[watch]]')
    given = said.get("watch", [])
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise Mistake(f"{place}: watch is no list of tables; each entry begins with [[watch]]")
    entries: list[Entry] = []
    for number, one in enumerate(given, 1):
        entry = _read_entry(one, f"{place}, entry {number}")
        if any(entry.target.address == other.target.address for other in entries):
            raise Mistake(f"{place}, entry {number}: {entry.target.address} is there twice")
        entries.append(entry)
    return entries


def _read_entry(said: dict[str, Any], place: str) -> Entry:
    for key, value in said.items():
        if key not in KEYS:
            hint = did_you_mean(key, KEYS, f"known are {', '.join(KEYS)}")
            raise Mistake(f'{place}: key "{key}" is not known; {hint}')
        is_day = isinstance(value, date) and not isinstance(value, datetime)
        if key == "since" and not is_day:
            raise Mistake(f"{place}: since is no day; write it as 2026-01-05, without quotes")
        if key != "since" and not isinstance(value, str):
            raise Mistake(f'{place}: {key} is no text; it must be text in "quotes"')
    if "address" not in said:
        raise Mistake(f'{place}: has no address; add address = "https://…"')
    target = name_target(said["address"], said.get("platform"), said.get("api"), place)
    return make_entry(
        target, said.get("every", EVERY), said.get("until", ""), said.get("since"), place
    )


def make_entry(
    target: Target, every: str, until: str = "", since: date | None = None, place: str = "watch"
) -> Entry:
    """Return an entry, with `every` and `until` as the file has them.

    Raises:
        ValueError: one of them can't be.
    """
    if since and not target.is_listing:
        raise Mistake(f"{place}: since is for listings; {target.address} is one thread")
    if target.is_listing and not SITES[target.platform].list_threads:
        raise Mistake(f"{place}: {target.platform} has no listings")
    pause = read_span(every, f"{place}: every")
    if pause < EVERY_MIN:
        raise Mistake(f"{place}: every is {every}; it must be at least 15m")
    entry = Entry(target, pause, " ".join(until.split()), since)
    if entry.until:
        read_span(entry.until.removeprefix("quiet").strip(), f"{place}: until")
    return entry


def read_span(said: str, place: str) -> timedelta:
    """Return a span of time such as `6h` or `14d`.

    Raises:
        ValueError: it is none; names `place`.
    """
    found = _SPAN.fullmatch(said.strip())
    if not found:
        raise Mistake(f"{place} is {said!r}; write it as 6h, 14d or 2w")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def write_span(span: timedelta) -> str:
    """Return a span as people say it: `3 days`."""
    for seconds, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if span.total_seconds() % seconds == 0:
            return counted(int(span.total_seconds() // seconds), unit)
    return counted(int(span.total_seconds()), "second")


def add_entry(path: Path, said: dict[str, str | date]) -> Entry:
    """Add an entry with the keys `said` at the end of the file, which keeps its comments, and return it.

    Raises:
        ValueError: as `read_entries`, of the file with the entry.
    """
    before = path.read_text(encoding="utf-8") if path.is_file() else TEMPLATE
    parse_entries(before, str(path))
    lines = "".join(f"{key} = {_write_value(value)}\n" for key, value in said.items())
    text = f"{before.rstrip()}\n\n[[watch]]\n{lines}"
    entry = parse_entries(text, str(path))[-1]
    write_whole(path, text.encode())
    return entry


def _write_value(value: str | date) -> str:
    if isinstance(value, date):
        return value.isoformat()
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def remove_entries(path: Path, addresses: Iterable[str]) -> int:
    """Take the entries with `addresses` out of the file, which keeps everything else, and return how many they were.

    Raises:
        ValueError: as `read_entries`, or the file is written in another way than entry by entry, and stays.
    """
    gone = set(addresses)
    entries = read_entries(path)
    kept = [one for one in entries if one.target.address not in gone]
    if len(kept) == len(entries):
        return 0
    text = path.read_text(encoding="utf-8")
    starts = [found.start() for found in _HEADING.finditer(text)]
    if len(starts) != len(entries):
        raise Mistake(
            f"{path}: its entries don't each begin with [[watch]]; remove the entry by hand"
        )
    parts = [text[: starts[0]]]
    for start, entry in zip(starts, entries, strict=True):
        heading = text.find("]]", start) + 2
        following = _TABLE.search(text, heading)
        end = following.start() if following else len(text)
        if entry.target.address not in gone:
            parts.append(text[start:end])
    whole = "".join(parts)
    if parse_entries(whole, str(path)) != kept:
        raise Mistake(f"{path}: the entry can't be told from what is around it; remove it by hand")
    write_whole(path, whole.encode())
    return len(entries) - len(kept)
