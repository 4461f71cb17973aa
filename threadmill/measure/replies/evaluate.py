"""Measure how accurately trees are rebuilt: flatten known trees, run `infer` on them, and compare.

The first comment of a thread is always top level and isn't counted. On platforms with two levels
(replies to replies are attached to the top-level comment) a reply counts as right if it is in the right block.
Calibration error is the expected one over ten equal bins (Naeini et al. 2015).
"""

import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from threadmill.measure.replies import two_levels
from threadmill.measure.replies.fitting import apply_rule, choose_prior, find_speakers, prepare
from threadmill.measure.replies.labelled import Order, Source, find_blocks, judge, read
from threadmill.replies import Inferred, infer
from threadmill.replies.model import scorer

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Host = Literal["known", "unknown"]
Known = Literal["none", "three", "loo", "half"]

BINS = 10
LOO_FOLDS = 10
"""Sources with more threads than this use this many folds instead of one per thread."""
COLUMNS = {
    "edges": "edges", "edge_accuracy": "accuracy", "reply_accuracy": "recall of true replies",
    "best_tree_share_bias": "top-level bias", "ece": "calibration error", "top3_recall": "in best 3",
    "all_top_level": "all top level", "previous": "all answer the previous", "rule": "two-line rule",
}  # fmt: skip
"""The measures that `format_table` shows, and their headings; the last three are the accuracies of the baselines."""
FEW = 3
"""`prior` "three" is fitted to this many threads."""


def evaluate(
    paths: Iterable[str | Path],
    host: Host = "unknown",
    prior: Known = "none",
    weights: scorer.Weights | None = None,
    likes: bool = True,
    days: bool = False,
    order: Order = "file",
) -> dict[str, Any]:
    """Return `overall` and `sources`, one set of measures each.

    `paths` are `.ndjson` or `.ndjson.gz` files, see `threadmill.measure.replies.labelled.read`; `weights` the shipped
    ones unless others are given. With `host` "known", authors flagged in the file are hosts; otherwise nobody
    is. With `prior` "loo" a platform's biases are fitted to the file's other threads (in ten folds if there are
    more), with "half" to the other half, with "three" to three threads, which aren't counted; if `fit` would keep
    the preset, it is used. Likes are shown unless `likes` is false, the days of `created_at` only if `days` is
    true. With `order` "top", top-level comments are sorted by likes (`labelled.read`).

    Shares are 0 to 1; `edges` counts all comments except each thread's first; `depth_error` is in levels;
    `*_share_bias` is the rebuilt share of top-level comments minus the true one. `addressees` counts the replies
    that have an addressee beside their parent when trees are cut to two levels, and those that answer the addressee
    or the top, by the addressee's probability (`replies.addressees`); platforms that have two levels are left out.
    In `overall`, measures are over all edges, and `macro_edge_accuracy` and `macro_ece` are means over sources.

    Raises:
        ValueError: a file can't be read, has a line that isn't a comment, or no thread of two comments; two files
            have the same name; or an option is unknown.
    """
    if host not in ("known", "unknown"):
        raise ValueError(f'host: {host!r} is not known; use "known" or "unknown"')
    if prior not in ("none", "three", "loo", "half"):
        raise ValueError(f'prior: {prior!r} is not known; use "none", "three", "loo" or "half"')
    if order not in ("file", "top"):
        raise ValueError(f'order: {order!r} is not known; use "file" or "top"')
    weights = weights or scorer.load()
    seen = []
    for path in map(Path, _require_unique_names(paths)):
        source = read(path, order=order)
        addressed = [] if source.has_two_levels else two_levels.measure(path)
        seen.append(
            _Rebuilt(
                source, addressed, hide_columns(source.comments, host, likes, days), prior, weights
            )
        )
    for one in seen:
        if not one.inner.any():
            raise ValueError(
                f"{one.source.name}: no thread of two comments or more; nothing to compare"
            )
    sources = {one.source.name: _compute_measures([one]) for one in seen}
    overall = _compute_measures(seen) if seen else {}
    if sources:
        overall["macro_edge_accuracy"] = _average(s["edge_accuracy"] for s in sources.values())
        overall["macro_ece"] = _average(s["ece"] for s in sources.values())
    return {"host": host, "prior": prior, "overall": overall, "sources": sources}


def format_table(result: dict[str, Any]) -> str:
    """Return the main measures of `evaluate` as a Markdown table, one row per source, then one for all."""
    rows = [*result["sources"].items(), ("overall", result["overall"])]
    lines = [
        f"| source | {' | '.join(COLUMNS.values())} |",
        f"|---|{'---|' * len(COLUMNS)}",
    ]
    for name, measures in rows:
        flat = measures | {k: v["edge_accuracy"] for k, v in measures.get("baselines", {}).items()}
        cells = [
            f"{flat[k]:+.3f}" if k.endswith("bias") else
            f"{flat[k]:.3f}" if isinstance(flat[k], float) else str(flat[k])
            for k in COLUMNS
        ]  # fmt: skip
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def describe_addressees(result: dict[str, Any]) -> str:
    """Return in a sentence how often replies answer the people they address; empty if none address anybody."""
    counts = [
        f"{one['right']:,} of {one['replies']:,} (taken to be {one['probability']:.0%}; {one['top']:,} answer the top)"
        for one in result["overall"].get("addressees", [])
    ]
    return (
        f"Cut to two levels, replies answer the one they address: {', '.join(counts)}"
        if counts
        else ""
    )


