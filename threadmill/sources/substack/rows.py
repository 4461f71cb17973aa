"""A page as rows: its non-blank lines, each with what it is by itself."""

from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

from threadmill.sources.substack.lines import FOOT, Known, Mark


class Rows(NamedTuple):
    """The lines of a page that aren't blank: item `i` of each list tells of row `i`."""

    lines: list[str]
    """All lines, blank ones too, in pieces where a clip glues several together. Texts are cut out here."""
    at: list[int]
    """The place of each row in `lines`."""
    bare: list[str]
    marks: list[Mark | None]
    gaps: list[bool]
    """Whether a blank line, or the top of the page, is above each row."""
    numbers: list[int]
    """The number of each row's line as written, from 1."""
    feet: list[int]
    """Which parts of a foot stand in a whole from the row's foot's first line to this row; 0 for other lines."""
    is_tidy: bool
    """Whether no line has blanks at its end."""
    is_clip: bool = False
    glued: frozenset[int] = frozenset()
    """Rows that stand on the same written line as the row above."""
    folds: Mapping[int, int] = {}
    """Rows of links that were split over lines, and over how many more."""


def read(lines: list[str], tidy: list[str], known: Known) -> Rows:
    """Return the rows of a page with `lines`; `tidy` are the same with plain white space, `known` their marks."""
    at = [place for place, line in enumerate(tidy) if line]
    bare = [line for line in tidy if line]
    found = [*map(known.marks.get, bare)]
    gaps = [True, *(below - above > 1 for above, below in pairwise(at))]
    numbers = [place + 1 for place in at]
    return Rows(lines, at, bare, found, gaps[: len(at)], numbers, feet(found), lines == tidy)


def feet(marks: list[Mark | None]) -> list[int]:
    """Return the parts of a foot up to each row. A part that comes earlier in a foot, or again, opens another."""
    held = [0] * len(marks)
    parts = 0
    for row, one in enumerate(marks):
        if one is None or one.kind != FOOT:
            parts = 0
            continue
        own = one.parts
        parts = parts | own if parts and own & -own > parts else own
        held[row] = parts
    return held
