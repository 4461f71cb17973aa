"""The two numbers of a platform (`replies.priors`), fitted from threads with known trees.

By maximum a posteriori, and only ever applied elsewhere: estimating them from the
reconstruction itself confirms its own mistakes, and made it worse on every measure (docs/replies.md).
"""

import datetime as dt
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from threadmill.measure.replies.labelled import has_two_levels, right
from threadmill.replies import evidence
from threadmill.replies.model import authors, decode, scorer
from threadmill.replies.model.authors import mask_starting_hosts
from threadmill.replies.model.features import Batch, compute_features
from threadmill.replies.model.rebuilt import Scores, lay_out, rebuild, score
from threadmill.replies.model.tree import WINDOW
from threadmill.replies.priors import (
    FILE,
    PLATFORM_WIDTH,
    PRESET,
    THREAD_WIDTH,
    Prior,
    Priors,
    read,
    write,
)
from threadmill.wording import counted

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

FEWEST_THREADS, FEWEST_EDGES = 2, 10
TESTED_THREADS = 10
"""From so many threads on, an average over held-out ones tells whether a fit helps. With fewer it must help on each."""
FEW_WIDTH = 0.5
"""Standard deviation of the first number where fewer threads are known: so tight that one to three change little."""
PREVIOUS_WIDTH = 2.0
"""Standard deviation of the second number among platforms."""
FOLDS = 5
DRAWN = 20_000
"""Comments of a platform that are read at most: all of 25 M would not fit."""
PUBLISHED = f"""
    with
        known_threads as (
            select platform, thread_id, count(*) as comment_count
            from comments
            where thread_id not in (select thread_id from reply_candidates where is_inferred)
            group by all
            having bool_and(parent_status in ('top_level', 'explicit')) and count(*) > 1
        ),
        drawn as (
            select
                thread_id,
                sum(comment_count) over (partition by platform order by md5(thread_id), thread_id)
                - comment_count as before
            from known_threads
        )
    select thread_id, comment_id, platform, position, author_id, author_name, text, like_count, parent_comment_id
    from comments
    where thread_id in (select thread_id from drawn where before < {DRAWN})
    order by thread_id, position"""
WORTH = 0.005
"""The second number must be worth so much accuracy on held-out threads, or it stays 0: most often it only
takes up what is chance, as with half of reddit_ufc known: .724 without it, .715 with it."""
ENOUGH = 5_000
"""Comments from which on more threads would no longer move two numbers; it bounds the time of a fit."""


class Fitted(NamedTuple):
    """What came of fitting one platform: a prior, or none, and why in one sentence."""

    platform: str
    prior: Prior | None
    reason: str
    accuracy: float | None
    """Edge accuracy on held-out threads with the prior; null when it wasn't fitted."""
    rule_accuracy: float | None
    constant_accuracy: float | None
    threads: int


def published(con: Any) -> pl.DataFrame:
    """Return the published comments whose parents the source gives, for `fit`.

    They are as a copied page would show them: without times, host and counts of collapsed replies. Of each
    platform they are whole threads, drawn by their ids, up to about `DRAWN` comments.
    """
    found: pl.DataFrame = con.sql(PUBLISHED).pl()
    return found.with_columns(
        is_host=pl.lit(None, pl.Boolean),
        hidden_reply_count=pl.lit(None, pl.Int64),
        created_at=pl.lit(None, pl.Datetime("us")),
    )


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


def refit(con: Any, folder: Path, on: dt.date) -> list[Fitted]:
    """Fit the platforms of the published threads, write what helps to `folder`, return what came of each.

    A platform with too few threads keeps the row it has, as it does where fewer than `TESTED_THREADS` stand against a
    row from more; one whose fit doesn't help loses it.

    Raises:
        ValueError: `platforms.csv` is there and is wrong.
    """
    held = read(folder / FILE)
    found = fit(published(con), on)
    told = [one for one in found if one.accuracy is not None and _decides(one, held)]
    kept = {k: v for k, v in held.items() if k not in {one.platform for one in told}}
    kept |= {one.platform: one.prior for one in told if one.prior}
    if kept != held:
        write(folder / FILE, kept)
    return found


