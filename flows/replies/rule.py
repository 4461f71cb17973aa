"""The first method: two rules of who answers whom, with their measured rates."""

import polars as pl

HOST = {"comment": 0.744, "top_level": 0.152, "other": 0.104}
"""A comment by the host: its parent is the comment before, the top level, another one.

This and the next are means over the development sources with known trees (blogs, forums, Reddit,
YouTube, civic proposals; each source counts the same; host: 5 sources, the others 10 and 11).
"""
ALTERNATING = {"comment": 0.453, "top_level": 0.322, "other": 0.225}
"""A comment by the author of the comment before the previous one."""
ELSE = {"comment": 0.236, "top_level": 0.627, "other": 0.137}
"""Any other comment."""

_BRANCHES = (
    ("host", HOST, "comment", "host answering the previous comment"),
    ("alternating", ALTERNATING, "comment", "back after one other comment, so answering it"),
    ("else", ELSE, "top_level", "nothing speaks for a reply"),
    ("first", {"comment": 0.0, "top_level": 1.0, "other": 0.0}, "top_level", "first in the thread"),
)


def infer(comments: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return parents and candidates as `replies.Inferred` declares them."""
    previous = pl.col("comment_id").shift(1).over("thread_id")
    before = pl.col("author_id").shift(2).over("thread_id")
    branch = (
        pl.when(previous.is_null())
        .then(pl.lit("first"))
        .when(pl.col("is_host").fill_null(False))
        .then(pl.lit("host"))
        .when(pl.col("author_id") == before)
        .then(pl.lit("alternating"))
        .otherwise(pl.lit("else"))
    )
    rates = pl.DataFrame(
        [
            (name, kind, probability)
            for name, rate, _, _ in _BRANCHES
            for kind, probability in rate.items()
        ],
        schema={"branch": pl.String, "kind": pl.String, "probability": pl.Float64},
        orient="row",
    ).filter(pl.col("probability") > 0)
    decided = pl.DataFrame(
        [(name, kind, rate[kind], evidence) for name, rate, kind, evidence in _BRANCHES],
        schema={
            "branch": pl.String,
            "kind": pl.String,
            "confidence": pl.Float64,
            "evidence": pl.String,
        },
        orient="row",
    )
    split = comments.select("comment_id", "thread_id", previous=previous, branch=branch)
    of_comment = pl.when(pl.col("kind") == "comment").then("previous")
    parents = split.join(decided, on="branch", how="left", maintain_order="left").select(
        "comment_id",
        parent_status=pl.when(pl.col("kind") == "comment")
        .then(pl.lit("inferred"))
        .otherwise("kind"),
        parent_comment_id=of_comment,
        confidence="confidence",
        evidence="evidence",
    )
    candidates = (
        split.join(rates, on="branch", how="inner", maintain_order="left")
        .sort("probability", descending=True, maintain_order=True)
        .select(
            "comment_id",
            "thread_id",
            rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("comment_id"),
            kind="kind",
            parent_comment_id=of_comment,
            probability="probability",
        )
    )
    return parents, candidates
