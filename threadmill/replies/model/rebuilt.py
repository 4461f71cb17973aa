"""Turn features and weights into the probability of every parent, and the best tree."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from threadmill.replies.model import decode, scorer
from threadmill.replies.model.features import Batch

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
TOP_BIASES = (-1.2, 0.0, 1.2)
TOP_SHARES = (0.25, 0.5, 0.25)
"""How many comments of a thread are top level is unknown, so results are averaged over these biases with these
weights."""
REPLY_WORTH = 1.5
"""The worth of a right link when the best tree is chosen; a right top level is worth 1. If links were worth 1 as well,
the best tree would lean to top level: one probability competes with those of many comments (docs/replies.md)."""


class Scores(NamedTuple):
    """Scores per pair and per comment, `-inf` where evidence forbids the link."""

    pair: Floats
    top: Floats


class Rebuilt(NamedTuple):
    """Probabilities per pair and comment, and how many comments back the chosen parent is (0: top level)."""

    pair: Floats
    top: Floats
    back: Ints


def score(batch: Batch, weights: scorer.Weights) -> Scores:
    """Return the scores from text and the order of authors, before priors and evidence."""
    return Scores(
        scorer.score_pairs(weights.pair.fold(), batch),
        scorer.score_tops(weights.top.fold(), batch),
    )


def lay_out(batch: Batch) -> decode.Layout:
    """Return where the comments and pairs of `batch` are."""
    return decode.Layout(
        batch.thread, batch.position, batch.sizes, batch.pairs.later, batch.pairs.lag
    )


def rebuild(
    batch: Batch,
    scored: Scores,
    top_bias: Floats | float = 0.0,
    previous_bias: Floats | float = 0.0,
    spread: Floats | float = 1.0,
    place: decode.Layout | None = None,
    worth: float = REPLY_WORTH,
) -> Rebuilt:
    """Return probabilities and best trees; biases and `spread` are one number, or one per comment.

    `spread` narrows the average over `TOP_BIASES` if the platform is known. `place` is given if evidence
    adds links to those of `batch`. `worth` is what a right link counts.
    """
    place = place or lay_out(batch)
    bias = np.broadcast_to(np.asarray(previous_bias, dtype=float), len(batch.thread))
    pair = scored.pair + np.where(place.lag == 1, bias[place.later], 0.0)
    wide = np.broadcast_to(np.asarray(spread, dtype=float), len(batch.thread))
    top = (scored.top + top_bias)[:, None] + wide[:, None] * np.array(TOP_BIASES)
    found = decode.compute_posterior(place, pair[:, None], top[:, None], TOP_SHARES)
    pair_share, top_share = found.pair[:, 0], found.top[:, 0]
    possible = np.where(np.isfinite(scored.pair), pair_share * worth, -1.0)
    back = decode.find_best_parents(
        place, possible, np.where(np.isfinite(scored.top), top_share, -1.0)
    )
    return Rebuilt(pair_share, top_share, back)