def _decides(one: Fitted, held: Priors) -> bool:
    """Return whether a fit decides on the row of its platform: one from few threads doesn't on a row from more."""
    return one.threads >= min(TESTED_THREADS, held.get(one.platform, PRESET).threads)


def fit(comments: pl.DataFrame, on: dt.date, weights: scorer.Weights | None = None) -> list[Fitted]:
    """Return one result per platform of `comments`, whose trees are known; see `known_trees`.

    A prior comes back only if, on held-out threads, it is no worse than the rule, than calling everything top level and
    than calling everything an answer to the comment before, and better than the preset: from `TESTED_THREADS` threads
    on by more than the standard error of that. With fewer each is left out in turn; then it must be right no less
    often on any, and more often in all by more than chance gives: threads that are alike tell of a
    platform, threads that differ don't.
    """
    weights = weights or scorer.load()
    trees, _ = known_trees(comments)
    out = []
    for platform in sorted(trees["platform"].unique().to_list()):
        own, parent = known_trees(trees.filter(pl.col("platform") == platform))
        out.append(_fit_platform(platform, own, parent, on, weights))
    return out


def _fit_platform(
    platform: str, comments: pl.DataFrame, parent: Ints, on: dt.date, weights: scorer.Weights
) -> Fitted:
    known = prepared(comments, parent, has_two_levels(parent), weights)
    inner = known.seen.position > 0
    threads, edges = len(known.seen.sizes), int(inner.sum())
    if threads < FEWEST_THREADS or edges < FEWEST_EDGES:
        reason = (
            f"{counted(threads, 'thread')} with {counted(edges, 'known edge')}; "
            f"needs {FEWEST_THREADS} and {FEWEST_EDGES}"
        )
        return Fitted(platform, None, reason, None, None, None, threads)
    guess, both = _selected(known)
    accuracy = _share(known, guess, inner)
    row = np.arange(len(parent))
    plain = _best(known)
    preset = _share(known, plain, inner)
    rule_accuracy = _share(known, rule(known.seen), inner)
    constant = max(_share(known, np.full(len(row), -1), inner), _share(known, row - 1, inner))
    if accuracy < max(rule_accuracy, constant) or not _helps(known, guess, plain):
        reason = (
            f"on held-out threads the fit is right for {accuracy:.1%} of comments, the preset for "
            f"{preset:.1%}, the rule for {rule_accuracy:.1%}, the best constant for {constant:.1%}; "
            "the preset stays"
        )
        return Fitted(platform, None, reason, accuracy, rule_accuracy, constant, threads)
    prior = _prior(platform, known, both, on)
    reason = (
        f"right for {accuracy:.1%} of comments of held-out threads; "
        f"preset {preset:.1%}, rule {rule_accuracy:.1%}"
    )
    return Fitted(platform, prior, reason, accuracy, rule_accuracy, constant, threads)


def _prior(platform: str, known: "Prepared", both: bool, on: dt.date | None) -> Prior:
    top, previous = biases(known, np.ones(len(known.parent), dtype=bool), both)
    threads, edges = len(known.seen.sizes), int((known.seen.position > 0).sum())
    return Prior(platform, round(top, 4), round(previous, 4), threads, edges, on)


class Prepared(NamedTuple):
    """Threads with known trees and what the model says of them, evidence of the text included."""

    seen: Batch
    place: decode.Layout
    scored: Scores
    parent: Ints
    has_two_levels: bool

    def of(self, threads: Flags) -> "Prepared":
        """Return some of the threads. Only what fitting and decoding need is kept right in `seen`."""
        rows = threads[self.seen.thread]
        links = rows[self.place.later]
        row, thread = np.cumsum(rows) - 1, np.cumsum(threads) - 1
        parent = self.parent[rows]
        place = decode.Layout(
            thread[self.seen.thread[rows]], self.seen.position[rows], self.seen.sizes[threads],
            row[self.place.later[links]], self.place.lag[links], self.place.longest,
        )  # fmt: skip
        seen = self.seen._replace(thread=place.thread, position=place.position, sizes=place.sizes)
        scored = Scores(self.scored.pair[links], self.scored.top[rows])
        above = np.where(parent >= 0, row[parent], -1)
        return Prepared(seen, place, scored, above, self.has_two_levels)


