"""Topics: their terms, and the comments that have them."""

import csv
import tomllib
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from reference.frames import declared, frame
from reference.hosts import Row
from reference.words import tokens

_TERMS, _EXPANSION, _LABELS, _CHANGES = (
    "topics.csv", "topics.expanded.csv", "labels.csv", "changes.csv",
)  # fmt: skip
"""Files of a pack: terms of its topics, further terms, labels that a person gave, and what each fit changed."""
_DISCOVERED = "discovered"
"""The pack of topics that were fitted, and their origin."""
_PLACES = {"platform": "platform", "publication": "publication", "thread": "thread_id"}
"""What a pack can be limited to → the column of a thread."""
_REPLACED = "except_pack"
_MILLION = 1_000_000
_BEST = 3


def topic_terms(vocabulary: Path) -> pd.DataFrame:
    """Return one row per topic and term of the packs below `vocabulary`."""
    rows: dict[tuple[str, str], Row] = {}
    ranks: Counter[str] = Counter()
    for path in sorted(vocabulary.glob(f"*/{_TERMS}")):
        pack = tomllib.loads((path.parent / "pack.toml").read_text(encoding="utf-8-sig"))
        renamed = {row["topic"]: row["label"].strip() for row in _lines(path.parent / _LABELS)}
        labels = pack.get("topics", {}) | {
            topic: label for topic, label in renamed.items() if label
        }
        origin = _origin(pack)
        for line in [*_lines(path), *_lines(path.parent / _EXPANSION)]:
            topic, term = line["topic"], " ".join(tokens(line["term"]))
            if (topic, term) not in rows:
                ranks[topic] += 1
                rows[topic, term] = {
                    "topic_id": topic,
                    "label": labels[topic],
                    "version": str(pack["version"]),
                    "origin": origin,
                    "term": term,
                    "weight": float(line.get("weight") or 1),
                    "rank": ranks[topic],
                    "is_ambiguous": line.get("gate") == "thread",
                }
    return frame("topic_terms", rows.values())


def topic_scopes(vocabulary: Path) -> pd.DataFrame:
    """Return one row per pack with topics and place that it is limited to, or pack that stands instead of it."""
    rows = []
    packs = [
        tomllib.loads((path.parent / "pack.toml").read_text(encoding="utf-8-sig"))
        for path in vocabulary.glob(f"*/{_TERMS}")
    ]
    named = {pack["name"] for pack in packs}
    for pack in packs:
        for kind in _PLACES:
            rows += [
                {"origin": _origin(pack), "scope_kind": kind, "scope": place}
                for place in pack.get(f"{kind}s", ())
            ]
        rows += [
            {"origin": f"pack:{other}", "scope_kind": _REPLACED, "scope": _origin(pack)}
            for other in pack.get("instead_of", ())
            if other in named
        ]
    return declared("topic_scopes", frame("topic_scopes", rows))


def _origin(pack: dict[str, object]) -> str:
    return _DISCOVERED if pack["name"] == _DISCOVERED else f"pack:{pack['name']}"


def topic_changes(vocabulary: Path) -> pd.DataFrame:
    """Return one row per fit and topic."""
    rows = _lines(vocabulary / _DISCOVERED / _CHANGES)
    return declared(
        "topic_changes",
        frame("topic_changes", [{key: cell or None for key, cell in row.items()} for row in rows]),
    )


