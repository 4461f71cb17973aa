"""Threads dealt to buckets: between parsing, per document, and everything after it, per thread.

`Spool` keeps parsed rows by bucket on disk; `mill` turns the rows of some buckets into published ones.
`Milling` does that from files to files.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import duckdb
import polars as pl
import pyarrow as pa

from threadmill import mentions, replies, schema
from threadmill.mentions.rules import people
from threadmill.read.discover import Reject
from threadmill.replies import addressees, evidence, explicit, partial, priors, subtrees
from threadmill.replies.shape import lineage
from threadmill.sources.contract import REJECT
from threadmill.storage import tables
from threadmill.threads import captures, hosts
from threadmill.threads.duplicates import duplicates
from threadmill.threads.identify import BUCKETS, Complete
from threadmill.threads.language import languages
from threadmill.threads.signals import signals


class Spool:
    """Parsed rows on disk, one file a batch and in it one record batch a bucket."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.batches = len(list(folder.glob("threads-*")))

    def add(self, parsed: Complete) -> None:
        """Keep the rows of one parsed batch."""
        for kind, frame in parsed._asdict().items():
            ordered = frame.sort("bucket", maintain_order=True)
            table = ordered.to_arrow().combine_chunks()
            sizes = dict(ordered.group_by("bucket").len().iter_rows())
            path = self.folder / f"{kind}-{self.batches:05d}.arrow"
            start, nothing = 0, _no_rows(table.schema)
            with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
                for bucket in range(BUCKETS):
                    size = sizes.get(bucket, 0)
                    rows = table.slice(start, size).to_batches()
                    writer.write_batch(rows[0] if rows else nothing)
                    start += size
        self.batches += 1

    def read(self, buckets: list[int]) -> Complete:
        """Return the rows of `buckets`, in the order they were added."""
        return Complete(self._read("threads", buckets), self._read("comments", buckets))

    def contested(self, kept: list[Path], stale: list[int], jobs: int) -> pl.DataFrame:
        """Return `comment_id` and `thread_id`, one row per id that several threads have: whose it is.

        It is the thread's whose id sorts first. `kept` are the parts of `comments` of buckets that aren't
        `stale`; an id that one of them has is contested too.
        """
        files = sorted(self.folder.glob("comments-*"))
        own = pl.col("native_id").is_not_null().any()
        if not files or not pl.scan_ipc(files).select(own).collect().item():
            return explicit.NOBODY
        con = duckdb.connect(config={"temp_directory": str(self.folder / "spill"), "threads": jobs})
        con.register("spooled", _columns(files, stale, ["comment_id", "thread_id", "native_id"]))
        # Ids that are hashes hold the thread.
        con.execute(
            "create temp table own as "
            "select comment_id, thread_id from spooled where native_id is not null"
        )
        rows = con.table("own")
        if kept:
            con.read_parquet([str(path) for path in kept]).to_view("kept")
            rows = rows.union(
                con.sql("select comment_id, thread_id from kept semi join own using (comment_id)")
            )
        threads = rows.aggregate(
            "comment_id, min(thread_id) as thread_id, max(thread_id) as last_thread_id",
            "comment_id",
        )
        several = threads.filter("thread_id <> last_thread_id").order("comment_id")
        found: pl.DataFrame = several.project("comment_id, thread_id").pl()
        con.close()
        return found

    @property
    def bytes(self) -> int:
        """Return the size of the comments kept."""
        return sum(path.stat().st_size for path in self.folder.glob("comments-*"))

    def _read(self, kind: str, buckets: list[int]) -> pl.DataFrame:
        rows = []
        for path in sorted(self.folder.glob(f"{kind}-*")):
            reader = pa.ipc.open_file(pa.memory_map(str(path)))
            rows += [reader.get_batch(bucket) for bucket in buckets]
        # In one piece: Polars takes each column of each batch over alone.
        frame = pl.from_arrow(pa.Table.from_batches(rows).combine_chunks())
        assert isinstance(frame, pl.DataFrame)  # noqa: S101 # a Table gives a DataFrame; for mypy
        return frame


def _columns(files: list[Path], buckets: list[int], names: list[str]) -> pa.RecordBatchReader:
    """Return the columns `names` of the rows of `buckets` in spooled `files`."""

    def batches() -> Iterator[pa.RecordBatch]:
        for path in files:
            spooled = pa.ipc.open_file(pa.memory_map(str(path)))
            for bucket in buckets:
                yield spooled.get_batch(bucket).select(names)

    with pa.memory_map(str(files[0])) as first:
        arrow = pa.ipc.open_file(first).schema
    return pa.RecordBatchReader.from_batches(
        pa.schema([arrow.field(name) for name in names]), batches()
    )


def _no_rows(arrow: pa.Schema) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.nulls(0, field.type) for field in arrow], schema=arrow)


class Milled(NamedTuple):
    """The rows of some buckets as they are published; `bucket` is one column more in those in parts."""

    threads: pl.DataFrame
    comments: pl.DataFrame
    replies: pl.DataFrame
    reply_candidates: pl.DataFrame
    mentions: pl.DataFrame
    mention_candidates: pl.DataFrame
    captures: pl.DataFrame
    rejects: pl.DataFrame


