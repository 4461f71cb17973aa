"""A fit as a vocabulary pack: new topics matched to the old ones, labelled, and written to `discovered`."""

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from threadmill import topics
from threadmill.topics import fitting, labels
from threadmill.topics.matching import match_topics

KEPT_FROM = 0.5
"""A new topic with at least this cosine of term weights to an old one keeps its id."""


class Refit(NamedTuple):
    """Fitted topics with ids and labels, and the changes since the last fit."""

    version: int
    labels: dict[str, str]
    terms: list[tuple[str, str, float]]
    """Topic, term, weight."""
    changes: pl.DataFrame
    """As `topics.read_changes`, of this fit alone."""
    changed_share: float | None
    """Share of the comments whose best topic now has another id; None at the first fit."""


def refit_topics(
    con: duckdb.DuckDBPyConnection, k: int | None, old: pl.DataFrame, past: pl.DataFrame
) -> Refit:
    """Return the discovered topics of the `comments` in `con`.

    Args:
        con: a connection with `comments` and the macros.
        k: how many; None keeps the number there is, or chooses one.
        old: the rows of `topic_terms` that the last fit gave.
        past: the rows of `topic_changes` so far.

    Raises:
        ValueError: too few comments.
    """
    texts = fitting.read_corpus(con)
    old_ids = sorted(old["topic_id"].unique())
    before = _align_weights(texts, old, old_ids)
    assigned = fitting.assign_topics(texts, before) if old_ids else None
    wanted = k or len(old_ids) or None
    fitted = fitting.fit_topics(texts, wanted, before if wanted == len(old_ids) else None)
    count = fitted.weights.shape[1]
    now = fitting.assign_topics(texts, fitted.weights)
    similarity = _compute_cosines(before, fitted.weights)
    ids = _assign_ids(similarity, old_ids, past)
    named = dict(old.select("topic_id", "label").unique().iter_rows())
    kept = set(ids) & set(old_ids)
    words = labels.rank_words(texts, now, count)
    fresh = [topic for topic, topic_id in enumerate(ids) if topic_id not in kept]
    new = labels.name_topics([words[topic] for topic in fresh], {named[name] for name in kept})
    label_of = {ids[topic]: label for topic, label in zip(fresh, new, strict=True)}
    label_of |= {topic_id: named[topic_id] for topic_id in kept}
    version = _get_latest(past) + 1
    sizes = np.bincount(now[now >= 0], minlength=count)
    return Refit(
        version,
        dict(sorted(label_of.items())),
        list(list_terms(texts, fitted.weights, ids)),
        _list_changes(version, ids, label_of, sizes, old_ids, named, similarity),
        None if assigned is None else _compute_change(assigned, now, old_ids, ids),
    )


def _get_latest(past: pl.DataFrame) -> int:
    return max((int(version) for version in past["version"]), default=0)


def _align_weights(texts: fitting.Corpus, old: pl.DataFrame, ids: list[str]) -> NDArray[np.int64]:
    """Return the old weights as words × topics, in thousandths, without terms that are no longer in the corpus."""
    word_number = {word: number for number, word in enumerate(texts.words)}
    topic_number = {topic_id: number for number, topic_id in enumerate(ids)}
    weights = np.zeros((len(texts.words), len(ids)), dtype=np.int64)
    for topic_id, term, weight in old.select("topic_id", "term", "weight").iter_rows():
        if term in word_number:
            weights[word_number[term], topic_number[topic_id]] = round(1_000 * weight)
    return weights


def _compute_cosines(one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.float64]:
    lengths = np.outer(np.linalg.norm(one, axis=0), np.linalg.norm(other, axis=0))
    similarity: NDArray[np.float64] = (one.T @ other) / np.maximum(lengths, 1)
    return similarity


