"""Which lines can be a comment's first: those below a comment that has ended, or below the page's head.

A comment ends with a whole foot, as most comments of its document have it: on a page with Like, Reply and
Share below each comment, a lone line `Share` is somebody's words. Or it ends with a tombstone.
"""

import polars as pl

from threadmill.sources.substack.lines import BUTTONS, COLLAPSED, FOOT, TERMINATED, Kind, Lines

PAGES = (Kind.PAGE, Kind.TAIL, Kind.HEADING, Kind.COMPOSER)
"""Lines of the page itself."""
WEIGHTS = {int(kind): 3 for kind in (Kind.AVATAR, Kind.NAME)} | {
    int(kind): 2 for kind in (Kind.META, Kind.PAGE, Kind.TAIL)
}
"""How much a foot above a line of this kind counts; others count 1."""


def after_heading(rows: pl.DataFrame) -> pl.Series:
    """Return whether each line is below the heading of the comments, where its document has one."""
    is_heading = rows["kind"] == int(Kind.HEADING)
    if not is_heading.any():
        return pl.repeat(True, rows.height, dtype=pl.Boolean, eager=True)
    first = rows.filter(is_heading).group_by("doc").agg(heading=pl.col("row").first())
    place = rows.select("doc", "row").join(first, on="doc", how="left", maintain_order="left")
    return place.select((pl.col("row") > pl.col("heading")).fill_null(True)).to_series()


def is_kind(rows: pl.DataFrame, *kinds: Kind) -> pl.Series:
    """Return whether each line is of one of `kinds`."""
    return rows["kind"].is_in([int(kind) for kind in kinds])


def neighbour(rows: pl.DataFrame, values: pl.Series, steps: int) -> pl.Series:
    """Return `values` of the line `steps` before (after, if negative), null outside the document."""
    same = rows["doc"] == rows["doc"].shift(steps)
    return pl.select(pl.when(same).then(values.shift(steps))).to_series()


def with_firsts(lines: Lines) -> Lines:
    """Return `lines` with `below` (the heading), `first` and `closes`.

    `first` says whether the line can be a comment's first, as far as the lines above it tell, and `closes`
    which parts, as bits, the whole foot has that ends here; 0 where none does.
    """
    rows = lines.rows.with_columns(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("place"), below=after_heading(lines.rows)
    )
    feet = _feet(rows, lines.marks["parts"])
    parts = pl.zeros(rows.height, pl.UInt8, eager=True).scatter(feet["place"], feet["parts"])
    ends = pl.repeat(False, rows.height, dtype=pl.Boolean, eager=True)
    ends = ends.scatter(feet.filter("is_whole")["place"], True)
    opens = (rows["doc"] != rows["doc"].shift(1)).fill_null(True)
    above = neighbour(rows, rows["kind"], 1)
    page = _page_above(rows, above)
    tomb, dated = _tombstones(lines, rows, ends | neighbour(rows, page, -1).fill_null(False), opens)
    # Replies of what is gone are collapsed right below it.
    hidden = (parts == COLLAPSED) & neighbour(rows, tomb | dated, 1).fill_null(False)
    ended = neighbour(rows, ends | tomb | dated | hidden, 1).fill_null(False)
    first = (opens | ended | page) & ~dated & ~is_kind(rows, *FOOT, *PAGES[:3])
    closes = feet.filter(pl.col("is_whole") & ~pl.col("goes_on").shift(-1, fill_value=False))
    parts = pl.zeros(rows.height, pl.UInt8, eager=True).scatter(closes["place"], closes["parts"])
    return lines._replace(rows=rows.with_columns(first=first, closes=parts).drop("place"))


def _feet(rows: pl.DataFrame, parts: pl.Series) -> pl.DataFrame:
    """Return one row per line of a foot: `place`, the `parts` of its foot so far, and whether it `is_whole`."""
    feet = rows.filter(is_kind(rows, *FOOT)).select(
        "place", "doc", own=parts.gather(rows.filter(is_kind(rows, *FOOT))["mark"])
    )
    own = pl.col("own")
    # A part that comes earlier in a foot, or again, opens another.
    climbs = own.bitwise_trailing_zeros() >= 8 - own.shift(1).bitwise_leading_zeros()
    follows = (pl.col("place") == pl.col("place").shift(1) + 1) & (
        pl.col("doc") == pl.col("doc").shift(1)
    )
    sums = own.cast(pl.Int64).cum_sum()
    feet = feet.with_columns(goes_on=(climbs & follows).fill_null(False), sums=sums)
    before = pl.when(~pl.col("goes_on")).then(pl.col("sums") - own).forward_fill()
    feet = feet.with_columns(parts=(pl.col("sums") - before).cast(pl.UInt8))
    return feet.join(_usual(feet, rows), on="doc", how="left", maintain_order="left").select(
        "place", "parts", "goes_on", is_whole=(pl.col("parts") & pl.col("usual")) == pl.col("usual")
    )


