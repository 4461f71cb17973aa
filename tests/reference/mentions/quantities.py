"""Quantities: ages, dates, durations, money and percentages."""

from collections.abc import Iterator

from reference.mentions.hits import Hit, Text, hit, stands_alone
from reference.patterns import Span, compiled, extract, has, spans, without
from threadmill.mentions.rules.quantities import (
    _AGE,
    _AGE_AT,
    _AGE_IS,
    _AGE_WAS,
    _AGE_WORDS,
    _AGO,
    _AT_WORDS,
    _BEFORE_MONTH,
    _BEFORE_YEAR,
    _CLAUSE_FOLLOWS,
    _CURRENCIES,
    _DATE,
    _DURATION,
    _MONTH_ALONE,
    _MONTH_NUMBERS,
    _NOT_AN_AGE,
    _NUMBERED,
    _NUMBERS,
    _PRICED,
    _REACHED,
    _SPELT,
    _UNIT,
    _UNITS_FOLLOW,
    _YEAR,
    _YEARS,
)
from threadmill.mentions.text.spans import WORD

_UNITS = {"decade": "0Y", "night": "D", "yr": "Y", "wk": "W", "hr": "H"}
_CLOCK_UNITS = ("hour", "hr", "min", "sec")
_UNIT_WORDS, _MONTHS = (
    tuple(words.removeprefix("(?:").removesuffix(")").split("|")) for words in (_UNIT, _MONTH_ALONE)
)
_NUMBER_WORDS = "|".join(sorted(set(_NUMBERS) - {"a", "an"}))
_NOT_ONE_OF = (
    r"(?i)(?:times?|once|twice|days?|hours?|[0-9]k?|more|every|each|one|pounds|dollars|grand|half|just"
    r"|such|what|quite|rather|not) $"
)
_AGO_ENDS = r"(?i)^\s*(?:$|[.,;:!?)]|(?:and|but|i|that|we|he|she|when)\b)"
_LAST = "(?i)(?:last|next) (?:year|month|week)|(?:the )?(?:day before yesterday|day after tomorrow)"
_DATED = (
    r"(?:19|20)[0-9][0-9]|[0-9] ?(?:st|nd|rd|th)? ?(?:of )?[JFMASOND][aepuco][a-z]"
    r"|[JFMASOND][aepuco][a-z]{1,7}\.? [0-9]"
)
_NOT_A_DATE = r"^(?:[-/:%][0-9]|[.,][0-9]|%|\s?(?:years?|months?|am|pm|mg|ml)\b)"
_NOT_A_YEAR = (
    r"(?i)^(?:[-:_x×%+*=°]\S|[.,/][0-9]|%|\s?(?:px|x|mb|kb|gb|mg|mcg|ml|kg|km|hz|rpm|steps|people|patients"
    r"|words|lines|rows|comments|times|euros?|dollars?|pounds?|years?|units?|iu|calories|kcal)\b)"
)
_NUMBER = r"[0-9]+(?:[.,][0-9]+)*"
_PERCENTAGE = rf"(?i){_NUMBER}(?:\s?(?:[-–—]|to)\s?{_NUMBER})?\s?(?:%|percent|per cent)"
_MONEY = (
    rf"(?i)(?:US|A|C)?[$€£¥₹]\s?{_NUMBER}(?:\s?[-–]\s?[$€£]?{_NUMBER})?(?:\s?(?:million"
    r"|billion|trillion|thousand|bn|[kmb])(?-u:\b))?"
    rf"|(?:{_NUMBER}(?:\s?(?:million|billion|trillion|thousand|k))?|(?:a|one|half a) (?:million"
    r"|billion))\s?(?:US dollars?|dollars?|euros?|pounds sterling|USD|EUR|GBP|bucks|quid|€|£"
    rf"|{'|'.join(_CURRENCIES)})"
)


