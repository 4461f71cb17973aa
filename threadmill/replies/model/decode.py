"""Turn scores of many threads into probabilities and best trees; threads of similar size are computed together."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from threadmill.replies.model import tree

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
CELLS = 1_500_000
"""Bounds the memory of one pass of the dynamic programme: places² × runs per array, about 12 MB."""
ALIKE = 1.25
"""Threads share a pass if the longest has at most this many times the comments of the shortest."""


class Layout(NamedTuple):
    """Where comments and pairs are in a batch: threads one after the other, pairs by comment."""

    thread: Ints
    position: Ints
    sizes: Ints
    later: Ints
    lag: Ints
    longest: int = tree.LONGEST_SPAN
    """At most this many comments may be below one comment; more if evidence needs it."""


class Posterior(NamedTuple):
    """Probabilities per pair and comment, and the log of the sum of all trees per thread."""

    pair: Floats
    top: Floats
    log_z: Floats


def compute_posterior(
    layout: Layout, pair: Floats, top: Floats, shares: tuple[float, ...] = (1.0,)
) -> Posterior:
    """Return the probabilities under the scores `pair[m, k]` and `top[n, k]`, where k numbers models.

    `top[n, k, v]` has variants, over which each model's probabilities are averaged with the weights `shares`; `log_z`
    has them too.
    """
    tops = top.reshape(*top.shape[:2], len(shares))
    models = top.shape[1]
    out_pair, out_top = np.zeros_like(pair), np.zeros(tops.shape[:2])
    log_z = np.zeros((len(layout.sizes), models, len(shares)))
    for group in _group_threads(layout.sizes, models):
        grid = _Grid(layout, group, models)
        links, found, z = tree.compute_marginals(
            grid.fill(pair, grid.links, grid.link_at),
            np.stack(
                [grid.fill(one, grid.comments, grid.at) for one in np.moveaxis(tops, 2, 0)], axis=1
            ),
            grid.sizes,
            layout.longest,
            shares,
        )
        out_pair[grid.links] = links[grid.link_at]
        out_top[grid.comments] = found[grid.at]
        log_z[group] = z.T.reshape(len(group), models, len(shares))
    return Posterior(out_pair, out_top, log_z.reshape(len(layout.sizes), *top.shape[1:]))


def find_best_parents(layout: Layout, pair: Floats, top: Floats) -> Ints:
    """Return per comment how many comments back its parent in the best tree is, 0 for top level.

    `pair[m]` and `top[n]` are probabilities, negative where a link is impossible.
    """
    back = np.zeros(len(top), dtype=np.int64)
    for group in _group_threads(layout.sizes, 1):
        grid = _Grid(layout, group, 1)
        parents = tree.find_best(
            grid.fill(pair[:, None], grid.links, grid.link_at, -1.0),
            grid.fill(top[:, None], grid.comments, grid.at, -1.0),
            grid.sizes,
            layout.longest,
        )
        place = layout.position[grid.comments] + 1
        found = parents[grid.at][:, 0]
        back[grid.comments] = np.where(found > 0, place - found, 0)
    return back


def _group_threads(sizes: Ints, variants: int) -> list[Ints]:
    order = np.argsort(sizes, kind="stable")
    groups: list[list[int]] = []
    for thread in order.tolist():
        size = int(sizes[thread])
        if groups:
            shortest = int(sizes[groups[-1][0]])
            cells = (size + 1) ** 2 * (len(groups[-1]) + 1) * variants
            if size <= max(4, shortest * ALIKE) and cells <= CELLS:
                groups[-1].append(thread)
                continue
        groups.append([thread])
    return [np.array(group, dtype=np.int64) for group in groups]


class _Grid:
    """The places of some threads' comments and pairs in the arrays of `tree`."""

    def __init__(self, layout: Layout, group: Ints, variants: int) -> None:
        run = np.full(len(layout.sizes), -1)
        run[group] = np.arange(len(group))
        self.comments = np.flatnonzero(run[layout.thread] >= 0)
        self.links = np.flatnonzero(run[layout.thread[layout.later]] >= 0)
        self.sizes = np.repeat(layout.sizes[group], variants)
        later, lag = layout.later[self.links], layout.lag[self.links]
        self.shape = (int(lag.max(initial=1)) + 1, int(self.sizes.max()) + 1, len(self.sizes))
        variant = np.arange(variants)
        runs = run[layout.thread[self.comments]][:, None] * variants + variant
        self.at = (layout.position[self.comments][:, None] + 1, runs)
        link_runs = run[layout.thread[later]][:, None] * variants + variant
        self.link_at = (lag[:, None], layout.position[later][:, None] + 1, link_runs)

    def fill(
        self, values: Floats, rows: Ints, at: tuple[Ints, ...], empty: float = -np.inf
    ) -> Floats:
        grid = np.full(self.shape[3 - len(at) :], empty)
        grid[at] = values[rows]
        return grid
