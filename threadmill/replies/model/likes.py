"""Compare the likes of each comment with others of its thread.

Replies get fewer likes than what they answer, and pages in "Top" order show the most liked comments first. Likes only
count relative to others of the thread, because thousands on one platform mean what tens mean on another. In a thread
without likes every column is 0.
"""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from threadmill.replies.model.terms import PairIndex

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
HIGHEST = 3.0
"""Cap likes at this many standard deviations from the mean: beyond it, more likes mean nothing."""
AROUND = 10
"""Compare a comment with the most liked of this many comments before and after it."""


class Likes(NamedTuple):
    """Likes per comment, and per pair whether the earlier comment has more of them."""

    height: Floats
    """The log of the likes, in standard deviations from the thread's mean, at most `HIGHEST`."""
    rank: Floats
    """The share of its thread's comments with fewer likes, minus a half; equal ones count half."""
    least: Floats
    """1 for those with the fewest likes of their thread."""
    shown: Floats
    """1 in threads that show likes."""
    over_before: Floats
    """`height` minus that of the most liked of the `AROUND` comments before."""
    over_after: Floats
    """`height` minus that of the most liked of the `AROUND` comments after."""
    since_more: Floats
    """The log of how many comments back the nearest one with more likes is, at most the window."""
    falls: Floats
    """Per pair: 1 where the earlier comment has more likes, -1 where it has fewer."""
    overtops: Floats
    """Per pair: 1 where the earlier comment has more likes than the later one and all between."""


def compare_likes(
    counts: pl.Series, thread: Ints, position: Ints, sizes: Ints, pairs: PairIndex
) -> Likes:
    """Return how `counts` of likes compare; null counts as 0 if other comments of the thread have a count."""
    has_likes = np.bincount(thread, counts.is_not_null().to_numpy(), minlength=len(sizes)) > 0
    shown = has_likes[thread].astype(np.float64)
    if not has_likes.any():
        none, nothing = np.zeros(len(thread)), np.zeros(len(pairs))
        return Likes(none, none, none, none, none, none, none, nothing, nothing)
    number = counts.fill_null(0).to_numpy().astype(np.float64)
    log = np.sign(number) * np.log1p(np.abs(number))
    mean = (np.bincount(thread, log, minlength=len(sizes)) / sizes)[thread]
    spread = np.sqrt(np.bincount(thread, (log - mean) ** 2, minlength=len(sizes)) / sizes)[thread]
    height = np.clip((log - mean) / (spread + 0.3), -HIGHEST, HIGHEST) * shown
    rank, least = _rank_likes(number, thread, sizes)
    rest = sizes[thread] - 1 - position
    falls, overtops, since = _compare_pairs(number, position, pairs)
    return Likes(
        height, rank * shown, least * shown, shown, height - _find_most(height, position, 1),
        height - _find_most(height, rest, -1), since * shown, falls, overtops,
    )  # fmt: skip


def _rank_likes(number: Floats, thread: Ints, sizes: Ints) -> tuple[Floats, Floats]:
    order = np.lexsort((number, thread))
    ends = np.ones(len(number), dtype=bool)
    ends[1:] = (thread[order][1:] != thread[order][:-1]) | (number[order][1:] != number[order][:-1])
    group = np.cumsum(ends) - 1
    middle = np.bincount(group, np.arange(len(number))) / np.bincount(group)
    starts = (np.cumsum(sizes) - sizes)[thread]
    rank, least = np.empty(len(number)), np.empty(len(number))
    rank[order] = middle[group] - starts[order]
    least[order] = number[order] == number[order][starts[order]]
    share = rank / np.maximum(sizes[thread] - 1, 1) - 0.5
    return np.where(sizes[thread] > 1, share, 0), least


def _find_most(height: Floats, room: Ints, step: int) -> Floats:
    """Return per comment the greatest of up to `AROUND` values before (step 1) or after (step -1) it.

    `room` is how many there are in its thread; if none, the result is the comment's own value.
    """
    most = np.where(room > 0, -np.inf, height)
    for lag in range(1, AROUND + 1):
        some = np.flatnonzero(room >= lag)
        most[some] = np.maximum(most[some], height[some - lag * step])
    return most


def _compare_pairs(
    number: Floats, position: Ints, pairs: PairIndex
) -> tuple[Floats, Floats, Floats]:
    """Return `falls`, `overtops` and `since_more` of `Likes`."""
    falls, overtops = np.zeros(len(pairs)), np.zeros(len(pairs))
    since = np.minimum(position, pairs.window) + 1.0
    peak = number.copy()
    for lag in range(1, pairs.window + 1):
        later = np.flatnonzero(position >= lag)
        if not len(later):
            break
        at, own = pairs.start[later] + lag - 1, number[later - lag]
        falls[at] = np.sign(own - number[later])
        overtops[at] = own > peak[later]
        first = (falls[at] > 0) & (since[later] > lag)
        since[later[first]] = lag
        peak[later] = np.maximum(peak[later], own)
    return falls, overtops, np.log1p(since) / 3
