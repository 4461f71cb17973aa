"""Find the terms of comments, and which earlier comments share them: all threads of a batch at once.

A term is a run of letters and digits in lower case; in Chinese, Japanese and Korean script, every
two adjacent characters. Its weight is its rarity in the training text: log(N / df) in
`BUCKETS` hashed buckets (feature hashing: Weinberger et al. 2009), so no word list ships.
"""

from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
BUCKETS = 1 << 15
CJK = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_TERM = rf"[{CJK}]|[\w--[{CJK}]]+"
_CJK = rf"^[{CJK}]$"
COMMON = 1.2
"""Don't compare terms with less rarity than this: they are in almost every second comment."""
RARE = 2.5
"""Terms with at least this rarity show what a comment is about."""
PHRASE = 5
"""If two comments share this many terms in a row, one repeats the other."""


class Terms(NamedTuple):
    """Every term of every text in order, and the hash, rarity and word of each distinct term."""

    text: Ints
    """The index of each occurrence's text, ascending."""
    code: Ints
    """The index of each occurrence's term in `hashes`, `rarity` and `words`."""
    hashes: NDArray[np.uint64]
    rarity: Floats
    words: pl.Series


def find_terms(texts: pl.Series, rarity: NDArray[np.uint8]) -> Terms:
    """Return the terms of `texts`, which are in lower case. `rarity` holds sixteenths per bucket."""
    found = (
        pl.DataFrame({"text": pl.int_range(len(texts), eager=True), "term": texts})
        .with_columns(pl.col("term").str.extract_all(_TERM))
        .explode("term")
        .drop_nulls("term")
    )
    text = found["text"].to_numpy().astype(np.int64)
    # New categories are numbered from 0, at half the cost of sorting hashes.
    coded = found["term"].cast(pl.Categorical(pl.Categories.random()))
    code = coded.to_physical().to_numpy().astype(np.int64)
    some = np.empty(code.max(initial=-1) + 1, dtype=np.int64)
    some[code] = np.arange(len(code))
    words = found["term"].gather(some)
    hashes = np.frombuffer(b"".join(map(_hash_term, words.to_list())), dtype="<u8")
    hashes = hashes.astype(np.uint64)
    script = words.str.contains(_CJK).to_numpy()
    if script.any():
        hashes, code, words = _join_ideographs(text, code, hashes, script, words)
    buckets = (hashes >> np.uint64(20)) & np.uint64(BUCKETS - 1)
    return Terms(text, code, hashes, rarity[buckets.astype(np.int64)] / 16.0, words)


@lru_cache(maxsize=1 << 17)
def _hash_term(word: str) -> bytes:
    return blake2b(word.encode(), digest_size=8).digest()


def _join_ideographs(
    text: Ints,
    code: Ints,
    hashes: NDArray[np.uint64],
    script: NDArray[np.bool_],
    words: pl.Series,
) -> tuple[NDArray[np.uint64], Ints, pl.Series]:
    """Return the hashes, codes and words of the terms, with each ideograph joined to the next one of its text."""
    whole = hashes[code]
    joined = np.zeros(len(code), dtype=bool)
    joined[:-1] = script[code[:-1]] & script[code[1:]] & (text[:-1] == text[1:])
    both = whole.copy()
    both[:-1][joined[:-1]] = (
        whole[:-1][joined[:-1]] * np.uint64(0x9E3779B97F4A7C15) + whole[1:][joined[:-1]]
    )
    unique, first, inverse = np.unique(both, return_index=True, return_inverse=True)
    return unique, inverse.astype(np.int64), words.gather(code[first])


def measure_rarity(texts: pl.Series) -> NDArray[np.uint8]:
    """Return log(N / df) of every bucket over `texts`, in sixteenths."""
    found = find_terms(texts, np.zeros(BUCKETS, dtype=np.uint8))
    buckets = ((found.hashes >> np.uint64(20)) & np.uint64(BUCKETS - 1)).astype(np.int64)[
        found.code
    ]
    seen = np.unique(found.text * BUCKETS + buckets) % BUCKETS
    documents = np.bincount(seen, minlength=BUCKETS)
    rarity = np.log((len(texts) + 1) / (documents + 1))
    return np.clip(np.round(rarity * 16), 0, 255).astype(np.uint8)


class Postings(NamedTuple):
    """One row per comment and distinct term, ordered by thread, term and position."""

    comment: Ints
    code: Ints
    times: Ints
    group: Ints
    """The same number for rows with the same term of the same thread."""


def list_postings(found: Terms, threads: Ints) -> Postings:
    """Return the postings of `found`, where `threads[i]` is the thread of text i."""
    width, size = max(len(found.hashes), 1), len(threads)
    by_hash = np.argsort(found.hashes)
    order_of = np.empty(width, dtype=np.int64)
    order_of[by_hash] = np.arange(len(found.hashes))
    # One number encodes a whole row, so that only one array has to be sorted.
    group = threads[found.text] * width + order_of[found.code]
    key, count = np.unique(group * size + found.text, return_counts=True)
    group = key // size
    return Postings(key % size, by_hash[group % width], count.astype(np.int64), group)


