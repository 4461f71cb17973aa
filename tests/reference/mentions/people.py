"""People: authors of the thread by name, form of address or title, and others by name."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from reference.hosts import Row
from reference.mentions import expressions as written
from reference.mentions.hits import Hit, Text, folded, hit, normal
from reference.mentions.identifiers import DOUBTFUL
from reference.patterns import UNSPACED, WORD, Span, alone, compiled, listed, spans, without


def _names(name: str) -> frozenset[str]:
    path = Path(__file__).with_name(f"{name}.txt")
    return frozenset(path.read_text(encoding="utf-8").split())


_GIVEN, _FURTHER = _names("given_names"), _names("further_names")
_ALSO_WORDS, _NO_PEOPLE = _names("names_also_words"), _names("names_of_no_people")
_NICKNAME_WORDS = _names("nickname_words")
_ONE_NAME = (_GIVEN | _FURTHER) - _ALSO_WORDS
"""Names that name somebody even alone."""
_ANY_GIVEN = (_GIVEN | _FURTHER | _ALSO_WORDS) - _NO_PEOPLE
"""Names that name somebody with a surname."""
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
_NICKNAME_CHARS = 5
_LEADING_TITLE = compiled(rf"\A{written.TITLE}\.? ")
_DEGREE = compiled(written.DEGREES)
_NAME_LIKE = compiled(written.NAME_LIKE)
_PLAIN_NICKNAME = compiled(r"\A\p{L}\p{Ll}+\Z")
_SMALL_THEN_CAPITAL = compiled(r"(\p{Ll})(\p{Lu})")
_THREE_LETTERS = compiled(r"\p{L}{3,}")
_LETTERS = compiled(r"\p{L}+")


class Person(NamedTuple):
    """An author of the thread: the name without title and degrees, and its folded parts."""

    id: str
    name: str
    is_host: bool
    written: str
    whole: str
    first: str
    last: str


class Way(NamedTuple):
    """A way to write a name, and whose it is."""

    id: str | None
    name: str
    is_full: bool
    is_given: bool
    is_author: bool


class People(NamedTuple):
    """Who may be meant in a thread."""

    people: list[Person]
    ways: dict[str, list[Way]]
    """Each way to write a name → whose it is."""
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
    ways: dict[str, list[Way]] = {}
    for spelling, way in _ways(people):
        ways.setdefault(spelling, []).append(way)
    return People(
        people, ways, {part: list(each.values()) for part, each in parts.items()}, handles
    )


def _person(author: str, name: str, is_host: bool) -> Person:
    bare = without(_DEGREE, without(_LEADING_TITLE, " ".join(name.split())))
    own = normal(bare).strip()
    whole = folded(own)
    parts = whole.split() or [""]
    return Person(author, name, is_host, own, whole, parts[0], parts[-1])


_MAY_CALL = compiled(r"[\p{L}\p{M}.'_0-9-]{3,}|[\p{Han}\p{Hangul}\p{Katakana}\p{Hiragana}]{2,}")


def _ways(people: list[Person]) -> Iterator[tuple[str, Way]]:
    """Yield how the names of `people` may be written: as they are and with capitals, whole or in part."""
    firsts = Counter(one.first for one in people)
    for one in people:
        spellings: list[tuple[str, bool, bool]] = []
        is_unlike = any(sign in "0123456789_" for sign in one.written)
        if " " in one.whole or (is_unlike and len(one.written) >= _NICKNAME_CHARS):
            spellings.append((one.written, True, True))
        may_call = _MAY_CALL.fullmatch(one.first) or one.first in _SHORT_NAMES
        if firsts[one.first] == 1 and may_call and one.first not in _NICKNAME_WORDS:
            head = one.written.split()[0]
            is_real = _NAME_LIKE.search(one.written) and head not in _ALSO_WORDS
            spellings.append((head, False, head in _ONE_NAME or bool(is_real)))
        spellings += [(part, False, is_given) for part, is_given in _nicknames(one, people)]
        for spelling, is_full, is_given in spellings:
            for way in dict.fromkeys((spelling, spelling.title())):
                if any(map(str.isalnum, way)):
                    yield way, Way(one.id, one.name, is_full, is_given, is_author=True)


def _parts(one: Person) -> list[str]:
    """Return the parts of a nickname that may name somebody, each once, with capitals."""
    if _NAME_LIKE.search(one.written) or _PLAIN_NICKNAME.search(one.written):
        return []
    spaced = _SMALL_THEN_CAPITAL.sub(r"\1 \2", one.written)
    found = dict.fromkeys(_THREE_LETTERS.findall(spaced))
    unlike = {folded(part): part.title() for part in reversed(found)}
    kept = [unlike[lower] for lower in dict.fromkeys(map(folded, found))]
    is_single = " " not in one.whole
    return [
        part
        for part in kept
        if folded(part) not in _NICKNAME_WORDS and (is_single or part in _ONE_NAME)
    ]


def _nicknames(one: Person, people: list[Person]) -> Iterator[tuple[str, bool]]:
    used: dict[str, set[str]] = {}
    for other in people:
        for word in (other.first, *(folded(part) for part in _parts(other))):
            used.setdefault(word, set()).add(other.id)
    given = 0
    for part in _parts(one):
        if len(used[folded(part)]) == 1:
            given += part in _ONE_NAME
            yield part, part in _ONE_NAME and given == 1


_PHRASE, _CAPITALISED = compiled(written.PHRASE), compiled(written.CAPITALISED)
_OPENING = compiled(r"\A(\p{Lu}\p{L}+)")
_BEGINS = compiled(written.NAME_START)
_GOES_ON_SMALL = compiled(r"\A\S+ [a-z]")
_FIRST_WORD = compiled(rf"\A([[{WORD}]--[{UNSPACED}]]+)")
_CALLED, _CALL_ENDS = compiled(written.CALLED), compiled(written.CALL_ENDS)
_THANKED, _CALLED_FIRST = compiled(written.THANKED), compiled(written.CALLED_FIRST)
_FIRST_FOLLOW, _TELLS = compiled(written.FIRST_FOLLOW), compiled(written.TELLS)
_ISOLATED = compiled(written.ISOLATED_BEFORE)
_OTHER_NAME, _NAME_BEFORE = compiled(written.OTHER_NAME_BEFORE), compiled(written.NAME_BEFORE)
_SURNAME, _SURNAME_AFTER = compiled(written.SURNAME), compiled(written.SURNAME_AFTER)
_WITHIN = compiled(written.WITHIN)
_VERSUS_AFTER, _VERSUS_BEFORE = compiled(r"\A vs?\.? "), compiled(r" vs?\.? \Z")
_JOINED = compiled(r"\A(?:[-_/@&]|['’]s \p{Lu}|\.\p{L})")
_HAS_NO_SMALL_START = compiled(r"[\p{Lu}\p{Lo}]")
_ENDS_SMALL = compiled(r"\p{Ll}['’]?s?\Z")
_POSSESSIVE = compiled(r"['’]s?\Z")
_WORD_BEFORE, _STOP_BEFORE = compiled(r"[\p{L}\p{N}/@#_.-]\Z"), compiled(r"[\p{L}\p{N}][.] \Z")
_NOTHING_AFTER = compiled(r"\A\W*\Z")


class _Found(NamedTuple):
    span: Span
    text: Text
    word: str
    way: Way | None
    is_called: bool
    is_alone: bool


def named(texts: list[Text], people: People) -> list[list[Hit]]:
    """Return, for each of the `texts` of a thread, the authors and persons that it names."""
    titles = [_titled_persons(text) for text in texts]
    ways = {word: list(each) for word, each in people.ways.items()}
    for word, way in _surnames(titles):
        ways.setdefault(word, []).append(way)
    found = [one for text in texts for one in _placed(text, ways)]
    known_by = {(one.way.id, one.word) for one in found if one.way and one.is_called}
    named_hits = {
        id(text): [*own, *titled(text, people)] for text, own in zip(texts, titles, strict=True)
    }
    for one in found:
        named_hits[id(one.text)] += _hits(one, people, known_by)
    return [named_hits[id(text)] for text in texts]


def _surnames(titles: list[list[Hit]]) -> Iterator[tuple[str, Way]]:
    """Yield the surnames of persons with a title or initials, by which the thread names them again."""
    order = sorted(
        ((one, at) for at, own in enumerate(titles) for one in own),
        key=lambda pair: (
            _RULE_ORDER[pair[0].confidence, pair[0].name.split()[0][:1].islower()],
            pair[1],
        ),
    )
    ids: dict[str, set[str]] = {}
    names: dict[str, str] = {}
    for one, _ in order:
        _, blank, last = one.name.rpartition(" ")
        surname = normal(last)
        if not blank or not _MAY_BE_SURNAME.fullmatch(last):
            continue
        if surname in NOT_SURNAMES or surname in _ONE_NAME or not surname[-1:].islower():
            continue
        ids.setdefault(surname, set()).add(one.id)
        names.setdefault(surname, one.name)
    for surname, own in ids.items():
        only = next(iter(own)) if len(own) == 1 else None
        yield surname, Way(only, names[surname], is_full=False, is_given=True, is_author=False)


_MAY_BE_SURNAME = compiled(r"\p{Lu}[\p{L}'’-]{2,}")
_RULE_ORDER = {(0.93, False): 0, (0.93, True): 0, (0.9, False): 1, (0.9, True): 2}


def _words(text: Text) -> set[str]:
    """Return the words of `text` that may name somebody."""
    phrases = (match.group() for match in _PHRASE.finditer(text.normal))
    words = {word.removeprefix("@") for phrase in phrases for word in _CAPITALISED.findall(phrase)}
    opening = _OPENING.match(text.normal)
    return words | ({opening[1]} & _ONE_NAME if opening else set())


def _placed(text: Text, ways: dict[str, list[Way]]) -> Iterator[_Found]:
    words = _words(text)
    wanted = {word for word in words if word in _ANY_GIVEN}
    for way, each in ways.items():
        first = _FIRST_WORD.match(way)
        begins = _BEGINS.match(way) or not any(one.is_full for one in each)
        if begins and first and not _GOES_ON_SMALL.match(way):
            if first[1] in words:
                wanted.add(way)
        elif way in text.normal:
            wanted.add(way)
    found = [span for way in wanted for span in _standing(way, text)]
    for span in _longest(found):
        owners: list[Way | None] = [*ways.get(span.found, [])]
        for whose in owners or [None]:
            is_called = _is_called(span, whose)
            yield _Found(span, text, span.found, whose, is_called, _is_alone(span))


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


def _is_cased(span: Span) -> bool:
    return span.left == "@" or bool(_HAS_NO_SMALL_START.match(span.found))


def _is_called(span: Span, way: Way | None) -> bool:
    """Return whether a name stands where somebody is spoken to or quoted, or is a whole one."""
    before, after = span.before, span.after
    if way and way.is_full:
        return True
    return _is_cased(span) and bool(
        (_CALL_ENDS.search(after) and _CALLED.search(before))
        or (_THANKED.search(before) and not _SURNAME_AFTER.search(after))
        or (_FIRST_FOLLOW.search(after) and _CALLED_FIRST.search(before))
        or _TELLS.search(after)
    )


def _is_alone(span: Span) -> bool:
    """Return whether no other part of a name is beside it."""
    before, after = span.before, span.after
    other = _NAME_BEFORE.search(before)
    return _is_cased(span) and not (
        not _ISOLATED.search(before)
        or _OTHER_NAME.search(before)
        or (other and other[1] in _ONE_NAME | _GIVEN)
        or _SURNAME_AFTER.search(after)
        or _VERSUS_AFTER.search(after)
        or _VERSUS_BEFORE.search(before)
        or _JOINED.search(after)
    )


def _hits(one: _Found, people: People, known_by: set[tuple[str | None, str]]) -> Iterator[Hit]:
    way, span, own = one.way, one.span, one.text.comment["author_id"]
    is_handle = way and way.is_author and " " in one.word and span.left == "@"
    if way and is_handle:
        whole = span._replace(start=span.start - 1)
        yield hit(
            whole, "handle", "handle", 0.99, folded(one.word), one.word, target_author_id=way.id
        )
        return
    if way:
        is_within = _WITHIN.search(span.before) is not None
        is_known = way.is_given or (way.id, one.word) in known_by
        is_named = one.is_called or (
            one.is_alone and ((one.word in _ONE_NAME and way.is_given) or (is_known and is_within))
        )
        if is_named and way.is_author and way.id != own:
            sure = 0.97 if way.is_full else 0.9 if one.is_called else 0.85
            yield _to(span, way.id, way.name, "participant_name", sure)
        if is_named and not way.is_author:
            name = span.found if way.id is None else way.name
            yield hit(span, "person", "person_surname", 0.85, way.id, name)
    if one.word in _ANY_GIVEN:
        yield from _given(one, people)


def _given(one: _Found, people: People) -> Iterator[Hit]:
    """Yield a given name, with the surname after it or alone."""
    span, surname = one.span, None
    after = _SURNAME.search(span.after)
    if after:
        last = without(_POSSESSIVE, after[1].split()[-1])
        is_clear = not _WORD_BEFORE.search(span.before) or _STOP_BEFORE.search(span.before)
        if _ENDS_SMALL.search(after[1]) and last not in NOT_SURNAMES and is_clear:
            surname = without(_POSSESSIVE, after[1])
    if surname is not None:
        yield hit(span._replace(end=span.end + len(surname)), "person", "person_name", 0.88)
    elif one.is_alone and one.word in _ONE_NAME:
        words = _own_words(one.text.comment["author_id"], people)
        word = folded(one.word)
        is_own = word in words and (word == words[0] or _NOTHING_AFTER.search(span.after))
        if not is_own:
            yield hit(span, "person", "person_given", 0.8)


def _own_words(author: str, people: People) -> list[str]:
    own = next((one for one in people.people if one.id == author), None)
    if own is None:
        return []
    return list(_LETTERS.findall(folded(_SMALL_THEN_CAPITAL.sub(r"\1 \2", own.written))))


def _to(span: Span, author: str | None, name: str, rule: str, confidence: float) -> Hit:
    return hit(span, "participant", rule, confidence, author, name, target_author_id=author)


_SIGNED = compiled(written.SIGNS)
_TITLED = compiled(rf"{written.TITLE}\.? {written.NAME_PART}|{written.TITLED_INITIAL}")
_GLUED_INITIAL = compiled(r"\A(?:Prof|Dr)(\p{Lu})\Z")


def titled(text: Text, people: People) -> Iterator[Hit]:
    """Yield titles with the name or initial of an author: the host's if it fits, or the only one's."""
    if not _SIGNED.search(text.masked):
        return
    for span in alone(_TITLED, text.masked):
        word = _GLUED_INITIAL.sub(r"\1", span.found.split()[-1].strip("."))
        fitting = people.parts.get(folded(normal(word)), [])
        hosts = [one for one in fitting if one.is_host]
        for one in fitting if len(fitting) == 1 else hosts if len(hosts) == 1 else []:
            if one.id != text.comment["author_id"]:
                yield _to(span, one.id, one.name, "participant_title", 0.93)


_TITLED_NAME = compiled(written.TITLED)
_WITH_INITIALS = compiled(written.INITIALS)
_INITIAL_BEFORE = compiled(r"\p{Lu}[. ]+\Z")
_NO_INITIALS = compiled(r"\A(?:I |A |\p{Lu} I |U[. ]+[KS]|P[. ]+S[. ])")
_TWO_SMALL = compiled(r"\p{Ll}{2}")
_PLURAL, _NAME_PART = compiled(written.PLURAL), compiled(written.NAME_PART)
_LOW_SIGNS, _LOW_TITLED = compiled(written.LOW_SIGNS), compiled(written.LOW_TITLED)


def _titled_persons(text: Text) -> list[Hit]:
    """Return other people with a title or with initials."""
    found: list[Hit] = []
    if _SIGNED.search(text.masked):
        found += [_named(span, 0.93) for span in alone(_TITLED_NAME, text.masked)]
        for span in alone(_WITH_INITIALS, text.masked):
            if (
                not _INITIAL_BEFORE.search(span.before)
                and not _NO_INITIALS.search(span.found)
                and _TWO_SMALL.search(span.found)
            ):
                found.append(_named(span, 0.9))
    for whole in spans(_PLURAL, text.masked) if _SIGNED.search(text.masked) else ():
        for name in alone(_NAME_PART, whole.found):
            if name.start:
                place = whole._replace(start=whole.start + name.start, end=whole.start + name.end)
                found.append(hit(place, "person", "person_name", 0.9))
    if _LOW_SIGNS.search(text.folded):
        found += [_named(span, 0.9) for span in alone(_LOW_TITLED, text.masked)]
    return found


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
