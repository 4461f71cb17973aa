"""Rows made one by one: what a source reads of nested documents, and the frames of it."""

import json
import math
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import orjson
import polars as pl

from threadmill.sources.contract import COMMENT, REJECT, THREAD, Parsed

EXCERPT_CHARS = 80
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 # columns hold UTC without saying so
LATEST_S = 253_370_764_800
"""The year 9999: what is later is no time of a comment."""
INT64_MAX = 2**63 - 1
VALUE_BYTES = 64
"""What a value of JSON takes in memory, roughly; in a document it may be two characters."""
VALUES_MAX_BYTES = 2**32
REASON_MAX_CHARS = 400
TRUTHS = dict.fromkeys(("true", "t", "yes", "y", "1"), True) | dict.fromkeys(
    ("false", "f", "no", "n", "0"), False
)
FAULTS_MAX = 1_000
"""Of so many lines of a text each fault is told; what is worse than this is no list for people."""


class Comment(NamedTuple):
    """A row as `contract.COMMENT`, without `path`."""

    native_id: str | None
    text: str
    position: int | None = None
    parent_native_id: str | None = None
    parent_status: str | None = None
    author_name: str | None = None
    author_native_id: str | None = None
    author_handle: str | None = None
    author_url: str | None = None
    created_at: datetime | None = None
    created_text: str | None = None
    is_edited: bool | None = None
    is_deleted: bool = False
    is_host: bool | None = None
    liker: str | None = None
    like_count: int | None = None
    hidden_reply_count: int | None = None
    url: str | None = None
    thread_native_id: str | None = None
    line: int | None = None


class Thread(NamedTuple):
    """A row as `contract.THREAD`, without `path` and `source_format`."""

    native_id: str | None = None
    title: str | None = None
    url: str | None = None
    published_at: datetime | None = None
    host_name: str | None = None
    publication: str | None = None
    is_id_local: bool = False
    is_chronological: bool | None = None
    declared_comment_count: int | None = None
    hidden_comment_count: int | None = None
    platform_max_depth: int | None = None
    shows_likers: bool | None = None


class Fault(NamedTuple):
    """What is wrong with a document, or with a place in it."""

    line: int | None
    code: str
    reason: str
    excerpt: str | None = None


class Faults:
    """What is wrong with a document, in order: of each code the first `FAULTS_MAX`, and how many more."""

    def __init__(self, *faults: Fault) -> None:
        self.first: dict[tuple[int | None, str], Fault] = {}
        self.counts: dict[tuple[int | None, str], int] = {}
        self.lines: dict[str, int] = {}
        self.more: dict[str, tuple[Fault, int]] = {}
        for fault in faults:
            self.append(fault)

    def append(self, fault: Fault) -> None:
        """Keep `fault`, or count it."""
        key = (fault.line, fault.code)
        if key in self.first:
            self.counts[key] += 1
        elif self.lines.setdefault(fault.code, 0) < FAULTS_MAX:
            self.lines[fault.code] += 1
            self.first[key], self.counts[key] = fault, 1
        else:
            first, count = self.more.get(fault.code, (fault, 0))
            self.more[fault.code] = first, count + 1

    def __bool__(self) -> bool:
        """Return whether there is any."""
        return bool(self.first)

    def __iter__(self) -> Iterator[Fault]:
        """Yield those of one code and line as one, which says how many they are."""
        for key, fault in self.first.items():
            count = self.counts[key]
            reason = fault.reason if count == 1 else f"{count} ×, first: {fault.reason}"
            yield _clean(fault._replace(reason=reason))
        for fault, count in self.more.values():
            yield _clean(fault._replace(reason=f"here and {count - 1} × below: {fault.reason}"))


def _clean(fault: Fault) -> Fault:
    excerpt = words(fault.excerpt)[:EXCERPT_CHARS].strip() or None
    return fault._replace(reason=words(fault.reason)[:REASON_MAX_CHARS], excerpt=excerpt)


class Read(NamedTuple):
    """What was read of one document."""

    threads: list[Thread]
    comments: list[Comment]
    faults: Iterable[Fault] = ()


class Unreadable(Exception):  # noqa: N818 # says what the document is
    """A document as a whole can't be read; the `Fault` says why."""

    def __init__(self, line: int | None, code: str, reason: str) -> None:
        super().__init__(reason)
        self.fault = Fault(line, code, reason)


def parse(documents: pl.DataFrame, source_format: str, read: Callable[[str], Read]) -> Parsed:
    """Return what `read` makes of each text of `documents`."""
    threads: list[tuple[Any, ...]] = []
    comments: list[tuple[Any, ...]] = []
    rejects: list[tuple[Any, ...]] = []
    for path, platform, text in documents.select("path", "platform", "text").iter_rows():
        try:
            one = read(text)
        except Unreadable as error:
            one = Read([], [], Faults(error.fault._replace(excerpt=text[:EXCERPT_CHARS])))
        threads += [(path, source_format, *thread) for thread in one.threads]
        comments += [(path, *comment) for comment in one.comments]
        rejects += [(path, platform, *fault) for fault in one.faults]
    return Parsed(
        _frame(threads, ("path", "source_format", *Thread._fields), THREAD),
        _frame(comments, ("path", *Comment._fields), COMMENT),
        _frame(rejects, tuple(REJECT.names()), REJECT),
    )


