"""Heads of comments: name, publication, date and marks, by their position below the name.

A date may be in any language: it is the short line right under the name, before the blank line, on a page whose
comments have one.
"""

import re
from typing import NamedTuple

from threadmill.sources import date_words
from threadmill.sources.substack import marks
from threadmill.sources.substack.lines import (
    AVATAR,
    BADGE,
    DATE,
    EDITED,
    FOOT,
    LIKER,
    META,
    NAME,
    PUBLICATION,
    TOMBSTONE,
    Mark,
)
from threadmill.sources.substack.rows import Rows

DATE_MAX_CHARS = 28
"""The longest date seen, `7 de diciembre de 2024`, with some room."""
WORDS_MAX_CHARS = 20
"""A date without a number (`i går`, `akkurat nå`) is shorter than that."""
PUBLICATION_MAX_CHARS = 120
_NUMBERED = re.compile(r"(?=\S*[^\W_])(?=.*\d)(?:\S+ ){0,5}\S+").fullmatch
_NUMBERS_ALONE = re.compile(r"\d{1,4}(?:[./-] ?\d{1,4}){1,2}\.?").fullmatch
_WORDS = re.compile(r"[^\W\d_][^!?,;:…“”\"()]*").fullmatch
_SENTENCE_END = re.compile(r"(?:[!?…,;:]|\w{6}\.)$").search
_AROUND_DATE = re.compile(
    rf"(?P<created>.+?)(?P<edited>{marks.EDITED}| ?·? ?{marks.EDITED_WORD}\b[^\n]{{0,{DATE_MAX_CHARS}}}?)?"
    rf"(?:\s?·?\s?{marks.LIKED} ?(?P<liker>[^\n]+))?"
).fullmatch
_GLUED_WORD = re.compile(
    r"(?P<created>.*\d.*?) ?(?:· ?\S.*|(?<=[\da-zß-öø-ÿа-яα-ω.])[A-ZÀ-ÖØ-ÞА-ЯΑ-Ω][^\W\d_]{3,})"
).fullmatch
"""A date and, glued to it or behind a dot, the word for edited in a language that isn't known."""


class Usual(NamedTuple):
    """What is usual on a page."""

    needed: int
    """The parts that a whole foot has."""
    is_loose: bool
    """Whether blank lines stand between the lines of a head."""
    has_dates: bool
    """Whether comments have dates."""
    is_tight: bool = False
    """Whether texts stand right below dates, without a blank line."""


class Head(NamedTuple):
    """The head of a comment."""

    end: int
    """The first row below it."""
    taken: list[Mark]
    is_deleted: bool
    guessed: int = -1
    """The row of a date in words that aren't known, -1 if there is none."""


def date_in_place(line: str, *, needs_number: bool = True) -> Mark | None:
    """Return what `line` says if it can be a date in words that aren't known, with what is glued to it."""
    if len(line) > 3 * DATE_MAX_CHARS or not (found := _AROUND_DATE(line)):
        return None
    created, is_edited = found["created"], found["edited"] is not None
    glued = None if is_edited else _GLUED_WORD(created)
    if glued and _is_numbered_date(glued["created"]):
        created, is_edited = glued["created"], True
    if not _is_numbered_date(created):
        has_number = any(map(str.isdigit, created))
        if has_number or needs_number or len(created) > WORDS_MAX_CHARS or not _WORDS(created):
            return None
    if len(created) > DATE_MAX_CHARS or _SENTENCE_END(created):
        return None
    return Mark(META, rank=DATE, created=created, is_edited=is_edited, liker=found["liker"])


def _is_numbered_date(words: str) -> bool:
    """Return whether `words` can be a date with a number."""
    if not any(map(str.isdigit, words)):
        return False
    return bool((_NUMBERED if any(map(str.isalpha, words)) else _NUMBERS_ALONE)(words))


