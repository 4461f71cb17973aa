"""Curated terms in the text: exact, at word boundaries of any script, case by term, gated by thread."""

from typing import NamedTuple

import polars as pl

from flows.mentions.packs import Packs
from flows.mentions.spans import HIT, SPACED_WORD, UNSPACED, cut

CONFIDENCE = 0.97
GATED_CONFIDENCE = 0.9
UNSPACED_CONFIDENCE = 0.8
"""Of a term in a script without spaces, whose word boundaries can't be seen."""


def terms(texts: pl.DataFrame, threads: pl.DataFrame, packs: Packs) -> pl.DataFrame:
    """Return the hits of every pack's terms; of one inside another only the longer.

    `threads` has thread_id and platform of each row. An ambiguous term (gate `thread`) counts only
    where its thread has an unambiguous one of the same pack, and of the same topic if it has one.
    """
    if packs.terms.is_empty() or texts.is_empty():
        return HIT.to_frame()
    found = occurrences(texts, packs.terms["folded"])
    if found.is_empty():
        return HIT.to_frame()
    found = (
        found.join(packs.terms, left_on="word", right_on="folded", how="inner")
        .join(threads, on="row", how="left")
        .filter(
            (pl.col("platforms").list.len() == 0)
            | pl.col("platforms").list.contains(pl.col("platform")),
            (pl.col("threads").list.len() == 0)
            | pl.col("threads").list.contains(pl.col("thread_id")),
        )
    )
    cased = found.filter("is_cased")
    cased = cased.filter(cased["normal"] == cut(texts, cased))
    return _named(_gated(texts, pl.concat([found.filter(~pl.col("is_cased")), cased])))


def occurrences(texts: pl.DataFrame, words: pl.Series, column: str = "folded") -> pl.DataFrame:
    """Return row, start, end, word of each of `words` that stands alone in `column`, the longest.

    A word inside another that is found is not in it; of words that merely overlap all are. The
    text is split at its spaces, so that what is compared are its different pieces, far fewer than
    it has words; terms with spaces are followed piece by piece.
    """
    known = words.unique().sort().to_frame("word")
    pieces = (
        texts.select("row", piece=pl.col(column).str.split(" "))
        .explode("piece")
        .with_columns(length=pl.col("piece").str.len_chars().cast(pl.Int64) + 1)
        .with_columns(at=pl.col("length").cum_sum() - pl.col("length"))
    )
    begins = pieces.group_by("row", maintain_order=True).agg(begin=pl.col("at").first())
    different = pieces.select(pl.col("piece").unique()).with_row_index("id")
    pieces = pieces.select("row", "at", "piece").join(
        different, on="piece", how="left", maintain_order="left"
    )
    singles, starts, steps, ends = _paths(known)
    wanted = pl.concat([singles, starts, ends["piece"]]).unique()
    parts = _parts(different, wanted)
    single = parts.join(singles.to_frame("part"), on="part", how="semi").rename({"part": "word"})
    found = [
        pieces.select("row", "at", "id")
        .join(single, on="id")
        .select(
            "row", start=pl.col("at") + pl.col("from"), end=pl.col("at") + pl.col("to"), word="word"
        )
    ]
    open_ = (
        pieces.select("row", "at", "id")
        .with_row_index("index")
        .join(parts.filter("is_last").join(starts.to_frame("part"), on="part", how="semi"), on="id")
        .select("row", "index", start=pl.col("at") + pl.col("from"), state="part")
    )
    firsts = parts.filter(pl.col("from") == 0)
    closing = ends.join(firsts, left_on="piece", right_on="part").select(
        "state", "id", "to", "word"
    )
    passing = steps.join(different, on="piece").select("state", "id", next="state_after")
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
    return _longest(pl.concat(found).join(begins, on="row"))


ATOM = rf"{SPACED_WORD}+|(?s:.)\p{{M}}*"
"""Between two of them a term may begin or end: a word, or a sign with its marks.

In a script without spaces each sign is one, for its word boundaries can't be seen.
"""


class _Paths(NamedTuple):
    singles: pl.Series
    """Words without a space."""
    starts: pl.Series
    """First pieces of the others: the state is what was read so far."""
    steps: pl.DataFrame
    """state, piece, state_after: pieces that go on."""
    ends: pl.DataFrame
    """state, piece, word: pieces that end a word."""


def _paths(known: pl.DataFrame) -> _Paths:
    """Return how `known` (word) are read piece by piece."""
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


def _parts(different: pl.DataFrame, wanted: pl.Series) -> pl.DataFrame:
    """Return id, from, to, part, is_last of each of `wanted` that stands alone in a piece."""
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


def _longest(found: pl.DataFrame) -> pl.DataFrame:
    """Return `found`, whose places count through all rows, by row, without those inside others."""
    found = found.sort("start", "end", descending=[False, True])
    inside = pl.col("end") <= pl.col("end").cum_max().shift(1).fill_null(-1)
    return found.filter(~inside).select(
        "row",
        start=(pl.col("start") - pl.col("begin")).cast(pl.Int32),
        end=(pl.col("end") - pl.col("begin")).cast(pl.Int32),
        word="word",
    )


def _gated(texts: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Return `found` without ambiguous terms whose thread doesn't vouch for them."""
    sure = found.filter(~pl.col("is_gated")).select("thread_id", "pack", "topic").unique()
    packs = sure.select("thread_id", "pack").unique()
    gated = found.filter("is_gated")
    before = gated.select(
        "row", start=pl.max_horizontal(pl.col("start") - 2, pl.lit(0)), end="start"
    )
    gated = gated.filter(~cut(texts, before).str.contains("[0-9] ?$"))
    topical = gated.filter(pl.col("topic") != "").join(
        sure, on=["thread_id", "pack", "topic"], how="semi"
    )
    other = gated.filter(pl.col("topic") == "").join(packs, on=["thread_id", "pack"], how="semi")
    return pl.concat([found.filter(~pl.col("is_gated")), topical, other])


def _named(found: pl.DataFrame) -> pl.DataFrame:
    """Return `found` as hits, one per place: the term as written first, then the pack's priority."""
    order = ["row", "start", "end", "is_cased", "priority", "pack", "kind", "canonical"]
    found = found.sort(order, descending=[False, False, False, True, True, False, False, False])
    return found.unique(["row", "start", "end"], keep="first", maintain_order=True).select(
        "row",
        "start",
        "end",
        "kind",
        id="canonical",
        name="canonical",
        rule=pl.lit("vocabulary"),
        confidence=pl.when(pl.col("word").str.contains(f"[{UNSPACED}]"))
        .then(UNSPACED_CONFIDENCE)
        .when("is_gated")
        .then(GATED_CONFIDENCE)
        .otherwise(CONFIDENCE),
        pack="pack",
        pack_version="version",
        target_comment_id=pl.lit(None, pl.String),
        target_author_id=pl.lit(None, pl.String),
    )