MENTION_ORDER = ("start_char", "end_char", "kind")


def mill(
    parsed: Complete,
    packs: mentions.Packs,
    known: replies.Priors | None = None,
    edits: pl.DataFrame | None = None,
    contested: pl.DataFrame = explicit.NOBODY,
) -> Milled:
    """Return the published rows for `parsed`, which holds all captures of each of its threads.

    Pure: any process gives the same rows. `known` and `edits` are for `replies.infer`: what is known of
    platforms, and anchors by people.
    `contested` is as from `Spool.contested`.
    """
    own = explicit.owned(parsed.comments, contested)
    once = explicit.once(own.comments)
    merged = captures.merge(parsed.threads, once.comments)
    told = explicit.threads(merged.comments)
    given = explicit.order(merged.comments.join(told, on="thread_id", how="semi"))
    by_time = merged.threads.filter("is_chronological").select("thread_id")
    placed = _placed(given.comments, merged, told.join(by_time, on="thread_id", how="anti"))
    lost = _in_order(merged.comments.join(told, on="thread_id", how="anti"), by_time)
    comments = pl.concat([lost, placed.comments], how="diagonal").sort("thread_id", "position")
    threads = hosts.found(_counted(merged.threads, comments), comments)
    comments = hosts.marked(comments, threads).with_columns(
        **signals(pl.col("text")), **languages(comments["text"]).to_dict()
    )
    # Only pages in reply order show by their orders what is at top level.
    paged = lost.join(by_time, on="thread_id", how="anti").select("comment_id")
    tops = merged.tops.join(paged, on="comment_id", how="semi", maintain_order="left")
    said = evidence.SCHEMA.to_frame() if edits is None else edits
    inferred = _inferred(
        comments, told, placed, by_time, pl.concat([said, evidence.by_order(tops)]), known
    )
    # What a source tells is never guessed at.
    comments = (
        comments.join(inferred.parents, on="comment_id", how="left", maintain_order="left")
        .with_columns(pl.coalesce(name, f"{name}_right").alias(name) for name in partial.PARENT)
        .drop(f"{name}_right" for name in partial.PARENT)
        .join(duplicates(comments), on="comment_id", how="left", maintain_order="left")
        .pipe(lineage)
        .pipe(subtrees.measure)
    )
    threads = _with_prior(threads, inferred)
    place = comments.select("comment_id", "bucket", "thread_id", "position")
    found = mentioned(comments, packs)
    candidates = pl.concat(
        [
            inferred.candidates.with_columns(is_inferred=pl.lit(True)),
            addressees.candidates(found.mentions, comments, threads),
        ]
    )
    return Milled(
        threads.select(*schema.TABLES["threads"].columns, "bucket").sort("thread_id"),
        comments.rename({"evidence": "parent_evidence"}).select(
            *schema.TABLES["comments"].columns, "bucket"
        ),
        _published("replies", _replies(comments), place),
        _published("reply_candidates", candidates, place, "rank"),
        found.mentions,
        found.mention_candidates,
        merged.captures.select(*schema.TABLES["captures"].columns, "bucket"),
        pl.concat([own.rejects, once.rejects, given.rejects]),
    )


def _placed(given: pl.DataFrame, merged: captures.Merged, told: pl.DataFrame) -> partial.Placed:
    """Return `given` with the comments that no capture tells the parent of in their places, where there are any."""
    is_open = pl.col("parent_status").is_null()
    rest = merged.comments.filter(is_open).join(told, on="thread_id", how="semi")
    return partial.place(given, rest.select("comment_id"), merged.orders)


def _in_order(lost: pl.DataFrame, by_time: pl.DataFrame) -> pl.DataFrame:
    """Return `lost`, comments whose tree nobody tells, as shown, those of the threads `by_time` by time."""
    is_timed = pl.col("thread_id").is_in(by_time["thread_id"].implode())
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


def _inferred(
    comments: pl.DataFrame,
    told: pl.DataFrame,
    placed: partial.Placed,
    by_time: pl.DataFrame,
    anchors: pl.DataFrame,
    known: replies.Priors | None,
) -> replies.Inferred:
    """Return the parents that no source tells: of threads that aren't `told`, and of what is `placed` in those.

    `anchors` are as from `evidence`. What a source tells stands beside it where it holds, and isn't returned.
    """
    is_whole = pl.col("thread_id").is_in(told["thread_id"].implode())
    is_here = pl.col("comment_id").is_in(
        pl.concat([placed.rebuilt, placed.told.select("comment_id")])["comment_id"].implode()
    )
    given = placed.told["comment_id"].implode()
    found = replies.infer(
        comments.filter(~is_whole | is_here).drop(*partial.PARENT),
        pl.concat([anchors.filter(~pl.col("comment_id").is_in(given)), placed.told]),
        known,
        by_time["thread_id"].to_list(),
    )
    if placed.told.is_empty():
        return found
    is_open = ~pl.col("comment_id").is_in(given)
    return found._replace(
        parents=found.parents.filter(is_open), candidates=found.candidates.filter(is_open)
    )


