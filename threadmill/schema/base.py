"""What a column and a table are, and what several declarations share."""

from collections.abc import Mapping
from typing import NamedTuple

import pyarrow as pa

TEXT = pa.string()
COUNT = pa.int64()
SMALL = pa.int32()
NUMBER = pa.float64()
TRUTH = pa.bool_()
DAY = pa.date32()
INSTANT = pa.timestamp("us")

COMMENT = {"comment_id": "comments", "thread_id": "threads"}
"""The references of a table with a row per comment, or several."""


class Column(NamedTuple):
    """What one column name means in the tables that have it."""

    type: pa.DataType
    meaning: str
    unit: str = ""
    nullable: bool = False
    values: tuple[str, ...] = ()
    """The values it may take; any if empty."""


class Table(NamedTuple):
    """A published table: its grain, key and columns in declared order."""

    group: str
    """`parsed` if the pipeline writes it, else the folder below `sql/` that holds its query."""
    grain: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    required: tuple[str, ...] = ()
    """Columns that are never null here, though they may be elsewhere."""
    optional: tuple[str, ...] = ()
    """Columns that may be null here, though they are never elsewhere."""
    references: Mapping[str, str] = {}
    """Column → the table whose key it points at."""
    meanings: Mapping[str, str] = {}
    """Columns that mean something narrower here than `COLUMNS` says."""
    in_parts: bool = False
    """Whether it is a folder of Parquet parts rather than one file."""
    touched_by: tuple[str, ...] = ()
    """Columns whose values stale threads touch. `sql/touched/` selects the touched values; a run makes the rows that have
    nothing but touched values in these columns, and takes over all others."""

    @property
    def is_by_thread(self) -> bool:
        """Whether rows follow from their own thread alone: a run makes those of stale threads and takes over all others.

        A table that is neither this nor `touched_by` anything is made anew.
        """
        return self.in_parts and not self.touched_by


def names(words: str) -> tuple[str, ...]:
    """Return the column names that `words` lists, separated by white space."""
    return tuple(words.split())


def bound(share: str, side: str) -> Column:
    """Return the lower or upper bound of the share `share`."""
    return Column(
        NUMBER,
        f"{side} bound of the 95 % confidence interval of `{share}` (Wilson), also for small samples; null if the denominator is 0.",
        "share of 1",
        nullable=True,
    )
