"""Who answers whom by the two-line rule, and the tree that follows."""

import networkx as nx

from reference.hosts import Row

EVIDENCE = "by the rule"


def answer(comments: list[Row]) -> None:
    """Say whom each comment of a thread answers: who spoke two before and comes again answers the one between."""
    for place, comment in enumerate(comments):
        one_before, two_before = comments[place - 1], comments[place - 2]
        answers = (
            place > 1
            and two_before["author_id"] == comment["author_id"]
            and one_before["author_id"] != comment["author_id"]
        )
        comment |= {
            "parent_status": "inferred" if answers else "top_level",
            "parent_comment_id": one_before["comment_id"] if answers else None,
            "parent_evidence": EVIDENCE,
        }


def grow(comments: list[Row]) -> None:
    """Give each comment of a thread its depth, its root, and how much hangs below it."""
    tree = nx.DiGraph()
    tree.add_nodes_from(comment["comment_id"] for comment in comments)
    tree.add_edges_from(
        (comment["parent_comment_id"], comment["comment_id"])
        for comment in comments
        if comment["parent_comment_id"]
    )
    depths: dict[str, int] = {}
    roots: dict[str, str] = {}
    order = list(nx.topological_sort(tree))
    for name in order:
        above = next(tree.predecessors(name), None)
        depths[name] = 0 if above is None else depths[above] + 1
        roots[name] = name if above is None else roots[above]
    counts, heights = dict.fromkeys(order, 0), dict.fromkeys(order, 0)
    for name in reversed(order):
        for below in tree.successors(name):
            counts[name] += counts[below] + 1
            heights[name] = max(heights[name], heights[below] + 1)
    for comment in comments:
        name = comment["comment_id"]
        comment |= {
            "root_comment_id": roots[name],
            "depth": depths[name],
            "descendant_count": counts[name],
            "subtree_depth": heights[name],
        }


def links(comments: list[Row]) -> tuple[list[Row], list[Row]]:
    """Return the rows of `replies` and of `reply_candidates` for the comments of a thread."""
    known = {comment["comment_id"]: comment for comment in comments}
    replies, candidates = [], []
    for comment in comments:
        place = {name: comment[name] for name in ("comment_id", "thread_id", "parent_comment_id")}
        parent = known.get(comment["parent_comment_id"])
        kind = "comment" if parent else "top_level"
        candidates.append(
            place | {"rank": 1, "kind": kind, "probability": 1.0, "is_inferred": True}
        )
        if parent:
            is_timed = comment["created_at"] and parent["created_at"]
            wait = comment["created_at"] - parent["created_at"] if is_timed else None
            replies.append(
                place
                | {
                    "author_id": comment["author_id"],
                    "parent_author_id": parent["author_id"],
                    "depth": comment["depth"],
                    "response_s": int(wait.total_seconds()) if wait is not None else None,
                    "is_inferred": True,
                    "confidence": 1.0,
                    "evidence": EVIDENCE,
                }
            )
    return replies, candidates
