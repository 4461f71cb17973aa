"""First tests of all rules in one pass: which literals a text has.

A search for a few literals costs a call for each comment, however short. One automaton with the literals of all rules
takes as long as five such searches, and there were forty.
"""

import polars as pl

SIGNS = {
    "at": ("@",),
    "cents": (" grand", " bucks", " quid", " dollar", " euro", " cents"),
    "foreign": (
        " und ", " der ", " que ", " para ", " los ", " una ", " les ", " ich ", " ist ", " mit ", " el ", " con ",
        " jahre", " monate", " horas", " gracias", " le ", " est ", " dans ", " nous ", " depuis ", " minut",
    ),
    "hash": ("#",),
    "holidays": (
        " christmas", " xmas", " easter", " thanksgiving", " halloween", " new year", " hanukkah", " ramadan",
        " passover", " diwali",
    ),
    "isbns": ("isbn", "978", "979"),
    "kin": (
        "brother", " sister", "husband", " wife", "daughter", " son ", "friend", " cousin", " uncle", " aunt", "mother",
        "father", "partner", "neighbo", "named ", "called ", " herman", " hij", " amig", "nephew", " niece", " grand",
    ),
    "cases": (" v. ", " v ", " vs ", " vs. "),
    "acts": (" act",),
    "laws": ("§", " usc ", "u.s.c", "u. s. c"),
    "low_titles": (
        " doctor", " profesor", " don ", " doña ", " señor", " sr.", " sra.", " tía ", " tio ", " tío ", " tia ",
    ),
    "marks": ('"', "“", "„", "«", "「", "『"),
    "millions": ("illion",),
    "months": (
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ),
    "quoted_lines": (">",),
    "seasons": (" spring", " summer", " autumn", " fall", " winter"),
    "shares": ("%", "percent", "per cent", "prozent", "por ciento", "pour cent"),
    "small_numbers": (
        " two", " three", " ten", " twe", " thir", " four", " five", " fif", " six", " seve", " eigh", " nine",
        " eleven",
    ),
    "spelt_ages": (
        "year old", "years old", "year-old", "years-old", "month old", "months old", "month-old", "months-old", "teens",
        "ties",
    ),
    "studies": (
        "phase", "fig", "table", "abb.", "abbild", "tabel", "tabla", "patient", "participant", "subject", "case",
    ),
    "units": (
        "year", "month", "week", "decade", "hour", "day", "night", "minute", "min ", "mins ", "yr ", "yrs ", "hr ",
        "hrs ", "seconds", "half a sec", "century",
    ),
    "users": (" u/", "/u/", "(u/"),
    "years": (" 19", "(19", " 20", "(20"),
}  # fmt: skip
"""Name of a first test → literals in folded text, one of which every match of its rules has."""
_BITS = {name: 1 << bit for bit, name in enumerate(SIGNS)}
_LITERALS = pl.DataFrame(
    [(literal, bit) for name, bit in _BITS.items() for literal in SIGNS[name]],
    {"sign": pl.String, "signs": pl.UInt32},
    orient="row",
)
_MASKS = _LITERALS.group_by("sign", maintain_order=True).agg(pl.col("signs").bitwise_or())
_AUTOMATON_SIZE = 100
"""Up to so many literals the search has a table for each state, and is three times as fast."""
_SOUGHT = [part["sign"].to_list() for part in _MASKS.sort("sign").iter_slices(_AUTOMATON_SIZE)]


def add_signs(texts: pl.DataFrame) -> pl.DataFrame:
    """Return `texts` (row, folded) with `signs`: a bit for each of `SIGNS` that a text has."""
    text = pl.col("folded")
    found = (
        pl.concat(
            [
                texts.select("row", sign=text.str.extract_many(sought, overlapping=True)).explode(
                    "sign", empty_as_null=False
                )
                for sought in _SOUGHT
            ]
        )
        .join(_MASKS, on="sign")
        .group_by("row")
        .agg(pl.col("signs").bitwise_or())
    )
    return texts.join(found, on="row", how="left", maintain_order="left").with_columns(
        pl.col("signs").fill_null(0)
    )


def keep_signs(texts: pl.DataFrame, *names: str) -> pl.DataFrame:
    """Return the rows of `texts` that have a literal of one of `names`."""
    bits = sum(_BITS[name] for name in names)
    return texts.filter(pl.col("signs").and_(pl.lit(bits, pl.UInt32)) != 0)
