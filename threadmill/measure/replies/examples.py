"""Make training examples: the features of sources with known trees, cut into pieces."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from threadmill.measure.replies.labelled import Source
from threadmill.replies.model.features import Batch, compute_features

Ints = NDArray[np.int64]

PIECE, LONGEST_PIECE = 120, 260
"""Training cuts threads at top-level comments into pieces of about the first number of comments, at most the second."""
COMMENTS = 7_000
"""Train on at most this many comments of a source; whole threads, the same on every run."""


class Example(NamedTuple):
    """The features of one source, its pieces and the links that its trees allow."""

    seen: Batch
    weight: float
    pieces: list[tuple[int, int]]
    pair_gold: NDArray[np.bool_]
    top_gold: NDArray[np.bool_]
    platform: str


def make_examples(
    sources: Iterable[Source],
    rarity: NDArray[np.uint8],
    host_share: float,
    like_share: float,
) -> list[Example]:
    """Return the examples that `train.fit` learns from, one per source.

    `host_share` of the threads show their host, `like_share` their likes.
    """
    out = []
    for source in sources:
        some = sample(source)
        chance = np.random.default_rng(1)
        ids = some.comments["thread_id"].unique(maintain_order=True)
        flagged = pl.Series(
            "thread_id", ids.filter(pl.Series(chance.random(len(ids)) < host_share))
        )
        liked = ids.filter(pl.Series(chance.random(len(ids)) < like_share))
        seldom = some.comments.group_by("thread_id").agg(pl.col("is_host").any()).filter("is_host")
        shown = pl.col("thread_id").is_in(flagged.to_list()) & pl.col("thread_id").is_in(
            seldom["thread_id"].to_list()
        )
        comments = some.comments.with_columns(
            is_host=pl.when(shown).then("is_host").otherwise(pl.lit(None, pl.Boolean)),
            like_count=pl.when(pl.col("thread_id").is_in(liked.to_list())).then("like_count"),
        )
        seen = compute_features(comments, rarity)
        out.append(_make_example(some, seen))
    return out


def get_platform(name: str) -> str:
    """Return the platform of a source: its file's name up to the first "_"."""
    return name.split("_")[0]


def sample(source: Source, limit: int = COMMENTS) -> Source:
    """Return whole threads of `source`, the same on every run, up to about `limit` comments."""
    if source.comments.height <= limit:
        return source
    runs = source.comments["thread_id"].rle_id().to_numpy()
    sizes = np.bincount(runs)
    order = np.random.default_rng(0).permutation(len(sizes))
    order = order[sizes[order] >= 4]
    keep = np.sort(order[np.cumsum(sizes[order]) <= limit])
    rows = np.flatnonzero(np.isin(runs, keep))
    place = np.full(len(runs), -1)
    place[rows] = np.arange(len(rows))
    parent = source.parent[rows]
    return source._replace(
        comments=source.comments[rows], parent=np.where(parent >= 0, place[parent], -1)
    )


def _make_example(source: Source, seen: Batch) -> Example:
    parent, pairs = source.parent, seen.pairs
    block = np.arange(len(parent))
    for k in range(len(parent)):
        if parent[k] >= 0:
            block[k] = block[parent[k]]
    if source.has_two_levels:
        pair_gold = (block[pairs.later] <= pairs.earlier) & (parent[pairs.later] >= 0)
    else:
        pair_gold = pairs.earlier == parent[pairs.later]
    top_gold = parent < 0
    # If the parent is further back than the window, every link is possible.
    found = np.bincount(pairs.later[pair_gold], minlength=len(parent)) > 0
    lost = ~top_gold & ~found
    pair_gold = pair_gold | lost[pairs.later]
    top_gold = top_gold | lost
    pieces = []
    ends = np.cumsum(seen.sizes)
    for first, end in zip((ends - seen.sizes).tolist(), ends.tolist(), strict=True):
        pieces += [p for p in _cut(parent, first, end) if 2 <= p[1] - p[0] <= LONGEST_PIECE]
    weight = float((800 / max(len(parent), 1)) ** 0.5)
    platform = get_platform(source.name)
    return Example(seen, weight, pieces, pair_gold, top_gold, platform)


def _cut(parent: Ints, first: int, end: int) -> list[tuple[int, int]]:
    if end - first <= PIECE:
        return [(first, end)]
    out, begun, last = [], first, first
    tops = [*(first + np.flatnonzero(parent[first:end] < 0)).tolist(), end]
    for top in tops[1:]:
        if top - begun > PIECE and last > begun:
            out.append((begun, last))
            begun = last
        last = top
    return [*out, (begun, end)]
