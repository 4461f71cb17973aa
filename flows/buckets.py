"""Threads dealt to buckets: between parsing, per document, and everything after it, per thread.

`Spool` keeps parsed rows by bucket on disk; `mill` turns the rows of some buckets into published ones.
"""

from pathlib import Path
from typing import NamedTuple

import polars as pl
import pyarrow as pa

from flows import comments as complete
from flows import mentions, replies, schema, tables
from flows.comments import BUCKETS, Complete
from flows.discover import Reject
from flows.replies import explicit
from flows.sources.contract import REJECT

GROUP_BYTES = 24 * 2**20
"""Buckets are milled together up to so many bytes of parsed rows: frames of that size are fastest."""


class Spool:
    """Parsed rows on disk, one file a batch and in it one record batch a bucket."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.batches = 0

    def add(self, parsed: Complete) -> None:
        """Keep the rows of one parsed batch."""
        for kind, frame in parsed._asdict().items():
            ordered = frame.sort("bucket", maintain_order=True)
            table = ordered.to_arrow().combine_chunks()
            sizes = dict(ordered.group_by("bucket").len().iter_rows())
            path = self.folder / f"{kind}-{self.batches:05d}.arrow"
            start = 0
            with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
                for bucket in range(BUCKETS):
                    size = sizes.get(bucket, 0)
                    rows = table.slice(start, size).to_batches()
                    writer.write_batch(rows[0] if rows else _no_rows(table.schema))
                    start += size
        self.batches += 1

    def read(self, buckets: list[int]) -> Complete:
        """Return the rows of `buckets`, in the order they were added."""
        return Complete(self._read("threads", buckets), self._read("comments", buckets))

    def groups(self, buckets: list[int]) -> list[list[int]]:
        """Return `buckets` cut into groups of about `GROUP_BYTES`."""
        size = sum(path.stat().st_size for path in self.folder.glob("comments-*"))
        per_group = max(1, BUCKETS * GROUP_BYTES // max(1, size))
        return [buckets[start : start + per_group] for start in range(0, len(buckets), per_group)]

    def _read(self, kind: str, buckets: list[int]) -> pl.DataFrame:
        rows = []
        for path in sorted(self.folder.glob(f"{kind}-*")):
            reader = pa.ipc.open_file(pa.memory_map(str(path)))
            rows += [reader.get_batch(bucket) for bucket in buckets]
        frame = pl.from_arrow(pa.Table.from_batches(rows))
        assert isinstance(frame, pl.DataFrame)  # noqa: S101 # a Table gives a DataFrame; for mypy
        return frame


def _no_rows(arrow: pa.Schema) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array([], field.type) for field in arrow], schema=arrow)


class Milled(NamedTuple):
    """The rows of some buckets as they are published; `bucket` is one column more in those in parts."""

    threads: pl.DataFrame
    comments: pl.DataFrame
    replies: pl.DataFrame
    reply_candidates: pl.DataFrame
    mentions: pl.DataFrame
    rejects: pl.DataFrame


def mill(parsed: Complete) -> Milled:
    """Return the published rows for `parsed`, which holds all captures of each of its threads."""
    threads, rejects = _captures(parsed.threads)
    comments = parsed.comments.join(
        threads.select("path", "thread_id", "preference"),
        on=["path", "thread_id"],
        how="inner",
        maintain_order="left",
    )
    comments, repeated = explicit.once(comments)
    told = explicit.threads(comments)
    lost = comments.join(told, on="thread_id", how="anti").sort("thread_id", "position")
    lost = lost.with_columns(position=pl.int_range(pl.len(), dtype=pl.Int32).over("thread_id"))
    inferred = replies.infer(lost.drop("parent_status"))
    given = explicit.order(comments.join(told, on="thread_id", how="semi"))
    comments = pl.concat(
        [
            lost.drop("parent_status").join(
                inferred.parents, on="comment_id", how="left", maintain_order="left"
            ),
            given.comments,
        ],
        how="diagonal",
    ).sort("thread_id", "position")
    threads = _one_row_each(threads, comments)
    comments = (
        comments.join(
            complete.duplicates(comments), on="comment_id", how="left", maintain_order="left"
        )
        .with_columns(
            # What no source gives yet.
            language=pl.lit(None, pl.String),
            language_confidence=pl.lit(None, pl.Float64),
        )
        .pipe(replies.tree)
    )
    place = comments.select("comment_id", "bucket", "thread_id", "position")
    return Milled(
        threads.select(*schema.TABLES["threads"].columns, "bucket").sort("thread_id"),
        comments.select(*schema.TABLES["comments"].columns, "bucket"),
        _published("replies", _replies(comments), place),
        _published("reply_candidates", inferred.candidates, place, "rank"),
        _published("mentions", mentions.find(comments), place, "start_char", "end_char", "kind"),
        pl.concat([rejects, repeated, given.rejects]),
    )


def _captures(threads: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the captures of each thread that are kept, with their `preference`, and the others as rejects.

    Captures that tell the tree complete each other. Where there is none, it is the one with most comments,
    the last of those by path. `preference` is 0 for the capture that speaks where several hold a comment.
    """
    whole = threads.group_by("path", "thread_id", maintain_order=True).agg(
        pl.exclude("comment_count", "tells_tree").first(),
        pl.col("comment_count").sum(),
        pl.col("tells_tree").any(),
    )
    # Without comments nothing is told or lost: such a capture goes along.
    tells = pl.col("tells_tree") | (pl.col("comment_count") == 0)
    ranked = (
        whole.sort(
            "thread_id",
            tells & (pl.col("comment_count") > 0),
            "comment_count",
            "source_path",
            descending=[False, True, True, True],
        )
        .with_columns(
            preference=pl.int_range(pl.len(), dtype=pl.Int64).over("thread_id"),
            best=pl.col("source_path").first().over("thread_id"),
            best_tells=tells.first().over("thread_id"),
        )
        .with_columns(is_kept=(pl.col("preference") == 0) | (tells & pl.col("best_tells")))
    )
    others = ranked.filter(~pl.col("is_kept")).select(
        "source_path",
        "platform",
        line=pl.lit(None, pl.Int64),
        reason_code=pl.lit("another_capture"),
        reason=pl.format(
            "the same thread as {}, which tells more; captures aren't merged yet", "best"
        ),
        excerpt=pl.lit(None, pl.String),
    )
    others = others.unique(["source_path"], keep="first", maintain_order=True)
    return ranked.filter("is_kept"), others.match_to_schema(REJECT)


