"""The table `fetches`: the journal of what was fetched, with what each capture added."""

from pathlib import Path

import polars as pl

from threadmill.fetch import journal
from threadmill.privacy.guard import Guard
from threadmill.storage import tables

_ROW = pl.Schema(
    {
        "fetch_number": pl.Int64(),
        "fetched_at": pl.Datetime("us"),
        "platform": pl.String(),
        "site": pl.String(),
        "url": pl.String(),
        "outcome": pl.String(),
        "status_code": pl.Int32(),
        "capture_path": pl.String(),
        "request_count": pl.Int64(),
        "byte_count": pl.Int64(),
        "duration_s": pl.Int64(),
    }
)


def write_fetches(raw: Path, snapshot: Path, guard: Guard) -> None:
    """Write the table `fetches` to `snapshot`, which has `captures`, whole: its rows are all of the journal."""
    rows = [
        (
            number,
            one.at.replace(tzinfo=None),
            one.platform,
            one.site,
            one.address,
            one.outcome,
            one.status,
            one.path,
            one.request_count,
            one.byte_count,
            round(one.duration_s),
        )
        for number, one in enumerate(journal.read_journal(raw), 1)
    ]
    fetches = pl.DataFrame(rows, schema=_ROW, orient="row")
    if protector := guard.make_protector():
        fetches = protector.protect_fetches(fetches)
    added = (
        pl.scan_parquet(tables.files(snapshot, "captures"))
        .group_by(capture_path="source_path")
        .agg(new_comment_count=pl.col("added_comment_count").sum())
        .collect()
    )
    joined = fetches.join(added, on="capture_path", how="left", maintain_order="left")
    tables.write("fetches", joined, tables.place(snapshot, "fetches"))
