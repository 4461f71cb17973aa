"""Ages, durations and dates in German, Spanish and French."""

from collections.abc import Iterator

from reference.mentions import expressions as written
from reference.mentions.hits import Hit, Text, hit
from reference.patterns import alone, compiled, extract

_NUMBERS = {
    **dict.fromkeys(["ein", "eine", "einem", "einen", "einer", "eines", "un", "una", "une"], "1"),
    "zwei": "2",
    "drei": "3",
    "vier": "4",
    "fünf": "5",
    "sechs": "6",
    "sieben": "7",
    "acht": "8",
    "neun": "9",
    "zehn": "10",
    "elf": "11",
    "zwölf": "12",
    "fünfzehn": "15",
    "zwanzig": "20",
    "dreißig": "30",
    "vierzig": "40",
    "fünfzig": "50",
    "sechzig": "60",
    "anderthalb": "1.5",
    "eineinhalb": "1.5",
    "zweieinhalb": "2.5",
    **dict.fromkeys(["halbe", "halben", "halbes", "media", "medio"], "0.5"),
    "dos": "2",
    "tres": "3",
    "cuatro": "4",
    "cinco": "5",
    "seis": "6",
    "siete": "7",
    "ocho": "8",
    "nueve": "9",
    "diez": "10",
    "once": "11",
    "doce": "12",
    "quince": "15",
    "veinte": "20",
    "treinta": "30",
    "cuarenta": "40",
    "cincuenta": "50",
    "sesenta": "60",
    "un par de": "2",
    "deux": "2",
    "trois": "3",
    "quatre": "4",
    "cinq": "5",
    "sept": "7",
    "huit": "8",
    "neuf": "9",
    "dix": "10",
    "quinze": "15",
    "vingt": "20",
    "trente": "30",
    **dict.fromkeys(
        ["einige", "einigen", "mehrere", "mehreren", "varios", "varias", "algunos", "algunas"], "x"
    ),
    **dict.fromkeys(["pocos", "pocas", "quelques", "plusieurs"], "x"),
    **dict.fromkeys(("ein paar", "unos pocos", "unas pocas"), "x"),
}
_UNITS = {
    "Y": r"jahr(?:e[ns]?|s)?|años?|añitos?|années?|ans?",
    "M": r"monat(?:e[ns]?|s)?|mes(?:es|ecitos)?|mois",
    "W": r"wochen?|semanas?|semaines?",
    "D": r"tag(?:e[ns]?|s)?|nächten?|nacht|abend|abende|días?|noches?|jours?|nuits?",
    "TH": r"stunden?|std\.?|horas?|horitas?|heures?",
    "TM": r"minuten?|minut(?:os?|itos?)|minutes?|min\.?",
    "TS": r"sekunden?|sek\.?|segundos?|secondes?",
}
_UNIT_THERE = {
    letters: compiled(rf"(?:\A|[0-9 ])(?:{names})(?:[^\p{{L}}]|\Z)")
    for letters, names in _UNITS.items()
}
_MONTHS = [
    "januar|jänner|enero|janvier",
    "februar|feber|febrero|février",
    "märz|marzo|mars",
    "april|abril|avril",
    "mai|mayo",
    "juni|junio|juin",
    "juli|julio|juillet",
    "august|agosto|août",
    "september|septiembre|setiembre|septembre",
    "oktober|octubre|octobre",
    "november|noviembre|novembre",
    "dezember|diciembre|décembre",
]
_MONTH_THERE = [compiled(rf"\b(?:{names})\b") for names in _MONTHS]
_IS_FOREIGN, _SIGN = compiled(written.FOREIGN_WORDS), compiled(written.FOREIGN_SIGNS)
_KIN = compiled(rf"(?i)\b(?:{written.KIN})\b")
_AGE_FIGURES = compiled(r"([0-9]+(?:\s?[-–]\s?[0-9]+)?)")


