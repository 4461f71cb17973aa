"""Which comments were certainly written after which, from all times that the page shows.

Pages rarely give instants. They give days, days without a year, or ages ("3d"), and each of these orders comments
only against some others: a day of the page's own zone against days of the same document, an age against ages
that were shown at the same moment. If either of two comments could be the earlier one, neither counts as later.
"""

from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from threadmill.sources.dates import parse_shown_times

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

DAY_S = 86_400.0
HALF_YEAR = 183.0
"""Compare days without a year only if they are at most this many days apart: New Year may lie between others."""
CLOCK_SLACK_S = 3_600.0
"""By how much a change of clocks can shift two times that a page shows without their zone."""
ZONE_SLACK = 1.0
"""Days by which the day in UTC and the day that a page shows in its own zone can differ."""
COLUMNS: dict[str, Any] = {
    "path": pl.String, "created_at": pl.Datetime("us"), "created_on": pl.Date, "created_text": pl.String,
    "created_precision": pl.String, "is_created_resolved": pl.Boolean,
}  # fmt: skip
SHOWN = ("day_of_year", "clock_s", "age_s", "unit_s")
"""What `created_text` alone says, as `dates.parse_shown_times`."""


class Axis(NamedTuple):
    """One way to order comments in time: each was written between `earliest` and `latest`, NaN if unknown."""

    earliest: Floats
    latest: Floats
    document: Ints | None = None
    """If given, only comments of the same document can be compared."""
    slack: float = 0.0
    """One counts as later only if it is later by more than this."""
    farthest: float = np.inf
    """Comments further apart than this can't be compared."""


class Moments(NamedTuple):
    """What is known about when the comments of a batch were written."""

    axes: tuple[Axis, ...]

    def are_after(self, first: Ints, second: Ints) -> Flags:
        """Return per pair whether comment `first` was certainly written after comment `second`."""
        after = np.zeros(len(first), dtype=bool)
        with np.errstate(invalid="ignore"):
            for axis in self.axes:
                by = axis.earliest[first] - axis.latest[second]
                later = (by > axis.slack) & (by <= axis.farthest)
                if axis.document is not None:
                    later &= axis.document[first] == axis.document[second]
                after |= later
        return after


def add_shown_times(comments: pl.DataFrame) -> pl.DataFrame:
    """Return `comments` with the columns of `SHOWN`: planning it costs as much for few comments as for many."""
    texts = comments["created_text"] if "created_text" in comments.columns else None
    if texts is None or texts.null_count() == len(texts):
        return comments.with_columns(pl.lit(None, pl.Float64).alias(name) for name in SHOWN)
    return comments.with_columns(parse_shown_times(texts).cast(pl.Float64))


def read_moments(comments: pl.DataFrame) -> Moments:
    """Return when `comments` were written. Any column in `COLUMNS` may be missing or null.

    Comments without a `path` count as one document.
    """
    if "age_s" not in comments.columns:
        comments = add_shown_times(comments)
    columns = COLUMNS | dict.fromkeys(SHOWN, pl.Float64)
    known = comments.select(pl.col(c) for c in columns if c in comments.columns).match_to_schema(
        pl.Schema(columns), missing_columns="insert"
    )
    time = _take_floats(known["created_at"].dt.epoch("us")) / 1e6
    axes = [Axis(time, time)]
    # Days add nothing where every instant is known.
    if np.isnan(time).any():
        axes += _list_page_axes(known, time)
    return Moments(tuple(axis for axis in axes if (~np.isnan(axis.earliest)).sum() > 1))


def _list_page_axes(known: pl.DataFrame, time: Floats) -> list[Axis]:
    """Return the ways to order comments by what their pages show."""
    day = _take_floats(known["created_on"].cast(pl.Int32))
    if np.isnan(day).all() and known["created_text"].null_count() == known.height:
        return []
    document = known["path"].fill_null("").rank("dense").to_numpy().astype(np.int64)
    unit = _take_floats(known["unit_s"])
    is_age = ~np.isnan(unit)
    # An age gives the latest day possible: "3d" may be almost a day older.
    first_day = np.where(is_age, day - np.ceil(unit * 1.05 / DAY_S), day)
    own_day = np.where(np.isnan(time) & ~is_age, day, np.nan)
    yearless = np.where(np.isnan(day), _take_floats(known["day_of_year"]), np.nan)
    age, clock = _take_floats(known["age_s"]), _take_floats(known["clock_s"])
    return [
        Axis(own_day, own_day, document),
        Axis(first_day, day, slack=ZONE_SLACK),
        Axis(yearless, yearless, document, farthest=HALF_YEAR),
        # "3d" is at least three days and less than four, so each age ends where the next begins.
        Axis(1.0 - age - unit, -age, document),
        Axis(clock, clock, document, slack=CLOCK_SLACK_S),
    ]


def _take_floats(values: pl.Series) -> Floats:
    return values.cast(pl.Float64).fill_null(np.nan).to_numpy()
