"""Build the stale threads of a snapshot and take over the others from the last run."""

import contextlib
import shutil
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl

from threadmill import paths, replies, schema, topics
from threadmill.models.narrowing import Todo
from threadmill.pipeline import beside, building, kept, stages, workers
from threadmill.pipeline.plan import Plan
from threadmill.pipeline.staleness import MADE_OF
from threadmill.pipeline.targets import Target
from threadmill.read.discover import Discovery
from threadmill.read.rejects import build_frame
from threadmill.storage import tables
from threadmill.storage.links import link
from threadmill.storage.parsed import Store
from threadmill.threads import left_out
from threadmill.threads.build import Infer

GROUP_BYTES = 24 * 2**20
"""Build buckets together up to this many bytes of parsed rows: frames of that size are fastest."""
WORKERS_BYTES = 6 * 2**20
"""Start worker processes from this many bytes of parsed rows: starting them takes a second."""
OF_MENTIONS = {"mentions", "mention_candidates", "reply_candidates"}
"""Tables in parts that finding mentions again changes; of the last one, candidates by addressee."""
WORK = ".work"
"""The folder of a snapshot for what its builders share."""
LEFT_OUT = "left_out"
"""In `kept.FOLDER`, comments left out, as `left_out.LEFT_OUT`."""


def build_threads(
    targets: Sequence[Target], jobs: int, stage: stages.Stage[Any], infer: Infer | None = None
) -> None:
    """Write the parsed tables to the snapshots: stale threads from the store, the others taken over from the last runs.

    Each thread is built once, whatever number of targets it is published in.

    Raises:
        ValueError: the vocabulary contains something that its rules don't allow.
    """
    outlets = [_prepare(number, target) for number, target in enumerate(targets)]
    share = {
        bucket: max(target.rows.stale.share.get(bucket, 0.0) for target in targets)
        for target in targets
        for bucket in _list_built(target)
    }
    size = _measure(targets[0].rows.store, share)
    todo = [("build", 0, sorted(share), size)]
    for number, target in enumerate(targets):
        mentioned = _list_mentioned(target)
        # Finding mentions takes as much memory as building.
        own = _measure(target.rows.store, dict.fromkeys(mentioned, 1.0))
        todo.append(("mention", number, mentioned, own))
    size = sum(one[3] for one in todo)
    with _start_builders(outlets, size, jobs, infer) as (do, at_once):
        for kind, number, numbers, _ in todo:
            groups = _group_buckets(numbers, size, at_once)
            for piece in stages.split(kind, groups, at_once):
                stage(piece.name, partial(piece.do, partial(do, kind, number), at_once))
    for target, outlet in zip(targets, outlets, strict=True):
        _write_whole_tables(target, outlet.work)
        shutil.rmtree(outlet.work)


def _prepare(number: int, target: Target) -> building.Outlet:
    """Take over what stays, and share what building needs; return where rows go."""
    plan, rows, snapshot = target.plan, target.rows, target.snapshot
    for name in building.IN_PARTS:
        tables.place(snapshot, name).mkdir()
    built = _list_built(target)
    mentioned = set(_list_mentioned(target))
    _take_over(plan, snapshot, set(building.IN_PARTS) - OF_MENTIONS, built)
    _take_over(plan, snapshot, OF_MENTIONS, built | mentioned)
    is_full = target.guard.is_full
    work = snapshot / WORK if is_full else rows.store.private_folder / f"{WORK}-{number}"
    work.mkdir()
    building.share_inputs(work, rows.store, rows.stale, plan.last)
    if rows.frozen:
        shutil.copyfile(rows.frozen, work / building.FROZEN)
    return building.Outlet(work, snapshot, target.guard)


def _list_built(target: Target) -> set[int]:
    """Return the buckets in which threads are built, or gone."""
    return set(target.rows.stale.threads["bucket"])


def _list_mentioned(target: Target) -> list[int]:
    """Return the buckets in which mentions are found again."""
    if not target.plan.finds_mentions_again:
        return []
    return sorted(set(range(target.rows.store.bucket_count)) - _list_built(target))


def _measure(store: Store, share: Mapping[int, float]) -> int:
    return int(sum(store.bucket_bytes(bucket) * part for bucket, part in share.items()))


@contextlib.contextmanager
def _start_builders(
    outlets: Sequence[building.Outlet], size: int, jobs: int, infer: Infer | None
) -> Iterator[tuple[Any, int]]:
    """Yield what builds some buckets, and how many such calls run at once."""
    vocabulary = paths.vocabulary_folder()
    if jobs == 1 or size < WORKERS_BYTES:
        builder = building.Builder(outlets, vocabulary, infer or replies.infer)
        yield lambda kind, number, numbers: getattr(builder, kind)(numbers, number), 1
    else:
        with workers.start(jobs, outlets, vocabulary) as started:
            yield started.work, jobs


