"""Evidence that beats statistics: fixed parents, and what a comment says about whom it answers.

Strongest first: a person's edit, an id or permalink, the known set of top-level comments, top-level comments
that two captures' orders show, time order, a collapsed "N replies" (the comments below aren't replies to
it), a quoted line, "@name" at the start. The first four are certain: each is fixed unless it crosses
stronger evidence. A tree with them fixed always exists, because every other comment can answer the one
before it. The rest add to scores, each more than all weaker evidence and any statistics, so only
stronger evidence overrides them. Words in quotation marks, other names and a known host add less: they
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
from threadmill.replies.moments import Moments, read_moments

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

KINDS = {
    "person": "a person's edit",
    "id": "the page's own link",
    "top_level": "the page's set of top-level comments",
    "order": "another capture's order",
}
"""The kinds of `anchors`, strongest first, and the words for each in the column `evidence`."""
COLLAPSED, EARLIER_THAN_PARENT = -40.0, -45.0
HOST_TOP = -3.0
"""Added to the "top level" score of a known host's comment: on blogs, 0.4 to 6 % of those are top level."""
QUOTE, QUOTE_OVER_TOP, NAME = 3.0, 4.0, 1.0
"""Added to the score of a quoted comment: against other comments, and against top level. The third is added to the
latest comment of a commenter called by name, against other comments."""
BLOCK_QUOTE, AT_NAME = 15.0, 12.0
"""Added to a comment quoted on a line of its own (instead of `QUOTE_OVER_TOP`), and to the comments of the one
commenter with whose "@name" a comment opens. No statistics outweigh either."""
FLAT_SHARE, FLAT_LEAST = 0.2, 2
"""If at least this share and this number of a thread's comments open with "@name", people had no other way to answer,
and their comments are at top level (896 of 1,128 such comments of tl3shi). There, names only choose among parents."""
SCHEMA = pl.Schema({"comment_id": pl.String, "parent_comment_id": pl.String, "kind": pl.String})


class Evidence(NamedTuple):
    """What is known about a batch besides its text."""

    fixed: dict[int, tuple[int, str]]
    """Comment → its parent (-1: top level) and the kind of evidence that says so."""
    lost: dict[int, list[str]]
    """Comment → the evidence about it that had to be dropped, in words."""
    never_top: NDArray[np.bool_]
    """Comments outside their thread's known set of top-level comments."""
    collapsed: NDArray[np.bool_]
    """Comments whose replies the page doesn't show."""
    moments: Moments
    """When each was written, as far as the page says."""
    parents: Ints
    """The parent per comment as in `fixed`, -2 where none is."""


def make_order_anchors(tops: pl.DataFrame) -> pl.DataFrame:
    """Return anchors for `tops`, comments that two captures' orders show to be top level; others may be too."""
    none = pl.lit(None, pl.String)
    return tops.select("comment_id", parent_comment_id=none, kind=pl.lit("order"))


def gather_evidence(
    comments: pl.DataFrame, batch: Batch, anchors: pl.DataFrame | None, is_preorder: bool = True
) -> Evidence:
    """Return the evidence in `anchors` and in the columns of `comments`; anchors of other comments are ignored.

    If `is_preorder` is false, links may cross.

    Raises:
        ValueError: the kind of an anchor isn't one of `KINDS`.
    """
    size = len(batch.thread)
    hidden = comments["hidden_reply_count"].fill_null(0).cast(pl.Int64).to_numpy() > 0
    evidence = Evidence(
        {}, {}, np.zeros(size, dtype=bool), hidden, read_moments(comments), np.full(size, -2)
    )
    if anchors is None or not anchors.height:
        return evidence
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
            evidence,
            batch,
            row,
            rows.get(parent, -2) if parent is not None else -1,
            kind,
            is_preorder,
        )
    has_tops = np.isin(batch.thread, batch.thread[sorted(tops)])
    evidence.never_top[has_tops] = True
    evidence.never_top[sorted(tops)] = False
    evidence.never_top[batch.position == 0] = False
    return evidence


def _fix(
    evidence: Evidence, batch: Batch, row: int, parent: int, kind: str, is_preorder: bool
) -> None:
    """Fix one parent, or note in `lost` why that isn't possible."""
    source = KINDS[kind]
    if row in evidence.fixed:
        if evidence.fixed[row][0] != parent:
            evidence.lost.setdefault(row, []).append(f"{source} says otherwise")
        return
    if parent == -2 or (parent >= 0 and batch.thread[parent] != batch.thread[row]):
        evidence.lost.setdefault(row, []).append(
            f"{source} names a comment that isn't in this thread"
        )
    elif parent >= row:
        evidence.lost.setdefault(row, []).append(f"{source} names a comment that stands below")
    elif batch.position[row] == 0 and parent >= 0:
        evidence.lost.setdefault(row, []).append(f"{source} gives the first comment a parent")
    elif is_preorder and (other := _find_crossed(evidence, batch, row, parent)):
        evidence.lost.setdefault(row, []).append(f"{source} crosses {other}")
    else:
        evidence.fixed[row] = (parent, kind)
        evidence.parents[row] = parent


