"""Dates in other languages → the same in English, by the words that dateparser knows of each.

dateparser itself takes a second for a text that is no date, and guesses where languages disagree. Here a word that
means two months, or a word that isn't known, makes the whole text unknown.
"""

import importlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

LANGUAGES = (
    "ar bg ca cs da de el en es et eu fa fi fr gl he hi hr hu id is it ja ko lt lv nb nl nn pl pt ro ru sk sl sr sv "
    "sw th tr uk vi zh"
)
_MONTHS = "january february march april may june july august september october november december"
MONTHS = tuple(_MONTHS.split())
UNITS = {
    "second": "s", "minute": "min", "hour": "h", "day": "d", "week": "w", "month": "mo", "year": "y"
}  # fmt: skip
"""Each unit with the one that `dates` knows."""
TEXT_MAX_CHARS = 60
"""Longer texts are no dates."""
NUMBER_MAX_DIGITS = 6
PHRASE_MIN_CHARS = 4
"""Shorter phrases of plain letters, as `no` and `ma`, are words of something else in other languages."""
UNDOTTED = {"lis": 11, "listopada": 11}
"""Months of Polish, which writes no dot behind the day, and others of Croatian, which does."""
PARTICLES = "de del di d of the r р г год года года. року г. р. ж. év van el na kl um at à at. den am le klo"
JUST_NOW = (
    *("just now", "gerade eben", "à l'instant", "akkurat nå", "lige nu", "ahora mismo"),
    *("agora mesmo", "только что"),
)
OTHER_AGES = {
    "d": ("πριν # ημέρες", "πριν # μέρες", "prieš # dienas", "prieš # d"),
    "h": ("πριν # ώρες", "prieš # valandas"),
}
"""What dateparser lacks."""
HEBREW_IN = "ב"
"""Stands before a month, as one word with it."""
BUDDHIST_FROM, BUDDHIST_YEARS = 2400, 543
"""Years of the Thai calendar, as shown in Thailand."""
NUMBER = "#"
_NUMBERED = re.compile(r"\(\\d\+\+?\[\.,\]\?\\d\*\+?\)")
_PLAIN = re.compile(r"[^\\()\[\]{}*+?|^$]*#[^\\()\[\]{}*+?|^$]*\Z")
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)(?::\d\d)?")
_DAY = re.compile(r"(\d{1,2})(?:º|er|st|nd|rd|th|e)?(\.?)\Z")


class Words(NamedTuple):
    """What is known of all languages; words that mean several things are left out."""

    months: dict[str, int]
    ago: dict[str, str]
    """`vor#tagen` → `d`: how long ago, without blanks."""
    phrases: dict[str, str]
    """`gestern` → `1 d`."""
    numbers: dict[str, str]
    """`eine` → `1`."""
    halves: dict[str, str]
    """`nachm` → `PM`."""
    particles: frozenset[str]


def translate(text: str) -> str | None:
    """Return the date that `text` says in any of `LANGUAGES`, as English writes it; None if it is none for certain.

    A day is `Mar 9` or `Mar 9, 2024`, with a time `Mar 9, 2024, 14:05`; an age is `3 d`.
    """
    plain = _normalise(text)
    if not plain or len(plain) > TEXT_MAX_CHARS:
        return None
    return _translate_age(plain) or _translate_day(plain)


def _normalise(text: str) -> str:
    """Return `text` in small letters and plain digits, without marks of direction."""
    kept = (one for one in unicodedata.normalize("NFC", text) if unicodedata.category(one) != "Cf")
    plain = "".join(str(unicodedata.digit(one, one)) for one in kept)
    return " ".join(plain.lower().replace("’", "'").replace("॰", ".").replace("׳", "").split())


def _squeeze(phrase: str) -> str:
    return re.sub(r"[\s.]", "", phrase)


def _translate_age(plain: str) -> str | None:
    words = read_words()
    if known := words.phrases.get(_squeeze(plain)):
        return known
    numbers = re.findall(r"\d+", plain)
    if len(numbers) > 1:
        return None
    tokens = plain.split()
    ways = (
        [(numbers[0], plain.replace(numbers[0], NUMBER))]
        if numbers
        else [
            (words.numbers[one], " ".join([*tokens[:place], NUMBER, *tokens[place + 1 :]]))
            for place, one in enumerate(tokens)
            if one in words.numbers
        ]
    )
    for number, phrase in ways:
        if (unit := words.ago.get(_squeeze(phrase))) and len(number) < NUMBER_MAX_DIGITS:
            return f"{number} {unit}"
    return None


