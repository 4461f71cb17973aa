"""Several captures of one thread → one thread, and what each of them added, edited and lost."""

from typing import NamedTuple

import polars as pl

from threadmill.threads.captures import changes, order, pairs
from threadmill.threads.hosts import normalise_name
from threadmill.threads.left_out import LEFT_OUT, UNSHARED, list_left_out

ORDER = ("thread_id", "path", "comment_id", "position")


class Merged(NamedTuple):
    """Threads captured once or often, each once."""

    threads: pl.DataFrame
    comments: pl.DataFrame
    captures: pl.DataFrame
    tops: pl.DataFrame
    """`comment_id` of comments that captures in different orders show to be top level."""
    orders: pl.DataFrame
    """`thread_id, path, comment_id, position` as shown, one row per comment and capture, of threads captured often."""
    unshared: pl.DataFrame
    """The comments of captures that share none with earlier ones of their thread, as `LEFT_OUT`."""


def merge_captures(threads: pl.DataFrame, comments: pl.DataFrame) -> Merged:
    """Return one row per thread and per comment, from all captures of each thread.

    Comments are the same by the platform's id, else by author and words, else by author and most of the
    words. The first capture of a comment names it, whatever comes later. Whom it answers is what any
    capture tells; what none tells stays open.
    """
    threads = _number_captures(_join_parts(threads, comments))
    comments = comments.with_columns(edge_path=pl.col("path"))
    first = _count_changes(threads.filter(pl.col("capture_number") == 1))
    often = threads.filter(pl.len().over("thread_id") > 1)
    if often.is_empty():
        none = comments.clear().select(*ORDER)
        return Merged(
            threads,
            comments.drop("edge_path"),
            _sort_captures(first),
            order.find_tops({}, comments),
            none,
            LEFT_OUT.to_frame(),
        )
    place = ["path", "thread_id"]
    numbers = often.select(*place, "capture_number")
    repeated = comments.join(numbers, on=place, how="inner", maintain_order="left")
    once = comments.join(numbers, on=place, how="anti", maintain_order="left")
    known = _normalise_comments(repeated.filter(pl.col("capture_number") == 1))
    counted = [first]
    same = [known.select(own="comment_id", path="path", same="comment_id")]
    for number in range(2, max(often["capture_number"]) + 1):
        later = often.filter(capture_number=number)
        new = _normalise_comments(repeated.filter(capture_number=number))
        known, changed, named = changes.join_capture(
            known, new, pairs.pair_comments(known, new), later
        )
        same.append(named)
        counted.append(_count_changes(later, changed))
    repeated = repeated.join(
        pl.concat(same),
        left_on=["comment_id", "path"],
        right_on=["own", "path"],
        maintain_order="left",
    )
    shown_as = order.list_orders(repeated, often)
    merged = _relink_parents(order.fit_positions(known, shown_as), pl.concat(same))
    whole = pl.concat([once, merged.select(once.columns)]).drop("edge_path")
    captures = _sort_captures(pl.concat(counted))
    shown = repeated.drop("comment_id").rename({"same": "comment_id"}).select(*ORDER)
    return Merged(
        _pick_richest(threads, whole),
        whole,
        captures,
        order.find_tops(shown_as, known),
        shown,
        _list_unshared(often, captures, repeated),
    )


def _list_unshared(
    often: pl.DataFrame, captures: pl.DataFrame, repeated: pl.DataFrame
) -> pl.DataFrame:
    """Return the comments of captures of which the file's name alone says that they are of one thread, as `LEFT_OUT`.

    They share no comment with earlier ones. Files that give one id for the thread may be its parts.
    """
    counted = often.join(
        captures.select("thread_id", "capture_number", changes.ADDED),
        on=["thread_id", "capture_number"],
        maintain_order="left",
    ).sort("thread_id", "stem", "capture_number")
    named = ["thread_id", "stem"]
    before = pl.col("comment_count").cum_sum().over(named) - pl.col("comment_count")
    is_same_id = pl.col("thread_native_id").is_not_null() & (
        pl.len().over(*named, "thread_native_id") > 1
    )
    is_apart = (pl.col("comment_count") > 0) & (pl.col(changes.ADDED) == pl.col("comment_count"))
    apart = counted.filter(is_apart & (before > 0) & ~is_same_id).select("thread_id", "path")
    own = repeated.join(apart, on=["thread_id", "path"], how="semi")
    return list_left_out(own.with_columns(line=pl.lit(None, pl.Int64)), UNSHARED)


