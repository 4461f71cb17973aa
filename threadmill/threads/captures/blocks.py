"""Two orders of one thread → which comments are top level: those that begin blocks which move as units.

A page lists each comment with all its replies below it, whether the most liked or the newest come first. So a
reply stands below its top-level comment in both orders, and all between them is of one block in both.
"""

from collections.abc import Mapping, Sequence


def find_top_level(
    one: Sequence[str], other: Sequence[str], authors: Mapping[str, str] | None = None
) -> list[str]:
    """Return the comments that both orders together show to be top level, in the order of `one`.

    Comments that aren't among them may be top level too: neighbours that keep their order look like a comment
    and its replies. Equal orders show the first comment alone. Nothing about the order of replies is assumed,
    only that a page which shows a reply shows what it answers.

    `authors` names who wrote each comment, "" if nobody knows. Where each order lacks a comment of an author
    that the other has, they may be one comment not recognised, and nothing is shown.
    """
    lacking = [set(one) - set(other), set(other) - set(one)]
    if authors is not None and all(lacking):
        mine, theirs = ({authors.get(name, "") for name in names} for names in lacking)
        if mine & theirs or "" in mine | theirs:
            return []
    kept = [name for name in one if name not in lacking[0]]
    place = {name: at for at, name in enumerate(n for n in other if n not in lacking[1])}
    at = [place[name] for name in kept]
    found, first = [], 0
    while first < len(kept):
        found.append(kept[first])
        first = _find_block_end(at, first)
    return found


def _find_block_end(at: Sequence[int], first: int) -> int:
    """Return where the longest block ends that begins with the comment `first` in both orders."""
    end, highest = first + 1, at[first]
    for here in range(first + 1, len(at)):
        if at[here] < at[first]:
            break
        highest = max(highest, at[here])
        if highest - at[first] == here - first:
            end = here + 1
    return end