def date_below(rows: Rows, row: int, usual: Usual, name: str | None = None) -> int:
    """Return the row of the date in the head that begins at `row`, or of its tombstone; -1 if it has none.

    The name may stand again, and a publication, between the two.
    """
    marks_, bare, gaps = rows.marks, rows.bare, rows.gaps
    below, count = row + 1, len(bare)
    if below < count and (_is_kind(marks_[below], NAME) or bare[below] == name):
        below += 1
    for place in range(below, min(below + 3, count)):
        one = marks_[place]
        if gaps[place] and not usual.is_loose:
            return -1
        if one is not None:
            if one.kind == TOMBSTONE or (one.kind == META and one.rank == DATE):
                return place
            if one.kind not in (PUBLICATION, BADGE) and not (
                place == below and _is_publication(one)
            ):
                return -1
            continue
        if usual.is_loose and not rows.is_clip and place > below:
            return -1
        if usual.has_dates and not usual.is_loose and date_here(rows, place, len(bare), usual):
            return place
        if place > below or len(bare[place]) > PUBLICATION_MAX_CHARS:
            return -1
    return -1


def _is_publication(one: Mark) -> bool:
    """Return whether a mark may be a publication's name, which can be any words."""
    return one.kind not in (AVATAR, FOOT, META, TOMBSTONE, NAME)


def date_here(rows: Rows, row: int, end: int, usual: Usual) -> Mark | None:
    """Return what a row says that can be a date by its position: above a blank line, or the rest of a head.

    Where texts stand right below dates, it must have a number.
    """
    below = row + 1
    next_one = rows.marks[below] if below < end else None
    is_rest = _is_kind(next_one, META, BADGE, TOMBSTONE) and next_one.rank != DATE  # type: ignore[union-attr]
    is_last = below >= end or rows.gaps[below] or is_rest
    if not is_last and not usual.is_tight:
        return None
    return date_in_place(rows.bare[row], needs_number=not is_last)


def _is_kind(one: Mark | None, *kinds: int) -> bool:
    return one is not None and one.kind in kinds


def tombstone(
    rows: Rows, row: int, end: int, *, is_dated: bool = False, is_old: bool = False
) -> int:
    """Return the row below the tombstone that begins at `row`: words, a date, and the words again.

    If the date stands above it (`is_dated`), what follows is that of another comment.
    """
    marks_, gaps = rows.marks, rows.gaps
    own = marks_[row]
    assert own is not None  # noqa: S101 # by its callers
    created, below = own.created, row + 1
    if is_dated:
        return below
    if (
        created is None
        and below < end
        and (one := _tombstone_date(rows, below, end, is_old=is_old))
    ):
        # Where nobody is named, the date may be that of the next comment.
        is_next = is_old and below + 1 < end and marks_[below + 1] is None and gaps[below + 1]
        if not is_next and (not gaps[below] or rows.is_clip):
            created, below = one.created or "", below + 1
    if created is None or below >= end:
        return below
    again = marks_[below]
    if again is None or again.kind != TOMBSTONE or again.word != own.word or again.created:
        return below
    after = below + 1
    if not gaps[below] and after < end and _is_kind(marks_[after], META) and not gaps[after]:
        # A date of its own makes it another one, if no text follows that would then have none.
        is_dated = after + 1 >= end or not (gaps[after + 1] and marks_[after + 1] is None)
        if is_dated:
            return below
    return after


def _tombstone_date(rows: Rows, row: int, end: int, *, is_old: bool) -> Mark | None:
    """Return the date at `row`, below a tombstone's words.

    One in words that aren't known has no text below it, but where nobody is named perhaps the next date.
    """
    one, below = rows.marks[row], row + 1
    if one is not None:
        return one if one.kind == META and one.rank == DATE else None
    if below < end and not _is_kind(rows.marks[below], TOMBSTONE, FOOT, AVATAR, META):
        is_next = is_old and not rows.gaps[below] and date_in_place(rows.bare[below])
        if rows.marks[below] is not None or not is_next:
            return None
    bare = rows.bare[row]
    is_between = below < end and _is_kind(rows.marks[below], TOMBSTONE) and not rows.gaps[below]
    is_worded = is_between and date_words.translate(bare) is not None
    return date_in_place(bare, needs_number=not is_worded)


