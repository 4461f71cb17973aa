"""Lines of copied pages: white space normalised, and what each line is by itself.

What a line is by itself says little: `Share` may be a button or a word. `starts` and `heads` decide by its position.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

import polars as pl

from threadmill.sources.substack import marks

MARK_MAX_CHARS = 400
"""Longer lines are text, whatever they look like."""

AVATAR, META, BADGE, TOMBSTONE, FOOT, PAGE, TAIL, HEADING, COMPOSER = range(1, 10)
NAME, PUBLICATION, CARD = range(10, 13)
"""Kinds of marks. Only links give `NAME` and `PUBLICATION` away; a card recommends another post."""

TERMINATED, LIKED, REPLIED, SHARED, COLLAPSED, MORE = (1 << bit for bit in range(6))
"""The parts of a foot, in their order."""
BUTTONS = LIKED | REPLIED | SHARED

DATE, EDITED, LIKER = 3, 4, 5
"""Ranks of the lines of a head below name (1) and publication (2): each stands below those of lower rank."""


class Link(NamedTuple):
    """What a link of a clip says."""

    url: str
    native_id: str | None = None
    author_native_id: str | None = None
    author_handle: str | None = None
    title: str | None = None
    """The full time that a comment's link has for its title."""


class Mark(NamedTuple):
    """A line that may be no text."""

    kind: int
    parts: int = 0
    """Which parts of a foot it holds, as bits."""
    rank: int = 0
    name: str | None = None
    """Whose avatar it is, or whose profile it links to."""
    created: str | None = None
    is_edited: bool = False
    liker: str | None = None
    like_count: int | None = None
    hidden: int | None = None
    """How many replies are collapsed here."""
    replier: str | None = None
    more: int | None = None
    """How many comments the page doesn't show."""
    declared: int | None = None
    """How many comments it says there are."""
    word: str | None = None
    """Of a tombstone: whether it says deleted or removed."""
    link: Link | None = None


_INVISIBLE = r"[\u{200b}\u{200e}\u{200f}\u{202a}-\u{202e}\u{2060}-\u{2069}\u{feff}]"
_ODD_BLANK = (
    r"[\t\x0b\x0c\u{85}\u{a0}\u{1680}\u{2000}-\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}]"
)
_ANY_BLANK = _ODD_BLANK[:-1] + " ]"
_ODD = f"{_INVISIBLE[:-1]}{_ODD_BLANK[1:]}"
_ODD_ASCII = ("\t", "\x0b", "\x0c", "  ", " \n", "\n ")
"""Looked for one by one: so it takes a seventh of the time that one pattern takes."""


def find_untidy(texts: pl.Series) -> pl.Series:
    """Return which of `texts` have other than plain white space."""
    is_untidy = texts.str.starts_with(" ") | texts.str.ends_with(" ")
    for odd in _ODD_ASCII:
        is_untidy |= texts.str.contains(odd, literal=True)
    # The search for others takes longer than all else, and texts without are quickly told.
    can_be = ~is_untidy & (texts.str.len_bytes() > texts.str.len_chars())
    return is_untidy.scatter(can_be.arg_true(), texts.filter(can_be).str.contains(_ODD))


def tidy(texts: pl.Series) -> pl.Series:
    """Return `texts` with plain white space: one blank between words, none at either end of a line.

    Direction marks and other characters without width are left out. Line breaks stay where they are.
    """
    for pattern, plain in (
        (_INVISIBLE, ""),
        (rf" *{_ODD_BLANK}{_ANY_BLANK}*|  +", " "),
        (r"(?m)^ | $", ""),
    ):
        texts = texts.str.replace_all(pattern, plain)
    return texts


def _unnamed(pattern: str) -> str:
    """Return `pattern` with its named groups made plain, so that it may stand beside others."""
    return re.sub(r"\(\?P<\w+>", "(?:", pattern)