def _require_unique_names(paths: Iterable[str | Path]) -> list[str]:
    """Return `paths` sorted; raise `ValueError` if two files have the same name, because results are keyed by it."""
    ordered = sorted(map(str, paths))
    names: dict[str, str] = {}
    for path in ordered:
        name = Path(path).name.removesuffix(".gz").removesuffix(".ndjson")
        if names.setdefault(name, path) != path or ordered.count(path) > 1:
            raise ValueError(f"{path}: {names[name]} has the same name; each source needs its own")
    return ordered


def _average(values: Iterable[float]) -> float:
    return float(np.mean(list(values)))


class _Rebuilt:
    """One source with its true and its rebuilt trees."""

    def __init__(
        self,
        source: Source,
        addressed: list[two_levels.Measured],
        flat: pl.DataFrame,
        prior: Known,
        weights: scorer.Weights,
    ) -> None:
        self.source, self.addressed = source, addressed
        self.gold = source.parent
        self.row = np.arange(len(self.gold))
        found, self.seconds, fitted = _infer(source, flat, prior, weights)
        self.inner = (flat["position"].to_numpy() > 0) & ~fitted
        places = {c: k for k, c in enumerate(flat["comment_id"].to_list())}
        named = found.parents["parent_comment_id"].to_list()
        self.parent = np.array([-1 if p is None else places[p] for p in named], dtype=np.int64)
        self.confidence = found.parents["confidence"].to_numpy()
        candidates = found.candidates.filter(pl.col("kind") != "other")
        self.child = np.array([places[c] for c in candidates["comment_id"]], dtype=np.int64)
        self.candidate = np.array(
            [-1 if p is None else places[p] for p in candidates["parent_comment_id"]],
            dtype=np.int64,
        )
        self.rank = candidates["rank"].to_numpy()
        self.probability = candidates["probability"].to_numpy()
        self.rule = apply_rule(find_speakers(flat))
        self.block = find_blocks(self.gold)

    def judge(self, parent: Ints) -> Flags:
        """Return which parents are right; where the source has two levels, which are in the right block."""
        return judge(parent, self.gold, self.source.has_two_levels)

    def find_in_best_three(self) -> Flags:
        """Return per comment whether its true parent is among the three likeliest."""
        gold = self.gold[self.child]
        if self.source.has_two_levels:
            inside = (self.candidate >= 0) & (self.block[self.candidate] == self.block[self.child])
            hit = np.where(gold < 0, self.candidate < 0, inside)
        else:
            hit = self.candidate == gold
        return np.bincount(self.child, hit & (self.rank <= 3), minlength=len(self.gold)) > 0

    def sum_top(self) -> NDArray[np.float64]:
        """Return per comment the probability of top level."""
        tops = self.candidate < 0
        return np.bincount(
            self.child[tops], self.probability[tops], minlength=len(self.gold)
        ).astype(float)


def hide_columns(
    comments: pl.DataFrame, host: Host, likes: bool = True, days: bool = False
) -> pl.DataFrame:
    """Return `comments` as a page without nesting shows them, with or without its host, likes and days.

    A thread none of whose commenters is flagged has no known host.
    """
    flagged = pl.col("is_host").any().over("thread_id") & (host == "known")
    return comments.with_columns(
        is_host=pl.when(flagged).then("is_host"),
        like_count=pl.when(likes).then("like_count"),
        created_on=pl.when(days).then("created_on"),
    )


def _infer(
    source: Source, flat: pl.DataFrame, prior: Known, weights: scorer.Weights
) -> tuple[Inferred, float, Flags]:
    """Return the result of `infer` for `flat`, in its order, the CPU seconds it took, and the rows it was fitted to."""
    thread = flat["thread_id"].rle_id().to_numpy().astype(np.int64)
    threads = int(thread.max(initial=-1)) + 1
    nothing = np.zeros(len(thread), dtype=bool)
    if prior == "none" or threads < 2 or (prior == "three" and threads <= FEW):
        begun = time.process_time()
        found = infer(flat, weights=weights)
        return found, time.process_time() - begun, nothing
    drawn = np.random.default_rng(0).permutation(threads)
    known = prepare(flat, source.parent, source.has_two_levels, weights)
    if prior == "three":
        learned = drawn[thread] < FEW
        fitted = choose_prior(known, learned)
        begun = time.process_time()
        found = infer(flat, priors={source.name: fitted} if fitted else None, weights=weights)
        return found, time.process_time() - begun, learned
    folds = 2 if prior == "half" else min(threads, LOO_FOLDS)
    fold = (drawn % folds)[thread]
    parts, seconds = [], 0.0
    for k in range(folds):
        fitted = choose_prior(known, fold != k)
        begun = time.process_time()
        parts.append(
            infer(
                flat.filter(pl.Series(fold == k)),
                priors={source.name: fitted} if fitted else None,
                weights=weights,
            )
        )
        seconds += time.process_time() - begun
    order = pl.DataFrame({"comment_id": flat["comment_id"]}).with_row_index("row")
    parents = (
        pl.concat([p.parents for p in parts]).join(order, on="comment_id").sort("row").drop("row")
    )
    candidates = pl.concat([p.candidates for p in parts])
    return Inferred(parents, candidates, parts[0].priors), seconds, nothing


