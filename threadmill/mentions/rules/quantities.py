"""Quantities: ages, dates, durations, money and percentages, each with a comparable id where it has one."""

import polars as pl

from threadmill.mentions.text.spans import (
    NO_HITS,
    WORD,
    concat_hits,
    find_spans,
    is_whole_word,
    keep_having,
    keep_likely,
    make_hits,
)

_NUMBERS = {
    "a": "1", "an": "1", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
    "seven": "7", "eight": "8", "nine": "9", "ten": "10", "eleven": "11", "twelve": "12", "fifteen": "15",
    "twenty": "20", "thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70",
    "eighty": "80", "ninety": "90",
    "couple": "2", "few": "x", "several": "x", "many": "x",
}  # fmt: skip
_COUNT = "(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty)"
_FIGURES = r"[0-9]{1,4}(?:\.[0-9]+)?\+?(?:(?:\s?[-–—]\s?| to | or )[0-9]{1,4}(?:\.[0-9]+)?\+?)?"
_VAGUE = (
    r"(?:about |around |roughly |approximately |nearly |almost |over |under |some |c\.\s?|circa |another |last "
    r"|past |~\s?)?"
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
_AGE = (
    r"(?i)(?:(?:over|under|above|below|by|at|around|from) the age of|aged|age of|age) (?:about "
    r"|around )?[0-9]{1,3}(?:\s?[-–]\s?[0-9]{2})?"
    r"|[0-9]{1,3}(?:\s?[-–]\s?[0-9]{1,3})?[- ]?(?:years?|yrs?|months?|weeks?)[- ](?:old|of age)"
    rf"|{_COUNT}(?:[- ]{_COUNT})?[- ](?:years?|months?)[- ]old"
    r"|[0-9]{1,2} ?y/?o"
    r"|(?:early|mid|late)(?:[- ]to[- ](?:mid|late))?[- ]?(?:(?:[2-9]0)['’]?s|teens|twenties|thirties|forties"
    r"|fifties|sixties|seventies|eighties|nineties)"
    r"|(?:in |into )(?:my|his|her|their|your|our) (?:[2-9]0['’]?s|teens|twenties|thirties|forties|fifties|sixties"
    r"|seventies|eighties|nineties)"
    r"|[0-9]{2} (?:at|when) (?:diagnosis|onset|diagnosed|first diagnosed)"
)
_AGE_IS = (
    r"(?i)(?:I['’]?m|I am|he['’]s|she['’]s|you['’]re|(?:he|she|I|you) (?:is|was|were|are)"
    r"|(?:am|is|was|are) (?:now|only|just)|(?:I|he|she|just|recently)(?: (?:just|recently|have|has))? turned"
    r"|turning) (?:now |only |just |nearly |almost )?[1-9][0-9]"
)
_AGE_AT = r"(?i)at (?:just |only )?(?:1[0-9]|[2-9][0-9])"
_AGE_WAS = r"(?i)ages? [^.!?\n]{0,60}?(?:was|were|is|:) [1-9][0-9]"
_UNITS_FOLLOW = (
    r"^(?:[0-9%°º]|[.,:/-][0-9]|\s?(?:%|percent|per cent|(?:years?|yrs?|months?|weeks?|days?|hours?|hrs?|minutes?|mins?"
    r"|seconds?|secs?|ms|s|h|am|pm|o['’]clock|mph|kph|km|miles?|metres?|meters?|m|cm|mm|feet|foot|ft|inch(?:es)?"
    r"|kg|g|mg"
    r"|ml|lbs?|stone|pounds?|dollars?|euros?|degrees?|[cf]|fps|hz|khz|mhz|gb|mb|kb|k|x|px|points?|times|times?|people"
    r"|patients|comments|lines|out|of|st|nd|rd|th|per|to|different|more|other)\b))"
)
_CLAUSE_FOLLOWS = (
    r"(?i)^(?:\s*$|\s?[.,;:!?)\]…\"”—–-](?:\D|$)|\s+(?:and|but|or|so|with|when|who|which|that|i|he|she|they|we|my|his|her|from|after"
    r"|due|because|having|now|then|in|years?[- ]old|this|next|last|were|was|is|had|has|if|it|the)\b|\n)"
)
_NOT_AN_AGE = (
    r"(?i)\b(?:page|line|level|chapter|volume|speed|rate|running|run|runs|set|capped|caps?|priced|valued"
    r"|score[ds]?|stands?|sits?|arriv\w+|starts?|fps|temperature|port|room|number|version|step|index|offset|row"
    r"|column)\s*(?:is |was |it )?$"
)
_AGO = (
    rf"(?i){_VAGUE}(?:{_FIGURES}|a few|a couple of|couple of|{_COUNT}|several|many|few|a|an)[\s-](?:and a half )?"
    r"(?:years?|yrs?|months?|weeks?|days?|decades?|hours?|hrs?|minutes?|mins?)\s(?:ago|earlier|later|previously"
    r"|before|back|from now)"
)
_DURATION = (
    rf"(?i){_VAGUE}(?:{_FIGURES}[\s-]?(?:years?|yrs?|months?|weeks?|wks?|days?|hours?|hrs?|minutes?|mins?|seconds?"
    rf"|secs?|decades?)"
    rf"|(?:{_COUNT}|a|several|a few)[\s-](?:and a half )?(?:years?|months?|weeks?|decades?)"
    rf"|(?:{_COUNT}|several|a few|a couple of)[\s-](?:days|nights|hours|minutes)|(?:half )?an hour)"
)
_UNIT = "(?:year|yr|month|week|wk|day|night|decade|hour|hr|min|sec)"
_NUMBERED = rf"[0-9+][\s-]?{_UNIT}"
_SPELT = (
    r"(?:(?-u:\b)an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen"
    rf"|ty|several|many|few|half|couple of)[\s-]{_UNIT}"
)
"""Every duration and every relative date matches one of the two, in folded text."""
_SPELT_UNITS = ("year|month|week|decade|hour|yrs? |hrs? ", "day|night|minute|mins? ")
"""Units after a number in words. An expression of few literals becomes a vector search, ten times as fast."""
_REACHED = rf"{_UNIT}[a-z]{{0,4}}\s(?:ago|earlier|later|before|previously|back|from now)"
"""How a relative date ends."""
_DATE = (
    rf"{_YEAR}-[01][0-9]-[0-3][0-9]"
    rf"|{_YEAR} {_MONTH}(?: [0-3]?[0-9])?"
    rf"|[0-3]?[0-9](?:st|nd|rd|th)?(?: of)? {_MONTH},?(?: {_YEAR})?"
    rf"|{_MONTH},? {_YEAR}"
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
_BEFORE_YEAR = (
    r"(?i)(?:\b(?:in|since|until|till|by|from|before|after|during|around|circa|year|years|early|mid|late|summer|spring"
    r"|autumn|fall|winter|back|through|of|between|and|to|as|the|for|ca?\.|pre|post|mid|about|nov\w*"
    r"|dec\w*)[\s-]+(?:in\s+)?|\(|\d[–-]|[,:;/]\s?|\n|^\s*)$"
)


_CURRENCIES = (
    "kroner", "kronor", "francs", "rupees", "yen", "yuan", "pesos", "rubles", "roubles", "rand", "zloty",
    "chf", "aud", "cad", "nzd", "sek", "nok", "dkk", "inr", "jpy", "cny",
)  # fmt: skip
_PRICED = (
    r"[$€£¥₹]|(?:[0-9k]|illion|thousand)\s?(?:us )?(?:dollar|euro|pounds|usd|eur|gbp|bucks|quid"
    rf"|{'|'.join(_CURRENCIES)})"
)
"""Every sum of money contains one of these, in folded text."""


def _format_duration(found: pl.Expr, sign: str) -> pl.Expr:
    """Return a duration as ISO 8601 (`P3M`, `-P2.5Y`), ranges as `P5-7Y`, vague ones with X for the number."""
    words = found.str.to_lowercase()
    figures = words.str.extract(r"([0-9.]+\+?(?:\s?(?:[-–—]|to|or)\s?[0-9.]+\+?)?)", 1)
    figures = figures.str.replace(r"\s?(?:[-–—]|to|or)\s?", "-")
    word = words.str.extract(r"\b(" + "|".join(sorted(set(_NUMBERS) - {"a", "an"})) + r")\b", 1)
    count = pl.coalesce(figures, word.replace(_NUMBERS), pl.lit("1")).str.to_uppercase()
    unit = words.str.extract(
        r"(?:\b|[0-9+])(year|yr|month|week|wk|day|night|decade|hour|hr|min|sec)", 1
    )
    letter = unit.replace(
        {
            "year": "Y",
            "yr": "Y",
            "month": "M",
            "week": "W",
            "wk": "W",
            "day": "D",
            "night": "D",
            "decade": "0Y",
            "hour": "H",
            "hr": "H",
            "min": "M",
            "sec": "S",
        }
    )
    clock = (
        pl.when(unit.is_in(["hour", "hr", "min", "sec"])).then(pl.lit("T")).otherwise(pl.lit(""))
    )
    return pl.concat_str(pl.lit(sign + "P"), clock, count, letter)


_AGE_WORDS = (
    "aged", " age", "old", "y/o", "0s", "0's", "0’s", "teens", "twenties", "rties", "fties", "xties", "nties",
    "hties", "diagnos", "onset", "of age",
)  # fmt: skip
_AT_WORDS = (*(f"at {digit}" for digit in range(1, 10)), "at just", "at only")


def _find_ages(texts: pl.DataFrame, numbered: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of ages; the id is the number, or the words where there is none."""
    spelt = keep_likely(texts, "(?:year|month)s?[- ]old|teens|ties")
    plain, decades = _find_stated_ages(pl.concat([numbered, spelt]).unique("row").sort("row"))
    units = pl.col("after").str.contains("(?i)" + _UNITS_FOLLOW)
    ends = [is_whole_word(), pl.col("after").str.contains(_CLAUSE_FOLLOWS), ~units]
    at = find_spans(keep_having(numbered, _AT_WORDS), _AGE_AT)
    was = find_spans(keep_having(numbered, ["age "]), _AGE_WAS, is_whole_word(), ~units)
    rules = {
        ("age", 0.97): plain,
        ("age_is", 0.93): find_spans(numbered, _AGE_IS, *ends),
        ("age_at", 0.85): at.filter(*ends, ~pl.col("before").str.contains(_NOT_AN_AGE)),
        ("age_was", 0.85): _drop_head(was, r"(?s)^.*\s"),
    }
    number = pl.col("found").str.extract(r"([0-9]+(?:\s?[-–]\s?[0-9]+)?)", 1)
    id_ = number.fill_null(pl.col("found").str.to_lowercase())
    ages = [
        make_hits(found, "age", rule=rule, confidence=sure, id=id_)
        for (rule, sure), found in rules.items()
    ]
    return concat_hits([*ages, make_hits(decades, "date", rule="decade", confidence=0.9)])


def _find_stated_ages(texts: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the spans of ages stated as such, and those of decades: `the late 90s` is a date."""
    found = find_spans(keep_having(texts, _AGE_WORDS), _AGE)
    found = found.filter(
        is_whole_word(),
        ~pl.col("after").str.contains(r"^[%0-9]|^[.,][0-9]|^\s?(?:%|years? ago)"),
        ~(
            pl.col("found").str.contains(r"(?i)^age ")
            & pl.col("before").str.contains(r"(?i)\b(?:stone|new|ice|iron|bronze) $")
        ),
    )
    decade = pl.col("found").str.contains(r"(?i)^(?:early|mid|late)")
    decade &= pl.col("before").str.contains(r"(?i)\bthe $")
    ages = _drop_head(found.filter(~decade), r"(?i)^(?:in|into) (?:my|his|her|their|your|our) ")
    return _drop_head(ages, r"(?i)^(?:by|at|around|from) (?:the )?"), found.filter(decade)


def _drop_head(found: pl.DataFrame, head: str) -> pl.DataFrame:
    """Return `found` without the part that `head` matches at the start of each span."""
    shorter = found.with_columns(found=pl.col("found").str.replace(head, ""))
    return shorter.with_columns(
        start=(pl.col("end") - pl.col("found").str.len_chars()).cast(pl.Int32)
    )


def _find_durations(texts: pl.DataFrame, numbered: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of durations and of points in time relative to another."""
    spelt = [keep_likely(keep_likely(texts, units), _SPELT) for units in _SPELT_UNITS]
    counted = pl.concat([keep_likely(numbered, _NUMBERED), *spelt]).unique("row").sort("row")
    after = pl.col("after")
    length = find_spans(
        counted,
        _DURATION,
        is_whole_word(),
        ~pl.col("before").str.contains(r"[0-9][.,:/]$|[$€£#.-]$"),
        ~after.str.contains(r"(?i)^[- ](?:old|of age)\b|^['’][a-z]?|^[-][a-z]"),
        ~(
            pl.col("found").str.contains(r"(?i)^(?:an?|one) ")
            & pl.col("before").str.contains(
                r"(?i)(?:times?|once|twice|days?|hours?|[0-9]k?|more|every|each|one|pounds|dollars|grand|half|just"
                r"|such|what|quite|rather|not) $"
            )
        ),
        ~pl.col("found").str.contains(r"(?i)^(?:last|past|a) days?$"),
    )
    ago = find_spans(
        keep_likely(counted, _REACHED),
        _AGO,
        is_whole_word(),
        ~pl.col("found").str.contains(r"(?i)before$|back$")
        | after.str.contains(r"(?i)^\s*(?:$|[.,;:!?)]|(?:and|but|i|that|we|he|she|when)\b)"),
        ~pl.col("found").str.contains(r"(?i)one day (?:later|earlier)$"),
    )
    ahead = pl.col("found").str.contains(r"(?i)(?:later|from now)$")
    sign = (
        pl.when(ahead)
        .then(_format_duration(pl.col("found"), ""))
        .otherwise(_format_duration(pl.col("found"), "-"))
    )
    last = find_spans(
        keep_likely(texts, "(?:last|next) (?:year|month|week)|day (?:before yest|after tomorr)"),
        r"(?i)(?:last|next) (?:year|month|week)|(?:the )?(?:day before yesterday|day after tomorrow)",
        is_whole_word(),
    )
    return concat_hits(
        [
            make_hits(
                length,
                "duration",
                rule="duration",
                confidence=0.95,
                id=_format_duration(pl.col("found"), ""),
            ),
            make_hits(ago, "date", rule="relative_date", confidence=0.96, id=sign),
            make_hits(last, "date", rule="relative_date", confidence=0.9),
        ]
    )


def _find_dates(texts: pl.DataFrame, numbered: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of calendar dates and years; the id is the known part of an ISO date."""
    rows = numbered.filter(
        pl.col("masked").str.contains(
            r"(?:19|20)[0-9][0-9]|[0-9] ?(?:st|nd|rd|th)? ?(?:of )?[JFMASOND][aepuco][a-z]"
            r"|[JFMASOND][aepuco][a-z]{1,7}\.? [0-9]"
        )
    )
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
    month = words.str.extract(r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", 1).replace(
        _MONTH_NUMBERS
    )
    day = words.str.replace(r"(?:19|20)[0-9]{2}", "").str.extract(r"([0-3]?[0-9])", 1).str.zfill(2)
    named_month = pl.concat_str(
        year.fill_null("-"),
        pl.lit("-"),
        month,
        pl.when(day.is_not_null()).then(pl.lit("-") + day).otherwise(pl.lit("")),
    )
    iso = (
        pl.when(words.str.contains(r"^[0-9-]+$"))
        .then(words)
        .when(month.is_not_null())
        .then(named_month)
        .otherwise(words)
    )
    years = find_spans(
        keep_having(rows, ["19", "20"]),
        _YEARS,
        is_whole_word(),
        ~pl.col("before").str.contains(r"[0-9A-Za-z][./:_-]$|[$€£#@+*=<>./-]$|[0-9] $")
        | pl.col("found").str.contains(r"s$|^[eml]"),
        pl.col("before").str.contains(_BEFORE_YEAR) | pl.col("found").str.contains(r"s$|^[eml]"),
        ~pl.col("after").str.contains(
            r"(?i)^(?:[-:_x×%+*=°]\S|[.,/][0-9]|%|\s?(?:px|x|mb|kb|gb|mg|mcg|ml|kg|km|hz|rpm|steps|people|patients"
            r"|words|lines|rows|comments|times|euros?|dollars?|pounds?|years?|units?|iu|calories|kcal)\b)"
        ),
        pl.col("found").str.extract(r"([0-9]{4})", 1).cast(pl.Int32).is_between(1900, 2039),
    )
    alone = find_spans(
        keep_likely(texts, _MONTH_ALONE, "masked"),
        _MONTH_ALONE,
        is_whole_word(),
        pl.col("before").str.contains(_BEFORE_MONTH),
        ~pl.col("after").str.contains(r"^,? ?[0-9]|^(?:['’]s)? \p{Lu}"),
    )
    return concat_hits(
        [
            make_hits(alone, "date", rule="month", confidence=0.9, id=pl.lit("--") + month),
            make_hits(full, "date", rule="date", confidence=0.97, id=iso),
            make_hits(years, "date", rule="year", confidence=0.92),
        ]
    )


def _find_amounts(texts: pl.DataFrame, numbered: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of percentages and sums of money; the id is the number, with the currency."""
    share = find_spans(
        keep_having(texts, ["%", "percent", "per cent"]),
        r"(?i)[0-9]+(?:[.,][0-9]+)*(?:\s?(?:[-–—]|to)\s?[0-9]+(?:[.,][0-9]+)*)?\s?(?:%|percent|per cent)",
        ~pl.col("before").str.contains(rf"[{WORD}.,]$"),
        ~pl.col("after").str.contains(rf"^[{WORD}%]"),
    )
    money = find_spans(
        keep_likely(
            pl.concat([numbered, keep_likely(texts, "illion")]).unique("row").sort("row"), _PRICED
        ),
        r"(?i)(?:US|A|C)?[$€£¥₹]\s?[0-9]+(?:[.,][0-9]+)*(?:\s?[-–]\s?[$€£]?[0-9]+(?:[.,][0-9]+)*)?(?:\s?(?:million"
        r"|billion|trillion|thousand|bn|[kmb])(?-u:\b))?"
        r"|(?:[0-9]+(?:[.,][0-9]+)*(?:\s?(?:million|billion|trillion|thousand|k))?|(?:a|one|half a) (?:million"
        r"|billion))\s?(?:US dollars?|dollars?|euros?|pounds sterling|USD|EUR|GBP|bucks|quid|€|£"
        rf"|{'|'.join(_CURRENCIES)})",
        ~pl.col("before").str.contains(rf"[{WORD}$.,]$"),
        ~pl.col("after").str.contains(rf"^[{WORD}$]"),
    )
    number = pl.col("found").str.extract(r"([0-9][0-9.,\s–—-]*[0-9]|[0-9])", 1)
    return concat_hits(
        [
            make_hits(share, "percentage", rule="percentage", confidence=0.98, id=number),
            make_hits(money, "money", rule="money", confidence=0.95),
        ]
    )


def find_quantities(texts: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of every quantity."""
    if texts.is_empty():
        return NO_HITS
    numbered = keep_likely(texts, "[0-9]")
    return concat_hits(
        [
            kind(texts, numbered)
            for kind in (_find_ages, _find_durations, _find_dates, _find_amounts)
        ]
    )
