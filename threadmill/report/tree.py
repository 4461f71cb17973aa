"""Nest the comments of a thread for display."""

from typing import Any, NamedTuple

NESTED_LEVELS = 8
"""Don't indent deeper comments further: phones are narrow, and browsers limit nesting."""
LIKELY, UNSURE = 0.8, 0.5
"""An inferred link with at least the first probability is likely; below the second it is weak."""
LEAST_SHOWN = 0.05
"""Show other candidates with at least this probability."""


class Comment(NamedTuple):
    """A comment and the replies below it."""

    row: dict[str, Any]
    """The row of `sql/report/tree.sql`."""
    edge: str
    """`top_level`, `reply`, `missing`, `unknown`, or `cut` where the parent isn't among those shown."""
    is_inferred: bool
    probability: float | None
    """The probability that the edge is right; None if the source gives it."""
    parent_name: str | None
    parent_position: int | None
    others: list[tuple[str, float, str]]
    """Other candidates by name, with their probability and the line that corrects the reply to them."""
    replies: list["Comment"]

    @property
    def level(self) -> str:
        """How sure the edge is, as a CSS class: `given`, `likely`, `unsure` or `weak`."""
        return "given" if self.probability is None else grade_certainty(self.probability)

    @property
    def below_count(self) -> int:
        """The number of shown replies below it, direct and indirect."""
        count, waiting = 0, list(self.replies)
        while waiting:
            one = waiting.pop()
            count += 1
            waiting += one.replies
        return count


def grade_certainty(probability: float) -> str:
    """Return `likely`, `unsure` or `weak` for the probability of an edge."""
    if probability >= LIKELY:
        return "likely"
    return "unsure" if probability >= UNSURE else "weak"


def build_tree(rows: list[dict[str, Any]], candidates: list[dict[str, Any]]) -> list[Comment]:
    """Return the comments at the top of the tree, with their replies, all in display order.

    Comments whose parent is unknown or isn't among `rows`, and loops, are at the top too. Below
    `NESTED_LEVELS` a comment is nested beside its parent, not below it, but still names it.
    """
    by_id = {row["comment_id"]: row for row in rows}
    offered: dict[str, list[dict[str, Any]]] = {}
    for candidate in candidates:
        offered.setdefault(candidate["comment_id"], []).append(candidate)
    made = {row["comment_id"]: _make_comment(row, by_id, offered) for row in rows}
    tops: list[Comment] = []
    places: dict[str, tuple[list[Comment], int]] = {}
    for comment_id in _order_downwards(rows, by_id):
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


def _order_downwards(rows: list[dict[str, Any]], by_id: dict[str, dict[str, Any]]) -> list[str]:
    """Return the ids in display order, but each after its parent's; loops are last."""
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


def _make_comment(
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
        (
            _name_candidate(candidate, by_id),
            candidate["probability"],
            f"{row['comment_id']},{candidate['parent_comment_id'] or ''}",
        )
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


def _name_candidate(candidate: dict[str, Any], by_id: dict[str, dict[str, Any]]) -> str:
    if candidate["kind"] != "comment":
        return "the post"
    name = candidate["author_name"] or "a comment without a name"
    row = by_id.get(candidate["parent_comment_id"])
    return f"{name} ({row['position']})" if row else str(name)
