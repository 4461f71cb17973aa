"""Decide to which comment a repeated id belongs: the first in a thread, the first thread of all."""

from typing import NamedTuple

import polars as pl

from threadmill.threads.left_out import ELSEWHERE, LEFT_OUT, list_left_out


class Settled(NamedTuple):
    """Comments whose ids are their own, and those left out, as `LEFT_OUT`."""

    comments: pl.DataFrame
    left_out: pl.DataFrame


def settle_ids(comments: pl.DataFrame, contested: pl.DataFrame | None = None) -> Settled:
    """Return `comments` without those whose id belongs to another one.

    `contested` has ids that several threads of the whole dataset have, as `storage.parsed.CONTESTED`.
    """
    own = _drop_ids_of_other_threads(comments, contested)
    once = _drop_repeated_ids(own.comments)
    return Settled(once.comments, pl.concat([own.left_out, once.left_out]))


def _drop_repeated_ids(comments: pl.DataFrame) -> Settled:
    """Return `comments` without those whose id an earlier comment of the thread has in the document.

    In another capture of the thread the same id is the same comment.
    """
    is_first = pl.struct("path", "thread_id", "comment_id").is_first_distinct()
    if comments.select(is_first.all()).item():
        return Settled(comments, LEFT_OUT.to_frame())
    repeats = list_left_out(comments.filter(~is_first), "repeated_id")
    return Settled(comments.filter(is_first), repeats)


def _drop_ids_of_other_threads(comments: pl.DataFrame, contested: pl.DataFrame | None) -> Settled:
    """Return `comments` without those whose id another thread keeps.

    Of an id in several threads of `comments` alone, the thread whose id sorts first keeps it.
    """
    threads = comments.select("comment_id", owner="thread_id").unique()
    here = threads.filter(pl.col("comment_id").is_duplicated())
    if (contested is None or contested.is_empty()) and here.is_empty():
        return Settled(comments, LEFT_OUT.to_frame())
    owners = here.group_by("comment_id").agg(pl.col("owner").min())
    if contested is not None:
        everywhere = contested.select("comment_id", "owner")
        owners = pl.concat([everywhere, owners])
    owners = owners.unique("comment_id", keep="first", maintain_order=True)
    joined = comments.join(owners, on="comment_id", how="left", maintain_order="left")
    is_foreign = (pl.col("owner") != pl.col("thread_id")).fill_null(False)
    return Settled(
        joined.filter(~is_foreign).drop("owner"),
        list_left_out(joined.filter(is_foreign), ELSEWHERE),
    )
