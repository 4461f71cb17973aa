"""Which of overlapping hits count: references may hold others, of the rest the better one stays."""

import polars as pl

HOLDS_OTHERS = ("url", "citation", "quote", "reported_speech", "scare_quote", "abbreviation")
"""Kinds inside which other mentions are counted too."""
STRONG = (
    "doi",
    "pmid",
    "pmcid",
    "arxiv",
    "isbn",
    "trial_id",
    "email",
    "handle",
    "hashtag",
    "phone",
    "participant",
)


def resolved(found: pl.DataFrame) -> pl.DataFrame:
    """Return `found` without hits that overlap a better one, sorted by row and start.

    Better is an identifier or a participant, then the longer, then the more confident, then the
    earlier. The best of each chain of overlaps stays, what overlaps it goes, and so on.
    """
    place = ["row", "start", "end"]
    found = found.with_columns(
        holds=pl.col("kind").is_in(HOLDS_OTHERS), strong=pl.col("kind").is_in(STRONG)
    )
    holders = found.filter("holds").sort(
        *place, "kind", "confidence", descending=[False] * 4 + [True]
    )
    holders = holders.unique([*place, "kind"], keep="first", maintain_order=True)
    rest = found.filter(~pl.col("holds")).with_columns(length=pl.col("end") - pl.col("start"))
    best_first = ["strong", "length", "confidence", "start", "kind", "rule", "id"]
    rest = (
        rest.sort(
            best_first, descending=[True, True, True, False, False, False, False], nulls_last=True
        )
        .unique(place, keep="first", maintain_order=True)
        .with_row_index("rank")
        .sort("row", "start", "end")
    )
    # A stretch is a run of hits each of which overlaps what came before it.
    offset = pl.col("row").cast(pl.Int64) * 2**31
    rest = rest.with_columns(
        stretch=(
            (offset + pl.col("start")) >= (offset + pl.col("end")).cum_max().shift(1).fill_null(-1)
        ).cum_sum()
    )
    crowded = pl.len().over("stretch") > 1
    alone = rest.filter(~crowded)
    open_ = rest.filter(crowded)
    kept = [alone]
    while not open_.is_empty():
        pairs = open_.select("stretch", "rank", "start", "end")
        clashes = pairs.join(pairs, on="stretch", suffix="_other").filter(
            pl.col("rank") > pl.col("rank_other"),
            pl.col("start") < pl.col("end_other"),
            pl.col("start_other") < pl.col("end"),
        )
        best = open_.join(clashes, on="rank", how="anti")
        beaten = clashes.join(best.select(rank_other="rank"), on="rank_other", how="semi")
        kept.append(best)
        open_ = open_.join(best, on="rank", how="anti").join(beaten, on="rank", how="anti")
    columns = [name for name in found.columns if name not in ("holds", "strong")]
    return pl.concat([holders.select(columns), *(frame.select(columns) for frame in kept)]).sort(
        "row", "start", "end", "kind"
    )
