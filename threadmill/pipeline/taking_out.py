"""Remove erased comments from rows that are read, and from rows already in the store."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from threadmill.privacy.tombstones import Tombstones
from threadmill.storage.parsed import Store
from threadmill.storage.spool import IdentifiedRows, Spool

SPOOL = ".spool-erased"
_BUCKETS_AT_ONCE = 8


def take_out_of_store(store: Store, erased: Tombstones, folder: Path) -> None:
    """Store the rows of documents again from which something is to be taken out; new ones lie in `folder` meanwhile.

    Raises:
        Damaged: a file of the store isn't as it was written.
    """
    touched: set[str] = set()
    for rows in read_all(store):
        touched |= list_changed(rows, erased.take_out(rows))
    rejects, beside = mask_rejects(store.read_whole("rejects"), erased), store.read_whole("beside")
    beside = mask_beside(beside, erased)
    touched |= _list_others(store.read_whole("rejects"), rejects, "source_path")
    touched |= _list_others(store.read_whole("beside"), beside, "path")
    anchors = store.read_whole("anchors")
    renamed = rename_anchors(anchors, erased)
    stems = _list_others(anchors, renamed, "stem")
    touched &= store.documents.keys()
    if not touched and not stems:
        return
    spool = Spool(folder / SPOOL, is_sealed=store.seal is not None)
    try:
        for rows in read_all(store):
            own = (
                frame.filter(pl.col("path").is_in(sorted(touched)))
                for frame in erased.take_out(rows)
            )
            spool.add(IdentifiedRows(*own))
        store.update(
            spool,
            {path: store.documents[path] for path in touched},
            frozenset(),
            rejects.filter(pl.col("source_path").is_in(sorted(touched))),
            beside.filter(pl.col("path").is_in(sorted(touched))),
            renamed.filter(pl.col("stem").is_in(sorted(stems))),
            stems,
        )
    finally:
        shutil.rmtree(spool.folder)


def read_all(store: Store) -> Iterator[IdentifiedRows]:
    """Yield all rows of the `store`, some buckets at a time.

    Raises:
        Damaged: a file isn't as it was written.
    """
    numbers = sorted({bucket for one in store.documents.values() for bucket in one.buckets})
    for start in range(0, len(numbers), _BUCKETS_AT_ONCE):
        some = numbers[start : start + _BUCKETS_AT_ONCE]
        store.verify(some)
        rows = store.read(some)
        if rows.threads.height:
            yield rows


def list_changed(before: IdentifiedRows, after: IdentifiedRows) -> set[str]:
    """Return the documents of which `after` has other rows."""
    changed: set[str] = set()
    for old, new in zip(before, after, strict=True):
        if old.height != new.height:
            counts = (
                old.group_by("path")
                .len()
                .join(new.group_by("path").len(), on=["path", "len"], how="anti")
            )
            changed.update(counts["path"])
            old = old.join(counts.select("path"), on="path", how="anti", maintain_order="left")
            new = new.join(counts.select("path"), on="path", how="anti", maintain_order="left")
        if old.height == new.height and not old.equals(new):
            differs = old.hash_rows() != new.hash_rows()
            changed.update(old.filter(differs)["path"])
    return changed


def _list_others(before: pl.DataFrame, after: pl.DataFrame, column: str) -> set[str]:
    """Return what stands in `column` in rows of `before` that differ in `after`, which has as many."""
    return (
        set(before.filter(before.hash_rows() != after.hash_rows())[column])
        if before.height
        else set()
    )


def mask_rejects(rejects: pl.DataFrame, erased: Tombstones) -> pl.DataFrame:
    """Return `rejects` in whose words nothing erased stands."""
    return _mask_sentences(rejects, ("reason", "excerpt"), erased)


def mask_beside(beside: pl.DataFrame, erased: Tombstones) -> pl.DataFrame:
    """Return texts that lie `beside` documents, without what was erased."""
    return _mask_sentences(beside, ("text",), erased)


def rename_anchors(anchors: pl.DataFrame, erased: Tombstones) -> pl.DataFrame:
    """Return what people corrected, erased comments by what stands for them."""
    return anchors.with_columns(
        erased.rename(anchors[name]) for name in ("comment_id", "parent_comment_id")
    )


def _mask_sentences(
    rows: pl.DataFrame, columns: tuple[str, ...], erased: Tombstones
) -> pl.DataFrame:
    masked = {}
    for name in columns:
        said = rows[name].drop_nulls().unique()
        masked[name] = {text: erased.mask_sentence(text) for text in said}
    return rows.with_columns(pl.col(name).replace(masked[name]) for name in columns)


def add_merged_ids(comments: pl.DataFrame, orders: pl.DataFrame) -> pl.DataFrame:
    """Return `comments` of captures with `merged_id`, the same in all; `orders` are as `captures.Merged` has them."""
    place = ["path", "thread_id", "position"]
    merged = orders.rename({"comment_id": "merged_id"}).drop_nulls().unique(place, keep="none")
    return comments.join(merged, on=place, how="left", maintain_order="left").with_columns(
        # A source that gives no order gives ids.
        pl.coalesce("merged_id", "comment_id")
    )
