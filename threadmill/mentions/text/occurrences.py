"""Occurrences of many words as whole words, in time linear in the text.

A text is split at its spaces. Words without spaces are looked up in the distinct pieces, which are far fewer
than the words of the texts; words with spaces are followed from piece to piece.
"""

from collections.abc import Callable
from typing import NamedTuple

import polars as pl

from threadmill.mentions.text.spans import SPACED_WORD

ATOM = rf"{SPACED_WORD}+|(?s:.)\p{{M}}*"
"""A word, or a sign with its marks: a term may begin or end between two of them.

In a script without spaces each sign counts as one, because its word boundaries aren't visible.
"""


class _Paths(NamedTuple):
    singles: pl.Series
    """Words without a space."""
    starts: pl.Series
    """First pieces of words with spaces; the state is the part read so far."""
    steps: pl.DataFrame
    """state, piece, state_after: pieces that go on."""
    ends: pl.DataFrame
    """state, piece, word: pieces that end a word."""


def find_occurrences(
    texts: pl.DataFrame,
    words: pl.Series,
    column: str = "folded",
    keep: Callable[[pl.DataFrame], pl.DataFrame] = lambda found: found,
) -> pl.DataFrame:
    """Return row, start, end, word of each of `words` that is a whole word in `column`, the longest.

    `keep` filters them (row, start, end, word). A word inside another that is kept is left out;
    words that merely overlap all stay.
    """
    pieces, different = _split_pieces(texts, column)
    begins = pieces.group_by("row", maintain_order=True).agg(begin=pl.col("at").first())
    paths = _plan_paths(words.unique().sort().to_frame("word"))
    wanted = pl.concat([paths.singles, paths.starts, paths.ends["piece"]]).unique()
    parts = _find_parts(different, wanted)
    single = parts.join(paths.singles.to_frame("part"), on="part", how="semi")
    within = pieces.join(single, on="id").select(
        "row", start=pl.col("at") + pl.col("from"), end=pl.col("at") + pl.col("to"), word="part"
    )
    found = pl.concat([within, *_follow_pieces(pieces, different, parts, paths)])
    return keep_longest(keep(_locate_in_rows(found, begins)))


