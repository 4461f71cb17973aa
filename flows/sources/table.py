"""Any table with a row per comment (CSV, Parquet, objects on lines) whose columns a `columns.toml` names."""

import csv
import difflib
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice, pairwise
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import polars as pl

from flows import sidecars
from flows.sources import bodies, rows
from flows.sources.contract import Parsed
from flows.sources.rows import Comment, Fault, Faults, Read, Thread, Unreadable

FORMAT = "table"
MEANING = "a row per comment in CSV, Parquet, JSON or .ndjson"
HINT = "any export, with a columns.toml beside it (docs/sources.md)"
_NAMES = (
    "comment_id thread_id parent_id text author_name author_id author_handle author_url created_at "
    "is_edited is_deleted is_host like_count url title thread_url host_name"
)
COLUMNS = tuple(_NAMES.split())
OPTIONS = {
    "time_unit": ("s", "ms", "us"),
    "text_format": ("text", "html"),
    "ids": ("platform", "thread"),
    "order": ("as_found", "time", "replies"),
}
"""Each option with its values, the default first."""
DELIMITERS = ",;\t|"
QUOTED_MAX_LINES = 1_000
"""Of a row whose quotes don't fit."""
NONE = ("", "0", "none", "null", "root", "nan")
"""What stands for no parent, in small letters."""


class Mapping(NamedTuple):
    """What a `columns.toml` says."""

    columns: dict[str, str]
    options: dict[str, str]
    zone: ZoneInfo | None
    max_depth: int | None


def claims(documents: pl.DataFrame) -> pl.Series:
    """Return which documents have a column mapping and look like a table."""
    is_table = ~pl.col("text").str.contains(r"\A\s*<")
    return documents.select(pl.col("mapping").is_not_null() & is_table).to_series()


