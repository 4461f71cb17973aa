"""Normalised texts for comparison, of the same length in code points, so that offsets are those of the original."""

import polars as pl

ALIKE = {"[’‘ʼ]": "'", "[‐‑–−]": "-", "[\u00a0\u202f\u2009\n\t]": " "}
_SPECIAL = "’|‘|ʼ|‐|‑|–|−|\u00a0|\u202f|\u2009|İ|Σ|ς"
"""Characters that need more than replacing line ends and lower-casing."""


def normalize(text: pl.Expr) -> pl.Expr:
    """Return `text` with straight quotes, hyphens and spaces: the same length in code points."""
    for many, one in ALIKE.items():
        text = text.str.replace_all(many, one)
    return text


def add_folded(texts: pl.DataFrame) -> pl.DataFrame:
    """Return `texts` with `masked` also as `normal` and as `folded`; plain texts take a faster path."""
    text = pl.col("masked")
    is_special = texts.select(text.str.len_bytes() != text.str.len_chars()).to_series()
    own = texts.filter(is_special).select(text.str.contains(_SPECIAL)).to_series()
    is_special = is_special.scatter(is_special.arg_true(), own)
    # One literal of a byte is replaced several times as fast as an expression.
    spaced = text.str.replace_all("\n", " ", literal=True)
    plain = texts.filter(~is_special).with_columns(normal=spaced)
    if plain["normal"].str.contains("\t", literal=True).any():
        plain = plain.with_columns(pl.col("normal").str.replace_all("\t", " ", literal=True))
    plain = plain.with_columns(folded=pl.col("normal").str.to_lowercase())
    if not is_special.any():
        return plain
    other = texts.filter(is_special).with_columns(normal=normalize(text))
    is_odd = other.select(text.str.contains("İ|Σ|ς")).to_series()
    lower = pl.col("normal").str.to_lowercase()
    odd = other.filter(is_odd).with_columns(folded=fold(pl.col("normal")))
    other = pl.concat([other.filter(~is_odd).with_columns(folded=lower), odd])
    return pl.concat([plain, other]).sort("row")


def fold(text: pl.Expr) -> pl.Expr:
    """Return `text` in lower case: the same length in code points.

    `İ` in lower case would be two, and a final sigma is a sigma.
    """
    return (
        text.str.replace_all("İ", "i", literal=True)
        .str.to_lowercase()
        .str.replace_all("ς", "σ", literal=True)
    )