def tombstone_end(rows: Rows, start: int, row: int, *, is_old: bool = False) -> int:
    """Return the row below the tombstone at `row` of the comment from `start` on, and below its foot.

    It is `row` itself where the comment's text begins with the words of one.
    """
    count = len(rows.bare)
    above = rows.marks[start:row]
    is_dated = any(one is not None and one.rank == DATE for one in above)
    below = tombstone(rows, row, count, is_dated=is_dated, is_old=is_old)
    parts = 0
    while below < count and rows.feet[below] > parts:
        parts = rows.feet[below]
        below += 1
    is_apart = row > start and rows.gaps[row] and not parts and not rows.is_clip
    is_quoted = (
        is_apart and below < count and rows.gaps[below] and _is_kind(rows.marks[below], TOMBSTONE)
    )
    return row if is_quoted else below


def read(rows: Rows, start: int, end: int, name: str | None, usual: Usual, *, is_old: bool) -> Head:
    """Return the head of the comment from row `start` to `end`, in which its foot is no more.

    Ranks climb; what doesn't fit is the text's first line.
    """
    marks_, bare, gaps = rows.marks, rows.bare, rows.gaps
    taken: list[Mark] = []
    row, rank, guessed = start, 0, -1
    own = marks_[start]
    if name is not None or (own is not None and own.kind in (AVATAR, NAME)):
        if own is not None and own.kind in (AVATAR, NAME):
            taken.append(own)
        row, rank = start + 1, 1
        if row < end and (_is_kind(marks_[row], NAME) or bare[row] == name):
            if (again := marks_[row]) is not None and again.kind == NAME:
                taken.append(again)
            row += 1
    named = row
    while row < end:
        one = marks_[row]
        if one is not None and one.kind == TOMBSTONE:
            after = tombstone(rows, row, end, is_dated=rank >= DATE, is_old=is_old)
            if after == end:
                taken += [mark for mark in marks_[row:end] if mark is not None]
                if row + 1 < end and marks_[row + 1] is None:
                    guess = _tombstone_date(rows, row + 1, end, is_old=is_old)
                    taken += [guess] if guess is not None else []
                return Head(end, taken, True, guessed)
            break
        if gaps[row] and row > start and not usual.is_loose:
            break
        fitting = _fitting(rows, row, end, rank, named, usual)
        if fitting is None:
            break
        rank, one, is_guess = fitting
        if is_guess:
            guessed = row
        if one is not None:
            taken.append(one)
        row += 1
    if row == end and guessed == row - 1:
        # A comment has words.
        taken = [mark for mark in taken if mark.rank != DATE]
        return Head(guessed, taken, False)
    return Head(row, taken, False, guessed)


def _fitting(
    rows: Rows, row: int, end: int, rank: int, named: int, usual: Usual
) -> tuple[int, Mark | None, bool] | None:
    """Return the rank of a row of a head, what it says, and whether its words aren't known; None if it is none."""
    one, below = rows.marks[row], row + 1
    if one is not None:
        if one.kind == BADGE:
            return rank, one, False
        if one.kind == PUBLICATION and rank < 2:
            return 2, one, False
        if one.kind == META and one.rank > rank:
            return _rank_after(one), one, False
    if rank >= DATE or usual.is_loose:
        return None
    dates_follow = below < end and not rows.gaps[below]
    if dates_follow and rank == 1 and row == named and len(rows.bare[row]) <= PUBLICATION_MAX_CHARS:
        next_one = rows.marks[below]
        is_dated = _is_kind(next_one, META) and next_one is not None and next_one.rank == DATE
        has_words = below + 1 < end
        is_guess = (
            next_one is None
            and has_words
            and usual.has_dates
            and date_here(rows, below, end, usual)
        )
        if (is_dated or is_guess) and (one is None or _is_publication(one)):
            return 2, None, False
    if one is None and usual.has_dates and (guess := date_here(rows, row, end, usual)):
        return _rank_after(guess), guess, True
    return None


def _rank_after(one: Mark) -> int:
    """Return the rank of the last thing that a line says."""
    return LIKER if one.liker else EDITED if one.is_edited and one.rank != DATE else one.rank
