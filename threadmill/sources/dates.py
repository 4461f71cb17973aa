"""Dates as pages write them → days and instants, as far as they are known. Nothing invents a year."""

import polars as pl

from threadmill.sources import date_words

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan ene janv gen jän",
            "feb fév fev févr",
            "mar mär mars",
            "apr abr avr",
            "may mai mag",
            "jun juin giu",
            "jul juil lug",
            "aug ago aoû",
            "sep set sept",
            "oct okt out ott",
            "nov",
            "dec dic dez déc",
        ),
        1,
    )
    for name in names.split()
}
UNIT_S = {
    "s": 1,
    "秒": 1,
    "m": 60,
    "min": 60,
    "mins": 60,
    "分钟": 60,
    "h": 3_600,
    "hr": 3_600,
    "hrs": 3_600,
    "hora": 3_600,
    "horas": 3_600,
    "小时": 3_600,
    "d": 86_400,
    "día": 86_400,
    "días": 86_400,
    "天": 86_400,
    "w": 7 * 86_400,
    "sem": 7 * 86_400,
    "周": 7 * 86_400,
    "mo": 30 * 86_400,
    "mes": 30 * 86_400,
    "meses": 30 * 86_400,
    "个月": 30 * 86_400,
    "y": 365 * 86_400,
    "año": 365 * 86_400,
    "años": 365 * 86_400,
    "年": 365 * 86_400,
}
NOT_MARCH = "marras"
"""Begins November in Finnish."""
NOON_H = 12
LEAP_YEAR = 2024

_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?"
_HALF = r"\s?(?P<half>[AaPp])?(?:\.?\s?[Mm]\.?)?"
FORMS = (
    # Nov 17 · Dec 15, 2021 · Oct 7, 2025, 12:43 AM
    rf"^(?P<month>\p{{L}}{{3,}})\.? (?P<day>\d{{1,2}})(?:, (?P<year>\d{{4}}))?(?:,? (?:at )?{_CLOCK}{_HALF})?$",
    # 18 mar · 7 oct 2025, 0:43 · 7 de octubre de 2025
    rf"^(?P<day>\d{{1,2}})\.? (?:de )?(?P<month>\p{{L}}{{3,}})\.?(?:,? (?:de )?(?P<year>\d{{4}}))?"
    rf"(?:,? (?:a las )?{_CLOCK}{_HALF})?$",
    # 2023年1月2日 · 1月2日 · 2025年10月7日 上午12:43 · 2023년 1월 2일
    rf"^(?:(?P<year>\d{{4}}) ?[年년] ?)?(?P<number>\d{{1,2}}) ?[月월] ?(?P<day>\d{{1,2}}) ?[日일],? ?"
    rf"(?P<half>上午|下午|凌晨|早上|中午|晚上|午前|午後|오전|오후)? ?(?:{_CLOCK})?$",
    # 12 thg 3 · 12 tháng 3, 2025
    r"^(?P<day>\d{1,2}) (?:[Tt]hg|[Tt]háng)\.? ?(?P<number>\d{1,2})(?:,? (?:năm )?(?P<year>\d{4}))?$",
    # 2025-10-07 · 2025-10-07T00:43:00Z · 2025/10/7 00:43
    rf"^(?P<year>\d{{4}})[-/](?P<number>\d{{1,2}})[-/](?P<day>\d{{1,2}})"
    rf"(?:,?[T ]{_CLOCK}(?P<zone>Z|[+-]\d\d:?\d\d)?)?$",
    # 20251007
    r"^(?P<year>(?:19|20)\d\d)(?P<number>\d\d)(?P<day>\d\d)$",
)
_PARTS = ("year", "month", "number", "day", "hour", "minute", "second", "half", "zone")
RELATIVE = r"^(?:[Hh]ace )?(?P<amount>\d+) ?(?P<unit>\p{L}+?)(?: ago|前)?$"


