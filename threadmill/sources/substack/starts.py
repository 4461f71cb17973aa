"""Which rows start a comment, and whose it is.

A comment starts where the one before has ended, by a whole foot or a tombstone. Where nothing ends comments, or
lines of a text look as if one had, a repeated name and a date must show it.
"""

from threadmill.sources.substack import evidence, heads
from threadmill.sources.substack.clip import FORMAT as CLIP
from threadmill.sources.substack.evidence import ENDED, PARTLY, Seen
from threadmill.sources.substack.lines import (
    AVATAR,
    COMPOSER,
    DATE,
    FOOT,
    HEADING,
    META,
    NAME,
    PAGE,
    PUBLICATION,
    TAIL,
    TOMBSTONE,
)
from threadmill.sources.substack.rows import Rows

ENDS_SHARE = 0.25
"""Where so many of the avatar lines that may start a comment stand below another's end, all must."""
DATED_SHARE = 0.75
"""Where nothing ends comments and so many avatar lines have a date below, all must."""
HEAD_MAX_ROWS = 6
Starts = list[tuple[int, str | None]]


def find(rows: Rows, seen: Seen) -> Starts:
    """Return the rows that start a comment, in order, each with the author's name, null if nobody is named."""
    if seen.source_format is None or seen.source_format == evidence.EMPTY_PAGE:
        return []
    if seen.source_format in (evidence.AVATAR_PAGE, CLIP):
        begins = _with_pictures(rows, seen)
        return _Scan(rows, seen, begins, has_pictures=True).starts
    return _Scan(rows, seen, set(), has_pictures=False).starts


