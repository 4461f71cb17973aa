"""People: authors of the thread by name, vocative or title, and others by name."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from reference.hosts import Row
from reference.mentions.hits import (
    Hit,
    Text,
    folded,
    hit,
    normal,
    stands_alone,
)
from reference.patterns import (
    CONTEXT_CHARS,
    Span,
    compiled,
    has,
    spans,
    without,
)
from threadmill.mentions.rules.identifiers import DOUBTFUL
from threadmill.mentions.rules.people import (
    _CALL_ENDS,
    _CALLED,
    _CALLED_FIRST,
    _FIRST_FOLLOW,
    _GIVEN,
    _INITIALS,
    _LEAST_NAMES,
    _NAME_PART,
    _RANK,
    _SHORT_NAME,
    _TELLS,
    _TITLE,
    _TITLED,
    _TITLED_INITIAL,
)
from threadmill.mentions.text.names import GIVEN_NAMES, NOT_SURNAMES
from threadmill.mentions.text.spans import SPACED_WORD

_GIVEN_NAMES = frozenset(GIVEN_NAMES)
_NAME_START = r"^[\p{Lu}\p{Lo}]"


class Person(NamedTuple):
    """An author of the thread: the whole name, and its first and last word, folded."""

    id: str
    name: str
    is_host: bool
    whole: str
    first: str
    last: str


class People(NamedTuple):
    """Who may be meant in a thread."""

    ways: dict[str, list[tuple[Person, bool]]]
    """Each way to write a name → whose it is, and whether it is the whole one."""
    parts: dict[str, list[Person]]
    """First and last words of names, and their initials → whose they are."""
    handles: dict[str, set[str]]
    """Handles and names without blanks → ids."""


def known(comments: list[Row]) -> People:
    """Return who wrote `comments`, those of a thread."""
    names: dict[str, str] = {}
    hosts: set[str] = set()
    handles: dict[str, set[str]] = {}
    for comment in comments:
        author, name = comment["author_id"], comment["author_name"]
        names.setdefault(author, name)
        if comment["is_host"]:
            hosts.add(author)
        lower = folded(name)
        for handle in (lower, lower.replace(" ", "")):
            handles.setdefault(handle, set()).add(author)
    people = [_person(author, name, author in hosts) for author, name in names.items()]
    parts: dict[str, dict[str, Person]] = {}
    for one in people:
        for part in (one.first, one.last, one.first[:1], one.last[:1]):
            parts.setdefault(part, {})[one.id] = one
    ways = _ways(people)
    return People(ways, {part: list(each.values()) for part, each in parts.items()}, handles)


def _person(author: str, name: str, is_host: bool) -> Person:
    whole = folded(normal(without(rf"^{_TITLE}\.? ", " ".join(name.split()))))
    words = whole.split() or [""]
    return Person(author, name, is_host, whole, words[0], words[-1])


def _ways(people: list[Person]) -> dict[str, list[tuple[Person, bool]]]:
    firsts = Counter(one.first for one in people)
    ways: dict[str, list[tuple[Person, bool]]] = {}
    for one in people:
        written = normal(without(rf"^{_TITLE}\.? ", one.name)).strip()
        spellings = [(written, True)] if " " in one.whole else []
        if firsts[one.first] == 1 and (has(_SHORT_NAME, one.first) or one.first in _LEAST_NAMES):
            spellings.append((written.split()[0], False))
        for spelling, is_full in spellings:
            for way in dict.fromkeys((spelling, spelling.title())):
                if has(r"[\p{L}\p{N}]", way):
                    ways.setdefault(way, []).append((one, is_full))
    return ways


def participants(text: Text, people: People) -> Iterator[Hit]:
    """Yield where `text` names another author of its thread."""
    own = text.comment["author_id"]
    words = text.normal
    found = [place for way in people.ways if way in words for place in _standing(way, words)]
    for start, end, way in _longest(found):
        before = words[max(0, start - CONTEXT_CHARS) : start]
        after = words[end : end + CONTEXT_CHARS]
        for one, is_full in people.ways[way]:
            if one.id != own and (is_full or _is_called(before, way, after)):
                span = Span(start, end, words[start:end], before, after)
                yield _to(span, one, "participant_name", 0.97 if is_full else 0.9)


def _standing(way: str, words: str) -> Iterator[tuple[int, int, str]]:
    """Yield where `way` stands in `words` with no letter beside it."""
    start = words.find(way)
    while start >= 0:
        end = start + len(way)
        begins_amid = has(f"{SPACED_WORD}$", words[:start][-1:]) and has(f"^{SPACED_WORD}", way)
        ends_amid = has(f"^{SPACED_WORD}", words[end : end + 1]) and has(f"{SPACED_WORD}$", way)
        if not begins_amid and not ends_amid and not has(r"^\p{M}", words[end : end + 1]):
            yield start, end, way
        start = words.find(way, end)


def _longest(found: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Yield `found` in order, without those inside others."""
    until = -1
    for start, end, way in sorted(found, key=lambda place: (place[0], -place[1])):
        if end > until:
            yield start, end, way
            until = end