def _assign_ids(
    similarity: NDArray[np.float64], old_ids: list[str], past: pl.DataFrame
) -> list[str]:
    """Return an id for each new topic: that of its paired old topic, or a new number."""
    paired = {
        new: old_ids[row]
        for row, new in match_topics(similarity)
        if similarity[row, new] >= KEPT_FROM
    }
    numbers = [int(topic_id[1:]) for topic_id in {*old_ids, *past["topic_id"]}]
    following = max(numbers, default=0) + 1
    ids = []
    for topic in range(similarity.shape[1]):
        if topic not in paired:
            paired[topic] = f"d{following:03d}"
            following += 1
        ids.append(paired[topic])
    return ids


def list_terms(
    texts: fitting.Corpus, weights: NDArray[np.int64], ids: list[str]
) -> Iterable[tuple[str, str, float]]:
    """Yield topic, term and weight, topic by topic, heaviest first."""
    for topic in sorted(range(len(ids)), key=ids.__getitem__):
        order = np.argsort(-weights[:, topic], kind="stable")
        for word in order[: int((weights[:, topic] > 0).sum())]:
            yield ids[topic], texts.words[word], int(weights[word, topic]) / 1_000


def _list_changes(
    version: int,
    ids: list[str],
    label_of: dict[str, str],
    sizes: NDArray[np.int64],
    old_ids: list[str],
    named: dict[str, str],
    similarity: NDArray[np.float64],
) -> pl.DataFrame:
    rows: list[tuple[Any, ...]] = []
    for topic, topic_id in enumerate(ids):
        near = int(similarity[:, topic].argmax()) if old_ids else None
        same = old_ids.index(topic_id) if topic_id in old_ids else near
        rows.append(
            (
                str(version),
                topic_id,
                "kept" if topic_id in old_ids else "minted",
                label_of[topic_id],
                named.get(topic_id),
                None if near is None else old_ids[near],
                None if same is None else round(float(similarity[same, topic]), 4),
                int(sizes[topic]),
            )
        )
    for row, topic_id in enumerate(old_ids):
        if topic_id not in ids:
            near = int(similarity[row].argmax())
            like = round(float(similarity[row, near]), 4)
            label = named[topic_id]
            rows.append((str(version), topic_id, "retired", label, label, ids[near], like, 0))
    return pl.DataFrame(rows, schema=topics.CHANGE_COLUMNS, orient="row").sort("topic_id")


def _compute_change(
    assigned: NDArray[np.int64], now: NDArray[np.int64], old_ids: list[str], ids: list[str]
) -> float:
    before = np.array([*old_ids, ""])[assigned]
    after = np.array([*ids, ""])[now]
    had_one = before != ""
    return float((before[had_one] != after[had_one]).mean()) if had_one.any() else 0.0


def write_pack(made: Refit, past: pl.DataFrame, vocabulary: Path) -> Path:
    """Write a fit as the pack `discovered`, and return its folder. `labels.csv`, which people edit, is left alone."""
    folder = vocabulary / topics.DISCOVERED
    folder.mkdir(parents=True, exist_ok=True)
    named = "".join(
        f"{topic} = {json.dumps(label, ensure_ascii=False)}\n"
        for topic, label in made.labels.items()
    )
    head = (
        f'name = "{topics.DISCOVERED}"\nversion = "{made.version}"\n'
        'licence = "that of the comments"\nlanguage = "und"\n\n'
        f"# Made by `threadmill topics fit`; rename topics in {topics.LABELS}, which outlives a refit.\n"
    )
    renames = folder / topics.LABELS
    if not renames.exists():
        _replace_file(renames, "topic,label\n")
    _write_csv(folder / topics.TERMS, ("topic", "term", "weight"), made.terms)
    changes = pl.concat([past, made.changes])
    _replace_file(folder / topics.CHANGES, changes.write_csv())
    _replace_file(folder / "pack.toml", f"{head}[topics]\n{named}")
    return folder


def _write_csv(path: Path, head: tuple[str, ...], rows: list[tuple[str, str, float]]) -> None:
    beside = path.with_suffix(".new")
    with beside.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([head, *rows])
    beside.replace(path)


def _replace_file(path: Path, text: str) -> None:
    beside = path.with_suffix(".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
