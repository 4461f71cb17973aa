"""How a Substack page was copied: evidence weighed over the whole page."""

import re
from collections import Counter
from typing import NamedTuple

from threadmill.sources.substack import heads
from threadmill.sources.substack.clip import FORMAT as CLIP
from threadmill.sources.substack.clip import MEANING as CLIP_MEANING
from threadmill.sources.substack.heads import Usual
from threadmill.sources.substack.lines import (
    AVATAR,
    BUTTONS,
    COMPOSER,
    DATE,
    FOOT,
    HEADING,
    LIKED,
    META,
    NAME,
    PAGE,
    REPLIED,
    SHARED,
    TAIL,
    TERMINATED,
    TOMBSTONE,
)
from threadmill.sources.substack.rows import Rows

AVATAR_PAGE = "substack_avatar_page"
POST_PAGE = "substack_post_page"
BARE_PAGE = "substack_bare_page"
OLD_PAGE = "substack_old_page"
EMPTY_PAGE = "substack_empty_page"
MEANINGS = {
    AVATAR_PAGE: "a copied page: NAME's avatar before each comment, no buttons",
    POST_PAGE: "a post's page: NAME's avatar before each comment, buttons or collapsed replies after it",
    BARE_PAGE: "a page without pictures: a bare line with the name, then the date, before each comment",
    OLD_PAGE: "an old page without names: date lines and Expand full comment or buttons",
    CLIP: CLIP_MEANING,
    EMPTY_PAGE: "a page that shows its comments' heading or that they are closed, and no comment",
}

ENDED, PARTLY = 2, 1
"""How much a comment has ended above a row: by a whole foot, or by a part of one."""
WEIGHTS = {AVATAR: 3, NAME: 3, META: 2, PAGE: 2, TAIL: 2, TOMBSTONE: 2}
"""How much a foot above a line of this kind counts; others count 1."""
QUOTED_SHARE = 0.25
"""Most feet of a kind, by avatar lines, where all have text below, that are taken for words."""
NAME_MAX_CHARS = 80
TOMBSTONE_HEAD_MAX_ROWS = 4
"""Above a tombstone stand at most a picture, the name and a date."""
NAMED_SHARE = 0.9
"""Where names have no dates, so many of the lines below feet must read like names."""
TEXT_PER_NAME_MAX = 40
"""Names and dates alone are trusted if there is one for so many lines."""
ALL_PLACED_MIN = 3
"""Where so many comments all have a short line between name and blank line, it is their date."""
SENTENCE = re.compile(r"[!?;:…“”]|[a-z]{2}\. |[a-z]{3}\.$|,$|(?:\S+\s+){7}").search


class Seen(NamedTuple):
    """What was counted on a page."""

    kinds: list[int]
    """The kind of each row, 0 for text."""
    body: int
    """The first row below the comments' heading."""
    last: int
    """The row below the last line that ends or heads a comment."""
    ended: list[int]
    """How much a comment has ended above each row, by feet and the page's own lines."""
    usual: Usual
    avatars: list[int]
    """Rows with somebody's picture, or in a clip with somebody's linked name and no picture."""
    source_format: str | None
    """Null if nothing tells where comments begin or end."""
    why: str
    """The evidence in words."""


def weigh(rows: Rows) -> Seen:
    """Return what speaks for which variant, and what is usual on the page."""
    kinds = [one.kind if one is not None else 0 for one in rows.marks]
    body = kinds.index(HEADING) + 1 if HEADING in kinds else 0
    needed = _needed(rows, kinds, body)
    ended, last = _ended(rows, kinds, body, needed)
    avatars = _avatars(rows, kinds, body)
    is_loose = rows.is_clip or _is_loose(rows, kinds, avatars)
    usual = Usual(needed, is_loose, has_dates=False, is_tight=not is_loose and _is_tight(rows))
    firsts = [
        row
        for row in range(body, last)
        if ended[row] == ENDED
        and (not kinds[row] or (kinds[row] == META and rows.marks[row].rank == DATE))  # type: ignore[union-attr]
    ]
    usual = usual._replace(has_dates=_has_dates(rows, kinds, avatars or firsts, usual))
    feet = sum(1 for row in range(body, last) if kinds[row] == FOOT)
    dated = [row for row in firsts if not kinds[row] and heads.date_below(rows, row, usual) > 0]
    dates = sum(1 for row in firsts if kinds[row] or _begins_with_date(rows, row, usual))
    counts = _Counts(
        avatars=len(avatars),
        first_avatars=sum(1 for row in avatars if ended[row] == ENDED),
        feet=feet,
        firsts=len(firsts),
        dated=len(dated),
        dates=dates,
    )
    why = (
        f"{counts.avatars} avatar lines; {feet} lines that end a comment (Expand full comment, buttons, collapsed "
        f"replies); {len(dated)} of {len(firsts)} first lines with a name and a date, {dates} with a date alone"
    )
    variant = _variant(rows, kinds, body, firsts, counts, usual)
    if variant == OLD_PAGE and TOMBSTONE in kinds:
        ended, last = _ended(rows, kinds, body, needed, has_names=False)
    return Seen(kinds, body, last, ended, usual, avatars, variant, why)


