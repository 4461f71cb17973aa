"""Fit the two biases of a platform (`replies.priors`) to threads with known trees, by maximum a posteriori.

They are only applied to other threads: biases estimated from the reconstruction itself confirm its
mistakes, and made every measure worse (docs/replies.md).
"""

import datetime as dt
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from threadmill.measure.replies.labelled import has_two_levels, judge
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
"""With at least this many threads, the average over held-out threads decides whether a fit helps. With fewer, it must
not hurt any."""
FEW_WIDTH = 0.5
"""Standard deviation of the top-level bias if fewer threads are known: tight, so that one to three change little."""
PREVIOUS_WIDTH = 2.0
"""Standard deviation of the previous bias among platforms."""
FOLDS = 5
DRAWN = 20_000
"""Read about this many comments of a platform at most: all of 25 million would not fit in memory."""
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
"""The previous bias stays 0 unless it gains this much accuracy on held-out threads: mostly it only fits
noise, as with half of reddit_ufc known: .724 without it, .715 with it."""
ENOUGH = 5_000
"""Fit to about this many comments, to bound the time: more would no longer change two numbers."""


class Fitted(NamedTuple):
    """The result of fitting one platform: a prior, or none, and the reason in one sentence."""

    platform: str
    prior: Prior | None
    reason: str
    accuracy: float | None
    """Edge accuracy on held-out threads with the prior; null when it wasn't fitted."""
    rule_accuracy: float | None
    constant_accuracy: float | None
    threads: int


def read_published(con: Any) -> pl.DataFrame:
    """Return the published comments whose parents the source gives, for `fit`.

    They are as a copied page would show them: without times, host and counts of collapsed replies. Each platform
    has whole threads, chosen by a hash of their ids, up to about `DRAWN` comments.
    """
    found: pl.DataFrame = con.sql(PUBLISHED).pl()
    return found.with_columns(
        is_host=pl.lit(None, pl.Boolean),
        hidden_reply_count=pl.lit(None, pl.Int64),
        created_at=pl.lit(None, pl.Datetime("us")),
    )


def select_known_trees(comments: pl.DataFrame) -> tuple[pl.DataFrame, Ints]:
    """Return the threads of `comments` whose parents make a pre-order tree, and the parent of each row.

    `comments` are as for `infer`, with `parent_comment_id`, null at top level. Threads with a parent that is
    missing, is below its reply or crosses another link are left out.
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
    """Fit the platforms of the published threads, write priors that help to `folder`, and return one result for each.

    A platform keeps its row if it has too few threads, or fewer than `TESTED_THREADS` and the row is from more. A
    platform whose fit doesn't help loses its row.

    Raises:
        ValueError: `platforms.csv` exists and is wrong.
    """
    held = read(folder / FILE)
    found = fit(read_published(con), on)
    deciding = [one for one in found if one.accuracy is not None and _may_decide(one, held)]
    kept = {k: v for k, v in held.items() if k not in {one.platform for one in deciding}}
    kept |= {one.platform: one.prior for one in deciding if one.prior}
    if kept != held:
        write(folder / FILE, kept)
    return found


def _may_decide(one: Fitted, held: Priors) -> bool:
    """Return whether a fit may change its platform's row: one from few threads may not change a row from more."""
    return one.threads >= min(TESTED_THREADS, held.get(one.platform, PRESET).threads)


def fit(comments: pl.DataFrame, on: dt.date, weights: scorer.Weights | None = None) -> list[Fitted]:
    """Return one result per platform of `comments`, whose trees are known; see `select_known_trees`.

    A result has a prior only if, on held-out threads, it is no worse than the rule, than calling everything top level
    and than calling everything an answer to the previous comment, and better than the preset. With at least
    `TESTED_THREADS` threads it must be better by more than the standard error. With fewer, each is left out in
    turn; then it must be no worse on any, and better in total by more than chance: only threads that are alike
    say something about the platform.
    """
    weights = weights or scorer.load()
    trees, _ = select_known_trees(comments)
    out = []
    for platform in sorted(trees["platform"].unique().to_list()):
        own, parent = select_known_trees(trees.filter(pl.col("platform") == platform))
        out.append(_fit_platform(platform, own, parent, on, weights))
    return out