def _join_parts(threads: pl.DataFrame, comments: pl.DataFrame) -> pl.DataFrame:
    """Return one row per document and thread, though each part of a dump has one, with its comments counted."""
    place = ["path", "thread_id"]
    counts = comments.group_by(place).agg(comment_count=pl.len().cast(pl.Int64))
    whole = threads.drop("comment_count")
    if threads.select(pl.struct(place).is_duplicated().any()).item():
        summed = ("line_count", "furniture_line_count", "unrecognised_line_count")
        whole = whole.group_by(place, maintain_order=True).agg(
            pl.exclude(*summed, "tells_tree", "is_chronological").drop_nulls().first(),
            pl.col(*summed).sum(),
            # One part out of time order is enough.
            pl.col("is_chronological").min(),
            pl.col("tells_tree").any(),
        )
    return (
        whole.join(counts, on=place, how="left", maintain_order="left")
        .with_columns(pl.col("comment_count").fill_null(0))
        .select(threads.columns)
    )


def _relink_parents(comments: pl.DataFrame, same: pl.DataFrame) -> pl.DataFrame:
    """Return `comments` with `given_parent_id` as the merged comments are named."""
    names = same.select(given_parent_id="own", edge_path="path", parent="same")
    return (
        comments.join(names, on=["given_parent_id", "edge_path"], how="left", maintain_order="left")
        .with_columns(given_parent_id=pl.coalesce("parent", "given_parent_id"))
        .drop("parent")
    )


def _number_captures(threads: pl.DataFrame) -> pl.DataFrame:
    """Return `threads`, a row per capture, with `capture_number` by time, from 1.

    Those without a time come last, by path, but before them all is one that others are named as later captures of.
    """
    named = pl.col("path").str.extract(r"[^/]@(\d{4}-\d\d-\d\d)[^/]*$").str.to_datetime("%Y-%m-%d")
    when = pl.coalesce("captured_at", named.cast(pl.Datetime("us")))
    is_named_later = pl.col("path").str.contains(r"[^/]@[^/]*$")
    has_later = is_named_later.any().over("thread_id", "stem")
    is_first = when.is_null() & has_later & ~is_named_later
    keys = [pl.col("thread_id"), ~is_first, when, pl.col("path")]
    number = pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("thread_id")
    return threads.sort(keys, nulls_last=True).with_columns(capture_number=number)


def _normalise_comments(comments: pl.DataFrame) -> pl.DataFrame:
    """Return `comments` with `author`, to compare, and `words`: the text without marks of any form."""
    text = pl.col("text").str.replace_all(r"!?\[([^\]\n]*)\]\([^)\n]*\)", "${1}")
    return comments.with_columns(
        author=normalise_name(pl.col("author_name")).fill_null(""),
        date=pl.col("created_text").fill_null(""),
        words=text.str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}\p{S}]+", ""),
    )


def _count_changes(captures: pl.DataFrame, changed: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return rows of `captures`, with what `changed` per thread; the first capture added all it has."""
    if changed is None:
        none = dict.fromkeys(changes.COUNTS, pl.lit(0, pl.Int64))
        counted = captures.with_columns(**none | {changes.ADDED: pl.col("comment_count")})
    else:
        counted = captures.join(changed, on="thread_id", how="left", maintain_order="left")
        counted = counted.with_columns(pl.col(*changes.COUNTS).fill_null(0))
    return counted.select(
        "thread_id",
        "source_path",
        "source_format",
        "captured_at",
        "capture_number",
        "comment_count",
        *changes.COUNTS,
        "bucket",
    )


def _sort_captures(captures: pl.DataFrame) -> pl.DataFrame:
    return captures.sort("thread_id", "capture_number")


def _pick_richest(threads: pl.DataFrame, comments: pl.DataFrame) -> pl.DataFrame:
    """Return one row per thread: its capture with most comments, and what the others know besides.

    A capture that tells the tree goes before those that lost it.
    """
    counts = comments.group_by("thread_id").agg(merged=pl.len().cast(pl.Int64))
    ranked = threads.sort("thread_id", "tells_tree", "comment_count", "capture_number")
    described = ("title", "url", "publication", "host", "given_host", "published_at", "scope")
    best = ranked.group_by("thread_id", maintain_order=True).agg(
        pl.exclude(
            *described,
            "captured_at",
            "declared_comment_count",
            "shows_likers",
            "tells_tree",
            "is_chronological",
            "hidden_comment_count",
        ).last(),
        *(pl.col(name).drop_nulls().last() for name in described),
        pl.col("captured_at", "declared_comment_count").max(),
        pl.col("shows_likers", "tells_tree", "is_chronological").any(),
        pl.col("hidden_comment_count").drop_nulls().last(),
    )
    return (
        best.join(counts, on="thread_id", how="left", maintain_order="left")
        .with_columns(comment_count=pl.col("merged").fill_null(0))
        .select(threads.columns)
    )
