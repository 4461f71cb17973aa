"""The comments of a thread as they hang below each other, ready to be drawn."""

from typing import Any, NamedTuple

NESTED_LEVELS = 8
"""Deeper comments stand below each other without further indent: a phone is narrow, a browser's nesting limited."""
LIKELY, UNSURE = 0.8, 0.5
"""From which probability on an inferred edge counts as likely; below the second it is weak."""
LEAST_SHOWN = 0.05
"""Probability from which on another candidate is worth a word."""


class Comment(NamedTuple):
    """A comment and the replies below it."""

    row: dict[str, Any]
    """As `sql/report/tree.sql` gives it."""
    edge: str
    """`top_level`, `reply`, `missing`, `unknown`, or `cut` where the parent isn't among those shown."""
    is_inferred: bool
    probability: float | None
    """That the edge is right; None where the source gives it."""
    parent_name: str | None
    parent_position: int | None
    others: list[tuple[str, float]]
    """What else it may be, with the probability."""
    replies: list["Comment"]

    @property
    def level(self) -> str:
        """How sure the edge is, as a word for the style: `given`, `likely`, `unsure` or `weak`."""
        return "given" if self.probability is None else certainty(self.probability)

    @property
    def below_count(self) -> int:
        """Replies below it, direct and further, of those shown."""
        count, waiting = 0, list(self.replies)
        while waiting:
            one = waiting.pop()
            count += 1
            waiting += one.replies
        return count


def certainty(probability: float) -> str:
    """Return `likely`, `unsure` or `weak`."""
    if probability >= LIKELY:
        return "likely"
    return "unsure" if probability >= UNSURE else "weak"


def grow(rows: list[dict[str, Any]], candidates: list[dict[str, Any]]) -> list[Comment]:
    """Return the top of the tree, replies below, all in the order of display.

    Comments whose parent isn't known or isn't among `rows` stand at the top too, as do loops. Below
    `NESTED_LEVELS` a comment is drawn beside its parent, not below it, and still names it.
    """
    by_id = {row["comment_id"]: row for row in rows}
    offered: dict[str, list[dict[str, Any]]] = {}
    for candidate in candidates:
        offered.setdefault(candidate["comment_id"], []).append(candidate)
    made = {row["comment_id"]: _comment(row, by_id, offered) for row in rows}
    tops: list[Comment] = []
    places: dict[str, tuple[list[Comment], int]] = {}
    for comment_id in _downwards(rows, by_id):
        comment = made[comment_id]
        parent_id = comment.row["parent_comment_id"]
        if comment.edge == "reply" and parent_id in places:
            siblings, level = places[parent_id]
            level = min(level + 1, NESTED_LEVELS)
            if level > places[parent_id][1]:
                siblings = made[parent_id].replies
        else:
            siblings, level = tops, 0
        siblings.append(comment)
        places[comment_id] = (siblings, level)
    return tops


def _downwards(rows: list[dict[str, Any]], by_id: dict[str, dict[str, Any]]) -> list[str]:
    """Return the ids, each after its parent's, otherwise in the order of display; loops last."""
    below: dict[str, list[str]] = {}
    tops: list[str] = []
    for row in rows:
        parent_id = row["parent_comment_id"]
        is_reply = row["parent_status"] in ("explicit", "inferred") and parent_id in by_id
        (below.setdefault(parent_id, []) if is_reply else tops).append(row["comment_id"])
    order: list[str] = []
    waiting = tops[::-1]
    while waiting:
        order.append(waiting.pop())
        waiting += below.get(order[-1], [])[::-1]
    seen = set(order)
    return order + [row["comment_id"] for row in rows if row["comment_id"] not in seen]


def _comment(
    row: dict[str, Any],
    by_id: dict[str, dict[str, Any]],
    offered: dict[str, list[dict[str, Any]]],
) -> Comment:
    status, parent = row["parent_status"], by_id.get(row["parent_comment_id"] or "")
    candidates = offered.get(row["comment_id"], [])
    is_reply = status in ("explicit", "inferred")
    edge = ("reply" if parent else "cut") if is_reply else status
    is_inferred = status == "inferred" or (status == "top_level" and bool(candidates))
    probability = row["confidence"] if is_reply else 1 - (row["reply_probability"] or 0)
    chosen = row["parent_comment_id"] if is_reply else None
    others = [
        (_named(candidate, by_id), candidate["probability"])
        for candidate in candidates
        if candidate["probability"] >= LEAST_SHOWN
        and (candidate["kind"] == "comment" or is_reply)
        and candidate["parent_comment_id"] != (chosen or "")
        and candidate["kind"] != "other"
    ]
    return Comment(
        row,
        edge,
        is_inferred,
        probability if is_inferred else None,
        parent["author_name"] if parent else None,
        parent["position"] if parent else None,
        others,
        [],
    )


def _named(candidate: dict[str, Any], by_id: dict[str, dict[str, Any]]) -> str:
    if candidate["kind"] != "comment":
        return "the post"
    name = candidate["author_name"] or "a comment without a name"
    row = by_id.get(candidate["parent_comment_id"])
    return f"{name} ({row['position'] + 1})" if row else str(name)
