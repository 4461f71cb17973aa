"""What comments mention, with its place in the text."""

import polars as pl

OPEN, CLOSE = "\ufdd0", "\ufdd1"
"""Noncharacters, which no text may hold, set around a match."""

URL = r"(?i)\bhttps?://[^\s<>\"“”]+"
DOI = r"(?i)\b10\.\d{4,9}/[^\s<>\"“”/?&]+"
HANDLE = r"\B@[\p{L}\p{N}_]+(?:[.\-][\p{L}\p{N}_]+)*"
EMAIL = r"(?i)\b[a-z0-9._%+\-]+@[a-z0-9\-]+(?:\.[a-z0-9\-]+)+\b"
HASHTAG = r"\B#[\p{L}\p{N}_]*[\p{L}_][\p{L}\p{N}_]*"
PMID = r"(?i)\bPMID:?\s*\d{1,8}\b|\bpubmed\.ncbi\.nlm\.nih\.gov/\d{1,8}\b"
PMCID = r"(?i)\b(?:PMCID:?\s*)?PMC\d{1,9}\b"

KINDS = {
    "url": URL,
    "doi": DOI,
    "pmid": PMID,
    "pmcid": PMCID,
    "email": EMAIL,
    "handle": HANDLE,
    "hashtag": HASHTAG,
}
MASKED_BY_URL = ("email", "handle", "hashtag")


def find(comments: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of `mentions` for `comments`. What a URL holds is no handle, hashtag or e-mail."""
    found = pl.concat([_matches(comments, kind, pattern) for kind, pattern in KINDS.items()])
    urls = found.filter(kind="url").select("comment_id", from_char="start_char", to_char="end_char")
    inside = (
        found.filter(pl.col("kind").is_in(MASKED_BY_URL))
        .join(urls, on="comment_id")
        .filter(pl.col("start_char").is_between("from_char", "to_char"))
        .select("comment_id", "start_char", "kind")
    )
    found = found.join(inside, on=["comment_id", "start_char", "kind"], how="anti")
    null = pl.lit(None, pl.String)
    own = (
        pl.when(pl.col("kind").is_in(["doi", "email", "handle", "hashtag"]))
        .then(pl.col("surface").str.to_lowercase().str.strip_prefix("@").str.strip_prefix("#"))
        .when(pl.col("kind") == "pmid")
        .then(pl.col("surface").str.extract(r"(\d+)$"))
        .when(pl.col("kind") == "pmcid")
        .then(pl.col("surface").str.extract(r"(?i)(PMC\d+)$").str.to_uppercase())
        .otherwise("surface")
    )
    return found.select(
        "comment_id",
        "thread_id",
        "author_id",
        "start_char",
        "end_char",
        "surface",
        "kind",
        canonical_id=pl.format("{}:{}", "kind", own),
        canonical_name=own,
        target_comment_id=null,
        target_author_id=null,
        rule=pl.col("kind"),
        pack=null,
        pack_version=null,
        confidence=pl.lit(1.0),
    )


def _matches(comments: pl.DataFrame, kind: str, pattern: str) -> pl.DataFrame:
    """Return one row per match of `pattern`, without closing punctuation that isn't part of it."""
    text = pl.col("text")
    pieces = (
        comments.filter(text.str.contains(pattern))
        .select(
            "comment_id",
            "thread_id",
            "author_id",
            piece=text.str.replace_all(f"({pattern})", f"{OPEN}${{1}}{CLOSE}").str.split(OPEN),
        )
        .explode("piece", empty_as_null=False, keep_nulls=False)
    )
    chars = pl.col("piece").str.len_chars().cast(pl.Int32) - pl.col("piece").str.contains(
        CLOSE, literal=True
    ).cast(pl.Int32)
    surface = pl.col("piece").str.splitn(CLOSE, 2).struct.field("field_0")
    if kind in ("url", "doi"):
        surface = surface.str.replace(r"[.,;:!?'’\]*_]+$", "")
        surface = (
            pl.when(~surface.str.contains("(", literal=True))
            .then(surface.str.replace(r"\)+[.,;:!?'’\]*_)]*$", ""))
            .otherwise(surface)
        )
    return (
        pieces.with_columns(start_char=(chars.cum_sum() - chars).over("comment_id"))
        .filter(pl.col("piece").str.contains(CLOSE, literal=True))
        .with_columns(surface=surface, kind=pl.lit(kind))
        .with_columns(
            end_char=pl.col("start_char") + pl.col("surface").str.len_chars().cast(pl.Int32)
        )
        .drop("piece")
    )
