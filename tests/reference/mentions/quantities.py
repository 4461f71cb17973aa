"""Quantities: ages, dates, durations, money and percentages."""

from collections.abc import Iterator

from reference.mentions import expressions as written
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
    **{
        word: str(number)
        for number, word in enumerate(
            listed("thirteen fourteen fifteen sixteen seventeen eighteen nineteen"), 13
        )
    },
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
_AGE = compiled(written.AGE)
_AGE_SIGNS = (
    *("aged", " age", "of age", "old", "y/o", "0s", "0's", "0’s", "teens"),
    *("twenties", "rties", "fties", "xties", "nties", "hties", "diagnos", "onset"),
)
_AGE_IN_WORDS = compiled("(?:year|month)s?[- ]old|teens|ties")
_AGE_IS, _AGE_IS_SMALL = compiled(written.AGE_IS), compiled(written.IS_ONE_DIGIT)
_AGE_AT, _PERSON = compiled(written.AGE_AT), compiled(written.PERSON)
_MONTHS_AT, _CHILD = compiled(written.MONTHS_AT), compiled(written.CHILD)
_LIST, _LISTED_BEFORE = compiled(written.LIST), compiled(written.LISTED_BEFORE)
_ONE_OF_LIST = compiled("[1-9][0-9]?(?: months?| weeks?| Monate?n?| meses)?")
_SOMEBODY_IS, _SUPPOSED = compiled(written.SOMEBODY_IS), compiled(written.SUPPOSED)
_IS_SPELT, _SPELT_ENDS = compiled(written.IS_SPELT), compiled(written.SPELT_ENDS)
_SPELT_SIGNS, _WHEN = compiled(written.SPELT_SIGNS), compiled(written.WHEN)
_WHEN_LEAD = compiled("(?i)\\A(?:when|since) ")
_BARE_MODAL, _TO_BE = (
    compiled("(?i)\\A(?:must|would|will)"),
    compiled("(?i)\\A.* (?:be|have been) "),
)
_SENTENCE_STARTS = compiled(r"(?:\A|[.!?\n] ?)\Z")
_SMALL, _SMALL_IS_BEFORE = compiled(written.SMALL), compiled(written.SMALL_IS_BEFORE)
_YOUNG_AT, _YOUNG_BEFORE = compiled(written.YOUNG_AT), compiled(written.YOUNG_BEFORE)
_APPOSED, _APPOSED_BEFORE = compiled(written.APPOSED), compiled(written.APPOSED_BEFORE)
_APPOSED_AFTER = compiled(r"\A[,.;)](?:[^0-9]|\Z)")
_NO_APPOSED = compiled(r"[0-9]\W*\Z|\b(?:Street|Road|Avenue|Lane|Drive)\Z")
_AFTER_AGE, _OF_LIFE = compiled(written.AFTER_AGE), compiled(written.OF_LIFE)
_LIMIT, _PARENS = compiled(written.LIMIT), compiled(written.PARENS)
_SEX, _SEXED_BEFORE = compiled(written.SEX), compiled(written.SEXED_BEFORE)
_SEXED_AFTER, _NOT_SEXED = compiled(written.SEXED_AFTER), compiled(written.NOT_SEXED)
_UNIT_ABROAD = compiled(written.FOREIGN_UNITS_FOLLOW)
_PERSON_BEFORE = compiled(rf"(?i)(?:\b(?:{written.KIN})|(?-i:\p{{Lu}}\p{{Ll}}+)) \Z")
_KIN_BEFORE = compiled(rf"(?i)\b(?:{written.KIN}) \Z")
_BRACKET_STATED = compiled(r"(?i)[mf]\)\Z|\p{L}{3}")
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
_CLAUSE_ENDS = compiled(written.CLAUSE_FOLLOWS)
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
    for span in alone(_IS_SPELT, text.masked) if _SPELT_SIGNS.search(text.folded) else ():
        if _SPELT_ENDS.search(span.after):
            yield _age(span, "age_is", 0.93)
    if not has_number:
        return
    yield from _ages_of_somebody(text)
    if _any(_AT_SIGNS, text.folded):
        for span in alone(_AGE_AT, text.masked):
            is_of_person = _PERSON.search(span.before) and not _NO_AGE_BEFORE.search(span.before)
            if _ends_a_clause(span) and is_of_person:
                yield _age(span, "age_at", 0.85)
        for span in alone(_YOUNG_AT, text.masked):
            if _ends_a_clause(span) and _YOUNG_BEFORE.search(span.before):
                yield _age(span, "age_at", 0.85)
        for span in alone(_MONTHS_AT, text.masked):
            if _CHILD.search(span.before):
                yield _age(span.last(len(span.found) - len("at ")), "age_young", 0.96)
    if "age " in text.folded or "ages " in text.folded:
        for span in alone(_AGE_WAS, text.masked):
            if not _MEASURED.search(span.after):
                number = without(_TO_LAST_WORD, span.found)
                yield _age(span.last(len(number)), "age_was", 0.85)
    yield from _bracketed(text.masked)
    for span in alone(_LIMIT, text.masked):
        if not _MEASURED.search(span.after):
            number = without(_TO_LAST_WORD, span.found)
            yield _age(span.last(len(number)), "age_limit", 0.96)
    for span in alone(_LIST, text.masked):
        is_unit = _MEASURED.search(span.after) or _UNIT_ABROAD.search(span.after)
        if _LISTED_BEFORE.search(span.before) and not is_unit:
            for one in spans(_ONE_OF_LIST, span.found):
                place = span._replace(start=span.start + one.start, end=span.start + one.end)
                yield _age(place, "age_list", 0.96)
    for span in spans(_APPOSED, text.masked):
        is_street = _NO_APPOSED.search(span.before)
        if (
            _APPOSED_BEFORE.search(span.before)
            and _APPOSED_AFTER.search(span.after)
            and not is_street
        ):
            yield _age(span.last(len(span.found) - 2), "age_apposed", 0.85)
    for span in alone(_AFTER_AGE, text.masked):
        if _ends_a_clause(span) and _OF_LIFE.search(span.before):
            yield _age(span.last(2), "age_reached", 0.8)


