"""Names and quotations as runs of words: folded so that all spellings match, and masked in texts."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from typing import NamedTuple

BOX = "█████"
"""Stands for a masked word, whatever its length: a text keeps its number of words."""
RUN_WORDS = 6
"""So many words of somebody's in a row are a quotation."""
SHORTEST = 3
"""Shorter names are masked only behind an `@`: most of what is written like them is something else."""
_WORD = re.compile(r"\w+")


class Word(NamedTuple):
    """A word of a text."""

    folded: str
    start: int
    end: int


def fold(text: str) -> str:
    """Return `text` as the same for compatible forms and case."""
    return unicodedata.normalize("NFKC", text).lower()


def cut_words(text: str) -> list[Word]:
    """Return the words of `text` in their order."""
    return [Word(fold(one[0]), one.start(), one.end()) for one in _WORD.finditer(text)]


def fold_name(name: str) -> str:
    """Return the words of `name`, folded, with spaces between; empty if it has none."""
    return " ".join(word.folded for word in cut_words(name))


def list_runs(text: str) -> Iterator[tuple[int, str]]:
    """Yield each run of `RUN_WORDS` words of `text`: the number of its first word, and the run, folded."""
    words = [word.folded for word in cut_words(text)]
    for first in range(len(words) - RUN_WORDS + 1):
        yield first, " ".join(words[first : first + RUN_WORDS])


def may_be_name(text: str, words: list[Word], first: int, count: int, is_plain: bool) -> bool:
    """Return whether `count` words from the `first` on, which are somebody's name folded, are written as a name.

    One word alone must begin with a capital, where its letters have any, unless she writes herself without
    (`is_plain`); "may" isn't May.
    """
    start, end = words[first].start, words[first + count - 1].end
    if text[start - 1 : start] == "@":
        return True
    if end - start < SHORTEST and text[start:end].isascii():
        return False
    return count > 1 or is_plain or not text[start].islower()


def mask_words(text: str, words: list[Word], masked: Collection[int]) -> str:
    """Return `text` with a `BOX` for each of `words` whose number is in `masked`."""
    pieces, at = [], 0
    for number in sorted(masked):
        pieces += [text[at : words[number].start], BOX]
        at = words[number].end
    return "".join([*pieces, text[at:]])
