"""Quantities: ages, dates, durations, money and percentages, each with a comparable id where it has one."""

import polars as pl

from threadmill.mentions.rules.ages import find_ages
from threadmill.mentions.rules.dates import find_dates
from threadmill.mentions.rules.times import find_times
from threadmill.mentions.rules.units import ACCENTED, FOREIGN_SIGNS
from threadmill.mentions.text.signs import keep_signs
from threadmill.mentions.text.spans import (
    NO_HITS,
    WORD,
    concat_hits,
    find_spans,
    is_whole_word,
    keep_likely,
    make_hits,
)

_CURRENCIES = (
    "kroner", "kronor", "francs", "rupees", "yen", "yuan", "pesos", "rubles", "roubles", "rand", "zloty",
    "chf", "aud", "cad", "nzd", "sek", "nok", "dkk", "inr", "jpy", "cny",
)  # fmt: skip
_PRICED = (
    r"[$€£¥₹]|(?:eur|usd|gbp|chf|aud|cad|inr|rs\.?) ?[0-9]|(?:[0-9k]|illion|thousand|half|hundred"
    r"|pico) ?(?:us )?(?:dollar|euro|pounds|usd|eur|gbp|bucks|quid|cent|céntimo|pavos"
    rf"|grand|{'|'.join(_CURRENCIES)})"
)
"""Every sum of money with a currency contains one of these, in folded text."""
_SHORT_NUMBER = r"(?-u:\b)(?:[mf] ?)?[0-9]{1,4}(?:[^0-9]|$)"
"""Every age, date and duration in figures has a number of one to four; `m` and `f` are sexes."""
_LONG_NUMBER = r"(?-u:\b)[0-9]|(?:eur|usd|gbp|chf|aud|cad|inr|rs|us)[0-9]"
"""Every sum of money in figures has a number of its own, or one glued to the currency."""
_NUMBER = r"[0-9]+(?:[.,][0-9]+)*"
_SUM = (
    rf"(?i)(?:US|A|C)?[$€£¥₹]\s?{_NUMBER}(?:\s?[-–]\s?[$€£]?{_NUMBER})?(?:\s?(?:million"
    r"|billion|trillion|thousand|bn|[kmb])(?-u:\b))?"
    rf"|(?:EUR|USD|GBP|CHF|AUD|CAD|INR|Rs\.?) ?{_NUMBER}|(?:{_NUMBER}(?:\s?(?:million|billion|trillion"
    rf"|thousand|k))?(?:\s?(?:[-–]|to|bis|a)\s?{_NUMBER}| y pico)?|(?:a|one|half a) (?:million"
    r"|billion))\s?(?:US dollars?|dollars?|euros?|pounds sterling|USD|EUR|GBP|bucks|quid|grand|pavos"
    r"|cents?|céntimos?|€|£"
    rf"|{'|'.join(_CURRENCIES)})"
)
_SPELT_SUM = (
    r"(?i)(?:a|one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty|a few"
    r"|a couple(?: of)?|several|ein paar|zwei|drei"
    r"|fünf|zehn|zwanzig|dos|tres|cinco|diez|veinte) (?:hundred |thousand |million )?(?:grand|bucks"
    r"|quid|dollars?|euros?|cents)"
)
_RATE_AFTER = r"(?i)^(?:pcm|pw|pa|pm|ph|pp|usd|aud|cad|nzd|hr|yr|mo)\b"
"""Glued to a sum: `£900pcm`."""
_UNPRICED = (
    r"(?i)(?:[0-9]{1,3}(?:\.[0-9])?k?\s?[-–]\s?)?[0-9]{1,3}(?:\.[0-9])?k|[0-9]{1,3},[0-9]{3}"
)
_PAID = (
    r"(?i)\b(?:make|makes|making|made|earn|earns|earned|earning|paid|pays?|paying|costs?|worth|salary"
    r"|net(?:s|ted|ting)?|gross(?:es|ed|ing)?|income|owes?|owed|rent|mortgage|debt"
    r"|loans?|savings?|saved|spent|spend|spending|deposit|budget|prices?|priced|sold|bought|bonus|fine"
    r"|fined|invest(?:ed|ing)?|raise|wage|fee"
    r"|bill|payments?|equity|offer(?:ed)?|inherit\w*|verdict|award(?:ed)?|damages|settle(?:d|ment)?)\b[^.!?\n]{0,40}$"
)
_PAID_AFTER = (
    r"(?i)^\s?(?:/|an? |per )(?:yr|year|mo|month|week|hour|hr)\b|^ (?:in (?:debt|savings|cash|fees"
    r"|damages|rent|student|credit)|salary|income|down ?payment|deposit|mortgage|loan|bonus)\b"
)
_COUNTED_AFTER = (
    r"(?i)^[ -](?:users?|people|lines?|miles?|steps|words|rows|comments|followers|times|views|stars"
    r"|likes|members|patients|samples|tokens"
    r"|employees|requests|pods|views|votes|karma|km|calories|kcal|feet|ft|square|sq|tons?|years|votes"
    r"|copies|units|residents|homes|jobs)\b"
)
_PLACEHOLDER = r"^\$[0-9]$"
_CODE_BESIDE = (
    r"(?i)[=<>{}\\|;]\s*['\"]?$|\(\s*$|\$[0-9]\b[^\p{L}]{0,6}$|\b(?:placeholder|param\w*|argument|arg"
    r"|args|group|capture|awk|echo|print|where|and|values|regexp?|replace\w*|variable|bind|column|field|table)s?"
    r" (?:is |as |in "
    r"|to |by |into |called |becomes )?['\"]?$"
)
_CODE_AFTER = r"^['\"]?\s*(?:[=<>{}\\|;]|,\s*\$[0-9])"


