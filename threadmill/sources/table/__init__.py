"""Any table with one row per comment (CSV, Parquet, objects on lines) whose columns a `columns.toml` names."""

import math
import re
from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from typing import Any, TypeVar

import polars as pl

from threadmill.read.rejects import EXCERPT_CHARS, Reject, Unreadable
from threadmill.schema.frames import INSTANT, Comment, Parsed, Thread
from threadmill.sources import dates, html, nested, scalars
from threadmill.sources.contract import Format, Source
from threadmill.sources.counts import Count
from threadmill.sources.nested import Read, Rejects
from threadmill.sources.table.columns import Mapping, read_mapping
from threadmill.sources.table.records import read_records

T = TypeVar("T")

FORMAT = "table"
GONE = ("[deleted]", "[removed]")
"""What stands on Reddit for an author or a text that is gone."""
_FULLNAME = re.compile(r"t[13]_[0-9a-z]+\Z")
NONE = ("", "0", "none", "null", "root", "nan")
"""What stands for no parent, in small letters."""
UNITS = {"s": (1, "seconds"), "ms": (1_000, "milliseconds"), "us": (1_000_000, "microseconds")}
"""Each `time_unit` with how many of it are a second, and its name."""
FIRST_S, END_S = 315_532_800, 4_102_444_800
"""A number is an instant in the years 1980 to 2099 alone: 2024, or another unit's, is none."""


def recognise(documents: pl.DataFrame) -> pl.Series:
    """Return which documents have a column mapping and look like a table."""
    is_mapped = documents["mapping"].is_not_null()
    # Texts are looked at only where there is a mapping: dumps are long.
    return is_mapped & ~documents["text"].str.contains(r"\A\s*<") if is_mapped.any() else is_mapped