_TOMB = rf"(?P<tomb>{marks.TOMBSTONE})\s?·?\s?(?P<created>{marks.DATE})?(?P<edited>{marks.EDITED})?"
_TOMB_GLUED = (
    r"(?P<tomb>(?:Comment )?[Rr]emoved \([^()\n]+\))(?P<created>(?:\w[^\d\n]{0,14})?\d[^\n]{0,20})"
)
"""A date in any language, glued to the words."""
_CARD = r"(?=.*\d).{1,24}?\s?•(?:\s.*)?"
_WHOLE = (
    (COMPOSER, marks.COMPOSER),
    (FOOT, marks.TERMINATOR),
    (FOOT, rf"(?P<end>{marks.TERMINATOR})?\s*{marks.ACTIONS}"),
    (TOMBSTONE, _TOMB),
    (TOMBSTONE, _TOMB_GLUED),
    (HEADING, rf"(?:#+ )?{marks.HEADING}"),
    (FOOT, marks.MORE),
    (FOOT, marks.COLLAPSED_EARLY),
    (META, marks.META),
    (BADGE, marks.BADGE),
    (TAIL, rf"(?:#+ )?{marks.TAIL}"),
    (PAGE, rf"(?:#+ )?{marks.PAGE_EARLY}"),
)
_LATE = (
    (AVATAR, marks.AVATAR),
    (FOOT, marks.COLLAPSED),
    (PAGE, rf"(?:#+ )?{marks.PAGE}"),
    (META, marks.WRITES),
    (CARD, _CARD),
)
"""They may begin with anything, and are tried where one of their words stands."""
Kinds = tuple[tuple[int, Callable[[str], re.Match[str] | None]], ...]
_EARLY: Kinds = tuple((kind, re.compile(pattern).fullmatch) for kind, pattern in _WHOLE)
_LATER: Kinds = tuple((kind, re.compile(pattern).fullmatch) for kind, pattern in _LATE)
_ANY_EARLY = "^(?:" + "|".join(_unnamed(pattern) for _, pattern in _WHOLE) + ")$"
_ANY_LATE = "^(?:" + "|".join(_unnamed(pattern) for _, pattern in _LATE[:-1]) + ")$|•"
_LATE_WORDS = [*marks.LATE_WORDS, "•"]
_HAS_LATE = re.compile("|".join(map(re.escape, _LATE_WORDS))).search
_NAME_OF = re.compile(marks.NAME_OF)


class Known:
    """The marks among the lines seen so far. Lines repeat a lot, so each different one is looked at once."""

    def __init__(self) -> None:
        self.marks: dict[str, Mark] = {}
        self.labels: dict[str, Mark | None] = {}
        """What the words of links are."""
        self.links: dict[str, tuple[str, Mark | None]] = {}
        """The words and the mark of each link."""
        self.letters = {"": BLANK}
        """Each mark as a letter, for `regular`; other lines are `WORDS` there."""

    def learn(self, lines: Iterable[str]) -> None:
        """Add the marks among `lines`, which are tidy and all different."""
        texts = pl.Series(
            [line for line in lines if 0 < len(line) <= MARK_MAX_CHARS], dtype=pl.String
        )
        is_early = texts.str.contains(_ANY_EARLY)
        rest = texts.filter(~is_early)
        late = rest.filter(rest.str.contains_any(_LATE_WORDS))
        found = [(line, _first(line, _EARLY)) for line in texts.filter(is_early)]
        found += [
            (line, _first(line, _LATER)) for line in late.filter(late.str.contains(_ANY_LATE))
        ]
        for line, one in found:
            if one is not None:
                self.marks[line] = one
                self.letters[line] = letter(one)

    def of(self, line: str) -> Mark | None:
        """Return what a line is by itself, or a link's words."""
        if line not in self.labels:
            self.labels[line] = mark(line)
        return self.labels[line]


