"""Curated terms in the text: whole words of any script, with or without case, ambiguous ones gated by thread."""

import re

import polars as pl

from threadmill.mentions.packs import SCOPE_KEYS, Packs
from threadmill.mentions.text.boundaries import HAS_ICU, IS_UNSPACED, keep_whole_words
from threadmill.mentions.text.occurrences import find_occurrences
from threadmill.mentions.text.spans import NO_HITS, cut_surfaces, keep_likely

RULE = "vocabulary"
CONFIDENCE = 0.97
GATED_CONFIDENCE = 0.9
UNSPACED_CONFIDENCE = 0.8
"""Confidence of a term in a script without spaces where ICU isn't installed."""

PLACES = ("platform", "publication", "thread_id")
"""What each of `SCOPE_KEYS` lists."""
FEW_BYTES = 50_000
"""Up to this total size the terms are first searched for as one expression."""
SAMPLE_ROWS = 1_000


def list_places(comments: pl.DataFrame) -> pl.DataFrame:
    """Return row and `PLACES` of each comment; its publication is null where `comments` doesn't have them."""
    unknown = [
        pl.lit(None, pl.String).alias(name) for name in PLACES if name not in comments.columns
    ]
    return comments.with_columns(unknown).select(PLACES).with_row_index("row")


def find_terms(texts: pl.DataFrame, threads: pl.DataFrame, packs: Packs) -> pl.DataFrame:
    """Return the hits of every pack's terms; of one inside another only the longer.

    `threads` has thread_id, platform and publication of each row. An ambiguous term (gate `thread`) counts only if
    its thread has an unambiguous term of the same pack, and of the same topic if it has one.
    """
    if packs.terms.is_empty() or texts.is_empty():
        return NO_HITS
    known = packs.terms.with_columns(
        is_unspaced=pl.col("folded").str.contains(IS_UNSPACED),
        is_shared=pl.col("folded").is_duplicated(),
    )
    unspaced = known.filter("is_unspaced").select(word="folded").unique()

    def in_words(found: pl.DataFrame) -> pl.DataFrame:
        if unspaced.is_empty() or not HAS_ICU:
            return found
        doubtful = found.join(unspaced, on="word", how="semi")
        spaced = found.join(unspaced, on="word", how="anti")
        return pl.concat([spaced, keep_whole_words(texts, doubtful)])

    words = known["folded"].unique().sort()
    found = find_occurrences(_keep_telling(texts, words), words, keep=in_words)
    if found.is_empty():
        return NO_HITS
    found = (
        found.join(known, left_on="word", right_on="folded", how="inner")
        .join(threads, on="row", how="left")
        .filter(
            (pl.col(key).list.len() == 0)
            | pl.col(key).list.contains(pl.col(place)).fill_null(value=False)
            for key, place in zip(SCOPE_KEYS, PLACES, strict=True)
        )
    )
    cased = found.filter("is_cased")
    cased = cased.filter(cased["normal"] == cut_surfaces(texts, cased))
    return _make_hits(_drop_unvouched(texts, pl.concat([found.filter(~pl.col("is_cased")), cased])))


def _keep_telling(texts: pl.DataFrame, words: pl.Series) -> pl.DataFrame:
    """Return the rows of `texts` that may contain one of `words`; all rows if the words are many or common.

    It tests boundaries of ASCII alone, which are boundaries in any script.
    """
    if words.str.len_bytes().sum() > FEW_BYTES:
        return texts
    is_plain = words.str.contains(r"(?s)^[a-z0-9_](?:.*[a-z0-9_])?$")
    plain = [pl.escape_regex(word) for word in words.filter(is_plain)]
    other = [_bound_word(word) for word in words.filter(~is_plain)]
    pattern = "|".join([rf"(?-u:\b)(?:{'|'.join(plain)})(?-u:\b)"] * bool(plain) + other)
    sample = texts.head(SAMPLE_ROWS)
    return (
        texts
        if 2 * keep_likely(sample, pattern).height > sample.height
        else keep_likely(texts, pattern)
    )


def _bound_word(word: str) -> str:
    ends = [r"(?-u:\b)" if re.match("[a-z0-9_]", end) else "" for end in (word[0], word[-1])]
    return ends[0] + pl.escape_regex(word) + ends[1]


def _drop_unvouched(texts: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Return `found` without ambiguous terms in threads that have no unambiguous term of their pack."""
    sure = found.filter(~pl.col("is_gated")).select("thread_id", "pack", "topic").unique()
    packs = sure.select("thread_id", "pack").unique()
    gated = found.filter("is_gated")
    before = gated.select(
        "row", start=pl.max_horizontal(pl.col("start") - 2, pl.lit(0)), end="start"
    )
    gated = gated.filter(~cut_surfaces(texts, before).str.contains("[0-9] ?$"))
    topical = gated.filter(pl.col("topic") != "").join(
        sure, on=["thread_id", "pack", "topic"], how="semi"
    )
    other = gated.filter(pl.col("topic") == "").join(packs, on=["thread_id", "pack"], how="semi")
    return pl.concat([found.filter(~pl.col("is_gated")), topical, other])


def _make_hits(found: pl.DataFrame) -> pl.DataFrame:
    """Return `found` as hits, one per place: first terms with case, then the higher priority of the pack."""
    place = ["row", "start", "end"]
    order = ["is_cased", "priority", "pack", "kind", "canonical"]
    shared = pl.col("is_shared")
    several = found.filter(shared).sort(
        *place, *order, descending=[False] * 3 + [True, True] + [False] * 3
    )
    several = several.unique(place, keep="first", maintain_order=True)
    found = pl.concat([found.filter(~shared), several])
    return found.select(
        "row",
        "start",
        "end",
        "kind",
        id="canonical",
        name="canonical",
        rule=pl.lit(RULE),
        confidence=pl.when(pl.col("is_unspaced") & (not HAS_ICU))
        .then(UNSPACED_CONFIDENCE)
        .when("is_gated")
        .then(GATED_CONFIDENCE)
        .otherwise(CONFIDENCE),
        pack="pack",
        pack_version="version",
        target_comment_id=pl.lit(None, pl.String),
        target_author_id=pl.lit(None, pl.String),
    )
