"""Find whom a comment addresses: commenters called by name, and earlier comments that it quotes."""

import re
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from threadmill.replies.model.terms import PairIndex, Terms

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

IN_PASSING, CALLED, ADDRESSED = 1.0, 2.0, 3.0
"""Where a name is in a comment: anywhere; at the start; at the start as an address, or after "@"."""

MOST_BEFORE = 3
"""A name with at most this many words before it is at the start."""

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
_BEFORE = [
    re.compile(r"(\W*)"),
    *(re.compile(rf"\W*(?:\w+\W+){{{count}}}\w+\W(\W*)") for count in range(MOST_BEFORE)),
]
"""The text before a word, by how many words precede it. The word begins within the group or at its end."""
_CALL_ENDS = re.compile(r"\s*(?:[,:!\-–—.\n]|$)")
_QUOTED = re.compile(r"^\s*\\?>\s?(.+)$|[“\"«„]([^”\"»“\n]{12,300})[”\"»“]", re.MULTILINE)
_WORD = re.compile(r"\w+")
_QUOTES_READ = 6
_QUOTE_TERMS = 12
_BLOCK_LEAST, _INLINE_LEAST = 2, 4
"""Words that a quote needs. Outside forums, 148 of 152 quoted lines were in replies to the comment they quote; of
inline quotes, 30 of 58 that are at least this long and 25 of 67 shorter ones."""


class Called(NamedTuple):
    """One row per comment and commenter of its thread that it names."""

    comment: Ints
    author: Ints
    strength: Floats
    opens: Ints
    """0, or 1 where the comment opens with "@" and a word of the name, 2 with "@" and all of it."""