def prepared(
    comments: pl.DataFrame, parent: Ints, two_levels: bool, weights: scorer.Weights
) -> Prepared:
    """Return what fitting needs of `comments`, whose parents by row are `parent`."""
    seen = compute_features(mask_starting_hosts(comments), weights.rarity)
    clues = evidence.gather_evidence(comments, seen, None)
    place = evidence.add_far_links(clues, seen, lay_out(seen))
    scored = evidence.apply_evidence(clues, seen, score(seen, weights), place)
    return Prepared(seen, place, scored, parent, two_levels)


def chosen(known: Prepared, learn: Flags) -> Prior | None:
    """Return the numbers fitted to the threads of the rows in `learn`, or None if the preset does better.

    That is told on held-out threads among those, as `fit` tells it. None too where `fit` would find them too few.
    """
    threads = np.bincount(known.seen.thread[learn], minlength=len(known.seen.sizes)) > 0
    if threads.sum() < FEWEST_THREADS or (known.seen.position[learn] > 0).sum() < FEWEST_EDGES:
        return None
    own = known.of(_some(known, threads))
    guess, both = _selected(own)
    return _prior("fitted", own, both, None) if _helps(own, guess, _best(own)) else None


def _some(known: Prepared, threads: Flags) -> Flags:
    """Return about `ENOUGH` comments' worth of `threads`, the same on every run."""
    order = np.random.default_rng(0).permutation(np.flatnonzero(threads))
    before = np.cumsum(known.seen.sizes[order]) - known.seen.sizes[order]
    some = np.zeros(len(threads), dtype=bool)
    some[order[before < ENOUGH]] = True
    return some


def _selected(known: Prepared) -> tuple[Ints, bool]:
    """Return the parents found on held-out threads, and whether the second number is worth fitting there."""
    inner, threads = known.seen.position > 0, len(known.seen.sizes)
    alone = held_out(known, both=False, folds=FOLDS if threads >= TESTED_THREADS else threads)
    if known.has_two_levels or threads < TESTED_THREADS:
        return alone, False
    two = held_out(known, both=True)
    is_worth = _share(known, two, inner) > _share(known, alone, inner) + WORTH
    return (two, True) if is_worth else (alone, False)


def _helps(known: Prepared, fitted: Ints, preset: Ints) -> bool:
    """Return whether `fitted` is right more often than `preset` by more than chance among threads gives.

    That is one standard error of the difference, threads being what is drawn. Few threads don't tell that error: there
    no thread may lose, and more comments be gained than the square root of those that differ.
    """
    hits = [right(guess, known.parent, known.has_two_levels) * 1.0 for guess in (fitted, preset)]
    inner = known.seen.position > 0
    gain = np.bincount(known.seen.thread[inner], (hits[0] - hits[1])[inner])
    size = np.bincount(known.seen.thread[inner])
    if len(size) < TESTED_THREADS:
        changed = np.abs(hits[0] - hits[1]).sum()
        return bool((gain >= 0).all() and gain.sum() > np.sqrt(changed))
    rest = gain - size * gain.sum() / max(size.sum(), 1)
    return bool(gain.sum() > np.sqrt((rest**2).sum()))


