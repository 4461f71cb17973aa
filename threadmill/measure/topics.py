"""Quality of topics on texts with known labels or threads."""

import csv
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from threadmill import paths, schema, topics
from threadmill.measure import topic_errors
from threadmill.models import assigning
from threadmill.storage import macros, tables
from threadmill.topics import fitting, labels, refit

SEEN_SHARE = 0.8
"""Share of the texts in the first fit; the others are unseen, and make the corpus grow by 25 %."""


def evaluate_topics(
    path: Path, *, seeds: Path | None = None, k: int | None = None
) -> dict[str, Any]:
    """Return figures on the texts at `path`.

    A Parquet file has `text` and `label`, and may have `thread`; newline-delimited JSON (`.ndjson`,
    `.ndjson.gz`) has `text` and `thread_id`. With labels there are `nmi` with as many topics as labels,
    `nmi_auto` and `auto_loss` with the number chosen, and `nmi_seen` and `nmi_unseen` of a fit on 80 %
    of the texts, and `unseen_loss` between them. `seeds` (CSV: topic, term; topics are labels) adds
    `guided_accuracy`. With threads there is `same_thread_lift`. `regrown_change` is the share
    of comments that change topic when the other 20 % are added and topics are fitted again.
    With labels there are also `kinds`, `wrong` and `missed`, as `topic_errors.describe_topics` gives them.

    Raises:
        ValueError: the file has other columns, or too few texts.
    """
    texts = _read_texts(path)
    sorts = texts["label"].n_unique() if "label" in texts.columns else None
    with connect_texts(texts) as con:
        started = time.process_time()
        corpus = fitting.read_corpus(con)
        fitted = fitting.fit_topics(corpus, k or sorts)
        figures: dict[str, Any] = {
            "texts": texts.height,
            "topics": fitted.weights.shape[1],
            "fit_cpu_s": round(time.process_time() - started, 1),
        }
        found = assign_topics(con, _list_terms(corpus, fitted))
        figures["without_topic"] = round(float((found == "").mean()), 4)
        figures |= _measure_labels(corpus, fitted)
        if "thread" in texts.columns:
            figures["same_thread_lift"] = compute_lift(texts["thread"], found)
        if "label" in texts.columns:
            figures["nmi"] = compute_nmi(texts["label"], found)
            auto = fitting.fit_topics(corpus, None)
            found_auto = assign_topics(con, _list_terms(corpus, auto))
            figures["topics_auto"] = auto.weights.shape[1]
            figures["nmi_auto"] = compute_nmi(texts["label"], found_auto)
            figures["auto_loss"] = (
                round(1 - figures["nmi_auto"] / figures["nmi"], 4) if figures["nmi"] else None
            )
            figures |= topic_errors.describe_topics(
                texts["label"].to_list(),
                found.tolist(),
                texts["text"].to_list(),
                _name_topics(corpus, fitted),
            )
        if seeds:
            figures |= measure_guided(con, texts, seeds)
    return figures | _measure_growth(texts, figures["topics"], found)


def _read_texts(path: Path) -> pl.DataFrame:
    if not path.is_file():
        raise ValueError(f"{path}: not a file")
    is_parquet = path.suffix == ".parquet"
    try:
        texts = (
            pl.read_parquet(path) if is_parquet else pl.read_ndjson(path, infer_schema_length=None)
        )
    except (OSError, pl.exceptions.PolarsError):
        form = "Parquet" if is_parquet else "newline-delimited JSON"
        raise ValueError(
            f"{path}: can't be read as {form}; it needs text, and label or thread"
        ) from None
    if not is_parquet:
        texts = texts.rename({"thread_id": "thread"}, strict=False)
    if "text" not in texts.columns or not {"label", "thread"} & set(texts.columns):
        raise ValueError(
            f"{path}: its columns are {texts.columns}; it needs text, and label or thread"
        )
    texts = texts.select(
        pl.col("text").fill_null(""),
        *(pl.col(name).cast(pl.String) for name in ("label", "thread") if name in texts.columns),
    )
    return texts.with_columns(
        comment_id=pl.format("c{}", pl.int_range(pl.len()).cast(pl.String).str.zfill(8))
    )


def connect_texts(texts: pl.DataFrame) -> duckdb.DuckDBPyConnection:
    """Return a connection in which `texts` (comment_id, text) are comments, and no pack has limits."""
    con = duckdb.connect(config={"threads": 1})
    con.execute("set enable_progress_bar = false")
    macros.create(con)
    con.register("texts", texts.select("comment_id", "text").to_arrow())
    con.execute("create table comments as select comment_id, '' as thread_id, text from texts")
    con.unregister("texts")
    for name in ("threads", "mentions", "topic_scopes"):
        con.register("none", tables.empty(schema.arrow(name)))
        con.execute(f"create table {name} as from none")
    return con


