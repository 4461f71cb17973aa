"""References: publications cited at length, figures, study subjects, trial phases, abbreviations defined."""

from collections.abc import Iterator

from reference.mentions import expressions as written
from reference.mentions.hits import Hit, Text, hit
from reference.patterns import Span, alone, any_of, compiled, extract, listed, spans

_YEAR = "(?:19|20)[0-9]{2}"
_NAME = r"\p{Lu}[\p{L}'’-]+"
_SURNAME = (
    rf"(?:(?:{any_of('van von de den der del di la le el al bin ten ter')}) )*{_NAME}(?: {_NAME})?"
)
_INITIALS = r"(?:\p{Lu}\.(?:[ -]?\p{Lu}\.){1,2}|\p{Lu}(?:-?\p{Lu}){0,2}\.?)"
_AUTHOR = f"{_SURNAME} {_INITIALS}"
_AUTHORS = rf"(?:{_AUTHOR}(?:, |,? (?:and|&) ))*(?:{_AUTHOR}|et al)"
_DOI = r"doi:? ?(?:https?://(?:dx\.)?doi\.org/)?10\.[0-9.]+/[^\s]+"
_PUBMED = r"(?:[ .;]{0,3}PMID: ?[0-9]+)?(?:[ .;]{0,3}PMCID: ?PMC[0-9]+)?\.?"
_VOLUME = (
    rf"{_YEAR}[^\n;:]{{0,14}}[;:] ?[0-9]+ ?(?:\([^)\n]{{1,12}}\))?"
    r"(?:: ?[A-Za-z]?[0-9]+(?:[-–][A-Za-z]?[0-9]+)?)?\.?"
)
_EPUB = r"(?:[ .;]{0,3}Epub [^.\n]{4,20})?"
_CITATION = compiled(
    rf"{_AUTHORS}[.,:]? (?:\({_YEAR}\)\.? )?[^\n]{{15,300}}?"
    rf"(?:{_VOLUME}(?:[^\n]{{0,30}}?{_DOI})?{_EPUB}{_PUBMED}|{_DOI}{_PUBMED})"
)
"""Authors, a title, and either year, volume and pages or a DOI."""
_ET_AL = compiled(written.ET_AL)
_HAS_YEAR = compiled(_YEAR)
_CITES = compiled(r"(?i)doi|pmid|et al|;[1-9]|; ")
_DOI_CITED = compiled(r"(10\.[0-9.]{4,}/\S*[a-z0-9])")
_PMID_CITED = compiled("PMID: ?([0-9]+)")
_ONE_AUTHOR = compiled(_AUTHOR)
_AUTHOR_ENDS = compiled(r"\A(?:,|\.? (?:and|&) |\. |: | et al)")
_JOURNAL_WORDS = r"\p{Lu}[\p{L}&.]*(?: (?:\p{Lu}[\p{L}.]*|of|and|the|in|&))*"
_JOURNAL = compiled(rf"[.?!] {_JOURNAL_WORDS}[.,]? {_YEAR}")
_JOURNAL_NAME = compiled(rf"\A[.?!] (.*?)[.,]? {_YEAR}\Z")

_PHASE = "(?:[0-4]|I{1,3}|IV)[ab]?"
_PHASES = compiled(rf"(?i)phases?[ -]{_PHASE}(?:(?:\s?[,/–-]\s?|,? (?:and|or|to|&) ){_PHASE})*")
_SPELT = listed("one two three four five six seven eight nine ten")
_NUMERAL = f"(?:[0-9]{{1,3}}|{'|'.join(_SPELT)})"
_FIGURE = compiled(
    r"(?i)(?:suppl?(?:ement(?:al|ary)?)?\.? )?(?:fig(?:ure|ura|s?\.)?|tables?|abb(?:ildung|\.)|tabelle|tabla) ?"
    rf"(?:[SE]?[0-9]{{1,2}}[a-z]?|{_NUMERAL})"
)
_NO_FIGURE = compiled("(?i)fig [a-z]")
_STUDIED = ("patient", "participant", "subject", "case")
_SUBJECT = compiled(rf"(?i)(?:{'|'.join(_STUDIED)})(?: (?:no\.?|number|#) ?|[ -]){_NUMERAL}")
_NO_SUBJECT = compiled(
    r"\A(?:[%:/]|[.,][0-9]|\s?(?:years?|months?|weeks?|days?|of|or)\b|[-][a-z0-9])"
)
_SPELT_NUMBER = compiled("|".join(_SPELT))
_SUBJECT_LABEL = compiled("\\A([a-z]+).*?([0-9]+)\\Z")

_SHORT_FORM = compiled(r"\([A-Z][A-Za-z0-9-]{1,9}\)")
_ABBREVIATES = compiled("[A-Z].*[A-Z0-9]")
_NOT_IN_LONG_FORM = compiled(r"[.!?;]\s|[()\n]")
_LONG_FORM_WORDS = 5
"""So many words more than the short form has letters may the long form have."""


