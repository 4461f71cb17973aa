"""Substack: text copied by browsers that leave pictures out, so that a bare name line starts a comment.

Between name and date may stand the commenter's own publication. Without dates, the first line after a
comment's end is taken for the name if most of them look like names.
"""

import polars as pl

from threadmill.sources.substack import blocks
from threadmill.sources.substack.firsts import is_kind, neighbour
from threadmill.sources.substack.lines import Kind, Lines

FORMAT = "substack_bare_page"
MEANING = "a page without pictures: a bare line with the name, then the date, before each comment"


def starts(lines: Lines) -> tuple[pl.Series, pl.Series]:
    """Return which lines start a comment, and whose it is."""
    rows = lines.rows
    kind = rows["kind"]
    first = rows["first"]
    dated = blocks.is_dated_name(lines)
    tomb = kind == int(Kind.TOMBSTONE)
    next_kind = neighbour(rows, kind, -1)
    named_tomb = (kind == int(Kind.TEXT)) & (next_kind == int(Kind.TOMBSTONE)).fill_null(False)
    seen = rows.select(
        "doc",
        first=first & ~tomb,
        dated=dated,
        foot=is_kind(rows, Kind.ACTIONS, Kind.TERMINATOR),
    )
    per_doc = seen.group_by("doc").agg(
        has_dates=(pl.col("dated") & pl.col("first")).sum() >= 0.5 * pl.col("first").sum(),
        has_feet=pl.col("foot").any(),
    )
    place = rows.select("doc").join(per_doc, on="doc", how="left", maintain_order="left")
    is_text = kind == int(Kind.TEXT)
    footed = first & ((is_text & (dated | ~place["has_dates"])) | named_tomb)
    footless = blocks.is_name_like(rows, dated & rows["gap"])
    chosen = pl.select(
        pl.when(place["has_feet"]).then(footed).otherwise(footless | (named_tomb & rows["gap"]))
    ).to_series()
    lone = tomb & first & ~neighbour(rows, chosen, 1).fill_null(False)
    whose = pl.select(pl.when(chosen).then(rows["bare"])).to_series()
    return blocks.in_comments(rows, chosen | lone), whose