def _list_terms(corpus: fitting.Corpus, fitted: fitting.Fit) -> list[tuple[str, str, float]]:
    ids = [f"d{topic + 1:03d}" for topic in range(fitted.weights.shape[1])]
    return list(refit.list_terms(corpus, fitted.weights, ids))


def _name_topics(corpus: fitting.Corpus, fitted: fitting.Fit) -> dict[str, str]:
    """Return the label of each topic of `_list_terms`."""
    words = labels.rank_words(corpus, fitted.clusters, fitted.weights.shape[1])
    return {
        f"d{topic + 1:03d}": label for topic, label in enumerate(labels.name_topics(words, set()))
    }


def assign_topics(
    con: duckdb.DuckDBPyConnection,
    terms: Iterable[tuple[str, str, float]],
    origin: str = topics.DISCOVERED,
) -> NDArray[np.str_]:
    """Return the best topic of every comment by the published query, or an empty text."""
    frame = pl.DataFrame(list(terms), schema=["topic_id", "term", "weight"], orient="row")
    con.register("given", frame.to_arrow())
    con.execute(
        "create or replace table topic_terms as "
        f"select topic_id::varchar as topic_id, '{origin}' as origin, term::varchar as term, "
        "weight::double as weight, false as is_ambiguous from given"
    )
    con.unregister("given")
    assigning.assign_topics(con)
    rows = con.execute(
        "select coalesce(topic_id, '') from comments "
        "left join (from comment_topics where rank = 1) using (comment_id) order by comment_id"
    ).fetchall()
    return np.array([topic for (topic,) in rows])


def _measure_labels(corpus: fitting.Corpus, fitted: fitting.Fit) -> dict[str, float]:
    """Return coherence of a topic's first words and of those its label shows, and the first words' diversity."""
    words = labels.rank_words(corpus, fitted.clusters, fitted.weights.shape[1])
    firsts = [of_topic[: labels.TOP_WORDS] for of_topic in words]
    every = [word for topic in firsts for word in topic]
    return {
        "label_npmi": _measure_coherence(corpus, firsts),
        "shown_npmi": _measure_coherence(
            corpus, [labels.choose_shown(of_topic) for of_topic in words]
        ),
        "label_diversity": round(len(set(every)) / len(every), 4),
    }


def _measure_coherence(corpus: fitting.Corpus, words_of_topics: list[list[str]]) -> float:
    """Return the mean over topics of the mean NPMI of their words' pairs; a pair that no text has is -1."""
    number = {word: place for place, word in enumerate(corpus.words)}
    rows = np.repeat(np.arange(len(corpus.comment_ids)), np.diff(corpus.starts))
    values = []
    for words in (of_topic for of_topic in words_of_topics if len(of_topic) > 1):
        has = np.zeros((len(corpus.comment_ids), len(words)), dtype=np.float32)
        for place, word in enumerate(words):
            has[rows[corpus.columns == number[word]], place] = 1
        together = (has.T @ has).astype(np.float64) / len(has)
        one, other = np.triu_indices(len(words), 1)
        both = together[one, other]
        chance = together[one, one] * together[other, other]
        with np.errstate(divide="ignore", invalid="ignore"):
            values.append(np.where(both > 0, np.log(both / chance) / -np.log(both), -1.0).mean())
    return round(float(np.mean(values)), 4)


def _measure_growth(texts: pl.DataFrame, k: int, by_all: NDArray[np.str_]) -> dict[str, float]:
    """Return how well a fit on part of the texts suits the others, and what a refit on all of them changes.

    Two samples of texts differ in NMI with any topics. So the loss on unseen texts is their difference
    from the seen ones, minus the same difference for the topics `by_all`, which saw both.
    """
    chance = np.random.default_rng(0)
    seen = chance.random(texts.height) < SEEN_SHARE
    with connect_texts(texts.filter(pl.Series(seen))) as con:
        first = refit.refit_topics(
            con, k, _make_empty(), pl.DataFrame(schema=topics.CHANGE_COLUMNS)
        )
    figures = {}
    with connect_texts(texts) as con:
        before = assign_topics(con, first.terms)
        if "label" in texts.columns:
            truth = texts["label"].to_numpy()
            figures["nmi_seen"] = compute_nmi(truth[seen], before[seen])
            figures["nmi_unseen"] = compute_nmi(truth[~seen], before[~seen])
            luck = compute_nmi(truth[seen], by_all[seen]) - compute_nmi(truth[~seen], by_all[~seen])
            figures["unseen_loss"] = round(figures["nmi_seen"] - figures["nmi_unseen"] - luck, 4)
        old = _make_empty().vstack(
            pl.DataFrame(
                [(topic, first.labels[topic], term, weight) for topic, term, weight in first.terms],
                schema=_make_empty().schema,
                orient="row",
            )
        )
        second = refit.refit_topics(con, None, old, first.changes)
        after = assign_topics(con, second.terms)
    figures["regrown_change"] = round(float((before[seen] != after[seen]).mean()), 4)
    if "label" in texts.columns:
        figures["nmi_regrown"] = compute_nmi(texts["label"], after)
    return figures


