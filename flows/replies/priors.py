"""What is known of a platform: two numbers that shift "is top level" and "answers the one before".

They are fitted from threads with known trees, by maximum a posteriori under N(0, 2²), and only ever
applied elsewhere: estimating them from the reconstruction itself confirms its own mistakes, and made
it worse on every measure (docs/replies.md).
"""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from flows.replies import decode, model
from flows.replies.features import Batch, batch
from flows.replies.rebuilt import Scores, layout, rebuild, scores

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

FEWEST_THREADS, FEWEST_EDGES = 3, 100
WIDTH = 2.0
"""Standard deviation of both numbers among platforms."""
KNOWN_SPREAD = 0.5
"""How much of the average over top-level biases is left where the platform is known."""
FOLDS = 5

SCHEMA = {
    "platform": pl.String, "top_level_bias": pl.Float64, "previous_bias": pl.Float64,
    "threads": pl.Int64, "edges": pl.Int64, "fitted_on": pl.Date,
}  # fmt: skip


class Prior(NamedTuple):
    """One platform's two numbers, and what they were fitted from."""

    platform: str
    top_level_bias: float
    previous_bias: float
    threads: int
    edges: int
    fitted_on: dt.date | None


Priors = Mapping[str, Prior]
PRESET = Prior("", 0.0, 0.0, 0, 0, None)
"""For platforms without a fit: the weights as trained, averaged over how much is top level."""


class Fitted(NamedTuple):
    """What came of fitting one platform: a prior, or none, and why in one sentence."""

    platform: str
    prior: Prior | None
    reason: str
    accuracy: float | None
    """Edge accuracy on held-out threads with the prior; null when it wasn't fitted."""
    rule_accuracy: float | None
    constant_accuracy: float | None


def read(path: Path) -> dict[str, Prior]:
    """Return the priors in a `platforms.csv`, none when there is no such file.

    Raises:
        ValueError: a column is missing or holds something else than it should.
    """
    if not path.is_file():
        return {}
    try:
        rows = pl.read_csv(path, schema_overrides=SCHEMA).select(list(SCHEMA))
    except (pl.exceptions.PolarsError, ValueError) as error:
        first = str(error).splitlines()[0]
        raise ValueError(f"{path.name}: {first}; its columns are {', '.join(SCHEMA)}") from None
    return {row[0]: Prior(*row) for row in rows.rows()}


def write(path: Path, priors: Priors) -> None:
    """Write `priors` as a `platforms.csv`, one row per platform, in order of platform."""
    rows = [priors[platform] for platform in sorted(priors)]
    pl.DataFrame(rows, schema=SCHEMA, orient="row").write_csv(path, float_precision=4)


def known_trees(comments: pl.DataFrame) -> tuple[pl.DataFrame, Ints]:
    """Return the threads of `comments` whose `parent_comment_id` make a pre-order tree, and parents by row.

    `comments` are as for `infer`, with `parent_comment_id`, null at top level. A thread with a parent that is
    missing, stands below its reply or crosses another link is left out.
    """
    rows = {c: k for k, c in enumerate(comments["comment_id"].to_list())}
    named = comments["parent_comment_id"].to_list()
    parent = np.array([-1 if p is None else rows.get(p, -2) for p in named], dtype=np.int64)
    thread = comments["thread_id"].rle_id().to_numpy()
    bad: set[int] = set()
    chain: list[int] = []
    for k, above in enumerate(parent.tolist()):
        if k and thread[k] != thread[k - 1]:
            chain = []
        while chain and chain[-1] != above:
            chain.pop()
        if above != -1 and not chain:
            bad.add(int(thread[k]))
        chain.append(k)
    keep = np.flatnonzero(~np.isin(thread, sorted(bad)))
    place = np.full(len(parent), -1)
    place[keep] = np.arange(len(keep))
    above_kept = parent[keep]
    return comments[keep], np.where(above_kept >= 0, place[above_kept], -1)


def fit(comments: pl.DataFrame, on: dt.date, weights: model.Weights | None = None) -> list[Fitted]:
    """Return one result per platform of `comments`, whose trees are known; see `known_trees`.

    A prior comes back only if, on held-out threads, it is no worse than the rule, than calling everything
    top level and than calling everything an answer to the comment before.
    """
    weights = weights or model.load()
    trees, _ = known_trees(comments)
    out = []
    for platform in sorted(trees["platform"].unique().to_list()):
        own, parent = known_trees(trees.filter(pl.col("platform") == platform))
        out.append(_fit_platform(platform, own, parent, on, weights))
    return out


