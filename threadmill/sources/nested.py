"""Rows made one by one: what a source reads of a nested document, and the frames of these rows."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import orjson
import polars as pl

from threadmill.read import rejects
from threadmill.read.rejects import EXCERPT_CHARS, Reject, Unreadable
from threadmill.schema.frames import COMMENT, THREAD, Comment, Parsed, Thread
from threadmill.sources import counts, scalars
from threadmill.sources.counts import Counter

BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
JSON_START = r"\A\s*[\[{]"
_VALUE = re.compile(r"\s*[\[{]")
VALUE_BYTES = 64
"""What a value of JSON takes in memory, roughly; in a document it may be two characters."""
VALUES_MAX_BYTES = 2**32
REASON_MAX_CHARS = 400
REJECTS_MAX = 1_000
"""Report at most this many rejects of one kind per document; the others are counted."""


class Rejects:
    """The rejects of one document, in order: of each code the first `REJECTS_MAX`, and how many more there are."""

    def __init__(self, *rejects: Reject) -> None:
        self.first: dict[tuple[int | None, str], Reject] = {}
        self.counts: dict[tuple[int | None, str], int] = {}
        self.lines: dict[str, int] = {}
        self.more: dict[str, tuple[Reject, int]] = {}
        for reject in rejects:
            self.append(reject)

    def append(self, reject: Reject) -> None:
        """Keep `reject`, or count it."""
        key = (reject.line, reject.reason_code)
        if key in self.first:
            self.counts[key] += 1
        elif self.lines.setdefault(reject.reason_code, 0) < REJECTS_MAX:
            self.lines[reject.reason_code] += 1
            self.first[key], self.counts[key] = reject, 1
        else:
            first, count = self.more.get(reject.reason_code, (reject, 0))
            self.more[reject.reason_code] = first, count + 1

    @property
    def count(self) -> int:
        """Return how many there are."""
        return sum(self.counts.values()) + sum(count for _, count in self.more.values())

    def __bool__(self) -> bool:
        """Return whether there is any."""
        return bool(self.first)

    def __iter__(self) -> Iterator[Reject]:
        """Yield those of one code and line as one, which says how many they are."""
        for key, reject in self.first.items():
            count = self.counts[key]
            reason = reject.reason if count == 1 else f"{count} ×, first: {reject.reason}"
            yield _clean(reject._replace(reason=reason))
        for reject, count in self.more.values():
            yield _clean(reject._replace(reason=f"here and {count - 1} × below: {reject.reason}"))


def _clean(reject: Reject) -> Reject:
    excerpt = scalars.clean_text(reject.excerpt)[:EXCERPT_CHARS].strip() or None
    return reject._replace(
        reason=scalars.clean_text(reject.reason)[:REASON_MAX_CHARS], excerpt=excerpt
    )


class Read(NamedTuple):
    """What was read of one document; none of it says yet which document that is."""

    threads: list[Thread]
    comments: list[Comment]
    rejects: Iterable[Reject] = ()
    left_out: int = 0
    """Records that aren't kept, for a documented reason: spam, pings, the article."""


def parse(
    documents: pl.DataFrame,
    source_format: str,
    read: Callable[[str], Read],
    count: Counter | None = None,
) -> Parsed:
    """Return what `read` makes of each text of `documents`; where `count` finds another number, that is a reject."""
    threads: list[Thread] = []
    comments: list[Comment] = []
    comment_paths: list[str] = []
    refused: list[Reject] = []
    for path, platform, text in documents.select("path", "platform", "text").iter_rows():
        try:
            one = read(text)
        except Unreadable as error:
            one = Read([], [], Rejects(error.reject._replace(excerpt=text[:EXCERPT_CHARS])))
        threads += [
            thread._replace(path=path, source_format=source_format) for thread in one.threads
        ]
        comments += one.comments
        comment_paths += [path] * len(one.comments)
        own_rejects = [*one.rejects]
        if count and (one.threads or one.comments):
            refused_count = one.rejects.count if isinstance(one.rejects, Rejects) else 0
            differs = counts.compare(
                count(text), len(one.comments), left_out=one.left_out, refused=refused_count
            )
            own_rejects += [differs] if differs else []
        refused += [reject._replace(source_path=path, platform=platform) for reject in own_rejects]
    return Parsed(
        _build_frame(threads, THREAD),
        _build_frame(comments, COMMENT, path=comment_paths),
        rejects.build_frame(refused),
    )


def parse_chunks(
    documents: pl.DataFrame,
    source_format: str,
    read: Callable[..., Read],
    count: Counter | None = None,
) -> Parsed:
    """Do as `parse` for documents that may be parts of dumps; `read` also gets each one's first line."""
    # Those that are no parts are one frame: each costs milliseconds.
    alike = documents.partition_by("first_line", as_dict=True, maintain_order=True)
    parts = [
        parse(same, source_format, partial(read, first=first), count)
        for (first,), same in alike.items()
    ]
    return Parsed(*(pl.concat(frames) for frames in zip(*parts, strict=True)))


def _build_frame(
    rows: Sequence[tuple[Any, ...]], schema: pl.Schema, **columns: list[Any]
) -> pl.DataFrame:
    """Return `rows`, whose fields are the columns of `schema`, as a frame; `columns` go before their fields."""
    values = zip(*rows, strict=True) if rows else ((),) * len(schema)
    return pl.DataFrame(
        [
            pl.Series(name, columns.get(name, list(own)), type_)
            for (name, type_), own in zip(schema.items(), values, strict=True)
        ]
    )


