"""What a column and a table are, and the words that several declarations share."""

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
    """What one column name means, in every table that has it."""

    type: pa.DataType
    meaning: str
    unit: str = ""
    nullable: bool = False
    values: tuple[str, ...] = ()
    """The only values it takes; any, if empty."""


class Table(NamedTuple):
    """A published table: what a row is, what names it, and its columns in declared order."""

    group: str
    """`parsed` by the flows, or the folder below `sql/` whose query makes it."""
    grain: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    required: tuple[str, ...] = ()
    """Columns that are never null here, though they may be elsewhere."""
    references: Mapping[str, str] = {}
    """Column → the table whose key it points at."""
    in_parts: bool = False
    """A folder of Parquet parts, not one file."""
    touched_by: tuple[str, ...] = ()
    """Columns that hold keys which stale threads touch: `sql/touched/` selects them, and a run makes the rows all of whose
    keys are touched, from rows that have one, and takes over all others."""

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
        f"{side} bound of Wilson's 95 % interval of `{share}`, of few too; null when it is a part of nothing.",
        "share of 1",
        nullable=True,
    )
