"""Search decoded files for words: proof that something is there, or no longer is."""

import html
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pyarrow as pa

from threadmill.errors import Mistake
from threadmill.privacy.decode import Unreadable, View, decode_file

CHUNK_BYTES = 2**16
"""Search bytes in pieces of this size."""
ROUNDS = 3
"""Undo escapes so many times: JSON within JSON within HTML."""
_NAME = "name"
_SIMPLE = {
    '\\"': '"', "\\\\": "\\", "\\/": "/", "\\n": "\n", "\\r": "\r", "\\t": "\t", "\\b": "\b", "\\f": "\f",
}  # fmt: skip
"""What JSON, and most that escape like it, write for these characters."""
_CODED = r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}"
_ENTITY = r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
_ASCII = bytes(range(128)) + b"\x01" * 128
"""Makes bytes that aren't text into some that are: what it finds is looked up in the bytes themselves."""


class Needle(NamedTuple):
    """Something to look for."""

    label: str
    """What it is called where it is found."""
    text: str
    is_word: bool = False
    """Whether it counts only between characters that are no letters, digits or underscores."""
    is_id: bool = False
    """Whether it is an id or address, so that a longer one that begins with it is another: `Ugx1` and `Ugx1.r2`."""


class Hit(NamedTuple):
    """A needle found in a part of a file, or in its name."""

    path: Path
    place: str
    """Where: a column, a table, `bytes`, `name` …"""
    needle: str
    """Its label."""
    times: int


class Scanned(NamedTuple):
    """What was looked at, and found."""

    hits: list[Hit]
    files: int
    bytes: int
    """Decoded bytes that were searched."""
    unread: list[str]
    """What couldn't be decoded, a sentence each: nothing is known of it."""

    @property
    def total(self) -> int:
        """How many times needles were found."""
        return sum(hit.times for hit in self.hits)


def scan(
    places: Iterable[Path],
    needles: Iterable[Needle],
    *,
    ignore_case: bool = False,
    leave_out: Iterable[Path] = (),
) -> Scanned:
    """Return where `needles` are in the files at and below `places`; links in folders aren't followed.

    Args:
        places: files and folders.
        needles: what to look for, none of them empty.
        ignore_case: whether `anna` is `Anna`.
        leave_out: files and folders not to look at.

    Raises:
        ValueError: there is nothing to look for, or a place isn't there.
    """
    search = _Search(list(needles), ignore_case)
    left_out = {Path(os.path.realpath(path)) for path in leave_out}
    hits, unread, count = [], [], 0
    for place in places:
        if not place.exists():
            raise Mistake(f"{place}: isn't there; name files and folders that are")
        for path in _list_files(place, left_out):
            count += 1
            found = search.look_at_name(path, place)
            try:
                found += search.look_at(decode_file(path, numbers=search.has_numbers))
            except Unreadable as error:
                unread.append(f"{path}: {error}")
                found += search.collect()
            except OSError as error:
                unread.append(f"{path}: {error.strerror}")
                found += search.collect()
            hits += [Hit(path, *one) for one in found]
    return Scanned(hits, count, search.bytes, unread)


