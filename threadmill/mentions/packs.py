"""Vocabulary packs: curated terms, read from a folder and validated."""

import csv
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from threadmill import paths
from threadmill.mentions.text.fold import fold, normalize
from threadmill.read.sidecars import find_delimiter
from threadmill.wording import counted, did_you_mean

KIND_COLUMNS = ("kind", "group", "meaning")
GROUPS = ("identifier", "reference", "person", "quantity", "vocabulary")
TERM_COLUMNS = ("term", "kind", "canonical", "case", "topic", "gate")
NEEDED_COLUMNS = ("term", "kind")
CASES = ("ci", "cs")
GATES = ("none", "thread")
SCOPE_KEYS = ("platforms", "publications", "threads")
"""Keys that limit a pack to places; without them it holds everywhere."""
PACK_KEYS = (
    "name",
    "version",
    "licence",
    "language",
    "about",
    *SCOPE_KEYS,
    "instead_of",
    "priority",
    "topics",
)
LIST_KEYS = (*SCOPE_KEYS, "instead_of")
NEEDED_KEYS = ("name", "version", "licence", "language")
FORMER_KINDS = {"norp": "nationality"}
"""Names that older packs and labels have for a kind."""
SHORT_CHARS = 3
"""A term of at most this many letters is ambiguous, unless the column `gate` of its file says otherwise."""

_TERM_TYPES: dict[str, pl.DataType | type[pl.DataType]] = {
    "pack": pl.String,
    "version": pl.String,
    "priority": pl.Int32,
    "kind": pl.String,
    "canonical": pl.String,
    "topic": pl.String,
    "normal": pl.String,
    "folded": pl.String,
    "is_cased": pl.Boolean,
    "is_gated": pl.Boolean,
    **dict.fromkeys(SCOPE_KEYS, pl.List(pl.String)),
}
TERM = pl.Schema(_TERM_TYPES)
"""One row per term of a pack. Empty lists of places: everywhere."""


class Packs(NamedTuple):
    """What `find_mentions` knows besides the text: every term of every pack, and the group of every kind."""

    terms: pl.DataFrame
    kinds: Mapping[str, str]
    """Kind → group."""


def read_packs(folder: Path, *more: Path) -> Packs:
    """Return the vocabulary below `folder`: `kinds.csv` and each folder with a `pack.toml`.

    `more` are folders of packs elsewhere.

    Raises:
        ValueError: a file is missing or breaks a rule; the message has the place, the finding and the rule.
    """
    kinds = _read_kinds(folder / "kinds.csv")
    manifests = sorted(folder.glob("*/pack.toml"))
    for path in sorted(folder.glob("*/*.csv")):
        if not path.with_name("pack.toml").is_file():
            raise ValueError(
                f"{path.parent.name}/{path.name}: no pack.toml beside it; a pack says its name and licence"
            )
    manifests += [pack / "pack.toml" for pack in more]
    frames = [TERM.to_frame(), *(_read_pack(manifest, kinds) for manifest in manifests)]
    return Packs(pl.concat(frames), kinds)


def _read_kinds(path: Path) -> dict[str, str]:
    rows = _read_csv(path, KIND_COLUMNS, KIND_COLUMNS)
    for line, row in enumerate(rows.iter_rows(named=True), 2):
        if row["group"] not in GROUPS:
            raise ValueError(
                f"{path.name}:{line}: group {row['group']!r} is not known; it is one of {', '.join(GROUPS)}"
            )
    return dict(rows.select("kind", "group").iter_rows())