def _ages_of_somebody(text: Text) -> Iterator[Hit]:
    """Yield ages by what is said of somebody: `he is 40`, `my son is 3½`."""
    found = [*alone(_AGE_IS, text.masked), *alone(_AGE_IS_SMALL, text.masked)]
    found += [span.last(len(without(_WHEN_LEAD, span.found))) for span in alone(_WHEN, text.masked)]
    for span in alone(_SOMEBODY_IS, text.masked):
        found.append(span.last(len(without(_TO_LAST_WORD, span.found))))
    for span in alone(_SUPPOSED, text.masked):
        if not _BARE_MODAL.search(span.found) or _SENTENCE_STARTS.search(span.before):
            found.append(span.last(len(without(_TO_BE, span.found))))
    found += [one for one in alone(_SMALL, text.masked) if _SMALL_IS_BEFORE.search(one.before)]
    ends: set[int] = set()
    for span in found:
        if span.end not in ends and _ends_a_clause(span):
            ends.add(span.end)
            yield _age(span, "age_is", 0.93)


def _bracketed(masked: str) -> Iterator[Hit]:
    """Yield numbers in parentheses after a person, and those with a sex."""
    places = set()
    for span in spans(_PARENS, masked):
        if not _PERSON_BEFORE.search(span.before):
            continue
        if _BRACKET_STATED.search(span.found) or _KIN_BEFORE.search(span.before):
            inner = span._replace(start=span.start + 1, end=span.end - 1)
            places.add(inner.start)
            yield _age(inner, "age_bracket", 0.96)
    for span in alone(_SEX, masked):
        if (
            span.start not in places
            and _SEXED_BEFORE.search(span.before)
            and _SEXED_AFTER.search(span.after)
            and not _NOT_SEXED.search(span.before)
        ):
            yield _age(span, "age_bracket", 0.96)


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
    "millisec": "TS",
    "ms": "TS",
    "min": "TM",
    "sec": "TS",
    "h": "TH",
    "m": "TM",
    "s": "TS",
}
"""Units of time in ISO 8601; those of the clock stand after a T."""
_UNIT = f"(?:{'|'.join(_UNITS)})"
_FIGURE = r"[0-9]{1,4}(?:\.[0-9]+)?\+?"
_FIGURES = rf"{_FIGURE}(?:(?:\s?[-–—]\s?| to | or ){_FIGURE})?"
_ROUGHLY = (
    r"(?:about |around |roughly |approximately |nearly |almost |over |under |some |c\.\s?|circa |another |last "
    r"|past |~\s?)?"
)
_COUNTED = compiled(rf"(?a:{written.NUMBERED})|{written.SPELT}")
"""Every such time has a match, in folded text."""
_DURATION = compiled(written.DURATION)
_DECADE, _EVERY = compiled(written.DECADE_BEFORE), compiled(written.EVERY)
_TENS, _HUNDREDS = compiled(r"[0-9]*0s"), compiled(r"(?:0+|[0-9]+00|[0-9]{2,}0)s")
_LETTER_UNIT = compiled(r"[0-9]+ ?[hs]")
_MODEL_BEFORE = compiled(r"(?i)(?:iphone|galaxy|nexus|model|page|class|v|no\.?)\s?\Z")
_PEOPLE_AFTER = compiled(r"\A (?i:patients|people|sufferers)")
_THOUSANDS, _DECIMAL_COMMA = compiled(r"([0-9]),([0-9]{3})\b"), compiled("([0-9]),([0-9])")
_HALF = compiled(r"\bhalf an? ")
_IN_NUMBER = compiled(r"(?:[0-9][.,:/]|[$€£#.-])\Z")
_IS_AGE_OR_MORE = compiled(r"(?i)\A(?:[- ](?:old|of age)\b|['’][a-z]?|[-][a-z])")
_ONE = compiled("(?i)(?:an?|one) ")
_PER_OR_HALF = compiled(
    r"(?i)(?:times?|once|twice|days?|hours?|[0-9]k?|more|every|each|one|pounds|dollars|grand|half|just|such|what|quite"
    r"|rather|not) \Z"
)
_NO_LENGTH = compiled(
    r"(?i)\A(?:last|past|a) days?\Z|\b(?:one|an?) (?:more )?(?:day|night|minute|hour)\Z"
)
_YET_LENGTH = compiled(r"(?i)\A(?:an? (?:whole|full|entire|solid)|half an|.*\ban) ")
_AGO, _REACHES = compiled(written.AGO), compiled(written.REACHED)
_ENDS_THERE = compiled(r"(?i)\A\s*(?:\Z|[.,;:!?)]|(?:and|but|i|that|we|he|she|when)\b)")
_LAST_OR_NEXT = compiled(
    "(?i)(?:last|next) (?:year|month|week(?:end)?)|this weekend|(?:the )?(?:day before yesterday|day after tomorrow)"
)
_COUNT_IN_FIGURES = compiled(r"([0-9.]+\+?(?:\s?(?:[-–—]|to|or)\s?[0-9.]+\+?)?)")
_RANGE = compiled(r"\s?(?:[-–—]|to|or)\s?")
_COUNT_IN_WORDS = compiled(rf"\b({'|'.join(sorted(_NUMBERS))})\b")
_UNIT_THERE = compiled(
    r"(?:\b|[0-9+])(year|yr|month|week|wk|day|night|decade|hour|hr|millisec|ms|min|sec|h|m|s)"
)