class _Counts(NamedTuple):
    avatars: int
    first_avatars: int
    feet: int
    firsts: int
    dated: int
    dates: int


def _needed(rows: Rows, kinds: list[int], body: int) -> int:
    """Return the parts that a whole foot has: those of the most usual foot.

    More counts what stands above a comment's first line, less what has text below, as words do. A foot
    lacks its Like where nobody may like, and short comments lack what expands long ones. What stands in few
    comments and always above text is no foot but their words.
    """
    weights: Counter[int] = Counter()
    ends: Counter[int] = Counter()
    feet, count = rows.feet, len(kinds)
    for row in range(body, count):
        parts = feet[row]
        below = row + 1
        if not parts or (below < count and feet[below] > parts and feet[below] & parts == parts):
            continue
        parts &= BUTTONS | TERMINATED
        closing = parts & BUTTONS or parts
        if closing:
            weight = WEIGHTS.get(kinds[below], 1) if below < count else 3
            weights[closing] += weight * parts.bit_count()
            ends[closing] += 1 if weight == 1 else count
    if not weights:
        return 0
    usual = min(weights, key=lambda parts: (-weights[parts], parts))
    if ends[usual] <= QUOTED_SHARE * kinds[body:].count(AVATAR):
        return 0
    return usual & ~LIKED if usual & (REPLIED | SHARED) else usual


def _ended(
    rows: Rows, kinds: list[int], body: int, needed: int, *, has_names: bool = True
) -> tuple[list[int], int]:
    """Return how much a comment has ended above each row, and the row below the last mark of a comment.

    Above a tombstone may stand a bare name, unless the page has none (`has_names`).
    """
    count, feet = len(kinds), rows.feet
    ended = [0] * (count + 1)
    ended[body] = ENDED
    last, is_top = body, True
    for row in range(body, count):
        kind = kinds[row]
        if kind == FOOT:
            parts = feet[row]
            is_whole = needed and parts & needed == needed
            ended[row + 1] = ENDED if is_whole else PARTLY
            is_top, last = False, row + 1
        elif kind in (PAGE, COMPOSER, HEADING, TAIL):
            if is_top or ended[row] == ENDED:
                ended[row + 1] = ENDED
        elif kind in (AVATAR, NAME, META):
            is_top = False
            if kind != META:
                last = row + 1
        elif kind == TOMBSTONE and (start := _start_above(kinds, row, ended)) >= 0:
            is_name = start < row and not kinds[start]
            if is_name and not _names_tombstone(rows, start, has_names=has_names):
                continue
            if (end := heads.tombstone_end(rows, start, row)) > row:
                is_top = False
                ended[end] = ENDED
    return ended, last


def _names_tombstone(rows: Rows, row: int, *, has_names: bool) -> bool:
    """Return whether `row` may say whose, or when, the tombstone below it was: a text quotes one elsewhere."""
    if rows.gaps[row + 1] and not rows.is_clip:
        return False
    bare = rows.bare[row]
    return (has_names and is_name_like(bare)) or heads.date_in_place(bare) is not None


def _start_above(kinds: list[int], row: int, ended: list[int]) -> int:
    """Return the row of the picture, name or date above a tombstone, below where a comment has ended; else -1."""
    for place in range(row, max(row - TOMBSTONE_HEAD_MAX_ROWS, -1), -1):
        if ended[place] == ENDED or kinds[place] == AVATAR:
            return place
        is_name = kinds[place] == NAME or (not kinds[place] and kinds[place - 1] == AVATAR)
        if place < row and kinds[place] != META and not is_name:
            return -1
    return -1


def _avatars(rows: Rows, kinds: list[int], body: int) -> list[int]:
    """Return the rows that show somebody's picture; in a clip a name stands for one that is gone."""
    found = [row for row in range(body, len(kinds)) if kinds[row] == AVATAR]
    if not rows.is_clip:
        return found
    lone = [
        row
        for row in range(body, len(kinds))
        if kinds[row] == NAME and (row == body or kinds[row - 1] != AVATAR)
    ]
    return sorted(found + lone)