def _compute_measures(seen: Sequence[_Rebuilt]) -> dict[str, Any]:
    def join(values: Iterable[NDArray[Any]]) -> NDArray[Any]:
        return np.concatenate([v[one.inner] for v, one in zip(values, seen, strict=True)])

    right = join(one.judge(one.parent) for one in seen)
    confidence = join(one.confidence for one in seen)
    top, gold = join(one.parent < 0 for one in seen), join(one.gold < 0 for one in seen)
    precision, recall = _divide(top & gold, top), _divide(top & gold, gold)
    order = np.argsort(-confidence, kind="stable")
    comments = sum(len(one.gold) for one in seen)
    return {
        "edges": len(right),
        "edge_accuracy": float(right.mean()) if len(right) else 0.0,
        "reply_accuracy": _divide(right & ~gold, ~gold),
        "top_level_precision": precision, "top_level_recall": recall,
        "top_level_f1": 2 * precision * recall / max(precision + recall, 1e-12),
        "ancestor_f": _compute_ancestor_f(seen),
        "depth_error": float(np.abs(join(_compute_depths(o.parent) - _compute_depths(o.gold) for o in seen)).mean()),
        "ece": measure_calibration_error(confidence, right),
        "accuracy_at_50": float(right[order[: len(order) // 2]].mean()) if len(order) > 1 else 0.0,
        "accuracy_at_80": float(right[order[: int(len(order) * 0.8)]].mean()) if len(order) > 1 else 0.0,
        "top3_recall": float(join(one.find_in_best_three() for one in seen).mean()),
        "best_tree_share_bias": float(top.mean() - gold.mean()),
        "expected_share_bias": float(join(one.sum_top() for one in seen).mean() - gold.mean()),
        "addressees": [
            m._asdict() for m in two_levels.sum_by_probability(m for one in seen for m in one.addressed)
        ],
        "comments_per_second": comments / max(sum(one.seconds for one in seen), 1e-9),
        "baselines": {
            name: _measure_baseline(join(one.judge(p) for one, p in zip(seen, guess, strict=True)), gold,
                               join(p < 0 for p in guess))
            for name, guess in (
                ("all_top_level", [np.full(len(one.gold), -1) for one in seen]),
                ("previous", [np.where(one.inner, one.row - 1, -1) for one in seen]),
                ("rule", [one.rule for one in seen]),
            )
        },
    }  # fmt: skip


def _measure_baseline(right: Flags, gold: Flags, top: Flags) -> dict[str, float]:
    return {
        "edge_accuracy": float(right.mean()) if len(right) else 0.0,
        "reply_accuracy": _divide(right & ~gold, ~gold),
        "best_tree_share_bias": float(top.mean() - gold.mean()) if len(right) else 0.0,
    }


def _divide(part: Flags, whole: Flags) -> float:
    return float(part.sum() / max(whole.sum(), 1))


def measure_calibration_error(confidence: NDArray[np.float64], right: Flags) -> float:
    """Return the mean distance of confidence from accuracy over ten bins, weighted by their size."""
    bins = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    size = np.bincount(bins, minlength=BINS)
    gap = np.bincount(bins, confidence, BINS) - np.bincount(bins, right, BINS)
    return float(np.abs(gap).sum() / max(size.sum(), 1))


def _compute_depths(parent: Ints) -> Ints:
    depth = np.zeros(len(parent), dtype=np.int64)
    for k in np.flatnonzero(parent >= 0).tolist():
        depth[k] = depth[parent[k]] + 1
    return depth


def _compute_ancestor_f(seen: Sequence[_Rebuilt]) -> float:
    """Return the F measure of (comment, ancestor) pairs."""
    both = guessed = true = 0
    for one in seen:
        ours: list[frozenset[int]] = []
        theirs: list[frozenset[int]] = []
        for p, g in zip(one.parent.tolist(), one.gold.tolist(), strict=True):
            ours.append(frozenset() if p < 0 else ours[p] | {p})
            theirs.append(frozenset() if g < 0 else theirs[g] | {g})
            both += len(ours[-1] & theirs[-1])
            guessed += len(ours[-1])
            true += len(theirs[-1])
    return 2 * both / max(guessed + true, 1)
