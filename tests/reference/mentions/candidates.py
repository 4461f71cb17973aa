"""The review queue: acronyms and names that no rule and no pack explains."""

from collections.abc import Iterable, Iterator

from reference.hosts import Row
from reference.mentions.hits import Hit, Text
from reference.mentions.people import NOT_SURNAMES
from reference.patterns import Span, alone, any_of, compiled, listed

_EDGE = r"(?a:\b)"
_ACRONYM = compiled(
    rf"{_EDGE}(?:[A-Z][A-Za-z]{{0,2}}[A-Z0-9][A-Z0-9-]{{0,8}}s?|[A-Z]{{2,10}}s?(?:-?[0-9]{{1,3}}[A-Za-z]?)?){_EDGE}"
)
_NAME = compiled(
    rf"(?:{_EDGE}[A-Z]|[\p{{Lu}}--[A-Z]])\p{{Ll}}+(?:[ -](?:of |the |and |de |van )?\p{{Lu}}[\p{{L}}'’-]*\p{{Ll}})+"
)
_SHOUTED = {
    *listed(
        "I A OK TV PS AM PM LOL OMG IMO IMHO BTW FYI EDIT UPDATE AFAIK TLDR DIY FAQ ASAP NOT AND THE"
    ),
    *listed("IS ARE YOU NO YES SO BUT ALL VERY ANY IT TO OF IN ON OR IF MY ME WE DO BE"),
}
"""Words in capitals that are no acronyms of a subject."""
_NO_NAMES = {*NOT_SURNAMES, "My", "We", "It", "He", "She", "This"}
_QUOTATIONS = ("quote", "reported_speech", "scare_quote")
_TWO_CAPITALS = compiled(
    rf"\p{{Lu}}(?:[\p{{L}}'’.-]*[\s.-](?:(?:{any_of('of the and van von de der den di da del al bin el')}) )*\p{{Lu}}"
    r"|[A-Za-z]{0,2}[A-Z0-9])"
)
"""Every acronym and name has one of the two."""
_CAPITAL = compiled("[A-Z]")
_CAPITALS = compiled("[A-Z].*[A-Z]")
_EXAMPLE_CHARS = 40


def candidates(found: Iterable[tuple[Text, list[Hit]]]) -> list[Row]:
    """Return one row per acronym or name in the comments of a thread, given with their mentions, that is none."""
    rows: dict[tuple[str, str], Row] = {}
    for text, hits in found:
        if not _TWO_CAPITALS.search(text.masked):
            continue
        known = [(one.start, one.end) for one in hits if one.kind not in _QUOTATIONS]
        here = {}
        for kind, span in sorted(_looks(text.masked), key=lambda one: one[1].start):
            if any(start < span.end and span.start < end for start, end in known):
                continue
            row = rows.setdefault(
                (span.found, kind),
                {
                    "thread_id": text.comment["thread_id"],
                    "candidate": span.found,
                    "candidate_kind": kind,
                    "comment_count": 0,
                    "mention_count": 0,
                    "example": _example(text, span),
                },
            )
            row["mention_count"] += 1
            here[span.found, kind] = row
        for row in here.values():
            row["comment_count"] += 1
    return list(rows.values())


def _looks(masked: str) -> Iterator[tuple[str, Span]]:
    is_shouting = len(_CAPITAL.findall(masked)) * 3 > len(masked)
    if not is_shouting:
        for span in alone(_ACRONYM, masked):
            if span.found not in _SHOUTED and _CAPITALS.search(span.found):
                yield "acronym", span
    for span in alone(_NAME, masked):
        if span.found.split()[0] not in _NO_NAMES:
            yield "name", span


def _example(text: Text, span: Span) -> str:
    """Return the words of `span` with those around them, as people read them."""
    around = text.comment["text"][max(0, span.start - _EXAMPLE_CHARS) : span.end + _EXAMPLE_CHARS]
    return " ".join(around.split())
