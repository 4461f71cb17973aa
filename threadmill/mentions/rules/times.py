"""Durations and points in time relative to another, with ISO 8601 ids, in four languages."""

import polars as pl

from threadmill.mentions.rules.units import (
    COUNT,
    FOREIGN_NUMBERS,
    FOREIGN_UNITS,
    NUMBERS,
)
from threadmill.mentions.text.spans import (
    NO_HITS,
    concat_hits,
    find_spans,
    is_whole_word,
    keep_likely,
    make_hits,
)

_FIGURES = r"[0-9]{1,4}(?:[.,][0-9]+)?\+?(?: 1/2|½)?(?:(?:\s?[-–—]\s?| to | or )[0-9]{1,4}(?:[.,][0-9]+)?\+?)?"
_VAGUE = (
    r"(?:about |around |roughly |approximately |nearly |almost |over |under |some |c\.\s?|circa |another |last "
    r"|past |~\s?)?"
)
_WHOLE = "full|whole|entire|straight|solid|long|more|additional|extra|further|consecutive|business|working|good"
_FULL = rf"(?:(?:{_WHOLE})[ -])?"
"""Between a number and a unit."""
_HALF = "(?:and[ -]a[ -]half[ -])?"
_AGO = (
    rf"(?i){_VAGUE}(?:{_FIGURES}|a few|a couple(?: of)?|couple(?: of)?|{COUNT}|several|many|few|a|an)"
    rf"[\s-]{_HALF}{_FULL}"
    r"(?:years?|yrs?|months?|weeks?|days?|decades?|hours?|hrs?|minutes?|mins?)\s(?:ago|earlier|later|previously"
    r"|before|back|from now)"
)
_DURATION = (
    rf"(?i){_VAGUE}(?:{_FIGURES}[\s-]?{_HALF}{_FULL}(?:years?|yrs?|months?|(?-i:mos?)|weeks?|wks?|days?|hours?"
    rf"|hrs?|minutes?|mins?|seconds?"
    rf"|secs?|decades?|milliseconds?|(?-i:ms|msecs?|h|s))(?:(?: and|,)? [0-9]{{1,2}} ?(?:months?|weeks?"
    rf"|days?|hours?|hrs?|minutes?"
    rf"|mins?|seconds?|secs?))?|[0-9]{{1,3}} ?h(?:rs?)? ?[0-9]{{1,2}} ?m(?:ins?)?(?: ?[0-9]{{1,2}} ?s)?"
    rf"|[0-9]{{1,3}} ?m(?:in)? ?[0-9]{{1,2}} ?s(?:ecs?)?"
    rf"|an? (?:day|week|month|year|hour|minute|second) or (?:two|three|so)"
    rf"|an? (?:whole|full|entire|solid) (?:year|month|week|decade|day|night|hour|minute)"
    rf"|(?:(?:{COUNT}|several|a few)[\s-]{_HALF}{_FULL}|a[\s-]{_HALF}|(?:a )?couple (?:of )?{_FULL})"
    rf"(?:years?|months?|weeks?|decades?)(?:,? and {COUNT} (?:months?|weeks?|days?))?|a fortnight|a century"
    rf"|{COUNT}(?: to | or |-){COUNT}[\s-](?:years?|months?|weeks?|days|hours|minutes|seconds|decades)"
    rf"|(?:{COUNT}|several|a few|a couple(?: of)?)[\s-]{_HALF}{_FULL}(?:days?|nights?|hours?|minutes?|seconds)"
    r"|(?:half )?an hour|half a (?:second|minute|day|year|century|decade))"
)
_UNIT = "(?:year|yr|month|week|wk|day|night|decade|hour|hr|min|sec|millisec)"
_NUMBERED = rf"[0-9+½][ -]?(?:(?:{_WHOLE}|and a half)[ -])?(?:{_UNIT}|mos?(?-u:\b)|ms|[hs](?-u:\b)|m ?[0-9])"
_SPELT = (
    r"(?:(?-u:\b)an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|teen"
    rf"|ty|several|many|few|half|couple(?: of)?)[\s-]{_FULL}{_UNIT}|a fortnight|a century"
)
"""Every duration and every relative date matches one of the two, in folded text."""
_REACHED = rf"{_UNIT}[a-z]{{0,4}}\s(?:ago|earlier|later|before|previously|back|from now)"
"""How a relative date ends."""
_DECADE_BEFORE = r"(?i)(?:\b(?:the|my|his|her|their|your|our|early|mid|late)[ -]|[\p{L}$€£/'’-])$"
_EVERY = r"(?i)\b(?:every|each|per|alle|jede[rns]?|cada|pro|tou(?:te)?s les) (?:other )?$"
"""Before a number and a unit that say how often."""
_FOREIGN_COUNT = "|".join(sorted(FOREIGN_NUMBERS, key=len, reverse=True))
_FOREIGN_UNIT = "|".join(FOREIGN_UNITS.values())
_FOREIGN_VAGUE = (
    r"(?:etwa |ungefähr |ca\. ?|circa |fast |rund |knapp |gut |mindestens |unos |unas |casi "
    r"|aproximadamente |más de |menos de"
    r" |alrededor de |otros |otras |environ |presque |~ ?)?"
)
_FOREIGN_FIGURES = (
    r"[0-9]{1,4}(?:[.,][0-9]+)?(?: 1/2|½)?(?:(?: ?[-–] ?| bis | oder | a | o | u | à | ou | y "
    r"| und )[0-9]{1,4}(?:[.,][0-9]+)?)?"
)
_FOREIGN_DURATION = (
    rf"(?i){_FOREIGN_VAGUE}(?:{_FOREIGN_FIGURES} ?|(?:(?:{_FOREIGN_COUNT})(?:(?: bis | oder | a | o "
    rf"| à | ou )(?:{_FOREIGN_COUNT}))?"
    rf"(?: halbe[ns]?)? ))(?:{_FOREIGN_UNIT})(?: lang| y media?| y pico)?"
)
_ONE_DAY = (
    r"(?i)^(?:(?:eines?|einen|un|una) (?:tag\w*|nacht|abend\w*|día|noche|jour|nuit)|eines \w+|(?:ein"
    r"|un|une|una) (?:ans?|min\.?|std\.?))$"
)
"""`One day` is no length of time."""
_FOREIGN_RELATIVE = (
    rf"(?i)(?:(?:vor|hace|il y a) {_FOREIGN_VAGUE}(?:{_FOREIGN_FIGURES} ?"
    rf"|(?:{_FOREIGN_COUNT})(?: halbe[ns]?)? )(?:{_FOREIGN_UNIT})"
    rf"|{_FOREIGN_VAGUE}(?:{_FOREIGN_FIGURES} ?|(?:{_FOREIGN_COUNT}) )(?:{_FOREIGN_UNIT}) (?:her|später"
    rf"|zuvor|vorher|danach|después|más tarde|antes"
    rf"|atrás|plus tard|avant)|(?:dentro de|in|en) (?:einem|einer|un|una) (?:monat|woche|jahr|mes|semana|año)"
    r"|(?:letzte|nächste|vorige|kommende|vergangene)[nrsm]? (?:jahr(?:e|es)?|monats?|woche|wochenende"
    r"|sommer|winter|herbst|frühling|frühjahr"
    r"|januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember)"
    r"|(?:el|la) (?:próxim[oa] )?(?:año|mes|semana|verano|invierno|otoño|primavera)(?: pasad[oa]| que viene)"
    r"|(?:el|la) (?:próxim[oa]|pasad[oa]) (?:año|mes|semana|verano|invierno|otoño|primavera)"
    r"|(?:l['’]année|l['’]an|le mois|la semaine) (?:dernière?|prochaine?))"
)


