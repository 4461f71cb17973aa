"""Read the files that people add beside a document.

`<thread>.toml` says what the page lacks, `<thread>.replies.csv` which replies were rebuilt wrongly.
"""

import csv
import os
import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from threadmill.read import opening
from threadmill.wording import did_you_mean


class Sidecar(NamedTuple):
    """What a sidecar may say; null where it doesn't."""

    host: str | None = None
    title: str | None = None
    url: str | None = None
    publication: str | None = None
    published_at: datetime | None = None
    captured_at: datetime | None = None
    timezone: str | None = None
    """IANA name of the zone in which the page shows its times."""
    status: int | None = None
    """What a site answered when it was fetched; without a document of this name, that the thread was gone."""
    etag: str | None = None
    """What the site called this state of the thread; a later fetch asks whether it still holds."""


class Edit(NamedTuple):
    """A reply as a person corrected it: what `comment` answers."""

    place: str
    """File and line, for messages."""
    comment: str
    """A `comment_id`, or the comment's 0-based position in the document."""
    parent: str | None
    """As `comment`; None for top level."""


EDIT_COLUMNS = ("comment", "parent")

MAX_BYTES = 2**20
"""Of a sidecar: they are some lines."""

_TIMES = ("published_at", "captured_at")
_KINDS = {list: "a list", dict: "a table", datetime: "a time", date: "a day", time: "a time"}


def read_sidecars(paths: list[Path]) -> Sidecar:
    """Return what the sidecars at `paths` say, a later one before an earlier one. Times are in UTC.

    Raises:
        ValueError: a sidecar can't be read, isn't TOML, or has an unknown key or a value of the wrong kind.
    """
    return parse_sidecars({path.name: read_text(path) for path in paths})


def parse_sidecars(texts: Mapping[str, str]) -> Sidecar:
    """Return what sidecars, their `texts` by name, say; as `read_sidecars`."""
    values: dict[str, object] = {}
    places: dict[str, str] = {}
    for place, words in texts.items():
        own = parse_toml(place, words)
        values |= own
        places |= dict.fromkeys(own, place)
    for key, value in values.items():
        _check(places[key], key, value)
    zone = ZoneInfo(str(values["timezone"])) if "timezone" in values else None
    for key in _TIMES:
        if isinstance(value := values.get(key), datetime):
            values[key] = _convert_to_utc(places[key], key, value, zone)
    return Sidecar(**values)  # type: ignore[arg-type] # _check has looked at each


def read_edits(path: Path) -> list[Edit]:
    """Return the corrections in the `<thread>.replies.csv` at `path`, in its order.

    Raises:
        ValueError: it can't be read, isn't CSV with the columns `comment` and `parent`, or gives a comment
            two parents.
    """
    return parse_edits(path.name, read_text(path))


def parse_edits(name: str, words: str) -> list[Edit]:
    """Return the corrections that `words`, those of the file `name`, are; as `read_edits`."""
    rule = f"its columns are {' and '.join(EDIT_COLUMNS)}"
    head = words.partition("\n")[0]
    reader = csv.reader(words.splitlines(), skipinitialspace=True, delimiter=find_delimiter(head))
    try:
        lines = [(reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        raise ValueError(f"{name}, line {reader.line_num}: {error}; {rule}") from None
    names = [cell.strip() for cell in (lines[0][1] if lines else [])]
    for column in names:
        if column not in EDIT_COLUMNS:
            raise ValueError(f'{name}: column "{column}" is not known; {rule}')
    for column in EDIT_COLUMNS:
        if names.count(column) != 1:
            raise ValueError(
                f'{name}: column "{column}" is there {names.count(column)} times; {rule}'
            )
    found: dict[str, Edit] = {}
    for line, cells in lines[1:]:
        if not any(cell.strip() for cell in cells):
            continue
        place = f"{name}, line {line}"
        if len(cells) != len(names):
            raise ValueError(f"{place}: {len(cells)} cells; {rule}")
        row = dict(zip(names, (cell.strip() for cell in cells), strict=True))
        if not row["comment"]:
            raise ValueError(f"{place}: no comment; only parent may be empty, for top level")
        edit = Edit(place, row["comment"], row["parent"] or None)
        before = found.setdefault(edit.comment, edit)
        if before.parent != edit.parent:
            first = before.place.rpartition(" ")[2]
            raise ValueError(
                f"{place}: comment {edit.comment} is given another parent than on line {first}; "
                "a comment has one"
            )
    return list(found.values())


def find_delimiter(head: str) -> str:
    """Return what separates the cells of a CSV with the first line `head`: a comma, or the semicolon of some Excels."""
    return ";" if ";" in head and "," not in head else ","


def read_text(path: Path) -> str:
    """Return the text of a file beside a document.

    Raises:
        ValueError: it can't be read, is too large, or not UTF-8.
    """
    try:
        with opening.open_plainly(path) as file:
            if (size := os.fstat(file.fileno()).st_size) > MAX_BYTES:
                raise ValueError(f"{path.name}: {size} bytes; a sidecar has at most {MAX_BYTES}")
            text = file.read().decode("utf-8-sig")
        return text.replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise ValueError(f"{path.name}: not UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise ValueError(f"{path.name}: can't be read: {error.strerror}") from None


def parse_toml(place: str, words: str) -> dict[str, Any]:
    """Return what the TOML `words` say.

    Raises:
        ValueError: it isn't TOML; names `place`.
    """
    try:
        return tomllib.loads(words)
    except RecursionError:
        raise ValueError(f"{place}: not valid TOML: nested too deep") from None
    except ValueError as error:
        # Numbers of thousands of digits are no TOMLDecodeError.
        raise ValueError(f"{place}: not valid TOML: {error}") from None


def read_timezone(place: str, name: str) -> ZoneInfo:
    """Return the zone of that IANA name.

    Raises:
        ValueError: there is none; names `place`.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(
            f"{place}: timezone {name!r} is not known; use a name such as Europe/London"
        ) from None


def _check(place: str, key: str, value: object) -> None:
    if key not in Sidecar._fields:
        known = f"known are {', '.join(Sidecar._fields)}"
        hint = did_you_mean(key, Sidecar._fields, known)
        raise ValueError(f'{place}: key "{key}" is not known; {hint}')
    if key in _TIMES:
        if not isinstance(value, datetime):
            what = "a day" if isinstance(value, date) else f"{value!r}"
            raise ValueError(
                f"{place}: {key} is {what}; it needs day and time, as 2026-01-05T10:00:00Z"
            )
        return
    if key == "status":
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValueError(f"{place}: status is no whole number; a site's answer has one, as 200")
        return
    if not isinstance(value, str) or not value.strip():
        # What people wrote goes into no log, and so into no message.
        what = f"{value!r}" if isinstance(value, int | float) else _KINDS.get(type(value), "empty")
        raise ValueError(f'{place}: {key} is {what}; it must be text in "quotes"')
    if key == "url" and not _is_address(value):
        raise ValueError(f"{place}: url is no address; an address starts with https:// and a host")
    if key == "timezone":
        read_timezone(place, value)


def _is_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _convert_to_utc(place: str, key: str, value: datetime, zone: ZoneInfo | None) -> datetime:
    if value.tzinfo is None and zone is None:
        raise ValueError(
            f'{place}: {key} {value.isoformat()} has no zone; end it with Z or +02:00, or add timezone = "…"'
        )
    try:
        return value.replace(tzinfo=value.tzinfo or zone).astimezone(UTC).replace(tzinfo=None)
    except OverflowError:
        raise ValueError(
            f"{place}: {key} {value.isoformat()} is outside the years 1 to 9999"
        ) from None
