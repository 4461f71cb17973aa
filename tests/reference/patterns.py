"""The pipeline's expressions in Python's dialect, and their matches with what stands beside them."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import regex

CONTEXT_CHARS = 80
LITTLE_BYTES = 8

_TOKEN = re.compile(
    r"\(\?-u:\\b\)|\\x\{([0-9a-fA-F]+)\}|\\z|\\.|\[\^?\]?(?:\\.|\[[^\]]*\]|[^\]\\])*\]|\$",
    re.DOTALL,
)


@cache
def compiled(pattern: str) -> Any:
    r"""Return `pattern`, written for Rust, compiled: by `re`, or by `regex` where it has `\p{…}` or sets of sets."""
    is_multiline = pattern.startswith(("(?m)", "(?ms)"))

    def python(token: re.Match[str]) -> str:
        text = token[0]
        if text == r"(?-u:\b)":
            return r"(?a:\b)"
        if text == r"\z" or (text == "$" and not is_multiline):
            return r"\Z"
        return re.sub(r"\\x\{([0-9a-fA-F]+)\}", lambda code: chr(int(code[1], 16)), text)

    written = _TOKEN.sub(python, pattern)
    if "&&" in written:
        return regex.compile(written, regex.VERSION1)
    return regex.compile(written) if r"\p{" in written else re.compile(written)


class Span(NamedTuple):
    """A match, with up to `CONTEXT_CHARS` of what stands before and after it."""

    start: int
    end: int
    found: str
    before: str
    after: str

    def cut(self, found: str) -> "Span":
        """Return the span with the beginning `found` of its words alone."""
        return self._replace(found=found, end=self.start + len(found))

    def tail(self, found: str) -> "Span":
        """Return the span with the end `found` of its words alone."""
        return self._replace(found=found, start=self.end - len(found))


def spans(pattern: str, text: str) -> Iterator[Span]:
    """Yield the matches of `pattern` in `text`.

    What is beside one ends at the next match, or with it where hardly anything lies between.
    """
    places = [match.span() for match in compiled(pattern).finditer(text)]
    for number, (start, end) in enumerate(places):
        left = places[number - 1][1] if number else 0
        right = places[number + 1][0] if number + 1 < len(places) else len(text)
        before = text[max(left, start - CONTEXT_CHARS) : start]
        after = text[end : min(right, end + CONTEXT_CHARS)]
        if number and start - left <= LITTLE_BYTES and len(before.encode()) <= LITTLE_BYTES:
            before = text[max(places[number - 1][0], left - CONTEXT_CHARS) : start]
        if number + 1 < len(places) and len(after.encode()) <= LITTLE_BYTES:
            after = text[end : min(places[number + 1][1], right + CONTEXT_CHARS)]
        yield Span(start, end, text[start:end], before, after)


def has(pattern: str, text: str) -> bool:
    """Return whether `pattern` matches anywhere in `text`."""
    return compiled(pattern).search(text) is not None


def extract(pattern: str, text: str) -> str | None:
    """Return the first group of the first match of `pattern` in `text`; None without one."""
    match = compiled(pattern).search(text)
    return match[1] if match else None


def without(pattern: str, text: str) -> str:
    """Return `text` without the first match of `pattern`."""
    return str(compiled(pattern).sub("", text, count=1))