def abroad(text: Text) -> Iterator[Hit]:
    """Yield the quantities of `text` in German, Spanish and French, if it has one of their words."""
    if _IS_FOREIGN.search(text.folded) and _SIGN.search(text.folded):
        yield from _ages(text)
        yield from _durations(text.masked)
        yield from _dates(text.masked)


_STATED = compiled(r"(?i) (?:alt|de edad)\Z")
_COUNTED, _COUNTED_BEFORE = compiled(written.COUNTED), compiled(written.COUNTED_BEFORE)
_NOT_COUNTED_BEFORE = compiled(written.NOT_COUNTED_BEFORE)
_NOT_AGED_AFTER = compiled(written.NOT_AGED_AFTER)
_OF_DAYS = compiled("(?i)(?:tagen|días|semanas?)\\Z")
_ADJECTIVE, _BARE, _BARE_BEFORE = (
    compiled(written.ADJECTIVE),
    compiled(written.BARE),
    compiled(written.BARE_BEFORE),
)
_ENDS, _UNITS_FOLLOW = compiled(written.FOREIGN_ENDS), compiled(written.FOREIGN_UNITS_FOLLOW)
_WEAK_VERB = compiled(r"(?i)(?:wird|mit|de|a los) \S*\Z")
_NAMED = compiled(r"(?i)\p{Lu}\p{L}+ (?:hatte|war|ist|wird)\b")
_A_LOS, _MIT = compiled(r"(?i)\ba los \Z"), compiled(r"(?i)\bmit \Z")


def _ages(text: Text) -> Iterator[Hit]:
    masked = text.masked
    found = []
    for span in alone(_COUNTED, masked):
        is_stated = _STATED.search(span.found)
        is_age = is_stated or (
            _COUNTED_BEFORE.search(span.before)
            and not _NOT_COUNTED_BEFORE.search(span.before)
            and (not _OF_DAYS.search(span.found) or _KIN.search(span.before))
        )
        if is_age and not _NOT_AGED_AFTER.search(span.after):
            found.append(span)
    found += alone(_ADJECTIVE, masked)
    for span in alone(_BARE, masked):
        is_person = _KIN.search(span.before)
        if (
            _BARE_BEFORE.search(span.before)
            and _ENDS.search(span.after)
            and not _UNITS_FOLLOW.search(span.after)
            and (not _WEAK_VERB.search(span.before) or is_person or _NAMED.search(span.before))
            and (not _A_LOS.search(span.before) or len(span.found) == 2)
            and (not _MIT.search(span.before) or "anderthalb" in span.found or is_person)
        ):
            found.append(span)
    for span in found:
        yield hit(span, "age", "age_foreign", 0.96, extract(_AGE_FIGURES, span.found))


_DURATION, _RELATIVE = compiled(written.FOREIGN_DURATION), compiled(written.FOREIGN_RELATIVE)
_BEHIND = compiled(r"(?i)\A(?:vor|hace|il y a) |(?:her|zuvor|vorher|antes|atrás|avant)\Z")
_IS_COUNTED = compiled(rf"(?i)[0-9]|\b(?:{written.FOREIGN_COUNT})\b")
_IN_NUMBER = compiled(r"(?:[0-9][.,:/]|[$€£#.-])\Z")
_EVERY, _ONE_DAY = compiled(written.EVERY), compiled(written.ONE_DAY)
_ARTICLE, _OF_MONTH = compiled(r"(?i)\b(?:el|los|del|al) \Z"), compiled(r"(?i)\A[0-9]+ (?:mes|día)")
_ONE = compiled(r"(?i)\A(?:eine?[mnr]?|un|una|une) ")
_TIMES = compiled(r"(?i)(?:mal|veces|vez|fois|€|euros?|[0-9]|so|noch|was für|por|cada) \Z")
_IS_AGE = compiled(r"(?i)\A(?: (?:alt|de edad)\b|-)")


