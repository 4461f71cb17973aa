"""Comments that repeat an earlier one by the same author in the thread: wholly, in part, or with small edits."""

import polars as pl

WORD = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}]|[\p{L}\p{N}\p{M}]+"
"""A word, or a character where words aren't divided."""
WORDS_MIN = 8
"""Shorter comments are courtesies, which people write again and mean again."""
MIX = 0x9E3779B97F4A7C15
"""An odd number that mixes hashes well: products wrap around."""
SAME_SHARE = 0.6
"""So much of the shorter comment's runs of three words stands in the other; one edit breaks three."""


def cut_shingles(texts: pl.Series) -> pl.DataFrame:
    """Return one row per text and run of three words in it: `row`, its place in `texts`, and `shingle`, a hash.

    Texts of fewer than `WORDS_MIN` words have none.
    """
    words = (
        pl.select(word=texts.str.to_lowercase().str.extract_all(WORD))
        .with_row_index("row")
        .with_columns(size=pl.col("word").list.len())
        .explode("word", empty_as_null=False, keep_nulls=False)
        .with_columns(pl.col("word").hash())
    )
    first, second, third = (pl.col("word").shift(-ahead) for ahead in range(3))
    return (
        words.with_columns(
            shingle=(first * MIX + second) * MIX + third,
            is_whole=(pl.col("row") == pl.col("row").shift(-2)) & (pl.col("size") >= WORDS_MIN),
        )
        .filter("is_whole")
        .select("row", "shingle")
    )


def keep_unique_shingles(runs: pl.DataFrame) -> pl.DataFrame:
    """Return `runs`, as `shingles` gives them, each once, and as `whole` how many its text has."""
    return runs.unique(maintain_order=True).with_columns(whole=pl.len().over("row"))


def find_duplicates(comments: pl.DataFrame) -> pl.DataFrame:
    """Return `comment_id` and `duplicate_of`, one row per comment that repeats an earlier one.

    Both are by one author in one thread, and at least `SAME_SHARE` of the shorter one stands in the other.
    Each run of words points at the first comment that has it alone, so time is linear in the text.
    """
    author = pl.struct("thread_id", "author_id")
    own = (
        comments.filter(pl.col("author_id").is_not_null() & author.is_duplicated())
        .sort("thread_id", "position")
        .select("comment_id", "text", author=author.rank("dense").cast(pl.UInt64))
    )
    runs = cut_shingles(own["text"])
    shingles = runs["shingle"] * MIX + own["author"].gather(runs["row"])
    # Few occur twice, and sorting numbers takes a fifth of the time of grouping by them.
    ordered = shingles.sort()
    twice = shingles.is_in(ordered.filter(ordered == ordered.shift()).implode())
    repeated = runs.filter(twice).with_columns(
        first=pl.col("row").min().over(shingles.filter(twice))
    )
    repeated = repeated.filter(pl.col("first") < pl.col("row"))
    both = pl.concat([repeated["row"], repeated["first"]]).unique().implode()
    whole = (
        keep_unique_shingles(runs.filter(pl.col("row").is_in(both))).select("row", "whole").unique()
    )
    found = (
        repeated.unique()
        .group_by("row", "first")
        .len("shared")
        .join(whole, on="row")
        .join(whole, left_on="first", right_on="row", suffix="_first")
        .with_columns(share=pl.col("shared") / pl.min_horizontal("whole", "whole_first"))
        .filter(pl.col("share") >= SAME_SHARE)
        .sort("row", "share", "first", descending=[False, True, False])
        .unique("row", keep="first", maintain_order=True)
    )
    names = own["comment_id"]
    return pl.DataFrame(
        {"comment_id": names.gather(found["row"]), "duplicate_of": names.gather(found["first"])}
    )
