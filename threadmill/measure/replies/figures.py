"""Measure and format the figures of docs/replies.md.

`train.measure_left_out` measures each source with weights that were trained without its platform.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from threadmill.measure.replies.evaluate import hide_columns
from threadmill.measure.replies.fitting import Prepared, choose_prior, prepare
from threadmill.measure.replies.labelled import Source, judge
from threadmill.replies.model import scorer
from threadmill.replies.model.rebuilt import REPLY_WORTH, rebuild
from threadmill.replies.priors import PRESET, Prior

FIGURES = (
    "edge_accuracy", "reply_accuracy", "ece", "top3_recall", "accuracy_at_50", "accuracy_at_80",
    "top_level_f1", "ancestor_f", "depth_error", "best_tree_share_bias", "expected_share_bias",
)  # fmt: skip
ASKED: dict[str, dict[str, Any]] = {
    "host unknown": {}, "host known": {"host": "known"}, "half the threads known": {"prior": "half"}
}  # fmt: skip
"""Conditions under which whole sources are measured → the options of `evaluate`."""
SHOWN: dict[str, tuple[bool, bool, bool]] = {
    "as in the file": (False, True, False), "likes hidden": (False, False, False),
    "Top order": (True, True, False), "Top order, days shown": (True, True, True),
}  # fmt: skip
"""Kinds of pages compared → whether top-level comments are sorted by likes, whether likes are shown, and days."""
WORTHS = (1.0, 1.15, REPLY_WORTH, 1.75)
"""Values compared for the worth of a right link (`rebuilt.REPLY_WORTH`)."""
Ints = NDArray[np.int64]
FEW, DRAWS = (2, 3), 4
"""A platform is fitted to each of these numbers of threads, in this many random draws."""


def measure_pages(
    source: Source, top: Source, weights: scorer.Weights
) -> dict[str, dict[str, float]]:
    """Return `accuracy`, `recall` and `bias` by kind of page and worth of a reply, and the effect of few known threads.

    `top` is `source` in "Top" order.
    """
    found = {}
    for name, (is_top, likes, days) in SHOWN.items():
        page = top if is_top else source
        flat = hide_columns(page.comments, "unknown", likes, days)
        known = prepare(flat, page.parent, page.has_two_levels, weights)
        found[name] = _compute_measures(known, _infer_parents(known))
        if name == "as in the file":
            for worth in WORTHS:
                found[f"a reply counts {worth:g}"] = _compute_measures(
                    known, _infer_parents(known, worth=worth)
                )
            found |= {f"{count} threads": _measure_few(known, count) for count in FEW}
    return found


def _infer_parents(known: Prepared, prior: Prior = PRESET, worth: float = REPLY_WORTH) -> Ints:
    numbers = prior.top_level_bias, prior.previous_bias, prior.spread
    found = rebuild(known.seen, known.scored, *numbers, known.place, worth)
    return np.where(found.back > 0, np.arange(len(found.back)) - found.back, -1)


def _compute_measures(known: Prepared, guess: Ints) -> dict[str, float]:
    judged = known.seen.position > 0
    hit = judge(guess, known.parent, known.has_two_levels)[judged]
    is_reply = known.parent[judged] >= 0
    return {
        "accuracy": float(hit.mean()), "recall": float((hit & is_reply).sum() / max(is_reply.sum(), 1)),
        "bias": float(is_reply.mean() - (guess[judged] >= 0).mean()),
    }  # fmt: skip


def _measure_few(known: Prepared, count: int) -> dict[str, float]:
    """Return how a fit to `count` threads changes accuracy on the others, over `DRAWS` draws: `change` and `worst`."""
    threads = len(known.seen.sizes)
    before = judge(_infer_parents(known), known.parent, known.has_two_levels)
    changes = []
    for draw in range(DRAWS if threads > count else 0):
        drawn = np.random.default_rng([count, draw]).permutation(threads)[:count]
        learned = np.isin(known.seen.thread, drawn)
        prior = choose_prior(known, learned)
        if prior is None:
            changes.append(0.0)
            continue
        after = judge(_infer_parents(known, prior), known.parent, known.has_two_levels)
        judged = (known.seen.position > 0) & ~learned
        changes.append(float(after[judged].mean() - before[judged].mean()))
    return {"change": float(np.mean(changes or [0.0])), "worst": min(changes, default=0.0)}


def collect_figures(found: dict[str, Any], pages: dict[str, Any]) -> dict[str, Any]:
    """Return the figures of the card from the results of `evaluate` and `measure_pages` for each source."""
    return {
        name: {
            "macro": {k: _average(s[k] for s in sources.values()) for k in FIGURES},
            "sources": {
                n: {k: round(s[k], 4) for k in ("edges", *FIGURES)}
                | {k: round(v["edge_accuracy"], 4) for k, v in s["baselines"].items()}
                for n, s in sources.items()
            },
        }
        for name, sources in found.items()
    } | {
        "pages": {
            name: {
                condition: {k: round(v, 4) for k, v in measures.items()}
                for condition, measures in conditions.items()
            }
            for name, conditions in pages.items()
        }
    }  # fmt: skip


def _average(values: Iterable[float]) -> float:
    return round(float(np.mean(list(values))), 4)


def format_tables(figures: dict[str, Any]) -> str:
    """Return the figures of a card as the Markdown tables of docs/replies.md; "–" is not measured."""
    plain, host, half = (figures[k]["sources"] for k in ASKED)
    first = [
        "| source | edges | accuracy | of replies | calibration error | in best 3 | surest 50 % / 80 % | "
        "host known | half | its error |",
        f"|{'---|' * 10}",
    ]
    second = [
        "| source | all top level | previous | rule | rule, host known | top level F1 | ancestor F | depth error | "
        "top-level share, best tree | expected |",
        f"|{'---|' * 10}",
    ]
    for n, one in plain.items():
        first.append(
            f"| {n} | {one['edges']} | {one['edge_accuracy']:.3f} | {one['reply_accuracy']:.3f} | {one['ece']:.3f} | "
            f"{one['top3_recall']:.3f} | {one['accuracy_at_50']:.3f} / {one['accuracy_at_80']:.3f} | "
            f"{_format_cell(host, n, 'edge_accuracy')} | {_format_cell(half, n, 'edge_accuracy')} | "
            f"{_format_cell(half, n, 'ece')} |"
        )
        second.append(
            f"| {n} | {one['all_top_level']:.3f} | {one['previous']:.3f} | {one['rule']:.3f} | "
            f"{_format_cell(host, n, 'rule')} | {one['top_level_f1']:.3f} | {one['ancestor_f']:.3f} | "
            f"{one['depth_error']:.2f} | {one['best_tree_share_bias']:+.3f} | {one['expected_share_bias']:+.3f} |"
        )
    # Don't show a mean over only some of the sources.
    one = figures["host unknown"]["macro"]
    known, fitted = (
        {"macro": figures[k]["macro"]} if figures[k]["sources"].keys() == plain.keys() else {}
        for k in ("host known", "half the threads known")
    )
    first.append(
        f"| **macro** | | **{one['edge_accuracy']:.3f}** | {one['reply_accuracy']:.3f} | {one['ece']:.3f} | "
        f"{one['top3_recall']:.3f} | {one['accuracy_at_50']:.3f} / {one['accuracy_at_80']:.3f} | "
        f"{_format_cell(known, 'macro', 'edge_accuracy')} | {_format_cell(fitted, 'macro', 'edge_accuracy')} | "
        f"{_format_cell(fitted, 'macro', 'ece')} |"
    )
    return "\n".join([*first, "", *second, "", *_format_pages(figures["pages"]), ""])


def _format_pages(pages: dict[str, Any]) -> list[str]:
    """Return the tables by kind of page, and by worth of a reply."""
    macro = {
        condition: {k: _average(p[condition][k] for p in pages.values()) for k in measures}
        for condition, measures in next(iter(pages.values())).items()
    }
    first = [
        f"| source | {' | '.join(SHOWN)} | 2 threads known | 3 threads known |",
        f"|{'---|' * (len(SHOWN) + 3)}",
    ]
    for name, own in [*pages.items(), ("**macro**", macro)]:
        cells = [f"{own[page]['accuracy']:.3f} ({own[page]['recall']:.3f})" for page in SHOWN]
        cells += [
            f"{own[few]['change']:+.3f} ({own[few]['worst']:+.3f})"
            for few in ("2 threads", "3 threads")
        ]
        first.append(f"| {name} | {' | '.join(cells)} |")
    second = [
        "| a right reply counts | accuracy | recall of true replies | top-level bias |",
        f"|{'---|' * 4}",
    ]
    for worth in WORTHS:
        one = macro[f"a reply counts {worth:g}"]
        second.append(
            f"| {worth:g} | {one['accuracy']:.3f} | {one['recall']:.3f} | {one['bias']:+.3f} |"
        )
    return [*first, "", *second]


def _format_cell(sources: dict[str, Any], name: str, measure: str) -> str:
    return f"{sources[name][measure]:.3f}" if name in sources else "–"