def _fit_platform(
    platform: str, comments: pl.DataFrame, parent: Ints, on: dt.date, weights: model.Weights
) -> Fitted:
    seen = batch(comments, weights.rarity)
    threads, edges = len(seen.sizes), int((seen.position > 0).sum())
    if threads < FEWEST_THREADS or edges < FEWEST_EDGES:
        reason = (
            f"{threads} threads with {edges} known edges; needs {FEWEST_THREADS} and {FEWEST_EDGES}"
        )
        return Fitted(platform, None, reason, None, None, None)
    scored = scores(seen, weights)
    folds = min(FOLDS, threads)
    # By order of size, so that folds are alike; the same on every run.
    rank = np.empty(threads, dtype=np.int64)
    rank[np.argsort(seen.sizes, kind="stable")] = np.arange(threads)
    fold = (rank % folds)[seen.thread]
    top, previous = np.zeros(len(parent)), np.zeros(len(parent))
    for k in range(folds):
        top[fold == k], previous[fold == k] = biases(seen, scored, parent, fold != k)
    found = rebuild(seen, scored, top, previous, KNOWN_SPREAD)
    row = np.arange(len(parent))
    inner = seen.position > 0
    guess = np.where(found.back > 0, row - found.back, -1)
    accuracy = _share(guess == parent, inner)
    rule_accuracy = _share(rule(seen) == parent, inner)
    constant = max(_share(parent == -1, inner), _share(parent == row - 1, inner))
    least = max(rule_accuracy, constant)
    if accuracy < least:
        reason = (
            f"on held-out threads the fit is right for {accuracy:.1%} of comments, "
            f"the rule for {rule_accuracy:.1%}, the best constant for {constant:.1%}; the preset stays"
        )
        return Fitted(platform, None, reason, accuracy, rule_accuracy, constant)
    all_top, all_previous = biases(seen, scored, parent, inner | True)
    prior = Prior(platform, round(all_top, 4), round(all_previous, 4), threads, edges, on)
    reason = f"right for {accuracy:.1%} of comments of held-out threads; rule {rule_accuracy:.1%}"
    return Fitted(platform, prior, reason, accuracy, rule_accuracy, constant)


def _share(right: NDArray[np.bool_], of: NDArray[np.bool_]) -> float:
    return float(right[of].mean()) if of.any() else 0.0


def rule(seen: Batch) -> Ints:
    """Return per row the parent by the two-line rule, -1 for top level.

    A host, and the author of the comment before the previous one (with another between), answer the
    previous comment; everything else is top level. The host counts only where the source says who it is.
    """
    row = np.arange(len(seen.thread))
    before, second = np.maximum(row - 1, 0), np.maximum(row - 2, 0)
    alternates = (seen.position > 1) & (seen.author == seen.author[second])
    alternates &= seen.author != seen.author[before]
    host = seen.is_known & (seen.host > 0) & (seen.position > 0)
    return np.where(alternates | host, row - 1, -1)


def biases(
    seen: Batch, scored: Scores, parent: Ints, learn: NDArray[np.bool_]
) -> tuple[float, float]:
    """Return the top-level and previous bias under which the trees of the rows in `learn` are likeliest.

    `learn` holds whole threads. Newton's steps with the diagonal of the curvature, which is enough
    for two numbers.
    """
    place = layout(seen)
    inner = learn & (seen.position > 0)
    links = (place.lag == 1) & inner[place.later]
    gold = np.array([(parent[inner] < 0).sum(), (parent[inner] == np.flatnonzero(inner) - 1).sum()])
    values = np.zeros(2)
    for _ in range(25):
        pair = scored.pair + np.where(place.lag == 1, values[1], 0.0)
        found = decode.posterior(place, pair[:, None], (scored.top + values[0])[:, None])
        top, previous = found.top[inner, 0], found.pair[links, 0]
        slope = gold - np.array([top.sum(), previous.sum()]) - values / WIDTH**2
        curve = (
            np.array([(top * (1 - top)).sum(), (previous * (1 - previous)).sum()]) + 1 / WIDTH**2
        )
        step = np.clip(slope / curve, -1, 1) * 0.8
        values = values + step
        if np.abs(step).max() < 1e-3:
            break
    return float(values[0]), float(values[1])