def find_called(
    texts: list[str], authors: Ints, names: list[str], threads: Ints, found: Terms
) -> Called:
    """Return whom each comment names among the people who commented before it in its thread.

    `texts` and `names` are in lower case. `authors[i]` indexes `names`; each author belongs to one thread.
    `found` holds the terms of the texts followed by those of the names.
    """
    size = len(texts)
    # A list, because taking single values out of a series costs more than the rest of this function.
    words = found.words.to_list()
    hit, author = _find_bearers(size, authors, names, threads, found, words)
    comment, code = found.text[hit], found.code[hit]
    place = hit - np.searchsorted(found.text, np.arange(size))[comment]
    rarity = found.rarity[code]
    is_long = np.array([len(word) > 3 for word in words], dtype=bool)
    strength = np.where((rarity > 4.5) & is_long[code], IN_PASSING, 0.5)
    opens = np.zeros(len(hit), dtype=np.int64)
    has_at = np.array(["@" in text for text in texts], dtype=bool)
    greets = np.array([word in _GREETINGS for word in words], dtype=bool)[found.code]
    # Only greetings precede a name if the last other term belongs to an earlier text.
    last_other = np.maximum.accumulate(np.where(greets, -1, np.arange(len(greets))))
    follows = np.concatenate([[-1], last_other[:-1]])[hit] < hit - place
    is_near = place <= MOST_BEFORE
    some = np.flatnonzero((is_near & follows) | has_at[comment])
    rows = (values[some].tolist() for values in (comment, code, place, author, rarity, follows))
    for k, (i, c, at, a, rare, greeted) in zip(some.tolist(), zip(*rows, strict=True), strict=True):
        text, word = texts[i], words[c]
        if "@" + word in text:
            strength[k] = ADDRESSED
        elif at <= MOST_BEFORE and greeted:
            strength[k] = _grade_start(text, word, at, rare)
        if at <= MOST_BEFORE:
            opens[k] = _grade_opening(text, names[a], at)
    pair, row = np.unique(comment * (len(names) + 1) + author, return_inverse=True)
    strongest, most = np.zeros(len(pair)), np.zeros(len(pair), dtype=np.int64)
    np.maximum.at(strongest, row, strength)
    np.maximum.at(most, row, opens)
    return Called(pair // (len(names) + 1), pair % (len(names) + 1), strongest, most)


def _find_bearers(
    size: int, authors: Ints, names: list[str], threads: Ints, found: Terms, words: list[str]
) -> tuple[Ints, Ints]:
    """Return where `found` has a word of somebody's name, and whose name: one row per word and bearer.

    Bearers commented in the thread before the comment with the word, which isn't their own.
    """
    in_text = found.text < size
    first_text = np.full(len(names), size)
    np.minimum.at(first_text, authors, np.arange(size))
    owner, code = found.text[~in_text] - size, found.code[~in_text]
    good = np.array([_is_name(words[c]) for c in code.tolist()], dtype=bool)
    owner, code = owner[good], code[good]
    width = len(found.hashes) + 1
    key = threads[np.minimum(first_text[owner], size - 1)] * width + code
    order = np.argsort(key, kind="stable")
    key, owner = key[order], owner[order]
    own = threads[found.text[in_text]] * width + found.code[in_text]
    hits = np.flatnonzero(np.isin(own, key))
    low, high = (np.searchsorted(key, own[hits], side) for side in ("left", "right"))
    count = high - low
    hit = np.repeat(hits, count)
    author = owner[np.repeat(low - np.cumsum(count) + count, count) + np.arange(len(hit))]
    comment = found.text[hit]
    is_other = (author != authors[comment]) & (first_text[author] < comment)
    return hit[is_other], author[is_other]


def _grade_opening(text: str, name: str, place: int) -> int:
    """Return `Called.opens` for a text with a word of `name` at `place`."""
    start = text.lstrip()
    if not start.startswith("@"):
        return 0
    whole = start.startswith(name, 1) and not start[1 + len(name) : 2 + len(name)].isalnum()
    return 2 if whole else int(place == 0)


def _is_name(word: str) -> bool:
    return (len(word) > 2 or not word.isascii()) and word not in _NOT_NAMES and not word.isdigit()


def _grade_start(text: str, word: str, place: int, rarity: float) -> float:
    """Return the strength of a name whose `word`, at `place` of a text, only greetings precede."""
    begins = _BEFORE[place].match(text)
    first, last = begins.span(1) if begins else (0, -1)
    # The word begins at the group's end, unless it begins with a combining mark, which isn't in `\w`.
    while (at := text.find(word, first, last + len(word))) >= 0:
        if _CALL_ENDS.match(text, at + len(word)):
            return ADDRESSED if rarity > 4 else CALLED
        first = at + 1
    return CALLED if rarity > 3.5 else IN_PASSING


class Quoted(NamedTuple):
    """One row per pair in which the later comment quotes the earlier one."""

    pair: Ints
    is_block: NDArray[np.bool_]
    """Whether the quote is on its own line, after ">"."""


def find_quoted(texts: list[str], pair_of: PairIndex) -> Quoted:
    """Return the pairs in which the later comment quotes the earlier one; `texts` are in lower case.

    Quotation marks need at least four words between them: around two or three, people mostly discuss a word.
    """
    marked = pl.Series(texts, dtype=pl.String).str.contains(r"[>\"“«„]").arg_true().to_list()
    plain: dict[int, str] = {}
    found: dict[int, bool] = {}
    for i in marked:
        for line, inline in _QUOTED.findall(texts[i])[:_QUOTES_READ]:
            words = _WORD.findall(line or inline)[:_QUOTE_TERMS]
            if len(words) < (_BLOCK_LEAST if line else _INLINE_LEAST):
                continue
            wanted = f" {' '.join(words)} "
            for lag in range(1, int(pair_of.count[i]) + 1):
                j = i - lag
                if j not in plain:
                    plain[j] = f" {' '.join(_WORD.findall(texts[j]))} "
                if wanted in plain[j]:
                    pair = int(pair_of.start[i]) + lag - 1
                    found[pair] = found.get(pair, False) or bool(line)
    rows = sorted(found)
    return Quoted(
        np.array(rows, dtype=np.int64), np.array([found[row] for row in rows], dtype=bool)
    )
