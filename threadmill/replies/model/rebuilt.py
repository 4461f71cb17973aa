"""Features and weights → the probability of every parent, and the best tree."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from threadmill.replies.model import decode, scorer
from threadmill.replies.model.features import Batch

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
TOP_BIASES = (-1.2, 0.0, 1.2)
TOP_SHARES = (0.25, 0.5, 0.25)
"""How much more or less than usual a thread's comments are top level is not known, so it is averaged over."""
REPLY_WORTH = 1.3
"""What a right link counts in the choice of the tree, a right top level being 1. With 1 the tree of the most expected
right decisions leans to top level: one probability there stands against one of many comments (docs/replies.md)."""


class Scores(NamedTuple):
    """Scores per pair and per comment, `-inf` where evidence forbids."""

    pair: Floats
    top: Floats


class Rebuilt(NamedTuple):
    """Probabilities per pair and comment, and how far back the decided parent is (0: top level)."""

    pair: Floats
    top: Floats
    back: Ints


def scores(seen: Batch, weights: scorer.Weights) -> Scores:
    """Return what the text and the order of speakers say, before priors and evidence."""
    return Scores(
        scorer.pair_scores(weights.pair.folded(), seen),
        scorer.top_scores(weights.top.folded(), seen),
    )


def layout(seen: Batch) -> decode.Layout:
    """Return where the comments and pairs of `seen` are."""
    return decode.Layout(seen.thread, seen.position, seen.sizes, seen.pairs.later, seen.pairs.lag)


def rebuild(
    seen: Batch,
    scored: Scores,
    top_bias: Floats | float = 0.0,
    previous_bias: Floats | float = 0.0,
    spread: Floats | float = 1.0,
    place: decode.Layout | None = None,
    worth: float = REPLY_WORTH,
) -> Rebuilt:
    """Return probabilities and best trees; biases and `spread` are per comment or one for all.

    `spread` narrows the average over `TOP_BIASES` where the platform is known. `place` is given where
    evidence adds links to those of `seen`, and `worth` is what a right link counts.
    """
    place = place or layout(seen)
    bias = np.broadcast_to(np.asarray(previous_bias, dtype=float), len(seen.thread))
    pair = scored.pair + np.where(place.lag == 1, bias[place.later], 0.0)
    wide = np.broadcast_to(np.asarray(spread, dtype=float), len(seen.thread))
    top = (scored.top + top_bias)[:, None] + wide[:, None] * np.array(TOP_BIASES)
    variants = np.repeat(pair[:, None], len(TOP_BIASES), axis=1)
    found = decode.posterior(place, variants, top)
    shares = np.array(TOP_SHARES)
    pair_share = (found.pair * shares).sum(axis=1)
    top_share = (found.top * shares).sum(axis=1)
    possible = np.where(np.isfinite(scored.pair), pair_share * worth, -1.0)
    back = decode.best_parents(place, possible, np.where(np.isfinite(scored.top), top_share, -1.0))
    return Rebuilt(pair_share, top_share, back)