BLANK, WORDS = "_", "t"
_LETTERS = {
    AVATAR: "A",
    NAME: "N",
    PUBLICATION: "U",
    BADGE: "B",
    TOMBSTONE: "X",
    PAGE: "P",
    TAIL: "Z",
    HEADING: "H",
    COMPOSER: "O",
    CARD: "K",
}
_FOOT_LETTERS = 0x100


def letter(one: Mark) -> str:
    """Return the kind of a mark as a letter; of a line of a foot, its parts."""
    if one.kind == FOOT:
        return chr(_FOOT_LETTERS + one.parts)
    if one.kind == META:
        return {DATE: "D", EDITED: "E", LIKER: "L"}[one.rank]
    return _LETTERS[one.kind]


@lru_cache(1_000)
def parts_of(letters: str) -> int:
    """Return the parts of the foot that `letters` write, blank lines among them; 0 if they are no foot."""
    held = 0
    for one in letters:
        if one == BLANK:
            continue
        parts = ord(one) - _FOOT_LETTERS
        if parts & -parts <= held:
            return 0
        held |= parts
    return held


def mark(line: str) -> Mark | None:
    """Return what the tidy `line` is by itself, None if it can only be text."""
    if len(line) > MARK_MAX_CHARS:
        return None
    return _first(line, _EARLY) or (_first(line, _LATER) if _HAS_LATE(line) else None)


def _first(line: str, kinds: Kinds) -> Mark | None:
    """Return what `line` is by the first of `kinds` whose pattern it is."""
    for kind, matches in kinds:
        if found := matches(line):
            return _build_mark(kind, line, found.groupdict())
    return None


def _build_mark(kind: int, line: str, groups: dict[str, str | None]) -> Mark:
    """Return what a line of `kind` says, by the groups of its pattern."""
    if kind == FOOT:
        return _build_foot(groups)
    if kind == AVATAR:
        return Mark(AVATAR, name=_NAME_OF.sub("", line).strip())
    if kind == PAGE:
        return Mark(PAGE, declared=count(groups.get("declared")))
    created = groups.get("created") or groups.get("created_glued")
    is_edited = bool(groups.get("edited") or groups.get("edited_glued"))
    if kind == META:
        rank = DATE if created else EDITED if is_edited else LIKER
        return Mark(
            META, rank=rank, created=created, is_edited=is_edited, liker=groups.get("liker")
        )
    if kind == TOMBSTONE:
        tomb = (groups["tomb"] or "").lower()
        word = "deleted" if "delete" in tomb or "elimina" in tomb or "删" in tomb else "removed"
        return Mark(TOMBSTONE, created=created or None, is_edited=is_edited, word=word)
    return Mark(kind)


def _build_foot(groups: dict[str, str | None]) -> Mark:
    hidden = groups.get("hidden") or groups.get("hidden_zh")
    more = groups.get("more") or groups.get("more_zh")
    like = groups.get("like")
    is_button = bool(like or groups.get("reply") or groups.get("share"))
    held = {
        TERMINATED: groups.get("end") or not (is_button or hidden or more),
        LIKED: like,
        REPLIED: groups.get("reply"),
        SHARED: groups.get("share"),
        COLLAPSED: hidden,
        MORE: more,
    }
    return Mark(
        FOOT,
        parts=sum(part for part, one in held.items() if one),
        like_count=(count(groups.get("likes")) or 0) if like else None,
        hidden=count(hidden),
        replier=groups.get("by") or groups.get("by_zh"),
        more=count(more),
    )


def count(number: str | None) -> int | None:
    """Return `number` as written, such as 1,204 or 3.1K, as an integer; null if it is none."""
    if not number:
        return None
    if thousands := re.fullmatch(r"([\d.,]+)[Kk]", number):
        try:
            return int(float(thousands[1].replace(",", ".")) * 1000)
        except ValueError:
            return None
    digits = re.sub(r"[.,]", "", number)
    return int(digits) if digits.isdigit() and len(digits) < 19 else None