def measure_cohesion(posts: Postings, rarity: Floats, size: int, pair_of: "PairIndex") -> Floats:
    """Return per pair the cosine of the rarity-weighted terms of both comments.

    Terms that are in nearly every text only count towards the lengths.
    """
    weight = (1 + np.log(posts.times)) * rarity[posts.code]
    length = np.sqrt(np.bincount(posts.comment, weight * weight, minlength=size))
    length[length == 0] = 1
    telling = rarity[posts.code] >= COMMON
    comment, same = posts.comment[telling], posts.group[telling]
    value = (weight / length[posts.comment])[telling]
    pairs, products = [], []
    at = np.arange(len(comment))
    for lag in range(1, pair_of.window + 1):
        at = at[at + lag < len(comment)]
        at = at[(same[at + lag] == same[at]) & (comment[at + lag] - comment[at] <= pair_of.window)]
        if not len(at):
            break
        pairs.append(pair_of(comment[at + lag], comment[at]))
        products.append(value[at + lag] * value[at])
    return pair_of.sum_by_pair(pairs, products)


def weigh_latest_terms(
    posts: Postings, rarity: Floats, pair_of: "PairIndex"
) -> tuple[Floats, Floats]:
    """Return per pair the rarity of shared terms last used in the earlier comment, and of those first used there."""
    telling = rarity[posts.code] >= RARE
    comment, same, value = posts.comment[telling], posts.group[telling], rarity[posts.code][telling]
    if len(comment) < 2:
        return pair_of.sum_by_pair([], []), pair_of.sum_by_pair([], [])
    again = same[1:] == same[:-1]
    new = np.ones(len(comment), dtype=bool)
    new[1:] = ~again
    later, earlier = comment[1:], comment[:-1]
    near = again & (later - earlier <= pair_of.window)
    first = near & new[:-1]
    return (
        pair_of.sum_by_pair([pair_of(later[near], earlier[near])], [value[1:][near]]),
        pair_of.sum_by_pair([pair_of(later[first], earlier[first])], [value[1:][first]]),
    )


def count_repeated_phrases(found: Terms, threads: Ints, pair_of: "PairIndex") -> Floats:
    """Return per pair how many distinct runs of `PHRASE` terms both comments have."""
    n = len(found.code) - PHRASE + 1
    if n < 2:
        return pair_of.sum_by_pair([], [])
    whole = found.hashes[found.code]
    rolled = np.zeros(n, dtype=np.uint64)
    for k in range(PHRASE):
        rolled = rolled * np.uint64(0x100000001B3) + whole[k : k + n]
    inside = found.text[:n] == found.text[PHRASE - 1 :]
    comment = found.text[:n][inside]
    key = rolled[inside] ^ (threads[comment].astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))
    # Most runs occur once; dropping them first makes the sort below, the most expensive step, smaller.
    ordered = np.sort(key)
    twice = pl.Series(ordered[1:][ordered[1:] == ordered[:-1]], dtype=pl.UInt64)
    repeated = pl.Series(key, dtype=pl.UInt64).is_in(twice.implode()).to_numpy()
    key, comment = key[repeated], comment[repeated]
    order = np.argsort(key, kind="stable")
    key, comment = key[order], comment[order]
    keep = np.ones(len(key), dtype=bool)
    keep[1:] = (key[1:] != key[:-1]) | (comment[1:] != comment[:-1])
    key, comment = key[keep], comment[keep]
    pairs = []
    at = np.arange(len(key))
    for lag in range(1, 7):
        at = at[at + lag < len(key)]
        at = at[(key[at + lag] == key[at]) & (comment[at + lag] - comment[at] <= pair_of.window)]
        pairs.append(pair_of(comment[at + lag], comment[at]))
    return pair_of.sum_by_pair(pairs, [np.ones(len(p)) for p in pairs])


class PairIndex:
    """The pairs (comment, earlier comment of its thread) of a batch, nearest first per comment."""

    def __init__(self, position: Ints, window: int) -> None:
        self.window = window
        self.count = np.minimum(position, window)
        self.start = np.concatenate([[0], np.cumsum(self.count)])
        self.later = np.repeat(np.arange(len(position)), self.count)
        self.lag = np.arange(len(self.later)) - self.start[self.later] + 1
        self.earlier = self.later - self.lag

    def __len__(self) -> int:
        return len(self.later)

    def __call__(self, later: Ints, earlier: Ints) -> Ints:
        """Return the index of each pair of comments, which are at most `window` apart."""
        found: Ints = self.start[later] + (later - earlier) - 1
        return found

    def sum_by_pair(self, pairs: list[Ints], values: list[Floats]) -> Floats:
        """Return the sum of `values` per pair, 0 for one without values."""
        if not pairs:
            return np.zeros(len(self))
        where, what = np.concatenate(pairs), np.concatenate(values)
        return np.bincount(where, what, minlength=len(self)).astype(np.float64)

    def find_peaks(self, values: Floats) -> Floats:
        """Return the greatest value of each comment's pairs, 0 for one without pairs."""
        return self._reduce(np.maximum, values)

    def sum_by_comment(self, values: Floats) -> Floats:
        """Return the sum of the values of each comment's pairs, 0 for one without pairs."""
        return np.bincount(self.later, values, minlength=len(self.count)).astype(np.float64)

    def _reduce(self, how: np.ufunc, values: Floats) -> Floats:
        out = np.zeros(len(self.count))
        some = self.count > 0
        if some.any():
            out[some] = how.reduceat(values, self.start[:-1][some])
        return out