def date_comments(comments: pl.DataFrame) -> pl.DataFrame:
    """Return `comments` with `created_at`, `created_on`, `created_precision` and `is_created_resolved`.

    They come from `created_text` and the document's `captured_at` and `timezone` (null where not known).
    With `captured_at`, a `month_day` is the latest such day not after it, and a `relative` time that long
    before it; both are marked as resolved, and coarse: a week is seven days, a month 30, a year 365. A time
    without a zone is an instant only with `timezone`; one that a change of clocks skips or repeats is none.
    A `created_at` that the source gives goes before its text.
    """
    comments = comments.rename({"created_at": "given_at"})
    keys = ["created_text", "captured_at", "timezone"]
    written = comments.select(keys).unique(maintain_order=True).drop_nulls("created_text")
    read = _add_instants(_parse(written))
    days = read.select(
        *keys,
        "created_at",
        "created_precision",
        created_on=pl.coalesce(pl.col("created_at").dt.date(), "exact", "resolved"),
        is_created_resolved=pl.col("exact").is_null() & pl.col("resolved").is_not_null(),
    )
    return comments.join(days, on=keys, how="left", nulls_equal=True, maintain_order="left").pipe(
        _prefer_given
    )


def convert_to_utc(local: pl.Expr, zone: str) -> pl.Expr:
    """Return the instants of clock times in `zone`, in UTC; null where a change of clocks skips or repeats them."""
    there = local.dt.replace_time_zone(zone, ambiguous="null", non_existent="null")
    return there.dt.convert_time_zone("UTC").dt.replace_time_zone(None)


def are_dates(texts: pl.Series) -> pl.Series:
    """Return which of `texts` say when they were written: a day, at least without its year, or how long ago."""
    captured = pl.lit(None, pl.Datetime("us"))
    written = pl.DataFrame({"created_text": texts}).with_columns(
        captured_at=captured, timezone=pl.lit(None, pl.String)
    )
    return _parse(written)["created_precision"] != "none"


def parse_shown_times(texts: pl.Series) -> pl.DataFrame:
    """Return what `texts` alone say of when comments were written, one row per text, null where they don't.

    `day_of_year` is that of a day without its year (as in a leap year), `clock_s` the seconds of a day with a time
    in the page's own zone, `age_s` how long ago at least, and `unit_s` what that is counted in.
    """
    captured = pl.lit(None, pl.Datetime("us"))
    written = pl.DataFrame({"created_text": texts})
    different = written.unique().with_columns(
        captured_at=captured, timezone=pl.lit(None, pl.String)
    )
    is_yearless = pl.col("created_precision") == "month_day"
    return written.join(
        _add_instants(_parse(different)).select(
            "created_text",
            day_of_year=pl.when(is_yearless).then(_build_date(pl.lit(LEAP_YEAR)).dt.ordinal_day()),
            clock_s=pl.when(pl.col("zone").is_null()).then(pl.col("local").dt.epoch("s")),
            age_s="seconds",
            unit_s="unit_s",
        ),
        on="created_text",
        how="left",
        maintain_order="left",
        nulls_equal=True,
    ).drop("created_text")


def _prefer_given(dated: pl.DataFrame) -> pl.DataFrame:
    """Return `dated` with the instants of `given_at` in place of what the text says."""
    is_given = pl.col("given_at").is_not_null()
    return dated.with_columns(
        created_at=pl.coalesce("given_at", "created_at"),
        created_on=pl.when(is_given).then(pl.col("given_at").dt.date()).otherwise("created_on"),
        created_precision=pl.when(is_given)
        .then(pl.lit("second"))
        .otherwise(pl.col("created_precision").fill_null("none")),
        is_created_resolved=pl.col("is_created_resolved").fill_null(False) & ~is_given,
    ).drop("given_at")


def _parse(written: pl.DataFrame) -> pl.DataFrame:
    """Return `written` with what its dates say: `exact` or `resolved` day, `clock`, `zone`, precision.

    What the usual forms don't fit is looked up in the words of other languages.
    """
    read = _match(written)
    strange = read.select(pl.arg_where(pl.col("created_precision") == "none")).to_series()
    some = written[strange].select(
        pl.col("created_text").map_elements(date_words.translate, return_dtype=pl.String),
        "captured_at",
        "timezone",
    )
    is_known = some["created_text"].is_not_null()
    if not is_known.any():
        return read
    places = strange.filter(is_known)
    known = _match(some.filter(is_known)).with_columns(read["created_text"].gather(places))
    rows = pl.int_range(pl.len(), dtype=pl.UInt32)
    return (
        read.with_columns(rows.alias("row"))
        .update(known.with_columns(row=places), on="row")
        .drop("row")
    )


