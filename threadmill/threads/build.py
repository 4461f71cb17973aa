"""Build threads from their parsed rows: the rows of all tables that are made thread by thread.

`build_threads` names the steps in their order. It is pure: any process makes the same rows of the same input.
"""

from collections.abc import Callable
from typing import NamedTuple

import polars as pl

from threadmill import mentions, replies, schema
from threadmill.mentions.rules import people
from threadmill.replies import addressees, evidence, explicit, partial, shape
from threadmill.storage.spool import IdentifiedRows
from threadmill.threads import captures, hosts, repeated_ids
from threadmill.threads.duplicates import find_duplicates
from threadmill.threads.erased import wipe_comments, wipe_threads
from threadmill.threads.language import detect_languages
from threadmill.threads.left_out import list_left_out
from threadmill.threads.numbered import name_numbered_parents
from threadmill.threads.signals import detect_signals

MENTION_ORDER = ("start_char", "end_char", "kind")


Infer = Callable[..., replies.Inferred]
"""Infers parents as `replies.infer` does."""


class BuiltRows(NamedTuple):
    """Rows as published; those of tables in parts also have a `bucket` column."""

    threads: pl.DataFrame
    comments: pl.DataFrame
    replies: pl.DataFrame
    reply_candidates: pl.DataFrame
    mentions: pl.DataFrame
    mention_candidates: pl.DataFrame
    captures: pl.DataFrame
    left_out: pl.DataFrame
    """What is no comment of any thread, and captures that share none, as `left_out.LEFT_OUT`."""


class MentionRows(NamedTuple):
    """What depends on the vocabulary, as published, and `bucket`."""

    mentions: pl.DataFrame
    mention_candidates: pl.DataFrame
    reply_candidates: pl.DataFrame


class Arranged(NamedTuple):
    """The comments of merged threads in display order, with the parents that their sources give."""

    comments: pl.DataFrame
    """All comments; `PARENT` columns are null where the source gives no parent."""
    explicit_threads: pl.DataFrame
    """`thread_id` of threads whose source gives the tree."""
    chronological: pl.DataFrame
    """`thread_id` of threads that stand by time."""
    placed: partial.Placed
    """The comments of `explicit_threads`, and which of them are open."""
    lost: pl.DataFrame
    """The comments of all other threads."""
    loops: pl.DataFrame
    """Comments whose parents form a loop, as `left_out.LEFT_OUT`."""


def build_threads(
    parsed: IdentifiedRows,
    packs: mentions.Packs,
    priors: replies.Priors | None = None,
    corrections: pl.DataFrame | None = None,
    contested: pl.DataFrame | None = None,
    infer: Infer = replies.infer,
) -> BuiltRows:
    """Return the published rows for `parsed`, which has all captures of each of its threads.

    Args:
        parsed: rows as identified, parents not yet decided.
        packs: the vocabulary in which mentions are found.
        priors: what is known of platforms, for `replies.infer`.
        corrections: anchors by people, for `replies.infer`.
        contested: ids that several threads of the whole dataset have, as `storage.parsed.CONTESTED`.
        infer: what infers parents.
    """
    settled = repeated_ids.settle_ids(parsed.comments, contested)
    named = name_numbered_parents(settled.comments)
    merged = captures.merge_captures(parsed.threads, named)
    arranged = _arrange_comments(merged)
    threads = hosts.find_hosts(
        _count_comments(merged.threads, arranged.comments), arranged.comments
    )
    comments = hosts.mark_hosts(arranged.comments, threads)
    inferred = _infer_parents(comments, arranged, merged.tops, priors, corrections, infer)
    threads = wipe_threads(_name_priors(threads, inferred))
    comments = _describe_comments(wipe_comments(_fill_parents(comments, inferred)))
    candidates = inferred.candidates.with_columns(is_inferred=pl.lit(True))
    found = rebuild_mentions(comments, candidates, threads, packs)
    return BuiltRows(
        threads.select(*schema.TABLES["threads"].columns, "bucket").sort("thread_id"),
        comments.rename({"evidence": "parent_evidence"}).select(
            *schema.TABLES["comments"].columns, "bucket"
        ),
        _publish_rows("replies", _select_replies(comments), comments),
        found.reply_candidates,
        found.mentions,
        found.mention_candidates,
        merged.captures.select(*schema.TABLES["captures"].columns, "bucket").sort(
            "bucket", "thread_id", maintain_order=True
        ),
        pl.concat([settled.left_out, arranged.loops, merged.unshared]),
    )


