"""Read threads with known trees from NDJSON, and sort them in pre-order."""

import gzip
import hashlib
import itertools
import json
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

Ints = NDArray[np.int64]

TWO_LEVELS = 0.02
MOST_LIKES = 1 << 62
"""Ignore counts above this: they aren't likes."""
Order = Literal["file", "top", "mixed"]
LONGEST = 400
"""Threads with more comments than this are read in pieces that begin at top-level comments."""

NEEDED = ("thread_id", "comment_id", "parent_id")
"""What a line must have; `author`, `text`, `is_post_author`, `score` (or `like_count`) and `created_at` may be missing.
`author_handle` is for `two_levels.measure` alone."""

SCHEMA: dict[str, Any] = {
    "thread_id": pl.String, "comment_id": pl.String, "platform": pl.String, "position": pl.Int64,
    "author_id": pl.String, "author_name": pl.String, "is_host": pl.Boolean,
    "hidden_reply_count": pl.Int64, "created_at": pl.Datetime("us"), "text": pl.String,
}  # fmt: skip
SHOWN: dict[str, Any] = {"like_count": pl.Int64, "created_on": pl.String}
"""Further columns that pages may show: the likes of a comment, and its day."""


class Source(NamedTuple):
    """One file of threads with known trees."""

    name: str
    comments: pl.DataFrame
    """In the form that `threadmill.replies.infer` takes, with the host that the file gives."""
    parent: Ints
    """Per row, the row of its parent; -1 at top level."""
    has_two_levels: bool
    """Whether replies to replies are attached to the top-level comment, so that only the block is known."""


def read(path: Path, longest: int = LONGEST, order: Order = "file") -> Source:
    """Return the threads of one `.ndjson` or `.ndjson.gz` file in pre-order; threads of one comment are left out.

    With `order` "top", top-level comments are sorted by likes, equal ones randomly by a hash of their ids; with "mixed"
    that is so in a random half of the threads, chosen by a hash of their ids.

    A comment whose parent isn't in the file counts as top level. A thread of more than `longest`
    comments is cut into pieces that begin at top-level comments; pieces that are still longer are left out.

    Raises:
        ValueError: the file can't be read, or a line in it isn't a comment; the message says which and why.
    """
    name = path.name.removesuffix(".gz").removesuffix(".ndjson")
    rows: list[tuple[object, ...]] = []
    parents: list[int] = []
    for thread_id, found in read_threads(path).items():
        is_by_likes = order == "top" or (order == "mixed" and _draw(thread_id)[0] % 2 == 0)
        ordered, tree = sort_in_preorder(_sort_by_likes(found) if is_by_likes else found)
        for piece, (first, end) in enumerate(_cut_pieces(tree, longest)):
            label = f"{thread_id}#{piece}" if piece or end < len(tree) else thread_id
            base = len(rows)
            for k in range(first, end):
                rows.append(_make_row(name, f"{name}/{label}", k - first, ordered[k]))
                parents.append(-1 if tree[k] < first else base + tree[k] - first)
    comments = pl.DataFrame(rows, schema=SCHEMA | SHOWN, orient="row").with_columns(
        pl.col("created_on").str.to_date("%Y-%m-%d", strict=False)
    )
    parent = np.array(parents, dtype=np.int64)
    return Source(name, comments, parent, has_two_levels(parent))


def read_threads(path: Path) -> dict[str, list[dict[str, object]]]:
    """Return the rows of each thread, in the order of the file."""
    found: dict[str, list[dict[str, object]]] = {}
    own: dict[str, int] = {}
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                row = _parse_comment(line, f"{path}, line {number}")
                thread = str(row["thread_id"])
                place = own.setdefault(json.dumps([thread, row["comment_id"]]), number)
                if place != number:
                    raise ValueError(
                        f"{path}, line {number}: comment_id {row['comment_id']!r} is on line {place} too; "
                        "a thread has each once"
                    )
                found.setdefault(thread, []).append(row)
    except UnicodeDecodeError:
        raise ValueError(f"{path}: not UTF-8; threads with known trees are NDJSON in it") from None
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ValueError(
            f"{path}: can't be read: {reason}; it takes .ndjson or .ndjson.gz"
        ) from None
    return found


def _parse_comment(line: str, place: str) -> dict[str, object]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"{place}: not JSON ({error.msg}); a line is one comment") from None
    if not isinstance(row, dict):
        raise ValueError(f"{place}: {type(row).__name__}; a line is one comment, as an object")
    for key in NEEDED:
        if key not in row:
            raise ValueError(f"{place}: no {key}; a comment has {', '.join(NEEDED)}")
    for key in ("thread_id", "comment_id", "parent_id"):
        given = row[key]
        if isinstance(given, (dict, list)) or (given is None and key != "parent_id"):
            raise ValueError(f"{place}: {key} is {given!r}; it must be text or a number")
    return row


def _make_row(
    platform: str, thread_id: str, position: int, row: dict[str, object]
) -> tuple[object, ...]:
    host = row.get("is_post_author")
    author = row.get("author")
    return (
        thread_id, f"{thread_id}/{row['comment_id']}", platform, position, None,
        None if author is None else str(author), None if host is None else bool(host), None, None,
        str(row.get("text") or ""), _take_likes(row),
        str(row.get("created_at") or "")[:10],
    )  # fmt: skip


def _take_likes(row: dict[str, object]) -> int | None:
    count = row.get("like_count", row.get("score"))
    return count if isinstance(count, int) and abs(count) < MOST_LIKES else None


def sort_in_preorder(rows: list[dict[str, object]]) -> tuple[list[dict[str, object]], list[int]]:
    """Return the rows of one thread in pre-order, siblings in the order given, and the parent of each, or -1."""
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


def _sort_by_likes(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """Return `rows` with top-level comments by likes, as a page in "Top" order; replies stay in the file's order."""
    known = {row["comment_id"] for row in rows}

    def place(row: dict[str, object]) -> tuple[int, bytes]:
        return -(_take_likes(row) or 0), _draw(row["comment_id"])

    tops = sorted((row for row in rows if row["parent_id"] not in known), key=place)
    return [*tops, *(row for row in rows if row["parent_id"] in known)]


def _draw(name: object) -> bytes:
    return hashlib.blake2b(str(name).encode(), digest_size=8).digest()


def _cut_pieces(tree: list[int], longest: int) -> Iterable[tuple[int, int]]:
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


def find_blocks(parent: Ints) -> Ints:
    """Return the top-level comment above each comment, itself for one at top level."""
    block = np.arange(len(parent))
    for k in np.flatnonzero(parent >= 0).tolist():
        block[k] = block[parent[k]]
    return block


def judge(guess: Ints, parent: Ints, two_levels: bool) -> NDArray[np.bool_]:
    """Return which guesses are right; where the source has two levels, which are in the right block."""
    if not two_levels:
        return np.asarray(guess == parent)
    return np.asarray((find_blocks(guess) == find_blocks(parent)) & ((guess < 0) == (parent < 0)))


def has_two_levels(parent: Ints) -> bool:
    """Return whether there are enough replies to judge, and almost none answers a reply."""
    replies = parent[parent >= 0]
    return len(replies) >= 20 and bool((parent[replies] >= 0).mean() < TWO_LEVELS)
