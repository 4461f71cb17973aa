"""People: authors of the thread by name, vocative or title, and others by name."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from reference.hosts import Row
from reference.mentions.hits import Hit, Text, folded, hit, normal
from reference.mentions.identifiers import DOUBTFUL
from reference.patterns import UNSPACED, WORD, Span, alone, any_of, compiled, listed, without

_GIVEN_NAMES = Path(__file__).with_name("given_names.txt").read_text(encoding="utf-8").split()
"""Common given names that are no other word."""
NOT_SURNAMES = {
    *listed(
        "Street Road Avenue University College Hospital School Street's Island Islands City County"
    ),
    *listed("Lake River Valley Beach Hill Hills Park Bay Mountain Church Cathedral Prize Award"),
    *listed(
        "Foundation Institute Company Inc Ltd Trial Study Day Syndrome Disease Times Post News"
    ),
    *listed("Magazine Journal Act Law Effect Test Scale Bank Airport Station Hotel Center Centre"),
    *listed("And Or But The A An I Is Was Has Had Have Will Would Can Could If In On At Of To For"),
    *listed("From With Said Says"),
}
"""What makes a given name before it a place, a thing or the beginning of a sentence."""
_SHORT_NAMES = {"al", "bo", "cy", "di", "ed", "jo", "mo", "ty", "vi"}
"""First names of two letters that are no other word."""

_TITLE = f"(?:{any_of('Professor Prof Dr Doctor Mrs Mr Ms Miss Mx Sir Dame')})"
_RANK = f"(?:{_TITLE}|{any_of('Lord Lady Baroness President Senator Judge Pope King Queen Princess Prince')})"
_LEADING_TITLE = compiled(rf"\A{_TITLE}\.? ")
_SURNAME = r"\p{Lu}[\p{L}'’-]*\p{Ll}\p{L}*"
_PARTICLES = f"(?:(?:{any_of('van von de der den di da del al bin el')}) )*"


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
    whole = folded(normal(without(_LEADING_TITLE, " ".join(name.split()))))
    parts = whole.split() or [""]
    return Person(author, name, is_host, whole, parts[0], parts[-1])


_MAY_CALL = compiled(r"[\p{L}\p{M}.'_0-9-]{3,}|[\p{Han}\p{Hangul}\p{Katakana}\p{Hiragana}]{2,}")
"""First names by which somebody may be called: of three letters, or of two signs in East Asia."""


def _ways(people: list[Person]) -> dict[str, list[tuple[Person, bool]]]:
    """Return how the names of `people` may be written: as they are and with capitals, whole or the first alone."""
    firsts = Counter(one.first for one in people)
    ways: dict[str, list[tuple[Person, bool]]] = {}
    for one in people:
        written = normal(without(_LEADING_TITLE, one.name)).strip()
        spellings = [(written, True)] if " " in one.whole else []
        may_call = _MAY_CALL.fullmatch(one.first) or one.first in _SHORT_NAMES
        if firsts[one.first] == 1 and may_call:
            spellings.append((written.split()[0], False))
        for spelling, is_full in spellings:
            for way in dict.fromkeys((spelling, spelling.title())):
                if any(map(str.isalnum, way)):
                    ways.setdefault(way, []).append((one, is_full))
    return ways


def participants(text: Text, people: People) -> Iterator[Hit]:
    """Yield where `text` names another author of its thread."""
    own = text.comment["author_id"]
    found = [span for way in people.ways if way in text.normal for span in _standing(way, text)]
    for span in _longest(found):
        for one, is_full in people.ways[span.found]:
            if one.id != own and (is_full or _is_called(span)):
                yield _to(span, one, "participant_name", 0.97 if is_full else 0.9)


_LETTER = compiled(rf"[[{WORD}]--[{UNSPACED}]]")
"""What words are made of where spaces divide them."""
_MARK = compiled(r"\p{M}")


def _standing(way: str, text: Text) -> Iterator[Span]:
    """Yield where `way` stands in `text` and no word goes on before or after it."""
    start = text.normal.find(way)
    while start >= 0:
        span = Span(text.normal, start, start + len(way), 0, len(text.normal))
        begins_amid = _LETTER.match(span.left) and _LETTER.match(way[0])
        ends_amid = _LETTER.match(span.right) and _LETTER.match(way[-1])
        if not begins_amid and not ends_amid and not _MARK.match(span.right):
            yield span
        start = text.normal.find(way, span.end)


def _longest(found: list[Span]) -> Iterator[Span]:
    """Yield `found` in order, without those inside others."""
    until = -1
    for span in sorted(found, key=lambda span: (span.start, -span.end)):
        if span.end > until:
            yield span
            until = span.end


_GREETINGS = (
    r"hi|hello|hey|dear|thanks?|thank you|thx|cheers|ty|agreed?|agree with|with you|in reply to|replying to"
    r"|sorry|congrats|congratulations|welcome|well said|well put|good point|great point|exactly|yes|yeah|no|ok"
    r"|okay|nice|good luck|bravo|amen|@"
)
_GREETED = compiled(
    rf"(?i)(?:(?:\A|[.!?…\n]\s*|[(\s])(?:{_GREETINGS})[,!:]?(?: again)?"
    r"(?: (?:for this|so much|very much|a lot))?,? ?(?:to )?|, ?|@)\Z"
)
_CALL_ENDS = compiled(r"\A\s?(?:[.!?,…;:)–—]|-\s|\s-|\n|\Z)")
_SENTENCE_BEGINS = compiled(r"\A\s*@?\Z|[.!?…] ?\Z| {2}\Z")
_SPOKEN_TO = compiled(r"\A(?:\s?[,!:–—-]| (?:you|your|thanks|thank you|please)\b)")
_THEIR = (
    "comment post point question reply answer suggestion remark idea link message story experience"
)
_SAY = (
    r"said|says|mentioned|wrote|writes|asked|asks|pointed out|suggested|suggests|replied|noted|notes|posted"
    r"|commented|above|below"
)
_TOLD_OF = compiled(rf"(?i)\A(?:['’]s (?:{any_of(_THEIR)})|,? (?:{_SAY}))\b")
_HAS_NO_SMALL_START = compiled(r"[\p{Lu}\p{Lo}]")


def _is_called(span: Span) -> bool:
    """Return whether a first name stands where somebody is spoken to or quoted."""
    if span.left != "@" and not _HAS_NO_SMALL_START.match(span.found):
        return False
    before, after = span.before, span.after
    return bool(
        (_CALL_ENDS.search(after) and _GREETED.search(before))
        or (_SPOKEN_TO.search(after) and _SENTENCE_BEGINS.search(before))
        or _TOLD_OF.search(after)
    )


def _to(span: Span, one: Person, rule: str, confidence: float) -> Hit:
    return hit(span, "participant", rule, confidence, one.id, one.name, target_author_id=one.id)


_RANKED = compiled(rf"{_RANK}\.? \p{{Lu}}")
_TITLED = compiled(rf"{_TITLE}\.? {_SURNAME}|{_TITLE}\.? \p{{Lu}}")


def titled(text: Text, people: People) -> Iterator[Hit]:
    """Yield titles with the name or initial of an author: the host's if it fits, or the only one's."""
    if not _RANKED.search(text.masked):
        return
    for span in alone(_TITLED, text.masked):
        fitting = people.parts.get(folded(normal(span.found.split()[-1].strip("."))), [])
        hosts = [one for one in fitting if one.is_host]
        for one in fitting if len(fitting) == 1 else hosts if len(hosts) == 1 else []:
            if one.id != text.comment["author_id"]:
                yield _to(span, one, "participant_title", 0.93)


_TITLED_NAME = compiled(rf"{_RANK}\.? (?:\p{{Lu}}\.? ?){{0,2}}{_SURNAME}(?: {_SURNAME}){{0,2}}")
_WITH_INITIALS = compiled(rf"\p{{Lu}}(?:\. ?|\s)\p{{Lu}}(?:\. ?|\s){_SURNAME}")
_INITIAL_BEFORE = compiled(r"\p{Lu}[. ]+\Z")
_NO_INITIALS = compiled(r"\A(?:I |A |\p{Lu} I |U[. ]+[KS]|P[. ]+S[. ])")
_TWO_SMALL = compiled(r"\p{Ll}{2}")
_CAPITALISED = compiled(r"\p{Lu}\p{L}+")
_BY_GIVEN_NAME = compiled(
    rf"(?:{'|'.join(sorted(_GIVEN_NAMES, key=len, reverse=True))}) (?:\p{{Lu}}\.? )?{_PARTICLES}\p{{Lu}}[\p{{L}}'’-]+"
)
_ENDS_SMALL = compiled(r"\p{Ll}['’]?s?\Z")
_POSSESSIVE = compiled(r"['’]s?\Z")


def persons(text: Text) -> Iterator[Hit]:
    """Yield other people by name: with a title, with initials, or by a common given name."""
    if _RANKED.search(text.masked):
        yield from (_named(span, 0.93) for span in alone(_TITLED_NAME, text.masked))
    for span in alone(_WITH_INITIALS, text.masked):
        if (
            not _INITIAL_BEFORE.search(span.before)
            and not _NO_INITIALS.search(span.found)
            and _TWO_SMALL.search(span.found)
        ):
            yield _named(span, 0.9)
    if not any(word in _GIVEN for word in _CAPITALISED.findall(text.masked)):
        return
    for span in alone(_BY_GIVEN_NAME, text.masked):
        if (
            span.left not in set("/@#_.-")
            and without(_POSSESSIVE, span.found.split()[-1]) not in NOT_SURNAMES
            and _ENDS_SMALL.search(span.found)
        ):
            yield _named(span, 0.88)


_GIVEN = frozenset(_GIVEN_NAMES)


def _named(span: Span, confidence: float) -> Hit:
    name = without(_POSSESSIVE, span.found)
    return hit(span.first(len(name)), "person", "person_name", confidence)


def addressed(found: Hit, people: People) -> Hit | None:
    """Return a handle with the author it means, where there is just one such; None if it is code and means nobody."""
    if found.kind != "handle":
        return found
    meant = people.handles.get(folded(found.id), set())
    if len(meant) == 1:
        return found._replace(confidence=0.99, target_author_id=next(iter(meant)))
    return found if found.confidence > DOUBTFUL else None