class _Scan:
    """One walk down a page. Where a tombstone ends, the next comment may start."""

    def __init__(self, rows: Rows, seen: Seen, begins: set[int], *, has_pictures: bool) -> None:
        self.rows, self.seen, self.begins = rows, seen, begins
        self.ended = [*seen.ended]
        self.has_pictures = has_pictures
        self.is_old = seen.source_format == evidence.OLD_PAGE
        self.has_feet = FOOT in seen.kinds[seen.body :]
        self.bare_firsts = self._usual_firsts()
        self.first = self._first_below_others()
        self.starts: Starts = []
        for row in self._places():
            self._look(row)

    def _places(self) -> range:
        return range(self.seen.body, len(self.seen.kinds))

    def _usual_firsts(self) -> bool:
        """Return whether the first lines of comments have dates, on a page without pictures."""
        kinds, usual = self.seen.kinds, self.seen.usual
        firsts = [
            row
            for row in range(self.seen.body, self.seen.last)
            if self.ended[row] == ENDED and (not kinds[row] or self._is_date(row))
        ]
        dated = sum(
            1 for row in firsts if self._is_date(row) or (not self.is_old and self._date(row) > 0)
        )
        if self.is_old:
            return dated * 2 > len(firsts)
        return usual is not None and dated * 2 >= len(firsts)

    def _first_below_others(self) -> int:
        """Return the row of the first comment's head, whatever stands above it on a page without pictures; else -1.

        Of the heads above the first end of a comment it is the last below a blank line, or the last.
        """
        if self.has_pictures or not self.bare_firsts or not self.has_feet:
            return -1
        kinds, gaps = self.seen.kinds, self.rows.gaps
        heads_ = [
            row
            for row in range(self.seen.body, kinds.index(FOOT, self.seen.body))
            if (self._is_date(row) if self.is_old else not kinds[row] and self._date(row) > 0)
        ]
        return max(heads_, key=lambda row: (gaps[row], row), default=-1)

    def _is_date(self, row: int) -> bool:
        """Return whether a row is a date itself: of known words, or above a blank line."""
        one = self.rows.marks[row]
        if one is not None:
            return one.kind == META and one.rank == DATE
        below = row + 1
        return (
            self.is_old
            and self.seen.usual.has_dates
            and below < len(self.rows.bare)
            and (self.rows.gaps[below] or self.seen.kinds[below] == TOMBSTONE)
            and heads.date_in_place(self.rows.bare[row]) is not None
        )

    def _date(self, row: int, name: str | None = None) -> int:
        return heads.date_below(self.rows, row, self.seen.usual, name)

    def _look(self, row: int) -> None:
        """Note the comment that starts at `row`, if one does."""
        kind = self.seen.kinds[row]
        if kind in (FOOT, PAGE, TAIL, HEADING) or (kind == COMPOSER and row not in self.begins):
            if self.ended[row] == ENDED and kind in (PAGE, HEADING, COMPOSER):
                self.ended[row + 1] = ENDED
            return
        name: str | None = None
        if row in self.begins:
            one = self.rows.marks[row]
            name = "User" if kind == COMPOSER else one.name if one is not None else None
            is_start = True
        elif self.starts and self.starts[-1][0] == row - 1 and self._is_picture(row - 1):
            # The line after an avatar's is never a comment of its own.
            is_start = False
        elif self.ended[row] == ENDED:
            is_start, name = self._begins(row, kind)
        elif row == self.first and not self.starts:
            is_start, name = True, None if self.is_old else self.rows.bare[row]
        elif self.rows.gaps[row] and not kind and self._may_stand_alone():
            is_start, name = (
                evidence.is_named_alone(self.rows, row, self.seen.usual),
                self.rows.bare[row],
            )
        else:
            is_start = False
        if is_start:
            self.starts.append((row, name))
            self._end_tombstone(row, name)

    def _is_picture(self, row: int) -> bool:
        """Return whether a row shows a picture; that of somebody called User looks like the reader's own box."""
        return self.seen.kinds[row] in (AVATAR, COMPOSER)

    def _may_stand_alone(self) -> bool:
        return not self.has_pictures and (not self.has_feet or not self.starts) and not self.is_old

    def _begins(self, row: int, kind: int) -> tuple[bool, str | None]:
        """Return whether a comment without a picture starts at `row`, where one has ended, and its author."""
        rows, kinds = self.rows, self.seen.kinds
        if kind == TOMBSTONE:
            return True, None
        bare = rows.bare[row]
        if kind == META:
            if self.has_pictures:
                return self._is_lost_head(row), None
            return self.is_old and self._is_date(row), None
        if kind:
            return False, None
        below = kinds[row + 1] if row + 1 < len(kinds) else TAIL
        if below == TOMBSTONE and not self.is_old and not rows.gaps[row + 1]:
            return True, bare
        if self.is_old:
            is_after_words = self.starts and self._is_after_bare_tombstone(row)
            return (self._is_date(row) or not self.bare_firsts) and not is_after_words, None
        if self.has_pictures:
            one = self._date(row)
            is_known = one > 0 and rows.marks[one] is not None
            return is_known and evidence.is_name_like(bare), bare
        if not self.has_feet:
            return evidence.is_named_alone(rows, row, self.seen.usual), bare
        if not self.bare_firsts:
            return row < self.seen.last, bare
        return self._date(row) > 0, bare

    def _is_lost_head(self, row: int) -> bool:
        """Return whether a date stands at `row` as if the line with the name above it were lost."""
        below = row + 1
        one = self.rows.marks[row]
        if one is None or one.rank != DATE or below >= len(self.rows.bare):
            return False
        if one.link is not None:
            return True
        return not self.rows.gaps[row] and self.rows.gaps[below] and not self.seen.kinds[below]

    def _is_after_bare_tombstone(self, row: int) -> bool:
        """Return whether `row` is text below a tombstone that says no more."""
        one = self.rows.marks[row - 1]
        return (
            one is not None
            and one.kind == TOMBSTONE
            and one.created is None
            and self.starts[-1][0] == row - 1
        )

    def _end_tombstone(self, row: int, name: str | None) -> None:
        """Note where the tombstone of the comment that starts at `row` ends, if it has one."""
        kinds, rows = self.seen.kinds, self.rows
        count = len(kinds)
        if name is None and not kinds[row]:
            return
        for place in range(row, min(row + HEAD_MAX_ROWS, count)):
            kind = kinds[place]
            if kind == TOMBSTONE:
                end = heads.tombstone_end(rows, row, place, is_old=self.is_old)
                if end > place:
                    self.ended[end] = ENDED
                return
            is_head = kind in (META, NAME, PUBLICATION) or rows.bare[place] == name
            if place > row and not is_head and rows.gaps[place]:
                return