def _translate_day(plain: str) -> str | None:
    words = read_words()
    clock = _CLOCK.search(plain)
    rest = plain[: clock.start()] + " " + plain[clock.end() :] if clock else plain
    days: list[int] = []
    months: list[int | None] = []
    years: list[int] = []
    halves: list[str] = []
    is_dotted = False
    for token in re.split(r"[\s,/;·]+", rest):
        bare = _squeeze(token)
        if found := _DAY.match(token):
            days.append(int(found[1]))
            is_dotted = bool(found[2])
        elif re.fullmatch(r"\d{4}\.?", token):
            years.append(int(bare))
        elif month := words.months.get(bare) or words.months.get(bare.removeprefix(HEBREW_IN)):
            months.append(month)
        elif bare in UNDOTTED:
            months.append(None if is_dotted else UNDOTTED[bare])
        elif clock and bare in words.halves:
            halves.append(words.halves[bare])
        elif bare and token not in words.particles and bare not in words.particles:
            return None
    if (len(days), len(months)) != (1, 1) or len(years) > 1 or len(halves) > 1 or not months[0]:
        return None
    year = years[0] - BUDDHIST_YEARS if years and years[0] >= BUDDHIST_FROM else sum(years)
    written = f"{MONTHS[months[0] - 1][:3]} {days[0]}" + (f", {year}" if year else "")
    return written + (f", {clock[1]}:{clock[2]} {''.join(halves)}".rstrip() if clock else "")


@cache
def read_words() -> Words:
    """Return the words of all `LANGUAGES`."""
    names = [f"dateparser.data.date_translation_data.{one}" for one in LANGUAGES.split()]
    infos: list[dict[str, Any]] = [importlib.import_module(name).info for name in names]
    months, ago, made, phrases, numbers, halves = (
        defaultdict[str, set[Any]](set) for _ in range(6)
    )
    particles = set(PARTICLES.split())
    for info in infos:
        for number, month in enumerate(MONTHS, 1):
            _add(months, number, info.get(month, ()))
        for unit, short in UNITS.items():
            _add(ago, short, _list_given_ages(info, unit))
            _add(made, short, _list_made_ages(info, unit))
        for meaning, given in (info.get("relative-type") or {}).items():
            amount, unit, *way = meaning.split()
            if way == ["ago"] and unit in ("second", "minute", "hour", "day"):
                long = (one for one in given if len(one) >= PHRASE_MIN_CHARS or not one.isascii())
                _add(phrases, f"{amount} {UNITS[unit]}", long)
        for one in info.get("simplifications") or ():
            for word, meaning in one.items():
                if str(meaning).isdigit() and str(word).isalpha():
                    _add(numbers, str(meaning), [word])
        _add(halves, "AM", info.get("am", ()))
        _add(halves, "PM", info.get("pm", ()))
        particles |= {_normalise(one) for one in [*info.get("skip", ()), *info.get("pertain", ())]}
    for phrase in JUST_NOW:
        _add(phrases, "0 s", [phrase])
    for unit, words in OTHER_AGES.items():
        _add(ago, unit, words)
    return Words(
        _keep_single(months),
        _keep_single(made) | _keep_single(ago),
        _keep_single(phrases),
        _keep_single(numbers),
        _keep_single(halves),
        frozenset(particles),
    )


def _list_given_ages(info: dict[str, Any], unit: str) -> Iterator[str]:
    """Yield how a language says how many of `unit` ago, with `#` for the number."""
    for pattern in (info.get("relative-type-regex") or {}).get(f"\\1 {unit} ago", ()):
        phrase = _NUMBERED.sub(NUMBER, pattern).replace(r"\s*", "")
        if _PLAIN.match(phrase):
            yield phrase
            # Norwegian and Swedish leave their `for` and `för` out too.
            before, _, after = phrase.partition(NUMBER)
            if before.strip() and " " in after.strip():
                yield NUMBER + after


def _list_made_ages(info: dict[str, Any], unit: str) -> Iterator[str]:
    """Yield what a word for `unit` makes with one for ago, before or behind it, or alone."""
    for own in info.get(unit, ()):
        yield f"{NUMBER} {own}"
        for word in info.get("ago", ()):
            yield f"{NUMBER} {own} {word}"
            yield f"{word} {NUMBER} {own}"


def _add(found: dict[str, set[Any]], meaning: object, words: Iterable[object]) -> None:
    for word in words:
        found[_squeeze(_normalise(str(word)))].add(meaning)


def _keep_single(found: dict[str, set[Any]]) -> dict[str, Any]:
    """Return the words that mean one thing in all languages, with it."""
    return {word: one for word, (one, *more) in found.items() if word and not more}