def _times(text: Text, has_number: bool) -> Iterator[Hit]:
    folded = text.folded
    if _COUNTED.search(folded):
        for span in alone(_DURATION, text.masked):
            if (
                not _IN_NUMBER.search(span.before)
                and not _IS_AGE_OR_MORE.search(span.after)
                and not (_ONE.match(span.found) and _PER_OR_HALF.search(span.before))
                and (not _NO_LENGTH.search(span.found) or _YET_LENGTH.search(span.found))
                and not _EVERY.search(span.before)
                and not (_TENS.fullmatch(span.found) and _DECADE.search(span.before))
                and not _HUNDREDS.fullmatch(span.found)
                and not (
                    _LETTER_UNIT.fullmatch(span.found)
                    and (_MODEL_BEFORE.search(span.before) or span.right in set("/:="))
                )
                and not (span.found.endswith("ms") and _PEOPLE_AFTER.search(span.after))
            ):
                yield hit(span, "duration", "duration", 0.95, _iso(span.found, ""))
        for span in alone(_AGO, text.masked) if _REACHES.search(folded) else ():
            lower = span.found.lower()
            is_open = lower.endswith(("before", "back")) and not _ENDS_THERE.search(span.after)
            if not is_open and not lower.endswith(("one day later", "one day earlier")):
                sign = "" if lower.endswith(("later", "from now")) else "-"
                yield hit(span, "date", "relative_date", 0.96, _iso(span.found, sign))
    if _any(("last ", "next ", "this ", "day before", "day after"), folded):
        for span in alone(_LAST_OR_NEXT, text.masked):
            yield hit(span, "date", "relative_date", 0.9)


