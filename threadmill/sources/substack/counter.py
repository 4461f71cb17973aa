"""A second look at copied pages, which shares no code with the parser: marks of comments that became none.

Around comments stand avatar lines, links to the comment and, in groups, `Expand full comment`, Like, Reply and
Share. A whole group with words of one comment on both sides ends a comment that wasn't made, or is quoted. Where
its place in a paragraph, or what it lacks, shows that it is quoted, nothing is said.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import polars as pl

from threadmill.read import rejects
from threadmill.read.rejects import Reject
from threadmill.schema.frames import Parsed
from threadmill.sources.counts import Count, compare

END, LIKE, REPLY, SHARE, COLLAPSED, AVATAR, TOMBSTONE = (1 << bit for bit in range(7))
FOOT = END | LIKE | REPLY | SHARE | COLLAPSED
WORDS = {
    END: r"Expand\s+full\s+comment|(?:Expandir|Mostrar|Ver) (?:el )?comentario completo"
    r"|展开(?:完整|全部)评论|查看完整评论",
    LIKE: r"\[?(?:Like|Me gusta|[点點]?[赞讚]|喜欢)(?: ?[(（][\d.,KkMm]+[)）])?(?:\]\(javascript:\S*?\)\)?)?",
    REPLY: r"\[?(?:Reply|Responder|Contestar|回复|回覆)(?:\]\(javascript:\S*?\)\)?)?",
    SHARE: r"\[?(?:Share|Compartir|分享)(?:\]\(javascript:\S*?\)\)?)?",
}
_FOOT = re.compile(r"\s*".join(f"({word})?" for word in WORDS.values())).fullmatch
_COLLAPSED = re.compile(
    r"\[?\d[\d.,]* (?:repl|respuesta|more comment|comentarios? más)|.*\d ?条(?:回复|评论)"
).match
_AVATAR = re.compile(
    r"(?!User ?['’]s )[^\[\]]*\S ?['’]s avatar|(?!Avatar de Usuario$)Avatar de .+|(?!用户)\S.*的头像"
).fullmatch
_TOMBSTONE = re.compile(
    r"Comment (?:deleted|removed)|(?:Comment )?[Rr]emoved \(.*\).{0,30}"
).fullmatch
_NUMBER = re.compile(r"\d").search
_HEAD_ENDS = re.compile(r"(?:Liked by .+|Le gust.+)?").fullmatch
_ODD = re.compile(r"[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
MARK_MAX_CHARS = 120
HEAD_MAX_CHARS, DATE_MAX_CHARS = 80, 40
ALONE_MIN = 3
"""Fewer avatar lines among words may be quoted; so many are a page's that lost what ends comments."""

USUAL_MARKS = (
    "(?m)^Expand full comment$",
    "(?m)Share$",
    "(?m)s avatar$",
    r"/comment/\d+[^\s()]* \"",
)
BUTTONS_AND_LINKS = "Share|Reply|/comment/"
END_LINE, AVATAR_LINE = "\nExpand full comment\n", "s avatar\n"
"""Without anchors they are counted in half the time."""
OWN_BOX = ("User's avatar\n", "User’s avatar\n")
"""The reader's own."""
USUAL_WORDS = "(?m)^Expand full comment$|Reply$|Share$|s avatar$"
"""As most pages write them: where these add up, and none is in a text, nobody has to look closer."""
_LINK = re.compile(r"\]\(https?://[^\s()]*/comment/(\d+)[^\s()]* \"[^\"\n]*\d[^\"\n]*\"\)")


class Made(NamedTuple):
    """A comment that was made of a page."""

    line: int
    is_deleted: bool
    native_id: str | None


def check(documents: pl.DataFrame, parsed: Parsed) -> Parsed:
    """Return `parsed`, with a reject for each of `documents` whose marks differ from the comments made of it."""
    pages = documents.filter(~_add_up(documents, parsed.comments))
    if pages.height:
        pages = pages.filter(_look_odd(pages, parsed.comments))
    if pages.is_empty():
        return parsed
    made: dict[str, list[Made]] = {}
    for path, *one in (
        parsed.comments.filter(pl.col("path").is_in(pages["path"].implode()))
        .select("path", "line", "is_deleted", "native_id")
        .iter_rows()
    ):
        made.setdefault(path, []).append(Made(*one))
    found = []
    for path, platform, text in pages.select("path", "platform", "text").iter_rows():
        if path in made and (differs := compare_page(text, made[path])):
            found.append(differs._replace(source_path=path, platform=platform))
    if not found:
        return parsed
    return parsed._replace(rejects=pl.concat([parsed.rejects, rejects.build_frame(found)]))


