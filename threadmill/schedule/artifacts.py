"""What a flow run shows in Prefect's UI: progress, summary, the way to the tables, rejects and failed checks.

No value of the data: names of tables and columns, counts, and places in files.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from prefect import get_run_logger, runtime
from prefect.artifacts import (
    create_link_artifact,
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.exceptions import PrefectException

from threadmill import pipeline
from threadmill.fetch.journal import Fetch
from threadmill.models import summary as figures_of
from threadmill.models.checks import Failure
from threadmill.publish import snapshots
from threadmill.wording import counted

SHOWN_REJECTS = 50
REJECT_PLACE = ("source_path", "line", "reason_code")
AFTER = {
    "discover": 5,
    "read": 45,
    "build": 68,
    "mention": 70,
    "model": 90,
    "checks": 94,
    "seal": 98,
    "publish": 100,
}
"""About how much of a run is done after the last step of each kind, in percent."""


class Progress:
    """The progress artifact of one flow run."""

    def __init__(self) -> None:
        self.percent = 0.0
        self.artifact: UUID | None = show(
            create_progress_artifact, 0.0, key="refresh-progress", description="The run"
        )

    def done(self, name: str) -> None:
        """Show that the step `name` is done."""
        kind, *rest = name.split()
        end = AFTER.get(kind, self.percent)
        start = max((percent for percent in AFTER.values() if percent < end), default=0)
        share = int(rest[-3]) / int(rest[-1]) if rest[-2:-1] == ["of"] else 1.0
        if kind == "model":
            share = 0.0
        self.percent = max(self.percent, start + share * (end - start))
        if self.artifact:
            show(update_progress_artifact, self.artifact, self.percent)


def summary(done: pipeline.Summary) -> None:
    """Show the figures of what is published and where it is."""
    rows = [
        {"what": label, "figures": text}
        for label, text in [
            ("Run", f"{done.run_id}{'' if done.is_new else ' (nothing new)'}"),
            *figures_of.lines(done.figures, done.processed),
        ]
    ]
    show(create_table_artifact, rows, key="refresh-summary", description="What is published")
    show(
        create_link_artifact,
        (done.processed / snapshots.CATALOG).as_uri(),
        key="refresh-tables",
        link_text=str(done.processed / snapshots.CATALOG),
        description="The tables: the DuckDB catalog, the Parquet files beside it",
    )


def rejects(snapshot: Path, reasons: list[list[Any]]) -> None:
    """Show how many documents and lines the run rejects, and where: the reason's text may quote them."""
    import polars as pl

    from threadmill.storage import tables

    rows = pl.read_parquet(tables.place(snapshot, "rejects"), columns=list(REJECT_PLACE))
    lines = ["# Rejects", "", f"{counted(rows.height, 'row')}." if rows.height else "None.", ""]
    lines += [f"- {count:,} × {_inert(code)}" for code, count in reasons]
    if rows.height:
        lines += ["", *_table(rows.head(SHOWN_REJECTS))]
        lines += ["", "The table `rejects` says why and quotes them, once published."]
    if rows.height > SHOWN_REJECTS:
        lines += ["", f"The first {SHOWN_REJECTS} are shown."]
    show(create_markdown_artifact, "\n".join(lines), key="refresh-rejects", description="Rejects")


def fetches(done: Sequence[Fetch]) -> None:
    """Show what came of a fetch, one row per site and outcome; addresses would name threads."""
    counts = Counter((one.site, one.outcome, one.status) for one in done)
    rows = [
        {"site": site, "outcome": outcome, "status": status, "threads": count}
        for (site, outcome, status), count in sorted(counts.items(), key=str)
    ]
    show(create_table_artifact, rows, key="fetch-summary", description="What was asked for")


def failure(summary: str, failures: list[Failure]) -> None:
    """Show why the run failed, and of each failed check the rule, how many rows break it and their columns."""
    lines = ["# Nothing was published", "", f"{_inert(summary)}", ""]
    lines.append("What was published before stays as it was.")
    for failed in failures:
        broken = counted(failed.broken, "row breaks", "rows break")
        columns = ", ".join(_inert(name) for name in (failed.rows[0] if failed.rows else {}))
        lines += ["", f"## {failed.check}", "", f"{failed.rule} {broken} it ({columns})."]
        lines += ["", "A run without PREFECT_API_URL prints the first of them."]
    show(create_markdown_artifact, "\n".join(lines), key="refresh-failure", description="Failure")


def _inert(text: object) -> str:
    """Return `text` as a code span: no name of a file becomes a link, an image or markup in Prefect's UI."""
    shown = "".join(sign if sign.isprintable() else "\ufffd" for sign in str(text))
    return f"`{shown.replace('`', 'ˋ').replace('|', '¦')}`"


def _table(rows: Any) -> list[str]:
    lines = [rows.columns, ["---"] * rows.width]
    lines += [["" if cell is None else _inert(cell) for cell in row] for row in rows.rows()]
    return [f"| {' | '.join(cells)} |" for cells in lines]


def show(make: Callable[..., Any], *said: Any, **more: Any) -> Any:
    """Call `make`, which shows something by the API; None if the API stopped answering during this run.

    It is asked no more then: each try takes minutes, and the tables don't need it.
    """
    run = runtime.flow_run.id
    if run in _silent:
        return None
    try:
        return make(*said, **more)
    except (httpx.HTTPError, PrefectException) as error:
        _silent.add(run)
        get_run_logger().warning("Prefect API: %s; nothing more is shown", type(error).__name__)
        return None


_silent: set[Any] = set()
"""Flow runs of this process whose API stopped answering."""