def _make_empty() -> pl.DataFrame:
    kept = ("topic_id", "label", "term", "weight")
    return pl.DataFrame(schema={name: topics.TERM_COLUMNS[name] for name in kept})


def measure_guided(
    con: duckdb.DuckDBPyConnection, texts: pl.DataFrame, seeds: Path
) -> dict[str, float]:
    """Return how many texts get their label's topic from seed words and one expansion."""
    with seeds.open(encoding="utf-8-sig", newline="") as file:
        given = [(row["topic"], row["term"], 1.0) for row in csv.DictReader(file)]
    truth = texts["label"].to_numpy()
    found = assign_topics(con, given, "pack:seeds")
    figures = {"seeds_accuracy": round(float((found == truth).mean()), 4)}
    query = (paths.sql_folder() / "fitting" / "expansion.sql").read_text(encoding="utf-8")
    found_more = con.execute(f"select topic_id, word, weight from ({query})").fetchall()
    # As with discovered topics, the best topic counts however low its score.
    found = assign_topics(con, found_more)
    figures["guided_accuracy"] = round(float((found == truth).mean()), 4)
    return figures


def compute_nmi(truth: Iterable[str], found: Iterable[str]) -> float:
    """Return the mutual information of two labellings over the mean of their entropies, 0 to 1."""
    one = np.unique(np.asarray(truth, dtype=str), return_inverse=True)[1]
    other = np.unique(np.asarray(found, dtype=str), return_inverse=True)[1]
    joint = np.zeros((one.max() + 1, other.max() + 1))
    np.add.at(joint, (one, other), 1)
    joint /= joint.sum()
    rows, columns = joint.sum(axis=1), joint.sum(axis=0)
    there = joint > 0
    shared = (joint[there] * np.log(joint[there] / np.outer(rows, columns)[there])).sum()
    entropies = -(rows * np.log(rows)).sum() - (columns * np.log(columns)).sum()
    return round(float(2 * shared / entropies), 4) if entropies else 1.0


def compute_lift(threads: Iterable[str], found: NDArray[np.str_]) -> float:
    """Return how much likelier two comments of a thread share their topic than any two."""
    frame = pl.DataFrame({"thread": list(threads), "topic": found}).filter(pl.col("topic") != "")

    def same(*keys: str) -> int:
        sizes = frame.group_by(keys).len()["len"].cast(pl.Int64)
        return int((sizes * (sizes - 1)).sum())

    in_threads, overall = same("thread"), frame.height * (frame.height - 1)
    if not in_threads:
        return float("nan")
    return round((same("thread", "topic") / in_threads) / (same("topic") / overall), 2)


def compare_with_labels(con: duckdb.DuckDBPyConnection, path: Path) -> dict[str, Any]:
    """Return precision, recall and F1 of the published curated topics against hand labels.

    Also for each topic, in `kinds`, with examples of what is `wrong` and `missed`.

    The CSV has `topic` and `comment_id`; or, where one thread is published, `comment_idx`, its comments'
    place from 1.

    Raises:
        ValueError: other columns, or `comment_idx` while several threads are published.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    if not rows or "topic" not in rows[0] or not {"comment_id", "comment_idx"} & set(rows[0]):
        raise ValueError(f"{path}: it needs the columns topic, and comment_id or comment_idx")
    key = "comment_id" if "comment_id" in rows[0] else "comment_idx"
    threads = con.execute("select count(*) from threads").fetchall()[0][0]
    if key == "comment_idx" and threads != 1:
        raise ValueError(
            f"{path}: comment_idx names a place in the only thread; {threads} are published"
        )
    gold = {(row[key], row["topic"]) for row in rows}
    place = "comment_id" if key == "comment_id" else "(position + 1)::varchar"
    found: set[tuple[str, str]] = set(
        con.execute(
            f"select {place}, topic_id from comment_topics join comments using (comment_id) "
            "where origin <> 'discovered'"
        ).fetchall()
    )
    texts = dict(con.execute(f"select {place}, text from comments").fetchall())
    return topic_errors.score_sets(gold, found) | topic_errors.describe_errors(gold, found, texts)
