"""Measure how accurate candidates by addressee are, on known trees cut to two levels."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from threadmill import mentions
from threadmill.measure.replies import labelled
from threadmill.mentions.packs import TERM
from threadmill.mentions.rules import people
from threadmill.replies import addressees
from threadmill.sources.addressing import ADDRESS


class Measured(NamedTuple):
    """The replies whose addressee has one probability, and how many of them answer that comment, or the top."""

    probability: float
    replies: int
    right: int
    top: int


def measure(path: Path) -> list[Measured]:
    """Return how accurate `addressees.list_candidates` is on a file of threads with known trees, cut to two levels.

    The replies of a branch are sorted by `created_at`, if the file has it, as platforms with two levels show
    them, else in the order of the tree. The file is as for `labelled.read`; people can also be addressed by the
    name in `author_handle`, or in a forum's `extra.username`.
    """
    flat = _cut(path)
    has_address = pl.col("text").str.contains(ADDRESS) & pl.col("true_parent").is_not_null()
    flat = flat.filter(has_address.any().over("thread_id"))
    found = mentions.find_mentions(flat, mentions.Packs(TERM.to_frame(), {})).mentions
    capped = flat.select("thread_id", platform_max_depth=pl.lit(addressees.MAX_DEPTH)).unique()
    meant = addressees.list_candidates(
        people.add_answered_comments(found, flat), flat, capped
    ).filter(rank=1)
    true = pl.col("true_parent")
    measured = (
        meant.join(flat.select("comment_id", "root_comment_id", "true_parent"), on="comment_id")
        .group_by("probability")
        .agg(
            replies=pl.len(),
            right=(true == pl.col("parent_comment_id")).sum(),
            top=(true == pl.col("root_comment_id")).sum(),
        )
    )
    return [Measured(*row) for row in measured.sort("probability", descending=True).rows()]


def sum_by_probability(measured: Iterable[Measured]) -> list[Measured]:
    """Return `measured` summed by probability, the most probable first."""
    sums: dict[float, Measured] = {}
    for one in measured:
        _, replies, right, top = sums.get(one.probability, (0, 0, 0, 0))
        sums[one.probability] = Measured(
            one.probability, replies + one.replies, right + one.right, top + one.top
        )
    return sorted(sums.values(), reverse=True)


def _cut(path: Path) -> pl.DataFrame:
    """Return the comments of a file as a platform with two levels would show them, with their `true_parent`."""
    rows = []
    for thread_id, found in labelled.read_threads(path).items():
        ordered, parent = labelled.sort_in_preorder(found)
        block = labelled.find_blocks(np.array(parent, dtype=np.int64)).tolist()
        ids = [f"{thread_id}/{row['comment_id']}" for row in ordered]
        shown = sorted(
            range(len(ids)),
            key=lambda k: (block[k], block[k] != k, str(ordered[k].get("created_at") or ""), k),
        )
        for position, k in enumerate(shown):
            row, is_reply = ordered[k], parent[k] >= 0
            author = None if row.get("author") is None else str(row["author"])
            extra = row.get("extra")
            handle = extra.get("username") if isinstance(extra, dict) else None
            rows.append(
                (
                    thread_id, ids[k], position, author and f"{thread_id}/{author}", author,
                    row.get("author_handle") or handle, str(row.get("text") or ""),
                    "explicit" if is_reply else "top_level", ids[block[k]] if is_reply else None,
                    ids[block[k]], int(is_reply), ids[parent[k]] if is_reply else None,
                )
            )  # fmt: skip
    cut = pl.DataFrame(rows, schema=_CUT, orient="row").sort("thread_id", "position")
    return cut.with_columns(platform=pl.lit(path.name), is_host=pl.lit(None, pl.Boolean))


_CUT = {
    "thread_id": pl.String, "comment_id": pl.String, "position": pl.Int32, "author_id": pl.String,
    "author_name": pl.String, "author_handle": pl.String, "text": pl.String,
    "parent_status": pl.String, "parent_comment_id": pl.String, "root_comment_id": pl.String,
    "depth": pl.Int32, "true_parent": pl.String,
}  # fmt: skip
