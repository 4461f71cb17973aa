"""Compute exact link probabilities of trees in pre-order, and the tree with the most expected right links.

Comments 1..n of a thread are in pre-order, 0 is the top level. With weights w(i → k), the total weight
of all trees of i + 1..e below i obeys

    F[i, e] = sum over k of F[i, k - 1] · w(i → k) · F[k, e]

where k is the last child of i (the inside algorithm of projective dependency trees with all arcs
pointing right: Eisner 1996; Paskin 2001). Marginals are the derivatives of log F[0, n], taken
by running the recursion backwards (Eisner 2016, "Inside-outside and forward-backward algorithms are
just backprop"). The best tree maximises the sum of marginals under the same constraint (minimum
Bayes risk: Goodman 1996). Links reach back `WINDOW` comments, so a diagonal costs n · `WINDOW`.

Arrays are [lag or span, place, run] with runs last and reductions over the first axis, so that a
run's result has the same bits whatever else is in the batch.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
WINDOW = 40
"""A parent is at most this many comments back; top level is always possible."""
LONGEST_SPAN = 400
"""At most this many comments are below one comment. Exact up to there; it bounds the cost of long threads."""
SCALE = float(np.exp(0.5))
"""Keeps products of normalised weights within a double: log F / n lies between about -1.2 and 0."""
LARGEST = 1e150
"""If the sum of all trees is above this or below its inverse, it is scaled again: derivatives could overflow."""
PROBE = 150
"""Longer threads get their scale from this many comments at their beginning."""
UNITS = 1e9
"""Trees are compared by marginals in whole billionths, because whole numbers add exactly."""
IMPOSSIBLE = -1e12


def compute_marginals(
    pair: Floats,
    top: Floats,
    sizes: NDArray[np.int64],
    longest: int = LONGEST_SPAN,
    shares: tuple[float, ...] = (1.0,),
) -> tuple[Floats, Floats, Floats]:
    """Return the probability of every link to a comment, of every top level, and log Z per variant and run.

    `pair[s, k, r]` is the score of "the parent of comment k is k - s" in run r (k from 1, s from 1 to
    `WINDOW`, `-inf` if impossible; plane 0 is not read); `top[k, v, r]` that of top level, of which there may be
    several variants; `sizes[r]` the number of comments in the run, at most the number of places. No comment has more
    than `longest` comments below it. Probabilities are averaged over the variants with the weights `shares`.

    What is below a comment doesn't depend on the scores of top level, and derivatives add up: the variants share the
    recursion over spans, which is nearly all of the work.

    Raises:
        ValueError: the impossible links leave a run no tree.
    """
    places, middle = pair.shape[1], len(shares) // 2
    peak = np.maximum(top.max(axis=1), pair[1:].max(axis=0, initial=-np.inf))
    peak[~np.isfinite(peak)] = 0.0
    # In place, and `pair` is freed: each array is as large as all links of the longest of the threads.
    weight, root = pair - peak, np.exp(top - peak[:, None])
    del pair
    np.exp(weight, out=weight)
    weight[0] = 0.0
    total = weight.sum(axis=0) + root[:, middle]
    total[total == 0.0] = 1.0
    shift = np.log(total) + peak
    runs = np.arange(len(sizes))
    seen = np.arange(places)[:, None] <= sizes
    seen[0] = False
    constant = np.where(seen, shift, 0.0).sum(axis=0)
    scale = np.full(len(sizes), SCALE)
    if places > PROBE + 1:
        some = slice(0, PROBE + 1)
        factor = scale / total[some]
        below, _ = _compute_inside(file_by_parent(weight[:, some] * factor), longest)
        front, _ = _compute_front(below, root[some, middle, None] * factor[:, None])
        scale *= np.exp(-np.log(np.maximum(front[-1, 0], 1e-290)) / PROBE)
    # By how much a variant's scale differs.
    own = np.ones((len(shares), len(sizes)))
    # The links of a finished run overwrite its weights.
    links, tops, log_z = weight, np.zeros_like(total), np.zeros_like(own)
    for _ in range(8):
        factor = scale[runs] / total[:, runs]
        with np.errstate(over="ignore", invalid="ignore"):
            z, link, up, growth = _compute_inside_outside(
                file_by_parent(weight[:, :, runs] * factor),
                root[:, :, runs] * factor[:, None],
                sizes[runs],
                longest,
                np.array(shares),
                own[:, runs],
            )
        good = (np.isfinite(z) & (z > 1 / LARGEST) & (z < LARGEST)).all(axis=0)
        done = runs[good]
        links[:, :, done], tops[:, done] = file_by_child(link[:, :, good]), up[:, good]
        each = np.log(scale[done]) + np.log(own[:, done])
        log_z[:, done] = np.log(z[:, good]) - sizes[done] * each + constant[done]
        del link
        runs, growth = runs[~good], growth[:, ~good]
        if not len(runs):
            return links, tops, log_z
        scale[runs] *= np.exp(-growth[middle])
        own[:, runs] *= np.exp(growth[middle] - growth)
    raise ValueError(
        "replies: a thread has no tree under its evidence; every comment needs a parent"
    )


def file_by_parent(child: Floats) -> Floats:
    """Return `child[s, k]` turned to `[s, k - s]`: the same links filed under their parents."""
    turned = np.zeros_like(child)
    for lag in range(1, min(child.shape[0], child.shape[1] - 1)):
        turned[lag, 1:-lag] = child[lag, 1 + lag :]
    return turned


def file_by_child(parent: Floats) -> Floats:
    """Return the inverse of `file_by_parent`."""
    turned = np.zeros_like(parent)
    for lag in range(1, min(parent.shape[0], parent.shape[1] - 1)):
        turned[lag, 1 + lag :] = parent[lag, 1:-lag]
    return turned


def _compute_inside(w: Floats, longest: int) -> tuple[Floats, Floats]:
    """Return `below[d, e]` = F[e - d, e], and `use[s, i]` = F[i, i + s - 1] · w(i → i + s)."""
    lags, places, runs = w.shape
    n, band, cap = places - 1, lags - 1, min(places - 1, longest)
    below = np.zeros((cap + 1, places, runs))
    below[0] = 1.0
    use = np.zeros((band + 2, places, runs))
    use[1, :-1] = w[1, :-1]
    for d in range(1, min(cap, n - 1) + 1):
        t = min(d, band)
        x = (use[1 : t + 1, 1 : n + 1 - d] * below[d - t : d, 1 + d :][::-1]).sum(axis=0)
        below[d, 1 + d :] = x
        if d + 1 <= band and n - d > 1:
            use[d + 1, 1 : n - d] = x[:-1] * w[d + 1, 1 : n - d]
    return below, use


def _compute_inside_outside(
    w: Floats,
    root: Floats,
    sizes: NDArray[np.int64],
    longest: int,
    shares: Floats,
    own: Floats,
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return Z, both marginals for weights filed under parents, and how Z grows (`_measure_growth`).

    A variant's weights are those given times `own[v, r]`.
    """
    lags, places, runs = w.shape
    if runs == 1:  # numpy sums a single run in another order than the same run beside others
        z, link, up, growth = _compute_inside_outside(
            w.repeat(2, 2), root.repeat(2, 2), sizes.repeat(2), longest, shares, own.repeat(2, 1)
        )
        return z[:, :1], link[:, :, :1], up[:, :1], growth[:, :1]
    n, band, cap = places - 1, lags - 1, min(places - 1, longest)
    below, use = _compute_inside(w, longest)
    spans = own ** np.arange(1, cap + 2)[:, None, None]
    front, enter = _compute_front(below, root, spans)
    z = front[sizes, :, np.arange(runs)].T
    growth = _measure_growth(front, sizes)
    is_valid = np.isfinite(z) & (z > 1e-290)
    if not is_valid.any():
        return z, np.zeros_like(w), np.zeros_like(root[:, 0]), growth
    seed = shares[:, None] / np.where(is_valid, z, 1.0)
    d_below = np.zeros_like(below)
    d_enter = _backpropagate_front(below, d_below, enter, root, sizes, seed, spans)
    d_use = np.zeros_like(use)
    for d in range(min(cap, n - 1), 0, -1):
        t = min(d, band)
        g = d_below[d, 1 + d :]
        if d + 1 <= band and n - d > 1:
            g = g.copy()
            g[:-1] += d_use[d + 1, 1 : n - d] * w[d + 1, 1 : n - d]
        d_use[1 : t + 1, 1 : n + 1 - d] += g * below[d - t : d, 1 + d :][::-1]
        d_below[d - t : d, 1 + d :] += (g * use[1 : t + 1, 1 : n + 1 - d])[::-1]
    d_use *= use
    d_enter *= enter
    return z, d_use[:lags], d_enter.sum(axis=1), growth