def _match(written: pl.DataFrame) -> pl.DataFrame:
    """Return what `_parse` does, of texts in the usual `FORMS`."""
    text = pl.col("created_text").str.replace_all(r"[\s\u{a0}\u{202f}]+", " ").str.strip_chars()
    parts = written.with_columns(
        text.str.extract_groups(form).alias(f"form{number}") for number, form in enumerate(FORMS)
    )
    named = {
        part: pl.coalesce(
            pl.col(f"form{number}").struct.field(part)
            for number, form in enumerate(FORMS)
            if f"(?P<{part}>" in form
        )
        for part in _PARTS
    }
    ago = text.str.extract_groups(RELATIVE).struct
    word = named["month"].str.to_lowercase()
    word = pl.when(~word.str.starts_with(NOT_MARCH)).then(word.str.slice(0, 3))
    month = pl.coalesce(
        named["number"].cast(pl.Int64, strict=False),
        word.replace_strict(MONTHS, default=None, return_dtype=pl.Int64),
    )
    units = ago.field("unit").replace_strict(UNIT_S, default=None, return_dtype=pl.Int64)
    facts = parts.select(
        "created_text",
        "captured_at",
        "timezone",
        month=month,
        seconds=ago.field("amount").cast(pl.Int64, strict=False) * units,
        unit_s=units,
        zone=named["zone"],
        half=named["half"].str.to_lowercase(),
        **{
            name: named[name].cast(pl.Int64, strict=False)
            for name in ("year", "day", "hour", "minute", "second")
        },
    )
    captured = pl.col("captured_at").dt.date()
    this_year = _build_date(captured.dt.year())
    # A 29 February is in the latest leap year, up to eight years back.
    before = [_build_date(captured.dt.year() - back) for back in range(1, 9)]
    latest = pl.coalesce(pl.when(this_year <= captured).then(this_year), *before)
    earlier = (pl.col("captured_at") - pl.duration(seconds="seconds")).dt.date()
    is_day = pl.col("month").is_not_null() & pl.col("day").is_not_null()
    facts = facts.with_columns(exact=_build_date(pl.col("year")), is_day=is_day)
    return facts.with_columns(
        resolved=pl.when("is_day").then(latest).otherwise(earlier),
        created_precision=pl.when(pl.col("exact").is_not_null() & pl.col("second").is_not_null())
        .then(pl.lit("second"))
        .when(pl.col("exact").is_not_null() & pl.col("hour").is_not_null())
        .then(pl.lit("minute"))
        .when(pl.col("exact").is_not_null())
        .then(pl.lit("day"))
        .when(pl.col("year").is_null() & is_day)
        .then(pl.lit("month_day"))
        .when(pl.col("seconds").is_not_null())
        .then(pl.lit("relative"))
        .otherwise(pl.lit("none")),
    )


def _add_instants(read: pl.DataFrame) -> pl.DataFrame:
    """Return `read` with `created_at`, in UTC, where day, time and zone are known."""
    half = pl.col("half")
    is_late = half.is_in(["p", "下午", "晚上", "午後", "오후"]) & (pl.col("hour") < NOON_H)
    is_midnight = half.is_in(["a", "上午", "凌晨", "午前", "오전"]) & (pl.col("hour") == NOON_H)
    hour = pl.col("hour") + pl.when(is_late).then(NOON_H).when(is_midnight).then(-NOON_H).otherwise(
        0
    )
    seconds = hour * 3_600 + pl.col("minute") * 60 + pl.col("second").fill_null(0)
    moment = pl.col("exact").cast(pl.Datetime("us")) + pl.duration(seconds=seconds)
    read = read.with_columns(local=pl.when(hour < 24).then(moment))
    offset = pl.col("zone").str.extract_groups(r"^([+-])(\d\d):?(\d\d)$").struct
    minutes = offset.field("2").cast(pl.Int64) * 60 + offset.field("3").cast(pl.Int64)
    sign = pl.when(offset.field("1") == "-").then(-1).otherwise(1)
    shifted = pl.col("local") - pl.duration(minutes=(minutes * sign).fill_null(0))
    at = pl.when(pl.col("zone").is_not_null()).then(shifted).otherwise(None)
    for zone in read["timezone"].drop_nulls().unique():
        there = convert_to_utc(pl.col("local"), zone)
        at = (
            pl.when(pl.col("zone").is_null() & (pl.col("timezone") == zone))
            .then(there)
            .otherwise(at)
        )
    return read.with_columns(created_at=at)


def _build_date(year: pl.Expr) -> pl.Expr:
    """Return the date of `month` and `day` in `year`, null where there is no such day."""
    text = pl.format("{}-{}-{}", year, "month", "day")
    return text.str.to_date("%Y-%-m-%-d", strict=False)