def _is_loose(rows: Rows, kinds: list[int], avatars: list[int]) -> bool:
    """Return whether names and dates have blank lines between them wherever they stand."""
    apart = 0
    for row in range(1, len(kinds)):
        one = rows.marks[row]
        if one is None or one.kind != META or one.rank != DATE:
            continue
        if not rows.gaps[row]:
            return False
        if kinds[row - 1] == AVATAR or (not kinds[row - 1] and rows.gaps[row - 1]):
            apart += 1
    return apart * 2 > max(len(avatars), 1)


def _is_tight(rows: Rows) -> bool:
    """Return whether texts stand right below dates, of which there is one at least."""
    below = [
        rows.gaps[row + 1]
        for row, one in enumerate(rows.marks[:-1])
        if one is not None and one.kind == META and one.rank == DATE and rows.marks[row + 1] is None
    ]
    return bool(below) and not any(below)


def _has_dates(rows: Rows, kinds: list[int], begins: list[int], usual: Usual) -> bool:
    """Return whether most comments have a date, known or such by its position.

    Where a blank line stands below most names, a line in its place can only be a date.
    """
    if usual.is_loose or not begins:
        return False
    trial = usual._replace(has_dates=True)
    found = placed = apart = 0
    for row in begins:
        below = heads.date_below(rows, row, trial, name_of(rows, row))
        if kinds[row] == META or (not kinds[row] and _begins_with_date(rows, row, trial)):
            found += 1
        elif below > 0:
            placed += 1
            # Words without a number are no evidence.
            one = rows.marks[below]
            found += one is not None or heads.date_in_place(rows.bare[below]) is not None
        elif kinds[row] == AVATAR and row + 1 < len(kinds) and rows.gaps[row + 1]:
            apart += 1
    if found * 2 >= len(begins):
        return True
    is_placed = kinds[begins[0]] == AVATAR and placed + apart == len(begins)
    return is_placed and (apart * 2 >= placed or placed >= ALL_PLACED_MIN)


def name_of(rows: Rows, row: int) -> str | None:
    """Return whose picture or name a row shows."""
    one = rows.marks[row]
    return rows.bare[row] if one is None else one.name


def _begins_with_date(rows: Rows, row: int, usual: Usual) -> bool:
    """Return whether a row of no known words is a date above a text, where nobody is named."""
    below = row + 1
    if not usual.has_dates or below >= len(rows.bare) or not rows.gaps[below]:
        return False
    return heads.date_in_place(rows.bare[row]) is not None


def is_name_like(line: str) -> bool:
    """Return whether `line` reads like a name rather than a sentence."""
    return len(line) <= NAME_MAX_CHARS and not SENTENCE(line)


def _variant(
    rows: Rows,
    kinds: list[int],
    body: int,
    firsts: list[int],
    counts: _Counts,
    usual: Usual,
) -> str | None:
    """Return the variant that the evidence speaks for, null for none."""
    # Bodies may hold avatar lines too, but comments don't begin with them.
    heads_most = counts.first_avatars > 0.5 * counts.firsts
    if counts.avatars and (heads_most or not counts.feet or rows.is_clip):
        return CLIP if rows.is_clip else AVATAR_PAGE
    if rows.is_clip and any(is_dated_link(rows, row) for row in range(body, len(kinds))):
        return CLIP
    texts = sum(1 for row in range(body, len(kinds)) if not kinds[row])
    if counts.feet:
        if counts.dated and counts.dated >= 0.5 * counts.firsts:
            return BARE_PAGE
        if counts.dates:
            return OLD_PAGE
        named = [
            row
            for row in firsts
            if not kinds[row]
            and (row + 1 >= len(kinds) or kinds[row + 1] != FOOT)
            and is_name_like(rows.bare[row])
        ]
        if named and len(named) >= NAMED_SHARE * len(firsts):
            return BARE_PAGE
        return OLD_PAGE if texts or TOMBSTONE in kinds[body:] else _empty(kinds)
    named_alone = sum(1 for row in range(body, len(kinds)) if is_named_alone(rows, row, usual))
    if named_alone and named_alone * TEXT_PER_NAME_MAX >= texts:
        return BARE_PAGE
    if texts:
        return None
    return OLD_PAGE if TOMBSTONE in kinds[body:] else _empty(kinds)


def _empty(kinds: list[int]) -> str | None:
    return EMPTY_PAGE if kinds else None


def is_dated_link(rows: Rows, row: int) -> bool:
    """Return whether a row links to a comment by its date."""
    one = rows.marks[row]
    return one is not None and one.kind == META and one.link is not None


def is_named_alone(rows: Rows, row: int, usual: Usual) -> bool:
    """Return whether a name and a date stand at `row` below a blank line, where nothing ends comments."""
    if rows.marks[row] is not None or not rows.gaps[row] or not is_name_like(rows.bare[row]):
        return False
    known = heads.date_below(rows, row, usual._replace(has_dates=False))
    return known > 0