def _with_pictures(rows: Rows, seen: Seen) -> set[int]:
    """Return which avatar lines start a comment, by what is usual on their page.

    Three things tell: a comment has ended above, the name stands again below, and then a date, a
    publication or a tombstone. Where names are repeated, two of them must hold; elsewhere the first must. Where
    nothing ends comments, one must if names are repeated; else a line of its own that reads like a name does.
    """
    avatars = [*seen.avatars]
    users = _users(seen)
    avatars = sorted({*avatars, *users})
    if not avatars:
        return set()
    kinds, count = seen.kinds, len(seen.kinds)
    first = avatars[0]
    names = {row: "User" if row in users else evidence.name_of(rows, row) for row in avatars}
    is_ended = {row: seen.ended[row] == ENDED or row == first for row in avatars}
    again = {
        row: row + 1 < count and (kinds[row + 1] == NAME or rows.bare[row + 1] == names[row])
        for row in avatars
    }
    dated = {row: heads.date_below(rows, row, seen.usual, names[row]) for row in avatars}
    if rows.is_clip:
        for row in avatars:
            if dated[row] < 0 and kinds[row] == NAME:
                is_ended[row] = False
    alone = {row: rows.gaps[row] and not evidence.SENTENCE(rows.bare[row]) for row in avatars}
    later = [
        row for row in avatars[1:] if is_ended[row] or dated[row] > 0 or again[row] or alone[row]
    ]
    has_ends = not later or sum(is_ended[row] for row in later) >= ENDS_SHARE * len(later)
    ended = [row for row in avatars if is_ended[row]]
    repeats = sum(again[row] for row in ended) * 2 >= len(ended)
    always = sum(again.values()) * 2 > len(avatars)
    mostly_dated = sum(row > 0 for row in dated.values()) >= DATED_SHARE * len(avatars)
    chosen = set()
    for row in avatars:
        score = is_ended[row] + again[row] + (dated[row] > 0)
        if rows.is_clip and dated[row] > 0 and evidence.is_dated_link(rows, dated[row]):
            is_start = True
        elif has_ends and repeats and sum(again.values()) > 0:
            is_start = score >= 2
        elif has_ends:
            # Below one button alone, words that aren't known are no date.
            is_sure = dated[row] > 0 and (
                rows.marks[dated[row]] or rows.feet[row - 1].bit_count() > 1
            )
            is_partly = seen.ended[row] == PARTLY and bool(is_sure)
            is_start = is_ended[row] or is_partly
        elif always or mostly_dated:
            is_start = score >= 1
        else:
            is_start = score >= 1 or alone[row]
        if is_start and (kinds[row] != NAME or dated[row] > 0 or score >= 2):
            chosen.add(row)
    return chosen


def _users(seen: Seen) -> set[int]:
    """Return the rows with the avatar of somebody called User.

    The reader's own box, `User's avatar`, stands above all comments; further down, User is somebody's name.
    """
    if not seen.avatars:
        return set()
    first = seen.avatars[0]
    return {
        row
        for row in range(first, len(seen.kinds))
        if seen.kinds[row] == COMPOSER
        and seen.ended[row] == ENDED
        and (row + 1 >= len(seen.kinds) or seen.kinds[row + 1] not in (PAGE, TAIL, AVATAR))
    }
