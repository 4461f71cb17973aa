"""Curated terms in the text: exact, at word boundaries of any script, case by term, gated by thread."""

import polars as pl

from flows.mentions.packs import Packs
from flows.mentions.spans import CONTEXT_CHARS, FENCE, HIT, SPACED_WORD, UNSPACED, WORD, placed

REGEX_TERMS = 5_000
"""Up to so many terms one alternation is quicker than an automaton; far more don't compile."""
CONFIDENCE = 0.97
GATED_CONFIDENCE = 0.9
UNSPACED_CONFIDENCE = 0.8
"""Of a term in a script without spaces, whose word boundaries can't be seen."""


def terms(texts: pl.DataFrame, threads: pl.DataFrame, packs: Packs) -> pl.DataFrame:
    """Return the hits of every pack's terms, overlapping ones included.

    `threads` has thread_id and platform of each row. An ambiguous term (gate `thread`) counts only
    where its thread has an unambiguous one of the same pack, and of the same topic if it has one.
    """
    if packs.terms.is_empty() or texts.is_empty():
        return HIT.to_frame()
    found = occurrences(texts, packs.terms["folded"].unique().sort())
    if found.is_empty():
        return HIT.to_frame()
    found = (
        found.join(packs.terms, left_on="word", right_on="folded", how="inner")
        .filter(~pl.col("is_cased") | (pl.col("normal") == pl.col("surface")))
        .join(threads, on="row", how="left")
        .filter(
            (pl.col("platforms").list.len() == 0)
            | pl.col("platforms").list.contains(pl.col("platform")),
            (pl.col("threads").list.len() == 0)
            | pl.col("threads").list.contains(pl.col("thread_id")),
        )
    )
    return _named(_gated(found))


def occurrences(texts: pl.DataFrame, words: pl.Series, column: str = "folded") -> pl.DataFrame:
    """Return row, start, end, word, surface, before, after of each of `words` that stands alone.

    Of words that overlap the leftmost counts, of those that begin together the longest.
    """
    known = (
        pl.DataFrame({"word": words.unique()})
        .sort(pl.col("word").str.len_chars(), "word", descending=[True, False])
        .to_series()
    )
    text = pl.col(column).str
    if len(known) <= REGEX_TERMS:
        pattern = "|".join(pl.escape_regex(word) for word in known)
        texts_with = texts.filter(text.contains(pattern))
        fenced = text.replace_all(pattern, FENCE + "${0}" + FENCE)
    else:
        texts_with = texts
        fenced = text.replace_many(
            known.to_list(), (FENCE + known + FENCE).to_list(), leftmost=True
        )
    lists = texts_with.select("row", "normal", found=fenced).filter(
        pl.col("found").str.contains(FENCE, literal=True)
    )
    found = placed(lists.with_columns(pl.col("found").str.split(FENCE)))
    found = found.with_columns(stands=_stands_alone())
    stands = pl.col("stands")
    # A phrase that only looked like one (`car t` in `oscar t cell`) may hide a word behind it.
    hiding = (
        found.filter(~stands, pl.col("found").str.contains(f"[^{WORD}]")).select("row").unique()
    )
    found = found.filter(stands).drop("stands")
    if not hiding.is_empty():
        rows = texts.join(hiding, on="row", how="semi").sort("row")
        found = pl.concat([found.join(hiding, on="row", how="anti"), _every(rows, known, column)])
    return found.select(
        "row",
        "start",
        "end",
        "before",
        "after",
        word="found",
        surface=pl.col("normal").str.slice("start", pl.col("end") - pl.col("start")),
        follows_number=pl.col("before").str.contains(r"[0-9] ?$"),
        is_unspaced=pl.col("found").str.contains(f"[{UNSPACED}]"),
    )


def _stands_alone() -> pl.Expr:
    """Return whether `found` has word boundaries; in a script without spaces they are anywhere."""
    found = pl.col("found")
    before, after = pl.col("before").str.tail(1), pl.col("after").str.head(1)
    starts = before.str.contains(SPACED_WORD) & found.str.head(1).str.contains(SPACED_WORD)
    ends = after.str.contains(SPACED_WORD) & found.str.tail(1).str.contains(SPACED_WORD)
    return ~starts & ~ends & ~after.str.contains(r"\p{M}")


def _every(texts: pl.DataFrame, known: pl.Series, column: str) -> pl.DataFrame:
    """Return what `placed` gives for every occurrence of `known` that stands alone, overlapping or not."""
    text = pl.col("text")
    words = known.to_list()
    found = (
        texts.select("row", "normal", text=column)
        .with_columns(
            byte=text.str.find_many(words, overlapping=True),
            found=text.str.extract_many(words, overlapping=True),
            bytes=text.cast(pl.Binary),
        )
        .explode("byte", "found")
        .with_columns(
            start=pl.col("bytes")
            .bin.slice(0, pl.col("byte"))
            .cast(pl.String)
            .str.len_chars()
            .cast(pl.Int32)
        )
        .with_columns(end=(pl.col("start") + pl.col("found").str.len_chars()).cast(pl.Int32))
    )
    begin = pl.max_horizontal(pl.col("start") - CONTEXT_CHARS, pl.lit(0))
    return (
        found.with_columns(
            before=text.str.slice(begin, pl.col("start") - begin),
            after=text.str.slice("end", CONTEXT_CHARS),
        )
        .filter(_stands_alone())
        .select("row", "normal", "start", "end", "found", "before", "after")
    )


def _gated(found: pl.DataFrame) -> pl.DataFrame:
    """Return `found` without ambiguous terms whose thread doesn't vouch for them."""
    sure = found.filter(~pl.col("is_gated")).select("thread_id", "pack", "topic").unique()
    packs = sure.select("thread_id", "pack").unique()
    gated = found.filter(pl.col("is_gated"), ~pl.col("follows_number"))
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
        confidence=pl.when("is_unspaced")
        .then(UNSPACED_CONFIDENCE)
        .when("is_gated")
        .then(GATED_CONFIDENCE)
        .otherwise(CONFIDENCE),
        pack="pack",
        pack_version="version",
        target_comment_id=pl.lit(None, pl.String),
        target_author_id=pl.lit(None, pl.String),
    )
