"""Counts must add up: what a counter that shares no code with the parser finds against what was made of a document.

A counter looks at marks alone: a key that each record has, a tag, a line. It knows nothing of trees, times or
people, so it fails in other ways than the parser does. Where the two differ, comments were lost or invented
in silence, and that is a reject with the lines to look at.
"""

import re
from collections.abc import Callable, Collection
from typing import NamedTuple

from threadmill.read.rejects import Reject
from threadmill.wording import counted

DIFFERS = "count_differs"
SHOWN_LINES = 10


class Count(NamedTuple):
    """What a counter found in a document."""

    number: int
    what: str
    """What was counted, in the plural: `avatar lines`."""
    lines: tuple[int, ...] = ()
    """The line of each, from 1, where it has one."""


Counter = Callable[[str], Count | None]
"""Counts the marks of a text; None where it has none that can be counted."""


def compare(
    count: Count | None, made: int, lines: Collection[int] = (), left_out: int = 0, refused: int = 0
) -> Reject | None:
    """Return a reject if `count` isn't what became of the document, else None.

    Args:
        count: what the counter found.
        made: the comments that the parser made.
        lines: the lines at which comments were made, to find out which marks became none, or which have none.
        left_out: records that aren't kept, for a documented reason: spam, pings, the article.
        refused: records that are rejects already; a counter may or may not see such a one.
    """
    if count is None or made + left_out <= count.number <= made + left_out + refused:
        return None
    made_at, marked = set(lines), set(count.lines)
    lost = [line for line in count.lines if line not in made_at]
    if not lost and marked:
        lost = sorted(made_at - marked)
    shown = ", ".join(map(str, lost[:SHOWN_LINES])) + (", …" if lost[SHOWN_LINES:] else "")
    place = f"; look at {'lines' if lost[1:] else 'line'} {shown}" if lost else ""
    others = f" and {left_out:,} left out" if left_out else ""
    others += f" and {refused:,} rejected" if refused else ""
    reason = f"{count.number:,} {count.what}, but {counted(made, 'comment')} made{others}{place}"
    return Reject(DIFFERS, reason, lost[0] if lost else None)


def count_key(what: str, *patterns: str) -> Counter:
    """Return a counter of the places in JSON that a regex matches, of several the one that matches most.

    None is no count.
    """
    compiled = [re.compile(pattern) for pattern in patterns]

    def count(text: str) -> Count | None:
        number = max(sum(1 for _ in one.finditer(text)) for one in compiled)
        return Count(number, what) if number else None

    return count


def count_tag(what: str, tag: str) -> Counter:
    """Return a counter of the elements `tag` of XML, not of what CDATA or comments hold; none is no count."""
    compiled = re.compile(rf"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<({tag})[\s>]", re.DOTALL)

    def count(text: str) -> Count | None:
        number = sum(1 for found in compiled.finditer(text) if found[1])
        return Count(number, what) if number else None

    return count