_SAID = (
    "title url publication host_name host_source published_at captured_at declared_comment_count"
)


def _one_row_each(threads: pl.DataFrame, comments: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of `threads`: what the preferred capture doesn't say, the next one may."""
    counts = comments.group_by("thread_id").agg(comment_count=pl.len().cast(pl.Int64))
    one = (
        threads.sort("thread_id", "preference")
        .group_by("thread_id", maintain_order=True)
        .agg(
            pl.exclude(_SAID.split()).first(),
            pl.col(_SAID.split()).drop_nulls().first(),
        )
    )
    return (
        one.drop("comment_count")
        .join(counts, on="thread_id", how="left", maintain_order="left")
        .with_columns(pl.col("comment_count").fill_null(0))
    )


def _replies(comments: pl.DataFrame) -> pl.DataFrame:
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


def _published(table: str, rows: pl.DataFrame, place: pl.DataFrame, *order: str) -> pl.DataFrame:
    """Return `rows` as `table` with its `bucket`, in the order of the comments."""
    joined = rows.drop("bucket", "position", strict=False).join(
        place.drop("thread_id"), on="comment_id", how="left", maintain_order="left"
    )
    ordered = joined.sort("bucket", "thread_id", "position", *order)
    return ordered.select(*schema.TABLES[table].columns, "bucket")


def write(milled: Milled, snapshot: Path) -> None:
    """Write the tables in parts to `snapshot`, one part a bucket that has rows."""
    for table in ("comments", "replies", "reply_candidates", "mentions"):
        rows: pl.DataFrame = getattr(milled, table)
        for (bucket,), part in rows.partition_by("bucket", as_dict=True, include_key=False).items():
            tables.write(table, part, tables.part(snapshot, table, bucket))


def rejects(rows: list[Reject]) -> pl.DataFrame:
    """Return `rows` as a frame."""
    return pl.DataFrame(rows, schema=REJECT, orient="row")