def rebuild_mentions(
    comments: pl.DataFrame,
    candidates: pl.DataFrame | None,
    threads: pl.DataFrame,
    packs: mentions.Packs,
) -> MentionRows:
    """Return the mentions in `comments`, and the candidate parents, some of which mentions tell.

    Args:
        comments: rows as published, and `bucket`, sorted by thread and position.
        candidates: rows of `reply_candidates`; only the inferred ones count.
        threads: rows as published of all threads of `comments`; others may be among them.
        packs: the vocabulary in which mentions are found.
    """
    published = threads.select("thread_id", "publication")
    found = mentions.find_mentions(
        comments.join(published, on="thread_id", how="left", maintain_order="left"), packs
    )
    answered = people.add_answered_comments(found.mentions, comments)
    addressed = addressees.list_candidates(answered, comments, threads)
    inferred = [] if candidates is None else [candidates.filter("is_inferred")]
    dealt = comments.select("thread_id", "bucket").unique(maintain_order=True)
    unknown = found.candidates.join(dealt, on="thread_id", how="left", maintain_order="left")
    return MentionRows(
        _publish_rows("mentions", answered, comments, *MENTION_ORDER),
        unknown.sort("bucket", *schema.TABLES["mention_candidates"].key),
        _publish_rows(
            "reply_candidates",
            pl.concat([frame.select(addressed.columns) for frame in (*inferred, addressed)]),
            comments,
            "rank",
        ),
    )


def _arrange_comments(merged: captures.Merged) -> Arranged:
    """Return the comments of `merged` in the order in which they are displayed and inferred."""
    explicit_threads = explicit.list_explicit_threads(merged.comments)
    chronological = merged.threads.filter("is_chronological").select("thread_id")
    given = explicit.order_comments(
        merged.comments.join(explicit_threads, on="thread_id", how="semi")
    )
    displayed = explicit_threads.join(chronological, on="thread_id", how="anti")
    is_open = pl.col("parent_status").is_null()
    open_comments = merged.comments.filter(is_open).join(displayed, on="thread_id", how="semi")
    placed = partial.place(given.comments, open_comments.select("comment_id"), merged.orders)
    lost = _order_lost_comments(
        merged.comments.join(explicit_threads, on="thread_id", how="anti"), chronological
    )
    comments = pl.concat([lost, placed.comments], how="diagonal").sort("thread_id", "position")
    loops = list_left_out(given.loops, "parent_loop")
    return Arranged(comments, explicit_threads, chronological, placed, lost, loops)


def _order_lost_comments(lost: pl.DataFrame, chronological: pl.DataFrame) -> pl.DataFrame:
    """Return `lost`, comments of threads without a tree, as displayed; those of `chronological` ones by time."""
    is_timed = pl.col("thread_id").is_in(chronological["thread_id"].implode())
    return (
        lost.drop("parent_status", "given_parent_id")
        .sort(
            "thread_id",
            pl.when(is_timed).then("created_at"),
            "position",
            nulls_last=[False, True, False],
            maintain_order=True,
        )
        .with_columns(position=pl.int_range(pl.len(), dtype=pl.Int32).over("thread_id"))
    )


def _count_comments(threads: pl.DataFrame, comments: pl.DataFrame) -> pl.DataFrame:
    """Return `threads` with their `comment_count`."""
    counts = comments.group_by("thread_id").agg(comment_count=pl.len().cast(pl.Int64))
    return (
        threads.drop("comment_count")
        .join(counts, on="thread_id", how="left", maintain_order="left")
        .with_columns(pl.col("comment_count").fill_null(0))
    )


