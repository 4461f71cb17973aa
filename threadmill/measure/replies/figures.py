"""The figures of docs/replies.md: what is measured of a source, and the tables of it.

`train.left_out` measures with weights that were trained without the source's platform.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from threadmill.measure.replies.evaluate import hidden
from threadmill.measure.replies.fitting import Prepared, chosen, prepared
from threadmill.measure.replies.labelled import Source, right
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
"""What is measured of whole sources → the options of `evaluate` for it."""
SHOWN: dict[str, tuple[bool, bool, bool]] = {
    "as in the file": (False, True, False), "likes hidden": (False, False, False),
    "Top order": (True, True, False), "Top order, days shown": (True, True, True),
}  # fmt: skip
"""Pages that are compared → whether top-level comments stand by likes, whether likes show, and whether days do."""
WORTHS = (1.0, 1.15, REPLY_WORTH, 1.5, 1.75)
"""What a right link counts beside a right top level (`rebuilt.REPLY_WORTH`)."""
Ints = NDArray[np.int64]
FEW, DRAWS = (2, 3), 4
"""Of how many threads a platform is fitted, each time of so many draws."""


def shown(source: Source, top: Source, weights: scorer.Weights) -> dict[str, dict[str, float]]:
    """Return `accuracy`, `recall` and `bias` by page and worth of a reply, and what few labelled threads change.

    `top` is `source` in "Top" order.
    """
    found = {}
    for name, (is_top, likes, days) in SHOWN.items():
        page = top if is_top else source
        flat = hidden(page.comments, "unknown", likes, days)
        known = prepared(flat, page.parent, page.has_two_levels, weights)
        found[name] = _measures(known, _parents(known))
        if name == "as in the file":
            for worth in WORTHS:
                found[f"a reply counts {worth:g}"] = _measures(known, _parents(known, worth=worth))
            found |= {f"{count} threads": _few(known, count) for count in FEW}
    return found


def _parents(known: Prepared, prior: Prior = PRESET, worth: float = REPLY_WORTH) -> Ints:
    numbers = prior.top_level_bias, prior.previous_bias, prior.spread
    found = rebuild(known.seen, known.scored, *numbers, known.place, worth)
    return np.where(found.back > 0, np.arange(len(found.back)) - found.back, -1)


def _measures(known: Prepared, guess: Ints) -> dict[str, float]:
    told = known.seen.position > 0
    hit = right(guess, known.parent, known.has_two_levels)[told]
    is_reply = known.parent[told] >= 0
    return {
        "accuracy": float(hit.mean()), "recall": float((hit & is_reply).sum() / max(is_reply.sum(), 1)),
        "bias": float(is_reply.mean() - (guess[told] >= 0).mean()),
    }  # fmt: skip


def _few(known: Prepared, count: int) -> dict[str, float]:
    """Return what a fit to `count` threads changes on the others, over `DRAWS` draws: `change` and `worst`."""
    threads = len(known.seen.sizes)
    before = right(_parents(known), known.parent, known.has_two_levels)
    changes = []
    for draw in range(DRAWS if threads > count else 0):
        drawn = np.random.default_rng([count, draw]).permutation(threads)[:count]
        learned = np.isin(known.seen.thread, drawn)
        prior = chosen(known, learned)
        if prior is None:
            changes.append(0.0)
            continue
        after = right(_parents(known, prior), known.parent, known.has_two_levels)
        told = (known.seen.position > 0) & ~learned
        changes.append(float(after[told].mean() - before[told].mean()))
    return {"change": float(np.mean(changes or [0.0])), "worst": min(changes, default=0.0)}


def figures(found: dict[str, Any], pages: dict[str, Any]) -> dict[str, Any]:
    """Return the figures of the card from what `evaluate` and `shown` say of each source."""
    return {
        name: {
            "macro": {k: _mean(s[k] for s in sources.values()) for k in FIGURES},
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


def _mean(values: Iterable[float]) -> float:
    return round(float(np.mean(list(values))), 4)


def tables(figures: dict[str, Any]) -> str:
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
            f"{_cell(host, n, 'edge_accuracy')} | {_cell(half, n, 'edge_accuracy')} | {_cell(half, n, 'ece')} |"
        )
        second.append(
            f"| {n} | {one['all_top_level']:.3f} | {one['previous']:.3f} | {one['rule']:.3f} | "
            f"{_cell(host, n, 'rule')} | {one['top_level_f1']:.3f} | {one['ancestor_f']:.3f} | "
            f"{one['depth_error']:.2f} | {one['best_tree_share_bias']:+.3f} | {one['expected_share_bias']:+.3f} |"
        )
    # A mean over some of the sources is no mean of all.
    one = figures["host unknown"]["macro"]
    known, fitted = (
        {"macro": figures[k]["macro"]} if figures[k]["sources"].keys() == plain.keys() else {}
        for k in ("host known", "half the threads known")
    )
    first.append(
        f"| **macro** | | **{one['edge_accuracy']:.3f}** | {one['reply_accuracy']:.3f} | {one['ece']:.3f} | "
        f"{one['top3_recall']:.3f} | {one['accuracy_at_50']:.3f} / {one['accuracy_at_80']:.3f} | "
        f"{_cell(known, 'macro', 'edge_accuracy')} | {_cell(fitted, 'macro', 'edge_accuracy')} | "
        f"{_cell(fitted, 'macro', 'ece')} |"
    )
    return "\n".join([*first, "", *second, "", *_of_pages(figures["pages"]), ""])


def _of_pages(pages: dict[str, Any]) -> list[str]:
    """Return the tables of what pages show, and of what a reply counts."""
    macro = {
        condition: {k: _mean(p[condition][k] for p in pages.values()) for k in measures}
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


def _cell(sources: dict[str, Any], name: str, measure: str) -> str:
    return f"{sources[name][measure]:.3f}" if name in sources else "–"