def _measure_growth(front: Floats, sizes: NDArray[np.int64]) -> Floats:
    """Return per variant and run how much log F[0, e] grows with each comment, up to where F leaves a double's range.

    F does so in threads of thousands of comments.
    """
    places = np.arange(len(front))[:, None, None]
    is_valid = (front > 1e-280) & (front < 1e280) & (places <= sizes)
    last = np.maximum(np.where(is_valid, places, 0).max(axis=0), 1)
    ends = np.take_along_axis(front, last[None], axis=0)[0]
    known = (ends > 0) & np.isfinite(ends)
    growth: Floats = np.log(np.where(known, ends, 1.0)) / last
    return np.where(known, growth, np.log(0.6))


def _compute_front(
    below: Floats, root: Floats, spans: Floats | None = None
) -> tuple[Floats, Floats]:
    """Return F[0, e], and F[0, k - 1] · w(0 → k); `spans[d]` is a variant's own scale of d + 1 comments."""
    front, enter = np.zeros_like(root), np.zeros_like(root)
    front[0] = 1.0
    n, cap = len(root) - 1, len(below) - 1
    for e in range(1, n + 1):
        enter[e] = front[e - 1] * root[e]
        first = max(1, e - cap)
        inner = below[: e - first + 1, e][::-1, None]
        if spans is not None:
            inner = inner * spans[: e - first + 1][::-1]
        front[e] = (enter[first : e + 1] * inner).sum(axis=0)
    return front, enter


