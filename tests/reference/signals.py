"""What a comment's words tell by their form: language, whether it asks, thanks, or repeats."""

import re
from collections import Counter
from typing import Any

from reference.hosts import Row
from reference.patterns import compiled, has
from threadmill.threads.duplicates import SAME_SHARE, WORD, WORDS_MIN
from threadmill.threads.language import (
    _FORMER_CODES,
    _NO_WORDS,
    _REFUSED,
    CONFIDENCES,
    LEAST_CHARS,
    LONG_CONFIDENCE,
    READ_CHARS,
)
from threadmill.threads.signals import ADDRESS, ASKS, NO_THANKS, OWN, THANKS

_WONDERS = ASKS.partition("|")[2]

try:
    import pycld2
except ImportError:  # pragma: no cover  # there is no wheel for this machine
    pycld2 = None


def tell(comment: Row) -> None:
    """Give a comment its language, and whether it asks, thanks, or tells of its author's life."""
    text = comment["text"]
    words = compiled(ADDRESS).sub("", text) if "http" in text or "www." in text else text
    comment |= {
        "is_question": _asks(words),
        "is_gratitude": has(THANKS, compiled(NO_THANKS).sub("", text)),
        "is_own_experience": has(OWN, text),
        **_language(text),
    }


def _asks(words: str) -> bool:
    """Return whether a question mark ends words, or words ask without one."""
    for mark in re.finditer("[?？؟]", words):
        before = words[: mark.start()].removesuffix(".")
        if any(map(str.isalnum, before[max(map(before.rfind, ".!?\n")) + 1 :])):
            return True
    return has(_WONDERS, words)


def _language(text: str) -> Row:
    said: Row = {"language": None, "language_confidence": None}
    begun = compiled(_NO_WORDS).sub(" ", text[: 3 * READ_CHARS])
    begun = compiled(_REFUSED).sub(" ", begun).strip()[:READ_CHARS]
    if len(begun) < LEAST_CHARS or pycld2 is None:
        return said
    is_sure, _, details = pycld2.detect(begun, isPlainText=True)
    code = _FORMER_CODES.get(details[0][1], details[0][1])
    if not is_sure or len(code) != 2 or code == "un":
        return said
    shares = (share for length, share in sorted(CONFIDENCES.items()) if len(begun) < length)
    return {"language": code, "language_confidence": next(shares, LONG_CONFIDENCE)}


def repeat(comments: list[Row]) -> None:
    """Say of each comment of a thread which earlier one by its author it repeats, if any."""
    often = Counter(comment["author_id"] for comment in comments)
    first: dict[tuple[Any, ...], int] = {}
    own: dict[int, set[tuple[str, ...]]] = {}
    for place, comment in enumerate(comments):
        comment["duplicate_of"] = None
        if often[comment["author_id"]] < 2:
            continue
        words = compiled(WORD).findall(comment["text"].lower())
        if len(words) < WORDS_MIN:
            continue
        own[place] = set(zip(words, words[1:], words[2:], strict=False))
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
            if shares[best] >= SAME_SHARE:
                comment["duplicate_of"] = comments[best]["comment_id"]
