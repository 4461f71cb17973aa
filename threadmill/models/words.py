"""Cut comments into words, for all queries that count them: each piece between blanks once, as most occur often."""

from typing import Any

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

Ints = NDArray[np.int32]
WORDS = frozenset({"comment_words", "words", "worded_comments", "worded_threads"})
"""The tables that `show_words` makes; queries read them like any other."""
MADE_FROM = "comments"
_WITHOUT_BLANKS = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー]"
"""In a text with such scripts, `tokens` cuts other words differently too: it stays in one piece."""


def show_words(own: duckdb.DuckDBPyConnection, schema: str) -> None:
    """Let `own` see, in `schema`, the words of the `comments` that it sees, as the macro `tokens` cuts them.

    `words` has a row per distinct word: `word_number, word`; `comment_words` one per comment and word:
    `thread_number, comment_number, word_number, occurrence_count`; `worded_comments` (`comment_number, thread_id,
    comment_id`) and `worded_threads` (`thread_number, thread_id`) say whose numbers these are. They mean nothing
    outside of these tables.
    """
    asked = own.sql("select thread_id, comment_id, text from comments where text <> ''")
    comments = pl.DataFrame(asked.to_arrow_table())
    comment, pieces = _split(comments["text"])
    piece, distinct = _number(pieces)
    cut = _cut(own, distinct)
    word, words = _number(cut["word"])
    count = np.bincount(cut["piece"], minlength=len(distinct)).astype(np.int32)
    first = np.cumsum(count, dtype=np.int32) - count
    held = count[piece]
    # Nearly all pieces are one word each; the others are few.
    one, some = held == 1, np.flatnonzero(held > 1)
    repeats = held[some]
    place = np.arange(repeats.sum()) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    comments_of = [comment[one], np.repeat(comment[some], repeats)]
    words_of = [word[first[piece[one]]], word[np.repeat(first[piece[some]], repeats) + place]]
    width = max(len(words), 1)
    key = np.concatenate(comments_of) * np.int64(width) + np.concatenate(words_of)
    key, occurrences = np.unique(key, return_counts=True)
    comment, word = np.divmod(key, width)
    thread, threads = _number(comments["thread_id"])
    _show(own, f"{schema}.words", word_number=np.arange(len(words)), word=words)
    _show(
        own,
        f"{schema}.worded_threads",
        thread_number=np.arange(len(threads)),
        thread_id=threads,
    )
    _show(
        own,
        f"{schema}.worded_comments",
        comment_number=np.arange(len(comments)),
        thread_id=comments["thread_id"],
        comment_id=comments["comment_id"],
    )
    _show(
        own,
        f"{schema}.comment_words",
        thread_number=thread[comment],
        comment_number=comment,
        word_number=word,
        occurrence_count=occurrences,
    )


def _split(texts: pl.Series) -> tuple[Ints, pl.Series]:
    """Return the pieces of all texts, and the number of the text that each is of."""
    numbered = pl.DataFrame(
        {"number": pl.int_range(len(texts), dtype=pl.Int32, eager=True), "piece": texts}
    )
    is_whole = texts.str.contains(_WITHOUT_BLANKS)
    split = numbered.filter(~is_whole).with_columns(pl.col("piece").str.split(" "))
    pieces = split.explode("piece").vstack(numbered.filter(is_whole))
    return pieces["number"].to_numpy(), pieces["piece"]


def _cut(own: duckdb.DuckDBPyConnection, pieces: pl.Series) -> pl.DataFrame:
    """Return rows of `piece`, its number, and `word`, in order."""
    frame = pl.DataFrame({"piece": np.arange(len(pieces)), "text": pieces})
    own.register("given_pieces", frame.to_arrow())
    asked = own.sql("select piece, unnest(tokens(text)) as word from given_pieces order by piece")
    cut = pl.DataFrame(asked.to_arrow_table())
    own.unregister("given_pieces")
    return cut


def _number(values: pl.Series) -> tuple[Ints, pl.Series]:
    """Return the number of each of `values`, and the distinct ones by their number."""
    # New categories are numbered from 0, at less than the cost of hashing.
    coded = values.cast(pl.Categorical(pl.Categories.random()))
    codes = coded.to_physical().to_numpy().astype(np.int32)
    some = np.empty(codes.max(initial=-1) + 1, dtype=np.int32)
    some[codes] = np.arange(len(codes), dtype=np.int32)
    return codes, values.gather(some)


def _show(own: duckdb.DuckDBPyConnection, name: str, **columns: Any) -> None:
    frame = pl.DataFrame(columns).with_columns(pl.col(pl.Int64).cast(pl.Int32))
    own.register("given_rows", frame.to_arrow())
    kind = "temp table" if name.startswith("temp.") else "table"
    own.execute(f"create or replace {kind} {name} as from given_rows")
    own.unregister("given_rows")
