"""Copy the last snapshot into more buckets, so that a run can take over what didn't change."""

import shutil
from pathlib import Path

import polars as pl

from threadmill import schema
from threadmill.pipeline.plan import Plan
from threadmill.pipeline.staleness import Stale
from threadmill.privacy.guard import Guard
from threadmill.storage import tables
from threadmill.storage.links import link

REGROUPED = ".last"
"""The folder of a snapshot for that copy."""


def regroup_last(plan: Plan, stale: Stale, count: int, guard: Guard, snapshot: Path) -> Plan:
    """Return `plan`, or one that builds on a copy of the last snapshot in `count` buckets where that has fewer."""
    if not plan.published or not plan.last or plan.published.bucket_count == count:
        return plan
    # Buckets go by the ids that threads have of their own, not by keyed ones.
    placed, protector = stale.made_of.select("thread_id", "bucket"), guard.make_protector()
    placed = protector.hash_columns(placed) if protector else placed
    gone = stale.published.filter("is_gone").select("thread_id", "bucket")
    placed = pl.concat([placed, gone])
    folder = snapshot / REGROUPED
    by_thread = {name for name, table in schema.TABLES.items() if table.is_by_thread}
    for file in plan.published.files:
        name = file.partition("/")[0]
        if name in by_thread and tables.bucket(file) is not None:
            tables.place(folder, name).mkdir(parents=True, exist_ok=True)
            rows = pl.read_parquet(plan.last / file)
            dealt = rows.join(placed, on="thread_id", how="left", maintain_order="left")
            tables.write_parts(name, dealt, folder)
        else:
            link(plan.last / file, folder / file)
    files = {
        path.relative_to(folder).as_posix(): {"bytes": path.stat().st_size}
        for path in folder.rglob("*.parquet")
    }
    published = plan.published._replace(files=files, bucket_count=count)
    return plan._replace(published=published, last=folder, is_regrouped=True)


def drop_regrouped(snapshot: Path) -> None:
    """Remove that copy."""
    shutil.rmtree(snapshot / REGROUPED, ignore_errors=True)