def quantities(text: Text) -> Iterator[Hit]:
    """Yield every quantity in `text`."""
    has_number = has("[0-9]", text.folded)
    yield from _ages(text, has_number)
    yield from _times(text, has_number)
    yield from _dates(text, has_number)
    yield from _amounts(text, has_number)


def _any(words: tuple[str, ...], text: str) -> bool:
    return any(word in text for word in words)


def _ages(text: Text, has_number: bool) -> Iterator[Hit]:
    words = text.masked
    if _any(_AGE_WORDS, text.folded) and (
        has_number or has("(?:year|month)s?[- ]old|teens|ties", text.folded)
    ):
        yield from _plain_ages(words)
    if not has_number:
        return
    for span in filter(stands_alone, spans(_AGE_IS, words)):
        if _ends_a_clause(span):
            yield _age(span, "age_is", 0.93)
    if _any(_AT_WORDS, text.folded):
        for span in filter(stands_alone, spans(_AGE_AT, words)):
            if _ends_a_clause(span) and not has(_NOT_AN_AGE, span.before):
                yield _age(span, "age_at", 0.85)
    if "age " in text.folded:
        for span in filter(stands_alone, spans(_AGE_WAS, words)):
            if not has(f"(?i){_UNITS_FOLLOW}", span.after):
                yield _age(span.tail(without(r"(?s)^.*\s", span.found)), "age_was", 0.85)


def _plain_ages(words: str) -> Iterator[Hit]:
    for span in filter(stands_alone, spans(_AGE, words)):
        is_other = has(r"^[%0-9]|^[.,][0-9]|^\s?(?:%|years? ago)", span.after)
        is_era = has("(?i)^age ", span.found) and has(
            r"(?i)\b(?:stone|new|ice|iron|bronze) $", span.before
        )
        if is_other or is_era:
            continue
        if has("(?i)^(?:early|mid|late)", span.found) and has(r"(?i)\bthe $", span.before):
            yield hit(span, "date", "decade", 0.9)
        else:
            found = without("(?i)^(?:in|into) (?:my|his|her|their|your|our) ", span.found)
            found = without("(?i)^(?:by|at|around|from) (?:the )?", found)
            yield _age(span.tail(found), "age", 0.97)


def _ends_a_clause(span: Span) -> bool:
    return has(_CLAUSE_FOLLOWS, span.after) and not has(f"(?i){_UNITS_FOLLOW}", span.after)


def _age(span: Span, rule: str, confidence: float) -> Hit:
    return hit(span, "age", rule, confidence, extract(r"([0-9]+(?:\s?[-–]\s?[0-9]+)?)", span.found))


def _times(text: Text, has_number: bool) -> Iterator[Hit]:
    words, folded = text.masked, text.folded
    if not _any(_UNIT_WORDS, folded):
        return
    if (has_number and has(_NUMBERED, folded)) or has(_SPELT, folded):
        for span in filter(stands_alone, spans(_DURATION, words)):
            if (
                not has("[0-9][.,:/]$|[$€£#.-]$", span.before)
                and not has("(?i)^[- ](?:old|of age)\\b|^['’][a-z]?|^[-][a-z]", span.after)
                and not (has("(?i)^(?:an?|one) ", span.found) and has(_NOT_ONE_OF, span.before))
                and not has("(?i)^(?:last|past|a) days?$", span.found)
            ):
                yield hit(span, "duration", "duration", 0.95, _iso(span.found, ""))
        for span in filter(stands_alone, spans(_AGO, words)) if has(_REACHED, folded) else ():
            is_open = has("(?i)before$|back$", span.found) and not has(_AGO_ENDS, span.after)
            if not is_open and not has("(?i)one day (?:later|earlier)$", span.found):
                sign = "" if has("(?i)(?:later|from now)$", span.found) else "-"
                yield hit(span, "date", "relative_date", 0.96, _iso(span.found, sign))
    if _any(("last ", "next ", "day before", "day after"), folded):
        for span in filter(stands_alone, spans(_LAST, words)):
            yield hit(span, "date", "relative_date", 0.9)


