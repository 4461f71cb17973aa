"""Evidence that beats statistics: fixed parents, and what a comment says of whom it answers.

Strongest first: a person's edit, an id or permalink, the known set of top-level comments, those of them
that two captures' orders show, time order, a collapsed "N replies" (what stands below isn't an answer to
it), a quoted line, "@name" at the start. The first four are certain and are fixed as long as they cross
nothing stronger; a tree with the others fixed always exists, because every other comment can answer the
one before it. The rest add to scores, each more than the weaker ones and than any statistics, so they
yield only to stronger evidence. Words in quotation marks, other names and a known host add less: they
are hints.
"""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from threadmill.replies.model import decode
from threadmill.replies.model.address import ADDRESSED
from threadmill.replies.model.features import Batch
from threadmill.replies.model.rebuilt import Scores
from threadmill.replies.moments import Moments, moments

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

KINDS = {
    "person": "a person's edit",
    "id": "the page's own link",
    "top_level": "the page's set of top-level comments",
    "order": "another capture's order",
}
"""The kinds of `anchors`, strongest first, and how `evidence` names them."""
COLLAPSED, EARLIER_THAN_PARENT = -40.0, -45.0
HOST_TOP = -3.0
"""Added to "top level" of a comment by a known host: of those 0.4 to 6 % are, on blogs."""
QUOTE, QUOTE_OVER_TOP, NAME = 3.0, 4.0, 1.0
"""Scores added to a quoted comment, and to the latest comment of a commenter called by name, against others;
the second of three is what a quote adds against top level."""
BLOCK_QUOTE, AT_NAME = 15.0, 12.0
"""Added to a comment quoted on a line of its own (instead of the second of the three), and to the comments of the one
commenter with whose "@name" a comment opens: no statistics outweigh it."""
FLAT_SHARE, FLAT_LEAST = 0.2, 2
"""Where so many of a thread's comments open with "@name", and at least so many, people had no other way to answer and
stand at top level (of 1,128 such comments of tl3shi 896 do): there names only choose among answers."""
SCHEMA = pl.Schema({"comment_id": pl.String, "parent_comment_id": pl.String, "kind": pl.String})


class Evidence(NamedTuple):
    """What is known of a batch besides its text."""

    fixed: dict[int, tuple[int, str]]
    """Comment → its parent (-1: top level) and the kind of evidence that says so."""
    lost: dict[int, list[str]]
    """Comment → what was said of it and couldn't be kept, in words."""
    never_top: NDArray[np.bool_]
    """Comments outside their thread's known set of top-level comments."""
    collapsed: NDArray[np.bool_]
    """Comments whose replies the page holds back."""
    moments: Moments
    """When each was written, as far as the page says it."""
    parents: Ints
    """The parent per comment as in `fixed`, -2 where none is."""


def by_order(tops: pl.DataFrame) -> pl.DataFrame:
    """Return anchors for `tops`, comments that two captures' orders show to be top level; others may be too."""
    none = pl.lit(None, pl.String)
    return tops.select("comment_id", parent_comment_id=none, kind=pl.lit("order"))


def evidence(
    comments: pl.DataFrame, seen: Batch, anchors: pl.DataFrame | None, is_preorder: bool = True
) -> Evidence:
    """Return what `anchors` and the columns of `comments` say; rows of other comments are passed over.

    Where `is_preorder` is false links may cross.

    Raises:
        ValueError: an anchor's kind is none of `KINDS`.
    """
    size = len(seen.thread)
    hidden = comments["hidden_reply_count"].fill_null(0).cast(pl.Int64).to_numpy() > 0
    found = Evidence(
        {}, {}, np.zeros(size, dtype=bool), hidden, moments(comments), np.full(size, -2)
    )
    if anchors is None or not anchors.height:
        return found
    bad = anchors.filter(~pl.col("kind").is_in(list(KINDS)))["kind"].to_list()
    if bad:
        raise ValueError(f"anchors: kind {bad[0]!r} is not known; known are {', '.join(KINDS)}")
    rows = {c: k for k, c in enumerate(comments["comment_id"].to_list())}
    wanted = [
        (list(KINDS).index(kind), rows[own], own, parent, kind)
        for own, parent, kind in anchors.filter(pl.col("comment_id").is_in(list(rows)))
        .select(list(SCHEMA))
        .rows()
    ]
    tops = {row for _, row, _, _, kind in wanted if kind == "top_level"}
    for _, row, _, parent, kind in sorted(set(wanted), key=lambda w: (w[0], w[1], w[3] or "")):
        _fix(
            found, seen, row, rows.get(parent, -2) if parent is not None else -1, kind, is_preorder
        )
    told = np.isin(seen.thread, seen.thread[sorted(tops)])
    found.never_top[told] = True
    found.never_top[sorted(tops)] = False
    found.never_top[seen.position == 0] = False
    return found


