"""Copied pages → comments: from a start on a head, its text, and a foot; what is around them is the page's own."""

import re
from collections import Counter
from typing import NamedTuple

from threadmill.sources.substack import clip, evidence, heads, starts
from threadmill.sources.substack.evidence import Seen
from threadmill.sources.substack.lines import (
    BUTTONS,
    CARD,
    FOOT,
    META,
    MORE,
    TAIL,
    TOMBSTONE,
    Mark,
    mark,
)
from threadmill.sources.substack.rows import Rows

HEAD, TEXT, PART, OWN, STRANGE = range(5)
"""What became of a row: head or foot of a comment, its text, a line of the page's own, not understood."""
_NUMBER = re.compile(r"\d[\d.,:]*").fullmatch
_TRAILING = re.compile(r"(?m)[^\S\n]+$")


class Comment(NamedTuple):
    """A comment as it stands on a page, in the order of `COLUMNS`."""

    line: int
    author_name: str | None
    created_text: str | None
    is_edited: bool | None
    is_deleted: bool
    liker: str | None
    text: str
    native_id: str | None
    author_native_id: str | None
    author_handle: str | None
    author_url: str | None
    url: str | None
    like_count: int | None
    hidden_reply_count: int | None
    replier: str | None


class Page(NamedTuple):
    """A page as it was read."""

    source_format: str | None
    """Null if its comments can't be told apart."""
    comments: list[Comment]
    why: str
    shows_likers: bool
    declared: int | None
    hidden: int | None
    line_count: int
    text_line_count: int
    strange: list[tuple[int, str]]
    """Number and words of each line that wasn't understood."""


def read(rows: Rows) -> Page:
    """Return the comments of a page, and what it says of itself."""
    seen = evidence.weigh(rows)
    found = starts.find(rows, seen)
    count = len(rows.bare)
    roles = _page_roles(rows, seen, 0, found[0][0] if found else count, is_top=True)
    comments: list[Comment] = []
    tail = count
    if found:
        tail = _tail(rows, seen, found[-1][0])
    is_old = seen.source_format == evidence.OLD_PAGE
    bounds = [*(row for row, _ in found), tail]
    buttons = 0
    for (start, name), end in zip(found, bounds[1:], strict=True):
        foot = _foot(rows, start, end)
        head = heads.read(rows, start, foot, name, seen.usual, is_old=is_old)
        below = [one for one in rows.marks[foot:end] if one is not None]
        comments.append(_comment(rows, start, name, head, foot, below))
        buttons += any(one.parts & BUTTONS for one in below)
        roles += [HEAD] * (head.end - start) + [TEXT] * (foot - head.end) + [PART] * (end - foot)
    if found:
        roles += _page_roles(rows, seen, tail, count, is_top=False)
    around = [
        one for one, role in zip(rows.marks, roles, strict=True) if one is not None and role != TEXT
    ]
    shows_hidden = any(one.hidden_reply_count is not None for one in comments)
    if shows_hidden:
        comments = [
            one if one.hidden_reply_count is not None else one._replace(hidden_reply_count=0)
            for one in comments
        ]
    more = next((one.more for one in reversed(around) if one.more is not None), None)
    # What is collapsed is among the comments that aren't shown.
    hidden = sum(one.hidden_reply_count or 0 for one in comments) if shows_hidden else None
    source_format = seen.source_format
    if source_format == evidence.AVATAR_PAGE and (buttons * 2 >= len(comments) or shows_hidden):
        source_format = evidence.POST_PAGE
    if not found and source_format != evidence.EMPTY_PAGE:
        source_format = None
    return Page(
        source_format,
        comments,
        seen.why,
        any(one.liker is not None for one in comments),
        next((one.declared for one in around if one.declared is not None), None),
        more if more is not None else hidden,
        *_counted(rows, roles),
    )


def _foot(rows: Rows, start: int, end: int) -> int:
    """Return the row with which the foot of the comment from `start` to `end` begins."""
    marks, row, lowest = rows.marks, end, 1 << 8
    while row - 1 > start:
        one = marks[row - 1]
        if (
            one is None
            or one.kind != FOOT
            or one.parts.bit_length() > (lowest & -lowest).bit_length() - 1
        ):
            break
        row, lowest = row - 1, one.parts
    return row


