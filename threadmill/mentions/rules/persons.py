"""People who aren't authors of the thread, by title or initials."""

import polars as pl

from threadmill.mentions.rules.naming import TITLE
from threadmill.mentions.text.names import ORDINARY_WORDS
from threadmill.mentions.text.signs import keep_signs
from threadmill.mentions.text.spans import (
    NO_HITS,
    concat_hits,
    find_spans,
    is_whole_word,
    keep_likely,
    keep_marked,
    keep_tail,
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
_RELATED = (
    "(?:brother|sister|husband|wife|son|daughter|cousin|uncle|aunt|mother|father|mum|mom|dad|partner|girlfriend"
    "|boyfriend"
    "|fianc[eé]e?|niece|nephew|grandson|granddaughter|grandmother|grandfather|grandma|grandpa|friend|neighbou?r"
    "|colleague"
    "|boss|(?:mother|father|sister|brother)-in-law|herman[oa]|hij[oa]|marido|mujer|amig[oa]|prim[oa]|vecin[oa]"
    "|novi[oa]"
    "|fils|fille|frère|s[oœ]ur|mari)"
)
_OF_SOMEBODY = (
    rf"(?-u:\b)(?:[Mm]y|[Oo]ur|[Hh]is|[Hh]er|[Tt]heir|[Yy]our|[Mm]i|[Tt]u|[Ss]u|[Mm]on|[Mm]a|[Ss]a) (?:\p{{Ll}}+"
    rf" ){{0,2}}{_RELATED},? "
    r"\p{Lu}\p{Ll}+(?:-\p{Lu}?\p{Ll}+)?(?: \p{Lu}\p{Ll}+)?"
)
"""Somebody by whom they are to somebody (`my brother Duarte`)."""
_NAMED = (
    r"(?:man|woman|guy|girl|boy|lady|kid|friend|colleague|neighbou?r|person|someone|somebody|doctor|nurse|teacher"
    r"|fellow|chap"
    r"|bloke|dude|player|artist|writer|author|engineer|developer|researcher|patient|cousin|uncle|aunt|brother"
    r"|sister|son"
    r"|daughter|child|baby|student|lawyer|professor) (?:\p{Ll}+ )?(?:named|called) \p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+)?"
)
_SPEAKS = (
    r"\p{Lu}\p{Ll}{2,}(?: \p{Lu}\.)? \p{Lu}[\p{Ll}'’]\p{L}+ (?:said|says|wrote|writes|told|argue[sd]|claims"
    r"|claimed|explain(?:s|ed)"
    r"|puts? it|once (?:said|wrote)|has (?:said|written|argued)|pointed out|thinks|tweeted|testified|recalls?)"
)
"""Two names before a verb of speech."""
_SPEAKS_SIGNS = (
    " (?:said|says|wrote|writes|told|argue|claim|explain|put|once|has|pointed|think|tweeted|testified"
    "|recall)"
)
_NOT_NAMES = (
    r"^(?:The|This|That|These|Those|My|Our|Your|His|Her|Their|An?|And|But|If|When|While|Then|New|North|South|East"
    r"|West|Saint|San"
    r"|Los|Las|Stack|Red|Open|Google|Apple|Microsoft|Amazon|Hacker|Wall|Washington|United|General|National"
    r"|American|British"
    r"|European|Royal|Big|Deep|Sky|Fox|Daily|Sunday|Guardian|Meta|Bank|World|Federal|Supreme|White|Public|Human"
    r"|Customer|Tech"
    r"|Linux|Mozilla|Oracle|Intel|Santa|Mount|Fort|Lake|Even|Some|Every|Most|Both|As|So|Dear|Thanks|Hi|Hey)\b"
    r"| (?:Overflow|Hat|Research|Systems?|Labs?|Group|Teams?|Support|Inc|Corp|Ltd|Times|Post|News|Journal|Court"
    r"|Police|Office"
    r"|Department|Ministry|University|College|School|Hospital|Bank|Foundation|Institute|Council|Committee"
    r"|Commission|Union|Party"
    r"|House|Street|Board|Agency|Association|Society|Church|Club|County|City|State|States|Press|Media|Magazine"
    r"|Review|Report"
    r"|Act|Street|Health|Service|Services|Desk|Security|Software|Engineering|Airlines|Motors|Insurance|Legal|Guy"
    r"|Lady) \p{Ll}"
)
_INITIALS = rf"\p{{Lu}}(?:\. ?|\s)\p{{Lu}}(?:\. ?|\s){NAME_PART}"


def find_persons(
    texts: pl.DataFrame, signed: pl.DataFrame, capitalised: pl.DataFrame
) -> pl.DataFrame:
    """Return the hits of people with a title or initials, or of whom it is said what they are or say.

    `signed` are the rows of `people.keep_signed`, `capitalised` those of `keep_capitalised`.
    """
    return concat_hits(
        [
            _find_signed(signed),
            _find_low_titles(texts),
            _find_several(signed),
            _find_related(texts),
            _find_speaking(capitalised),
        ]
    )


def _find_signed(texts: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of persons with a title or initials in capitals."""
    if texts.is_empty():
        return NO_HITS
    titled = find_spans(texts, _TITLED, is_whole_word())
    initial = find_spans(
        texts,
        rf"{TITLE}\.? \p{{Lu}}\.?",
        is_whole_word(),
        ~pl.col("after").str.contains(
            r"^['’]\p{L}{2}|^[.-]?\p{L}|^ \p{Lu}|^\. ?\p{Lu}\p{Ll}+ \p{Lu}"
        ),
    )
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
            initial.with_columns(rule=pl.lit(0.8)),
        ]
    )
    return _make_persons(found)


def _find_related(texts: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of persons by whom they are to somebody, or after `a man named`."""
    rows = keep_signs(texts, "kin")
    related = find_spans(rows, _OF_SOMEBODY, is_whole_word())
    named = find_spans(
        keep_marked(rows, ["named ", "called "]),
        _NAMED,
        ~pl.col("after").str.contains(r"^[\p{L}]"),
    )
    found = pl.concat([related, named]).unique(["row", "end"], keep="first", maintain_order=True)
    name = pl.col("found").str.extract(
        r"(\p{Lu}\p{Ll}+(?:-\p{Lu}?\p{Ll}+)?(?: \p{Lu}\p{Ll}+)?)$", 1
    )
    found = keep_tail(found, name)
    return make_hits(found, "person", rule="person_related", confidence=0.85)


def _find_speaking(capitalised: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of persons by two names before a verb of speech."""
    found = find_spans(
        keep_likely(capitalised, _SPEAKS_SIGNS),
        _SPEAKS,
        is_whole_word(),
        ~pl.col("before").str.contains(r"\p{Lu}[\p{L}.'’-]* $"),
        ~pl.col("found").str.contains(_NOT_NAMES),
        ~pl.col("found").str.extract(r"^(\S+)", 1).str.to_lowercase().is_in(ORDINARY_WORDS),
    )
    name = pl.col("found").str.extract(r"^(\p{Lu}\p{Ll}+(?: \p{Lu}\.)? \p{Lu}[\p{L}'’]+)", 1)
    found = found.with_columns(found=name).with_columns(
        end=(pl.col("start") + pl.col("found").str.len_chars()).cast(pl.Int32)
    )
    return make_hits(found, "person", rule="person_speaking", confidence=0.8)


def _find_low_titles(texts: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of persons with a title in lower case (`doña Ana`)."""
    found = find_spans(
        keep_likely(keep_signs(texts, "low_titles"), _LOW_SIGNS), _LOW_TITLED, is_whole_word()
    )
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
