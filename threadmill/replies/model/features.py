"""What the model sees of comments: numbers per comment, per pair and per thread (`columns`)."""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from threadmill.replies.model import authors, columns
from threadmill.replies.model.address import Called, Quoted, called, quoted
from threadmill.replies.model.likes import likes
from threadmill.replies.model.terms import (
    PairIndex,
    cohesion,
    latest_mentions,
    postings,
    repeated_phrases,
    terms,
)
from threadmill.replies.model.tree import WINDOW

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Matrix = NDArray[np.float32]

STACKED = 2_048
"""Rows of columns that are put side by side at once."""


class Batch(NamedTuple):
    """Several threads, one after the other."""

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
    """Per comment, what speaks for or against top level, its thread's numbers included."""
    author: Ints
    names: list[str]
    called: Called
    quoted: Quoted
    host: Floats
    """1 for a comment by the host, known or guessed."""
    is_known: NDArray[np.bool_]
    """Whether the source says who the host is."""
    columns: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
    """What the columns of `comment`, `pair` and `top` are."""


def batch(comments: pl.DataFrame, rarity: NDArray[np.uint8]) -> Batch:
    """Return the features of `comments`, sorted by thread and position. See `threadmill.replies.infer`."""
    thread, sizes = authors.threads(comments)
    size = len(thread)
    start = np.cumsum(sizes) - sizes
    position = np.arange(size) - start[thread]
    pairs = PairIndex(position, WINDOW)
    low = comments["text"].fill_null("").str.to_lowercase().str.replace_all("\r\n", "\n")
    author, names = authors.authors(comments, thread)
    host, known = authors.hosts(comments, thread, sizes, author)
    found = terms(pl.concat([low, pl.Series("text", names, dtype=pl.String)]), rarity)
    in_text = found.text < size
    own = found._replace(text=found.text[in_text], code=found.code[in_text])
    texts = low.to_list()
    named = called(texts, author, names, thread, found)
    quotes = quoted(texts, pairs)
    said = columns.Said(
        thread,
        position,
        sizes,
        pairs,
        author,
        host,
        known,
        *_strengths(named, author, pairs),
        quotes,
        likes(_counts(comments), thread, position, sizes, pairs),
    )
    length = np.bincount(own.text, minlength=size).astype(np.float64)
    posts = postings(own, thread)
    latest, first = latest_mentions(posts, own.rarity, pairs)
    lexical = columns.Lexical(
        length,
        cohesion(posts, own.rarity, size, pairs),
        latest / (np.sqrt(length) + 3)[pairs.later],
        first / (np.sqrt(length) + 3)[pairs.later],
        repeated_phrases(own, thread, pairs),
    )
    about = columns.of_comment(comments["text"].fill_null(""), low, said, lexical)
    between = columns.of_pair(about, said, lexical)
    above = columns.of_top(about, between, said, lexical)
    return Batch(
        thread, position, sizes, pairs, _stack(about), _stack(between), _stack(above),
        author, names, named, quotes, host, known, (tuple(about), tuple(between), tuple(above)),
    )  # fmt: skip


def _counts(comments: pl.DataFrame) -> pl.Series:
    """Return the likes of `comments`, null where they show none."""
    if "like_count" in comments.columns:
        return comments["like_count"].cast(pl.Int64)
    return pl.repeat(None, comments.height, dtype=pl.Int64, eager=True)


def _stack(named: dict[str, Floats]) -> Matrix:
    first = next(iter(named.values()))
    stacked = np.empty((len(first), len(named)), dtype=np.float32)
    # Some rows at a time, which stay in the processor's cache: a quarter of the time of `np.stack`.
    for start in range(0, len(stacked), STACKED):
        for place, values in enumerate(named.values()):
            stacked[start : start + STACKED, place] = values[start : start + STACKED]
    return stacked


def _strengths(named: Called, author: Ints, pairs: PairIndex) -> tuple[Floats, Floats]:
    """Return how the pair's earlier author is named, per pair, and the strongest naming per comment."""
    strength, strongest = np.zeros(len(pairs)), np.zeros(len(author))
    np.maximum.at(strongest, named.comment, named.strength)
    # Every pair of every comment that names someone.
    count = pairs.count[named.comment]
    row = np.repeat(np.arange(len(count)), count)
    pair = pairs.start[named.comment][row] + np.arange(len(row)) - (np.cumsum(count) - count)[row]
    mine = author[pairs.earlier[pair]] == named.author[row]
    np.maximum.at(strength, pair[mine], named.strength[row[mine]])
    return strength, strongest
