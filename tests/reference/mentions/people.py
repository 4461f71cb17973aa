"""People: authors of the thread by name, form of address or title, and others by name."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from reference.hosts import Row
from reference.mentions import expressions as written
from reference.mentions.hits import Hit, Text, folded, hit, normal
from reference.mentions.identifiers import DOUBTFUL
from reference.patterns import (
    UNSPACED,
    WORD,
    Span,
    alone,
    compiled,
    extract,
    listed,
    spans,
    without,
)


def _names(name: str) -> frozenset[str]:
    path = Path(__file__).with_name(f"{name}.txt")
    return frozenset(path.read_text(encoding="utf-8").split())


_GIVEN, _FURTHER = _names("given_names"), _names("further_names")
_ALSO_WORDS, _NO_PEOPLE = _names("names_also_words"), _names("names_of_no_people")
_NICKNAME_WORDS, _ORDINARY = _names("nickname_words"), _names("ordinary_words")
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
    *listed(
        "Theatre Theater Museum Hall Tower Bridge Square Stadium Arena Library Falls Creek Canal"
    ),
    *listed("Harbour Harbor Palace Castle Inn Lane Drive Boulevard Line Terminal Building Gardens"),
    *listed("Zoo Market Mall Cup League Open Awards Press Records Studios Group Labs Ridge Trail"),
    *listed("Peak Desert Ocean Sea Gulf Marathon"),
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
        signs = one.is_host or (one.written[:1].isupper() and not _is_unlike(one))
        for part in (one.first, one.last, *((one.first[:1], one.last[:1]) if signs else ())):
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


_CAMEL = compiled(r"\A\p{L}\S*\p{Ll}\p{Lu}\S*\Z|\A\p{L}{14,}\Z")
_LAST_INITIALS = compiled(r"(?: \p{Lu}\.?)+\Z")
_GIVEN_LAST = compiled(r"\p{Lu}\p{Ll}+-\p{L}\p{Ll}+")
_LONG_SURNAME = compiled(r"\p{Lu}\p{Ll}{3,}")


def _is_unlike(one: Person) -> bool:
    """Return whether a name is no other word."""
    has_sign = any(sign in "0123456789_" for sign in one.written)
    return len(one.written) >= _NICKNAME_CHARS and bool(has_sign or _CAMEL.search(one.written))


def _is_real(one: Person) -> bool:
    head = one.written.split()[0] if one.written else ""
    return bool(
        _NAME_LIKE.search(one.written)
        and head not in _ALSO_WORDS
        and one.first not in _NICKNAME_WORDS
    )


def _ways(people: list[Person]) -> Iterator[tuple[str, Way]]:
    """Yield how the names of `people` may be written: as they are and with capitals, whole or in part."""
    firsts, lasts = (
        Counter(one.first for one in people),
        Counter(one.last for one in people if _is_real(one) and " " in one.whole),
    )
    for one in people:
        spellings: list[tuple[str, bool, bool]] = []
        if " " in one.whole or _is_unlike(one):
            spellings.append((one.written, True, True))
            bare = without(_LAST_INITIALS, one.written)
            if bare != one.written and " " in bare:
                spellings.append((bare, True, True))
        may_call = _MAY_CALL.fullmatch(one.first) or one.first in _SHORT_NAMES
        if firsts[one.first] == 1 and may_call and one.first not in _NICKNAME_WORDS:
            head = one.written.split()[0]
            spellings.append((head, False, head in _ONE_NAME or _is_real(one)))
        if _is_real(one) and " " in one.whole and lasts[one.last] == 1:
            spellings += _last_names(one)
        parts = list(_nicknames(one, people))
        spellings += [(part, False, is_given) for part, is_given in parts]
        small = (folded(part) for part, _ in parts)
        spellings += [
            (part, False, False)
            for part in small
            if len(part) >= _NICKNAME_CHARS and part not in _ORDINARY
        ]
        for spelling, is_full, is_given in spellings:
            for way in dict.fromkeys((spelling, spelling.title())):
                if any(map(str.isalnum, way)):
                    yield way, Way(one.id, one.name, is_full, is_given, is_author=True)


def _last_names(one: Person) -> list[tuple[str, bool, bool]]:
    """Return the surname, or the given name where that is the last."""
    head, last = one.written.split()[0], one.written.split()[-1]
    if head not in _ANY_GIVEN and _GIVEN_LAST.fullmatch(last):
        return [(last, False, True)]
    if _LONG_SURNAME.fullmatch(last) and last not in _ANY_GIVEN | NOT_SURNAMES | _NO_PEOPLE:
        return [(last, False, False)]
    return []


def _parts(one: Person) -> list[str]:
    """Return the parts of a nickname that may name somebody, each once, with capitals."""
    head = one.written.split()[0] if one.written else ""
    if (_NAME_LIKE.search(one.written) and head in _ONE_NAME) or _PLAIN_NICKNAME.search(
        one.written
    ):
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
_REPLIED_TO = compiled(
    rf"\A(\p{{Lu}}[\p{{L}}\p{{N}}_]+)(?i: (?:{written.REPLIES}|{written.PREDICATES})\b)"
)
_SMALL_FIRST = compiled(
    written.SMALL_FIRST.replace("[a-z]", r"\p{Ll}").replace(r"[A-Za-z0-9_\x03]", r"[\p{L}\p{N}_]")
)
_SMALL_LAST = compiled(
    written.SMALL_LAST.replace("[a-z]", r"\p{Ll}").replace(r"[A-Za-z0-9_\x03]", r"[\p{L}\p{N}_]")
)
_TEXT_STARTS, _STARTS = compiled(written.TEXT_STARTS), compiled(written.STARTS)
_SURE_FOLLOW, _REPLY_FOLLOW = compiled(written.SURE_FOLLOW), compiled(written.REPLY_FOLLOW)
_MARKED_END = compiled(written.MARKED_END)
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
    for word, way in _surnames(titles, people):
        ways.setdefault(word, []).append(way)
    found = [one for text in texts for one in _placed(text, ways)]
    known_by = {(one.way.id, one.word) for one in found if one.way and one.is_called}
    named_hits = {
        id(text): [*own, *titled(text, people), *_users(text, people)]
        for text, own in zip(texts, titles, strict=True)
    }
    given: dict[int, list[Hit]] = {id(text): [] for text in texts}
    for one in found:
        own_hits = list(_hits(one, people, known_by))
        named_hits[id(one.text)] += own_hits
        given[id(one.text)] += [
            each for each in own_hits if each.rule in ("person_name", "person_given")
        ]
    again: dict[str, list[Way]] = {}
    for word, way in _surnames([list(dict.fromkeys(given[id(text)])) for text in texts], people):
        if word not in ways:
            again.setdefault(word, []).append(way)
    more = [one for text in texts for one in _placed(text, again, only=True)]
    known_by = {(one.way.id, one.word) for one in more if one.way and one.is_called}
    for one in more:
        if one.way and _is_named(one, known_by):
            name = one.span.found if one.way.id is None else one.way.name
            named_hits[id(one.text)].append(
                hit(one.span, "person", "person_surname", 0.85, one.way.id, name)
            )
    return [named_hits[id(text)] for text in texts]


_USER = compiled(r"/?u/[A-Za-z0-9_-]{3,}")
_USER_BEFORE, _USER_GOES_ON = compiled(r"(?:\A|[^\p{L}\p{N}_/.:-])\Z"), compiled(r"\A[/\p{L}\p{N}]")


def _users(text: Text, people: People) -> Iterator[Hit]:
    """Yield `u/name`: an author of the thread, or somebody else."""
    for span in spans(_USER, text.masked):
        if not _USER_BEFORE.search(span.before) or _USER_GOES_ON.search(span.after):
            continue
        name = span.found.rpartition("/")[2]
        meant = next((one for one in people.people if one.whole == folded(name)), None)
        if meant is None:
            yield hit(span, "person", "person_user", 0.85, folded(name), name)
        elif meant.id != text.comment["author_id"]:
            yield _to(span, meant.id, meant.name, "participant_user", 0.97)


def _surnames(titles: list[list[Hit]], people: People) -> Iterator[tuple[str, Way]]:
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
    pairs = [(_surname(one), one) for one, _ in order]
    pairs += [(_given_part(one, people), one) for one, _ in order]
    for word, one in pairs:
        if word:
            ids.setdefault(word, set()).add(one.id)
            names.setdefault(word, one.name)
    for surname, own in ids.items():
        only = next(iter(own)) if len(own) == 1 else None
        yield surname, Way(only, names[surname], is_full=False, is_given=True, is_author=False)


def _surname(one: Hit) -> str | None:
    _, blank, last = one.name.rpartition(" ")
    may_be = _MAY_BE_SURNAME.fullmatch(last) and (blank or one.rule == "person_related")
    surname = normal(last)
    is_other = surname in NOT_SURNAMES or surname in _ONE_NAME or not surname[-1:].islower()
    return surname if may_be and not is_other else None


_TWO_NAMES = compiled(r"\A(\p{Lu}\p{Ll}{2,}) (?:\p{Lu}\.? )?\p{Lu}\p{L}+\Z")
_TITLE_FIRST = compiled(rf"\A{written.TITLE}\b")


def _given_part(one: Hit, people: People) -> str | None:
    """Return the given name of a person, unless an author has it or it names somebody anyway."""
    given = extract(_TWO_NAMES, one.name)
    if given is None or _TITLE_FIRST.search(one.name) or given in _ONE_NAME:
        return None
    heads = {other.written.split()[0] for other in people.people if other.written}
    return None if given in heads else given


_MAY_BE_SURNAME = compiled(r"\p{Lu}[\p{L}'’-]{2,}")
_RULE_ORDER = {
    (0.93, False): 0,
    (0.93, True): 0,
    (0.9, False): 1,
    (0.8, False): 3,
    (0.8, True): 3,
    (0.9, True): 4,
    (0.85, False): 6,
    (0.85, True): 6,
    (0.88, False): 7,
    (0.88, True): 7,
}


def _words(text: Text) -> set[str]:
    """Return the words of `text` that may name somebody."""
    phrases = (match.group() for match in _PHRASE.finditer(text.normal))
    words = {word.removeprefix("@") for phrase in phrases for word in _CAPITALISED.findall(phrase)}
    opening = _OPENING.match(text.normal)
    words |= {opening[1]} & _ONE_NAME if opening else set()
    edges = (
        _REPLIED_TO.match(text.normal),
        _SMALL_FIRST.match(text.normal),
        _SMALL_LAST.search(text.normal[-40:]),
    )
    return words | {edge[1] for edge in edges if edge}


def _placed(text: Text, ways: dict[str, list[Way]], *, only: bool = False) -> Iterator[_Found]:
    words = _words(text)
    wanted = set() if only else {word for word in words if word in _ANY_GIVEN}
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
            yield _Found(span, text, span.found, whose, is_called, _is_alone(span, whose))


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


def _is_addressed(span: Span, way: Way | None) -> bool:
    """Return whether a name stands where somebody is spoken to."""
    before, after = span.before, span.after
    is_given = way is not None and way.is_given
    begins = _TEXT_STARTS.search(before)
    return bool(
        (_CALL_ENDS.search(after) and _CALLED.search(before))
        or (_THANKED.search(before) and not _SURNAME_AFTER.search(after))
    ) or bool(
        (_FIRST_FOLLOW.search(after) and _CALLED_FIRST.search(before))
        or (begins and _REPLY_FOLLOW.search(after) and folded(span.found) not in _ORDINARY)
        or (begins and is_given and _SURE_FOLLOW.search(after))
    )


def _is_cased(span: Span, way: Way | None) -> bool:
    if span.left == "@" or _HAS_NO_SMALL_START.match(span.found):
        return True
    is_small = span.found[:1].islower() and span.found not in _ORDINARY
    return is_small and _is_addressed(span, way)


def _is_called(span: Span, way: Way | None) -> bool:
    """Return whether a name stands where somebody is spoken to or quoted, or is a whole one."""
    if way and way.is_full:
        return True
    return _is_cased(span, way) and bool(_is_addressed(span, way) or _TELLS.search(span.after))


def _is_alone(span: Span, way: Way | None) -> bool:
    """Return whether no other part of a name is beside it."""
    before, after = span.before, span.after
    other = _NAME_BEFORE.search(before)
    return _is_cased(span, way) and not (
        not _ISOLATED.search(before)
        or _OTHER_NAME.search(before)
        or (other and other[1] in _ONE_NAME | _GIVEN)
        or _SURNAME_AFTER.search(after)
        or _VERSUS_AFTER.search(after)
        or _VERSUS_BEFORE.search(before)
        or _JOINED.search(after)
    )


def _is_named(one: _Found, known_by: set[tuple[str | None, str]]) -> bool:
    """Return whether the owner of the name is meant."""
    way, before, after = one.way, one.span.before, one.span.after
    if way is None or one.is_called or not one.is_alone:
        return way is not None and one.is_called
    is_known = way.is_given or (way.id, one.word) in known_by
    starts = _STARTS.search(before)
    return bool(
        (one.word in _ONE_NAME and way.is_given)
        or (is_known and _WITHIN.search(before))
        or (way.is_given and starts and _SURE_FOLLOW.search(after))
        or (not way.is_author and starts and _MARKED_END.search(after))
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
        is_named = _is_named(one, known_by)
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
_TITLED_LETTER = compiled(rf"{written.TITLE}\.? \p{{Lu}}\.?")
_NO_LETTER_AFTER = compiled(r"\A['’]\p{L}{2}|\A[.-]?\p{L}|\A \p{Lu}|\A\. ?\p{Lu}\p{Ll}+ \p{Lu}")
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
        for span in alone(_TITLED_LETTER, text.masked):
            if not _NO_LETTER_AFTER.search(span.after):
                found.append(_named(span, 0.8))
    for whole in spans(_PLURAL, text.masked) if _SIGNED.search(text.masked) else ():
        for name in alone(_NAME_PART, whole.found):
            if name.start:
                place = whole._replace(start=whole.start + name.start, end=whole.start + name.end)
                found.append(hit(place, "person", "person_name", 0.9))
    if _LOW_SIGNS.search(text.folded):
        found += [_named(span, 0.9) for span in alone(_LOW_TITLED, text.masked)]
    return [*found, *_related(text.masked), *_speaking(text)]


_OF_SOMEBODY, _NAMED_SO = compiled(written.OF_SOMEBODY), compiled(written.NAMED)
_NAME_THERE = compiled(r"(\p{Lu}\p{Ll}+(?:-\p{Lu}?\p{Ll}+)?(?: \p{Lu}\p{Ll}+)?)\Z")
_SPEAKS, _NOT_NAMES = compiled(written.SPEAKS), compiled(written.NOT_NAMES)
_SPEAKER = compiled(r"\A(\p{Lu}\p{Ll}+(?: \p{Lu}\.)? \p{Lu}[\p{L}'’]+)")
_CAPITAL_BEFORE = compiled(r"\p{Lu}[\p{L}.'’-]* \Z")


def _related(masked: str) -> Iterator[Hit]:
    """Yield persons by whom they are to somebody (`my brother Ned`), or after `a man named`."""
    ends: set[int] = set()
    found = [*alone(_OF_SOMEBODY, masked)]
    found += [span for span in spans(_NAMED_SO, masked) if not span.right.isalpha()]
    for span in found:
        name = extract(_NAME_THERE, span.found) or ""
        if span.end not in ends:
            ends.add(span.end)
            yield hit(span.last(len(name)), "person", "person_related", 0.85)


def _speaking(text: Text) -> Iterator[Hit]:
    """Yield persons by two names before a verb of speech."""
    for span in alone(_SPEAKS, text.masked):
        is_other = _NOT_NAMES.search(span.found) or span.found.split()[0].lower() in _ORDINARY
        if not is_other and not _CAPITAL_BEFORE.search(span.before):
            name = extract(_SPEAKER, span.found) or ""
            yield hit(span.first(len(name)), "person", "person_speaking", 0.8)


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