def _read_csv(path: Path, known: tuple[str, ...], needed: tuple[str, ...]) -> pl.DataFrame:
    """Return the CSV at `path` as text, its missing optional columns null."""
    place = f"{path.parent.name}/{path.name}"
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            separator = find_delimiter(file.readline())
        rows = pl.read_csv(path, infer_schema=False, separator=separator).fill_null("")
    except (OSError, pl.exceptions.PolarsError) as error:
        finding = (str(error).splitlines() or [""])[0]
        reason = _find_misfit(path) or f": can't be read as UTF-8 CSV with a heading: {finding}"
        raise ValueError(f"{place}{reason}") from error
    for name in rows.columns:
        if name not in known:
            raise ValueError(f"{place}: column {name!r} is not known{_suggest_names(name, known)}")
    for name in needed:
        if name not in rows.columns:
            raise ValueError(f"{place}: column {name!r} is missing; it needs {', '.join(needed)}")
    absent = [pl.lit(None, pl.String).alias(name) for name in known if name not in rows.columns]
    rows = rows.with_columns(pl.all().str.strip_chars()).with_columns(absent).select(known)
    return rows.with_columns(pl.col("kind").replace(FORMER_KINDS))


def _find_misfit(path: Path) -> str | None:
    """Return the first line of the CSV at `path` whose fields don't fit, and why; None if all fit."""
    if not path.is_file():
        return None
    lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines(keepends=True)
    reader = csv.reader(lines, strict=True, delimiter=find_delimiter((lines or [""])[0]))
    width = line = 0
    try:
        for row in reader:
            width = width or len(row)
            if len(row) > width:
                fields = counted(len(row), "field")
                return f":{line + 1}: {fields}, the heading has {width}; a term with a comma is in quotes"
            line = reader.line_num
    except csv.Error:
        return (
            f':{line + 1}: quotes that don\'t fit; each is closed, and doubled ("") within quotes'
        )
    return None


def _suggest_names(word: str, known: tuple[str, ...]) -> str:
    return "; " + did_you_mean(word, known, f"known are {', '.join(known)}", "'")