def _fit_platform(
    platform: str, comments: pl.DataFrame, parent: Ints, on: dt.date, weights: scorer.Weights
) -> Fitted:
    known = prepare(comments, parent, has_two_levels(parent), weights)
    inner = known.seen.position > 0
    threads, edges = len(known.seen.sizes), int(inner.sum())
    if threads < FEWEST_THREADS or edges < FEWEST_EDGES:
        reason = (
            f"{counted(threads, 'thread')} with {counted(edges, 'known edge')}; "
            f"needs {FEWEST_THREADS} and {FEWEST_EDGES}"
        )
        return Fitted(platform, None, reason, None, None, None, threads)
    guess, both = _select_biases(known)
    accuracy = _measure_accuracy(known, guess, inner)
    row = np.arange(len(parent))
    plain = _infer_parents(known)
    preset = _measure_accuracy(known, plain, inner)
    rule_accuracy = _measure_accuracy(known, apply_rule(known.seen), inner)
    constant = max(
        _measure_accuracy(known, np.full(len(row), -1), inner),
        _measure_accuracy(known, row - 1, inner),
    )
    if accuracy < max(rule_accuracy, constant) or not _helps(known, guess, plain):
        reason = (
            f"on held-out threads the fit is right for {accuracy:.1%} of comments, the preset for "
            f"{preset:.1%}, the rule for {rule_accuracy:.1%}, the best constant for {constant:.1%}; "
            "the preset stays"
        )
        return Fitted(platform, None, reason, accuracy, rule_accuracy, constant, threads)
    prior = _fit_prior(platform, known, both, on)
    reason = (
        f"right for {accuracy:.1%} of comments of held-out threads; "
        f"preset {preset:.1%}, rule {rule_accuracy:.1%}"
    )
    return Fitted(platform, prior, reason, accuracy, rule_accuracy, constant, threads)


def _fit_prior(platform: str, known: "Prepared", both: bool, on: dt.date | None) -> Prior:
    top, previous = fit_biases(known, np.ones(len(known.parent), dtype=bool), both)
    threads, edges = len(known.seen.sizes), int((known.seen.position > 0).sum())
    return Prior(platform, round(top, 4), round(previous, 4), threads, edges, on)


class Prepared(NamedTuple):
    """Threads with known trees, their features, and their scores with the evidence in the text."""

    seen: Batch
    place: decode.Layout
    scored: Scores
    parent: Ints
    has_two_levels: bool

    def select(self, threads: Flags) -> "Prepared":
        """Return some of the threads. In `seen`, only the fields that fitting and decoding need are valid."""
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


def prepare(
    comments: pl.DataFrame, parent: Ints, two_levels: bool, weights: scorer.Weights
) -> Prepared:
    """Return the features and scores of `comments`; `parent` is the row of each comment's parent."""
    seen = compute_features(mask_starting_hosts(comments), weights.rarity)
    clues = evidence.gather_evidence(comments, seen, None)
    place = evidence.add_far_links(clues, seen, lay_out(seen))
    scored = evidence.apply_evidence(clues, seen, score(seen, weights), place)
    return Prepared(seen, place, scored, parent, two_levels)


def choose_prior(known: Prepared, learn: Flags) -> Prior | None:
    """Return the prior fitted to the threads of the rows in `learn`, None if the preset does better.

    Held-out threads among them decide, as in `fit`. None also if `fit` would need more threads.
    """
    threads = np.bincount(known.seen.thread[learn], minlength=len(known.seen.sizes)) > 0
    if threads.sum() < FEWEST_THREADS or (known.seen.position[learn] > 0).sum() < FEWEST_EDGES:
        return None
    own = known.select(_draw_threads(known, threads))
    guess, both = _select_biases(own)
    return (
        _fit_prior("fitted", own, both, None) if _helps(own, guess, _infer_parents(own)) else None
    )


def _draw_threads(known: Prepared, threads: Flags) -> Flags:
    """Return some of `threads`, about `ENOUGH` comments in all, the same on every run."""
    order = np.random.default_rng(0).permutation(np.flatnonzero(threads))
    before = np.cumsum(known.seen.sizes[order]) - known.seen.sizes[order]
    some = np.zeros(len(threads), dtype=bool)
    some[order[before < ENOUGH]] = True
    return some


def _select_biases(known: Prepared) -> tuple[Ints, bool]:
    """Return the parents found on held-out threads, and whether fitting the previous bias is worth it."""
    inner, threads = known.seen.position > 0, len(known.seen.sizes)
    alone = infer_held_out(known, both=False, folds=FOLDS if threads >= TESTED_THREADS else threads)
    if known.has_two_levels or threads < TESTED_THREADS:
        return alone, False
    two = infer_held_out(known, both=True)
    is_worth = _measure_accuracy(known, two, inner) > _measure_accuracy(known, alone, inner) + WORTH
    return (two, True) if is_worth else (alone, False)