def write_base36(number: int) -> str:
    """Return `number` as Reddit writes ids."""
    digits = ""
    while number or not digits:
        number, rest = divmod(number, 36)
        digits = BASE36[rest] + digits
    return digits


def find_roots(above: Mapping[str, str | None]) -> dict[str, str]:
    """Return the id at the end of each one's way up, which may be one that isn't there; `above` has the parents."""
    roots: dict[str, str] = {}
    for start in above:
        way: dict[str, None] = {}
        here = start
        while here not in roots and here not in way:
            way[here] = None
            parent = above.get(here)
            if parent is None:
                roots[here] = here
                break
            here = parent
        # A loop is a thread of its own, named by its smallest id.
        end = roots.get(here) or min(way)
        roots |= dict.fromkeys(way, end)
    return roots


def raise_max_depth(threads: list[Thread], comments: list[Comment]) -> list[Thread]:
    """Return `threads` with a `platform_max_depth` that their own trees don't contradict."""
    if all(thread.platform_max_depth is None for thread in threads):
        return threads
    above = {one.native_id: one.parent_native_id for one in comments}
    shallowest = min(one.platform_max_depth or 0 for one in threads)
    if shallowest > 0 and all(above.get(parent) is None for parent in {*above.values()}):
        # No reply has replies.
        return threads
    depths: dict[str | None, int] = {}
    for start in above:
        way: list[str | None] = []
        here: str | None = start
        seen = set()
        while here is not None and here not in depths and here not in seen:
            seen.add(here)
            way.append(here)
            here = above.get(here)
        # A parent that isn't there counts as one.
        depth = depths.get(here, -1)
        for one in reversed(way):
            depth += 1
            depths[one] = depth
    deepest: dict[str | None, int] = {}
    for comment in comments:
        thread_id = comment.thread_native_id
        deepest[thread_id] = max(deepest.get(thread_id, 0), depths.get(comment.native_id, 0))
    return [
        thread._replace(
            platform_max_depth=max(thread.platform_max_depth, deepest.get(thread.native_id, 0))
        )
        if thread.platform_max_depth is not None
        else thread
        for thread in threads
    ]


def parse_json(text: str) -> Any:
    """Return the JSON document `text`.

    Raises:
        Unreadable: it isn't JSON, is nested too deep or has too many values; says where.
    """
    if len(text) * VALUE_BYTES > VALUES_MAX_BYTES:
        count = sum(map(text.count, "[{,"))
        if count * VALUE_BYTES > VALUES_MAX_BYTES:
            reason = f"{count:,} values; so many would take more memory than a document may"
            raise Unreadable("too_large", reason)
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
        raise Unreadable(code, reason, error.lineno) from None
    except RecursionError:
        raise Unreadable("nested_too_deep", "nested deeper than JSON is read") from None
    except ValueError as error:
        raise Unreadable("broken_json", f"not JSON: {error}") from None


def load_values(text: str, first: int, rejects: Rejects) -> list[tuple[int | None, Any]]:
    """Return the values of `text` with their lines: the items of a list, one value, or one on each line from `first`.

    A line that isn't JSON goes to `rejects`.

    Raises:
        Unreadable: it is neither JSON nor lines of it.
    """
    if first == 1 and not starts_lines(text):
        value = parse_json(text)
        return [(None, item) for item in (value if isinstance(value, list) else [value])]
    found: list[tuple[int | None, Any]] = []
    for number, line in enumerate(text.split("\n"), first):
        if not line.strip():
            continue
        try:
            found.append((number, parse_json(line)))
        except Unreadable as error:
            bad = error.reject._replace(reason_code="bad_line", excerpt=line[:EXCERPT_CHARS])
            rejects.append(bad._replace(line=number))
    return found


def starts_lines(text: str) -> bool:
    """Return whether `text` begins with two values of JSON on lines of their own; the first may be broken."""
    opening = _VALUE.match(text)
    # No regex for the whole: it would go back through a document that is one long line.
    end = text.find("\n", opening.end()) if opening else -1
    if opening is None or end < 0 or not _VALUE.match(text, end + 1):
        return False
    last = text[opening.end() : end].rstrip(" \t\r")[-1:]
    return bool(last) and last not in ",:[{" and not last.isspace()


def match_all(texts: pl.Series, *patterns: str) -> pl.Series:
    """Return which of `texts` match all `patterns`; each is tried only where those before it match."""
    first, *others = patterns
    found = texts.str.contains(first)
    for pattern in others:
        if not found.any():
            break
        if found.all():
            # Long texts aren't copied.
            found = texts.str.contains(pattern)
            continue
        some = found.arg_true()
        found = found.scatter(some, texts.gather(some).str.contains(pattern))
    return found


def match_json(texts: pl.Series, *marks: str) -> pl.Series:
    """Return which of `texts` are JSON documents that hold each of `marks`, which are regexes."""
    return match_all(texts, JSON_START, *marks)


def as_object(value: object) -> dict[str, Any]:
    """Return `value` if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    """Return `value` if it is a JSON array, else an empty one."""
    return value if isinstance(value, list) else []
