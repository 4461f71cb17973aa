"""The words of texts, and the words that set each thread apart from all others."""

import csv
import math
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pandas as pd

from reference.frames import declared, frame
from reference.hosts import Row
from reference.patterns import compiled

_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー"
_ADDRESS = compiled(r"https?://\S+")
_POSSESSIVE = compiled(r"'s(?a:\b)")
_SPACED_WORD = compiled(r"[\p{L}\p{M}\p{N}]+(?:'[\p{L}\p{M}]+)*")
_IS_UNSPACED = compiled(f"[{_UNSPACED}]")
_RUN = compiled(rf"[{_UNSPACED}]+|(?:[\p{{L}}--[{_UNSPACED}]]|[\p{{M}}\p{{N}}])+")
_LETTER = compiled(r"\p{L}")
_LEAST_HERE, _LEAST_COMMENTS, _MOST = 3, 2, 30
_Q = 0.01
_PRIOR = 500


def tokens(text: str) -> list[str]:
    """Return the words of `text` in lower case; of scripts without spaces, overlapping pairs of characters."""
    if "http" in text:
        text = _ADDRESS.sub(" ", text)
    lower = text.replace("’", "'").lower()
    if not lower.isascii() and _IS_UNSPACED.search(lower):
        return [word for run in _unspaced_runs(lower) for word in run]
    if "'s" in lower:
        lower = _POSSESSIVE.sub("", lower)
    return list(_SPACED_WORD.findall(lower))


def _unspaced_runs(lower: str) -> list[list[str]]:
    return [
        [one + other for one, other in pairwise(run)]
        if len(run) > 1 and _IS_UNSPACED.match(run)
        else [run]
        for run in _RUN.findall(lower)
    ]


def stop_words(vocabulary: Path) -> dict[str, list[str]]:
    """Return each function word with the languages it is one of."""
    found: dict[str, list[str]] = {}
    with (vocabulary / "stop_words.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["word"], []).append(row["language"])
    return found


class Counts:
    """How often each thread uses each word, and in how many comments."""

    def __init__(self) -> None:
        self.words: dict[str, Counter[str]] = {}
        self.comments: dict[str, Counter[str]] = {}
        self.spoken: dict[str, int] = {}
        """How many comments of each thread have words."""

    def add(self, thread: str, said: list[list[str]]) -> None:
        """Count the words of the comments of `thread`; words of one comment alone are none of the thread's."""
        self.words[thread] = Counter(word for words in said for word in words)
        self.comments[thread] = Counter(word for words in said for word in set(words))
        self.spoken[thread] = sum(map(bool, said))


def _languages(counts: Counts, stops: dict[str, list[str]]) -> dict[str, str]:
    """Return the language of each thread: whose function words it uses most."""
    own: dict[str, Counter[str]] = {}
    whole: Counter[str] = Counter()
    for thread, words in counts.words.items():
        own[thread] = Counter()
        for word in words.keys() & stops.keys():
            for language in stops[word]:
                own[thread][language] += words[word]
        whole.update(own[thread])
    return {
        thread: min(spoken, key=lambda one: (-spoken[one], -whole[one], one))
        for thread, spoken in own.items()
        if spoken
    }


def thread_keywords(counts: Counts, stops: dict[str, list[str]]) -> pd.DataFrame:
    """Return one row per thread and word that is far more frequent there than in all others."""
    languages = _languages(counts, stops)
    is_content: dict[str, bool] = {}
    totals: Counter[str] = Counter()
    comment_totals: Counter[str] = Counter()
    sizes: dict[str, int] = {}
    for thread, words in counts.words.items():
        language = languages.get(thread)
        for word in words:
            if word not in is_content:
                is_content[word] = len(word) > 1 and _LETTER.search(word) is not None
        counted = {
            word: count
            for word, count in words.items()
            if is_content[word] and language not in stops.get(word, ())
        }
        totals.update(counted)
        comment_totals.update({word: counts.comments[thread][word] for word in counted})
        sizes[thread] = sum(counted.values())
        counts.words[thread] = Counter(
            {
                word: count
                for word, count in counted.items()
                if count >= _LEAST_HERE and counts.comments[thread][word] >= _LEAST_COMMENTS
            }
        )
    whole, spoken = sum(sizes.values()), sum(counts.spoken.values())
    tested = [
        _tested(thread, word, here, totals[word], sizes[thread], whole)
        | _of_comments(
            counts.comments[thread][word], comment_totals[word], counts.spoken[thread], spoken
        )
        for thread, words in counts.words.items()
        for word, here in words.items()
        if whole > sizes[thread] and here * whole > totals[word] * sizes[thread]
    ]
    return declared("thread_keywords", frame("thread_keywords", _kept(tested)))


def _tested(thread: str, word: str, here: int, total: int, size: int, whole: int) -> Row:
    """Return what tells a word that is `here` times among the `size` words of a thread."""
    there, rest = total - here, whole - size
    prior = _PRIOR * total / whole
    odds = math.log((here + prior) / (size + _PRIOR - here - prior)) - math.log(
        (there + prior) / (rest + _PRIOR - there - prior)
    )
    return {
        "thread_id": thread,
        "word": word,
        "occurrence_count": here,
        "other_occurrence_count": there,
        "g2": _g2(here, total, size, whole),
        "log_ratio": math.log2((here / size) / ((there or 0.5) / rest)),
        "z": odds / math.sqrt(1 / (here + prior) + 1 / (there + prior)),
    }


def _of_comments(here: int, total: int, size: int, whole: int) -> Row:
    """Return in how many of a thread's comments a word is, and the chance of that many or more of them."""
    g2 = max(0, _g2(here, total, size, whole)) if here * whole > total * size else 0
    return {"comment_count": here, "p": math.erfc(math.sqrt(g2 / 2))}


def _g2(here: int, total: int, size: int, whole: int) -> float:
    there, rest = total - here, whole - size
    cells = (
        (here, total * size / whole),
        (there, total * rest / whole),
        (size - here, (whole - total) * size / whole),
        (rest - there, (whole - total) * rest / whole),
    )
    return 2 * sum(seen * math.log(seen / expected) for seen, expected in cells if seen)


def _kept(tested: list[Row]) -> list[Row]:
    """Return the words that tell most of their threads, after Benjamini and Hochberg."""
    telling = [row for row in tested if row["p"] <= _Q]
    telling.sort(key=lambda row: (row["p"], row["thread_id"], row["word"]))
    least = math.inf
    for place in range(len(telling), 0, -1):
        row = telling[place - 1]
        least = min(least, row["p"] * len(tested) / place)
        row["q"] = least
    best = sorted(
        (row for row in telling if row["q"] <= _Q),
        key=lambda row: (row["thread_id"], -row["g2"], row["word"]),
    )
    ranks: Counter[str] = Counter()
    for row in best:
        ranks[row["thread_id"]] += 1
        row["rank"] = ranks[row["thread_id"]]
    return [row for row in best if row["rank"] <= _MOST]
