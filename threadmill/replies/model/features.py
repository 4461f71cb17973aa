"""Compute the model's features of comments: numbers per comment, per pair and per thread (`columns`)."""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from threadmill.replies.model import authors, columns
from threadmill.replies.model.address import Called, Quoted, find_called, find_quoted
from threadmill.replies.model.likes import compare_likes
from threadmill.replies.model.terms import (
    PairIndex,
    count_repeated_phrases,
    find_terms,
    list_postings,
    measure_cohesion,
    weigh_latest_terms,
)
from threadmill.replies.model.tree import WINDOW

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Matrix = NDArray[np.float32]

STACKED = 2_048
"""Rows of the columns that are stacked at once."""


class Batch(NamedTuple):
    """The features of several threads, one after the other."""

    thread: Ints
    """Per comment, the index of its thread."""
    position: Ints
    """Per comment, its place in its thread from 0."""
    sizes: Ints
    """Per thread, its comments."""
    pairs: PairIndex
    comment: Matrix
    pair: Matrix
    top: Matrix
    """Per comment, the columns for and against top level, with those of its thread."""
    author: Ints
    names: list[str]
    called: Called
    quoted: Quoted
    host: Floats
    """1 for a comment by the host, known or guessed."""
    is_known: NDArray[np.bool_]
    """Whether the source says who the host is."""
    columns: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
    """The names of the columns of `comment`, `pair` and `top`."""


def compute_features(comments: pl.DataFrame, rarity: NDArray[np.uint8]) -> Batch:
    """Return the features of `comments`, sorted by thread and position. See `threadmill.replies.infer`."""
    thread, sizes = authors.index_threads(comments)
    size = len(thread)
    start = np.cumsum(sizes) - sizes
    position = np.arange(size) - start[thread]
    pairs = PairIndex(position, WINDOW)
    low = comments["text"].fill_null("").str.to_lowercase().str.replace_all("\r\n", "\n")
    author, names = authors.index_authors(comments, thread)
    host, known = authors.find_hosts(comments, thread, sizes, author)
    found = find_terms(pl.concat([low, pl.Series("text", names, dtype=pl.String)]), rarity)
    in_text = found.text < size
    own = found._replace(text=found.text[in_text], code=found.code[in_text])
    texts = low.to_list()
    named = find_called(texts, author, names, thread, found)
    quotes = find_quoted(texts, pairs)
    facts = columns.Facts(
        thread,
        position,
        sizes,
        pairs,
        author,
        host,
        known,
        *_measure_strengths(named, author, pairs),
        quotes,
        compare_likes(_select_likes(comments), thread, position, sizes, pairs),
    )
    length = np.bincount(own.text, minlength=size).astype(np.float64)
    posts = list_postings(own, thread)
    latest, first = weigh_latest_terms(posts, own.rarity, pairs)
    lexical = columns.Lexical(
        length,
        measure_cohesion(posts, own.rarity, size, pairs),
        latest / (np.sqrt(length) + 3)[pairs.later],
        first / (np.sqrt(length) + 3)[pairs.later],
        count_repeated_phrases(own, thread, pairs),
    )
    about = columns.describe_comments(comments["text"].fill_null(""), low, facts, lexical)
    between = columns.describe_pairs(about, facts, lexical)
    above = columns.describe_tops(about, between, facts, lexical)
    return Batch(
        thread, position, sizes, pairs, _stack(about), _stack(between), _stack(above),
        author, names, named, quotes, host, known, (tuple(about), tuple(between), tuple(above)),
    )  # fmt: skip


def _select_likes(comments: pl.DataFrame) -> pl.Series:
    """Return the like counts of `comments`, null where unknown."""
    if "like_count" in comments.columns:
        return comments["like_count"].cast(pl.Int64)
    return pl.repeat(None, comments.height, dtype=pl.Int64, eager=True)


def _stack(named: dict[str, Floats]) -> Matrix:
    first = next(iter(named.values()))
    stacked = np.empty((len(first), len(named)), dtype=np.float32)
    # A few rows at a time stay in the processor's cache, which takes a quarter of the time of `np.stack`.
    for start in range(0, len(stacked), STACKED):
        for place, values in enumerate(named.values()):
            stacked[start : start + STACKED, place] = values[start : start + STACKED]
    return stacked


def _measure_strengths(named: Called, author: Ints, pairs: PairIndex) -> tuple[Floats, Floats]:
    """Return per pair how strongly the later comment names the earlier one's author, and the strongest per comment."""
    strength, strongest = np.zeros(len(pairs)), np.zeros(len(author))
    np.maximum.at(strongest, named.comment, named.strength)
    # The author's own comments within the window before the one that names them.
    order = np.argsort(author, kind="stable")
    key = author[order] * len(author) + order
    base = named.author * len(author)
    low = np.searchsorted(key, base + named.comment - pairs.count[named.comment])
    count = np.searchsorted(key, base + named.comment) - low
    row = np.repeat(np.arange(len(count)), count)
    at = low[row] + np.arange(len(row)) - (np.cumsum(count) - count)[row]
    strength[pairs(named.comment[row], order[at])] = named.strength[row]
    return strength, strongest