def _read_manifest(path: Path) -> dict[str, Any]:
    place = f"{path.parent.name}/{path.name}"
    try:
        manifest = tomllib.loads(path.read_text(encoding="utf8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"{place}: not TOML: {error}") from error
    for key, value in manifest.items():
        if key not in PACK_KEYS:
            raise ValueError(f"{place}: key {key!r} is not known{_suggest_names(key, PACK_KEYS)}")
        if key in LIST_KEYS:
            if not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
                raise ValueError(
                    f'{place}: {key} is {value!r}; it is a list of texts, as ["substack"]'
                )
        elif key == "priority":
            if not isinstance(value, int):
                raise ValueError(f"{place}: priority is {value!r}; it is a whole number")
        elif key == "topics":
            if not (
                isinstance(value, dict) and all(isinstance(label, str) for label in value.values())
            ):
                raise ValueError(f"{place}: topics is {value!r}; it is a table of labels in quotes")
        elif not isinstance(value, str) or not value:
            raise ValueError(f"{place}: {key} is {value!r}; it is a text in quotes")
    for key in NEEDED_KEYS:
        if key not in manifest:
            raise ValueError(f"{place}: {key} is missing; a pack needs {', '.join(NEEDED_KEYS)}")
    return manifest


def _read_pack(manifest_path: Path, kinds: Mapping[str, str]) -> pl.DataFrame:
    """Return the terms of one pack, as `TERM`."""
    manifest = _read_manifest(manifest_path)
    frames = [TERM.to_frame()]
    for path in sorted(manifest_path.parent.glob("*.csv")):
        if path.name in paths.TOPIC_FILES:
            continue
        rows = _read_csv(path, TERM_COLUMNS, NEEDED_COLUMNS)
        _check_rows(rows, f"{path.parent.name}/{path.name}", kinds)
        frames.append(_build_terms(rows, manifest))
    return pl.concat(frames).unique(
        ["folded", "normal", "is_cased", "kind"], keep="first", maintain_order=True
    )


def _check_rows(rows: pl.DataFrame, place: str, kinds: Mapping[str, str]) -> None:
    """Raise a ValueError about the first invalid row of a pack."""
    seen: dict[tuple[str, str], int] = {}
    for line, row in enumerate(rows.iter_rows(named=True), 2):
        if not row["term"]:
            raise ValueError(f"{place}:{line}: the term is empty; leave the line out")
        if row["kind"] not in kinds:
            near = _suggest_names(row["kind"] or "", tuple(kinds))
            raise ValueError(f"{place}:{line}: kind {row['kind']!r} is not in kinds.csv{near}")
        if (row["case"] or "ci") not in CASES:
            raise ValueError(
                f"{place}:{line}: case is {row['case']!r}; it is ci (any case) or cs (as written)"
            )
        if (row["gate"] or "none") not in GATES:
            raise ValueError(
                f"{place}:{line}: gate is {row['gate']!r}; it is thread, none or empty"
            )
        key = (row["term"] if row["case"] == "cs" else row["term"].casefold(), row["kind"])
        if key in seen and row["case"] == "cs":
            raise ValueError(
                f"{place}:{line}: {row['term']!r} is there twice, first on line {seen[key]}"
            )
        seen.setdefault(key, line)


def _build_terms(rows: pl.DataFrame, manifest: Mapping[str, Any]) -> pl.DataFrame:
    short = (pl.col("term").str.len_chars() <= SHORT_CHARS) & pl.col("term").str.contains(
        r"^[A-Za-z]+$"
    )

    def listed(key: str) -> pl.Expr:
        return pl.lit(pl.Series([manifest.get(key, [])], dtype=pl.List(pl.String))).first()

    gate = pl.col("gate").replace("", "none")
    return rows.select(
        pack=pl.lit(manifest["name"]),
        version=pl.lit(manifest["version"]),
        priority=pl.lit(manifest.get("priority", 1), pl.Int32),
        kind="kind",
        canonical=pl.when(pl.col("canonical") != "").then("canonical").otherwise("term"),
        topic=pl.col("topic").fill_null(""),
        normal=normalize(pl.col("term")),
        folded=fold(normalize(pl.col("term"))),
        is_cased=pl.col("case").fill_null("ci") == "cs",
        is_gated=pl.when(gate.is_null()).then(short).otherwise(gate == "thread"),
        **{key: listed(key) for key in SCOPE_KEYS},
    )


def check_packs(folder: Path) -> list[str]:
    """Return one sentence per pack below `folder`, per term that two packs assign differently, and per dead gate.

    A gate is dead where no unambiguous term could open it.

    Raises:
        ValueError: as `read_packs`.
    """
    terms = read_packs(folder).terms
    sizes = (
        terms.group_by("pack", "version")
        .agg(pl.len(), pl.col("is_gated").sum(), kinds=pl.col("kind").n_unique())
        .sort("pack")
    )
    sentences = [
        f"{pack} {version}: {counted(count, 'term')} of {counted(kinds, 'kind')}, {gated} of them gated"
        for pack, version, count, gated, kinds in sizes.select(
            "pack", "version", "len", "is_gated", "kinds"
        ).iter_rows()
    ]
    readings = pl.format("{} in {}", "canonical", "pack")
    differing = (
        terms.group_by("folded", "kind")
        .agg(readings=readings.unique().sort(), names=pl.col("canonical").n_unique())
        .filter(pl.col("names") > 1)
        .sort("folded", "kind")
    )
    sentences += [
        f"{term!r} is {' and '.join(each)}; the pack with the higher priority counts"
        for term, each in differing.select("folded", "readings").iter_rows()
    ]
    sure = terms.filter(~pl.col("is_gated"))
    gated = terms.filter("is_gated")
    dead = pl.concat(
        [
            gated.filter(topic="").join(sure, on="pack", how="anti"),
            gated.filter(pl.col("topic") != "").join(sure, on=["pack", "topic"], how="anti"),
        ]
    )
    counts = dead.group_by("pack", "topic").len().sort("pack", "topic").iter_rows()
    return sentences + [
        _tell_dead(pack, count, f" of the topic {topic!r}" if topic else "")
        for pack, topic, count in counts
    ]


def _tell_dead(pack: str, count: int, where: str) -> str:
    return (
        f"{pack}: {counted(count, 'ambiguous term')}{where} can't count; "
        "mark one as unambiguous (gate none)"
    )
