"""The review queue: acronyms and names that no rule and no pack explains."""

from collections.abc import Iterable, Iterator

from reference.hosts import Row
from reference.mentions.hits import Hit, Text, stands_alone
from reference.patterns import Span, compiled, has, spans
from threadmill.mentions.candidates import ACRONYM, EXAMPLE_CHARS, NAME, SHOUTED
from threadmill.mentions.text.names import NOT_SURNAMES

_NO_NAMES = {*NOT_SURNAMES, "My", "We", "It", "He", "She", "This"}
_QUOTATIONS = ("quote", "reported_speech", "scare_quote")
_TWO_CAPITALS = (
    r"\p{Lu}(?:[\p{L}'’.-]*[\s.-](?:(?:of|the|and|van|von|de|der|den|di|da|del|al|bin|el) )*\p{Lu}"
    r"|[A-Za-z]{0,2}[A-Z0-9])"
)


def candidates(found: Iterable[tuple[Text, list[Hit]]]) -> list[Row]:
    """Return one row per acronym or name in the comments of a thread, given with their mentions, that is none."""
    rows: dict[tuple[str, str], Row] = {}
    for text, hits in found:
        if not has(_TWO_CAPITALS, text.masked):
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
                    "example": _example(span),
                },
            )
            row["mention_count"] += 1
            here[span.found, kind] = row
        for row in here.values():
            row["comment_count"] += 1
    return list(rows.values())


def _looks(words: str) -> Iterator[tuple[str, Span]]:
    is_shouting = len(compiled("[A-Z]").findall(words)) * 3 > len(words)
    if not is_shouting:
        for span in filter(stands_alone, spans(rf"(?-u:\b)(?:{ACRONYM})(?-u:\b)", words)):
            if not has(SHOUTED, span.found) and has("[A-Z].*[A-Z]", span.found):
                yield "acronym", span
    for span in filter(stands_alone, spans(rf"(?-u:\b)(?:{NAME})", words)):
        if span.found.split()[0] not in _NO_NAMES:
            yield "name", span


def _example(span: Span) -> str:
    around = f"{span.before[-EXAMPLE_CHARS:]}{span.found}{span.after[:EXAMPLE_CHARS]}"
    return " ".join(around.split())
