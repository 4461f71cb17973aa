"""Dates as pages write them → days, as far as they are known. Nothing invents a year."""

import polars as pl

MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
UNIT_S = {
    "s": 1,
    "m": 60,
    "min": 60,
    "h": 3_600,
    "hr": 3_600,
    "d": 86_400,
    "w": 7 * 86_400,
    "mo": 30 * 86_400,
    "y": 365 * 86_400,
}

_MONTH_DAY = r"^(?P<month>\p{L}{3})\p{L}* (?P<day>\d{1,2})(?:, (?P<year>\d{4}))?$"
_ISO_DAY = r"^\d{4}-\d\d-\d\d$"
_RELATIVE = r"^(?P<amount>\d+) ?(?P<unit>s|m|min|h|hr|d|w|mo|y)$"


def dated(comments: pl.DataFrame) -> pl.DataFrame:
    """Return `comments` with `created_at`, `created_on`, `created_precision` and `is_created_resolved`.

    They come from `created_text` and the document's `captured_at` (null where not known). With it, a
    `month_day` is the latest such day not after the capture, and a `relative` time that long before
    it; both are marked as resolved, and coarse: a week is seven days, a month 30, a year 365.
    A `created_at` that the source gives goes before its text.
    """
    is_exact = pl.col("created_at").is_not_null()
    written = comments.select("created_text", "captured_at").unique().drop_nulls("created_text")
    text = pl.col("created_text")
    named = text.str.extract_groups(_MONTH_DAY).struct
    ago = text.str.extract_groups(_RELATIVE).struct
    month = named.field("month").str.to_lowercase().replace_strict(MONTHS, default=None)
    day = named.field("day").cast(pl.Int8, strict=False)
    year = named.field("year").cast(pl.Int32, strict=False)
    captured = pl.col("captured_at").dt.date()
    this_year = _day(captured.dt.year(), month, day)
    # A 29 February is in the latest leap year, up to eight years back.
    before = [_day(captured.dt.year() - back, month, day) for back in range(1, 9)]
    latest = pl.coalesce(pl.when(this_year <= captured).then(this_year), *before)
    seconds = ago.field("amount").cast(pl.Int64, strict=False) * ago.field("unit").replace_strict(
        UNIT_S, default=None, return_dtype=pl.Int64
    )
    earlier = (pl.col("captured_at") - pl.duration(seconds=seconds)).dt.date()
    exact = pl.coalesce(text.str.to_date("%Y-%m-%d", strict=False), _day(year, month, day))
    precision = (
        pl.when(exact.is_not_null())
        .then(pl.lit("day"))
        .when(month.is_not_null() & day.is_not_null())
        .then(pl.lit("month_day"))
        .when(seconds.is_not_null())
        .then(pl.lit("relative"))
        .otherwise(pl.lit("none"))
    )
    resolved = (
        pl.when(precision == "month_day").then(latest).when(precision == "relative").then(earlier)
    )
    days = written.with_columns(
        created_on=pl.coalesce(exact, resolved),
        created_precision=precision,
        is_created_resolved=resolved.is_not_null(),
    )
    return comments.join(
        days,
        on=["created_text", "captured_at"],
        how="left",
        nulls_equal=True,
        maintain_order="left",
    ).with_columns(
        created_on=pl.when(is_exact).then(pl.col("created_at").dt.date()).otherwise("created_on"),
        created_precision=pl.when(is_exact)
        .then(pl.lit("second"))
        .otherwise(pl.col("created_precision").fill_null("none")),
        is_created_resolved=pl.col("is_created_resolved").fill_null(False) & ~is_exact,
    )


def _day(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Return the date, null where there is no such day."""
    text = pl.format("{}-{}-{}", year, month, day)
    return text.str.to_date("%Y-%-m-%-d", strict=False)
