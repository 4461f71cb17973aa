"""Choose between overlapping hits: some references may contain others; of the rest the better one stays."""

import polars as pl

HOLDS_OTHERS = ("url", "citation", "quote", "reported_speech", "scare_quote", "abbreviation")
"""Kinds that may contain other mentions."""
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


def resolve_overlaps(found: pl.DataFrame) -> pl.DataFrame:
    """Return `found` without hits that overlap a better one, sorted by row and start.

    Better is an identifier or a participant by rule, then the longer, then the more confident, then the
    earlier. The best of each chain of overlaps stays, those that overlap it go, and so on.
    """
    place = ["row", "start", "end"]
    found = found.with_columns(
        holds=pl.col("kind").is_in(HOLDS_OTHERS),
        # The addressee must not depend on the vocabulary: replies are not inferred again when it changes.
        strong=pl.col("kind").is_in(STRONG) & pl.col("pack").is_null(),
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
    kept = [rest.filter(~crowded), _keep_best(rest.filter(crowded))]
    columns = [name for name in found.columns if name not in ("holds", "strong")]
    return pl.concat([holders.select(columns), *(frame.select(columns) for frame in kept)]).sort(
        "row", "start", "end", "kind"
    )


def _keep_best(crowded: pl.DataFrame) -> pl.DataFrame:
    """Return those of `crowded` that overlap no kept hit of a lower rank.

    This is sequential: whether a hit stays depends on all before it. All stretches share one array of
    marks, so that a stretch of thousands of hits costs no more than as many short ones.
    """
    first = pl.col("start").min().over("stretch")
    size = (pl.col("end").max() - pl.col("start").min()).over("stretch")
    is_first = pl.col("stretch") != pl.col("stretch").shift(1).fill_null(-1)
    base = pl.when(is_first).then(size).otherwise(0).cast(pl.Int64).cum_sum() - size
    places = (
        crowded.with_columns(base=base)
        .select(
            "rank",
            begin=pl.col("start") - first + pl.col("base"),
            end=pl.col("end") - first + pl.col("base"),
        )
        .sort("rank")
    )
    rows = places.rows()
    taken = bytearray(max((end for _, _, end in rows), default=0))
    stay = []
    for rank, begin, end in rows:
        if taken.find(1, begin, end) < 0:
            taken[begin:end] = b"\1" * (end - begin)
            stay.append(rank)
    return crowded.filter(pl.col("rank").is_in(stay))
