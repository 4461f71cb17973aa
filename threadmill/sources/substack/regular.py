"""Pages on which every comment has the same plain shape, as most have: no evidence needs weighing.

A page is written as a word, a letter for each line; a comment of a plain shape is a pattern over such letters.
Whatever else stands on a page leaves it to `reading`, which reads these to the same result.
"""

import re
from typing import NamedTuple

from threadmill.sources.substack import clip
from threadmill.sources.substack.evidence import AVATAR_PAGE, BARE_PAGE, OLD_PAGE, POST_PAGE
from threadmill.sources.substack.lines import (
    BLANK,
    BUTTONS,
    COLLAPSED,
    LIKED,
    MORE,
    REPLIED,
    SHARED,
    TERMINATED,
    TOMBSTONE,
    WORDS,
    Known,
    Link,
    Mark,
    letter,
    mark,
    parts_of,
)
from threadmill.sources.substack.reading import Comment, Page, text_of
from threadmill.sources.substack.rows import Rows

_END = "\u0101-\u013f"
"""The letters of lines of a foot; the last part of one is `6 more comments...`."""
_BODY = rf"(D?E?L?)_+(t(?:_*t)*)_*([{_END}](?:[_{_END}]*[{_END}])?)_*"
_TOP = re.compile(r"[PHOZ_]*").match
_TAIL = re.compile("[PZ_\u0120]*").fullmatch
_CARDS = re.compile("[P_\u0120]*Z(?:[tKPZ_]*[ZK])?[PZ_]*").fullmatch
"""Cards of other posts stand between lines of the page's end."""
_PICTURED = re.compile(rf"A(t?){_BODY}").match
_NAMED = re.compile(rf"t(t?)(?=D){_BODY}").match
_DATED = re.compile(rf"()(?=D){_BODY}").match
_SHAPES = {"A": _PICTURED, WORDS: _NAMED, "D": _DATED}
_GONE = rf"X()_*((?:[{_END}](?:[_{_END}]*[{_END}])?)?)_*(?=[%sX]|[P_\u0120]*(?:Z|$))"
_DELETED = {
    "A": re.compile(
        rf"(?:A(?=t?D?E?L?X)|(?=X))((?:(?<=A)t)?)(XD_*(?=X)|D?E?L?){_GONE % 'A'}"
    ).match,
    WORDS: re.compile(
        rf"(?:t(?=t?DE?L?X)|(?=X))((?:(?<=t)t)?)(XD_*(?=X)|(?<=t)DE?L?|){_GONE % 't'}"
    ).match,
    "D": re.compile(rf"()(XD_*(?=X)|DE?L?){_GONE % 'D'}").match,
}
"""A tombstone below a head, or its words with a date between them: the groups are those of a comment."""
_NOBODY = (None,) * 5
_TELLING = LIKED | COLLAPSED | MORE
"""Parts of a foot that say more than that it is one."""


class _Foot(NamedTuple):
    """What the feet of a page have said so far."""

    likes: int | None
    hidden: int | None
    replier: str | None
    more: int | None


_NO_FOOT = _Foot(None, None, None, None)


def read(lines: list[str], tidy: list[str], known: Known) -> Page | None:
    """Return a page of a plain shape as it was read, None if it is of no such shape."""
    get = known.letters.get
    word = "".join([get(line, WORDS) for line in tidy])
    place = _TOP(word, word.find("H") + 1).end()  # type: ignore[union-attr] # it matches nothing, too
    top = place
    shape = _SHAPES.get(word[place : place + 1])
    if shape is None:
        return None
    deleted = _DELETED[word[place]]
    marks, get_mark = known.marks, known.marks.get
    comments: list[Comment] = []
    needed, text_lines, buttons, again, gone, pictures = -1, 0, 0, 0, 0, 0
    foot = _NO_FOOT
    while found := shape(word, place) or deleted(word, place):
        (_, _), (name_at, name_end), (meta, meta_end), (text, text_end), (below, end) = found.regs
        parts = parts_of(word[below:end])
        if foot.more is not None:
            return None
        is_gone = text == text_end
        if is_gone:
            tombs = [marks[line] for line in tidy[place:text] if line in marks and marks[line].word]
            if any(one.created is not None or one.word != tombs[0].word for one in tombs):
                return None
            gone += 1
        else:
            both = parts & (REPLIED | SHARED)
            if not parts or both != needed >= 0:
                return None
            needed = both
            if not both and parts & (BUTTONS | TERMINATED) != TERMINATED:
                return None
        if is_gone and parts == 0 and below < end:
            return None
        name = None
        if word[place] == "X":
            meta, meta_end = (meta + 1, meta + 2) if meta < meta_end else (meta, meta)
        elif shape is _PICTURED:
            pictures += 1
            name = marks[tidy[place]].name
            if name_at < name_end:
                if tidy[name_at] != name:
                    return None
                again += 1
        elif shape is _NAMED:
            name = tidy[place]
        if is_gone and _is_tombstone(name):
            return None
        created, edited, liker = _said(marks, tidy[meta:meta_end]) if meta < meta_end else _NO_HEAD
        foot = _foot_of([*map(get_mark, tidy[below:end])]) if parts & _TELLING else _NO_FOOT
        buttons += parts & BUTTONS > 0
        if text_end == text + 1:
            written = lines[text].strip()
            text_lines += 1
        else:
            written = "\n".join(map(str.rstrip, lines[text:text_end])).strip()
            text_lines += word.count(WORDS, text, text_end)
        comments.append(
            Comment(place + 1, name, created, edited, is_gone, liker, written, *_NOBODY, *foot[:3])
        )
        place = found.end()
    is_mixed = again and again < pictures
    is_told = len(comments) >= max(2, 2 * gone) + bool(gone)
    is_tail = _TAIL(word, place) or (shape is _PICTURED and _CARDS(word, place))
    if not comments or is_mixed or (gone and not is_told) or not is_tail:
        return None
    if shape is _PICTURED:
        source_format = POST_PAGE if buttons * 2 >= len(comments) else AVATAR_PAGE
    else:
        source_format = BARE_PAGE if shape is _NAMED else OLD_PAGE
    own = [marks[line] for line in (*tidy[:top], *tidy[place:]) if line in marks]
    counts = len(word) - word.count(BLANK), text_lines
    return _page(source_format, comments, own, counts, foot.more)