def _frame(rows: list[tuple[Any, ...]], names: tuple[str, ...], schema: pl.Schema) -> pl.DataFrame:
    columns = zip(*rows, strict=True) if rows else ((),) * len(names)
    given = {name: list(values) for name, values in zip(names, columns, strict=True)}
    return pl.DataFrame(
        [
            pl.Series(name, given.get(name, [None] * len(rows)), type_)
            for name, type_ in schema.items()
        ]
    )


def load(text: str) -> Any:
    """Return the JSON document `text`.

    Raises:
        Unreadable: it isn't JSON, is nested too deep or has too many values; says where.
    """
    if len(text) * VALUE_BYTES > VALUES_MAX_BYTES:
        count = sum(map(text.count, "[{,"))
        if count * VALUE_BYTES > VALUES_MAX_BYTES:
            reason = f"{count:,} values; so many would take more memory than a document may"
            raise Unreadable(None, "too_large", reason)
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        pass
    try:
        # It also takes half surrogates and NaN, which real exports hold.
        return json.loads(text)
    except json.JSONDecodeError as error:
        code = "truncated_json" if error.pos >= len(text.rstrip()) else "broken_json"
        if error.msg.startswith("Unterminated string"):
            code = "truncated_json"
        reason = f"not JSON: {error.msg} at column {error.colno}"
        raise Unreadable(error.lineno, code, reason) from None
    except RecursionError:
        raise Unreadable(None, "nested_too_deep", "nested deeper than JSON is read") from None
    except ValueError as error:
        raise Unreadable(None, "broken_json", f"not JSON: {error}") from None


def matches(texts: pl.Series, *patterns: str) -> pl.Series:
    """Return which of `texts` match all `patterns`; each is tried only where those before it match."""
    first, *others = patterns
    found = texts.str.contains(first)
    for pattern in others:
        if not found.any():
            break
        some = found.arg_true()
        found = found.scatter(some, texts.gather(some).str.contains(pattern))
    return found


def starts_as(texts: pl.Series, *marks: str) -> pl.Series:
    """Return which of `texts` are JSON documents that hold each of `marks`, which are regexes."""
    return matches(texts, r"\A\s*[\[{]", *marks)


def mapping(value: object) -> dict[str, Any]:
    """Return `value` if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def sequence(value: object) -> list[Any]:
    """Return `value` if it is a JSON array, else an empty one."""
    return value if isinstance(value, list) else []


def words(value: object) -> str:
    """Return `value` as clean text if it is text, else an empty one. Lines end in LF."""
    if not isinstance(value, str):
        return ""
    if "\r" in value:
        value = value.replace("\r\n", "\n").replace("\r", "\n")
    return value.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def name(value: object) -> str | None:
    """Return `value` as text on one line; null if it is none or blank."""
    return " ".join(words(value).split()) or None


def own_id(value: object) -> str | None:
    """Return `value` as an id: text or a whole number; null if it is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        value = int(value)
    if isinstance(value, int):
        return str(value) if abs(value) <= INT64_MAX else None
    return name(value)


def integer(value: object) -> int | None:
    """Return `value` as a whole number of 64 bits, also as text and with `.0`; null if it is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        # Whole numbers become "3.0" where a table of numbers has gaps.
        stripped = value.strip().removesuffix(".0")
        digits = stripped.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) < 20):
            return None
        value = int(stripped)
    if isinstance(value, float):
        if not math.isfinite(value) or not value.is_integer():
            return None
        value = int(value)
    return value if isinstance(value, int) and abs(value) <= INT64_MAX else None


def truth(value: object) -> bool | None:
    """Return whether `value` says true or false, as such, in a word or as 1 or 0; null if it says neither."""
    if isinstance(value, bool):
        return value
    number = integer(value)
    word = words(value).strip().lower() if number is None else str(number)
    return TRUTHS.get(word)


def epoch(value: object) -> datetime | None:
    """Return the instant `value` seconds after 1970 began, a number or one in text; null if it is none."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not 0 < value < LATEST_S:
        return None
    return EPOCH + timedelta(microseconds=round(value * 1_000_000))


def iso(value: object) -> datetime | None:
    """Return the instant that `value` writes with day, time and zone, in UTC; null if it doesn't."""
    if not isinstance(value, str):
        return None
    try:
        written = datetime.fromisoformat(value.strip())
        if written.tzinfo is None:
            return None
        return written.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None


def utc(value: object) -> datetime | None:
    """Return the instant that `value` writes, which is in UTC where it names no zone."""
    text = words(value).strip()
    return iso(text) or (iso(f"{text}+00:00") if ":" in text else None)


def link(value: object) -> str | None:
    """Return `value` if it is a web address, else null."""
    text = words(value).strip()
    if not text.startswith(("http://", "https://")) or " " in text:
        return None
    try:
        return text if urlsplit(text).hostname else None
    except ValueError:
        return None
