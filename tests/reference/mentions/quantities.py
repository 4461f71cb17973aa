"""Quantities: ages, dates, durations, money and percentages."""

from collections.abc import Iterator

from reference.mentions.hits import Hit, Text, hit
from reference.patterns import (
    Span,
    alone,
    any_of,
    compiled,
    extract,
    listed,
    spans,
    touches,
    without,
)

_NUMBERS = {
    **{
        word: str(number)
        for number, word in enumerate(
            listed("one two three four five six seven eight nine ten eleven twelve"),
            1,
        )
    },
    "fifteen": "15",
    **{
        word: str(10 * number)
        for number, word in enumerate(
            listed("twenty thirty forty fifty sixty seventy eighty ninety"),
            2,
        )
    },
    "couple": "2",
    "few": "x",
    "several": "x",
    "many": "x",
}
"""Words for numbers, and for numbers that aren't known."""
_COUNT = "(?:" + "|".join(list(_NUMBERS)[: list(_NUMBERS).index("sixty") + 1]) + ")"
_MONTHS = listed(
    "January February March April May June July August September October November December"
)
_YEAR = "(?:19|20)[0-9]{2}"


def quantities(text: Text) -> Iterator[Hit]:
    """Yield every quantity in `text`."""
    has_number = any(digit in text.folded for digit in "0123456789")
    yield from _ages(text, has_number)
    yield from _times(text, has_number)
    yield from _dates(text, has_number)
    yield from _amounts(text, has_number)


def _any(ones: tuple[str, ...], text: str) -> bool:
    return any(one in text for one in ones)


# Ages

_DECADES = "twenties thirties forties fifties sixties seventies eighties nineties"
_IN_DECADE = rf"(?:[2-9]0['’]?s|teens|{any_of(_DECADES)})"
_AGE = compiled(
    r"(?i)(?:(?:over|under|above|below|by|at|around|from) the age of|aged|age of|age) (?:about |around )?"
    r"[0-9]{1,3}(?:\s?[-–]\s?[0-9]{2})?"
    r"|[0-9]{1,3}(?:\s?[-–]\s?[0-9]{1,3})?[- ]?(?:years?|yrs?|months?|weeks?)[- ](?:old|of age)"
    rf"|{_COUNT}(?:[- ]{_COUNT})?[- ](?:years?|months?)[- ]old"
    r"|[0-9]{1,2} ?y/?o"
    rf"|(?:early|mid|late)(?:[- ]to[- ](?:mid|late))?[- ]?{_IN_DECADE}"
    rf"|(?:in |into )(?:my|his|her|their|your|our) {_IN_DECADE}"
    r"|[0-9]{2} (?:at|when) (?:diagnosis|onset|diagnosed|first diagnosed)"
)
_AGE_SIGNS = (
    *("aged", " age", "of age", "old", "y/o", "0s", "0's", "0’s", "teens"),
    *("twenties", "rties", "fties", "xties", "nties", "hties", "diagnos", "onset"),
)
_AGE_IN_WORDS = compiled("(?:year|month)s?[- ]old|teens|ties")
_BEING = (
    r"I['’]?m|I am|he['’]s|she['’]s|you['’]re|(?:he|she|I|you) (?:is|was|were|are)|(?:am|is|was|are) (?:now|only|just)"
    r"|(?:I|he|she|just|recently)(?: (?:just|recently|have|has))? turned|turning"
)
_AGE_IS = compiled(rf"(?i)(?:{_BEING}) (?:now |only |just |nearly |almost )?[1-9][0-9]")
_AGE_AT = compiled("(?i)at (?:just |only )?(?:1[0-9]|[2-9][0-9])")
_AT_SIGNS = (*(f"at {digit}" for digit in range(1, 10)), "at just", "at only")
_AGE_WAS = compiled(r"(?i)ages? [^.!?\n]{0,60}?(?:was|were|is|:) [1-9][0-9]")
_MEASURES = (
    r"years?|yrs?|months?|weeks?|days?|hours?|hrs?|minutes?|mins?|seconds?|secs?|ms|s|h|am|pm|o['’]clock|mph|kph|km"
    r"|miles?|metres?|meters?|m|cm|mm|feet|foot|ft|inch(?:es)?|kg|g|mg|ml|lbs?|stone|pounds?|dollars?|euros?"
    r"|degrees?|[cf]|fps|hz|khz|mhz|gb|mb|kb|k|x|px|points?|times|times?|people|patients|comments|lines|out|of|st|nd"
    r"|rd|th|per|to|different|more|other"
)
_MEASURED = compiled(
    rf"(?i)\A(?:[0-9%°º]|[.,:/-][0-9]|\s?(?:%|percent|per cent|(?:{_MEASURES})\b))"
)
_GOES_ON = (
    "and but or so with when who which that i he she they we my his her from after due because having now then in"
    " this next last were was is had has if it the"
)
_CLAUSE_ENDS = compiled(
    r"(?i)\A(?:\s*\Z|\s?[.,;:!?)\]…\"”—–-](?:\D|\Z)"
    rf"|\s+(?:{any_of(_GOES_ON)}|years?[- ]old)\b|\n)"
)
_COUNTED_THINGS = (
    r"page|line|level|chapter|volume|speed|rate|running|run|runs|set|capped|caps?|priced|valued|score[ds]?|stands?"
    r"|sits?|arriv\w+|starts?|fps|temperature|port|room|number|version|step|index|offset|row|column"
)
_NO_AGE_BEFORE = compiled(rf"(?i)\b(?:{_COUNTED_THINGS})\s*(?:is |was |it )?\Z")
_NO_AGE_AFTER = compiled(r"\A(?:[%0-9]|[.,][0-9]|\s?(?:%|years? ago))")
_ERA = compiled(r"(?i)\b(?:stone|new|ice|iron|bronze) \Z")
_EARLY_OR_LATE = compiled("(?i)early|mid|late")
_THE_BEFORE = compiled(r"(?i)\bthe \Z")
_IN_MY = compiled(r"(?i)\A(?:in|into) (?:my|his|her|their|your|our) ")
_AT_THE = compiled(r"(?i)\A(?:by|at|around|from) (?:the )?")
_TO_LAST_WORD = compiled(r"(?s)\A.*\s")
_AGE_FIGURES = compiled(r"([0-9]+(?:\s?[-–]\s?[0-9]+)?)")