def references(text: Text) -> Iterator[Hit]:
    """Yield every reference in `text` but quotations."""
    if _HAS_YEAR.search(text.plain) and _CITES.search(text.plain):
        yield from _citations(text.plain)
    if any(
        word in text.folded
        for word in ("phase", "fig", "table", "abb.", "abbild", "tabel", "tabla", *_STUDIED)
    ):
        yield from _study(text)
    yield from _named_authors(text)
    if "(" in text.masked:
        yield from _abbreviations(text.masked)


def _citations(plain: str) -> Iterator[Hit]:
    for span in spans(_CITATION, plain):
        if span.left.isalnum():
            continue
        lower = span.found.lower()
        if doi := extract(_DOI_CITED, lower):
            number = f"doi:{doi}"
        else:
            pmid = extract(_PMID_CITED, span.found)
            number = f"pmid:{pmid}" if pmid else lower
        yield hit(span, "citation", "citation", 0.95, number)
        yield from _cited(span)
    if "et al" in plain.lower():
        for span in spans(_ET_AL, plain):
            yield hit(span, "citation", "citation_short", 0.9)
            for name in alone(_CITED, span.found):
                yield hit(_moved(name, span), "person", "citation_author", 0.9)


def _cited(whole: Span) -> Iterator[Hit]:
    """Yield the authors and the journal that a full citation names."""
    for span in spans(_ONE_AUTHOR, whole.found):
        author = span.first(len(span.found.removesuffix(".")))
        if _AUTHOR_ENDS.search(author.after):
            yield hit(_moved(author, whole), "person", "citation_author", 0.93)
    for span in spans(_JOURNAL, whole.found):
        if name := extract(_JOURNAL_NAME, span.found):
            journal = span.last(len(span.found) - 2).first(len(name))
            yield hit(_moved(journal, whole), "journal", "citation_journal", 0.9)


_NAMES_AND_YEAR = compiled(written.NAMES_AND_YEAR)
_CITED = compiled(written.CITED)
_NO_AUTHORS = compiled(rf"\b{written.NO_AUTHORS}\b")
_OPENED = compiled(r"\((?:[^()]{0,60}[,;] ?|see |e\.g\.,? |vgl\. |siehe |cf\. )?\Z")


def _named_authors(text: Text) -> Iterator[Hit]:
    """Yield citations by names and year (`Ames and Bell (2019)`), and the names."""
    if not _HAS_YEAR.search(text.masked):
        return
    for span in spans(_NAMES_AND_YEAR, text.masked):
        is_closed = span.found.endswith(")") or _OPENED.search(span.before)
        if span.left.isalnum() or span.left in ("'", "’") or span.right.isalnum() or not is_closed:
            continue
        if not _NO_AUTHORS.search(span.found):
            yield hit(span, "citation", "citation_names", 0.85)
            for name in alone(_CITED, span.found):
                yield hit(_moved(name, span), "person", "citation_author", 0.9)


def _moved(span: Span, whole: Span) -> Span:
    """Return a span of the words of `whole` as one of its text."""
    return whole._replace(start=whole.start + span.start, end=whole.start + span.end)


def _study(text: Text) -> Iterator[Hit]:
    if "phase" in text.folded:
        for span in alone(_PHASES, text.masked):
            yield hit(span, "trial_phase", "trial_phase", 0.95)
    if any(one in text.folded for one in ("fig", "table", "abb", "tabel", "tabla")):
        for span in alone(_FIGURE, text.masked):
            if not _NO_FIGURE.match(span.found):
                yield hit(span, "figure_ref", "figure_ref", 0.95, _in_figures(span.found))
    if any(word in text.folded for word in _STUDIED):
        for span in alone(_SUBJECT, text.masked):
            is_one = span.found.lower().startswith("case one")
            if not is_one and not _NO_SUBJECT.search(span.after):
                label = _SUBJECT_LABEL.sub(r"\1 \2", _in_figures(span.found))
                yield hit(span, "study_subject", "study_subject", 0.93, label, label)


def _in_figures(found: str) -> str:
    """Return `found` in lower case, its number in figures."""
    return str(_SPELT_NUMBER.sub(lambda word: str(_SPELT.index(word[0]) + 1), found.lower()))


def _abbreviations(masked: str) -> Iterator[Hit]:
    for span in spans(_SHORT_FORM, masked):
        short = span.found[1:-1]
        form = _long_form(short, span.before) if _ABBREVIATES.search(short) else None
        if form:
            blanks = len(span.before) - len(span.before.rstrip())
            whole = span._replace(start=span.start - blanks - len(form))
            yield hit(whole, "abbreviation", "schwartz_hearst", 0.95, short, form)


def _long_form(short: str, before: str) -> str | None:
    """Return the words at the end of `before` that `short` abbreviates, after Schwartz and Hearst (2003)."""
    text = before.rstrip()
    at = len(text)
    for place, sign in reversed(list(enumerate(short.lower()))):
        if not sign.isalnum():
            continue
        at -= 1
        while at >= 0 and not (
            text[at].lower() == sign and (place or at == 0 or not text[at - 1].isalnum())
        ):
            at -= 1
        if at < 0:
            return None
    form = text[at:]
    count = len(form.split())
    is_long = 2 <= count <= min(len(short) + _LONG_FORM_WORDS, 2 * len(short))
    is_one = is_long and len(form) > len(short) and not _NOT_IN_LONG_FORM.search(form)
    return form if is_one else None
