"""Texts made alike for comparison, code point by code point, so that offsets stay those of the original."""

import polars as pl

_ALIKE = {
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "‐": "-",
    "‑": "-",
    "–": "-",
    "−": "-",
    "\u00a0": " ",
    "\u202f": " ",
    "\u2009": " ",
    "\n": " ",
    "\t": " ",
}


def normal(text: pl.Expr) -> pl.Expr:
    """Return `text` with straight quotes, hyphens and spaces: the same length in code points."""
    return text.str.replace_many(list(_ALIKE), list(_ALIKE.values()))


def alike(texts: pl.DataFrame) -> pl.DataFrame:
    """Return `texts` with `masked` also as `normal` and as `folded`; most are ASCII, which is quick."""
    text = pl.col("masked")
    is_ascii = texts.select(text.str.len_bytes() == text.str.len_chars()).to_series()
    if is_ascii.all():
        return _alike_ascii(texts)
    other = texts.filter(~is_ascii).with_columns(normal=normal(text))
    other = other.with_columns(folded=folded(pl.col("normal")))
    return pl.concat([_alike_ascii(texts.filter(is_ascii)), other]).sort("row")


def _alike_ascii(texts: pl.DataFrame) -> pl.DataFrame:
    spaced = pl.col("masked").str.replace_all(r"[\n\t]", " ")
    texts = texts.with_columns(normal=spaced)
    return texts.with_columns(folded=pl.col("normal").str.to_lowercase())


def folded(text: pl.Expr) -> pl.Expr:
    """Return `text` in lower case: the same length in code points.

    `İ` in lower case would be two, and a final sigma is a sigma.
    """
    return (
        text.str.replace_all("İ", "i", literal=True)
        .str.to_lowercase()
        .str.replace_all("ς", "σ", literal=True)
    )