def _find_crossed(evidence: Evidence, batch: Batch, row: int, parent: int) -> str | None:
    """Return the kind, in words, of the strongest fixed link that a new one would cross; in pre-order none may."""
    first = row - int(batch.position[row])
    own = evidence.parents[first : first + int(batch.sizes[batch.thread[row]])]
    place = np.arange(first, first + len(own))
    before = (place < row) & (own > -2) & (own < parent) & (parent < place)
    after = (place > row) & (parent < own) & (own < row)
    crossed = {evidence.fixed[k][1] for k in (np.flatnonzero(before | after) + first).tolist()}
    return next((words for kind, words in KINDS.items() if kind in crossed), None)


def add_far_links(evidence: Evidence, batch: Batch, layout: decode.Layout) -> decode.Layout:
    """Return `layout` with the fixed links that reach further back than its pairs, and with room for them."""
    far = [
        (i, i - p)
        for i, (p, _) in sorted(evidence.fixed.items())
        if p >= 0 and i - p > batch.pairs.window
    ]
    answers = evidence.never_top.copy()
    for row, (parent, _) in evidence.fixed.items():
        if parent >= 0:
            answers[parent + 1 : row + 1] = True
    # A run of replies is entirely below the comment before it.
    runs = np.diff(np.flatnonzero(np.concatenate([[True], ~answers, [True]])))
    return layout._replace(
        later=np.concatenate([layout.later, np.array([i for i, _ in far], dtype=np.int64)]),
        lag=np.concatenate([layout.lag, np.array([d for _, d in far], dtype=np.int64)]),
        longest=max(layout.longest, int(runs.max())),
    )


def apply_evidence(
    evidence: Evidence, batch: Batch, scored: Scores, place: decode.Layout
) -> Scores:
    """Return the scores with evidence added; `place` comes from `add_far_links`."""
    pairs = batch.pairs
    pair = np.concatenate([scored.pair, np.zeros(len(place.later) - len(pairs))])
    top = scored.top.copy()
    own = slice(0, len(pairs))
    pair[own] = _add_hints(pair[own], batch)
    pair[own][evidence.collapsed[pairs.earlier]] += COLLAPSED
    pair[own][evidence.moments.are_after(pairs.earlier, pairs.later)] += EARLIER_THAN_PARENT
    top += HOST_TOP * batch.host * batch.is_known
    top[evidence.never_top] = -np.inf
    floor, fixed = np.full(len(top), -1), np.full(len(top), -2)
    ends = np.cumsum(batch.sizes)[batch.thread]
    for row, (parent, _) in evidence.fixed.items():
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


def _add_hints(pair: Floats, batch: Batch) -> Floats:
    """Return the scores with quoted and named comments raised above others.

    Names don't change the total weight of parents against top level: on many pages people call someone by
    name in a comment that the page shows at top level.
    """
    near = pair.copy()
    near[batch.quoted.pair] += QUOTE
    near[find_address_pairs(batch)] += NAME
    pairs, size = batch.pairs, len(batch.thread)
    peak = np.full(size, -np.inf)
    np.maximum.at(peak, pairs.later, near)
    before = np.bincount(pairs.later, np.exp(pair - peak[pairs.later]), minlength=size)
    after = np.bincount(pairs.later, np.exp(near - peak[pairs.later]), minlength=size)
    moved = np.zeros(size)
    some = (before > 0) & (before != after)
    moved[some] = np.log(before[some] / after[some])
    near += moved[pairs.later]
    near[batch.quoted.pair] += np.where(batch.quoted.is_block, BLOCK_QUOTE, QUOTE_OVER_TOP)
    near[find_opening_pairs(batch)] += AT_NAME
    out: Floats = np.round(near * 1024) / 1024
    return out


def find_opening_pairs(batch: Batch) -> Ints:
    """Return the pairs in which the later comment opens with "@" and the name of the earlier one's author.

    There are none for a comment that quotes another, opens with a name that several people have, or is in a thread
    where people answer like that at top level.
    """
    opens = batch.called.opens
    best = np.zeros(len(batch.thread), dtype=np.int64)
    np.maximum.at(best, batch.called.comment, opens)
    own = (opens > 0) & (opens == best[batch.called.comment])
    comment, author = batch.called.comment[own], batch.called.author[own]
    times = np.bincount(batch.thread, best > 0, minlength=len(batch.sizes))
    flat = (times >= FLAT_LEAST) & (times >= FLAT_SHARE * batch.sizes)
    whom = np.full(len(batch.thread), -1)
    whom[comment] = author
    whom[np.bincount(comment, minlength=len(whom)) > 1] = -1
    whom[flat[batch.thread]] = -1
    whom[batch.pairs.later[batch.quoted.pair]] = -1
    found: Ints = np.flatnonzero(whom[batch.pairs.later] == batch.author[batch.pairs.earlier])
    return found


def find_address_pairs(batch: Batch) -> Ints:
    """Return the pairs in which the later comment opens with the name of the earlier one's author.

    Only the author's latest comment counts, and only where the comment addresses one person.
    """
    strong = batch.called.strength >= ADDRESSED
    comment, author = batch.called.comment[strong], batch.called.author[strong]
    count = np.bincount(comment, minlength=len(batch.thread))
    out = []
    for i, a in zip(comment.tolist(), author.tolist(), strict=True):
        if count[i] != 1:
            continue
        first, end = int(batch.pairs.start[i]), int(batch.pairs.start[i + 1])
        mine = np.flatnonzero(batch.author[batch.pairs.earlier[first:end]] == a)
        if len(mine):
            out.append(first + int(mine[0]))
    return np.array(out, dtype=np.int64)
