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
    is_ascii = text.str.len_bytes() == text.str.len_chars()
    spaced = text.str.replace_all("\n", " ", literal=True).str.replace_all("\t", " ", literal=True)
    plain = texts.filter(is_ascii).with_columns(normal=spaced)
    plain = plain.with_columns(folded=pl.col("normal").str.to_lowercase())
    other = texts.filter(~is_ascii).with_columns(normal=normal(text))
    other = other.with_columns(folded=folded(pl.col("normal")))
    return pl.concat([plain, other]).sort("row")


def folded(text: pl.Expr) -> pl.Expr:
    """Return `text` in lower case: the same length in code points.

    `İ` in lower case would be two, and a final sigma is a sigma.
    """
    return (
        text.str.replace_all("İ", "i", literal=True)
        .str.to_lowercase()
        .str.replace_all("ς", "σ", literal=True)
    )