def find_times(timed: pl.DataFrame, numbered: pl.DataFrame, foreign: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of durations and relative dates.

    `timed` are the rows with one of `UNITS`, `foreign` those with units of other languages.
    """
    return concat_hits(
        [
            _find_durations(timed, numbered),
            _find_foreign_durations(foreign),
        ]
    )


def _format_duration(found: pl.Expr, sign: str) -> pl.Expr:
    """Return a duration as ISO 8601 (`P3M`, `-P2.5Y`), ranges as `P5-7Y`, vague ones with X for the number.

    Milliseconds become seconds; of several units the first counts.
    """
    # Of `3 straight weeks` the s is no second.
    words = found.str.to_lowercase().str.replace_all(rf"\b(?:{_WHOLE})[ -]", "")
    words = words.str.replace(r"([0-9]),([0-9]{3})\b", "${1}${2}")
    words = words.str.replace_all(r"([0-9]),([0-9])", "$1.$2")
    figures = words.str.extract(r"([0-9.]+\+?(?:\s?(?:[-–—]|to|or)\s?[0-9.]+\+?)?)", 1)
    figures = figures.str.replace(r"\s?(?:[-–—]|to|or)\s?", "-")
    word = words.str.extract(r"\b(" + "|".join(sorted(set(NUMBERS) - {"a", "an"})) + r")\b", 1)
    is_half = words.str.contains(r"\bhalf an? ")
    count = pl.coalesce(
        figures, word.replace(NUMBERS), pl.when(is_half).then(pl.lit("0.5")), pl.lit("1")
    ).str.to_uppercase()
    unit = words.str.extract(
        r"(?:\b|[0-9+])(year|yr|month|mos?\b|week|wk|day|night|decade|hour|hr|millisec|ms|min|sec|h|m|s)",
        1,
    )
    is_milli = unit.is_in(["millisec", "ms"])
    # Only a single number can be divided; a range stays in milliseconds.
    seconds = (count.cast(pl.Float64, strict=False) / 1000).round(9).cast(pl.String)
    count = pl.when(is_milli).then(seconds.str.replace(r"\.0$", "")).otherwise(count)
    letter = unit.replace(
        {
            "year": "Y",
            "yr": "Y",
            "month": "M",
            "mo": "M",
            "mos": "M",
            "week": "W",
            "wk": "W",
            "day": "D",
            "night": "D",
            "decade": "0Y",
            "hour": "H",
            "hr": "H",
            "h": "H",
            "min": "M",
            "m": "M",
            "sec": "S",
            "s": "S",
            "millisec": "S",
            "ms": "S",
        }
    )
    clocks = ["hour", "hr", "h", "min", "m", "sec", "s", "millisec", "ms"]
    clock = pl.when(unit.is_in(clocks)).then(pl.lit("T")).otherwise(pl.lit(""))
    iso = pl.concat_str(pl.lit(sign + "P"), clock, count, letter)
    return iso.fill_null(found.str.to_lowercase())


def _format_foreign(found: pl.Expr, sign: str) -> pl.Expr:
    """Return a German, Spanish or French duration as ISO 8601."""
    words = found.str.to_lowercase().str.replace_all(r"([0-9]),([0-9])", "$1.$2")
    figures = words.str.extract(
        r"([0-9.]+(?: ?(?:[-–]|bis|oder|a|o|u|à|ou|y|und) ?[0-9.]+)?)", 1
    ).str.replace(r" ?(?:[-–]|bis|oder|a|o|u|à|ou|y|und) ?", "-")
    word = words.str.extract(rf"(?:^|[^\p{{L}}])({_FOREIGN_COUNT})(?:[^\p{{L}}]|$)", 1)
    count = pl.coalesce(figures.str.strip_chars("."), word.replace(FOREIGN_NUMBERS), pl.lit("1"))
    unit = pl.coalesce(
        pl.when(words.str.contains(rf"(?:^|[0-9 ])(?:{pattern})(?:[^\p{{L}}]|$)")).then(
            pl.lit(letter)
        )
        for letter, pattern in FOREIGN_UNITS.items()
    )
    clock = pl.when(unit.str.len_chars() == 2).then(pl.lit("T")).otherwise(pl.lit(""))
    iso = pl.concat_str(pl.lit(sign + "P"), clock, count.str.to_uppercase(), unit.str.slice(-1))
    return iso.fill_null(found.str.to_lowercase())


def _find_durations(timed: pl.DataFrame, numbered: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of durations and of points in time relative to another."""
    counted = pl.concat([keep_likely(numbered, _NUMBERED), keep_likely(timed, _SPELT)])
    counted = counted.unique("row").sort("row")
    before, after, found = pl.col("before"), pl.col("after"), pl.col("found")
    length = find_spans(
        counted,
        _DURATION,
        is_whole_word(),
        ~before.str.contains(r"[0-9][.,:/]$|[$€£#.-]$"),
        ~after.str.contains(r"(?i)^[- ](?:old|of age)\b|^['’][a-z]?|^[-][a-z]"),
        ~(
            found.str.contains(r"(?i)^(?:an?|one) ")
            & before.str.contains(
                r"(?i)(?:times?|once|twice|days?|hours?|[0-9]k?|more|every|each|one|pounds|dollars|grand|half|just"
                r"|such|what|quite|rather|not) $"
            )
        ),
        ~found.str.contains(
            r"(?i)^(?:last|past|a) days?$|\b(?:one|an?) (?:more )?(?:day|night|minute|hour)$"
        )
        | found.str.contains(r"(?i)^(?:an? (?:whole|full|entire|solid)|half an|.*\ban) "),
        ~before.str.contains(_EVERY),
        ~(found.str.contains(r"^[0-9]*0s$") & before.str.contains(_DECADE_BEFORE)),
        ~found.str.contains(r"^(?:0+|[0-9]+00|[0-9]{2,}0)s$"),
        ~(
            found.str.contains(r"^[0-9]+ ?[hs]$")
            & (
                before.str.contains(r"(?i)(?:iphone|galaxy|nexus|model|page|class|v|no\.?)\s?$")
                | after.str.contains(r"^[/:=]")
            )
        ),
        ~(found.str.contains(r"ms$") & after.str.contains(r"^ (?i:patients|people|sufferers)")),
    )
    ago = find_spans(
        keep_likely(counted, _REACHED),
        _AGO,
        is_whole_word(),
        ~found.str.contains(r"(?i)before$|back$")
        | after.str.contains(r"(?i)^\s*(?:$|[.,;:!?)]|(?:and|but|i|that|we|he|she|when)\b)"),
        ~found.str.contains(r"(?i)one day (?:later|earlier)$"),
    )
    ahead = found.str.contains(r"(?i)(?:later|from now)$")
    sign = pl.when(ahead).then(_format_duration(found, "")).otherwise(_format_duration(found, "-"))
    last = find_spans(
        keep_likely(
            timed, "(?:last|next|this) (?:year|month|week)|day (?:before yest|after tomorr)"
        ),
        r"(?i)(?:last|next) (?:year|month|week(?:end)?)|this weekend|(?:the )?(?:day before yesterday|day after"
        r" tomorrow)",
        is_whole_word(),
    )
    return concat_hits(
        [
            make_hits(
                length,
                "duration",
                rule="duration",
                confidence=0.95,
                id=_format_duration(found, ""),
            ),
            make_hits(ago, "date", rule="relative_date", confidence=0.96, id=sign),
            make_hits(last, "date", rule="relative_date", confidence=0.9),
        ]
    )


def _find_foreign_durations(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of durations and relative dates in German, Spanish and French."""
    if rows.is_empty():
        return NO_HITS
    before, after, found = pl.col("before"), pl.col("after"), pl.col("found")
    relative = find_spans(rows, _FOREIGN_RELATIVE, is_whole_word())
    behind = found.str.contains(
        r"(?i)^(?:vor|hace|il y a) |(?:her|zuvor|vorher|antes|atrás|avant)$"
    )
    is_counted = found.str.contains(rf"(?i)[0-9]|\b(?:{_FOREIGN_COUNT})\b")
    sign = (
        pl.when(~is_counted)
        .then(found.str.to_lowercase())
        .when(behind)
        .then(_format_foreign(found, "-"))
        .otherwise(_format_foreign(found, ""))
    )
    is_one = found.str.contains(r"(?i)^(?:eine?[mnr]?|un|una|une) ")
    length = find_spans(
        rows,
        _FOREIGN_DURATION,
        is_whole_word(),
        ~before.str.contains(r"[0-9][.,:/]$|[$€£#.-]$"),
        ~before.str.contains(_EVERY),
        ~before.str.contains(r"(?i)\b(?:el|los|del|al) $")
        | ~found.str.contains(r"(?i)^[0-9]+ (?:mes|día)"),
        ~found.str.contains(_ONE_DAY),
        ~(
            is_one
            & before.str.contains(
                r"(?i)(?:mal|veces|vez|fois|€|euros?|[0-9]|so|noch|was für|por|cada) $"
            )
        ),
        ~after.str.contains(r"(?i)^ (?:alt|de edad)\b|^-"),
    )
    return concat_hits(
        [
            make_hits(
                length,
                "duration",
                rule="duration_foreign",
                confidence=0.9,
                id=_format_foreign(found, ""),
            ),
            make_hits(relative, "date", rule="relative_date_foreign", confidence=0.9, id=sign),
        ]
    )