def _split_pieces(texts: pl.DataFrame, column: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return row, at, id of each piece, and id, piece of each distinct one.

    `at` counts code points through all rows, one more between two of them.
    """
    pieces = (
        texts.select("row", piece=pl.col(column).str.split(" "))
        .explode("piece")
        .with_columns(length=pl.col("piece").str.len_chars().cast(pl.Int64) + 1)
        .with_columns(at=pl.col("length").cum_sum() - pl.col("length"))
    )
    # Categories of their own are dropped with the column: a third of the cost of `unique` and a join.
    coded = pieces["piece"].cast(pl.Categorical(pl.Categories.random()))
    unique = coded.unique()
    return (
        pieces.select("row", "at", id=coded.to_physical()),
        pl.DataFrame({"id": unique.to_physical(), "piece": unique.cast(pl.String)}),
    )


def _follow_pieces(
    pieces: pl.DataFrame, different: pl.DataFrame, parts: pl.DataFrame, paths: _Paths
) -> list[pl.DataFrame]:
    """Return row, start, end, word of the words with spaces: one frame per number of pieces."""
    open_ = (
        pieces.with_row_index("index")
        .join(
            parts.filter("is_last").join(paths.starts.to_frame("part"), on="part", how="semi"),
            on="id",
        )
        .select("row", "index", start=pl.col("at") + pl.col("from"), state="part")
    )
    firsts = parts.filter(pl.col("from") == 0)
    closing = paths.ends.join(firsts, left_on="piece", right_on="part").select(
        "state", "id", "to", "word"
    )
    passing = paths.steps.join(different, on="piece").select("state", "id", next="state_after")
    found = []
    while not open_.is_empty():
        open_ = open_.with_columns(pl.col("index") + 1).filter(pl.col("index") < pieces.height)
        here = pieces[open_["index"]].select(row_here="row", at="at", id="id")
        open_ = pl.concat([open_, here], how="horizontal").filter(
            pl.col("row") == pl.col("row_here")
        )
        found.append(
            open_.join(closing, on=["state", "id"]).select(
                "row", "start", end=pl.col("at") + pl.col("to"), word="word"
            )
        )
        open_ = open_.join(passing, on=["state", "id"]).select(
            "row", "index", "start", state="next"
        )
    return found


def _plan_paths(known: pl.DataFrame) -> _Paths:
    """Return the tables by which `known` (word) are read piece by piece."""
    word = pl.col("word")
    spaced = word.str.contains(" ", literal=True)
    last = {"state": word.str.extract("(?s)^(.*) ", 1), "piece": word.str.extract("([^ ]*)$", 1)}
    ends = known.filter(spaced).select("word", **last)
    steps = [
        pl.DataFrame(schema={"state_after": pl.String, "state": pl.String, "piece": pl.String})
    ]
    states = ends.select(word="state").unique()
    starts = [states.filter(~spaced)]
    while not (states := states.filter(spaced)).is_empty():
        steps.append(states.select(state_after=word, **last))
        states = steps[-1].select(word="state").unique()
        starts.append(states.filter(~spaced))
    firsts = pl.concat(starts)["word"].unique()
    return _Paths(known.filter(~spaced)["word"], firsts, pl.concat(steps).unique(), ends)


def _find_parts(different: pl.DataFrame, wanted: pl.Series) -> pl.DataFrame:
    """Return id, from, to, part, is_last of each of `wanted` that is a whole word in a piece."""
    sought = wanted.to_frame("part").with_columns(
        first=pl.col("part").str.extract(f"^({ATOM})", 1),
        size=pl.col("part").str.count_matches(ATOM),
    )
    sizes = sought.group_by("first").agg(most=pl.col("size").max())
    atoms = (
        different.select("id", atom=pl.col("piece").str.extract_all(ATOM))
        .explode("atom")
        .with_columns(length=pl.col("atom").str.len_chars().cast(pl.Int64))
        .with_columns(until=pl.col("length").cum_sum())
    )
    begins = atoms.group_by("id").agg(
        base=(pl.col("until") - pl.col("length")).first(), last=pl.col("until").last()
    )
    atoms = atoms.with_row_index("index")
    open_ = atoms.join(sizes, left_on="atom", right_on="first").select(
        "id", "index", "most", begin=pl.col("until") - pl.col("length"), part="atom", until="until"
    )
    found = []
    size = 1
    while not open_.is_empty():
        found.append(
            open_.join(sought.filter(size=size).select("part"), on="part", how="semi").select(
                "id", "begin", "until", "part"
            )
        )
        size += 1
        open_ = open_.filter(pl.col("most") >= size).with_columns(pl.col("index") + 1)
        open_ = open_.filter(pl.col("index") < atoms.height)
        here = atoms[open_["index"]].select(id_here="id", atom="atom", until_here="until")
        open_ = (
            pl.concat([open_, here], how="horizontal")
            .filter(pl.col("id") == pl.col("id_here"))
            .select(
                "id",
                "index",
                "most",
                "begin",
                part=pl.concat_str("part", "atom"),
                until="until_here",
            )
        )
    empty = atoms.head(0).select("id", begin="until", until="until", part="atom")
    return (
        pl.concat([empty, *found])
        .join(begins, on="id")
        .select(
            "id",
            "part",
            to=pl.col("until") - pl.col("base"),
            is_last=pl.col("until") == pl.col("last"),
            **{"from": pl.col("begin") - pl.col("base")},
        )
    )


def _locate_in_rows(found: pl.DataFrame, begins: pl.DataFrame) -> pl.DataFrame:
    """Return `found` with places counted from the start of each row instead of through all rows."""
    return found.join(begins, on="row").select(
        "row",
        start=(pl.col("start") - pl.col("begin")).cast(pl.Int32),
        end=(pl.col("end") - pl.col("begin")).cast(pl.Int32),
        word="word",
    )


def keep_longest(found: pl.DataFrame) -> pl.DataFrame:
    """Return `found` in order, without those inside others."""
    found = found.sort("row", "start", "end", descending=[False, False, True])
    end = pl.col("row").cast(pl.Int64) * 2**31 + pl.col("end")
    return found.filter(end > end.cum_max().shift(1).fill_null(-1))
