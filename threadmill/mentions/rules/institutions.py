"""Organisations and laws whose names say what they are: `University of Leeds`, `17 USC 302`."""

import polars as pl

from threadmill.mentions.text.signs import keep_signs
from threadmill.mentions.text.spans import (
    NO_HITS,
    concat_hits,
    drop_head,
    find_spans,
    is_whole_word,
    keep_likely,
    make_hits,
)

_LETTER = r"[A-Za-z\x{c0}-\x{24f}]"
_NAME = rf"[A-Z\x{{c0}}-\x{{de}}](?:{_LETTER}|['’&.-])*{_LETTER}"
"""A word of a name, in Latin letters: with all letters the expressions below take ten times as long to compile."""
_HEAD = (
    "(?:Universit(?:y|ies)|Universität|Universidad|Université|Hochschule|College|Institutes?|Institut|Instituto"
    "|Foundation"
    "|Fundación|Stiftung|Association|Asociación|Society|Gesellschaft|Hospital|Krankenhaus|Kinderkrankenhaus|Klinikum"
    "|Uniklinik|Clinic|Council|Commission|Agency|Ministry|Ministerio|Court|Academy|Federation|Laborator(?:y|ies)"
    "|Authority)"
)
_OF = r"(?:of|for|de|del|de la|de los|für|des|der)(?: the)?"
_ORG = (
    rf"(?:(?:{_NAME} ){{1,4}}{_HEAD}(?: {_OF} {_NAME}(?: (?:(?:and|of|&|y|de) )?{_NAME}){{0,3}})?"
    rf"|{_HEAD} (?:{_OF} )?{_NAME}(?: (?:(?:and|of|&|y|de) )?{_NAME}){{0,3}}"
    rf"|(?:{_NAME} ){{1,3}}(?:Inc|Ltd|LLC|GmbH|Corp|PLC|S\.A)\b\.?)"
)
_ORG_SIGNS = (
    "niversi|college |college|institut|foundation|fundación|association|asociación|society",
    "hospital|krankenhaus|klinik|clinic|council|commission|agency|minist",
    " court|court of|academy|federation|laborator|authority",
    " inc| ltd| llc| gmbh| corp| plc",
)
_NOT_PART = (
    r"^(?:(?:The|This|That|My|Our|Your|His|Her|Their|An?|And|But|If|At|In|From|To|When|Is|Was|Since|While|Also"
    r"|Some|Every"
    r"|Any|Most|Der|Die|Das|Eine?|El|La|Los|Las|Una?) )+"
)
_CASE = (
    rf"(?:{_NAME} ){{1,4}}v\.? (?:{_NAME})(?: (?:(?:of|and|&) )?{_NAME}){{0,3}}(?:, (?:No\."
    rf"|[0-9]+ [A-Z]\.)[^\s,;]*(?: [0-9-]+)?)?"
)
_OF_COURT = (
    r"(?i)\b(?:Inc|Co|Corp|Ltd|County|State|States|Board|City|Department|University|Commission|Authority|Union"
    r"|Bank|Crown)\b"
)
_COURT_BEFORE = (
    r"(?i)\b(?:see|cf\.?|under|cit(?:es?|ing|ed)|case of|court in|overrul\w+|(?:dissent|concurrence|holding"
    r"|opinion|ruling"
    r"|decision|judge?ment|thing|held|case) (?:in|of|on|under)|(?:post|case|law) (?:about|on)|since|after|before) $"
)
_COURT_AFTER = r"^(?:,? [0-9(§]|,? No\b|\. [0-9]{4}\b)"
"""What tells a case of a court from a match between two."""
_CODE = (
    r"[0-9]+ U\.? ?S\.? ?C\.? (?:§+ ?)?[0-9]+[a-z]?(?:\([a-z0-9]\))*|§+"
    r" ?[0-9]+[a-zA-Z]?(?:[.-][0-9]+)*(?:\([a-z0-9]+\))*"
    r"(?: (?:Abs\. ?[0-9]+ )?(?:BGB|StGB|GG|SGB|ZPO|StVO|HGB))?"
)
_ACT = (
    rf"(?:{_NAME} (?:\([^()\n]{{3,40}}\) )?(?:(?:and|of|to|for|in) )?){{1,5}}Act(?: (?:of )?(?:1[5-9]"
    rf"|20)[0-9]{{2}})?"
)


def find_institutions(texts: pl.DataFrame, capitalised: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of organisations and laws by the form of their names."""
    if texts.is_empty():
        return NO_HITS
    return concat_hits([_find_organisations(capitalised), _find_laws(texts)])


def _find_organisations(capitalised: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of organisations by a word such as `Institute` in their names."""
    folded = pl.col("folded")
    rows = capitalised.filter(pl.any_horizontal(folded.str.contains(each) for each in _ORG_SIGNS))
    found = drop_head(find_spans(rows, _ORG, is_whole_word()), _NOT_PART)
    found = found.filter(
        pl.col("found").str.contains(" "),
        ~pl.col("found").str.contains(
            r"^(?:High|Elementary|Primary|Middle|Community|Local|General|State|Public|Private) \S+$"
        ),
    )
    return make_hits(found, "org", rule="org_form", confidence=0.85)


def _find_laws(texts: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of court cases, sections of law and acts."""
    cases = find_spans(
        keep_signs(texts, "cases"),
        _CASE,
        is_whole_word(),
        pl.col("before").str.contains(_COURT_BEFORE)
        | pl.col("after").str.contains(_COURT_AFTER)
        | pl.col("found").str.contains(_OF_COURT),
    )
    code = find_spans(keep_signs(texts, "laws"), _CODE, is_whole_word())
    acts = find_spans(
        keep_likely(keep_signs(texts, "acts"), " act(?:[^a-z]|$)"), _ACT, is_whole_word()
    )
    found = pl.concat([drop_head(cases, _NOT_PART), code, drop_head(acts, _NOT_PART)])
    found = found.filter(pl.col("found").str.contains(r"[ §]"))
    return make_hits(found, "law", rule="law_form", confidence=0.85)