def _fix(found: Evidence, seen: Batch, row: int, parent: int, kind: str, is_preorder: bool) -> None:
    """Fix one parent, or say why that can't be."""
    said = KINDS[kind]
    if row in found.fixed:
        if found.fixed[row][0] != parent:
            found.lost.setdefault(row, []).append(f"{said} says otherwise")
        return
    if parent == -2 or (parent >= 0 and seen.thread[parent] != seen.thread[row]):
        found.lost.setdefault(row, []).append(f"{said} names a comment that isn't in this thread")
    elif parent >= row:
        found.lost.setdefault(row, []).append(f"{said} names a comment that stands below")
    elif seen.position[row] == 0 and parent >= 0:
        found.lost.setdefault(row, []).append(f"{said} gives the first comment a parent")
    elif is_preorder and (other := _crossed(found, seen, row, parent)):
        found.lost.setdefault(row, []).append(f"{said} crosses {other}")
    else:
        found.fixed[row] = (parent, kind)
        found.parents[row] = parent


def _crossed(found: Evidence, seen: Batch, row: int, parent: int) -> str | None:
    """Return what already fixed link a new one would cross, the strongest; in pre-order none may."""
    first = row - int(seen.position[row])
    own = found.parents[first : first + int(seen.sizes[seen.thread[row]])]
    place = np.arange(first, first + len(own))
    before = (place < row) & (own > -2) & (own < parent) & (parent < place)
    after = (place > row) & (parent < own) & (own < row)
    crossed = {found.fixed[k][1] for k in (np.flatnonzero(before | after) + first).tolist()}
    return next((words for kind, words in KINDS.items() if kind in crossed), None)


def links(found: Evidence, seen: Batch, layout: decode.Layout) -> decode.Layout:
    """Return `layout` with the fixed links that reach further back than its pairs do, and room for them."""
    far = [
        (i, i - p)
        for i, (p, _) in sorted(found.fixed.items())
        if p >= 0 and i - p > seen.pairs.window
    ]
    answers = found.never_top.copy()
    for row, (parent, _) in found.fixed.items():
        if parent >= 0:
            answers[parent + 1 : row + 1] = True
    # All of a run of answers hang below the comment before it.
    runs = np.diff(np.flatnonzero(np.concatenate([[True], ~answers, [True]])))
    return layout._replace(
        later=np.concatenate([layout.later, np.array([i for i, _ in far], dtype=np.int64)]),
        lag=np.concatenate([layout.lag, np.array([d for _, d in far], dtype=np.int64)]),
        longest=max(layout.longest, int(runs.max())),
    )


