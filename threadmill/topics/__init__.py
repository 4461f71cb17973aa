"""Topics as frozen terms: `topic_terms` from the vocabulary packs, by which SQL scores comments.

Curated topics are in a pack's `topics.csv`; discovered ones are in a pack of the same form, `discovered`,
that `topics.refit` writes. Nothing here reads comments.
"""

import csv
import tomllib
from collections.abc import Collection, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import polars as pl

from threadmill.read.sidecars import find_delimiter
from threadmill.storage import macros
from threadmill.wording import counted

VERSION = 3  # of its rows; CONTRIBUTING.md says when to raise it

DISCOVERED = "discovered"
"""Folder and name of the pack that fitting writes."""
TERMS, EXPANSION, LABELS, CHANGES = "topics.csv", "topics.expanded.csv", "labels.csv", "changes.csv"
TERM_COLUMNS = {
    "topic_id": pl.String,
    "label": pl.String,
    "version": pl.String,
    "origin": pl.String,
    "term": pl.String,
    "weight": pl.Float64,
    "is_ambiguous": pl.Boolean,
}
SCOPE_COLUMNS = {"origin": pl.String, "scope_kind": pl.String, "scope": pl.String}
SCOPE_KEYS = {"platforms": "platform", "publications": "publication", "threads": "thread"}
"""Keys of pack.toml that limit a pack, and the kind of place each lists."""
REPLACES, REPLACED_BY = "instead_of", "except_pack"
"""Key of pack.toml with the packs whose topics don't hold where the pack does, and the kind of their rows."""
GATES = ("thread", "none", "")
CHANGE_COLUMNS = {
    "version": pl.String,
    "topic_id": pl.String,
    "change": pl.String,
    "label": pl.String,
    "previous_label": pl.String,
    "nearest_topic_id": pl.String,
    "similarity": pl.Float64,
    "comment_count": pl.Int64,
}


class _Line(NamedTuple):
    place: str
    topic_id: str
    term: str
    weight: float
    is_ambiguous: bool


def read_terms(vocabulary: Path, *, expanded: bool = True) -> pl.DataFrame:
    """Return the rows of `topic_terms`: one per topic and term of the packs, heaviest first.

    A pack's terms weigh 1 unless its `topics.csv` has a column `weight`, and are unambiguous unless its column
    `gate` says `thread`. With `expanded`, those of its `topics.expanded.csv` follow. `labels.csv` (topic, label)
    renames topics and outlives a refit.

    Raises:
        ValueError: a pack's file can't be read, a topic has no label or is in two packs.
    """
    rows: list[tuple[Any, ...]] = []
    seen: dict[str, str] = {}
    read = {
        path: [
            line
            for file in (path, path.parent / EXPANSION)
            if file == path or (expanded and file.exists())
            for line in _read_lines(file)
        ]
        for path in sorted(vocabulary.glob(f"*/{TERMS}"))
    }
    # Of all packs together: most of the time is opening a database.
    terms = iter(_normalize_terms(tuple(line.term for lines in read.values() for line in lines)))
    for path, lines in read.items():
        pack = _read_pack(path.parent / "pack.toml")
        name = str(pack["name"])
        labels = pack.get("topics", {}) | _read_labels(path.parent / LABELS)
        origin = _name_origin(name)
        for line, term in zip(lines, terms, strict=False):
            if line.topic_id not in labels:
                raise ValueError(
                    f"{line.place}: topic {line.topic_id!r} has no label; "
                    "name it under [topics] in pack.toml"
                )
            if not term:
                raise ValueError(f"{line.place}: no term; a term has a letter or digit")
            if seen.setdefault(line.topic_id, name) != name:
                raise ValueError(
                    f"{line.place}: topic {line.topic_id!r} is in pack {seen[line.topic_id]!r} too; "
                    "a topic is in one pack"
                )
            label = labels[line.topic_id]
            version = str(pack["version"])
            rows.append(
                (line.topic_id, label, version, origin, term, line.weight, line.is_ambiguous)
            )
    return (
        pl.DataFrame(rows, schema=TERM_COLUMNS, orient="row")
        .unique(["topic_id", "term"], keep="first", maintain_order=True)
        .with_columns(rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("topic_id"))
    )