def held_out(known: Prepared, both: bool, folds: int = FOLDS) -> Ints:
    """Return the parents found with numbers that were fitted to other threads, in `folds` parts."""
    threads = len(known.seen.sizes)
    folds = min(folds, threads)
    # By order of size, so that folds are alike; the same on every run.
    rank = np.empty(threads, dtype=np.int64)
    rank[np.argsort(known.seen.sizes, kind="stable")] = np.arange(threads)
    fold = (rank % folds)[known.seen.thread]
    top, previous = np.zeros(len(fold)), np.zeros(len(fold))
    for k in range(folds):
        top[fold == k], previous[fold == k] = biases(known, fold != k, both)
    spread = PRESET._replace(threads=threads, edges=int((known.seen.position > 0).sum())).spread
    return _best(known, top, previous, spread)


def _best(
    known: Prepared, top: Floats | float = 0.0, previous: Floats | float = 0.0, spread: float = 1.0
) -> Ints:
    found = rebuild(known.seen, known.scored, top, previous, spread, known.place)
    return np.where(found.back > 0, np.arange(len(found.back)) - found.back, -1)


def _share(known: Prepared, guess: Ints, of: Flags) -> float:
    hit = right(guess, known.parent, known.has_two_levels)
    return float(hit[of].mean()) if of.any() else 0.0


class Speakers(NamedTuple):
    """Who speaks where in some threads: what `rule` asks of a `Batch`."""

    thread: Ints
    position: Ints
    author: Ints
    host: Floats
    is_known: Flags


def speakers(comments: pl.DataFrame) -> Speakers:
    """Return who speaks in `comments`, as `compute_features` finds them."""
    thread, sizes = authors.index_threads(comments)
    position = np.arange(len(thread)) - (np.cumsum(sizes) - sizes)[thread]
    author, _ = authors.index_authors(comments, thread)
    return Speakers(thread, position, author, *authors.find_hosts(comments, thread, sizes, author))


def rule(seen: Batch | Speakers) -> Ints:
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


def biases(known: Prepared, learn: Flags, both: bool = True) -> tuple[float, float]:
    """Return the top-level and previous bias under which the trees of the rows in `learn` are likeliest.

    Without `both` the second is left at 0.

    `learn` holds whole threads. Newton's steps with the diagonal of the curvature, which is enough
    for two numbers. A thread's own number differs from its platform's by `THREAD_WIDTH`, so what it tells of the
    platform's is divided by 1 + curvature * `THREAD_WIDTH`^2. Two kinds of link say nothing and would mislead: one that
    reaches further back than the candidates, and on a platform with two levels the page's link to a block's
    first comment, which isn't what the reply answers; there the second number stays 0.
    """
    threads = np.bincount(known.seen.thread[learn], minlength=len(known.seen.sizes)) > 0
    own = known.of(_some(known, threads))
    place, row = own.place, np.arange(len(own.parent))
    told = (place.position > 0) & ((own.parent < 0) | (row - own.parent <= WINDOW))
    links = place.lag == 1
    gold = np.stack([own.parent < 0, own.parent == row - 1]) * 1.0
    is_few = threads.sum() < TESTED_THREADS - TESTED_THREADS // FOLDS
    widths = np.array([FEW_WIDTH if is_few else PLATFORM_WIDTH, PREVIOUS_WIDTH])
    values, size = np.zeros(2), len(place.sizes)
    for _ in range(25):
        pair = own.scored.pair + np.where(place.lag == 1, values[1], 0.0)
        found = decode.compute_posterior(
            place, pair[:, None], (own.scored.top + values[0])[:, None]
        )
        likely = np.zeros((2, len(row)))
        likely[0] = found.top[:, 0]
        likely[1, place.later[links]] = found.pair[links, 0]
        slopes, curves = (
            np.stack([np.bincount(place.thread[told], v[told], minlength=size) for v in each])
            for each in (gold - likely, likely * (1 - likely))
        )
        weights = 1 / (1 + curves * THREAD_WIDTH**2)
        slope = (slopes * weights).sum(axis=1) - values / widths**2
        step = np.clip(slope / ((curves * weights).sum(axis=1) + 1 / widths**2), -1, 1) * 0.8
        if own.has_two_levels or not both:
            step[1] = 0.0
        values = values + step
        if np.abs(step).max() < 1e-3:
            break
    return float(values[0]), float(values[1])