_CLIPPED = re.compile(
    rf"(A?)(N?)U?(D)(E?L?)(?:(t+)([{_END}]+)|(X)([{_END}]*)(?=[AN]|[P_\u0120]*(?:Z|$)))"
).match


def read_clip(rows: Rows) -> Page | None:
    """Return a clip of a plain shape as it was read, None if it is of no such shape."""
    marks = rows.marks
    word = "".join([WORDS if one is None else letter(one) for one in marks])
    place = top = _TOP(word, word.find("H") + 1).end()  # type: ignore[union-attr]
    comments: list[Comment] = []
    spans: list[tuple[int, int]] = []
    needed, gone, foot = -1, 0, _NO_FOOT
    while found := _CLIPPED(word, place):
        _, (avatar, name_at), (_, name_end), (date, meta), (_, text), *body = found.regs
        is_gone = body[0][0] < 0
        (_, below), (_, end) = body[2:] if is_gone else body[:2]
        parts = parts_of(word[below:end])
        both = parts & (REPLIED | SHARED)
        dated: Mark = marks[date]  # type: ignore[assignment]
        link = dated.link
        if name_end == avatar or link is None or foot.more is not None:
            return None
        if is_gone:
            gone += 1
            if marks[text].created is not None or (end > below and not parts):  # type: ignore[union-attr]
                return None
        elif not parts or both != needed >= 0:
            return None
        else:
            needed = both
            if not both and parts & (BUTTONS | TERMINATED) != TERMINATED:
                return None
        own: Mark = marks[avatar]  # type: ignore[assignment]
        person = own.link or _NOBODY_LINKED
        name = own.name or (marks[name_at].name if name_at < name_end else None)  # type: ignore[union-attr]
        edited, liker = dated.is_edited, dated.liker
        for one in marks[meta:text]:
            edited, liker = edited or one.is_edited, liker or one.liker  # type: ignore[union-attr]
        foot = _foot_of(marks[below:end])
        comments.append(
            Comment(
                rows.numbers[place],
                name or None,
                link.title or dated.created,
                edited,
                is_gone,
                liker,
                "" if is_gone else text_of(rows, text, below),
                link.native_id,
                person.author_native_id,
                person.author_handle,
                person.url or None,
                link.url,
                *foot[:3],
            )
        )
        if is_gone and _is_tombstone(name):
            return None
        if not is_gone:
            spans.append((text, below))
        place = end
    if len(comments) < 1 + 2 * gone or not _TAIL(word, place):
        return None
    own_marks = [one for one in (*marks[:top], *marks[place:]) if one is not None]
    numbers, folds = rows.numbers, rows.folds
    texts = {number for span in spans for number in numbers[slice(*span)]}
    folded = sum(folds[row] for row in folds if numbers[row] in texts)
    counts = len(set(numbers)) + sum(folds.values()), len(texts) + folded
    return _page(clip.FORMAT, comments, own_marks, counts, foot.more)


_NOBODY_LINKED = Link("")
_NO_HEAD = (None, None, None)


def _is_tombstone(name: str | None) -> bool:
    """Return whether the name is what stands for one that is gone, which nobody is called."""
    own = mark(name) if name else None
    return own is not None and own.kind == TOMBSTONE


def _said(marks: dict[str, Mark], head: list[str]) -> tuple[str | None, bool | None, str | None]:
    """Return the date, whether it is edited, and who liked it, by the lines below a name."""
    if len(head) == 1:
        one = marks[head[0]]
        edited = one.is_edited if one.created or one.is_edited else None
        return one.created, edited, one.liker
    held = [marks[line] for line in head]
    created = next((one.created for one in held if one.created), None)
    is_edited = any(one.is_edited for one in held)
    liker = next((one.liker for one in held if one.liker), None)
    return created, is_edited if created or is_edited else None, liker


def _foot_of(below: list[Mark | None]) -> _Foot:
    """Return what the lines of a foot say."""
    likes = hidden = replier = more = None
    for one in below:
        if one is not None:
            if one.like_count is not None:
                likes = one.like_count
            if one.hidden is not None:
                hidden, replier = one.hidden, one.replier
            if one.more is not None:
                more = one.more
    return _Foot(likes, hidden, replier, more)


def _page(
    source_format: str,
    comments: list[Comment],
    own: list[Mark],
    counts: tuple[int, int],
    more: int | None,
) -> Page:
    """Return the page of `comments`, with `own` marks around them; `counts` of its lines, and those of text."""
    declared = next((one.declared for one in own if one.declared is not None), None)
    more = next((one.more for one in reversed(own) if one.more is not None), more)
    hidden = [one.hidden_reply_count for one in comments if one.hidden_reply_count is not None]
    if hidden:
        comments = [
            one if one.hidden_reply_count is not None else one._replace(hidden_reply_count=0)
            for one in comments
        ]
        if source_format == AVATAR_PAGE:
            source_format = POST_PAGE
    shows_likers = any(one.liker is not None for one in comments)
    collapsed = sum(hidden) if hidden else None
    return Page(
        source_format,
        comments,
        "",
        shows_likers,
        declared,
        more if more is not None else collapsed,
        *counts,
        [],
    )