def _backpropagate_front(
    below: Floats,
    d_below: Floats,
    enter: Floats,
    root: Floats,
    sizes: NDArray[np.int64],
    seed: Floats,
    spans: Floats,
) -> Floats:
    cap = len(below) - 1
    d_enter = np.zeros_like(enter)
    for e in range(len(root) - 1, 0, -1):
        g = np.where(sizes == e, seed, 0.0)
        if e + 1 < len(root):
            g = g + d_enter[e + 1] * root[e + 1]
        first = max(1, e - cap)
        scaled = g * spans[: e - first + 1]
        d_enter[first : e + 1] += (scaled * below[: e - first + 1, e, None])[::-1]
        d_below[: e - first + 1, e] += (scaled * enter[first : e + 1][::-1]).sum(axis=1)
    return d_enter


def find_best(
    pair: Floats, top: Floats, sizes: NDArray[np.int64], longest: int = LONGEST_SPAN
) -> NDArray[np.int64]:
    """Return parents[k, r] (0 = top level) of the tree whose links have the greatest sum.

    Shapes are those of `compute_marginals`; values are probabilities, negative where a link is impossible.
    Of equal trees, the one in which the last child of each comment is latest wins.
    """
    lags, places, runs = pair.shape
    n, band, cap = places - 1, lags - 1, min(places - 1, longest)
    gain = np.where(pair < 0, IMPOSSIBLE, np.round(pair * UNITS))
    s = file_by_parent(gain)
    s0 = np.where(top < 0, IMPOSSIBLE, np.round(top * UNITS))
    below = np.full((cap + 1, places, runs), IMPOSSIBLE)
    below[0] = 0.0
    use = np.full((band + 2, places, runs), IMPOSSIBLE)
    use[1, :-1] = s[1, :-1]
    for d in range(1, min(cap, n - 1) + 1):
        t = min(d, band)
        x = (use[1 : t + 1, 1 : n + 1 - d] + below[d - t : d, 1 + d :][::-1]).max(axis=0)
        below[d, 1 + d :] = x
        if d + 1 <= band and n - d > 1:
            use[d + 1, 1 : n - d] = x[:-1] + s[d + 1, 1 : n - d]
    front, enter = np.zeros_like(s0), np.zeros_like(s0)
    for e in range(1, n + 1):
        enter[e] = front[e - 1] + s0[e]
        first = max(1, e - cap)
        front[e] = (enter[first : e + 1] + below[: e - first + 1, e][::-1]).max(axis=0)
    return _trace(below, use, enter, sizes)


def _trace(
    below: Floats, use: Floats, enter: Floats, sizes: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the parents of the best trees, of all runs at once: a step goes one level down in each of them."""
    cap, band = len(below) - 1, len(use) - 2
    parents = np.zeros(enter.shape, dtype=np.int64)
    runs = np.flatnonzero(sizes > 0)
    i, e = np.zeros_like(runs), sizes[runs]
    while len(runs):
        # The last child of i is k = e - lag, which has the comments up to e below it.
        widest = int(min((e - i).max(), cap + 1))
        lag = np.arange(widest)[:, None]
        reach = np.where(i == 0, np.minimum(e - 1, cap), e - i - 1)
        k = e - np.minimum(lag, reach)
        back = k - i
        is_near = (i > 0) & (back <= band)
        gain = np.where(i == 0, enter[k, runs], use[np.where(is_near, back, 0), i, runs])
        gain = gain + below[e - k, e, runs]
        gain[(lag > reach) | ((i > 0) & ~is_near)] = -np.inf
        k = e - gain.argmax(axis=0)
        parents[k, runs] = i
        left, right = k - 1 > i, e > k
        runs = np.concatenate([runs[left], runs[right]])
        i, e = (
            np.concatenate([i[left], k[right]]),
            np.concatenate([(k - 1)[left], e[right]]),
        )
    return parents
