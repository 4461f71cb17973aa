"""Threads for the tests of mentions."""

from pathlib import Path

import polars as pl

from threadmill.mentions import find_mentions, read_packs

SHIPPED = read_packs(Path(__file__).parents[2] / "data" / "vocabulary")
VOCABULARY = SHIPPED._replace(
    terms=SHIPPED.terms.with_columns(pl.lit([], pl.List(pl.String)).alias("threads"))
)
"""The packs that ship, as if each held everywhere."""
COMMENT = {
    "comment_id": pl.String,
    "thread_id": pl.String,
    "platform": pl.String,
    "position": pl.Int32,
    "author_id": pl.String,
    "author_name": pl.String,
    "author_handle": pl.String,
    "is_host": pl.Boolean,
    "text": pl.String,
}


def thread(*texts, authors=None, hosts=(), name="t"):
    """One thread; `authors` are the names, the id is `id:<name>`."""
    authors = authors or [None] * len(texts)
    rows = [
        (
            str(at) if name == "t" else f"{name}{at}",
            name,
            "substack",
            at,
            author and f"id:{author}",
            author,
            None,
            None if author is None else author in hosts,
            text,
        )
        for at, (text, author) in enumerate(zip(texts, authors, strict=True))
    ]
    return pl.DataFrame(rows, COMMENT, orient="row")


def found_in(comments, vocabulary=VOCABULARY):
    return find_mentions(comments, vocabulary).mentions