def _find_amounts(texts: pl.DataFrame, numbered: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of percentages and sums of money; the id is the number, with the currency."""
    before, after, found = pl.col("before"), pl.col("after"), pl.col("found")
    share = find_spans(
        keep_signs(texts, "shares"),
        rf"(?i){_NUMBER}(?:\s?(?:[-–—]|to|bis|a)\s?{_NUMBER})?\s?(?:%|percent|per cent|prozent|por ciento|pour cent)"
        r"|(?:ten|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|a hundred)(?:[ -](?:one|two|three|four"
        r"|five|six"
        r"|seven|eight|nine))? (?:percent|per cent)",
        ~before.str.contains(rf"[{WORD}.,]$"),
        ~after.str.contains(rf"^[{WORD}%]") | after.str.contains(r"^ige?[rnms]?\b"),
    )
    numbered = keep_likely(numbered, _LONG_NUMBER)
    priced = pl.concat([numbered, keep_signs(texts, "millions")]).unique("row").sort("row")
    money = find_spans(
        keep_likely(priced, _PRICED),
        _SUM,
        ~before.str.contains(rf"[{WORD}$.,]$"),
        ~after.str.contains(rf"^[{WORD}$]") | after.str.contains(_RATE_AFTER),
        ~(
            found.str.contains(_PLACEHOLDER)
            & (before.str.contains(_CODE_BESIDE) | after.str.contains(_CODE_AFTER))
        ),
    )
    spelt = find_spans(
        keep_signs(texts, "cents"),
        _SPELT_SUM,
        is_whole_word(),
        ~(
            found.str.ends_with("two cents")
            & before.str.contains(r"(?i)\b(?:my|his|her|your|our|their|own|\S+['’]s) $")
        ),
    )
    unpriced = find_spans(
        keep_likely(numbered, "[0-9](?:k(?-u:\\b)|,[0-9]{3})"),
        _UNPRICED,
        is_whole_word(),
        ~before.str.contains(r"[$€£¥₹0-9.,#/-]$"),
        before.str.contains(_PAID) | after.str.contains(_PAID_AFTER),
        ~after.str.contains(_COUNTED_AFTER),
        ~after.str.contains(
            r"(?i)^(?:[,./-][0-9]|%|\s?(?:%|percent|[$€£]|euro|dollar|usd|eur|pounds|quid|bucks))"
        ),
    )
    number = found.str.extract(r"([0-9][0-9.,\s–—-]*[0-9]|[0-9])", 1)
    words = found.str.to_lowercase()
    return concat_hits(
        [
            make_hits(
                share,
                "percentage",
                rule="percentage",
                confidence=0.98,
                id=number.fill_null(words),
            ),
            make_hits(money, "money", rule="money", confidence=0.95),
            make_hits(spelt, "money", rule="money_words", confidence=0.9),
            make_hits(unpriced, "money", rule="money_bare", confidence=0.8),
        ]
    )


def _keep_foreign(texts: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of `texts` that may have a unit, month or age in German, Spanish or French."""
    text = pl.col("folded")
    accented = keep_likely(texts.filter(text.str.len_bytes() != text.str.len_chars()), ACCENTED)
    rows = pl.concat([keep_signs(texts, "foreign"), accented]).unique("row").sort("row")
    return keep_likely(rows, FOREIGN_SIGNS)


def find_quantities(texts: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of every quantity."""
    if texts.is_empty():
        return NO_HITS
    numbered = keep_likely(texts, "[0-9]")
    short = keep_likely(numbered, _SHORT_NUMBER)
    timed = keep_signs(texts, "units")
    foreign_rows = _keep_foreign(texts)
    return concat_hits(
        [
            find_ages(texts, short, foreign_rows),
            find_times(timed, short, foreign_rows),
            find_dates(texts, timed, short, foreign_rows),
            _find_amounts(texts, numbered),
        ]
    )