def _add_up(documents: pl.DataFrame, comments: pl.DataFrame) -> pl.Series:
    """Return which documents have an avatar and an end for each comment and no other mark: they need no closer look.

    Such are pages without buttons, links and deleted comments, as most are.
    """
    text = documents["text"]
    is_bare = ~text.str.contains(BUTTONS_AND_LINKS)
    if not is_bare.any():
        return is_bare
    own = text.str.contains(OWN_BOX[0], literal=True)
    others = (~own).arg_true()
    own = own.scatter(others, text.gather(others).str.contains(OWN_BOX[1], literal=True))
    last = text.str.ends_with(END_LINE[:-1])
    counts = documents.select(
        "path",
        is_bare=is_bare,
        ends=text.str.count_matches(END_LINE) + last.cast(pl.UInt32),
        avatars=text.str.count_matches(AVATAR_LINE) - own.cast(pl.UInt32),
    )
    made = comments.group_by("path").agg(made=pl.len(), has_deleted=pl.col("is_deleted").any())
    is_whole = (pl.col("ends") == pl.col("made")) & (pl.col("avatars") == pl.col("made"))
    return (
        counts.join(made, on="path", how="left", maintain_order="left")
        .select(pl.col("is_bare") & is_whole & ~pl.col("has_deleted"))
        .to_series()
        .fill_null(value=False)
    )


def _look_odd(documents: pl.DataFrame, comments: pl.DataFrame) -> pl.Series:
    """Return in which documents marks may differ from comments: there are too many, too few, or some in a text."""
    text = pl.col("text")
    made = comments.group_by("path").agg(
        made=pl.len(),
        deleted=pl.col("is_deleted").sum(),
        quoted=text.str.contains(USUAL_WORDS).any(),
    )
    ends, shares, avatars, links = (
        text.str.count_matches(mark).cast(pl.Int64) for mark in USUAL_MARKS
    )
    # One avatar is that of the reader's own box.
    most = pl.max_horizontal(ends, shares, avatars - 1, links)
    return (
        documents.select("path", most=most)
        .join(made, on="path", how="left", maintain_order="left")
        .select(
            pl.col("quoted")
            | (pl.col("most") > pl.col("made"))
            | (pl.col("most") + pl.col("deleted") < pl.col("made"))
        )
        .to_series()
        .fill_null(value=False)
    )


def compare_page(text: str, made: list[Made]) -> Reject | None:
    """Return a reject if a page has marks of comments at which none of those `made` stands, else None."""
    page = _Page(_ODD.sub("", text).split("\n"), made)
    kinds = {
        "avatar lines": page.lost_avatars(),
        "links to comments": page.lost_links(),
        "lines that end comments": page.lost_ends(),
    }
    lost = sorted({line for lines in kinds.values() for line in lines})
    if lost:
        what = " and ".join(kind for kind, lines in kinds.items() if lines)
        return compare(Count(len(made) + len(lost), what, tuple(lost)), len(made))
    bare = page.bare_comments()
    if not bare:
        return None
    marked = tuple(one.line for one in made if one.line not in bare)
    return compare(Count(len(marked), "marks of comments", marked), len(made), [*bare, *marked])


class _Group(NamedTuple):
    """A group of lines that may end a comment: places of its first and last line."""

    first: int
    last: int
    parts: int


