"""Labelled threads in files of their own, in the form that `docs/mentions.md` describes."""

import tomllib
from pathlib import Path
from typing import NamedTuple

import polars as pl

LABELS, THREAD, ABOUT = "mentions.csv", "thread.ndjson", "labels.toml"
COMMENT_FIELDS = ("comment_id", "author", "text")
"""What each line of `thread.ndjson` needs.

`thread_id`, `platform`, `publication`, `handle` and `is_post_author` are optional."""
ABOUT_KEYS = ("about", "language", "use", "unlabelled_kinds", "packs")


class Labelled(NamedTuple):
    """A file of labels, and what lies beside it."""

    labels: Path
    comments: pl.DataFrame | None
    """The labelled thread as `find_mentions` reads it; None where only the labels are in the folder."""
    unlabelled_kinds: tuple[str, ...]
    """Kinds that nobody labelled: they count neither way."""
    packs: tuple[Path, ...]
    """Packs made for this thread."""


def read_labelled(path: Path) -> Labelled:
    """Return the labels at `path` (a CSV, or a folder with `mentions.csv`) with their thread.

    Raises:
        ValueError: a file is missing, or isn't in the documented form.
    """
    labels = path / LABELS if path.is_dir() else path
    if not labels.is_file():
        raise ValueError(f"{path}: no labels; name a CSV, or a folder with {LABELS}")
    thread, about = labels.with_name(THREAD), labels.with_name(ABOUT)
    if labels.name != LABELS or not thread.is_file():
        return Labelled(labels, None, (), ())
    facts = _read_about(about) if about.is_file() else {}
    packs = tuple(labels.parent / name for name in facts.get("packs", []))
    return Labelled(labels, _read_thread(thread), tuple(facts.get("unlabelled_kinds", [])), packs)


def _read_about(path: Path) -> dict[str, list[str]]:
    try:
        about = tomllib.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"{path.name}: not TOML: {error}") from None
    for key, value in about.items():
        if key not in ABOUT_KEYS:
            raise ValueError(
                f"{path.name}: key {key!r} is not known; known are {', '.join(ABOUT_KEYS)}"
            )
        if key in ("unlabelled_kinds", "packs") and not (
            isinstance(value, list) and all(isinstance(item, str) for item in value)
        ):
            raise ValueError(f"{path.name}: {key} is {value!r}; it is a list of texts")
    return about


def _read_thread(path: Path) -> pl.DataFrame:
    """Return the comments of a thread in display order, as `find_mentions` reads them."""
    try:
        lines = pl.read_ndjson(path, infer_schema_length=None)
    except (OSError, pl.exceptions.PolarsError) as error:
        reason = str(error).partition("\n")[0]
        raise ValueError(
            f"{path.name}: can't be read as newline-delimited JSON: {reason}"
        ) from None
    for name in COMMENT_FIELDS:
        if name not in lines.columns:
            raise ValueError(
                f"{path.name}: {name!r} is missing; each line needs {', '.join(COMMENT_FIELDS)}"
            )

    def read(name: str, otherwise: pl.Expr) -> pl.Expr:
        return pl.col(name) if name in lines.columns else otherwise

    author = pl.col("author").cast(pl.String)
    return lines.select(
        comment_id=pl.col("comment_id").cast(pl.String),
        thread_id=read("thread_id", pl.lit("labelled")).cast(pl.String),
        platform=read("platform", pl.lit("labelled")).cast(pl.String),
        publication=read("publication", pl.lit(None)).cast(pl.String),
        position=pl.int_range(pl.len(), dtype=pl.Int32),
        author_id=author,
        author_name=author,
        author_handle=read("handle", pl.lit(None)).cast(pl.String),
        is_host=read("is_post_author", pl.lit(None)).cast(pl.Boolean),
        text=pl.col("text").cast(pl.String).fill_null(""),
    )
