"""Ages in German, Spanish and French."""

import polars as pl

from threadmill.mentions.rules.kin import KIN
from threadmill.mentions.text.spans import NO_SPANS, find_spans, is_whole_word, keep_likely

_FOREIGN_YEARS = (
    r"(?:Jahr(?:en?|es)?|Monat(?:en?)?|Wochen?|Tagen|años?|añitos?|mes(?:es|ecitos)?|semanas?|días|ans"
    r"|mois)"
)
_FOREIGN_COUNT = (
    r"(?:[1-9][0-9]?(?:[.,]5|½| 1/2| y medio)?(?: ?(?:-|–|bis|oder|a|o|y) ?[1-9][0-9]?)?|ein(?:em|er"
    r"|en)?|zwei|drei|vier"
    r"|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|anderthalb|eineinhalb|zweieinhalb|una?|dos|tres"
    r"|cuatro|cinco|seis|siete"
    r"|ocho|nueve|diez|once|doce|deux|trois|quatre|cinq|sept|huit|neuf|dix|onze|douze|quinze)"
)
_ABOUT = (
    "(?:ca\\. |etwa |knapp |fast |gut |schon |erst |jetzt |gerade |bald |heute |ya |casi |unos |sus "
    "|apenas |solo |sólo )?"
)
_COUNTED = rf"(?i){_FOREIGN_COUNT} {_FOREIGN_YEARS}(?: und {_FOREIGN_COUNT} {_FOREIGN_YEARS})?(?: alt| de edad)?"
_ADJECTIVE = rf"(?i){_FOREIGN_COUNT}[- ]?(?:jährige?[nrms]?|monatige?[nrms]?)"
_COUNTED_BEFORE = (
    rf"(?i)(?:\b(?:mit|ab|unter|im Alter von) {_ABOUT}"
    rf"|\b(?:ten(?:go|ía|emos)|tien(?:e|es|en)|cumpl\w+|con|a los|desde los|hasta los|a partir de los|por los"
    rf"|entre los"
    rf"|(?:menor|mayor)(?:es)? de|{KIN}|(?:{KIN}) (?:\p{{L}}+ )?de|de (?:unos|casi|apenas)) {_ABOUT}(?:de )?"
    rf"|\b(?:(?:il|elle|on|qui|{KIN}) (?:a|aura|avait|ont)|j['’](?:ai|avais)|à|l['’]âge de|âgée?s? de) (?:presque"
    rf" |environ "
    r"|déjà |à peine )?)$"
)
_NOT_COUNTED_BEFORE = (
    r"(?i)\b(?:in unter|seit|vor|nach|alle|hace|durante|dentro de|cada|contrato de|plazo de"
    r"|garantía de) $"
)
_NOT_AGED_AFTER = (
    r"(?i)^ (?:später|lang|her|zuvor|vorher|Garantie|Erfahrung|Verspätung|Abstand|Haft|Bewährung"
    r"|Laufzeit|de (?:experiencia"
    r"|garantía|cárcel|prisión|antigüedad|casad\w+|matrimonio|vida|retraso)|trabajando|viviendo|usando|haciendo"
    r"|después"
    r"|más tarde|antes|intentando|esperando|sin)\b"
)
_BARE = r"(?:[1-9][0-9]?|anderthalb)"
_BARE_BEFORE = (
    rf"(?i)(?:\b(?:ich bin|bin|er ist|sie ist|er wird|sie wird|(?:{KIN}) (?:ist|wird|wurde)|wird"
    rf"|cumpl\w+(?: los)?|tengo|tiene) {_ABOUT}"
    rf"|\b(?:{KIN})\b[^.!?\n]{{0,60}}\b(?:mit|(?:el|la|los|las|un[oa]|otr[oa]) de|a los) |\b(?:mit|a los) "
    r"|\b(?:debut|diagnostic|empez|muri|falleci|nac|camin|operar)\p{L}+ (?:\p{L}+ )?(?:con|a los) )$"
)
FOREIGN_UNITS_FOLLOW = (
    r"(?i)^(?:[0-9%°º€$]|[.,:/-][0-9]|\s?(?:%|\p{L}*prozent|por ciento|euros?|kg|g|ml|l|cm|m|km|h|uhr|grad|mal"
    r"|veces)\b"
    r"|[.] ?(?:jan|feb|mär|apr|mai|jun|jul|aug|sep|okt|nov|dez))"
)
_FOREIGN_ENDS = (
    r"(?i)^(?:\s*$|\s?[.;:!?)…\"”—–-]|,|\s+(?:und|oder|y|e|o|pero|aber|als|cuando|que|ya|jetzt"
    r"|geworden|en|este|dieses|hat"
    r"|habe|war|ist|no|se|me|le|lo|el|la|gleich|schon|das|die|den)\b|\n)"
)


def find_foreign_ages(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the spans of ages in `rows`, which have units of those languages or their verbs of age."""
    if rows.is_empty():
        return NO_SPANS
    before, after, found = pl.col("before"), pl.col("after"), pl.col("found")
    is_stated = found.str.contains(r"(?i) (?:alt|de edad)$")
    counted = find_spans(
        rows,
        _COUNTED,
        is_whole_word(),
        is_stated | before.str.contains(_COUNTED_BEFORE),
        is_stated | ~before.str.contains(_NOT_COUNTED_BEFORE),
        ~after.str.contains(_NOT_AGED_AFTER),
        is_stated
        | ~found.str.contains("(?i)(?:tagen|días|semanas?)$")
        | before.str.contains(rf"(?i)\b(?:{KIN})\b"),
    )
    adjective = find_spans(keep_likely(rows, "jährig|monatig"), _ADJECTIVE, is_whole_word())
    is_with = before.str.contains(r"(?i)\bmit $")
    bare = find_spans(
        keep_likely(rows, "[1-9]|anderthalb"),
        _BARE,
        is_whole_word(),
        before.str.contains(_BARE_BEFORE),
        after.str.contains(_FOREIGN_ENDS),
        ~after.str.contains(FOREIGN_UNITS_FOLLOW),
        ~before.str.contains(r"(?i)(?:wird|mit|de|a los) \S*$")
        | before.str.contains(rf"(?i)\b(?:{KIN})\b")
        | before.str.contains(r"(?i)\p{Lu}\p{L}+ (?:hatte|war|ist|wird)\b")
        | before.str.contains(r"(?i)(?:muri|falleci|debut|diagnostic)\p{L}+ (?:\p{L}+ )?a los $"),
        ~before.str.contains(r"(?i)\ba los $") | (found.str.len_chars() == 2),
        ~is_with | found.str.contains("anderthalb") | before.str.contains(rf"(?i)\b(?:{KIN})\b"),
    )
    return pl.concat([counted, adjective, bare])