def _helps(known: Prepared, fitted: Ints, preset: Ints) -> bool:
    """Return whether `fitted` is right more often than `preset` by more than chance.

    Chance is one standard error of the difference, with threads as the sample. With too few threads for that, no
    thread may get worse, and the gain must exceed the square root of the number of comments that differ.
    """
    hits = [judge(guess, known.parent, known.has_two_levels) * 1.0 for guess in (fitted, preset)]
    inner = known.seen.position > 0
    gain = np.bincount(known.seen.thread[inner], (hits[0] - hits[1])[inner])
    size = np.bincount(known.seen.thread[inner])
    if len(size) < TESTED_THREADS:
        changed = np.abs(hits[0] - hits[1]).sum()
        return bool((gain >= 0).all() and gain.sum() > np.sqrt(changed))
    rest = gain - size * gain.sum() / max(size.sum(), 1)
    return bool(gain.sum() > np.sqrt((rest**2).sum()))


def infer_held_out(known: Prepared, both: bool, folds: int = FOLDS) -> Ints:
    """Return the parents found with biases that were fitted to other threads, in `folds` folds."""
    threads = len(known.seen.sizes)
    folds = min(folds, threads)
    # Threads are dealt by size, so that folds are alike; the same on every run.
    rank = np.empty(threads, dtype=np.int64)
    rank[np.argsort(known.seen.sizes, kind="stable")] = np.arange(threads)
    fold = (rank % folds)[known.seen.thread]
    top, previous = np.zeros(len(fold)), np.zeros(len(fold))
    for k in range(folds):
        top[fold == k], previous[fold == k] = fit_biases(known, fold != k, both)
    spread = PRESET._replace(threads=threads, edges=int((known.seen.position > 0).sum())).spread
    return _infer_parents(known, top, previous, spread)


def _infer_parents(
    known: Prepared, top: Floats | float = 0.0, previous: Floats | float = 0.0, spread: float = 1.0
) -> Ints:
    found = rebuild(known.seen, known.scored, top, previous, spread, known.place)
    return np.where(found.back > 0, np.arange(len(found.back)) - found.back, -1)


def _measure_accuracy(known: Prepared, guess: Ints, of: Flags) -> float:
    hit = judge(guess, known.parent, known.has_two_levels)
    return float(hit[of].mean()) if of.any() else 0.0


class Speakers(NamedTuple):
    """Who wrote where in some threads: the fields of a `Batch` that `apply_rule` needs."""

    thread: Ints
    position: Ints
    author: Ints
    host: Floats
    is_known: Flags


def find_speakers(comments: pl.DataFrame) -> Speakers:
    """Return who wrote each of `comments`, as `compute_features` finds it."""
    thread, sizes = authors.index_threads(comments)
    position = np.arange(len(thread)) - (np.cumsum(sizes) - sizes)[thread]
    author, _ = authors.index_authors(comments, thread)
    return Speakers(thread, position, author, *authors.find_hosts(comments, thread, sizes, author))


def apply_rule(seen: Batch | Speakers) -> Ints:
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


def fit_biases(known: Prepared, learn: Flags, both: bool = True) -> tuple[float, float]:
    """Return the top-level and previous bias under which the trees of the rows in `learn` are likeliest.

    Without `both`, the previous bias is 0. `learn` holds whole threads.

    Newton steps with the diagonal of the curvature are enough for two numbers. A thread's own bias differs from its
    platform's by `THREAD_WIDTH`, so its information about the platform is divided by 1 + curvature *
    `THREAD_WIDTH`^2. Two kinds of link would mislead and are left out: those that reach further back than the
    candidates, and, on a platform with two levels, the page's link to a block's first comment, which isn't what the
    reply answers; there the previous bias stays 0.
    """
    threads = np.bincount(known.seen.thread[learn], minlength=len(known.seen.sizes)) > 0
    own = known.select(_draw_threads(known, threads))
    place, row = own.place, np.arange(len(own.parent))
    judged = (place.position > 0) & ((own.parent < 0) | (row - own.parent <= WINDOW))
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
            np.stack([np.bincount(place.thread[judged], v[judged], minlength=size) for v in each])
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