def _usual(feet: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the parts that a whole foot has, one row per document: those of the most usual foot.

    More counts what stands above a comment's first line or the end, less what has text below, as words do.
    """
    last = feet.filter(~pl.col("goes_on").shift(-1, fill_value=False))
    below = neighbour(rows, rows["kind"], -1).fill_null(int(Kind.AVATAR)).gather(last["place"])
    parts = pl.col("parts") & (BUTTONS | TERMINATED)
    weight = pl.Series("weight", below).replace_strict(WEIGHTS, default=1, return_dtype=pl.Int64)
    feet = last.select("doc", weight=weight * parts.bitwise_count_ones(), parts=parts)
    # Where there are buttons, short comments may lack what expands long ones.
    buttons = parts & BUTTONS
    closing = pl.when(buttons > 0).then(buttons).otherwise(parts)
    return (
        feet.group_by("doc", usual=closing)
        .agg(pl.col("weight").sum())
        .sort("weight", "usual", descending=[False, True])
        .group_by("doc")
        .agg(pl.col("usual").last())
    )


def _page_above(rows: pl.DataFrame, above: pl.Series) -> pl.Series:
    """Return whether a line of the page's head is right above each line: one above all comments."""
    page = above.is_in([int(kind) for kind in PAGES]).fill_null(False)
    said = is_kind(rows, *FOOT, Kind.AVATAR, Kind.META, Kind.NAME) & rows["below"]
    told = rows.select("doc", said=said).select(
        (pl.col("said").cum_sum() - pl.col("said")).alias("sum"),
        opens=(pl.col("doc") != pl.col("doc").shift(1)).fill_null(True),
    )
    base = pl.when("opens").then("sum").forward_fill()
    nothing = told.select((pl.col("sum") == base).alias("nothing"))["nothing"]
    return page & (nothing | (above == int(Kind.HEADING)).fill_null(False))


def _tombstones(
    lines: Lines, rows: pl.DataFrame, ends: pl.Series, opens: pl.Series
) -> tuple[pl.Series, pl.Series]:
    """Return which lines are tombstones rather than words, and which are dates below such.

    Between a tombstone and what ended the comment before stand names, publications and dates alone.
    """
    kind = rows["kind"]
    tomb = kind == int(Kind.TOMBSTONE)
    nothing = pl.repeat(False, rows.height, dtype=pl.Boolean, eager=True)
    if not tomb.any():
        return nothing, nothing
    above, below = neighbour(rows, kind, 1), neighbour(rows, kind, -1)
    text, dates = int(Kind.TEXT), [int(Kind.META), int(Kind.TOMBSTONE)]
    is_avatar = above == int(Kind.AVATAR)
    headed = below.is_in(dates) & ~above.is_in([int(Kind.META), int(Kind.BADGE)]).fill_null(False)
    headed &= ~(is_avatar & rows["gap"]).fill_null(False)
    names = neighbour(rows, lines.marks["name"].gather(rows["mark"]), 1)
    again = (rows["bare"] == names).fill_null(False)
    two_below = neighbour(rows, kind, -2)
    published = (below == text) & two_below.is_in(dates)
    published &= opens | neighbour(rows, ends | tomb, 1).fill_null(False)
    words = (kind == text) & ~(headed | again | published).fill_null(False)
    place = rows["place"]
    known = rows.select(
        words=pl.when(words).then(place).forward_fill().fill_null(-1),
        ends=pl.when(ends).then(place).forward_fill().fill_null(-1),
        opens=pl.when(opens).then(place).forward_fill() - 1,
    )
    real = (
        tomb
        & known.select((pl.col("words") <= pl.max_horizontal("ends", "opens")).alias("real"))[
            "real"
        ]
    )
    undated = real & lines.marks["created"].gather(rows["mark"]).is_null()
    undated &= (above != int(Kind.META)).fill_null(True)
    dated = (kind == int(Kind.META)) & neighbour(rows, undated, 1).fill_null(False)
    return real, dated
