"""Rows as frames with the declared columns, and frames as files; shares with their intervals."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from reference.hosts import Row
from threadmill import schema

_TYPES = {
    pa.string(): "str",
    pa.int64(): "Int64",
    pa.int32(): "Int64",
    pa.float64(): "float64",
    pa.bool_(): "boolean",
    pa.date32(): "datetime64[us]",
    pa.timestamp("us"): "datetime64[us]",
}
Z = 1.959964
"""Of a normal distribution, 95 % lie between -Z and Z."""


def frame(table: str, rows: Iterable[Row]) -> pd.DataFrame:
    """Return `rows` as a frame with the columns of `table`."""
    made = pd.DataFrame(list(rows), columns=list(schema.TABLES[table].columns), dtype=object)
    return typed(made)


def typed(made: pd.DataFrame) -> pd.DataFrame:
    """Return `made` with the declared types, of which each can lack a value."""
    return made.astype({name: _TYPES[schema.COLUMNS[name].type] for name in made.columns})


def declared(table: str, made: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of `table` in `made`, with their types, in the order of its key."""
    declared = schema.TABLES[table]
    return typed(made[list(declared.columns)]).sort_values(list(declared.key), ignore_index=True)


def write(tables: dict[str, pd.DataFrame], out: Path) -> None:
    """Write each of `tables` to a Parquet file of its name."""
    out.mkdir(parents=True, exist_ok=True)
    for name, made in tables.items():
        pq.write_table(arrow(name, made), out / f"{name}.parquet", compression="zstd")


def arrow(name: str, made: pd.DataFrame) -> pa.Table:
    """Return the table `name` as it is stored."""
    return pa.Table.from_pandas(made, schema=schema.arrow(name), preserve_index=False)


def sure(truth: pd.Series) -> pd.Series:
    """Return which of `truth` are true, where it may be unknown."""
    return truth.fillna(False).astype(bool)


def chosen(cases: dict[str, pd.Series], default: str | None = None) -> pd.Series:
    """Return for each row the first of `cases` that is true there."""
    found = pd.Series(default, next(iter(cases.values())).index, dtype="str")
    for name, truth in reversed(cases.items()):
        found = found.mask(sure(truth), name)
    return found


def wilson(part: pd.Series, whole: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return the bounds of Wilson's 95 % interval of `part` / `whole`; none of nothing."""
    k, n = part.astype("float64"), whole.astype("float64").replace(0, np.nan)
    middle, spread = k + Z**2 / 2, Z * np.sqrt(k * (n - k) / n + Z**2 / 4)
    low, high = (middle - spread) / (n + Z**2), (middle + spread) / (n + Z**2)
    return low.mask((k == 0) & n.notna(), 0.0), high.mask((k == n) & n.notna(), 1.0)


def share(part: pd.Series, whole: pd.Series, least: int = 1) -> pd.Series:
    """Return `part` / `whole`, none where the whole is below `least`."""
    n = whole.astype("float64")
    return part.astype("float64") / n.where(n >= least)


def with_share(
    made: pd.DataFrame, name: str, part: pd.Series, whole: pd.Series, least: int = 1
) -> pd.DataFrame:
    """Return `made` with the share `name` and its bounds."""
    low, high = wilson(part, whole)
    return made.assign(
        **{name: share(part, whole, least), f"{name}_low": low, f"{name}_high": high}
    )
