"""What a later capture changes in a thread, and how many comments it added, edited and lost."""

import polars as pl

PRECISIONS = ("none", "relative", "month_day", "day", "minute", "second")
DATE = ("created_text", "created_at", "created_on", "created_precision", "is_created_resolved")
GIVEN = (
    "author_name",
    "author_handle",
    "author_url",
    "url",
    "native_id",
    "author_native_id",
    "author_id",
    "is_host",
)
"""Fields that don't change with time: the first capture that has one gives it."""
EDGE = ("parent_status", "given_parent_id", "edge_path")
"""Whom a comment answers, by the first capture that tells it; `edge_path` says whose ids it is in."""
LATEST = ("like_count", "hidden_reply_count", "liker", "replier")
"""Fields that do: the last capture that has one gives it."""
ADDED, EDITED, LOST, LIKES = COUNTS = (
    "added_comment_count",
    "edited_comment_count",
    "lost_comment_count",
    "added_like_count",
)


def join_capture(
    known: pl.DataFrame, new: pl.DataFrame, pairs: pl.DataFrame, later: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return `known` with what `new`, the captures `later`, says, a row of changes per thread, and names.

    The names are `own`, `path` and `same`: which comment of `known` each of `new` is.
    """
    matched = new.rename({"comment_id": "other"}).join(pairs, on="other", maintain_order="left")
    both = known.join(
        matched.select("comment_id", *_rename_columns(matched, known)),
        on="comment_id",
        how="left",
        maintain_order="left",
    )
    both = both.with_columns(takes_text=_takes_text())
    added = new.join(
        pairs, left_on="comment_id", right_on="other", how="anti", maintain_order="left"
    )
    fresh = _tell_ids_apart(added, known)
    named = pl.DataFrame(
        {"own": added["comment_id"], "path": added["path"], "same": fresh["comment_id"]}
    )
    return (
        pl.concat([_update_comments(both).select(known.columns), fresh]),
        _count_changes(both.join(later.select("thread_id"), on="thread_id", how="semi"), added),
        pl.concat([matched.select(own="other", path="path", same="comment_id"), named]),
    )


def _takes_text() -> pl.Expr:
    """Whether the words are now others. A shorter text that begins the longer is cut off, not edited."""
    before, after = pl.col("words"), pl.col("words_new")
    is_cut = before.str.starts_with(after) & (after.str.len_bytes() < before.str.len_bytes())
    is_cut &= ~pl.col("is_edited_new").fill_null(False)
    return ((before != after) & (after != "") & ~is_cut).fill_null(False)


def _update_comments(both: pl.DataFrame) -> pl.DataFrame:
    """Return `both`, comments beside what a later capture says of them (`…_new`), as they are after it."""
    ranks = {name: rank for rank, name in enumerate(PRECISIONS)}
    rank = pl.col("created_precision").replace_strict(ranks, default=0)
    rank_new = pl.col("created_precision_new").replace_strict(ranks, default=0)
    later = (
        ((rank_new > rank).fill_null(False), DATE),
        (pl.col("parent_status").is_null(), EDGE),
        (pl.col("takes_text"), ("text", "words", "word_count")),
    )
    return both.with_columns(
        *(pl.coalesce(name, f"{name}_new").alias(name) for name in GIVEN),
        *(pl.coalesce(f"{name}_new", name).alias(name) for name in LATEST),
        *(
            pl.when(is_better).then(f"{name}_new").otherwise(name).alias(name)
            for is_better, names in later
            for name in names
        ),
        is_edited=pl.coalesce(
            pl.col("is_edited") | pl.col("is_edited_new"), "is_edited", "is_edited_new"
        ),
        is_deleted=pl.col("is_deleted") & pl.col("is_deleted_new").fill_null(True),
        author=pl.when(pl.col("author") == "")
        .then(pl.col("author_new").fill_null(""))
        .otherwise("author"),
    )


def _count_changes(both: pl.DataFrame, added: pl.DataFrame) -> pl.DataFrame:
    """Return one row per thread of how many comments were edited, lost and `added`, and of likes gained."""
    is_changed = pl.col("takes_text") & (pl.col("words") != "")
    gained = pl.col("like_count_new") - pl.col("like_count")
    counted = both.group_by("thread_id").agg(
        is_changed.sum().cast(pl.Int64).alias(EDITED),
        pl.col("words_new").is_null().sum().cast(pl.Int64).alias(LOST),
        gained.sum().cast(pl.Int64).alias(LIKES),
    )
    new = added.group_by("thread_id").agg(pl.len().cast(pl.Int64).alias(ADDED))
    return counted.join(new, on="thread_id", how="full", coalesce=True)


def _rename_columns(matched: pl.DataFrame, known: pl.DataFrame) -> list[pl.Expr]:
    skipped = {"comment_id", "thread_id"}
    return [
        pl.col(name).alias(f"{name}_new")
        for name in known.columns
        if name in matched.columns and name not in skipped
    ]


def _tell_ids_apart(added: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return `added` with ids that no comment of `known` has, and the authors' ids that they have there."""
    authors = (
        known.filter(pl.col("author") != "")
        .unique(["thread_id", "author"], keep="first", maintain_order=True)
        .select("thread_id", "author", known_id="author_id", known_native="author_native_id")
    )
    joined = added.join(authors, on=["thread_id", "author"], how="left", maintain_order="left")
    is_other = (pl.col("author_native_id") != pl.col("known_native")).fill_null(False)
    joined = joined.with_columns(
        author_id=pl.when(is_other)
        .then("author_id")
        .otherwise(pl.coalesce("known_id", "author_id"))
    )
    taken = joined["comment_id"].is_in(known["comment_id"].implode())
    again = pl.format("{}@{}", "comment_id", "capture_number").alias("comment_id")
    return joined.with_columns(
        pl.when(taken).then(again).otherwise("comment_id").alias("comment_id")
    ).select(known.columns)
