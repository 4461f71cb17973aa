"""Regular expressions, and their matches with the text beside them."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import regex

BESIDE_CHARS, NEAR_BYTES = 80, 8
"""A rule looks at so much of the text beside a match, up to the next match, and with it where it is so near."""

UNSPACED = r"\p{Han}\p{Hiragana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
"""Scripts that put no spaces between words."""
WORD = r"\p{L}\p{N}\p{M}_"


def compiled(written: str) -> Any:
    r"""Return an expression compiled by `re`, or by `regex` where it has `\p{…}` or `--[…]`, which `re` lacks."""
    if r"\p{" not in written:
        return re.compile(written)
    return regex.compile(written, regex.VERSION1 if "--[" in written else regex.VERSION0)


def listed(text: str) -> list[str]:
    """Return the words of `text`."""
    return text.split()


def any_of(text: str) -> str:
    """Return the words of `text` as alternatives of an expression."""
    return "|".join(text.split())


class Span(NamedTuple):
    """A stretch of a text, and how far a rule looks on both sides of it."""

    text: str
    start: int
    end: int
    since: int
    until: int

    @property
    def found(self) -> str:
        """The words of the stretch."""
        return self.text[self.start : self.end]

    @property
    def before(self) -> str:
        """What stands before it."""
        return self.text[max(self.since, self.start - BESIDE_CHARS) : self.start]

    @property
    def after(self) -> str:
        """What stands after it."""
        return self.text[self.end : min(self.until, self.end + BESIDE_CHARS)]

    @property
    def left(self) -> str:
        """The character before it; none at the start."""
        return self.text[self.start - 1 : self.start] if self.start else ""

    @property
    def right(self) -> str:
        """The character after it; none at the end."""
        return self.text[self.end : self.end + 1]

    @property
    def is_alone(self) -> bool:
        """Whether it touches no word."""
        return not is_word(self.left) and not is_word(self.right)

    def first(self, size: int) -> "Span":
        """Return its first `size` characters."""
        return self._replace(end=self.start + size)

    def last(self, size: int) -> "Span":
        """Return its last `size` characters."""
        return self._replace(start=self.end - size)


def spans(pattern: Any, text: str) -> Iterator[Span]:
    """Yield the matches of `pattern` in `text`."""
    places = [match.span() for match in pattern.finditer(text)]
    for number, (start, end) in enumerate(places):
        since, until = 0, len(text)
        if number:
            last, since = places[number - 1]
            since = last if _is_near(text[since:start]) else since
        if number + 1 < len(places):
            until, next_ = places[number + 1]
            until = next_ if _is_near(text[end:until]) else until
        yield Span(text, start, end, since, until)


def _is_near(between: str) -> bool:
    return len(between) <= NEAR_BYTES and len(between.encode()) <= NEAR_BYTES


def alone(pattern: Any, text: str) -> Iterator[Span]:
    """Yield the matches of `pattern` in `text` that touch no word."""
    return (span for span in spans(pattern, text) if span.is_alone)


@cache
def is_word(character: str) -> bool:
    """Return whether a word may have `character`: a letter, a number, a mark or `_`."""
    return character == "_" or (character != "" and unicodedata.category(character)[0] in "LNM")


def touches(character: str, signs: str) -> bool:
    """Return whether `character` is one that a word may have, or one of `signs`."""
    return character != "" and (is_word(character) or character in signs)


def extract(pattern: Any, text: str) -> str | None:
    """Return the first group of the first match of `pattern` in `text`; None without one."""
    match = pattern.search(text)
    return match[1] if match else None


def without(pattern: Any, text: str) -> str:
    """Return `text` without the first match of `pattern`."""
    return str(pattern.sub("", text, count=1))
