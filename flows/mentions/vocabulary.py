"""Curated terms in the text: exact, at word boundaries of any script, case by term, gated by thread."""

import polars as pl

from flows.mentions.packs import Packs
from flows.mentions.spans import HIT, SPACED_WORD, UNSPACED

CONFIDENCE = 0.97
GATED_CONFIDENCE = 0.9
UNSPACED_CONFIDENCE = 0.8
"""Of a term in a script without spaces, whose word boundaries can't be seen."""
_WORD_BYTES = [bytes([byte]) for byte in range(128) if chr(byte).isalnum() or byte == ord("_")]


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
    """Return row, start, end, word, surface of each of `words` that stands alone in `column` of `texts`."""
    known = words.to_list()
    rows = texts.select("row", "normal", text=column).filter(
        pl.col("text").str.contains_any(known)
    )
    text = pl.col("text").str
    found = (
        rows.with_columns(
            byte=text.find_many(known, overlapping=True),
            word=text.extract_many(known, overlapping=True),
            is_ascii=text.len_bytes() == text.len_chars(),
            bytes=pl.col("text").cast(pl.Binary),
        )
        .explode("byte", "word")
        .with_columns(pl.col("byte").cast(pl.Int64))
    )
    # Most hits lie within longer words: one byte on either side tells.
    first, last = pl.col("word").str.slice(0, 1), pl.col("word").str.slice(-1, 1)
    after = pl.col("bytes").bin.slice(pl.col("byte") + pl.col("word").str.len_bytes(), 1)
    before = pl.when(pl.col("byte") > 0).then(pl.col("bytes").bin.slice(pl.col("byte") - 1, 1))
    inner = f"^{SPACED_WORD}"
    found = found.filter(
        ~(before.is_in(_WORD_BYTES).fill_null(False) & first.str.contains(inner)),
        ~(after.is_in(_WORD_BYTES) & last.str.contains(inner)),
    )
    plain = found.filter("is_ascii").with_columns(start=pl.col("byte"))
    other = found.filter(~pl.col("is_ascii")).with_columns(
        start=pl.col("bytes")
        .bin.slice(0, pl.col("byte"))
        .cast(pl.String)
        .str.len_chars()
        .cast(pl.Int64)
    )
    found = pl.concat([plain, other]).with_columns(
        end=pl.col("start") + pl.col("word").str.len_chars().cast(pl.Int64)
    )
    before_char = (
        pl.when(pl.col("start") > 0).then(text.slice(pl.col("start") - 1, 1)).otherwise(pl.lit(""))
    )
    mark = r"^\p{M}"
    next_char = text.slice("end", 1)
    return found.filter(
        ~(before_char.str.contains(inner) & first.str.contains(inner)),
        ~(next_char.str.contains(inner) & last.str.contains(inner)),
        ~next_char.str.contains(mark),
    ).select(
        "row",
        start=pl.col("start").cast(pl.Int32),
        end=pl.col("end").cast(pl.Int32),
        word="word",
        surface=pl.col("normal").str.slice("start", pl.col("end") - pl.col("start")),
        follows_number=text.slice(
            pl.max_horizontal(pl.col("start") - 2, pl.lit(0)), 2
        ).str.contains(r"^[0-9] |.[0-9]$"),
        is_unspaced=pl.col("word").str.contains(
            f"[{UNSPACED}]"
        ),
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