def parse(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of tables.

    Raises:
        ValueError: a `columns.toml` can't be used; says which document it is for, and why.
    """
    parts = []
    for document in documents.iter_slices(1):
        path, mapping, first = document.select("path", "mapping", "first_line").row(0)
        said = read_mapping(path, mapping)

        def read(text: str, said: Mapping = said, first: int = first) -> Read:
            return _read(text, said, first)

        parts.append(rows.parse(document, FORMAT, read))
    return Parsed(*(pl.concat(frames) for frames in zip(*parts, strict=True)))


def read_mapping(path: str, text: str) -> Mapping:
    """Return what the `columns.toml` for the table at `path` says.

    Raises:
        ValueError: it isn't TOML, has an unknown key, or a value of the wrong kind.
    """
    place = f"columns.toml for {path}"
    said = sidecars.toml(place, text)
    known = [*COLUMNS, *OPTIONS, "timezone", "platform_max_depth"]
    for key, value in said.items():
        if key not in known:
            near = difflib.get_close_matches(key, known, 1, 0.5)
            hint = f'did you mean "{near[0]}"?' if near else f"known are {', '.join(known)}"
            raise ValueError(f'{place}: key "{key}" is not known; {hint}')
        if key in OPTIONS and value not in OPTIONS[key]:
            raise ValueError(f"{place}: {key} is {value!r}; it takes {', '.join(OPTIONS[key])}")
        if key == "platform_max_depth":
            if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 1000:
                raise ValueError(f"{place}: {key} is {value!r}; it is a whole number of levels")
        elif not isinstance(value, str) or not value:
            raise ValueError(f'{place}: {key} is {value!r}; it is a column\'s name in "quotes"')
    if "text" not in said:
        raise ValueError(f'{place}: no key "text"; it names the column of the comments\' words')
    if "parent_id" in said and "comment_id" not in said:
        raise ValueError(f'{place}: "parent_id" without "comment_id"; parents are named by ids')
    return Mapping(
        {key: value for key, value in said.items() if key in COLUMNS},
        {key: said.get(key, values[0]) for key, values in OPTIONS.items()},
        _zone(place, said.get("timezone")),
        said.get("platform_max_depth"),
    )


def _zone(place: str, name: str | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        raise ValueError(
            f"{place}: timezone {name!r} is not known; such as Europe/London"
        ) from None


def _read(text: str, said: Mapping, first: int) -> Read:
    faults = Faults()
    threads: dict[str | None, Thread] = {}
    comments: list[Comment] = []
    for line, row in _rows(text, said, first, faults):
        one = _Row(row, said)
        thread_id = rows.own_id(one["thread_id"]) if "thread_id" in said.columns else None
        if "comment_id" in said.columns and rows.own_id(one["comment_id"]) is None:
            faults.append(Fault(line, "no_id", "a row without comment_id", str(row)[:80]))
            continue
        if thread_id not in threads:
            threads[thread_id] = Thread(
                native_id=thread_id,
                title=rows.name(one["title"]),
                url=rows.link(one["thread_url"]),
                host_name=rows.name(one["host_name"]),
                platform_max_depth=said.max_depth,
            )
        position = min(line or first + len(comments), 2**31 - 1)
        comments.append(one.comment(thread_id, position, line))
    if not threads and not faults:
        raise Unreadable(None, "no_rows", "a table without rows")
    by_time = _is_chronological(comments, said)
    return Read(
        [one._replace(is_chronological=by_time) for one in threads.values()], comments, faults
    )


def _is_chronological(comments: list[Comment], said: Mapping) -> bool:
    """Return whether rows stand by time, and not below what they answer; not where parents are named.

    Unless the mapping says so they do if all have times that never fall, or never rise, within a thread.
    """
    order = said.options["order"]
    if "parent_id" in said.columns or order != "as_found":
        return "parent_id" not in said.columns and order == "time"
    times: dict[str | None, list[datetime]] = {}
    for one in comments:
        if one.created_at is None:
            return False
        times.setdefault(one.thread_native_id, []).append(one.created_at)
    rising = all(a <= b for own in times.values() for a, b in pairwise(own))
    falling = all(a >= b for own in times.values() for a, b in pairwise(own))
    return rising != falling


class _Row:
    """A row of a table, by the names of the mapping."""

    def __init__(self, row: dict[str, Any], said: Mapping) -> None:
        self.row, self.said = row, said

    def __getitem__(self, key: str) -> Any:
        column = self.said.columns.get(key)
        if column is None:
            return None
        if column in self.row:
            return self.row[column]
        here: Any = self.row
        for step in column.split("."):
            here = rows.mapping(here).get(step)
        return here

    def comment(self, thread_id: str | None, position: int, line: int | None) -> Comment:
        own_id = rows.own_id(self["comment_id"])
        parent = rows.own_id(self["parent_id"])
        if parent is not None and (parent.lower() in NONE or parent == thread_id):
            parent = None
        within = f"{thread_id}/" if self.said.options["ids"] == "thread" and thread_id else ""
        body = rows.words(self["text"]).strip()
        if self.said.options["text_format"] == "html":
            body = bodies.text(body)
        at, written = self.time()
        is_deleted = _truth(self["is_deleted"]) or False
        status = (
            ("explicit" if parent else "top_level") if "parent_id" in self.said.columns else None
        )
        return Comment(
            native_id=own_id and within + own_id,
            text="" if is_deleted else body,
            position=position,
            parent_native_id=parent and within + parent,
            parent_status=status,
            author_name=rows.own_id(self["author_name"]),
            author_native_id=rows.own_id(self["author_id"]),
            author_handle=rows.own_id(self["author_handle"]),
            author_url=rows.link(self["author_url"]),
            created_at=at,
            created_text=written,
            is_edited=_truth(self["is_edited"]),
            is_deleted=is_deleted,
            is_host=_truth(self["is_host"]),
            like_count=rows.integer(self["like_count"]),
            url=rows.link(self["url"]),
            thread_native_id=thread_id,
            line=line,
        )

    def time(self) -> tuple[datetime | None, str | None]:
        """Return the instant, or the words where it isn't one: a time without a zone is none."""
        value = self["created_at"]
        scale = {"s": 1, "ms": 1_000, "us": 1_000_000}[self.said.options["time_unit"]]
        try:
            number = float(value) if isinstance(value, int | float | str) else None
        except (ValueError, OverflowError):
            number = None
        if number is not None:
            return rows.epoch(number / scale), None
        if (at := rows.iso(value)) is not None:
            return at, None
        text = rows.name(value)
        if text and self.said.zone and ":" in text:
            try:
                local = datetime.fromisoformat(text).replace(tzinfo=self.said.zone)
                return local.astimezone(UTC).replace(tzinfo=None), None
            except (ValueError, OverflowError):
                pass
        return None, text


def _truth(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower() if isinstance(value, str | int) else ""
    return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}.get(text)


def _rows(
    text: str, said: Mapping, first: int, faults: Faults
) -> Iterator[tuple[int | None, dict[str, Any]]]:
    start = text.lstrip()[:1]
    if start == "[":
        for item in rows.sequence(rows.load(text)):
            yield None, _known(rows.mapping(item), said)
    elif start == "{" or first > 1:
        yield from _objects(text, said, first, faults)
    else:
        yield from _csv(text, said, faults)


def _objects(
    text: str, said: Mapping, first: int, faults: Faults
) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(text.split("\n"), first):
        if not line.strip():
            continue
        excerpt = line[: rows.EXCERPT_CHARS]
        try:
            value = rows.load(line)
        except Unreadable as error:
            faults.append(Fault(number, "bad_line", error.fault.reason, excerpt))
            continue
        if not isinstance(value, dict):
            faults.append(Fault(number, "bad_line", "not an object with columns", excerpt))
            continue
        column = said.columns["text"]
        if column not in value and column.split(".")[0] not in value:
            faults.append(Fault(number, "column_missing", f'no column "{column}"', excerpt))
            continue
        yield number, value


def _csv(text: str, said: Mapping, faults: Faults) -> Iterator[tuple[int, dict[str, Any]]]:
    # Parts of dumps are as they lie.
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = [f"{line}\n" for line in unix.split("\n")]
    delimiter = max(DELIMITERS, key=lines[0].count)
    csv.field_size_limit(2**31 - 1)
    records = _records(lines, delimiter)
    names = next(records, (1, []))[1]
    _known(dict.fromkeys(names), said)
    for line, values in records:
        if len(values) != len(names):
            reason = f"{len(values)} fields; the heading has {len(names)}"
            faults.append(Fault(line, "bad_line", reason, delimiter.join(values)[:80]))
        else:
            yield line, dict(zip(names, values, strict=True))


def _records(lines: list[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the first line and the fields of each row that isn't blank, the heading's first.

    Where quotes don't fit, a row is a line if that has as many fields as the heading. So a quote that
    nothing closes costs no other row.
    """
    at, width = 0, None
    while at < len(lines):
        start = at
        reader = csv.reader(
            map(lines.__getitem__, range(at, len(lines))), delimiter=delimiter, strict=True
        )
        try:
            for values in reader:
                if values:
                    width = width or len(values)
                    yield start + 1, values
                start = at + reader.line_num
            return
        except csv.Error:
            rest = islice(map(lines.__getitem__, range(start, len(lines))), QUOTED_MAX_LINES)
            loose = csv.reader(rest, delimiter=delimiter)
            values, at = (
                next(csv.reader([lines[start].rstrip("\n")], delimiter=delimiter)),
                start + 1,
            )
            if width and len(values) != width:
                several = next(loose)
                is_whole = loose.line_num < min(QUOTED_MAX_LINES, len(lines) - start)
                if len(several) == width and is_whole:
                    values, at = several, start + loose.line_num
            width = width or len(values)
            yield start + 1, values


def _known(row: dict[str, Any], said: Mapping) -> dict[str, Any]:
    """Return `row` if it has the column of the words.

    Raises:
        Unreadable: it hasn't; says what is there.
    """
    for column in said.columns.values():
        if column not in row and column.split(".")[0] not in row:
            near = difflib.get_close_matches(column, row, 1, 0.5)
            hint = (
                f'; did you mean "{near[0]}"?'
                if near
                else f"; there are {', '.join(list(row)[:20])}"
            )
            raise Unreadable(1, "column_missing", f'no column "{column}"{hint}')
    return row
