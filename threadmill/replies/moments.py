"""Which comments were certainly written after which, by whatever the page says of time.

Pages rarely give instants. They give days, days without a year, or ages ("3d"), and each of these orders comments
only against some others: a day of the page's own zone against days of the same document, an age against ages
that were shown at the same moment. Where two could have been written either way round, nothing is said.
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
"""Days without a year are compared only if at most so many days apart: else a turn of the year may lie between."""
CLOCK_SLACK_S = 3_600.0
"""What a change of clocks can put between two times that a page shows without their zone."""
ZONE_SLACK = 1.0
"""Days by which the day in UTC and the day that a page shows in its own zone can differ."""
COLUMNS: dict[str, Any] = {
    "path": pl.String, "created_at": pl.Datetime("us"), "created_on": pl.Date, "created_text": pl.String,
    "created_precision": pl.String, "is_created_resolved": pl.Boolean,
}  # fmt: skip


class Axis(NamedTuple):
    """One way to order comments in time: each was written from `earliest` to `latest`, NaN where not known."""

    earliest: Floats
    latest: Floats
    document: Ints | None = None
    """Only comments of one document can be compared; None: all can."""
    slack: float = 0.0
    """By how much one must be later than the other."""
    farthest: float = np.inf
    """Comments that are further apart can't be compared."""


class Moments(NamedTuple):
    """What is known of when the comments of a batch were written."""

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


def moments(comments: pl.DataFrame) -> Moments:
    """Return when `comments` were written. All columns in `COLUMNS` may be missing or null.

    Comments without a `path` are of one document.
    """
    known = comments.select(pl.col(c) for c in COLUMNS if c in comments.columns).match_to_schema(
        pl.Schema(COLUMNS), missing_columns="insert"
    )
    time = _floats(known["created_at"].dt.epoch("us")) / 1e6
    axes = [Axis(time, time)]
    # Instants tell all that days would.
    if np.isnan(time).any():
        axes += _of_pages(known, time)
    return Moments(tuple(axis for axis in axes if (~np.isnan(axis.earliest)).sum() > 1))


def _of_pages(known: pl.DataFrame, time: Floats) -> list[Axis]:
    """Return the ways to order comments by what their pages show."""
    day = _floats(known["created_on"].cast(pl.Int32))
    if np.isnan(day).all() and known["created_text"].null_count() == known.height:
        return []
    document = known["path"].fill_null("").rank("dense").to_numpy().astype(np.int64)
    shown = parse_shown_times(known["created_text"])
    unit = _floats(shown["unit_s"])
    is_age = ~np.isnan(unit)
    # The day of an age is that of its end: "3d" may be a day more.
    first_day = np.where(is_age, day - np.ceil(unit * 1.05 / DAY_S), day)
    own_day = np.where(np.isnan(time) & ~is_age, day, np.nan)
    yearless = np.where(np.isnan(day), _floats(shown["day_of_year"]), np.nan)
    age, clock = _floats(shown["age_s"]), _floats(shown["clock_s"])
    return [
        Axis(own_day, own_day, document),
        Axis(first_day, day, slack=ZONE_SLACK),
        Axis(yearless, yearless, document, farthest=HALF_YEAR),
        # "3d" is three whole days and less than four, so an age is over as the next begins.
        Axis(1.0 - age - unit, -age, document),
        Axis(clock, clock, document, slack=CLOCK_SLACK_S),
    ]


def _floats(values: pl.Series) -> Floats:
    return values.cast(pl.Float64).fill_null(np.nan).to_numpy()
