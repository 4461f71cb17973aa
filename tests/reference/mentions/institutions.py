"""Organisations and laws by the form of their names."""

from collections.abc import Iterator

from reference.mentions import expressions as written
from reference.mentions.hits import Hit, Text, hit
from reference.patterns import Span, alone, compiled, without

_ORG, _LEAD = compiled(written.ORG), compiled(written.NOT_PART)
_ANY_SCHOOL = compiled(
    r"\A(?:High|Elementary|Primary|Middle|Community|Local|General|State|Public|Private) \S+\Z"
)
_CASE, _ACT = compiled(written.COURT_CASE), compiled(written.ACT)
_OF_COURT, _COURT_BEFORE = compiled(written.OF_COURT), compiled(written.COURT_BEFORE)
_COURT_AFTER = compiled(written.COURT_AFTER)
_SECTION = compiled(written.LAW_CODE)


def institutions(text: Text) -> Iterator[Hit]:
    """Yield organisations and laws in `text`."""
    for span in map(_bare, alone(_ORG, text.masked)):
        if " " in span.found and not _ANY_SCHOOL.search(span.found):
            yield hit(span, "org", "org_form", 0.85)
    found = [_bare(span) for span in alone(_CASE, text.masked) if _is_of_court(span)]
    found += [_bare(span) for span in alone(_ACT, text.masked)]
    for span in [*found, *alone(_SECTION, text.masked)]:
        if " " in span.found or "§" in span.found:
            yield hit(span, "law", "law_form", 0.85)


def _is_of_court(span: Span) -> bool:
    return bool(
        _COURT_BEFORE.search(span.before)
        or _COURT_AFTER.search(span.after)
        or _OF_COURT.search(span.found)
    )


def _bare(span: Span) -> Span:
    """Return `span` without what only begins a sentence."""
    return span.last(len(without(_LEAD, span.found)))
