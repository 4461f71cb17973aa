"""Figures of topics for each label, and examples of what is wrong and what is missed."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

EXAMPLES = 3
"""Show at most this many of each error and label."""
EXCERPT_CHARS = 100
SHOWN_KINDS = 40
"""The plain report shows this many labels, the most frequent ones first; JSON has all."""


def score_sets(gold: set[tuple[str, str]], found: set[tuple[str, str]]) -> dict[str, Any]:
    """Return the figures of `found` against `gold`, pairs of a text and its label; shares are null without a base."""
    right = len(gold & found)
    return {
        "labels": len(gold),
        "found": len(found),
        "right": right,
        "precision": round(right / len(found), 4) if found else None,
        "recall": round(right / len(gold), 4) if gold else None,
        "f1": round(2 * right / (len(gold) + len(found)), 4) if gold or found else None,
    }


def describe_errors(
    gold: set[tuple[str, str]], found: set[tuple[str, str]], texts: Mapping[str, str]
) -> dict[str, Any]:
    """Return `kinds`, the figures of each label, and `wrong` and `missed`, examples of each label's errors.

    `texts` has the words of each text, by the key that `gold` and `found` name it by.
    """
    labels = sorted({label for _, label in gold | found})
    kinds, wrong, missed = {}, [], []
    for label in labels:
        own = {pair for pair in gold if pair[1] == label}
        given = {pair for pair in found if pair[1] == label}
        kinds[label] = score_sets(own, given)
        wrong += _show_examples(given - own, gold, texts, "labelled")
        missed += _show_examples(own - given, found, texts, "found")
    return {"kinds": kinds, "wrong": wrong, "missed": missed}


def _show_examples(
    errors: set[tuple[str, str]],
    others: set[tuple[str, str]],
    texts: Mapping[str, str],
    what: str,
) -> list[dict[str, Any]]:
    """Return the first `EXAMPLES` of `errors`, with what else of `others` is said of each text."""
    shown = sorted(errors, key=_order)[:EXAMPLES]
    keys = {key for key, _ in shown}
    described: dict[str, list[str]] = {key: [] for key in keys}
    for key, label in sorted(others):
        if key in keys:
            described[key].append(label)
    return [
        {
            "label": label,
            "text": key,
            what: described[key],
            "excerpt": " ".join(texts.get(key, "").split())[:EXCERPT_CHARS],
        }
        for key, label in shown
    ]


def _order(pair: tuple[str, str]) -> tuple[int, str]:
    """Return what sorts numbers by value."""
    return (int(pair[0]) if pair[0].isdecimal() else 0, pair[0])


def match_topics(truth: Sequence[str | None], found: Iterable[str]) -> dict[str, str]:
    """Return the label that each topic stands for: the most frequent one of its texts. No topic stands for none."""
    counts: dict[str, Counter[str]] = {}
    for label, topic in zip(truth, found, strict=True):
        if topic and label is not None:
            counts.setdefault(topic, Counter())[label] += 1
    return {
        topic: min(of_topic, key=lambda label, own=of_topic: (-own[label], label))  # type: ignore[misc]
        for topic, of_topic in counts.items()
    }


def describe_topics(
    truth: Sequence[str | None],
    found: Sequence[str],
    texts: Sequence[str],
    names: Mapping[str, str],
) -> dict[str, Any]:
    """Return as `describe_errors` what discovered topics say of labelled texts, counted from 1 as in their file.

    A topic says the label that most of its texts have; several may say the same. `kinds` also has, for each
    label, the `topics` that say it, by their names.
    """
    of_topic = match_topics(truth, found)
    keys = [str(number) for number in range(1, len(truth) + 1)]
    gold = {(key, label) for key, label in zip(keys, truth, strict=True) if label is not None}
    given = {
        (key, of_topic[topic])
        for key, label, topic in zip(keys, truth, found, strict=True)
        if topic in of_topic and label is not None
    }
    described = describe_errors(gold, given, dict(zip(keys, texts, strict=True)))
    for topic, label in sorted(of_topic.items()):
        described["kinds"][label].setdefault("topics", []).append(names.get(topic, topic))
    return described


def format_errors(figures: Mapping[str, Any]) -> str:
    """Return `kinds` as a table, and the examples of errors below it; empty where there are none."""
    kinds = figures.get("kinds", {})
    if not kinds:
        return ""
    shown = sorted(kinds.items(), key=lambda item: (-item[1]["labels"], item[0]))[:SHOWN_KINDS]
    width = max(len(label) for label, _ in shown) + 2
    lines = [f"{'label':<{width}}{'labels':>8}{'found':>8}{'right':>8}{'P':>8}{'R':>8}{'F1':>8}"]
    for label, one in shown:
        shares = (one["precision"], one["recall"], one["f1"])
        cells = "".join(f"{'' if share is None else format(share, '.3f'):>8}" for share in shares)
        topics = f"  {'; '.join(one['topics'])}" if "topics" in one else ""
        lines.append(
            f"{label:<{width}}{one['labels']:>8}{one['found']:>8}{one['right']:>8}{cells}{topics}"
        )
    labels = {label for label, _ in shown}
    for error, other in (("wrong", "labelled"), ("missed", "found")):
        for one in figures[error]:
            if one["label"] in labels:
                described = ", ".join(one[other]) or "nothing"
                place = f"{one['label']}, text {one['text']}, {other} {described}"
                lines.append(f"{error}: {place}: {one['excerpt']}")
    return "\n".join(lines)
