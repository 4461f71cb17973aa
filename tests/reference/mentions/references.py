"""References: publications cited at length, figures, study subjects, trial phases, abbreviations defined."""

import re
from collections.abc import Iterator

from reference.mentions.hits import Hit, Text, hit, stands_alone
from reference.patterns import Span, extract, has, spans
from threadmill.mentions.rules.references import (
    _CITATION,
    _ET_AL,
    _INITIALS,
    _LONG_FORM_WORDS,
    _NUMERAL,
    _PHASE,
    _SURNAME,
)

_YEAR = "(?:19|20)[0-9]{2}"
_CITES = r"(?i)doi|pmid|et al|;[1-9]|; "
_TITLE_WORD = r"\p{Lu}[\p{L}&.]*"
_JOURNAL = rf"[.?!] (?:{_TITLE_WORD}(?: (?:\p{{Lu}}[\p{{L}}.]*|of|and|the|in|&))*)[.,]? {_YEAR}"
_STUDIED = ("phase", "fig", "table", "patient", "participant", "subject", "case")
_PHASES = rf"(?i)phases?[ -]{_PHASE}(?:(?:\s?[,/–-]\s?|,? (?:and|or|to|&) ){_PHASE})*"
_FIGURE = (
    rf"(?i)(?:suppl?(?:ement(?:al|ary)?)?\.? )?(?:fig(?:ure|s?\.)?|tables?) ?(?:[SE]?[0-9]{{1,2}}[a-z]?"
    rf"|{_NUMERAL})"
)
_SUBJECT = rf"(?i)(?:patient|participant|subject|case)(?: (?:no\.?|number|#) ?|[ -]){_NUMERAL}"
_NOT_SUBJECT = r"^(?:[%:/]|[.,][0-9]|\s?(?:years?|months?|weeks?|days?|of|or)\b)|^[-][a-z0-9]"
_SPELT = "one two three four five six seven eight nine ten".split()  # noqa: SIM905


def references(text: Text) -> Iterator[Hit]:
    """Yield every reference in `text` but quotations."""
    if has("[0-9]", text.plain) and has(_YEAR, text.plain) and has(_CITES, text.plain):
        yield from _citations(text.plain)
    if any(word in text.folded for word in _STUDIED):
        yield from _study(text)
    if "(" in text.masked:
        yield from _abbreviations(text.masked)


def _citations(words: str) -> Iterator[Hit]:
    for span in spans(_CITATION, words):
        if has(r"[\p{L}\p{N}]$", span.before[-1:]):
            continue
        lower = span.found.lower()
        if doi := extract(r"(10\.[0-9.]{4,}/\S*[a-z0-9])", lower):
            number = f"doi:{doi}"
        else:
            pmid = extract(r"PMID: ?([0-9]+)", span.found)
            number = f"pmid:{pmid}" if pmid else lower
        yield hit(span, "citation", "citation", 0.95, number)
        yield from _cited(span)
    if "et al" in words.lower():
        for span in spans(_ET_AL, words):
            yield hit(span, "citation", "citation_short", 0.9)


def _cited(whole: Span) -> Iterator[Hit]:
    """Yield the authors and the journal that a full citation names."""
    for span in spans(rf"{_SURNAME} {_INITIALS}", whole.found):
        after = f"{'.' if span.found.endswith('.') else ''}{span.after}"
        if has(r"^(?:,|\.? (?:and|&) |\. |: | et al)", after):
            moved = _moved(span.cut(span.found.removesuffix(".")), whole)
            yield hit(moved, "person", "citation_author", 0.93)
    for span in spans(_JOURNAL, whole.found):
        name = extract(rf"^[.?!] (.*?)[.,]? {_YEAR}$", span.found)
        if name:
            start = span.start + 2
            own = span._replace(start=start, end=start + len(name), found=name)
            yield hit(_moved(own, whole), "journal", "citation_journal", 0.9)


def _moved(span: Span, whole: Span) -> Span:
    return span._replace(start=span.start + whole.start, end=span.end + whole.start)


def _study(text: Text) -> Iterator[Hit]:
    words = text.masked
    if "phase" in text.folded:
        for span in filter(stands_alone, spans(_PHASES, words)):
            yield hit(span, "trial_phase", "trial_phase", 0.95)
    if "fig" in text.folded or "table" in text.folded:
        for span in filter(stands_alone, spans(_FIGURE, words)):
            if not has("(?i)^fig [a-z]", span.found):
                yield hit(span, "figure_ref", "figure_ref", 0.95, _number(span.found))
    if any(word in text.folded for word in _STUDIED[3:]):
        for span in filter(stands_alone, spans(_SUBJECT, words)):
            if not has(_NOT_SUBJECT, span.after) and not has("(?i)^case one", span.found):
                number = _number(span.found)
                label = f"{extract('^([a-z]+)', number)} {extract('([0-9]+)$', number)}"
                yield hit(span, "study_subject", "study_subject", 0.93, label, label)


def _number(words: str) -> str:
    """Return `words` in lower case, numbers as figures."""
    spelt = re.compile("|".join(_SPELT))
    return spelt.sub(lambda word: str(_SPELT.index(word[0]) + 1), words.lower())


def _abbreviations(words: str) -> Iterator[Hit]:
    for span in spans(r"\([A-Z][A-Za-z0-9-]{1,9}\)", words):
        short = span.found[1:-1]
        form = _long_form(short, span.before) if has(r"[A-Z].*[A-Z0-9]", short) else None
        if form:
            lead = len(form) + len(span.before) - len(span.before.rstrip())
            whole = span._replace(start=span.start - lead)
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
    is_one = is_long and len(form) > len(short) and not has(r"[.!?;]\s|[()\n]", form)
    return form if is_one else None