def _comment(
    rows: Rows, start: int, name: str | None, head: heads.Head, foot: int, below: list[Mark]
) -> Comment:
    taken = head.taken
    created = edited = liker = None
    is_dated = False
    link_name = native_id = url = author_id = handle = author_url = title = None
    for one in taken:
        if one.kind in (META, TOMBSTONE):
            created = created or one.created
            edited = edited or one.is_edited
            is_dated = is_dated or one.created is not None or one.is_edited
            liker = liker or one.liker
        if (link := one.link) is None:
            continue
        if one.kind == META:
            is_dated = True
            title, native_id, url = (
                title or link.title,
                native_id or link.native_id,
                url or link.url,
            )
        elif link.author_native_id or link.author_handle:
            author_id, handle = author_id or link.author_native_id, handle or link.author_handle
            author_url = author_url or link.url
            link_name = link_name or one.name
    text, is_deleted = text_of(rows, head.end, foot), head.is_deleted
    if (is_deleted or not text) and name and (own := mark(name)) and own.kind == TOMBSTONE:
        name, is_deleted = None, True
    likes = hidden = replier = None
    for one in below:
        likes = one.like_count if likes is None else likes
        hidden = one.hidden if hidden is None else hidden
        replier = replier or one.replier
    return Comment(
        rows.numbers[start],
        name or link_name or None,
        title or created,
        bool(edited) if is_dated else None,
        is_deleted,
        liker,
        text,
        native_id,
        author_id,
        handle,
        author_url,
        url,
        likes,
        hidden,
        replier,
    )


def text_of(rows: Rows, start: int, end: int) -> str:
    """Return the words from row `start` to `end`."""
    if start >= end:
        return ""
    text = "\n".join(rows.lines[rows.at[start] : rows.at[end - 1] + 1])
    if rows.is_clip:
        text = clip.whole(text)
    return text.strip() if rows.is_tidy else _TRAILING.sub("", text).strip()


def _tail(rows: Rows, seen: Seen, start: int) -> int:
    """Return the row below the page's last comment, which starts at `start`."""
    kinds, count, needed = seen.kinds, len(seen.kinds), seen.usual.needed
    last = start
    for row in range(start + 1, count):
        parts = rows.feet[row]
        if needed and parts & needed == needed:
            last = row
    if last > start:
        while last + 1 < count and rows.feet[last + 1] > rows.feet[last]:
            last += 1
        return last + 1
    for row in range(start + 1, count):
        if kinds[row] == TAIL or rows.feet[row] & MORE:
            return row
        if kinds[row] == CARD:
            # Its title stands above it.
            while row - 1 > start and not rows.gaps[row]:
                row -= 1
            return row
    return count


def _page_roles(rows: Rows, seen: Seen, start: int, end: int, *, is_top: bool) -> list[int]:
    """Return what the rows around the comments are: the page's own, or not understood.

    Above their heading stands the post. Between the marks of the page's end stand cards for other posts.
    """
    kinds = seen.kinds
    if is_top:
        return [OWN if kinds[row] or row < seen.body else STRANGE for row in range(start, end)]
    marked = [row for row in range(start, end) if kinds[row] in (TAIL, CARD)]
    known = start
    if marked:
        known = marked[-1]
        while known < end and (kinds[known] or _NUMBER(rows.bare[known])):
            known += 1
    return [OWN if kinds[row] or row < known else STRANGE for row in range(start, end)]


def _counted(rows: Rows, roles: list[int]) -> tuple[int, int, list[tuple[int, str]]]:
    """Return how many written lines there are, how many of text, and those not understood."""
    if not rows.glued and not rows.folds:
        lost = [row for row, role in enumerate(roles) if role == STRANGE]
        return (
            len(roles),
            roles.count(TEXT),
            [(rows.numbers[row], rows.bare[row]) for row in lost],
        )
    # A line in pieces is text if one of them is, else unknown if one of them is.
    numbers = rows.numbers
    texts = {number for number, role in zip(numbers, roles, strict=True) if role == TEXT}
    sizes = Counter(numbers[row] for row, more in rows.folds.items() for _ in range(more))
    unknown = {
        numbers[row]: rows.bare[row]
        for row, role in enumerate(roles)
        if role == STRANGE and numbers[row] not in texts
    }
    strange = [
        (number + more, words)
        for number, words in unknown.items()
        for more in range(1 + sizes[number])
    ]
    total = len({*numbers}) + sum(sizes.values())
    return total, len(texts) + sum(sizes[number] for number in texts), strange
