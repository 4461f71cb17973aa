"""What a rule finds, on its way to a row of `mentions`; and the texts it reads."""

from typing import Any, NamedTuple

from reference.hosts import Row
from reference.patterns import Span

HIDDEN = "\ufdd1"
"""A noncharacter in place of each character that rules must not read."""
_STRAIGHT = str.maketrans(
    dict.fromkeys("’‘ʼ", "'")
    | dict.fromkeys("‐‑–−", "-")
    | dict.fromkeys("\u00a0\u202f\u2009\n\t", " ")
)


class Hit(NamedTuple):
    """A place in a comment, and what is mentioned there."""

    start: int
    end: int
    kind: str
    id: str
    name: str
    rule: str
    confidence: float
    pack: str | None = None
    pack_version: str | None = None
    target_comment_id: str | None = None
    target_author_id: str | None = None


def hit(
    span: Span,
    kind: str,
    rule: str,
    confidence: float,
    id: str | None = None,  # noqa: A002 # the column's name
    name: str | None = None,
    **more: Any,
) -> Hit:
    """Return a hit at `span`; without `id` it is the words in lower case, without `name` the words."""
    return Hit(
        span.start,
        span.end,
        kind,
        span.found.lower() if id is None else id,
        span.found if name is None else name,
        rule,
        confidence,
        **more,
    )


class Text(NamedTuple):
    """A comment's words as rules read them: equally long, so that places are the same in all."""

    comment: Row
    plain: str
    """Without code."""
    masked: str
    """Without addresses too."""
    normal: str
    """That with straight quotes, hyphens and spaces."""
    folded: str
    """That in lower case."""


def normal(text: str) -> str:
    """Return `text` with straight quotes, hyphens and spaces."""
    return text.translate(_STRAIGHT)


def folded(text: str) -> str:
    """Return `text` in lower case, as long as it is."""
    return text.replace("İ", "i").lower().replace("ς", "σ")


def mask(text: str, places: list[tuple[int, int]]) -> str:
    """Return `text` with `HIDDEN` for each character of `places`."""
    for start, end in places:
        text = text[:start] + HIDDEN * (end - start) + text[end:]
    return text
