"""A plain script, and the pipeline with that script's rule for replies."""

import importlib
import sys
from pathlib import Path
from typing import Any

import polars as pl

from threadmill.measure.bench.cases.base import REFERENCE, case

LARGEST_MB = 100
NEEDS = ("pandas", "networkx", "regex")


@case(largest_mb=LARGEST_MB, needs=NEEDS, needs_checkout=True)
def plain_script(raw: Path, scratch: Path) -> None:
    """Make all tables with Python, pandas and networkx, replies by the two-line rule: `tests/reference`."""
    from threadmill import paths

    sys.path.insert(0, str(REFERENCE.parent))
    script = importlib.import_module(REFERENCE.name)
    script.main(raw, scratch / "plain", paths.vocabulary_folder())


@case(largest_mb=LARGEST_MB, needs=NEEDS, needs_checkout=True, against="plain_script")
def run_by_rule(raw: Path, scratch: Path) -> None:
    """Make the same tables with the pipeline on one core, replies by the same rule."""
    from threadmill import pipeline

    pipeline.run(raw, scratch / "by_rule", jobs=1, full=True, infer=infer_by_rule)


def infer_by_rule(comments: pl.DataFrame, *_others: Any) -> Any:
    """Return what `replies.infer` does, by the rule alone: sure of what it says."""
    from threadmill.replies import USED, Inferred
    from threadmill.replies.candidates import CANDIDATES, PARENTS

    author = pl.col("author_id")
    answers = (author.shift(2) == author) & (author.shift(1) != author)
    parents = comments.select(
        "comment_id",
        "thread_id",
        parent_comment_id=pl.when(answers).then(pl.col("comment_id").shift(1)).over("thread_id"),
        confidence=pl.lit(1.0),
        evidence=pl.lit("by the rule"),
    ).with_columns(
        parent_status=pl.when(pl.col("parent_comment_id").is_null())
        .then(pl.lit("top_level"))
        .otherwise(pl.lit("inferred"))
    )
    candidates = parents.with_columns(
        rank=pl.lit(1, pl.Int32),
        kind=pl.col("parent_status").replace({"inferred": "comment"}),
        probability=pl.lit(1.0),
    )
    return Inferred(
        parents.select(list(PARENTS)),
        candidates.select(list(CANDIDATES)),
        pl.DataFrame(
            [(name, 0.0, 0.0, "preset") for name in sorted(set(comments["platform"]))],
            USED,
            orient="row",
        ),
    )