def _ages(text: Text, has_number: bool) -> Iterator[Hit]:
    if _any(_AGE_SIGNS, text.folded) and (has_number or _AGE_IN_WORDS.search(text.folded)):
        yield from _plain_ages(text.masked)
    if not has_number:
        return
    for span in alone(_AGE_IS, text.masked):
        if _ends_a_clause(span):
            yield _age(span, "age_is", 0.93)
    if _any(_AT_SIGNS, text.folded):
        for span in alone(_AGE_AT, text.masked):
            if _ends_a_clause(span) and not _NO_AGE_BEFORE.search(span.before):
                yield _age(span, "age_at", 0.85)
    if "age " in text.folded or "ages " in text.folded:
        for span in alone(_AGE_WAS, text.masked):
            if not _MEASURED.search(span.after):
                number = without(_TO_LAST_WORD, span.found)
                yield _age(span.last(len(number)), "age_was", 0.85)


def _plain_ages(masked: str) -> Iterator[Hit]:
    for span in alone(_AGE, masked):
        is_era = span.found.lower().startswith("age ") and _ERA.search(span.before)
        if is_era or _NO_AGE_AFTER.search(span.after):
            continue
        if _EARLY_OR_LATE.match(span.found) and _THE_BEFORE.search(span.before):
            yield hit(span, "date", "decade", 0.9)
        else:
            found = without(_AT_THE, without(_IN_MY, span.found))
            yield _age(span.last(len(found)), "age", 0.97)


def _ends_a_clause(span: Span) -> bool:
    return bool(_CLAUSE_ENDS.search(span.after)) and not _MEASURED.search(span.after)


def _age(span: Span, rule: str, confidence: float) -> Hit:
    return hit(span, "age", rule, confidence, extract(_AGE_FIGURES, span.found))


# Durations, and points in time relative to another

