"""Keep the parents of threads from which words were erased as they were inferred with these words."""

from collections.abc import Callable, Collection
from typing import Any

import polars as pl

from threadmill.replies.candidates import CANDIDATES, PARENTS

FROZEN = pl.Schema(
    dict(PARENTS)
    | {name: kind for name, kind in CANDIDATES.items() if name != "comment_id"}
    | {"candidate_id": pl.String}
)
"""One row per comment and candidate parent (one without candidate where a comment has none): what `infer` gave."""


def freeze(parents: pl.DataFrame, candidates: pl.DataFrame) -> pl.DataFrame:
    """Return what `infer` gave, as `FROZEN`."""
    ranked = candidates.rename({"parent_comment_id": "candidate_id"})
    joined = parents.join(ranked, on="comment_id", how="left", maintain_order="left")
    return joined.match_to_schema(FROZEN, extra_columns="ignore")


def keep_frozen(infer: Callable[..., Any], frozen: pl.DataFrame) -> Callable[..., Any]:
    """Return `infer` which gives comments in `frozen` the parents, and candidates, that they have there.

    What a person corrected since goes before. A parent that isn't in the thread any more, or doesn't stand above, isn't
    given.
    """

    def infer_others(
        comments: pl.DataFrame,
        anchors: pl.DataFrame | None = None,
        priors: Any = None,
        chronological: Collection[str] = (),
    ) -> Any:
        found = infer(comments, anchors, priors, chronological)
        kept = _keep_possible(frozen, comments, anchors)
        if kept.is_empty():
            return found
        ids = kept["comment_id"].unique().implode()
        rest = found.parents.filter(~pl.col("comment_id").is_in(ids))
        own = kept.unique("comment_id", keep="first", maintain_order=True)
        ranked = kept.filter(pl.col("rank").is_not_null()).select(
            "comment_id", "thread_id", "rank", "kind", parent_comment_id="candidate_id",
            probability="probability",
        )  # fmt: skip
        order = comments.select("comment_id")
        parents = pl.concat([rest, own.select(rest.columns)])
        candidates = pl.concat(
            [
                found.candidates.filter(~pl.col("comment_id").is_in(ids)),
                ranked.select(list(CANDIDATES)),
            ]
        )
        return found._replace(
            parents=order.join(parents, on="comment_id", how="inner", maintain_order="left"),
            candidates=order.join(
                candidates.sort("rank", maintain_order=True),
                on="comment_id",
                how="inner",
                maintain_order="left_right",
            ).select(list(CANDIDATES)),
        )

    return infer_others


def _keep_possible(
    frozen: pl.DataFrame, comments: pl.DataFrame, anchors: pl.DataFrame | None
) -> pl.DataFrame:
    """Return the rows of `frozen` that can hold for `comments`."""
    here = frozen.join(
        comments.select("comment_id"), on="comment_id", how="semi", maintain_order="left"
    )
    if here.is_empty():
        return here
    if anchors is not None:
        addressing = anchors.filter(kind="person").select("comment_id")
        here = here.join(addressing, on="comment_id", how="anti", maintain_order="left")
    at = comments.select("comment_id", "thread_id", "position")
    own = at.select("comment_id", own_thread="thread_id", own_position="position")
    placed = here.join(own, on="comment_id", how="left", maintain_order="left")
    for name in ("parent_comment_id", "candidate_id"):
        above = at.select(
            pl.col("comment_id").alias(name),
            above_thread="thread_id",
            above_position="position",
        )
        placed = placed.join(above, on=name, how="left", maintain_order="left")
        stands = (pl.col("above_thread") == pl.col("own_thread")) & (
            pl.col("above_position") < pl.col("own_position")
        )
        is_good = pl.col(name).is_null() | stands.fill_null(value=False)
        placed = placed.with_columns(
            is_good.all().over("comment_id").alias(f"{name}_is_good")
        ).drop("above_thread", "above_position")
    good = placed.filter("parent_comment_id_is_good", "candidate_id_is_good")
    return good.select(frozen.columns)
