"""Find what is due for erasure without a request: threads past their retention, comments gone at their source."""

from datetime import datetime

import polars as pl

from threadmill.pipeline.taking_out import add_merged_ids, read_all
from threadmill.storage.parsed import Store
from threadmill.threads import captures, repeated_ids
from threadmill.threads.erased import is_erased


def list_expired(store: Store, before: datetime) -> list[str]:
    """Return the threads whose last capture is from `before`; those without a time of capture stay."""
    threads = store.read_threads(["thread_id", "captured_at"])
    if threads.is_empty():
        return []
    last = threads.group_by("thread_id").agg(pl.col("captured_at").max())
    return last.filter(pl.col("captured_at") < before)["thread_id"].sort().to_list()


def list_gone_at_source(store: Store, jobs: int) -> list[str]:
    """Return the comments, by the ids they are published with, that the last capture of their thread shows as deleted.

    One that it doesn't show at all counts too if it has as many comments as it says there are, and hides none:
    else it may just not have been copied.
    """
    contested = store.find_contested_ids(jobs)
    found: list[str] = []
    for some in read_all(store):
        often = some.threads.filter(pl.col("path").n_unique().over("thread_id") > 1)
        ids = often["thread_id"].unique().implode()
        rows = [frame.filter(pl.col("thread_id").is_in(ids)) for frame in some]
        if rows[0].is_empty():
            continue
        settled = repeated_ids.settle_ids(rows[1], contested).comments
        found += _list_gone(rows[0], settled, captures.merge_captures(rows[0], settled))
    return sorted(found)


def _list_gone(threads: pl.DataFrame, comments: pl.DataFrame, merged: captures.Merged) -> list[str]:
    last = merged.captures.sort("capture_number").unique(
        "thread_id", keep="last", maintain_order=True
    )
    last = last.select("thread_id", path="source_path")
    named = add_merged_ids(comments, merged.orders)
    shown = named.join(last, on=["thread_id", "path"], how="semi").select(
        "is_deleted", comment_id="merged_id"
    )
    whole = (
        threads.join(last, on=["thread_id", "path"], how="semi")
        .filter(
            pl.col("declared_comment_count") == pl.col("comment_count"),
            pl.col("hidden_comment_count").fill_null(0) == 0,
        )
        .select("thread_id")
    )
    had_words = merged.comments.filter(pl.col("text") != "", ~is_erased("comment_id"))
    deleted = had_words.join(shown.filter("is_deleted"), on="comment_id", how="semi")
    missing = had_words.join(whole, on="thread_id", how="semi").join(
        shown, on="comment_id", how="anti"
    )
    return [*deleted["comment_id"], *missing["comment_id"]]