_UNITS = {
    "year": "Y",
    "yr": "Y",
    "month": "M",
    "week": "W",
    "wk": "W",
    "day": "D",
    "night": "D",
    "decade": "0Y",
    "hour": "TH",
    "hr": "TH",
    "min": "TM",
    "sec": "TS",
}
"""Units of time in ISO 8601; those of the clock stand after a T."""
_UNIT = f"(?:{'|'.join(_UNITS)})"
_FIGURE = r"[0-9]{1,4}(?:\.[0-9]+)?\+?"
_FIGURES = rf"{_FIGURE}(?:(?:\s?[-–—]\s?| to | or ){_FIGURE})?"
_ROUGHLY = (
    r"(?:about |around |roughly |approximately |nearly |almost |over |under |some |c\.\s?|circa |another |last "
    r"|past |~\s?)?"
)
_COUNTED = compiled(
    r"(?:[0-9+][\s-]?|(?:(?a:\b)an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|ty|several"
    rf"|many|few|half|couple of)[\s-]){_UNIT}"
)
"""What every such time has, in folded text."""
_DURATION = compiled(
    rf"(?i){_ROUGHLY}(?:{_FIGURES}[\s-]?"
    r"(?:years?|yrs?|months?|weeks?|wks?|days?|hours?|hrs?|minutes?|mins?|seconds?|secs?|decades?)"
    rf"|(?:{_COUNT}|a|several|a few)[\s-](?:and a half )?(?:years?|months?|weeks?|decades?)"
    rf"|(?:{_COUNT}|several|a few|a couple of)[\s-](?:days|nights|hours|minutes)|(?:half )?an hour)"
)
_IN_NUMBER = compiled(r"(?:[0-9][.,:/]|[$€£#.-])\Z")
_IS_AGE_OR_MORE = compiled(r"(?i)\A(?:[- ](?:old|of age)\b|['’][a-z]?|[-][a-z])")
_ONE = compiled("(?i)(?:an?|one) ")
_PER_OR_HALF = compiled(
    r"(?i)(?:times?|once|twice|days?|hours?|[0-9]k?|more|every|each|one|pounds|dollars|grand|half|just|such|what|quite"
    r"|rather|not) \Z"
)
_NO_LENGTH = compiled("(?i)(?:last|past|a) days?")
_AGO_WORDS = "ago earlier later previously before back from_now"
_AGO = compiled(
    rf"(?i){_ROUGHLY}(?:{_FIGURES}|a few|a couple of|couple of|{_COUNT}|several|many|few|a|an)[\s-](?:and a half )?"
    r"(?:years?|yrs?|months?|weeks?|days?|decades?|hours?|hrs?|minutes?|mins?)"
    rf"\s(?:{any_of(_AGO_WORDS).replace('_', ' ')})"
)
_REACHES = compiled(rf"{_UNIT}[a-z]{{0,4}}\s(?:{any_of(_AGO_WORDS).replace('_', ' ')})")
_ENDS_THERE = compiled(r"(?i)\A\s*(?:\Z|[.,;:!?)]|(?:and|but|i|that|we|he|she|when)\b)")
_LAST_OR_NEXT = compiled(
    "(?i)(?:last|next) (?:year|month|week)|(?:the )?(?:day before yesterday|day after tomorrow)"
)
_COUNT_IN_FIGURES = compiled(r"([0-9.]+\+?(?:\s?(?:[-–—]|to|or)\s?[0-9.]+\+?)?)")
_RANGE = compiled(r"\s?(?:[-–—]|to|or)\s?")
_COUNT_IN_WORDS = compiled(rf"\b({'|'.join(sorted(_NUMBERS))})\b")
_UNIT_THERE = compiled(rf"(?:\b|[0-9+])({_UNIT})")


def _times(text: Text, has_number: bool) -> Iterator[Hit]:
    folded = text.folded
    if not _any(tuple(_UNITS), folded):
        return
    if _COUNTED.search(folded):
        for span in alone(_DURATION, text.masked):
            if (
                not _IN_NUMBER.search(span.before)
                and not _IS_AGE_OR_MORE.search(span.after)
                and not (_ONE.match(span.found) and _PER_OR_HALF.search(span.before))
                and not _NO_LENGTH.fullmatch(span.found)
            ):
                yield hit(span, "duration", "duration", 0.95, _iso(span.found, ""))
        for span in alone(_AGO, text.masked) if _REACHES.search(folded) else ():
            lower = span.found.lower()
            is_open = lower.endswith(("before", "back")) and not _ENDS_THERE.search(span.after)
            if not is_open and not lower.endswith(("one day later", "one day earlier")):
                sign = "" if lower.endswith(("later", "from now")) else "-"
                yield hit(span, "date", "relative_date", 0.96, _iso(span.found, sign))
    if _any(("last ", "next ", "day before", "day after"), folded):
        for span in alone(_LAST_OR_NEXT, text.masked):
            yield hit(span, "date", "relative_date", 0.9)


