"""Round counts to 5 by a key: up or down by chance, the same for the same cell and value in every release."""

from collections.abc import Sequence

import polars as pl

from threadmill.privacy.keys import Key

BASE = 5
"""Counts are published as multiples of this."""
_DIGITS = 8


def round_counts(
    key: Key, table: str, measure: str, cells: pl.Series, values: pl.Series
) -> pl.Series:
    """Return `values` as multiples of `BASE`, null for null.

    A value goes up with the chance that keeps the mean, 3 to 5 in three of five cases. The chance is drawn by the
    HMAC of table, measure, cell and value, so that no number of releases averages it out.
    """
    drawn = _draw(
        key,
        [
            f"{table}\x1f{measure}\x1f{cell}\x1f{value}"
            for cell, value in zip(cells, values, strict=True)
        ],
    )
    rows = pl.DataFrame({"value": values.cast(pl.Int64), "drawn": pl.Series(drawn, dtype=pl.Int64)})
    rest = pl.col("value") % BASE
    is_up = pl.col("drawn") < rest * (16**_DIGITS // BASE)
    rounded = pl.col("value") - rest + pl.when(is_up).then(BASE).otherwise(0)
    return rows.select(rounded.alias(values.name))[values.name]


def _draw(key: Key, texts: Sequence[str]) -> list[int]:
    return [int(hashed[:_DIGITS], 16) for hashed in key.hash_all(texts)]
