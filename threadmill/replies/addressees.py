"""Add a second candidate where a source attaches all replies of a branch to its top: the person a reply addresses."""

import polars as pl

from threadmill.sources.addressing import ADDRESS

MAX_DEPTH = 1
"""`platform_max_depth` of platforms with two levels."""
IS_PARENT, IS_PARENT_OF_TOP = 0.94, 0.75
"""Probability that a reply answers its addressee's latest comment before it in the branch; the second where the
addressee also wrote the top comment, so that the reply may answer that. 103 of 110 and 27 of 36 in real trees cut to
two levels, as `threadmill evaluate replies` measures them; docs/replies.md has them by source."""


def list_candidates(
    found: pl.DataFrame, comments: pl.DataFrame, threads: pl.DataFrame
) -> pl.DataFrame:
    """Return two rows of `reply_candidates` per reply that names its addressee and whose source gives another parent.

    The addressee's comment has the measured probability, the source's parent the rest. `found` are mentions
    as from `people.add_answered_comments`, `comments` have their depth. Only threads of two levels have such rows.
    """
    whole = comments.join(threads.filter(platform_max_depth=MAX_DEPTH), on="thread_id", how="semi")
    capped = whole.filter(
        pl.col("parent_status") == "explicit",
        pl.col("depth") == MAX_DEPTH,
        pl.col("text").str.contains(ADDRESS),
    )
    of_top = pl.col("target_author_id").eq_missing(pl.col("top_author_id"))
    meant = (
        # Quotes have targets too, so only these two kinds are kept.
        found.filter(pl.col("kind").is_in(["handle", "participant"]))
        .select("comment_id", "target_author_id", addressee="target_comment_id")
        # Nobody in the thread may have that name: "@In reply", say.
        .drop_nulls("addressee")
        .unique("comment_id", keep="last", maintain_order=True)
        .join(capped.select("comment_id", "thread_id", given="parent_comment_id"), on="comment_id")
        .filter(pl.col("addressee") != pl.col("given"))
        .join(whole.select(given="comment_id", top_author_id="author_id"), on="given")
        .with_columns(chance=pl.when(of_top).then(IS_PARENT_OF_TOP).otherwise(IS_PARENT))
    )
    ranked = [("addressee", pl.col("chance")), ("given", (1 - pl.col("chance")).round(6))]
    return pl.concat(
        meant.select(
            "comment_id",
            "thread_id",
            rank=pl.lit(rank, pl.Int32),
            kind=pl.lit("comment"),
            parent_comment_id=parent,
            probability=probability,
            is_inferred=pl.lit(False),
        )
        for rank, (parent, probability) in enumerate(ranked, 1)
    )