def read_needles(file: Path) -> list[Needle]:
    """Return what the lines of `file` say, each as it is; labels are their numbers, so that no output repeats them.

    Raises:
        ValueError: it can't be read, isn't UTF-8, or has no line that isn't empty.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise Mistake(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise Mistake(f"{file}: not UTF-8; save it so") from None
    needles = [Needle(f"line {number}", line) for number, line in enumerate(lines, 1) if line]
    if not needles:
        raise Mistake(f"{file}: has nothing to look for; write one pattern a line")
    return needles


def _list_files(place: Path, left_out: set[Path]) -> Iterator[Path]:
    if Path(os.path.realpath(place)) in left_out:
        return
    if place.is_file():
        yield place
        return
    for folder, names, files in os.walk(place):
        here = Path(folder)
        names[:] = sorted(name for name in names if not _is_left_out(here / name, left_out))
        for name in sorted(files):
            path = here / name
            if path.is_file() and not _is_left_out(path, left_out):
                yield path


def _is_left_out(path: Path, left_out: set[Path]) -> bool:
    return path.is_symlink() or (bool(left_out) and Path(os.path.realpath(path)) in left_out)


class _Search:
    """Searches views for needles."""

    def __init__(self, needles: list[Needle], ignore_case: bool) -> None:
        if not needles or not all(one.text for one in needles):
            raise Mistake("nothing to look for: give a pattern that isn't empty, or --needles FILE")
        self.needles, self.ignore_case = needles, ignore_case
        flags = re.IGNORECASE if ignore_case else 0
        self.rules = [_compile(one, flags) for one in needles]
        texts = [one.text for one in needles]
        self.texts = [text.lower() for text in texts] if ignore_case else texts
        self.coded = [text.encode().translate(_ASCII).decode() for text in self.texts]
        self.longest = max(len(text.encode()) for text in texts)
        self.has_numbers = any(text.isdecimal() for text in texts)
        self.bytes = 0
        self._found: dict[tuple[str, int], int] = {}

    def look_at_name(self, path: Path, place: Path) -> list[tuple[str, str, int]]:
        """Return the needles in the name of a file, as `(place, label, count)`."""
        name = path.relative_to(place).as_posix() if path != place else path.name
        return [
            (_NAME, one.label, 1)
            for one, rule in zip(self.needles, self.rules, strict=True)
            if rule.search(name)
        ]

    def look_at(self, views: Iterator[View]) -> list[tuple[str, str, int]]:
        """Return the needles in `views`, as `(place, label, count)`."""
        last, end = "", b""
        for view in views:
            if view.texts is not None:
                self._look_at_texts(view.place, pl.Series(pl.from_arrow(view.texts)))
                continue
            self._look_at_bytes(view.place, view.data, end if view.place == last else b"")
            last, end = view.place, view.data[-self.longest :]
        return self.collect()

    def collect(self) -> list[tuple[str, str, int]]:
        """Return what was found since the last call."""
        found = [
            (place, self.needles[number].label, count)
            for (place, number), count in self._found.items()
        ]
        self._found = {}
        return found

    def _look_at_bytes(self, place: str, data: bytes, before: bytes) -> None:
        """Count the needles in `data`, and those that begin in what is `before` it."""
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            data = data.decode("utf-16", "replace").encode()
        self.bytes += len(data)
        edges = _cut(data)
        cut = pa.py_buffer(pa.array(edges, pa.int64()).buffers()[1])
        rows = pa.Array.from_buffers(
            pa.large_binary(), len(edges) - 1, [None, cut, pa.py_buffer(data)]
        )
        try:
            texts = rows.cast(pa.large_string())
            patterns = self.texts
        except pa.ArrowInvalid:
            plain = pa.py_buffer(data.translate(_ASCII))
            texts = pa.Array.from_buffers(pa.large_string(), len(edges) - 1, [None, cut, plain])
            patterns = self.coded
        pieces = pl.Series(pl.from_arrow(texts))
        # What lies across the end of a piece is in none of the two.
        ends = [(data[max(0, edge - self.longest) : edge], edge) for edge in edges[1:-1]]
        joints = [(end, data[edge : edge + self.longest]) for end, edge in ends]
        if before:
            joints.append((before, data[: self.longest]))
        for row in self._find(pieces, patterns):
            self._add(
                place, self._count(data[edges[row] : edges[row + 1]].decode("utf-8", "replace"))
            )
        around = [(end + start).decode("utf-8", "replace") for end, start in joints]
        inner = pl.Series(around, dtype=pl.String)
        for row in self._find(inner, self.texts):
            self._add(place, self._count_across(*joints[row]))
        if b"\\" in data or (b"&" in data and b";" in data):
            self._look_behind_escapes(place, pl.concat([pieces, inner]))

    def _look_at_texts(self, place: str, texts: pl.Series) -> None:
        """Count the needles in `texts`."""
        if texts.null_count() == len(texts):
            return
        self.bytes += int(texts.str.len_bytes().sum())
        for row in self._find(texts, self.texts):
            self._add(place, self._count(texts[row]))
        self._look_behind_escapes(place, texts)

    def _find(self, texts: pl.Series, patterns: list[str]) -> list[int]:
        """Return the rows of `texts` that may have a needle."""
        if self.ignore_case:
            texts = texts.str.to_lowercase()
        found = (
            texts.str.contains_any(patterns)
            if len(patterns) > 1
            else texts.str.contains(patterns[0], literal=True)
        )
        return found.fill_null(value=False).arg_true().to_list()

    def _count(self, text: str) -> dict[int, int]:
        """Return how often each needle is in `text`, by its number."""
        whole = text.lower() if self.ignore_case else text
        found = {}
        for number, one in enumerate(self.texts):
            # Much faster than the rule.
            if one in whole and (count := sum(1 for _ in self.rules[number].finditer(text))):
                found[number] = count
        return found

    def _count_across(self, end: bytes, start: bytes) -> dict[int, int]:
        """Return how often each needle begins in `end` and ends in `start`, which follows."""
        middle, text = len(end), (end + start).decode("utf-8", "surrogateescape")
        found = {}
        for number in self._count(text):
            places = [one.span() for one in self.rules[number].finditer(text)]
            found[number] = sum(
                len(text[:first].encode("utf-8", "surrogateescape"))
                < middle
                < len(text[:last].encode("utf-8", "surrogateescape"))
                for first, last in places
            )
        return found

    def _look_behind_escapes(self, place: str, texts: pl.Series) -> None:
        """Count the needles that show only without the escapes of JSON and HTML."""
        for _ in range(ROUNDS):
            texts = _keep_escaped(texts)
            if texts.is_empty():
                return
            without = _undo_escapes(texts)
            if without is None:
                return
            self.bytes += int(without.str.len_bytes().sum())
            for row in self._find(without, self.texts):
                before = self._count(texts[row])
                for number, count in self._count(without[row]).items():
                    self._add(f"{place}, unescaped", {number: count - before.get(number, 0)})
            texts = without

    def _add(self, place: str, found: dict[int, int]) -> None:
        for number, count in found.items():
            if count > 0:
                key = (place, number)
                self._found[key] = self._found.get(key, 0) + count


def _compile(needle: Needle, flags: int) -> "re.Pattern[str]":
    rule = re.escape(needle.text)
    if needle.is_word:
        goes_on = r"[.-]?\w" if needle.is_id else r"\w"
        rule = rf"(?<!\w){rule}(?!{goes_on})"
    return re.compile(rule, flags)


def _cut(data: bytes) -> list[int]:
    """Return where the pieces of `data` begin, and its end: after a line where one ends, and within no character."""
    edges = [0]
    while edges[-1] + CHUNK_BYTES < len(data):
        limit = edges[-1] + CHUNK_BYTES
        edge = data.rfind(b"\n", edges[-1], limit) + 1
        if not edge or edge <= edges[-1]:
            edge = limit
            while edge > limit - 4 and data[edge] & 0xC0 == 0x80:  # a byte within a character
                edge -= 1
        edges.append(edge)
    return [*edges, len(data)]


def _keep_escaped(texts: pl.Series) -> pl.Series:
    """Return those of `texts` that may have escapes."""
    may_have = texts.str.contains("\\", literal=True)
    # The rule takes much longer than the letter.
    with_mark = texts.str.contains("&", literal=True)
    if with_mark.any():
        may_have |= with_mark & texts.str.contains(_ENTITY)
    return texts.filter(may_have.fill_null(value=False))


def _undo_escapes(texts: pl.Series) -> pl.Series | None:
    """Return `texts` without their escapes; None if there are none."""
    known = dict(_SIMPLE)
    for rule, meaning in ((_CODED, _decode_unicode), (_ENTITY, html.unescape)):
        known |= {one: meaning(one) for one in _list_matches(texts, rule)}
    without = texts.str.replace_many(list(known), list(known.values()), leftmost=True)
    return None if texts.is_empty() or (without == texts).all() else without


def _list_matches(texts: pl.Series, rule: str) -> list[str]:
    found: Callable[..., pl.Series] = texts.str.extract_all(rule).explode
    return found(empty_as_null=False, keep_nulls=False).unique().to_list()


def _decode_unicode(escape: str) -> str:
    text: str = json.loads(f'"{escape}"')
    # A half of a character alone is none.
    return text.encode("utf-8", "replace").decode()
