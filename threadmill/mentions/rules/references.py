"""References: publications cited at length, figures, study subjects, trial phases, abbreviations defined."""

import re

import polars as pl

from threadmill.mentions.text.signs import keep_signs
from threadmill.mentions.text.spans import (
    NO_HITS,
    concat_hits,
    find_spans,
    is_whole_word,
    keep_having,
    keep_likely,
    make_hits,
    trim_ends,
)

_SURNAME = r"(?:(?:van|von|de|den|der|del|di|la|le|el|al|bin|ten|ter) )*\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+)?"
_INITIALS = r"(?:\p{Lu}\.(?:[ -]?\p{Lu}\.){1,2}|\p{Lu}(?:-?\p{Lu}){0,2}\.?)"
_AUTHORS = rf"(?:{_SURNAME} {_INITIALS}(?:, |,? (?:and|&) ))*(?:{_SURNAME} {_INITIALS}|et al)"
_TAIL = (
    r"(?:[^\n]{0,30}?doi:? ?(?:https?://(?:dx\.)?doi\.org/)?10\.[0-9.]+/[^\s]+)?"
    r"(?:[ .;]{0,3}Epub [^.\n]{4,20})?(?:[ .;]{0,3}PMID: ?[0-9]+)?(?:[ .;]{0,3}PMCID: ?PMC[0-9]+)?\.?"
)
_CITATION = (
    rf"{_AUTHORS}[.,:]? (?:\((?:19|20)[0-9]{{2}}\)\.? )?[^\n]{{15,300}}?"
    rf"(?:(?:19|20)[0-9]{{2}}[^\n;:]{{0,14}}[;:] ?[0-9]+ ?(?:\([^)\n]{{1,12}}\))?"
    rf"(?:: ?[A-Za-z]?[0-9]+(?:[-–][A-Za-z]?[0-9]+)?)?\.?{_TAIL}"
    r"|doi:? ?(?:https?://(?:dx\.)?doi\.org/)?10\.[0-9.]+/[^\s]+(?:[ .;]{0,3}PMID: ?[0-9]+)?"
    r"(?:[ .;]{0,3}PMCID: ?PMC[0-9]+)?\.?)"
)
_CITATION_SIGNS = r"(?:19|20)[0-9]{2}[^\n;:]{0,14}[;:] ?[0-9]|(?i-u:doi):? ?(?:https?://|10\.)"
"""How a full citation ends."""
_ET_AL = (
    r"\p{Lu}[\p{L}'’-]+(?:, \p{Lu}[\p{L}'’-]+)*(?:,? (?:and|&) \p{Lu}[\p{L}'’-]+)?,? et al\.?,? ?(?:\((?:19"
    r"|20)[0-9]{2}[a-z]?\)|(?:19"
    r"|20)[0-9]{2}[a-z]?)"
)
_CITED = (
    r"(?:(?:van|von|de|den|der|del|di|la|le|ten|ter) )*\p{Lu}[\p{L}'’-]*\p{Ll}(?:-\p{Lu}\p{L}+)?"
)
_NAMES_AND_YEAR = (
    rf"{_CITED}(?:, {_CITED})*,? (?:and|&|und|y|et|e) {_CITED}(?:,? \((?:19|20)[0-9]{{2}}[a-z]?\)"
    rf"|,? (?:19|20)[0-9]{{2}}[a-z]?)"
)
"""Two or more surnames with the year: in parentheses, or after a comma where all of it is in parentheses."""
_NO_AUTHORS = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Spring"
    r"|Summer|Autumn|Fall|Winter"
    r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Januar|Februar|Windows|Android|Section"
    r"|Article|Chapter|Figure|Table"
    r"|England|Wales|Scotland|Ireland|France|Germany|Spain|Italy|Sweden|Norway|Denmark|Finland|Canada"
    r"|Mexico|China|Japan|India"
    r"|Britain|America|States|Europe|Africa|Asia|London|Paris|Berlin)"
)
_NUMERAL = "(?:[0-9]{1,3}|one|two|three|four|five|six|seven|eight|nine|ten)"
_PHASE = r"(?:[0-4]|I{1,3}|IV)[ab]?"
_LONG_FORM_WORDS = 5


