"""People who aren't authors of the thread, by title or initials."""

import polars as pl

from threadmill.mentions.rules.naming import TITLE
from threadmill.mentions.text.spans import (
    NO_HITS,
    concat_hits,
    find_spans,
    is_whole_word,
    keep_likely,
    make_hits,
)

NAME_PART = r"\p{Lu}[\p{L}'’-]*\p{Ll}[\p{L}]*"
RANK = (
    rf"(?:{TITLE}|Lord|Lady|Baroness|President|Senator|Judge|(?:Chief )?Justice|Governor|Mayor|Pope|King|Queen|Prince"
    r"|Princess|Aunt|Uncle|Tante|Onkel|Don|Doña|Señora?|Sra?\.|Srta\.|Madame|Monsieur)"
)
_TITLED = rf"{RANK}\.? (?:\p{{Lu}}\.? ?){{0,2}}{NAME_PART}(?: {NAME_PART}){{0,2}}"
_PLURAL = (
    rf"(?:Judges|Justices|Drs\.?|Doctors|Professors|Profs\.?|Senators|Messrs\.?) {NAME_PART}(?:(?:, "
    rf"|,? (?:and|&) ){NAME_PART})+"
)
_PLURAL_SIGNS = "judges |justices |drs|doctors |professors |profs|senators |messrs"
_LOW_RANK = (
    r"(?:doctora?|profesora?|don|doña|señora?|sra?\.|srta\.|tante|onkel|tía|tío|herrn?|frau)"
)
_LOW_TITLED = rf"{_LOW_RANK} {NAME_PART}"
_LOW_SIGNS = r" doctora? | profesora? | don [\p{L}]| doña | señora? | sra?\. | t[ií][ao] "
"""Titles in lower case (Spanish), in folded text."""
_INITIALS = rf"\p{{Lu}}(?:\. ?|\s)\p{{Lu}}(?:\. ?|\s){NAME_PART}"


def find_persons(texts: pl.DataFrame, signed: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of people with a title or initials; `signed` are the rows of `people.keep_signed`."""
    return concat_hits([_find_signed(signed), _find_low_titles(texts), _find_several(signed)])


def _find_signed(texts: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of persons with a title or initials in capitals."""
    if texts.is_empty():
        return NO_HITS
    titled = find_spans(texts, _TITLED, is_whole_word())
    initials = find_spans(
        texts,
        _INITIALS,
        is_whole_word(),
        ~pl.col("before").str.contains(r"\p{Lu}[. ]+$"),
        ~pl.col("found").str.contains(r"^(?:I |A |\p{Lu} I )|^U[. ]+[KS]|^P[. ]+S[. ]"),
        pl.col("found").str.contains(r"\p{Ll}{2}"),
    )
    found = pl.concat(
        [
            titled.with_columns(rule=pl.lit(0.93)),
            initials.with_columns(rule=pl.lit(0.9)),
        ]
    )
    return _make_persons(found)


def _find_low_titles(texts: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of persons with a title in lower case (`doña Ana`)."""
    found = find_spans(keep_likely(texts, _LOW_SIGNS), _LOW_TITLED, is_whole_word())
    return _make_persons(found.with_columns(rule=pl.lit(0.9)))


def _find_several(texts: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of persons after a title in the plural (`Judges Ames and Bell`)."""
    listed = find_spans(keep_likely(texts, _PLURAL_SIGNS), _PLURAL).with_row_index("list")
    whole = listed.select(row="list", own="row", at="start")
    inner = listed.select(row="list", masked="found")
    names = find_spans(inner, NAME_PART, is_whole_word(), pl.col("start") > 0)
    names = names.join(whole, on="row", maintain_order="left").with_columns(
        row="own",
        start=(pl.col("start") + pl.col("at")).cast(pl.Int32),
        end=(pl.col("end") + pl.col("at")).cast(pl.Int32),
    )
    return make_hits(names, "person", rule="person_name", confidence=0.9)


def _make_persons(found: pl.DataFrame) -> pl.DataFrame:
    found = found.with_columns(found=pl.col("found").str.replace(r"['’]s?$", "")).with_columns(
        end=(pl.col("start") + pl.col("found").str.len_chars()).cast(pl.Int32)
    )
    return make_hits(found, "person", rule="person_name", confidence=pl.col("rule"))