def _iso(found: str, sign: str) -> str:
    """Return a duration as ISO 8601 (`P3M`, `-P2.5Y`), ranges as `P5-7Y`, vague ones with X."""
    words = found.lower()
    figures = extract(r"([0-9.]+\+?(?:\s?(?:[-–—]|to|or)\s?[0-9.]+\+?)?)", words)
    if figures:
        count = compiled(r"\s?(?:[-–—]|to|or)\s?").sub("-", figures, count=1)
    else:
        word = extract(rf"\b({_NUMBER_WORDS})\b", words)
        count = _NUMBERS[word] if word else "1"
    unit = extract(r"(?:\b|[0-9+])(year|yr|month|week|wk|day|night|decade|hour|hr|min|sec)", words)
    assert unit is not None  # the expression that found it has one; for mypy
    clock = "T" if unit in _CLOCK_UNITS else ""
    return f"{sign}P{clock}{count.upper()}{_UNITS.get(unit, unit[0].upper())}"


def _dates(text: Text, has_number: bool) -> Iterator[Hit]:
    words = text.masked
    if has_number and has(_DATED, words):
        for span in filter(stands_alone, spans(_DATE, words)):
            is_vague = has("^May [0-9]|^[0-9]+ (?:Mar|May|Jan|Dec|Sep)$", span.found)
            if (
                not has("[0-9][./:-]$|[./-]$", span.before)
                and not has(_NOT_A_DATE, span.after)
                and (not is_vague or has(_YEAR, span.found))
            ):
                yield hit(span, "date", "date", 0.97, _day(span.found.lower()))
        for span in filter(stands_alone, spans(_YEARS, words)):
            is_told = has("s$|^[eml]", span.found)
            is_part = has("[0-9A-Za-z][./:_-]$|[$€£#@+*=<>./-]$|[0-9] $", span.before)
            year = extract("([0-9]{4})", span.found) or ""
            if (
                (is_told or (not is_part and has(_BEFORE_YEAR, span.before)))
                and not has(_NOT_A_YEAR, span.after)
                and "1900" <= year <= "2039"
            ):
                yield hit(span, "date", "year", 0.92)
    if not _any(_MONTHS, words):
        return
    for span in filter(stands_alone, spans(_MONTH_ALONE, words)):
        if has(_BEFORE_MONTH, span.before) and not has(
            r"^,? ?[0-9]|^(?:['’]s)? \p{Lu}", span.after
        ):
            yield hit(span, "date", "month", 0.9, f"--{_month(span.found.lower())}")


def _month(words: str) -> str | None:
    name = extract(f"({'|'.join(_MONTH_NUMBERS)})", words)
    return _MONTH_NUMBERS[name] if name else None


def _day(words: str) -> str:
    """Return as much of an ISO date as `words` say."""
    month = _month(words)
    if has("^[0-9-]+$", words) or not month:
        return words
    year = extract(rf"\b({_YEAR})\b", words) or "-"
    day = extract("([0-3]?[0-9])", without(_YEAR, words))
    return f"{year}-{month}" + (f"-{day.zfill(2)}" if day else "")


def _amounts(text: Text, has_number: bool) -> Iterator[Hit]:
    words, folded = text.masked, text.folded
    if _any(("%", "percent", "per cent"), folded):
        for span in spans(_PERCENTAGE, words):
            is_part = has(rf"[{WORD}.,]$", span.before) or has(rf"^[{WORD}%]", span.after)
            if not is_part:
                number = extract(r"([0-9][0-9.,\s–—-]*[0-9]|[0-9])", span.found)
                yield hit(span, "percentage", "percentage", 0.98, number)
    if (has_number or "illion" in folded) and has(_PRICED, folded):
        for span in spans(_MONEY, words):
            if not has(rf"[{WORD}$.,]$", span.before) and not has(rf"^[{WORD}$]", span.after):
                yield hit(span, "money", "money", 0.95)