def find_citations(texts: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of publications cited in full, as `Name et al., year` or `Name and Name (year)`, and inside.

    In a full citation the authors are persons, and the name before the year is the journal.
    """
    rows = keep_having(
        keep_likely(keep_likely(texts, "[0-9]", "plain"), "(?:19|20)[0-9]{2}", "plain"),
        ["doi", "pmid", "et al", ";1", ";2", ";3", ";4", ";5", ";6", ";7", ";8", ";9", "; "],
        "plain",
    )
    short = find_spans(keep_having(rows, ["et al"], "plain"), _ET_AL, column="plain")
    full, *inside = _find_full_citations(rows)
    hits = make_hits(short, "citation", rule="citation_short", confidence=0.9)
    named = _find_named_citations(texts)
    return concat_hits([full, hits, _find_cited(short), *named, *inside])


def _find_full_citations(rows: pl.DataFrame) -> list[pl.DataFrame]:
    """Return the hits of publications cited in full, and of the authors and the journal in them."""
    full = find_spans(
        keep_likely(rows, _CITATION_SIGNS, "plain"),
        _CITATION,
        ~pl.col("before").str.contains(r"[\p{L}\p{N}]$"),
        column="plain",
    )
    number = pl.coalesce(
        pl.lit("doi:")
        + pl.col("found").str.to_lowercase().str.extract(r"(10\.[0-9.]{4,}/\S*[a-z0-9])", 1),
        pl.lit("pmid:") + pl.col("found").str.extract(r"PMID: ?([0-9]+)", 1),
        pl.col("found").str.to_lowercase(),
    )
    inside = full.select("row", "start", masked="found").with_row_index("citation")
    texts_of = inside.select(row="citation", masked="masked")
    authors = find_spans(texts_of, rf"{_SURNAME} {_INITIALS}").with_columns(
        after=pl.concat_str(pl.col("found").str.extract(r"(\.?)$", 1), "after")
    )
    authors = trim_ends(authors, r"\.").filter(
        pl.col("after").str.contains(r"^(?:,|\.? (?:and|&) |\. |: | et al)"),
    )
    journal = find_spans(
        texts_of,
        r"[.?!] (?:\p{Lu}[\p{L}&.]*(?: (?:\p{Lu}[\p{L}.]*|of|and|the|in|&))*)[.,]? (?:19|20)[0-9]{2}",
    )
    journal = journal.with_columns(
        found=pl.col("found").str.extract(r"^[.?!] (.*?)[.,]? (?:19|20)[0-9]{2}$", 1),
    ).with_columns(start=pl.col("start") + 2)
    journal = journal.with_columns(
        end=(pl.col("start") + pl.col("found").str.len_chars()).cast(pl.Int32)
    )
    return [
        make_hits(full, "citation", rule="citation", confidence=0.95, id=number),
        make_hits(
            _shift_to_comment(authors, inside), "person", rule="citation_author", confidence=0.93
        ),
        make_hits(
            _shift_to_comment(journal, inside), "journal", rule="citation_journal", confidence=0.9
        ),
    ]


def _find_named_citations(texts: pl.DataFrame) -> list[pl.DataFrame]:
    """Return the hits of publications cited by the surnames of their authors and the year, and of these authors."""
    named = find_spans(
        keep_likely(
            keep_signs(texts, "years"),
            r" (?:and|&|und|y|et|e) [^ ]+(?: [^ ]+)?,? \(?(?:19|20)[0-9]{2}",
        ),
        _NAMES_AND_YEAR,
        ~pl.col("before").str.contains(r"[\p{L}\p{N}'’]$"),
        pl.col("found").str.ends_with(")")
        | pl.col("before").str.contains(
            r"\((?:[^()]{0,60}[,;] ?|see |e\.g\.,? |vgl\. |siehe |cf\. )?$"
        ),
        ~pl.col("found").str.contains(rf"\b{_NO_AUTHORS}\b"),
        ~pl.col("after").str.contains(r"^[\p{L}\p{N}]"),
    )
    return [
        make_hits(named, "citation", rule="citation_names", confidence=0.85),
        _find_cited(named),
    ]


def _find_cited(citations: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of the authors in spans of citations by surnames."""
    within = citations.select("row", "start", masked="found").with_row_index("citation")
    cited = find_spans(within.select(row="citation", masked="masked"), _CITED, is_whole_word())
    return make_hits(
        _shift_to_comment(cited, within), "person", rule="citation_author", confidence=0.9
    )


def _shift_to_comment(found: pl.DataFrame, inside: pl.DataFrame) -> pl.DataFrame:
    """Return spans of a citation's text as spans of its comment."""
    whole = inside.select(row="citation", own="row", at="start")
    return found.join(whole, on="row", maintain_order="left").with_columns(
        row="own",
        start=(pl.col("start") + pl.col("at")).cast(pl.Int32),
        end=(pl.col("end") + pl.col("at")).cast(pl.Int32),
    )


def find_study_references(texts: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of trial phases, figures or tables, and numbered subjects of a study."""
    texts = keep_signs(texts, "studies")
    phase = find_spans(
        keep_having(texts, ["phase"]),
        rf"(?i)phases?[ -]{_PHASE}(?:(?:\s?[,/–-]\s?|,? (?:and|or|to|&) ){_PHASE})*",
        is_whole_word(),
    )
    figure = find_spans(
        keep_likely(
            texts,
            rf"(?:fig(?:ure|ura|s?\.|s)?|tables?|abb(?:ildung|\.)|tabelle|tabla) ?(?:[se]?[0-9]|{_NUMERAL})",
        ),
        rf"(?i)(?:suppl?(?:ement(?:al|ary)?)?\.? )?(?:fig(?:ure|ura|s?\.)?|tables?|abb(?:ildung|\.)|tabelle"
        rf"|tabla) ?(?:[SE]?[0-9]{{1,2}}[a-z]?"
        rf"|{_NUMERAL})",
        is_whole_word(),
        ~pl.col("found").str.contains(r"(?i)^fig [a-z]"),
    )
    subject = find_spans(
        keep_likely(
            texts, rf"(?:patient|participant|subject|case)(?: (?:no|num|#)|[ -]{_NUMERAL})"
        ),
        rf"(?i)(?:patient|participant|subject|case)(?: (?:no\.?|number|#) ?|[ -]){_NUMERAL}",
        is_whole_word(),
        ~pl.col("after").str.contains(
            r"^(?:[%:/]|[.,][0-9]|\s?(?:years?|months?|weeks?|days?|of|or)\b)|^[-][a-z0-9]"
        ),
        ~pl.col("found").str.contains(r"(?i)^case one"),
    )
    words = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    number = (
        pl.col("found").str.to_lowercase().str.replace_many(words, [str(n) for n in range(1, 11)])
    )
    label = pl.concat_str(
        number.str.extract(r"^([a-z]+)", 1), pl.lit(" "), number.str.extract(r"([0-9]+)$", 1)
    )
    return concat_hits(
        [
            make_hits(phase, "trial_phase", rule="trial_phase", confidence=0.95),
            make_hits(figure, "figure_ref", rule="figure_ref", confidence=0.95, id=number),
            make_hits(
                subject,
                "study_subject",
                rule="study_subject",
                confidence=0.93,
                id=label,
                name=label,
            ),
        ]
    )


def find_abbreviations(texts: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of definitions `long form (SF)`, after Schwartz and Hearst (2003).

    The span is the whole definition; the id is the short form, the name the long one.
    """
    rows = keep_having(texts, ["("])
    found = find_spans(
        rows, r"\([A-Z][A-Za-z0-9-]{1,9}\)", pl.col("found").str.contains(r"[A-Z].*[A-Z0-9]")
    )
    long_forms = [
        find_long_form(short[1:-1], before)
        for short, before in found.select("found", "before").iter_rows()
    ]
    found = found.with_columns(long=pl.Series(long_forms, dtype=pl.String)).drop_nulls("long")
    short = pl.col("found").str.slice(1, pl.col("found").str.len_chars() - 2)
    lead = (
        pl.col("long").str.len_chars() + pl.col("before").str.extract(r"(\s*)$", 1).str.len_chars()
    )
    found = found.with_columns(short=short, start=(pl.col("start") - lead).cast(pl.Int32))
    return make_hits(
        found,
        "abbreviation",
        rule="schwartz_hearst",
        confidence=0.95,
        id=pl.col("short"),
        name=pl.col("long"),
    )


def find_long_form(short: str, before: str) -> str | None:
    """Return the words at the end of `before` that `short` abbreviates, or None.

    Schwartz and Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical
    text" (2003): the letters of the short form, from the last to the first, are found leftwards in at
    most min(|SF| + 5, 2 |SF|) words; the first must begin a word.
    """
    words = re.findall(r"\S+", before)
    limit = min(len(short) + _LONG_FORM_WORDS, 2 * len(short))
    text = before.rstrip()
    at = len(text) - 1
    for place in range(len(short) - 1, -1, -1):
        letter = short[place].lower()
        if not letter.isalnum():
            continue
        while at >= 0 and (
            text[at].lower() != letter or (place == 0 and at > 0 and text[at - 1].isalnum())
        ):
            at -= 1
        if at < 0:
            return None
        at -= 1
    form = text[at + 1 :]
    count = len(form.split())
    if (
        not words
        or count > limit
        or len(form) <= len(short)
        or count < 2
        or re.search(r"[.!?;]\s|[()\n]", form)
    ):
        return None
    return form


def find_references(texts: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of every reference except quotations."""
    if texts.is_empty():
        return NO_HITS
    return concat_hits(
        [find_citations(texts), find_study_references(texts), find_abbreviations(texts)]
    )
