"""What a comment's words tell by their form: language, whether it asks, thanks, or repeats."""

import re
from collections import Counter
from typing import Any

from reference.hosts import Row
from reference.patterns import any_of, compiled

_ADDRESS = compiled(r"https?://\S+|www\.\S+")


def _any_of(ways: str) -> Any:
    """Return an expression that finds one of `ways` as whole words, in any case."""
    return compiled(rf"(?i)(?a:\b)(?:{ways})(?a:\b)")


_WONDERS = _any_of(
    r"wonder(?:ing|ed)? (?:if|whether|what|why|how|who|when)"
    "|any(?:one|body) (?:else )?(?:knows?|tried|had|has|have|got)|does any(?:one|body)|can (?:any|some)(?:one|body)"
)
_NO_THANKS = _any_of(
    "thank (?:god|goodness|heavens?|fuck|christ|the lord|jesus)|no,? thank(?:s| you)|thanks to"
)
_THANKS = _any_of(
    "thank(?:s|you|ful)?|thx|tysm|ty|grateful|gratitude|much appreciated|bless you|merci|gracias|danke"
    "|(?:i|we|really|greatly|much|so) appreciate[sd]?|appreciate (?:it|you|your|this|the|that)"
)
_DONE = (
    "was had got took tried started stopped lost suffered suffer developed lived live remember take"
)
_HAVE = "had been suffered tried taken lived ms type"
_MINE = "diagnosis symptoms symptom illness disease condition doctor neurologist consultant gp mri medication meds"
_OWN_LIFE = _any_of(
    rf"i (?:{any_of(_DONE)}|am on|have (?:{any_of(_HAVE)}))"
    r"|i['’]ve (?:had|been|tried|taken|suffered|lived|got)|(?:i['’]m|i am) (?:on|taking|[1-9][0-9]|diagnosed)"
    r"|as (?:someone|somebody|a person) (?:with|who)|in my (?:own )?(?:case|experience)|my own"
    rf"|my (?:{any_of(_MINE)}|treatment|relapses?)"
)
_READ_CHARS, _LEAST_CHARS = 100, 20
"""Of a text, its beginning tells the language; too short a one tells none."""
_NO_LANGUAGE = compiled(r"(?i)(?:https?://|www\.)\S+|[@#][\p{L}\p{N}_]+|\S+@\S+\.\p{L}+")
_REFUSED = compiled(r"[\p{Cc}\p{Cn}]")
"""Control characters and noncharacters, which CLD2 refuses."""
_TODAYS_CODES = {"iw": "he", "in": "id", "jw": "jv", "ji": "yi", "zh-Hant": "zh"}
_WORD = compiled(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}]|[\p{L}\p{N}\p{M}]+")
"""A word, or a character where spaces don't divide words."""
_RUN_WORDS, _WORDS_MIN, _SAME_SHARE = 3, 8, 0.6
"""A comment of so many words repeats another if this share of the shorter one's runs of words is in both."""

try:
    import pycld2
except ImportError:  # pragma: no cover  # there is no wheel for this machine
    pycld2 = None


def tell(comment: Row) -> None:
    """Give a comment its language, and whether it asks, thanks, or tells of its author's life."""
    text = comment["text"]
    has_address = "http" in text or "www." in text
    comment |= {
        "is_question": _asks(_ADDRESS.sub("", text) if has_address else text),
        "is_gratitude": _THANKS.search(_NO_THANKS.sub("", text)) is not None,
        "is_own_experience": _OWN_LIFE.search(text) is not None,
        **_language(text),
    }


def _asks(text: str) -> bool:
    """Return whether a question mark ends words, or words ask without one."""
    for mark in re.finditer("[?？؟]", text):
        before = text[: mark.start()].removesuffix(".")
        if any(map(str.isalnum, before[max(map(before.rfind, ".!?\n")) + 1 :])):
            return True
    return _WONDERS.search(text) is not None


def _language(text: str) -> Row:
    """Return the language of the beginning of `text`, and how often CLD2 is right about so much of it."""
    begun = _NO_LANGUAGE.sub(" ", text[: 3 * _READ_CHARS])
    begun = _REFUSED.sub(" ", begun).strip()[:_READ_CHARS]
    if len(begun) >= _LEAST_CHARS and pycld2 is not None:
        is_sure, _, ((_, code, *_), *_) = pycld2.detect(begun, isPlainText=True)
        code = _TODAYS_CODES.get(code, code)
        if is_sure and len(code) == 2 and code != "un":
            sure = 0.98 if len(begun) < 30 else 0.995 if len(begun) < 50 else 0.999
            return {"language": code, "language_confidence": sure}
    return {"language": None, "language_confidence": None}


def repeat(comments: list[Row]) -> None:
    """Say of each comment of a thread which earlier one by its author it repeats, if any."""
    often = Counter(comment["author_id"] for comment in comments)
    first: dict[tuple[Any, ...], int] = {}
    own: dict[int, set[tuple[str, ...]]] = {}
    for place, comment in enumerate(comments):
        comment["duplicate_of"] = None
        if often[comment["author_id"]] < 2:
            continue
        said = _WORD.findall(comment["text"].lower())
        if len(said) < _WORDS_MIN:
            continue
        own[place] = set(zip(*(said[at:] for at in range(_RUN_WORDS)), strict=False))
        shared: Counter[int] = Counter()
        for run in own[place]:
            shared[first.setdefault((comment["author_id"], *run), place)] += 1
        shares = {
            earlier: count / min(len(own[place]), len(own[earlier]))
            for earlier, count in shared.items()
            if earlier < place
        }
        if shares:
            best = min(shares, key=lambda earlier: (-shares[earlier], earlier))
            if shares[best] >= _SAME_SHARE:
                comment["duplicate_of"] = comments[best]["comment_id"]
