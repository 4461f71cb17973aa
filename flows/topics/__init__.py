"""Curated topics of the vocabulary packs → `topic_terms`, which SQL scores comments by."""

import csv
import re
import tomllib
from pathlib import Path

import polars as pl

TOKEN = re.compile(r"[^\W_]+")
"""As `sql/topics/comment_topics.sql` cuts text into words."""


def terms(vocabulary: Path) -> pl.DataFrame:
    """Return the rows of `topic_terms`: the terms of each pack's `topics.csv`, each with weight 1.

    Raises:
        ValueError: a pack's file can't be read, or a topic has no label.
    """
    rows = []
    for path in sorted(vocabulary.glob("*/topics.csv")):
        pack = _pack(path.parent / "pack.toml")
        labels = pack.get("topics", {})
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            place = f"{path.parent.name}/{path.name}"
            if not {"topic", "term"} <= set(reader.fieldnames or ()):
                raise ValueError(
                    f"{place}: its columns are {reader.fieldnames}; it needs topic and term"
                )
            for row in reader:
                term = " ".join(TOKEN.findall((row["term"] or "").lower()))
                if row["topic"] not in labels:
                    raise ValueError(
                        f"{place}, line {reader.line_num}: topic {row['topic']!r} has no label; "
                        "name it under [topics] in pack.toml"
                    )
                if not term:
                    raise ValueError(
                        f"{place}, line {reader.line_num}: no term; a term has a letter or digit"
                    )
                label = labels[row["topic"]]
                rows.append(
                    (row["topic"], label, str(pack["version"]), f"pack:{pack['name']}", term, 1.0)
                )
    columns = {
        "topic_id": pl.String,
        "label": pl.String,
        "version": pl.String,
        "origin": pl.String,
        "term": pl.String,
        "weight": pl.Float64,
    }
    return (
        pl.DataFrame(rows, schema=columns, orient="row")
        .unique(["topic_id", "term"], keep="first", maintain_order=True)
        .with_columns(rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("topic_id"))
    )


def _pack(path: Path) -> dict[str, dict[str, str]]:
    place = f"{path.parent.name}/{path.name}"
    try:
        pack = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise ValueError(f"{place}: not there; a pack has one with its name and version") from None
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{place}: not valid TOML: {error}") from None
    for key in ("name", "version"):
        if key not in pack:
            raise ValueError(f"{place}: no {key}; a pack has name and version")
    return pack
