"""What may be published of figures: k distinct authors behind each, and none of them with more than half.

The same holds for whatever follows from published figures by subtraction: what is left over in a table, what is in one
table and not in another, what changed from one release to the next. All of these are sums of what authors contributed.
"""

from collections.abc import Mapping

import polars as pl

FEW, DOMINATED, COMPLEMENTARY = "few_authors", "dominated", "complementary"
"""Why a cell is hidden: fewer than k authors; one with more than half; or it would follow from others."""
VECTOR = pl.Schema({"author": pl.String, "amount": pl.Int64})
"""What each author contributes to something; negative where it is less than before."""


def judge(behind: pl.DataFrame, k: int) -> pl.DataFrame:
    """Return cell, author_count, is_few, is_dominated: one row per cell of `behind` that anybody contributes to.

    `behind` is as `counting.BEHIND`; what an author contributes may be negative, where it is a change.
    """
    size = pl.col("amount").abs()
    found = (
        behind.filter(pl.col("amount") != 0)
        .group_by("cell")
        .agg(author_count=pl.len(), size=size.sum(), largest=size.max())
    )
    return found.select(
        "cell",
        pl.col("author_count").cast(pl.Int64),
        is_few=pl.col("author_count") < k,
        is_dominated=2 * pl.col("largest") > pl.col("size"),
    )


def add_up(behind: pl.DataFrame) -> pl.DataFrame:
    """Return what each author contributes to all cells of `behind` together, as `VECTOR`."""
    return behind.group_by("author").agg(pl.col("amount").sum())


def subtract(whole: pl.DataFrame, part: pl.DataFrame, *by: str) -> pl.DataFrame:
    """Return `whole` minus `part` by author, and by the columns `by`, without what is nothing."""
    columns = [*by, "author", "amount"]
    both = [whole.select(columns), part.select(columns).with_columns(-pl.col("amount"))]
    left = pl.concat(both).group_by(*by, "author").agg(pl.col("amount").sum())
    return left.filter(pl.col("amount") != 0)


def is_harmless(vector: pl.DataFrame, k: int) -> bool:
    """Return whether a `VECTOR` may follow from what is published: it is nothing, or as a figure has to be."""
    size = pl.col("amount").abs()
    sums = vector.filter(pl.col("amount") != 0).select(
        pl.len(), size.sum(), size.max().alias("largest")
    )
    count, whole, largest = sums.row(0)
    return weigh(count, whole, largest or 0, k)


def weigh(count: int, size: int, largest: int, k: int) -> bool:
    """Return the same for that many authors, what they contribute together, and the `largest` of these."""
    return not count or (count >= k and 2 * largest <= size)


def is_enough(left: int, hidden: Mapping[str, int], k: int) -> bool:
    """Return whether what is `left` for cells of few authors may be anything from nothing to k, and so tells nothing.

    Args:
        left: what hidden cells have together.
        hidden: how many cells are hidden, by reason: whoever knows the reason of a cell knows the least that it has.
        k: fewest authors behind a figure.
    """
    if not left or not hidden.get(FEW):
        return True
    # A dominated cell has k - 1 others, and one author with more than all of these.
    least = k * hidden.get(COMPLEMENTARY, 0) + (2 * k - 1) * hidden.get(DOMINATED, 0)
    return left >= least + k