def _iso(found: str, sign: str) -> str:
    """Return a duration as ISO 8601 (`P3M`, `-P2.5Y`), ranges as `P5-7Y`, vague ones with X."""
    lower = found.lower()
    if figures := extract(_COUNT_IN_FIGURES, lower):
        count = str(_RANGE.sub("-", figures, count=1))
    else:
        count = _NUMBERS[extract(_COUNT_IN_WORDS, lower) or "one"]
    unit = _UNITS[extract(_UNIT_THERE, lower) or ""]
    clock = "T" if unit.startswith("T") else ""
    return f"{sign}P{clock}{count.upper()}{unit.removeprefix('T')}"


# Dates

_MONTH = (
    "(?:"
    + "|".join(
        f"{name[:3]}(?:{name[3:]}|\\.)?"
        for name in (
            "January",
            "February",
            "March",
            "April",
            "August",
            "October",
            "November",
            "December",
        )
    )
    + r"|May|June?|July?|Sept?(?:ember|\.)?)"
)
_DATE = compiled(
    rf"{_YEAR}-[01][0-9]-[0-3][0-9]"
    rf"|{_YEAR} {_MONTH}(?: [0-3]?[0-9])?"
    rf"|[0-3]?[0-9](?:st|nd|rd|th)?(?: of)? {_MONTH},?(?: {_YEAR})?"
    rf"|{_MONTH},? {_YEAR}"
    rf"|{_MONTH} [0-3]?[0-9](?:st|nd|rd|th)?(?:,? {_YEAR})?"
    rf"|[0-3]?[0-9][/.][0-3]?[0-9][/.]{_YEAR}"
)
_MAY_BE_DATE = compiled(
    rf"{_YEAR}|[0-9] ?(?:st|nd|rd|th)? ?(?:of )?[JFMASOND][aepuco][a-z]|[JFMASOND][aepuco][a-z]{{1,7}}\.? [0-9]"
)
_IN_FIGURES = compiled(r"(?:[0-9][./:-]|[./-])\Z")
_NO_DATE_AFTER = compiled(r"\A(?:[-/:%][0-9]|[.,][0-9]|%|\s?(?:years?|months?|am|pm|mg|ml)\b)")
_MAY_BE_WORD = compiled(r"\A(?:May [0-9]|[0-9]+ (?:Mar|May|Jan|Dec|Sep)\Z)")
_HAS_YEAR = compiled(_YEAR)
_YEAR_ALONE = compiled(rf"(?i)(?:(?:early|mid|late)[- ])?{_YEAR}(?:['’]?s)?")
_IS_PERIOD = compiled("s\\Z|\\A[eml]")
_IN_CODE = compiled(r"(?:[0-9A-Za-z][./:_-]|[$€£#@+*=<>./-]|[0-9] )\Z")
_YEAR_AFTER = (
    r"in|since|until|till|by|from|before|after|during|around|circa|year|years|early|mid|late|summer|spring|autumn|fall"
    r"|winter|back|through|of|between|and|to|as|the|for|ca?\.|pre|post|mid|about|nov\w*|dec\w*"
)
_YEAR_BEFORE = compiled(
    rf"(?i)(?:\b(?:{_YEAR_AFTER})[\s-]+(?:in\s+)?|\(|\d[–-]|[,:;/]\s?|\n|\A\s*)\Z"
)
_THINGS = (
    r"px|x|mb|kb|gb|mg|mcg|ml|kg|km|hz|rpm|steps|people|patients|words|lines|rows|comments|times|euros?|dollars?"
    r"|pounds?|years?|units?|iu|calories|kcal"
)
_NO_YEAR_AFTER = compiled(rf"(?i)\A(?:[-:_x×%+*=°]\S|[.,/][0-9]|%|\s?(?:{_THINGS})\b)")
_FOUR_FIGURES = compiled("([0-9]{4})")
_MONTH_ALONE = compiled("|".join(_MONTHS))
_MONTH_AFTER = compiled(
    r"(?i)\b(?:in|since|until|till|by|before|after|during|last|next|this|early|mid|late|end of|beginning of|start of"
    r"|middle of)[ -]\Z"
)
_DAY_OR_NAME = compiled(r"\A(?:,? ?[0-9]|(?:['’]s)? \p{Lu})")
_MONTH_NAME = compiled(f"({'|'.join(name[:3].lower() for name in _MONTHS)})")
_FIGURES_ALONE = compiled("[0-9-]+")
_YEAR_THERE = compiled(rf"\b({_YEAR})\b")
_DAY_THERE = compiled("([0-3]?[0-9])")