def _infer_parents(
    comments: pl.DataFrame,
    arranged: Arranged,
    tops: pl.DataFrame,
    priors: replies.Priors | None,
    corrections: pl.DataFrame | None,
    infer: Infer,
) -> replies.Inferred:
    """Return the parents of all comments whose source gives none.

    `tops` are comments that two orders of a page show to be top level. What a source gives is evidence for the
    comments around it, and isn't returned.
    """
    # Only pages in reply order show by their orders what is at top level.
    paged = arranged.lost.join(arranged.chronological, on="thread_id", how="anti")
    shown_tops = tops.join(
        paged.select("comment_id"), on="comment_id", how="semi", maintain_order="left"
    )
    people_said = evidence.SCHEMA.to_frame() if corrections is None else corrections
    anchors = pl.concat([people_said, evidence.make_order_anchors(shown_tops)])
    placed = arranged.placed
    given = placed.anchors["comment_id"].implode()
    is_explicit = pl.col("thread_id").is_in(arranged.explicit_threads["thread_id"].implode())
    is_around_open = pl.col("comment_id").is_in(
        pl.concat([placed.rebuilt, placed.anchors.select("comment_id")])["comment_id"].implode()
    )
    inferred = infer(
        comments.filter(~is_explicit | is_around_open).drop(*partial.PARENT),
        pl.concat([anchors.filter(~pl.col("comment_id").is_in(given)), placed.anchors]),
        priors,
        arranged.chronological["thread_id"].to_list(),
    )
    if placed.anchors.is_empty():
        return inferred
    is_open = ~pl.col("comment_id").is_in(given)
    return inferred._replace(
        parents=inferred.parents.filter(is_open), candidates=inferred.candidates.filter(is_open)
    )


def _fill_parents(comments: pl.DataFrame, inferred: replies.Inferred) -> pl.DataFrame:
    """Return `comments` with inferred parents where the source gives none: what it gives is never replaced."""
    return (
        comments.join(inferred.parents, on="comment_id", how="left", maintain_order="left")
        .with_columns(pl.coalesce(name, f"{name}_right").alias(name) for name in partial.PARENT)
        .drop(f"{name}_right" for name in partial.PARENT)
    )


def _describe_comments(comments: pl.DataFrame) -> pl.DataFrame:
    """Return `comments` with all that follows from their texts and parents: signals, language, duplicates, shape."""
    return (
        comments.with_columns(
            **detect_signals(pl.col("text")), **detect_languages(comments["text"]).to_dict()
        )
        .join(find_duplicates(comments), on="comment_id", how="left", maintain_order="left")
        .pipe(shape.find_roots)
        .pipe(shape.measure_subtrees)
    )


def _name_priors(threads: pl.DataFrame, inferred: replies.Inferred) -> pl.DataFrame:
    """Return `threads` with `reply_prior`, null where no parent was inferred."""
    origin = inferred.priors.select("platform", reply_prior="origin")
    given = threads.join(origin, on="platform", how="left", maintain_order="left")
    is_inferred = pl.col("thread_id").is_in(inferred.candidates["thread_id"].unique().to_list())
    # Names and quotes alone need no prior.
    is_inferred &= ~pl.col("is_chronological").fill_null(False)
    return given.with_columns(reply_prior=pl.when(is_inferred).then("reply_prior"))


def _select_replies(comments: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of `replies`: comments whose parent is a comment."""
    parents = comments.select(
        parent_comment_id="comment_id", parent_author_id="author_id", parent_created_at="created_at"
    )
    return (
        comments.filter(pl.col("parent_status").is_in(["explicit", "inferred"]))
        .join(parents, on="parent_comment_id", how="left", maintain_order="left")
        .with_columns(
            response_s=(pl.col("created_at") - pl.col("parent_created_at")).dt.total_seconds(),
            is_inferred=pl.col("parent_status") == "inferred",
        )
    )


def _publish_rows(
    table: str, rows: pl.DataFrame, comments: pl.DataFrame, *order: str
) -> pl.DataFrame:
    """Return `rows` as `table` with its `bucket`, in the order of the comments."""
    place = comments.select("comment_id", "bucket", "position")
    joined = rows.drop("bucket", "position", strict=False).join(
        place, on="comment_id", how="left", maintain_order="left"
    )
    ordered = joined.sort("bucket", "thread_id", "position", *order)
    return ordered.select(*schema.TABLES[table].columns, "bucket")