def _iso(found: str, sign: str) -> str:
    """Return a duration as ISO 8601 (`P3M`, `-P2.5Y`), ranges as `P5-7Y`, vague ones with X."""
    lower = _THOUSANDS.sub(r"\1\2", found.lower(), count=1)
    lower = _DECIMAL_COMMA.sub(r"\1.\2", lower)
    if figures := extract(_COUNT_IN_FIGURES, lower):
        count = str(_RANGE.sub("-", figures, count=1))
    elif word := extract(_COUNT_IN_WORDS, lower):
        count = _NUMBERS[word]
    else:
        count = "0.5" if _HALF.search(lower) else "1"
    unit = extract(_UNIT_THERE, lower)
    if unit is None:
        return found.lower()
    if unit in ("millisec", "ms"):
        count = str(round(float(count) / 1000, 9)).removesuffix(".0")
    letters = _UNITS[unit]
    clock = "T" if letters.startswith("T") else ""
    return f"{sign}P{clock}{count.upper()}{letters.removeprefix('T')}"


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
_DATE = compiled(written.DATE)
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
_YEAR_BEFORE = compiled(written.BEFORE_YEAR)
_MADE_BEFORE = compiled(r"(?i)\b(?:an?|old|original|late|first|new|mid) \Z")
_MADE_IN, _OR_YEAR = compiled(written.MADE_IN), compiled(rf"\A or {_YEAR}\b")
_THINGS = (
    r"px|x|mb|kb|gb|mg|mcg|ml|kg|km|hz|rpm|steps|people|patients|words|lines|rows|comments|times|euros?|dollars?"
    r"|pounds?|years?|units?|iu|calories|kcal"
)
_NO_YEAR_AFTER = compiled(rf"(?i)\A(?:[-:_x×%+*=°]\S|[.,/][0-9]|%|\s?(?:{_THINGS})\b)")
_FOUR_FIGURES = compiled("([0-9]{4})")
_MONTH_ALONE = compiled("|".join(_MONTHS))
_MONTH_OF, _OF_MONTH_AFTER = compiled(written.MONTH_OF), compiled(r"\A \p{Ll}{3,}|\A[.,;!?]")
_DAY, _BEFORE_DAY, _DAY_ENDS = (
    compiled(written.DAY),
    compiled(written.BEFORE_DAY),
    compiled(written.DAY_ENDS),
)
_HOLIDAY = compiled(written.HOLIDAY)
_NO_HOLIDAY = compiled(
    r"\A(?:['’]s)? (?:\p{Lu}|(?i:eggs?|cards?|tree|dinner|party|present|gifts?|music|decor)\w*)"
)
_HOLIDAY_LEAD = compiled(r"(?i)\A(?:since|at|on|by|before|after|until|till|around|over) ")
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
            is_last = _SENTENCE_BEFORE.search(span.before) and _SENTENCE_AFTER.search(span.after)
            is_made = _MADE_BEFORE.search(span.before) and _MADE_IN.search(span.after)
            is_last = is_last or is_made or _OR_YEAR.search(span.after)
            is_said = is_said or (is_last and not _IN_CODE.search(span.before))
            if (
                (_IS_PERIOD.search(span.found) or is_said)
                and not _SECTION.search(span.before)
                and not _NO_YEAR_AFTER.search(span.after)
                and "1900" <= year <= "2039"
            ):
                yield hit(span, "date", "year", 0.92)
    yield from _spans_of_time(text)
    for span in alone(_DAY, masked) if has_number else ():
        is_bare = span.found.startswith("the ")
        if not is_bare or (_BEFORE_DAY.search(span.before) and _DAY_ENDS.search(span.after)):
            yield hit(span, "date", "day", 0.85)
    for span in alone(_HOLIDAY, masked):
        if not _NO_HOLIDAY.search(span.after):
            yield hit(span.last(len(without(_HOLIDAY_LEAD, span.found))), "date", "holiday", 0.85)
    if not _any(tuple(_MONTHS), masked):
        return
    for span in alone(_MONTH_ALONE, masked):
        is_of = _MONTH_OF.search(span.before) and _OF_MONTH_AFTER.search(span.after)
        if (_MONTH_AFTER.search(span.before) or is_of) and not _DAY_OR_NAME.search(span.after):
            yield hit(span, "date", "month", 0.9, f"--{_month(span.found.lower())}")


