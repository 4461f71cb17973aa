"""Substack: old pages (2021–24) copied without any names: date, text, `Expand full comment`.

Their comments have no author. The first line after a comment's end starts the next.
"""

import polars as pl

from threadmill.sources.substack import blocks
from threadmill.sources.substack.firsts import is_kind
from threadmill.sources.substack.lines import Kind, Lines

FORMAT = "substack_old_page"
MEANING = "an old page without names: date lines and Expand full comment or buttons"


def starts(lines: Lines) -> tuple[pl.Series, pl.Series]:
    """Return which lines start a comment; nobody is named."""
    rows = lines.rows
    kind = rows["kind"]
    first = rows["first"]
    can = first & is_kind(rows, Kind.TEXT, Kind.META, Kind.TOMBSTONE)
    is_date = kind == int(Kind.META)
    seen = rows.select("doc", can=can, dated=can & is_date).group_by("doc")
    share = seen.agg(has_dates=pl.col("dated").sum() * 2 > pl.col("can").sum())
    place = rows.select("doc").join(share, on="doc", how="left", maintain_order="left")
    is_tomb = kind == int(Kind.TOMBSTONE)
    chosen = can & (is_date | is_tomb | ~place["has_dates"])
    return blocks.in_comments(rows, chosen), pl.repeat(
        None, rows.height, dtype=pl.String, eager=True
    )