def take_over_models(target: Target, intermediates: Path | None) -> Todo:
    """Take over the modelled parts that stay, and return what models have to make.

    Intermediate tables lie in folders of `intermediates` called by their run.
    """
    plan, rows, snapshot, guard = target.plan, target.rows, target.snapshot, target.guard
    threads = rows.stale.published.select("thread_id", "bucket")
    here = intermediates / snapshot.name if intermediates else None
    if plan.builds_everything or plan.finds_mentions_again or plan.runs_models_again:
        everything = rows.stale.made_of.select("thread_id", "bucket")
        protector = guard.make_protector()
        return Todo(protector.hash_columns(everything) if protector else everything, kept=here)
    names = {name for name, table in schema.TABLES.items() if table.is_by_thread}
    names -= set(building.IN_PARTS)
    for name in names:
        tables.place(snapshot, name).mkdir()
    _take_over(plan, snapshot, names, set(threads["bucket"]))
    before = intermediates / plan.published.run_id if intermediates and plan.published else None
    if plan.is_regrouped:
        before = None
    todo = Todo(threads, plan.last, here, before if before and before.is_dir() else None)
    if todo.is_nothing and plan.last:
        for name, table in schema.TABLES.items():
            if table.group != "parsed" and not table.is_by_thread:
                for file in tables.files(plan.last, name):
                    link(file, snapshot / file.relative_to(plan.last))
    return todo


def _take_over(plan: Plan, snapshot: Path, names: set[str], stale: set[int]) -> None:
    """Link the parts of tables `names` of all buckets but the `stale` ones from the last run."""
    if not plan.published or not plan.last:
        return
    for file in plan.published.files:
        bucket, is_empty = tables.bucket(file), file.endswith(tables.EMPTY_PART) and not stale
        is_same = is_empty or (bucket is not None and bucket not in stale)
        if is_same and file.partition("/")[0] in names:
            link(plan.last / file, snapshot / file)


def _group_buckets(numbers: list[int], size: int, at_once: int) -> list[list[int]]:
    """Return the buckets `numbers` in groups of about `GROUP_BYTES` at most, as many for each of `at_once`."""
    count = -(-max(1, size) // (GROUP_BYTES * at_once)) * at_once
    count = min(count, len(numbers))
    edges = [len(numbers) * number // count for number in range(count + 1)] if count else []
    return [numbers[start:end] for start, end in pairwise(edges)]


def _write_whole_tables(target: Target, work: Path) -> None:
    """Write the tables of one file: rows of stale threads are new, others are the last run's."""
    plan, store, stale, guard = target.plan, target.rows.store, target.rows.stale, target.guard
    found, snapshot = target.found, target.snapshot
    seal, protector = guard.seal_kept(), guard.make_protector()
    before = kept.read(plan.last, LEFT_OUT, left_out.LEFT_OUT, seal) if plan.last else None
    left = _join_built(work, "left_out", left_out.LEFT_OUT, before, stale.threads["thread_id"])
    columns = schema.TABLES["threads"].columns
    nothing = pl.DataFrame(tables.empty(schema.arrow("threads"))).schema
    before = pl.read_parquet(plan.last / "threads.parquet") if plan.last else None
    threads = _join_built(work, "threads", nothing, before, stale.published["thread_id"])
    kept.write(snapshot, LEFT_OUT, left.sort(*left_out.KEY, "thread_id"), seal)
    kept.write(snapshot, MADE_OF, stale.made_of, seal)
    kept.write(snapshot, beside.FILE, store.read_whole("beside"), seal)
    # A document may be another though a thread that it feeds is the same.
    hashes = {path: document.sha256 for path, document in store.documents.items()}
    if protector:
        hashes = protector.hash_documents(hashes)
    hashed = pl.col("source_path").replace_strict(hashes, return_dtype=pl.String)
    threads = threads.with_columns(source_sha256=hashed).select(columns).sort("thread_id")
    _write("threads", threads, snapshot)
    rejects = _join_rejects(store, found, left)
    scopes = topics.read_scopes(paths.vocabulary_folder())
    if protector:
        rejects, scopes = protector.protect_rejects(rejects), protector.protect_scopes(scopes)
    _write("rejects", rejects, snapshot)
    _write("topic_terms", topics.read_terms(paths.vocabulary_folder()), snapshot)
    _write("topic_scopes", scopes, snapshot)
    _write("topic_changes", topics.read_changes(paths.vocabulary_folder()), snapshot)
    for name in building.IN_PARTS:
        tables.write_if_empty(name, snapshot)


def _join_built(
    work: Path, kind: str, columns: pl.Schema, before: pl.DataFrame | None, dropped: pl.Series
) -> pl.DataFrame:
    """Return the rows of `kind` that were built, and those `before` of threads that aren't `dropped`."""
    frames = [columns.to_frame()]
    frames += [built.select(list(columns)) for built in building.read_built(work, kind)]
    if before is not None:
        frames.append(before.filter(~pl.col("thread_id").is_in(dropped.implode())))
    return pl.concat(frames)


def _join_rejects(store: Store, found: Discovery, left: pl.DataFrame) -> pl.DataFrame:
    """Return the rejects of discovery, of reading, and of building, one row per document, line and reason."""
    frames = [
        build_frame(found.rejects),
        store.read_whole("rejects"),
        left_out.sum_left_out(left),
    ]
    key = ["source_path", "line", "reason_code"]
    rejects = pl.concat(frames).sort(key, maintain_order=True)
    return rejects.unique(key, keep="first", maintain_order=True)


def _write(name: str, rows: pl.DataFrame, snapshot: Path) -> None:
    tables.write(name, rows, tables.place(snapshot, name))