def parse(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of tables.

    Raises:
        ValueError: a `columns.toml` can't be used; says which document it is for, and why.
    """
    parts = []
    for document in documents.iter_slices(1):
        path, platform, words, is_shared, first = document.select(
            "path", "platform", "mapping", "is_mapping_shared", "first_line"
        ).row(0)
        mapping = read_mapping(f"columns.toml for {path}", words)._replace(is_shared=is_shared)

        def read(
            text: str, mapping: Mapping = mapping, first: int = first, platform: str = platform
        ) -> Read:
            return _read(text, mapping, first, platform)

        parts.append(nested.parse(document, FORMAT, read, _count))
    return Parsed(*(pl.concat(frames) for frames in zip(*parts, strict=True)))


def _count(text: str) -> Count | None:
    """Count the rows of CSV by its lines, where no quote can hold a line end; of anything else nothing."""
    if text.lstrip()[:1] in ("[", "{", "") or '"' in text:
        return None
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    return Count(sum(map(bool, map(str.strip, unix.split("\n")))) - 1, "rows of CSV")


def _read(text: str, mapping: Mapping, first: int, platform: str = "") -> Read:
    rejects = Rejects()
    unread = _Unread(mapping, first, rejects)
    threads: dict[str | None, Thread] = {}
    comments: list[Comment] = []
    has_tree = "parent_id" in mapping.columns
    for line, row, above in read_records(text, mapping, first, rejects):
        one = _Row(row, mapping, line, unread, above, platform)
        has_tree |= above is not None and "comment_id" in mapping.columns
        thread_id = one.read_id("thread_id")
        if "comment_id" in mapping.columns and one.read_id("comment_id") is None:
            rejects.append(Reject("no_id", "a row without comment_id", line, str(row)[:80]))
            continue
        if thread_id not in threads:
            threads[thread_id] = Thread(
                native_id=thread_id,
                title=scalars.read_name(one["title"]),
                url=one.read("thread_url", scalars.read_link),
                host_name=scalars.read_name(one["host_name"]),
                platform_max_depth=mapping.max_depth,
                author_scope=mapping.author_scope,
            )
        position = min(line or first + len(comments), 2**31 - 1)
        comments.append(one.build_comment(thread_id, position, has_tree))
    if not threads and not rejects:
        raise Unreadable("no_rows", "a table without rows")
    comments = _set_times(comments, mapping, unread)
    by_time = _is_chronological(comments, mapping, has_tree)
    comments = _settle_parents(comments, has_tree)
    found = [one._replace(is_chronological=by_time) for one in threads.values()]
    return Read(nested.raise_max_depth(found, comments), comments, rejects)


def _settle_parents(comments: list[Comment], has_tree: bool) -> list[Comment]:
    """Return `comments` with their `parent_status`; a parent that is a number may be an id of Reddit in base 10."""
    if not has_tree:
        return comments
    known = {one.native_id for one in comments}
    settled = []
    for one in comments:
        parent = one.parent_native_id
        if parent and parent not in known:
            within, slash, bare = parent.rpartition("/")
            digits = bare.removesuffix(".0")
            if digits.isascii() and digits.isdigit() and len(digits) < 19:
                # Pandas writes ids as 1.0 where some rows have none.
                ways = (f"{digits}.0", nested.write_base36(int(digits)))
                others = (within + slash + way for way in ways)
                parent = next((one for one in others if one in known), parent)
        status = "explicit" if parent else "top_level"
        is_settled = parent == one.parent_native_id and status == one.parent_status
        settled.append(
            one if is_settled else one._replace(parent_native_id=parent, parent_status=status)
        )
    return settled


def _is_chronological(comments: list[Comment], mapping: Mapping, has_tree: bool) -> bool:
    """Return whether rows stand by time, and not below what they answer; not where parents are named.

    Unless the mapping says so they do if all have times that never fall, or never rise, within a thread.
    """
    order = mapping.options["order"]
    if has_tree or order != "as_found":
        return not has_tree and order == "time"
    times: dict[str | None, list[datetime]] = {}
    for one in comments:
        if one.created_at is None:
            return False
        times.setdefault(one.thread_native_id, []).append(one.created_at)
    rising = all(a <= b for own in times.values() for a, b in pairwise(own))
    falling = all(a >= b for own in times.values() for a, b in pairwise(own))
    return rising != falling


def _set_times(comments: list[Comment], mapping: Mapping, unread: "_Unread") -> list[Comment]:
    """Return `comments` with instants for clock times in the mapping's zone; words that aren't a time are rejects."""
    if mapping.zone:
        local = pl.DataFrame(
            {"at": [_read_clock(one.created_text) for one in comments]}, {"at": INSTANT}
        )
        comments = [
            one if at is None else one._replace(created_at=at, created_text=None)
            for one, at in zip(
                comments,
                local.select(dates.convert_to_utc(pl.col("at"), mapping.zone)).to_series(),
                strict=True,
            )
        ]
    written = pl.Series([one.created_text for one in comments], dtype=pl.String)
    written = written.drop_nulls().unique()
    lost = {
        text: _explain_time(text, mapping) for text in written.filter(~dates.are_dates(written))
    }
    for one in comments if lost else ():
        if (text := one.created_text) in lost and text:
            unread.add("created_at", one.line, text, lost[text])
    return comments


def _read_clock(text: str | None) -> datetime | None:
    """Return the time of day that `text` writes in ISO without a zone; null if it doesn't."""
    if text is None or ":" not in text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None


def _explain_time(text: str, mapping: Mapping) -> str:
    """Return what a time may be, and in which other unit `text` would be one."""
    _, unit = UNITS[mapping.options["time_unit"]]
    rule = f"an ISO time, or {unit} since 1970 in the years 1980 to 2099"
    for other in UNITS:
        if at := _read_epoch(text, other):
            return f'{rule}; with time_unit = "{other}" it would be {at:%Y-%m-%d}'
    return rule


def _read_epoch(value: object, unit: str) -> datetime | None:
    """Return the instant that a number, also in text, is in `unit`s since 1970; null outside those years."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        seconds = float(value) / UNITS[unit][0]
    except (ValueError, OverflowError):
        return None
    return scalars.read_epoch(seconds) if FIRST_S <= seconds < END_S else None


def _write_value(value: object) -> str | None:
    """Return `value` as it is written; null if there is nothing."""
    if isinstance(value, str):
        return scalars.read_name(value)
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    return scalars.read_id(value) or scalars.read_name(str(value)[:EXCERPT_CHARS])


class _Unread:
    """Reports values that their column doesn't take: one reject per column, which counts them."""

    def __init__(self, mapping: Mapping, first: int, rejects: Rejects) -> None:
        self.mapping, self.rejects = mapping, rejects
        # Chunks of one dump have rejects of their own.
        self.place = first if first > 1 else None

    def add(self, key: str, line: int | None, text: str, takes: str) -> None:
        """Report, or count, that the column of `key` holds `text`."""
        excerpt = text[:EXCERPT_CHARS]
        at = f"line {line}: " if line else ""
        reason = f'{at}column "{self.mapping.columns[key]}" is {excerpt!r}; {key} takes {takes}'
        self.rejects.append(Reject(f"{key}_not_read", reason, self.place, excerpt))


class _Row:
    """A row of a table, by the names of the mapping."""

    def __init__(
        self,
        row: dict[str, Any],
        mapping: Mapping,
        line: int | None,
        unread: _Unread,
        above: dict[str, Any] | None = None,
        platform: str = "",
    ) -> None:
        self.row, self.mapping, self.line, self.unread = row, mapping, line, unread
        self.above, self.platform = above, platform

    def __getitem__(self, key: str) -> Any:
        column = self.mapping.columns.get(key)
        if column is None:
            return None
        if column in self.row:
            return self.row[column]
        here: Any = self.row
        for step in column.split("."):
            here = nested.as_object(here).get(step)
        return here

    def read(self, key: str, read: Callable[[object], T | None]) -> T | None:
        """Return what `read` makes of the value of `key`; what it can't read is a reject."""
        if key not in self.mapping.columns:
            return None
        value = self[key]
        found = read(value)
        if found is None and (text := _write_value(value)):
            self.unread.add(key, self.line, text, TAKES[read])
        return found

    def read_id(self, key: str) -> str | None:
        """Return the id in the column of `key`; the kind that Reddit writes before it, `t1_` or `t3_`, is left off."""
        own_id = scalars.read_id(self[key])
        if own_id and own_id.startswith("t") and _FULLNAME.match(own_id):
            return own_id[3:]
        return own_id

    def read_parent(self, own_id: str | None, thread_id: str | None) -> str | None:
        """Return the id of the comment above; None at top level."""
        written = scalars.read_id(self["parent_id"])
        parent = self.read_id("parent_id")
        if written and written.startswith("t3_") and parent != written:
            return None
        if parent and own_id and own_id.isdigit() and parent.removesuffix(".0").isdigit():
            # So whole numbers are written where a column has gaps.
            parent = parent.removesuffix(".0")
        if parent is not None and (parent.lower() in NONE or parent == thread_id):
            parent = None
        if parent is None and self.above is not None:
            parent = _Row(self.above, self.mapping, None, self.unread).read_id("comment_id")
        return parent

    def build_comment(self, thread_id: str | None, position: int, has_tree: bool) -> Comment:
        own_id = self.read_id("comment_id")
        parent = self.read_parent(own_id, thread_id)
        within = f"{thread_id}/" if self.mapping.options["ids"] == "thread" and thread_id else ""
        body = scalars.clean_text(self["text"]).strip()
        if self.mapping.options["text_format"] == "html":
            body = html.extract_text(body)
        at, written = self.read_time()
        is_deleted = self.read("is_deleted", scalars.read_truth) or False
        author = scalars.read_id(self["author_name"])
        if self.platform == "reddit":
            is_deleted |= body in GONE
            author = None if author in GONE else author
        return Comment(
            native_id=own_id and within + own_id,
            text="" if is_deleted else body,
            position=position,
            parent_native_id=parent and within + parent,
            parent_status=("explicit" if parent else "top_level") if has_tree else None,
            author_name=author,
            author_native_id=scalars.read_id(self["author_id"]),
            author_handle=scalars.read_id(self["author_handle"]),
            author_url=self.read("author_url", scalars.read_link),
            created_at=at,
            created_text=written,
            is_edited=self.read("is_edited", scalars.read_truth),
            is_deleted=is_deleted,
            is_host=self.read("is_host", scalars.read_truth),
            like_count=self.read("like_count", scalars.read_integer),
            url=self.read("url", scalars.read_link),
            thread_native_id=thread_id,
            line=self.line,
        )

    def read_time(self) -> tuple[datetime | None, str | None]:
        """Return the instant, or the words where it isn't one: a time without a zone is none."""
        value = self["created_at"]
        at = _read_epoch(value, self.mapping.options["time_unit"]) or scalars.read_iso(value)
        return at, None if at else _write_value(value)


TAKES: dict[Callable[[Any], object], str] = {
    scalars.read_integer: "a whole number",
    scalars.read_truth: "true or false",
    scalars.read_link: "an address with https://",
}
"""What reads a column → what it takes, in words."""


SOURCE = Source(
    platform="",
    name="table",
    formats=(
        Format(
            FORMAT,
            "a row per comment in CSV, Parquet, JSON or .ndjson",
            "any export, with a columns.toml beside it (threadmill help sources)",
        ),
    ),
    parse=parse,
    recognise=recognise,
    reads_chunks=True,
)