_SENTENCE_BEFORE = compiled(r"(?i)(?:\b(?:was|is)|[.!?]) \Z")
_SENTENCE_AFTER = compiled(r"\A[.!?]?(?:\s|\Z)")
_SECTION = compiled(r"§ ?\Z")
_SEASON, _QUARTER, _SHORT_DATE = (
    compiled(written.SEASON),
    compiled(written.QUARTER),
    compiled(written.NUMERIC),
)
_SEASON_LEAD = compiled("(?i)\\A(?:in|since|during|by|until|of) (?:the )?")
_NO_SEASON = compiled(
    r"(?i)\A(?:-|[ ](?:waves?|term|issue|edition|collection|sale|season|cleaning|flowers?|water|rolls?|onions?"
    r"|equinox|solstice|training|fever|coat|jacket|boot|olympics|semester|school|break|in love|apart|asleep|behind"
    r"|short|into|off|out|for|through|back|down|over|under|cloud|framework|security|mvc)\b)"
)
_DIGIT_BEFORE, _DIGIT_AFTER = compiled(r"[0-9./:-]\Z"), compiled(r"\A(?:[/:-]|\.[0-9])")
_OLD_YEAR = compiled("1[5-8][0-9]{2}")
_OLD_YEAR_BEFORE = compiled(
    r"(?i)\b(?:in|since|of|from|until|by|circa|before|after|born|died|dated|b\.|d\.|ca?\.|the|our|an?|seit|desde"
    r"|año) \Z"
)
_NO_OLD_YEAR = compiled(
    r"\A(?:[-.,:/][0-9]|%|\s?(?:people|users|words|kg|g|mg|ml|m|km|euros?|dollars?|rpm|calories|kcal|lines|px|x)\b)"
)
_YEARS = compiled(rf"{_YEAR}[-–](?:{_YEAR}|[0-9]{{2}})")
_NO_RANGE_BEFORE, _NO_RANGE_AFTER = compiled(r"[0-9./:#$€£-]\Z"), compiled(r"\A[-./:][0-9]")
_BOUND = compiled(
    r"(?i)(?:the )?(?:end|beginning|start|middle) of (?:the|this|last|next) (?:year|month|week|decade|century)"
)

_DECADE_IN_FIGURES = compiled("['’]?[2-9]0['’]?s")
_BEFORE_DECADE_IN_FIGURES = compiled(
    r"(?i)\b(?:in|since|from|during|of|throughout|through|until|till|by|to|like|and) the \Z"
)
_COUNTED_IN_TENS = compiled(
    r"(?i)\b(?:temp\w*|degrees?|weather|forecast|highs?|lows?|scor\w+|grades?|percentile|heart|pulse|rate|bpm|iq|systolic"
    r"|diastolic|blood|sats?|oxygen|humid\w*|speeds?|upper|lower)\b[^.!?\n]*\Z"
)
_NO_DECADE_AFTER = compiled(r"\A(?:[%°]| (?:degrees?|percent)\b)")
_TWO_DIGITS = compiled(
    "(?:(?:" + "|".join(rf"{m}|{m[:3]}\.?" for m in (*_MONTHS, "Sept")) + ") )?['’][0-9]{2}"
)
_TWO_DIGITS_BEFORE = compiled(written.BEFORE_SHORT_YEAR)
_NO_TWO_DIGITS_AFTER = compiled(r"\A(?:['’]?s\b|[.,:][0-9]|['’])")


def _short_years(masked: str) -> Iterator[Hit]:
    """Yield decades (`the 90s`) and years without their century (`'87`, `Oct '21`)."""
    for span in alone(_DECADE_IN_FIGURES, masked):
        is_counted = _COUNTED_IN_TENS.search(span.before) or _NO_DECADE_AFTER.search(span.after)
        if _BEFORE_DECADE_IN_FIGURES.search(span.before) and not is_counted:
            yield hit(span, "date", "decade", 0.85)
    for span in alone(_TWO_DIGITS, masked):
        is_led = " " in span.found or _TWO_DIGITS_BEFORE.search(span.before)
        if is_led and not _NO_TWO_DIGITS_AFTER.search(span.after):
            yield hit(span, "date", "year_short", 0.85)


