"""What is known about a platform: two numbers that shift "is top level" and "answers the previous comment".

`threadmill.measure.replies.fitting` fits them from threads with known trees; a run only reads them.
"""

import datetime as dt
import math
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import polars as pl

FILE = "platforms.csv"
"""The file's name in the vocabulary folder."""
PLATFORM_WIDTH, THREAD_WIDTH = 1.0, 0.7
"""Standard deviation of the top-level bias among platforms, and among the threads of one platform."""
PRESET_WIDTH = 0.85
"""Standard deviation of `rebuilt.TOP_BIASES`, the prior for a platform about which nothing is known."""
EDGE_INFORMATION = 0.12
"""Information of a link about its thread's top-level bias: the mean of p (1 - p), where p is the probability of top
level."""

SCHEMA = {
    "platform": pl.String, "top_level_bias": pl.Float64, "previous_bias": pl.Float64,
    "threads": pl.Int64, "edges": pl.Int64, "fitted_on": pl.Date,
}  # fmt: skip


class Prior(NamedTuple):
    """One platform's two numbers, and what they were fitted from."""

    platform: str
    top_level_bias: float
    previous_bias: float
    threads: int
    edges: int
    fitted_on: dt.date | None

    @property
    def spread(self) -> float:
        """Width of the distribution of top-level biases against the preset's, 1 at most: more threads narrow it."""
        if not self.threads:
            return 1.0
        per_thread = self.edges / self.threads * EDGE_INFORMATION
        information = self.threads * per_thread / (1 + per_thread * THREAD_WIDTH**2)
        variance = THREAD_WIDTH**2 + 1 / (1 / PLATFORM_WIDTH**2 + information)
        return float(min(variance**0.5 / PRESET_WIDTH, 1.0))


Priors = Mapping[str, Prior]
PRESET = Prior("", 0.0, 0.0, 0, 0, None)
"""For platforms without a fit: the weights as trained, averaged over top-level biases."""


def read(path: Path) -> dict[str, Prior]:
    """Return the priors in a `platforms.csv` by platform, an empty dict if there is no such file.

    Raises:
        ValueError: a column is missing, or a value in it is wrong.
    """
    if not path.is_file():
        return {}
    try:
        rows = pl.read_csv(path, schema_overrides=SCHEMA).select(list(SCHEMA))
    except (pl.exceptions.PolarsError, ValueError) as error:
        first = str(error).splitlines()[0]
        raise ValueError(f"{path.name}: {first}; its columns are {', '.join(SCHEMA)}") from None
    found: dict[str, Prior] = {}
    for prior in map(Prior._make, rows.rows()):
        if not prior.platform:
            raise ValueError(f"{path.name}: a row has no platform; each row is one platform's")
        if prior.platform in found:
            raise ValueError(
                f"{path.name}: platform {prior.platform} is there twice; it has one row"
            )
        for name in ("top_level_bias", "previous_bias"):
            value = getattr(prior, name)
            if value is None or not math.isfinite(value):
                raise ValueError(
                    f"{path.name}: {name} of {prior.platform} is {value}; it must be a number"
                )
        found[prior.platform] = prior
    return found


def write(path: Path, priors: Priors) -> None:
    """Write `priors` as a `platforms.csv`, one row per platform, sorted by platform."""
    rows = [priors[platform] for platform in sorted(priors)]
    pl.DataFrame(rows, schema=SCHEMA, orient="row").write_csv(path, float_precision=4)