class _Page:
    """A page's lines, by their place from 0, and the places at which comments were made."""

    def __init__(self, lines: list[str], made: list[Made]) -> None:
        self.lines = [
            " ".join(line.split()) if len(line) <= MARK_MAX_CHARS else line for line in lines
        ]
        self.kinds = [
            _kind_of(line) if 0 < len(line) <= MARK_MAX_CHARS else 0 for line in self.lines
        ]
        self.made = sorted(made, key=lambda one: one.line)
        self.starts = {one.line - 1 for one in made}
        self.begins = sorted(self.starts)
        self.first = self.begins[0]
        self.groups = [*self._groups()]
        ends = Counter(
            group.parts & ~LIKE for group in self.groups if self._below(group.last) in self.starts
        )
        ends.pop(0, None)
        self.usual = max(ends, key=lambda parts: ends[parts], default=0)

    def _groups(self) -> Iterator[_Group]:
        """Yield each group below the first comment's first line; blank lines may stand within one."""
        places = [
            place for place, kind in enumerate(self.kinds) if kind & FOOT and place > self.first
        ]
        start = 0
        for index, (place, below) in enumerate(pairwise([*places, len(self.lines)])):
            if below < len(self.lines) and not any(self.lines[place + 1 : below]):
                continue
            own = places[start : index + 1]
            parts = 0
            for one in own:
                parts |= self.kinds[one]
            yield _Group(own[0], own[-1], parts & ~COLLAPSED)
            start = index + 1

    def _below(self, place: int) -> int:
        """Return the place of the next line that isn't blank."""
        below = place + 1
        while below < len(self.lines) and not self.lines[below]:
            below += 1
        return below

    def _is_whole(self, group: _Group) -> bool:
        """Return whether a group is like most that stand above a comment, or more than one button."""
        is_usual = self.usual > 0 and group.parts & self.usual == self.usual
        return is_usual or (self.usual > 0 and group.parts.bit_count() > 1)

    def _is_date(self, place: int) -> bool:
        """Return whether a short line with a number stands at `place`, at the end of a head, as dates do."""
        here, below = [*self.lines[place : place + 2], "", "."][:2]
        return len(here) <= DATE_MAX_CHARS and bool(_NUMBER(here)) and bool(_HEAD_ENDS(below))

    def lost_avatars(self) -> list[int]:
        """Return the lines with an avatar or tombstone at which no comment was made, though one could begin there.

        It stands right below what ends a comment; or below a blank line, and is that of somebody who wrote others, or
        has a date. Many of others are no quotations either.
        """
        ended = {group.last + 1 for group in self.groups if self._is_whole(group)}
        known = {self.lines[place] for place in self.starts}
        lost: list[int] = []
        alone: list[int] = []
        for place, kind in enumerate(self.kinds):
            if place in self.starts or place <= self.first or not kind & (AVATAR | TOMBSTONE):
                continue
            if place in ended:
                lost.append(place + 1)
            elif kind & AVATAR and not self.lines[place - 1]:
                is_one = self.lines[place] in known or self._is_date(place + 1)
                (lost if is_one else alone).append(place + 1)
        names = {self.lines[number - 1] for number in alone}
        is_usual = len(names) >= ALONE_MIN and 2 * len(names) >= len(self.starts)
        return [*lost, *(alone if is_usual else [])]

    def lost_links(self) -> list[int]:
        """Return the lines that link to comments by their time which weren't made."""
        known = {one.native_id for one in self.made}
        if known == {None}:
            return []
        found: dict[str, int] = {}
        for number, line in enumerate(self.lines, 1):
            if "/comment/" in line:
                for own_id in _LINK.findall(line):
                    found.setdefault(own_id, number)
        return [number for own_id, number in found.items() if own_id not in known]

    def lost_ends(self) -> list[int]:
        """Return the lines below which a comment should begin, as one has ended, and none does until the next ends."""
        lost: list[int] = []
        end = 0
        for group in reversed(self.groups):
            below = self._below(group.last)
            is_whole = self._is_whole(group)
            is_end = is_whole or (group.parts & END and self._is_date(below))
            is_head = below < end and self.kinds[below] & (AVATAR | TOMBSTONE)
            if end and is_end and not is_head and not self._has_start(group.last, end):
                lost += [below + 1] if self._is_apart(group, below) else []
            end = group.last if is_whole else end
        return lost

    def _has_start(self, above: int, end: int) -> bool:
        """Return whether a comment starts below `above` and not below `end`."""
        return bisect_right(self.begins, above) < bisect_right(self.begins, end)

    def _is_apart(self, group: _Group, below: int) -> bool:
        """Return whether a group stands apart from words above and below it, as one does that isn't quoted.

        Below it may stand the blank line above a text, or one short line that names somebody or a day.
        """
        lines = self.lines
        if lines[group.first - 1]:
            return False
        above = group.first - 1
        while above and not lines[above]:
            above -= 1
        while above not in self.starts and lines[above - 1]:
            above -= 1
        if above in self.starts:
            # A text that begins with such words.
            return False
        is_dated = self._is_date(below) or self._is_date(below + 1)
        is_short = len(lines[below]) <= HEAD_MAX_CHARS and not lines[min(below + 1, len(lines) - 1)]
        return below > group.last + 1 or is_short or is_dated

    def bare_comments(self) -> list[int]:
        """Return the lines of comments that have neither a head nor an end of their own, the last one aside."""
        if not self.usual:
            return []
        ends = [group.last for group in self.groups]
        found = []
        for one, below in pairwise(self.made):
            has_end = bisect_right(ends, one.line - 1) < bisect_right(ends, below.line - 2)
            if not (has_end or one.is_deleted or self._has_head(one.line - 1)):
                found.append(one.line)
        return found

    def _has_head(self, place: int) -> bool:
        """Return whether an avatar, a link or a date stands at `place` or right below it."""
        here, below = self.lines[place], self.lines[min(place + 1, len(self.lines) - 1)]
        is_dated = any(map(str.isdigit, here)) and not below
        return bool(self.kinds[place] & AVATAR or "](http" in here or is_dated or below)


def _kind_of(line: str) -> int:
    """Return what a line may be around comments: the parts of a group that ends one, an avatar, a tombstone."""
    if found := _FOOT(line):
        return sum(kind for kind, part in zip(WORDS, found.groups(), strict=True) if part)
    if _COLLAPSED(line):
        return COLLAPSED
    if _AVATAR(line):
        return AVATAR
    return TOMBSTONE if _TOMBSTONE(line) else 0