def _lines(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


class Topics(NamedTuple):
    """The terms of all topics, to look words up."""

    words: dict[str, list[tuple[str, int]]]
    """A word → the topics that have it, and what it weighs there, in millionths."""
    phrases: dict[str, list[tuple[str, str]]]
    """A phrase's first word → the phrases, and each as it stands in text whose words have blanks of their own."""
    origins: dict[str, str]
    ambiguous: set[tuple[str, str]]
    """Topic and term that count only where the thread has something sure of the pack."""
    scopes: dict[str, dict[str, set[str]]]
    """Origin → column of a thread → what it must be one of."""
    others: dict[str, set[str]]
    """Origin → those that stand instead of it where they hold."""

    @classmethod
    def of(cls, terms: pd.DataFrame, scopes: pd.DataFrame) -> "Topics":
        """Return `terms`, as from `topic_terms`, of packs limited to `scopes`, as from `topic_scopes`."""
        limits: dict[str, dict[str, set[str]]] = {}
        others: dict[str, set[str]] = {}
        for origin, kind, place in scopes.itertuples(index=False):
            if kind == _REPLACED:
                others.setdefault(origin, set()).add(place)
                continue
            limits.setdefault(origin, {}).setdefault(_PLACES[kind], set()).add(place)
        words: dict[str, list[tuple[str, int]]] = {}
        phrases: dict[str, list[tuple[str, str]]] = {}
        for term, topic, weight in zip(
            terms["term"], terms["topic_id"], terms["weight"], strict=True
        ):
            if " " in term and term not in words:
                padded = f" {term.replace(' ', '  ')} "
                phrases.setdefault(term.partition(" ")[0], []).append((term, padded))
            words.setdefault(term, []).append((topic, round(weight * _MILLION)))
        origins = dict(zip(terms["topic_id"], terms["origin"], strict=True))
        doubtful = terms[terms["is_ambiguous"]]
        ambiguous = set(zip(doubtful["topic_id"], doubtful["term"], strict=True))
        return cls(words, phrases, origins, ambiguous, limits, others)


def comment_topics(
    thread: Row, comments: list[Row], cut: list[list[str]], mentions: list[Row], topics: Topics
) -> list[Row]:
    """Return one row per topic of each of a thread's `comments`, whose words are `cut`.

    An ambiguous term counts where the thread has an unambiguous one of its pack, or one of its `mentions` is by
    that pack; a pack counts where each of its limits fits the thread.
    """
    found = [_terms_in(said, topics) for said in cut]
    fits = {
        origin: all(thread[column] in fit for column, fit in topics.scopes.get(origin, {}).items())
        for origin in set(topics.origins.values())
    }
    here = {
        topic: fits[origin]
        and not any(fits.get(other, False) for other in topics.others.get(origin, ()))
        for topic, origin in topics.origins.items()
    }
    sure = {f"pack:{mention.get('pack')}" for mention in mentions} | {
        topics.origins[topic]
        for counts in found
        for term in counts
        for topic, _ in topics.words[term]
        if (topic, term) not in topics.ambiguous
    }
    rows = []
    for comment, counts in zip(comments, found, strict=True):
        scores: Counter[str] = Counter()
        terms: Counter[str] = Counter()
        for term, count in counts.items():
            for topic, weight in topics.words[term]:
                is_sure = (topic, term) not in topics.ambiguous or topics.origins[topic] in sure
                if here[topic] and is_sure:
                    scores[topic] += weight * count
                    terms[topic] += 1
        rows += _rank(comment, scores, terms, topics)
    return rows


def _terms_in(said: list[str], topics: Topics) -> Counter[str]:
    """Return how often each term stands in a comment whose words are `said`."""
    counts = Counter(word for word in said if word in topics.words)
    begun = [pair for word in topics.phrases.keys() & set(said) for pair in topics.phrases[word]]
    if begun:
        padded = f" {'  '.join(said)} "
        counts |= Counter({term: padded.count(phrase) for term, phrase in begun})
    return +counts


def _rank(comment: Row, scores: Counter[str], terms: Counter[str], topics: Topics) -> list[Row]:
    rows = []
    for origin in {topics.origins[topic] for topic in scores}:
        own = {topic: score for topic, score in scores.items() if topics.origins[topic] == origin}
        kept = _kept(own, terms, origin)
        total = sum(own[topic] for topic, _ in kept)
        rows += [
            {
                "comment_id": comment["comment_id"],
                "thread_id": comment["thread_id"],
                "topic_id": topic,
                "origin": origin,
                "score": own[topic] / _MILLION,
                "share": own[topic] / total,
                "rank": rank,
                "term_count": terms[topic],
            }
            for topic, rank in kept
        ]
    return rows


def _kept(scores: dict[str, int], terms: Counter[str], origin: str) -> list[tuple[str, int]]:
    """Return the topics of one origin that count, the best first, with their ranks."""
    total, best = sum(scores.values()), max(scores.values())
    ranked = sorted(scores, key=lambda topic: (-scores[topic], -terms[topic], topic))
    if origin != _DISCOVERED:
        passing = [topic for topic in ranked if scores[topic] >= _MILLION]
        return list(zip(passing, range(1, len(passing) + 1), strict=True))
    passing = [topic for topic in ranked if scores[topic] == best or scores[topic] * 4 >= total]
    return [
        (topic, rank)
        for rank, topic in enumerate(passing, 1)
        if rank == 1 or (rank <= _BEST and scores[topic] * 4 >= total)
    ]