def _spans_of_time(text: Text) -> Iterator[Hit]:
    """Yield seasons, quarters, short dates, older years, ranges of years and ends of periods."""
    masked = text.masked
    for span in alone(_SEASON, masked):
        if not _NO_SEASON.search(span.after):
            size = len(without(_SEASON_LEAD, span.found))
            yield hit(span.last(size), "date", "season", 0.85)
    if _MAY_BE_DATE.search(masked):
        yield from (hit(span, "date", "quarter", 0.95) for span in alone(_QUARTER, masked))
        for span in alone(_YEARS, masked):
            if not _NO_RANGE_BEFORE.search(span.before) and not _NO_RANGE_AFTER.search(span.after):
                yield hit(span, "date", "year_range", 0.9)
    for span in alone(_SHORT_DATE, masked):
        if not _DIGIT_BEFORE.search(span.before) and not _DIGIT_AFTER.search(span.after):
            yield hit(span, "date", "date_short", 0.9)
    for span in alone(_OLD_YEAR, masked):
        if _OLD_YEAR_BEFORE.search(span.before) and not _NO_OLD_YEAR.search(span.after):
            yield hit(span, "date", "year_old", 0.85)
    yield from (hit(span, "date", "relative_date", 0.85) for span in alone(_BOUND, masked))
    yield from _short_years(masked)


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
_PERCENTAGE = compiled(
    rf"(?i){_NUMBER}(?:\s?(?:[-–—]|to|bis|a)\s?{_NUMBER})?\s?(?:%|percent|per cent|prozent|por ciento|pour cent)"
    r"|(?:ten|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|a hundred)(?:[ -](?:one|two|three|four|five|six"
    r"|seven|eight|nine))? (?:percent|per cent)"
)
_GERMAN_ENDING = compiled(r"\Aige?[rnms]?\b")
_SHARE_FIGURES = compiled(r"([0-9][0-9.,\s–—-]*[0-9]|[0-9])")
_MONEY, _PRICED, _IN_WORDS = (
    compiled(written.SUM),
    compiled(written.PRICED),
    compiled(written.SPELT_SUM),
)
_PLACEHOLDER, _CODE_BESIDE, _CODE_AFTER = (
    compiled(written.PLACEHOLDER),
    compiled(written.CODE_BESIDE),
    compiled(written.CODE_AFTER),
)
_BARE_SUM, _PAID, _PAID_AFTER = (
    compiled(written.UNPRICED),
    compiled(written.PAID),
    compiled(written.PAID_AFTER),
)
_COUNTED_AFTER = compiled(written.COUNTED_AFTER)
_SUM_BEFORE = compiled(r"[$€£¥₹0-9.,#/-]\Z")
_SUM_AFTER = compiled(
    r"(?i)\A(?:[,./-][0-9]|%|\s?(?:%|percent|[$€£]|euro|dollar|usd|eur|pounds|quid|bucks))"
)
_OPINION = compiled(r"(?i)\b(?:my|his|her|your|our|their|own|\S+['’]s) \Z")


def _amounts(text: Text, has_number: bool) -> Iterator[Hit]:
    masked = text.masked
    for span in spans(_PERCENTAGE, masked):
        is_german = _GERMAN_ENDING.search(span.after)
        if not touches(span.left, ".,") and (is_german or not touches(span.right, "%")):
            number = extract(_SHARE_FIGURES, span.found)
            yield hit(span, "percentage", "percentage", 0.98, number)
    if (has_number or "illion" in text.folded) and _PRICED.search(text.folded):
        for span in spans(_MONEY, masked):
            is_code = _PLACEHOLDER.search(span.found) and (
                _CODE_BESIDE.search(span.before) or _CODE_AFTER.search(span.after)
            )
            if not touches(span.left, "$.,") and not touches(span.right, "$") and not is_code:
                yield hit(span, "money", "money", 0.95)
    for span in alone(_IN_WORDS, masked):
        if not (span.found.endswith("two cents") and _OPINION.search(span.before)):
            yield hit(span, "money", "money_words", 0.9)
    for span in alone(_BARE_SUM, masked) if has_number else ():
        is_paid = _PAID.search(span.before) or _PAID_AFTER.search(span.after)
        is_other = (
            _SUM_BEFORE.search(span.before)
            or _COUNTED_AFTER.search(span.after)
            or _SUM_AFTER.search(span.after)
        )
        if is_paid and not is_other:
            yield hit(span, "money", "money_bare", 0.8)