def applied(found: Evidence, seen: Batch, scored: Scores, place: decode.Layout) -> Scores:
    """Return the scores with evidence added; `place` comes from `links`."""
    pairs = seen.pairs
    pair = np.concatenate([scored.pair, np.zeros(len(place.later) - len(pairs))])
    top = scored.top.copy()
    own = slice(0, len(pairs))
    pair[own] = _pulled(pair[own], seen)
    pair[own][found.collapsed[pairs.earlier]] += COLLAPSED
    pair[own][found.moments.are_after(pairs.earlier, pairs.later)] += EARLIER_THAN_PARENT
    top += HOST_TOP * seen.host * seen.is_known
    top[found.never_top] = -np.inf
    floor, fixed = np.full(len(top), -1), np.full(len(top), -2)
    ends = np.cumsum(seen.sizes)[seen.thread]
    for row, (parent, _) in found.fixed.items():
        fixed[row] = parent
        inside = slice(parent + 1, row) if parent >= 0 else slice(row + 1, int(ends[row]))
        floor[inside] = np.maximum(floor[inside], parent if parent >= 0 else row)
        if parent >= 0:
            top[inside] = -np.inf
    above = place.later - place.lag
    pair[above < floor[place.later]] = -np.inf
    held = fixed[place.later] > -2
    right = above == fixed[place.later]
    pair[held & ~right] = -np.inf
    pair[held & right] = np.maximum(
        np.where(np.isfinite(pair[held & right]), pair[held & right], 0), 0
    )
    top[fixed >= 0] = -np.inf
    top[fixed == -1] = np.maximum(top[fixed == -1], 0)
    return Scores(pair, top)


def _pulled(pair: Floats, seen: Batch) -> Floats:
    """Return the scores with quoted and named comments put before other comments.

    Names leave the weight of all answers together against top level as it is: on many pages people call
    someone by name in a comment that the page shows at top level.
    """
    near = pair.copy()
    near[seen.quoted.pair] += QUOTE
    near[address_pairs(seen)] += NAME
    pairs, size = seen.pairs, len(seen.thread)
    peak = np.full(size, -np.inf)
    np.maximum.at(peak, pairs.later, near)
    before = np.bincount(pairs.later, np.exp(pair - peak[pairs.later]), minlength=size)
    after = np.bincount(pairs.later, np.exp(near - peak[pairs.later]), minlength=size)
    moved = np.zeros(size)
    some = (before > 0) & (before != after)
    moved[some] = np.log(before[some] / after[some])
    near += moved[pairs.later]
    near[seen.quoted.pair] += np.where(seen.quoted.is_block, BLOCK_QUOTE, QUOTE_OVER_TOP)
    near[opening_pairs(seen)] += AT_NAME
    out: Floats = np.round(near * 1024) / 1024
    return out


def opening_pairs(seen: Batch) -> Ints:
    """Return the pairs in which the later comment opens with "@" and the name of the earlier one's author.

    None for a comment that quotes another, opens with a name that several people have, or stands in a thread where
    people answer like that at top level.
    """
    opens = seen.called.opens
    best = np.zeros(len(seen.thread), dtype=np.int64)
    np.maximum.at(best, seen.called.comment, opens)
    own = (opens > 0) & (opens == best[seen.called.comment])
    comment, author = seen.called.comment[own], seen.called.author[own]
    times = np.bincount(seen.thread, best > 0, minlength=len(seen.sizes))
    flat = (times >= FLAT_LEAST) & (times >= FLAT_SHARE * seen.sizes)
    whom = np.full(len(seen.thread), -1)
    whom[comment] = author
    whom[np.bincount(comment, minlength=len(whom)) > 1] = -1
    whom[flat[seen.thread]] = -1
    whom[seen.pairs.later[seen.quoted.pair]] = -1
    found: Ints = np.flatnonzero(whom[seen.pairs.later] == seen.author[seen.pairs.earlier])
    return found


def address_pairs(seen: Batch) -> Ints:
    """Return the pairs in which the later comment opens with the name of the earlier one's author.

    Only the author's latest comment counts, and only where the comment addresses one person.
    """
    strong = seen.called.strength >= ADDRESSED
    comment, author = seen.called.comment[strong], seen.called.author[strong]
    count = np.bincount(comment, minlength=len(seen.thread))
    out = []
    for i, a in zip(comment.tolist(), author.tolist(), strict=True):
        if count[i] != 1:
            continue
        first, end = int(seen.pairs.start[i]), int(seen.pairs.start[i + 1])
        mine = np.flatnonzero(seen.author[seen.pairs.earlier[first:end]] == a)
        if len(mine):
            out.append(first + int(mine[0]))
    return np.array(out, dtype=np.int64)