def _dates(text: Text, has_number: bool) -> Iterator[Hit]:
    masked = text.masked
    if has_number and _MAY_BE_DATE.search(masked):
        for span in alone(_DATE, masked):
            if (
                not _IN_FIGURES.search(span.before)
                and not _NO_DATE_AFTER.search(span.after)
                and (not _MAY_BE_WORD.search(span.found) or _HAS_YEAR.search(span.found))
            ):
                yield hit(span, "date", "date", 0.97, _day(span.found.lower()))
        for span in alone(_YEAR_ALONE, masked):
            is_said = not _IN_CODE.search(span.before) and _YEAR_BEFORE.search(span.before)
            year = extract(_FOUR_FIGURES, span.found) or ""
            if (
                (_IS_PERIOD.search(span.found) or is_said)
                and not _NO_YEAR_AFTER.search(span.after)
                and "1900" <= year <= "2039"
            ):
                yield hit(span, "date", "year", 0.92)
    if not _any(tuple(_MONTHS), masked):
        return
    for span in alone(_MONTH_ALONE, masked):
        if _MONTH_AFTER.search(span.before) and not _DAY_OR_NAME.search(span.after):
            yield hit(span, "date", "month", 0.9, f"--{_month(span.found.lower())}")


def _month(lower: str) -> str | None:
    """Return the number of the month that `lower` names, in two digits."""
    name = extract(_MONTH_NAME, lower)
    begins = [month[:3].lower() for month in _MONTHS]
    return f"{begins.index(name) + 1:02d}" if name else None


def _day(lower: str) -> str:
    """Return as much of an ISO date as `lower` says."""
    month = _month(lower)
    if _FIGURES_ALONE.fullmatch(lower) or not month:
        return lower
    year = extract(_YEAR_THERE, lower) or "-"
    day = extract(_DAY_THERE, without(_HAS_YEAR, lower))
    return f"{year}-{month}" + (f"-{day.zfill(2)}" if day else "")


# Percentages and money

_NUMBER = r"[0-9]+(?:[.,][0-9]+)*"
_PERCENTAGE = compiled(rf"(?i){_NUMBER}(?:\s?(?:[-–—]|to)\s?{_NUMBER})?\s?(?:%|percent|per cent)")
_SHARE_FIGURES = compiled(r"([0-9][0-9.,\s–—-]*[0-9]|[0-9])")
_CURRENCIES = (
    "kroner kronor francs rupees yen yuan pesos rubles roubles rand zloty"
    " chf aud cad nzd sek nok dkk inr jpy cny"
)
_MONEY = compiled(
    rf"(?i)(?:US|A|C)?[$€£¥₹]\s?{_NUMBER}(?:\s?[-–]\s?[$€£]?{_NUMBER})?"
    r"(?:\s?(?:million|billion|trillion|thousand|bn|[kmb])(?a:\b))?"
    rf"|(?:{_NUMBER}(?:\s?(?:million|billion|trillion|thousand|k))?|(?:a|one|half a) (?:million|billion))\s?"
    rf"(?:US dollars?|dollars?|euros?|pounds sterling|USD|EUR|GBP|bucks|quid|€|£|{any_of(_CURRENCIES)})"
)
_PRICED = compiled(
    r"[$€£¥₹]|(?:[0-9k]|illion|thousand)\s?(?:us )?"
    rf"(?:dollar|euro|pounds|usd|eur|gbp|bucks|quid|{any_of(_CURRENCIES)})"
)
"""What every sum has, in folded text."""


def _amounts(text: Text, has_number: bool) -> Iterator[Hit]:
    if _any(("%", "percent", "per cent"), text.folded):
        for span in spans(_PERCENTAGE, text.masked):
            if not touches(span.left, ".,") and not touches(span.right, "%"):
                number = extract(_SHARE_FIGURES, span.found)
                yield hit(span, "percentage", "percentage", 0.98, number)
    if (has_number or "illion" in text.folded) and _PRICED.search(text.folded):
        for span in spans(_MONEY, text.masked):
            if not touches(span.left, "$.,") and not touches(span.right, "$"):
                yield hit(span, "money", "money", 0.95)
