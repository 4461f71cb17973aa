"""Comments that say again what their author has said in the thread: wholly, in part, or with small edits."""

import polars as pl

WORD = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}]|[\p{L}\p{N}\p{M}]+"
"""A word, or a character where words aren't divided."""
WORDS_MIN = 8
"""Shorter comments are courtesies, which people write again and mean again."""
SAME_SHARE = 0.6
"""So much of the shorter comment's runs of three words stands in the other; one edit breaks three."""


def shingles(comments: pl.DataFrame) -> pl.DataFrame:
    """Return one row per comment and different run of three words in it: `comment_id, shingle, whole`.

    `whole` is how many there are. Comments of fewer than `WORDS_MIN` words have none.
    """
    words = (
        comments.select("comment_id", word=pl.col("text").str.to_lowercase().str.extract_all(WORD))
        .filter(pl.col("word").list.len() >= WORDS_MIN)
        .explode("word", empty_as_null=False, keep_nulls=False)
    )
    second, third = pl.col("word").shift(-1), pl.col("word").shift(-2)
    return (
        words.with_columns(
            shingle=pl.concat_str("word", second, third, separator=" "),
            is_same=pl.col("comment_id") == pl.col("comment_id").shift(-2),
        )
        .filter("is_same")
        .select("comment_id", "shingle")
        .unique(maintain_order=True)
        .with_columns(whole=pl.len().over("comment_id"))
    )


def duplicates(comments: pl.DataFrame) -> pl.DataFrame:
    """Return `comment_id` and `duplicate_of`, one row per comment that repeats an earlier one.

    Both are by one author in one thread, and at least `SAME_SHARE` of the shorter one stands in the other.
    Each run of words points at the first comment that has it alone, so time is linear in the text.
    """
    author = pl.struct("thread_id", "author_id")
    own = comments.filter(pl.col("author_id").is_not_null() & author.is_duplicated())
    runs = shingles(own).join(
        own.select("comment_id", "thread_id", "author_id", "position"), on="comment_id"
    )
    by_run = ["thread_id", "author_id", "shingle"]
    first = runs.sort("position").unique(by_run, keep="first", maintain_order=True)
    earlier = first.select(
        *by_run, duplicate_of="comment_id", earlier="position", whole_earlier="whole"
    )
    shorter = pl.min_horizontal(pl.col("whole").first(), pl.col("whole_earlier").first())
    return (
        runs.join(earlier, on=by_run)
        .filter(pl.col("earlier") < pl.col("position"))
        .group_by("comment_id", "duplicate_of", "earlier")
        .agg(share=pl.len() / shorter)
        .filter(pl.col("share") >= SAME_SHARE)
        .sort("comment_id", "share", "earlier", descending=[False, True, False])
        .unique("comment_id", keep="first", maintain_order=True)
        .select("comment_id", "duplicate_of")
    )