class Mentioned(NamedTuple):
    """What depends on the vocabulary, as published, and `bucket`."""

    mentions: pl.DataFrame
    mention_candidates: pl.DataFrame


def mentioned(comments: pl.DataFrame, packs: mentions.Packs) -> Mentioned:
    """Return the mentions in `comments`, which are as published, and `bucket`, sorted by thread and position."""
    place = comments.select("comment_id", "bucket", "thread_id", "position")
    found = mentions.find_mentions(comments, packs)
    dealt = place.select("thread_id", "bucket").unique(maintain_order=True)
    candidates = found.candidates.join(dealt, on="thread_id", how="left", maintain_order="left")
    return Mentioned(
        _published(
            "mentions",
            people.add_answered_comments(found.mentions, comments),
            place,
            *MENTION_ORDER,
        ),
        candidates.sort("bucket", *schema.TABLES["mention_candidates"].key),
    )


def _counted(threads: pl.DataFrame, comments: pl.DataFrame) -> pl.DataFrame:
    """Return `threads` with their `comment_count`."""
    counts = comments.group_by("thread_id").agg(comment_count=pl.len().cast(pl.Int64))
    return (
        threads.drop("comment_count")
        .join(counts, on="thread_id", how="left", maintain_order="left")
        .with_columns(pl.col("comment_count").fill_null(0))
    )


def _with_prior(threads: pl.DataFrame, inferred: replies.Inferred) -> pl.DataFrame:
    """Return `threads` with `reply_prior`, null where no parent was inferred."""
    origin = inferred.priors.select("platform", reply_prior="origin")
    given = threads.join(origin, on="platform", how="left", maintain_order="left")
    is_inferred = pl.col("thread_id").is_in(inferred.candidates["thread_id"].unique().to_list())
    # Names and quotes alone ask no prior.
    is_inferred &= ~pl.col("is_chronological").fill_null(False)
    return given.with_columns(reply_prior=pl.when(is_inferred).then("reply_prior"))


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


IN_PARTS = ("comments", "replies", "reply_candidates", "mentions", "mention_candidates", "captures")


def write(rows: Milled | Mentioned, snapshot: Path) -> None:
    """Write the tables in parts among `rows` to `snapshot`, one part a bucket that has rows."""
    for table in (name for name in IN_PARTS if name in rows._fields):
        tables.write_parts(table, getattr(rows, table), snapshot)


class Milling:
    """Milling from files to files, so that any process can do it: what is parsed lies in a spool's folder."""

    def __init__(self, spool: Path, snapshot: Path, vocabulary: Path) -> None:
        """Read what all buckets share.

        Raises:
            ValueError: the vocabulary says something that its rules don't allow.
        """
        self.spool, self.snapshot = Spool(spool), snapshot
        self.packs = mentions.read_packs(vocabulary)
        self.priors = priors.read(vocabulary / priors.FILE)
        self.edits = pl.read_ipc(spool / "edits.arrow")
        self.contested = pl.read_ipc(spool / "contested.arrow")

    @staticmethod
    def share(spool: Spool, edits: pl.DataFrame, contested: pl.DataFrame) -> None:
        """Write what all buckets share beside what is parsed."""
        edits.write_ipc(spool.folder / "edits.arrow")
        contested.write_ipc(spool.folder / "contested.arrow")

    def mill(self, numbers: list[int]) -> None:
        """Write the parts of the buckets `numbers` to the snapshot, their threads and rejects to the spool."""
        milled = mill(self.spool.read(numbers), self.packs, self.priors, self.edits, self.contested)
        write(milled, self.snapshot)
        milled.threads.write_ipc(self.spool.folder / f"milled-threads-{numbers[0]:02d}.arrow")
        milled.rejects.write_ipc(self.spool.folder / f"milled-rejects-{numbers[0]:02d}.arrow")

    def mention(self, numbers: list[int]) -> None:
        """Find mentions anew in the buckets `numbers`, whose comments are in the snapshot."""
        frames = [
            pl.read_parquet(part).with_columns(bucket=pl.lit(number, pl.Int32))
            for number in numbers
            if (part := tables.part(self.snapshot, "comments", number)).is_file()
        ]
        if frames:
            rows = pl.concat(frames).sort("thread_id", "position")
            write(mentioned(rows, self.packs), self.snapshot)

    @staticmethod
    def milled(spool: Spool, kind: str) -> list[pl.DataFrame]:
        """Return what `mill` left in the spool: `threads` or `rejects`, in the order of the buckets."""
        paths = sorted(spool.folder.glob(f"milled-{kind}-*"))
        return [pl.read_ipc(path) for path in paths]


def rejects(rows: list[Reject]) -> pl.DataFrame:
    """Return `rows` as a frame."""
    return pl.DataFrame(rows, schema=REJECT, orient="row")