def read_scopes(vocabulary: Path) -> pl.DataFrame:
    """Return the rows of `topic_scopes`: one per pack of topics and place that its `pack.toml` limits it to.

    And one per pack and other pack that stands instead of it where that one holds.

    Raises:
        ValueError: a `pack.toml` can't be read.
    """
    packs = [_read_pack(path.with_name("pack.toml")) for path in vocabulary.glob(f"*/{TERMS}")]
    rows = [
        (_name_origin(str(pack["name"])), kind, place)
        for pack in packs
        for key, kind in SCOPE_KEYS.items()
        for place in pack.get(key, ())
    ]
    names = {str(pack["name"]) for pack in packs}
    rows += [
        (_name_origin(other), REPLACED_BY, _name_origin(str(pack["name"])))
        for pack in packs
        for other in pack.get(REPLACES, ())
        if other in names
    ]
    return pl.DataFrame(rows, schema=SCOPE_COLUMNS, orient="row").unique().sort(pl.all())


def count_topics(folder: Path) -> list[str]:
    """Return a sentence per pack with topics in `folder`: how many, with how many terms.

    Raises:
        ValueError: a file of topics has a mistake.
    """
    terms = read_terms(folder)
    rows = terms.group_by("origin").agg(pl.col("topic_id").n_unique(), pl.len()).sort("origin")
    return [
        f"{origin.removeprefix('pack:')}: {counted(topics, 'topic')} with {counted(count, 'term')}"
        for origin, topics, count in rows.iter_rows()
    ]


def check_gates(vocabulary: Path, vouching: Collection[str]) -> list[str]:
    """Return one sentence per pack whose ambiguous topic terms never count, as it has no unambiguous term.

    `vouching` are packs that have one among the terms they mention.

    Raises:
        ValueError: as `read_terms`.
    """
    counts = (
        read_terms(vocabulary)
        .group_by("origin")
        .agg(pl.len(), pl.col("is_ambiguous").sum())
        .filter(pl.col("is_ambiguous") == pl.col("len"))
        .sort("origin")
    )
    names = ((origin.removeprefix("pack:"), count) for origin, count, _ in counts.iter_rows())
    return [
        f"{name}: {counted(count, 'ambiguous term')} of {TERMS} can't count; "
        "mark one as unambiguous (gate none)"
        for name, count in names
        if name not in vouching
    ]


def _name_origin(pack: str) -> str:
    return DISCOVERED if pack == DISCOVERED else f"pack:{pack}"


def read_changes(vocabulary: Path) -> pl.DataFrame:
    """Return the rows of `topic_changes`: one per fit and discovered topic."""
    path = vocabulary / DISCOVERED / CHANGES
    if not path.exists():
        return pl.DataFrame(schema=CHANGE_COLUMNS)
    return pl.read_csv(path, schema=CHANGE_COLUMNS).sort("version", "topic_id")


@lru_cache(maxsize=4)
def _normalize_terms(written: tuple[str, ...]) -> tuple[str, ...]:
    """Return each term as the words of the SQL tokeniser, separated by a space."""
    with duckdb.connect() as con:
        macros.create(con)
        listed = con.execute(
            "select array_to_string(tokens(term), ' ') from (select unnest(?::varchar[]) as term)",
            [list(written)],
        ).fetchall()
    return tuple(term or "" for (term,) in listed)


def _read_lines(path: Path) -> Iterator[_Line]:
    name = f"{path.parent.name}/{path.name}"
    for number, row in _read_rows(path, {"topic", "term"}):
        place = f"{name}, line {number}"
        try:
            weight = float(row.get("weight") or 1)
        except ValueError:
            raise ValueError(f"{place}: weight {row['weight']!r} is not a number") from None
        if not 0 < weight < 1e6:
            raise ValueError(f"{place}: weight {weight}; a weight is above 0 and below a million")
        gate = (row.get("gate") or "").strip()
        if gate not in GATES:
            raise ValueError(f"{place}: gate is {gate!r}; it is thread, none or empty")
        yield _Line(place, row["topic"] or "", row["term"] or "", weight, gate == "thread")


def _read_labels(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    named = _read_rows(path, {"topic", "label"})
    return {row["topic"]: row["label"].strip() for _, row in named if (row["label"] or "").strip()}


def _read_rows(path: Path, needed: set[str]) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        delimiter = find_delimiter(file.readline())
        file.seek(0)
        reader = csv.DictReader(file, delimiter=delimiter)
        if not needed <= set(reader.fieldnames or ()):
            raise ValueError(
                f"{path.parent.name}/{path.name}: its columns are {reader.fieldnames}; "
                f"it needs {' and '.join(sorted(needed, reverse=True))}"
            )
        for row in reader:
            yield reader.line_num, row


def _read_pack(path: Path) -> dict[str, Any]:
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