def _durations(masked: str) -> Iterator[Hit]:
    for span in alone(_DURATION, masked):
        if not (
            _IN_NUMBER.search(span.before)
            or _EVERY.search(span.before)
            or (_ARTICLE.search(span.before) and _OF_MONTH.search(span.found))
            or _ONE_DAY.search(span.found)
            or (_ONE.search(span.found) and _TIMES.search(span.before))
            or _IS_AGE.search(span.after)
        ):
            yield hit(span, "duration", "duration_foreign", 0.9, _iso(span.found, ""))
    for span in alone(_RELATIVE, masked):
        sign = "-" if _BEHIND.search(span.found) else ""
        is_counted = _IS_COUNTED.search(span.found)
        number = _iso(span.found, sign) if is_counted else span.found.lower()
        yield hit(span, "date", "relative_date_foreign", 0.9, number)


_COMMA = compiled("([0-9]),([0-9])")
_FIGURES = compiled(r"([0-9.]+(?: ?(?:[-–]|bis|oder|a|o|u|à|ou|y|und) ?[0-9.]+)?)")
_TO = compiled(r" ?(?:[-–]|bis|oder|a|o|u|à|ou|y|und) ?")
_IN_WORDS = compiled(rf"(?:\A|[^\p{{L}}])({written.FOREIGN_COUNT})(?:[^\p{{L}}]|\Z)")


def _iso(found: str, sign: str) -> str:
    """Return a duration as ISO 8601, or its words without a unit."""
    words = _COMMA.sub(r"\1.\2", found.lower())
    if figures := extract(_FIGURES, words):
        count = _TO.sub("-", figures, count=1).strip(".")
    else:
        word = extract(_IN_WORDS, words)
        count = _NUMBERS[word] if word else "1"
    unit = next((one for one, there in _UNIT_THERE.items() if there.search(words)), None)
    if unit is None:
        return found.lower()
    return f"{sign}P{'T' if len(unit) == 2 else ''}{count.upper()}{unit[-1]}"


_DATE, _MONTH = compiled(written.FOREIGN_DATE), compiled(written.FOREIGN_MONTH)
_BEFORE_MONTH, _BEFORE_YEAR = (
    compiled(written.BEFORE_FOREIGN_MONTH),
    compiled(written.BEFORE_FOREIGN_YEAR),
)
_DAY_BEFORE = compiled(r"(?i)[0-9]\.? ?(?:de )?\Z")
_YEAR_AFTER = compiled(r"(?i)\A(?: (?:de(?:l)? )?(?:19|20)[0-9]{2}\b|-)")
_YEAR = compiled("(?:19|20)[0-9]{2}")
_NO_YEAR_AFTER = compiled(
    r"(?i)\A(?:[-:_x×%+*=°]\S|[.,/][0-9]|%|\s?(?:euros?|€|mg|ml|g|kg|km|m|stück|leute|personas|kalorien|calorías)\b)"
)
_YEAR_THERE = compiled("((?:19|20)[0-9]{2})")
_DAY_THERE = compiled(r"\A([0-3]?[0-9])[^0-9]")


def _dates(masked: str) -> Iterator[Hit]:
    for span in alone(_DATE, masked):
        lower = span.found.lower()
        year, day = extract(_YEAR_THERE, lower) or "-", extract(_DAY_THERE, lower)
        ending = f"-{day.zfill(2)}" if day else ""
        yield hit(span, "date", "date_foreign", 0.95, f"{year}-{_month(lower)}{ending}")
    for span in alone(_MONTH, masked):
        is_part = _DAY_BEFORE.search(span.before) or _YEAR_AFTER.search(span.after)
        if _BEFORE_MONTH.search(span.before) and not is_part:
            month = _month(span.found.lower())
            number = f"--{month}" if month else span.found.lower()
            yield hit(span, "date", "month_foreign", 0.85, number)
    for span in alone(_YEAR, masked):
        if _BEFORE_YEAR.search(span.before) and not _NO_YEAR_AFTER.search(span.after):
            yield hit(span, "date", "year_foreign", 0.85)


def _month(lower: str) -> str | None:
    return next(
        (f"{number:02d}" for number, one in enumerate(_MONTH_THERE, 1) if one.search(lower)), None
    )
