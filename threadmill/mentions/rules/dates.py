"""Calendar dates, years, months and seasons, in English, German, Spanish and French."""

import polars as pl

from threadmill.mentions.rules.units import FOREIGN_MONTHS
from threadmill.mentions.text.signs import keep_signs
from threadmill.mentions.text.spans import (
    NO_HITS,
    WORD,
    concat_hits,
    drop_head,
    find_spans,
    is_whole_word,
    keep_likely,
    make_hits,
)

_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?"
    r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_MONTH_NUMBERS = {
    name: f"{number:02d}"
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_YEAR = "(?:19|20)[0-9]{2}"
_DATE = (
    rf"{_YEAR}-[01][0-9]-[0-3][0-9]"
    rf"|{_YEAR} {_MONTH}(?: [0-3]?[0-9])?"
    rf"|[0-3]?[0-9](?:st|nd|rd|th)?(?: of)? {_MONTH},?(?: {_YEAR})?"
    rf"|{_MONTH},?(?: of)? {_YEAR}"
    rf"|{_MONTH} [0-3]?[0-9](?:st|nd|rd|th)?(?:,? {_YEAR})?"
    r"|[0-3]?[0-9][/.][0-3]?[0-9][/.](?:19|20)[0-9]{2}"
)
_YEARS = rf"(?i)(?:(?:early|mid|late)[- ])?{_YEAR}(?:['’]?s)?"
_MONTH_ALONE = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
_BEFORE_MONTH = (
    r"(?i)\b(?:in|since|until|till|by|before|after|during|last|next|this|early|mid|late|end of|beginning of|start of"
    r"|middle of)[ -]$"
)
_MONTH_OF = r"(?i)\b(?:the|our|my|your|this|that|last|next|each|every) $"
_DAY_NAME = "(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?"
_DAY = rf"(?:{_DAY_NAME},? (?:the )?|the )[0-3]?[0-9](?:st|nd|rd|th)"
_BEFORE_DAY = r"(?i)(?:\b(?:on|by|until|till|since|from|before|after|of|for|and) |^|[(,] ?)$"
_DAY_ENDS = r"(?i)^(?:\s*$|\s?[.,;:!?)](?:\D|$)| (?:and|or|at|of (?:this|next|last)|i|we|he|she|it|they|for|with)\b)"
_HOLIDAY = (
    r"(?i)(?:this |last |next |since |at |on |by |before |after |until |till |around |over )(?:the )?(?:Christmas(?:"
    r" Eve| Day)?"
    r"|Xmas|Easter|Thanksgiving|Halloween|New Year(?:['’]s)?(?: Eve| Day)?|Hanukkah|Ramadan|Passover|Diwali)"
)
_BEFORE_YEAR = (
    r"(?i)(?:\b(?:in|since|until|till|by|from|before|after|during|around|circa|year|years|early|mid|late|summer"
    r"|spring"
    r"|autumn|fall|winter|back|through|of|between|and|or|to|as|the|for|our|my|his|her|their|your|this|that|dated"
    r"|built|born|died|b\.|d\.|ca?\.|pre|post|mid|about|nov\w*"
    r"|dec\w*)[\s-]+(?:in\s+)?|\(|\d[–-]|[,:;/]\s?|\n|^\s*)$"
)
_MADE_IN = (
    r"^ (?:\p{Ll}+ )?(?-u:\b)(?:\p{Lu}\p{Ll}|(?:house|home|car|truck|build\w*|paper|study|book|film|movie|article"
    r"|census"
    r"|survey|case|law|ruling|trial|report|edition|model|song|album|election|war|map|photo\w*|letter|interview"
    r"|essay|post"
    r"|talk|guitar|bike|ranch|bungalow|review|version|meta-analysis|cohort|decision|speech|novel|poem|record"
    r"|agreement"
    r"|treaty)\b)"
)
"""What has a year before it: `a 1974 ranch`."""
_SEASON = (
    r"(?i)(?:(?:in |last |this |next )(?:the )?(?:early |late )?|since |during |by |until "
    r"|of )(?:spring|summer|autumn|fall|winter)(?: (?:of )?(?:19|20)[0-9]{2})?"
)
_QUARTER = r"Q[1-4](?:/| of | )?(?:FY ?)?(?:19|20)[0-9]{2}"
_DECADE = r"['’]?[2-9]0['’]?s"
_BEFORE_DECADE = (
    r"(?i)\b(?:in|since|from|during|of|throughout|through|until|till|by|to|like|and) the $"
)
_MEASURED = (
    r"(?i)\b(?:temp\w*|degrees?|weather|forecast|highs?|lows?|scor\w+|grades?|percentile|heart|pulse|rate|bpm|iq"
    r"|systolic"
    r"|diastolic|blood|sats?|oxygen|humid\w*|speeds?|upper|lower)\b[^.!?\n]*$"
)
"""What is counted in tens too: `temperatures in the 90s`."""
_SHORT_YEAR = rf"(?:{_MONTH} )?['’][0-9]{{2}}"
_BEFORE_SHORT_YEAR = (
    r"(?i)\b(?:the|my|our|his|her|that|in|since|from|of|until|till|by|before|after|around|summer|spring|fall|autumn"
    r"|winter) $"
)
_NUMERIC = r"[0-3]?[0-9]/[0-3]?[0-9]/[0-9]{2}"
_MONTH_NAMES = "|".join(FOREIGN_MONTHS.values())
_FOREIGN_DATE = (
    rf"(?i)[0-3]?[0-9](?:\.|er)? ?(?:de )?(?:{_MONTH_NAMES})(?:,? (?:de |del )?(?:19|20)[0-9]{{2}})?"
    rf"|(?:{_MONTH_NAMES}),? (?:de |del )?(?:19|20)[0-9]{{2}}"
)
_FOREIGN_MONTH = rf"(?i)(?:{_MONTH_NAMES}|frühling|frühjahr|sommer|herbst|winter|verano|otoño|invierno|primavera)"
_BEFORE_FOREIGN_MONTH = (
    r"(?i)\b(?:im|seit|ab|bis|anfang|ende|mitte|bis zum|vom|zum|letzten|diesen|dieses|nächsten"
    r"|kommenden|en|de|desde|hasta|este|esta"
    r"|a (?:principios|finales|mediados) de|depuis|fin|début|cet|cette)(?: (?:el|la|los))? $"
)
_BEFORE_FOREIGN_YEAR = (
    r"(?i)\b(?:und|seit|ab|bis|vor|nach|im jahre?|jahr|anfang|ende|mitte|sommer|winter|herbst|frühling"
    r"|frühjahr|um|hatten?|war(?:en)?|wurden?"
    r"|haben|en|desde|hasta|del?|año|hacia|entre|depuis|année|en l['’]an)\s$|[.!?] $"
)
_SEASON_LEAD = r"(?i)^(?:in|since|during|by|until|of) (?:the )?"


def find_dates(
    texts: pl.DataFrame, timed: pl.DataFrame, numbered: pl.DataFrame, foreign: pl.DataFrame
) -> pl.DataFrame:
    """Return the hits of dates.

    `timed` are the rows with one of `UNITS`, `foreign` those with months or years of other languages.
    """
    return concat_hits([_find_dates(texts, timed, numbered), _find_foreign_dates(foreign)])


def _find_foreign_dates(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of dates, months, seasons and years in German, Spanish and French."""
    if rows.is_empty():
        return NO_HITS
    before, after, found = pl.col("before"), pl.col("after"), pl.col("found")
    words = found.str.to_lowercase()
    year = words.str.extract(r"((?:19|20)[0-9]{2})", 1)
    month = pl.coalesce(
        pl.when(words.str.contains(rf"\b(?:{names})\b")).then(pl.lit(number))
        for number, names in FOREIGN_MONTHS.items()
    )
    day = words.str.extract(r"^([0-3]?[0-9])[^0-9]", 1).str.zfill(2)
    iso = pl.concat_str(
        year.fill_null("-"),
        pl.lit("-"),
        month,
        pl.when(day.is_not_null()).then(pl.lit("-") + day).otherwise(pl.lit("")),
    )
    full = find_spans(rows, _FOREIGN_DATE, is_whole_word())
    # `mai`, `mars` and `winter` are words of other languages, or names.
    alone = find_spans(
        rows,
        _FOREIGN_MONTH,
        is_whole_word(),
        before.str.contains(_BEFORE_FOREIGN_MONTH),
        ~before.str.contains(r"(?i)[0-9]\.? ?(?:de )?$"),
        ~after.str.contains(r"(?i)^ (?:de(?:l)? )?(?:19|20)[0-9]{2}\b|^-"),
    )
    years = find_spans(
        rows,
        _YEAR,
        is_whole_word(),
        before.str.contains(_BEFORE_FOREIGN_YEAR),
        ~after.str.contains(
            r"(?i)^(?:[-:_x×%+*=°]\S|[.,/][0-9]|%|\s?(?:euros?|€|mg|ml|g|kg|km|m|stück|leute|personas|kalorien"
            r"|calorías)\b)"
        ),
    )
    return concat_hits(
        [
            make_hits(full, "date", rule="date_foreign", confidence=0.95, id=iso),
            make_hits(
                alone,
                "date",
                rule="month_foreign",
                confidence=0.85,
                id=pl.coalesce(pl.lit("--") + month, words),
            ),
            make_hits(years, "date", rule="year_foreign", confidence=0.85),
        ]
    )


def _find_dates(texts: pl.DataFrame, timed: pl.DataFrame, numbered: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of calendar dates and years; the id is the known part of an ISO date."""
    rows = numbered.filter(
        pl.col("masked").str.contains(
            r"(?-u:\b)(?:19|20)[0-9][0-9]|[0-9] ?(?:st|nd|rd|th)? ?(?:of )?[JFMASOND][aepuco][a-z]"
            r"|[JFMASOND][aepuco][a-z]{1,7}\.? [0-9]"
        )
    )
    return concat_hits(
        [
            _find_seasons(texts),
            _find_old_years(numbered),
            _find_short_years(numbered),
            _find_ranges(rows, timed),
            _find_short_dates(rows, numbered),
            _find_months(texts),
            _find_days(numbered),
            _find_holidays(texts),
            _find_full_dates(rows),
            _find_years(rows),
        ]
    )


_NUMBERED_MONTH = (
    pl.col("found")
    .str.to_lowercase()
    .str.extract(r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", 1)
    .replace(_MONTH_NUMBERS)
)


def _find_full_dates(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of dates with a day and a month or a month and a year."""
    full = find_spans(
        rows,
        _DATE,
        is_whole_word(rf"{WORD}"),
        ~pl.col("before").str.contains(r"[0-9][./:-]$|[./-]$"),
        ~pl.col("after").str.contains(
            r"^(?:[-/:%][0-9]|[.,][0-9]|%|\s?(?:years?|months?|am|pm|mg|ml)\b)"
        ),
        ~pl.col("found").str.contains(r"^May [0-9]|^[0-9]+ (?:Mar|May|Jan|Dec|Sep)$")
        | pl.col("found").str.contains(_YEAR),
    )
    words = pl.col("found").str.to_lowercase()
    year = words.str.extract(r"\b((?:19|20)[0-9]{2})\b", 1)
    day = words.str.replace(r"(?:19|20)[0-9]{2}", "").str.extract(r"([0-3]?[0-9])", 1).str.zfill(2)
    named_month = pl.concat_str(
        year.fill_null("-"),
        pl.lit("-"),
        _NUMBERED_MONTH,
        pl.when(day.is_not_null()).then(pl.lit("-") + day).otherwise(pl.lit("")),
    )
    iso = (
        pl.when(words.str.contains(r"^[0-9-]+$"))
        .then(words)
        .when(_NUMBERED_MONTH.is_not_null())
        .then(named_month)
        .otherwise(words)
    )
    return make_hits(full, "date", rule="date", confidence=0.97, id=iso)


def _find_years(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of years from 1900 on and of decades."""
    years = find_spans(
        keep_likely(rows, r"(?-u:\b)(?:19|20)[0-9][0-9](?:'?s)?(?-u:\b)"),
        _YEARS,
        is_whole_word(),
        ~pl.col("before").str.contains(r"[0-9A-Za-z][./:_-]$|[$€£#@+*=<>./-]$|[0-9] $")
        | pl.col("found").str.contains(r"s$|^[eml]"),
        pl.col("before").str.contains(_BEFORE_YEAR)
        | pl.col("found").str.contains(r"s$|^[eml]")
        | (
            pl.col("before").str.contains(r"(?i)\b(?:an?|old|original|late|first|new|mid) $")
            & pl.col("after").str.contains(_MADE_IN)
        )
        | pl.col("after").str.contains(rf"^ or {_YEAR}\b")
        | (
            pl.col("before").str.contains(r"(?i)(?:\b(?:was|is)|[.!?]) $")
            & pl.col("after").str.contains(r"^[.!?]?(?:\s|$)")
        ),
        ~pl.col("before").str.contains(r"§ ?$"),
        ~pl.col("after").str.contains(
            r"(?i)^(?:[-:_x×%+*=°]\S|[.,/][0-9]|%|\s?(?:px|x|mb|kb|gb|mg|mcg|ml|kg|km|hz|rpm|steps|people|patients"
            r"|words|lines|rows|comments|times|euros?|dollars?|pounds?|years?|units?|iu|calories|kcal)\b)"
        ),
        pl.col("found").str.extract(r"([0-9]{4})", 1).cast(pl.Int32).is_between(1900, 2039),
    )
    return make_hits(years, "date", rule="year", confidence=0.92)


def _find_old_years(numbered: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of years from 1500 to 1899."""
    old = find_spans(
        keep_likely(numbered, r" 1[5-8][0-9][0-9](?-u:\b)"),
        "1[5-8][0-9]{2}",
        is_whole_word(),
        pl.col("before").str.contains(
            r"(?i)\b(?:in|since|of|from|until|by|circa|before|after|born|died|dated|b\.|d\.|ca?\.|the|our|an?|seit"
            r"|desde|año) $"
        ),
        ~pl.col("after").str.contains(
            r"^(?:[-.,:/][0-9]|%|\s?(?:people|users|words|kg|g|mg|ml|m|km|euros?|dollars?|rpm|calories|kcal"
            r"|lines|px|x)\b)"
        ),
    )
    return make_hits(old, "date", rule="year_old", confidence=0.85)


def _find_short_years(numbered: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of `the 90s`, `'87` and `Oct '21`; the id has no century."""
    before = pl.col("before")
    decades = find_spans(
        keep_likely(numbered, r"the '?[2-9]0'?s(?-u:\b)"),
        _DECADE,
        is_whole_word(),
        before.str.contains(_BEFORE_DECADE),
        ~before.str.contains(_MEASURED),
        ~pl.col("after").str.contains(r"^(?:[%°]| (?:degrees?|percent)\b)"),
    )
    years = find_spans(
        keep_likely(numbered, r" '[0-9][0-9](?-u:\b)"),
        _SHORT_YEAR,
        is_whole_word(),
        pl.col("found").str.contains(" ") | before.str.contains(_BEFORE_SHORT_YEAR),
        ~pl.col("after").str.contains(r"^(?:['’]?s\b|[.,:][0-9]|['’])"),
    )
    return concat_hits(
        [
            make_hits(decades, "date", rule="decade", confidence=0.85),
            make_hits(years, "date", rule="year_short", confidence=0.85),
        ]
    )


def _find_ranges(rows: pl.DataFrame, timed: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of spans of years, and of the beginnings and ends of a year or month."""
    ranges = find_spans(
        rows,
        rf"{_YEAR}[-–](?:{_YEAR}|[0-9]{{2}})",
        is_whole_word(),
        ~pl.col("before").str.contains(r"[0-9./:#$€£-]$"),
        ~pl.col("after").str.contains(r"^[-./:][0-9]"),
    )
    bounds = find_spans(
        keep_likely(
            timed,
            "(?:end|beginning|start|middle) of (?:the|this|last|next) (?:year|month|week|decade|century)",
        ),
        r"(?i)(?:the )?(?:end|beginning|start|middle) of (?:the|this|last|next) (?:year|month|week|decade|century)",
        is_whole_word(),
    )
    return concat_hits(
        [
            make_hits(ranges, "date", rule="year_range", confidence=0.9),
            make_hits(bounds, "date", rule="relative_date", confidence=0.85),
        ]
    )


def _find_months(texts: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of months that stand alone."""
    alone = find_spans(
        keep_likely(keep_signs(texts, "months"), _MONTH_ALONE, "masked"),
        _MONTH_ALONE,
        is_whole_word(),
        pl.col("before").str.contains(_BEFORE_MONTH)
        | (
            pl.col("before").str.contains(_MONTH_OF)
            & pl.col("after").str.contains(r"^ \p{Ll}{3,}|^[.,;!?]")
        ),
        ~pl.col("after").str.contains(r"^,? ?[0-9]|^(?:['’]s)? \p{Lu}"),
    )
    return make_hits(alone, "date", rule="month", confidence=0.9, id=pl.lit("--") + _NUMBERED_MONTH)


def _find_days(numbered: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of days of an unnamed month: `Friday the 17th`, `by the 3rd`."""
    days = find_spans(
        keep_likely(
            numbered,
            r"(?:the|day,?|mon|tue|tues|wed|thu|thurs|fri|sat|sun) [0-3]?[0-9](?:st|nd|rd|th)",
        ),
        _DAY,
        is_whole_word(),
        ~pl.col("found").str.starts_with("the ") | pl.col("before").str.contains(_BEFORE_DAY),
        ~pl.col("found").str.starts_with("the ") | pl.col("after").str.contains(_DAY_ENDS),
    )
    return make_hits(days, "date", rule="day", confidence=0.85)


def _find_holidays(texts: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of holidays that say when: `last Christmas`."""
    found = find_spans(
        keep_signs(texts, "holidays"),
        _HOLIDAY,
        is_whole_word(),
        ~pl.col("after").str.contains(
            r"^(?:['’]s)? (?:\p{Lu}|(?i:eggs?|cards?|tree|dinner|party|present|gifts?|music|decor)\w*)"
        ),
    )
    shorter = drop_head(found, r"(?i)^(?:since|at|on|by|before|after|until|till|around|over) ")
    return make_hits(shorter, "date", rule="holiday", confidence=0.85)


def _find_seasons(texts: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of seasons."""
    seasons = find_spans(
        keep_signs(texts, "seasons"),
        _SEASON,
        is_whole_word(),
        ~pl.col("after").str.contains(
            r"(?i)^(?:-|[ ](?:waves?|term|issue|edition|collection|sale|season|cleaning|flowers?|water|rolls?"
            r"|onions?|equinox|solstice"
            r"|training|fever|coat|jacket|boot|olympics|semester|school|break|in love|apart|asleep|behind|short"
            r"|into|off"
            r"|out|for|through|back|down|over|under|cloud|framework|security|mvc)\b)"
        ),
    )
    return make_hits(drop_head(seasons, _SEASON_LEAD), "date", rule="season", confidence=0.85)


def _find_short_dates(rows: pl.DataFrame, numbered: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of quarters, and of dates in digits and slashes."""
    quarters = find_spans(keep_likely(rows, r"\bq[1-4]"), _QUARTER, is_whole_word())
    short = find_spans(
        keep_likely(numbered, "[0-9]/[0-3]?[0-9]/[0-9]"),
        _NUMERIC,
        is_whole_word(),
        ~pl.col("before").str.contains(r"[0-9./:-]$"),
        ~pl.col("after").str.contains(r"^[/:-]|^\.[0-9]"),
    )
    return concat_hits(
        [
            make_hits(quarters, "date", rule="quarter", confidence=0.95),
            make_hits(short, "date", rule="date_short", confidence=0.9),
        ]
    )
