"""Who is addressed: commenters called by name, and earlier text that is quoted."""

import re
from collections import defaultdict
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from flows.replies.terms import PairIndex, Terms

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

IN_PASSING, CALLED, ADDRESSED = 1.0, 2.0, 3.0
"""How a name stands in a comment: somewhere; at the start; at the start as an address or with "@"."""

_GREETINGS = frozenset(
    [
        *(
            "hi",
            "hello",
            "hey",
            "dear",
            "hallo",
            "hola",
            "hej",
            "bonjour",
            "moin",
            "thanks",
            "thank",
        ),
        *("danke", "gracias", "merci", "lieber", "liebe", "sorry", "yes", "no", "ok", "to", "re"),
        *("for", "and", "you"),
    ]
)
_NOT_NAMES = frozenset(
    [
        *(
            "the",
            "user",
            "guest",
            "anonymous",
            "anonym",
            "admin",
            "und",
            "von",
            "van",
            "der",
            "die",
        ),
        *("das", "and", "for", "you", "not", "one", "all", "new", "man", "real", "mrs", "unknown"),
        *(
            "deleted",
            "removed",
            "none",
            "editor",
            "author",
            "blog",
            "com",
            "www",
            "but",
            "are",
            "was",
        ),
        *(
            "this",
            "that",
            "just",
            "big",
            "old",
            "what",
            "who",
            "why",
            "how",
            "your",
            "from",
            "with",
        ),
        *("his", "her"),
    ]
)
_QUOTED = re.compile(r"^\s*>\s?(.+)$|[“\"«„]([^”\"»“\n]{12,300})[”\"»“]", re.MULTILINE)
_WORD = re.compile(r"\w+")
_QUOTES_READ = 6
_QUOTE_TERMS = 12


class Called(NamedTuple):
    """One row per comment and commenter of its thread whom it names."""

    comment: Ints
    author: Ints
    strength: Floats


def called(
    texts: list[str], authors: Ints, names: list[str], threads: Ints, found: Terms
) -> Called:
    """Return whom each comment names among those who wrote before it in its thread.

    `texts` and `names` are in lower case. `authors[i]` indexes `names`; an author is one thread's.
    `found` holds the terms of the texts followed by those of the names.
    """
    size = len(texts)
    in_text = found.text < size
    first_text = np.full(len(names), size)
    np.minimum.at(first_text, authors, np.arange(size))
    owner = found.text[~in_text] - size
    code = found.code[~in_text]
    # A list: single values out of a series cost more than all the rest of this.
    words = found.words.to_list()
    good = np.array([_is_name(words[c]) for c in code.tolist()], dtype=bool)
    owner, code = owner[good], code[good]
    width = len(found.hashes) + 1
    key = threads[np.minimum(first_text[owner], size - 1)] * width + code
    bearers: dict[int, list[int]] = defaultdict(list)
    for k, a in zip(key.tolist(), owner.tolist(), strict=True):
        bearers[k].append(a)
    comment, own = found.text[in_text], found.code[in_text]
    own_key = threads[comment] * width + own
    hits = np.flatnonzero(np.isin(own_key, key))
    starts = np.searchsorted(comment, np.arange(size))
    strengths: dict[tuple[int, int], float] = {}
    for hit in hits.tolist():
        i, place = int(comment[hit]), hit - int(starts[comment[hit]])
        others = [
            author
            for author in bearers[int(own_key[hit])]
            if author != authors[i] and first_text[author] < i
        ]
        if others:
            before = [words[c] for c in own[hit - min(place, 4) : hit].tolist()]
            rarity = float(found.rarity[own[hit]])
            strength = _strength(texts[i], words[own[hit]], place, before, rarity)
            for author in others:
                strengths[i, author] = max(strengths.get((i, author), 0.0), strength)
    rows = sorted(strengths)
    return Called(
        np.array([i for i, _ in rows], dtype=np.int64),
        np.array([a for _, a in rows], dtype=np.int64),
        np.array([strengths[row] for row in rows]),
    )


def _is_name(word: str) -> bool:
    return (len(word) > 2 or not word.isascii()) and word not in _NOT_NAMES and not word.isdigit()


def _strength(text: str, word: str, place: int, before: list[str], rarity: float) -> float:
    if "@" + word in text:
        return ADDRESSED
    if place <= 3 and all(w in _GREETINGS for w in before):
        start = re.match(rf"\W*(?:\w+\W+){{{place}}}{re.escape(word)}\s*([,:!\-–—.\n]|$)", text)
        if start:
            return ADDRESSED if rarity > 4 else CALLED
        return CALLED if rarity > 3.5 else IN_PASSING
    return IN_PASSING if rarity > 4.5 and len(word) > 3 else 0.5


def quoted(texts: list[str], pair_of: PairIndex) -> tuple[Ints, NDArray[np.bool_]]:
    """Return the pairs in which the later comment has, marked as a quote, words of the earlier one.

    Also returns per comment whether it quotes any. `texts` are in lower case.
    """
    marked = pl.Series(texts, dtype=pl.String).str.contains(r"[>\"“«„]").arg_true().to_list()
    plain: dict[int, str] = {}
    pairs = []
    quotes = np.zeros(len(texts), dtype=bool)
    for i in marked:
        for line, inline in _QUOTED.findall(texts[i])[:_QUOTES_READ]:
            words = _WORD.findall(line or inline)[:_QUOTE_TERMS]
            if len(words) < 2:
                continue
            wanted = f" {' '.join(words)} "
            for lag in range(1, int(pair_of.count[i]) + 1):
                j = i - lag
                if j not in plain:
                    plain[j] = f" {' '.join(_WORD.findall(texts[j]))} "
                if wanted in plain[j]:
                    pairs.append(int(pair_of.start[i]) + lag - 1)
                    quotes[i] = True
    return np.array(sorted(set(pairs)), dtype=np.int64), quotes