def _is_called(before: str, way: str, after: str) -> bool:
    """Return whether a first name stands where somebody is spoken to or quoted."""
    if not before.endswith("@") and not has(_NAME_START, way):
        return False
    return (
        (has(_CALL_ENDS, after) and has(_CALLED, before))
        or (has(_FIRST_FOLLOW, after) and has(_CALLED_FIRST, before))
        or has(_TELLS, after)
    )


def _to(span: Span, one: Person, rule: str, confidence: float) -> Hit:
    return hit(span, "participant", rule, confidence, one.id, one.name, target_author_id=one.id)


def titled(text: Text, people: People) -> Iterator[Hit]:
    """Yield titles with the name or initial of an author: the host's if it fits, or the only one's."""
    if not has(rf"{_RANK}\.? \p{{Lu}}", text.masked):
        return
    pattern = rf"{_TITLE}\.? {_NAME_PART}|{_TITLED_INITIAL}"
    for span in filter(stands_alone, spans(pattern, text.masked)):
        fitting = people.parts.get(folded(normal(span.found.split()[-1].strip("."))), [])
        hosts = [one for one in fitting if one.is_host]
        for one in fitting if len(fitting) == 1 else hosts if len(hosts) == 1 else []:
            if one.id != text.comment["author_id"]:
                yield _to(span, one, "participant_title", 0.93)


def persons(text: Text) -> Iterator[Hit]:
    """Yield other people by name: with a title, with initials, or by a common given name."""
    words = text.masked
    if has(rf"{_RANK}\.? \p{{Lu}}", words):
        yield from (_named(span, 0.93) for span in spans(_TITLED, words) if stands_alone(span))
    for span in filter(stands_alone, spans(_INITIALS, words)):
        if (
            not has(r"\p{Lu}[. ]+$", span.before)
            and not has(r"^(?:I |A |\p{Lu} I )|^U[. ]+[KS]|^P[. ]+S[. ]", span.found)
            and has(r"\p{Ll}{2}", span.found)
        ):
            yield _named(span, 0.9)
    if _GIVEN_NAMES.isdisjoint(compiled(r"\p{Lu}\p{L}+").findall(words)):
        return
    for span in filter(stands_alone, spans(_GIVEN, words)):
        if (
            not has("[/@#_.-]$", span.before[-1:])
            and without("['’]s?$", span.found.split()[-1]) not in NOT_SURNAMES
            and has(r"\p{Ll}['’]?s?$", span.found)
        ):
            yield _named(span, 0.88)


def _named(span: Span, confidence: float) -> Hit:
    return hit(span.cut(without("['’]s?$", span.found)), "person", "person_name", confidence)


def addressed(found: Hit, people: People) -> Hit | None:
    """Return a handle with the author it means, where there is just one such; None if it is code and means nobody."""
    if found.kind != "handle":
        return found
    meant = people.handles.get(folded(found.id), set())
    if len(meant) == 1:
        return found._replace(confidence=0.99, target_author_id=next(iter(meant)))
    return found if found.confidence > DOUBTFUL else None
