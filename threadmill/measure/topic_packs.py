"""Quality of a pack's topics on texts whose topics people named."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from threadmill import topics
from threadmill.measure import topic_errors
from threadmill.measure.topics import assign_topics, connect_texts

LABELS = {"text", "topics"}


def evaluate_pack(paths: Sequence[Path], vocabulary: Path, pack: str) -> dict[str, Any]:
    """Return precision, recall and F1 of the topics of `pack` on all texts of `paths` together, with examples.

    Each file is newline-delimited JSON with `text` and `topics`, the ids of all topics that a person sees in
    the text. Topics that the pack hasn't are ignored. The pack counts everywhere, whatever places it names.

    Raises:
        ValueError: a file has other keys, or the pack has no topics.
    """
    terms = topics.read_terms(vocabulary).filter(origin=f"pack:{pack}")
    if terms.is_empty():
        raise ValueError(f"{pack}: no {topics.TERMS} in {vocabulary / pack}")
    texts = pl.concat([_read_labels(path) for path in paths])
    with connect_texts(texts) as con:
        assign_topics(con, terms.select("topic_id", "term", "weight").iter_rows(), f"pack:{pack}")
        found: set[tuple[str, str]] = set(
            con.execute("select comment_id, topic_id from comment_topics").fetchall()
        )
    known = set(terms["topic_id"])
    labelled = texts.explode("topics").filter(pl.col("topics").is_in(known))
    gold = set(labelled.select("comment_id", "topics").iter_rows())
    shown = dict(texts.select("comment_id", "text").iter_rows())
    figures = {"texts": texts.height, **topic_errors.score_sets(gold, found)}
    return figures | topic_errors.describe_errors(gold, found, shown)


def _read_labels(path: Path) -> pl.DataFrame:
    """Return text, topics and `comment_id`, the file and line, of each text in `path`."""
    if not path.is_file():
        raise ValueError(f"{path}: not a file")
    try:
        texts = pl.read_ndjson(path, infer_schema_length=None)
    except pl.exceptions.PolarsError:
        raise ValueError(f"{path}: can't be read as newline-delimited JSON") from None
    if not set(texts.columns) >= LABELS:
        raise ValueError(
            f"{path}: its keys are {texts.columns}; --pack needs text and topics, a list of ids"
        )
    name = f"{path.parent.name}/{path.name}"
    line = pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(5)
    return texts.select(
        pl.col("text").fill_null(""),
        pl.col("topics").cast(pl.List(pl.String)),
        comment_id=pl.format("{}:{}", pl.lit(name), line),
    )
