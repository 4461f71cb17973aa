"""Threads with known trees, read from NDJSON and put into pre-order."""

import gzip
import itertools
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

Ints = NDArray[np.int64]

TWO_LEVELS = 0.02
LONGEST = 400
"""Longer threads are read in pieces that begin at top-level comments."""

SCHEMA: dict[str, Any] = {
    "thread_id": pl.String, "comment_id": pl.String, "platform": pl.String, "position": pl.Int64,
    "author_id": pl.String, "author_name": pl.String, "is_host": pl.Boolean,
    "hidden_reply_count": pl.Int64, "created_at": pl.Datetime("us"), "text": pl.String,
}  # fmt: skip


class Source(NamedTuple):
    """One file of threads with known trees."""

    name: str
    comments: pl.DataFrame
    """As `flows.replies.infer` takes them, the host as the file has it."""
    parent: Ints
    """Per row, the row of its parent; -1 at top level."""
    has_two_levels: bool
    """Replies to replies hang on the top-level comment, so only the block is known."""


def read(path: Path, longest: int = LONGEST) -> Source:
    """Return the threads of one `.ndjson` or `.ndjson.gz` file, in pre-order, of at least two comments.

    A comment whose parent isn't in the file counts as top level. A thread of more than `longest`
    comments becomes pieces that begin at top-level comments; a piece still longer is left out.
    """
    threads: dict[str, list[dict[str, object]]] = {}
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                row = json.loads(line)
                threads.setdefault(str(row["thread_id"]), []).append(row)
    name = path.name.removesuffix(".gz").removesuffix(".ndjson")
    rows: list[tuple[object, ...]] = []
    parents: list[int] = []
    for thread_id, found in threads.items():
        ordered, tree = pre_order(found)
        for piece, (first, end) in enumerate(_pieces(tree, longest)):
            label = f"{thread_id}#{piece}" if piece or end < len(tree) else thread_id
            base = len(rows)
            for k in range(first, end):
                rows.append(_row(name, f"{name}/{label}", k - first, ordered[k]))
                parents.append(-1 if tree[k] < first else base + tree[k] - first)
    comments = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    parent = np.array(parents, dtype=np.int64)
    return Source(name, comments, parent, _has_two_levels(parent))


def _row(
    platform: str, thread_id: str, position: int, row: dict[str, object]
) -> tuple[object, ...]:
    host = row.get("is_post_author")
    author = row.get("author")
    return (
        thread_id, f"{thread_id}/{row['comment_id']}", platform, position, None,
        None if author is None else str(author), None if host is None else bool(host), None, None,
        str(row.get("text") or ""),
    )  # fmt: skip


def pre_order(rows: list[dict[str, object]]) -> tuple[list[dict[str, object]], list[int]]:
    """Return the rows of one thread in pre-order, siblings as they come, and each one's parent or -1."""
    known = {row["comment_id"] for row in rows}
    children: dict[object, list[dict[str, object]]] = {}
    tops = []
    for row in rows:
        if row["parent_id"] in known and row["parent_id"] != row["comment_id"]:
            children.setdefault(row["parent_id"], []).append(row)
        else:
            tops.append(row)
    ordered: list[dict[str, object]] = []
    parents: list[int] = []
    todo = [(row, -1) for row in reversed(tops)]
    while todo:
        row, parent = todo.pop()
        place = len(ordered)
        ordered.append(row)
        parents.append(parent)
        todo += [(child, place) for child in reversed(children.pop(row["comment_id"], []))]
    return ordered, parents


def _pieces(tree: list[int], longest: int) -> Iterable[tuple[int, int]]:
    size = len(tree)
    if size <= longest:
        if size > 1:
            yield 0, size
        return
    tops = [k for k in range(size) if tree[k] < 0] + [size]
    first = 0
    for block, end in itertools.pairwise(tops):
        if end - first > longest and block > first:
            if 1 < block - first <= longest:
                yield first, block
            first = block
    if 1 < size - first <= longest:
        yield first, size


def _has_two_levels(parent: Ints) -> bool:
    """Return whether no reply answers a reply, although there are enough to see one."""
    replies = parent[parent >= 0]
    return len(replies) >= 20 and bool((parent[replies] >= 0).mean() < TWO_LEVELS)
