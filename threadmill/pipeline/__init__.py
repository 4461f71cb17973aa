"""The pipeline: discover → plan → read → mill (replies, mentions) → models → checks → publish.

Importing this costs nothing; what needs Polars, DuckDB or Arrow is imported once there is work.
"""

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import threadmill
from threadmill import paths, settings
from threadmill.errors import RunFailed as RunFailed
from threadmill.errors import WorkerFailed
from threadmill.pipeline import plan, status
from threadmill.pipeline.steps import Step, directly
from threadmill.publish import snapshots
from threadmill.publish.snapshots import Published
from threadmill.read.discover import Discovery, discover
from threadmill.wording import counted

if TYPE_CHECKING:
    from threadmill.pipeline.rebuild import Filled

Review = Callable[[Path, dict[str, Any]], None]
"""Looks at a checked snapshot and its figures before it is published; raises `RunFailed` to refuse it."""
REFUSALS = ("_duckdb.IOException", "_duckdb.OutOfMemoryException")
"""Errors that say what a disk did, though no OSErrors."""
DAMAGED = "everything is read again: what is published is damaged"


class Summary(NamedTuple):
    """What a run did and what is published now."""

    run_id: str
    is_new: bool
    """Whether this run published; if not, nothing had changed."""
    processed: Path
    documents_read: int
    reasons: list[str]
    """Why there was something to do, and what was done again for it: a sentence each."""
    figures: dict[str, Any]
    """As `summary.measure` gives them."""


def accept(_snapshot: Path, _figures: dict[str, Any]) -> None:
    """Refuse nothing."""


def run(
    raw: str | Path | None = None,
    processed: str | Path | None = None,
    *,
    jobs: int | None = None,
    full: bool = False,
    strict: bool = False,
    step: Step[Any] = directly,
    review: Review = accept,
) -> Summary:
    """Mill the raw threads and publish the tables; do nothing if nothing changed.

    Args:
        raw: folder of the raw threads; the project's `data/raw` if None.
        processed: folder of the published tables; the project's `data/processed` if None.
        jobs: processes that mill, and threads of all else; the setting `jobs` if None.
        full: read everything again, whatever the last run knew.
        strict: fail if anything is rejected.
        step: what runs each step.
        review: what may refuse the figures before they are published.

    Raises:
        ValueError: a folder or a sidecar is wrong; says which and why.
        threadmill.publish.Locked: another run writes there.
        RunFailed: a check failed, or `strict` and there are rejects.
    """
    raw_folder = Path(raw).resolve() if raw else paths.home() / "data" / "raw"
    processed_folder = snapshots.processed_folder(processed)
    jobs = settings.value("jobs", jobs)
    if jobs:
        # Polars and Arrow read them when they are first imported.
        for name in ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "ARROW_IO_THREADS"):
            os.environ.setdefault(name, str(jobs))
    with (
        _told(processed_folder),
        snapshots.lock(processed_folder),
        status.recorded(processed_folder) as done,
    ):
        snapshots.tidy(processed_folder)
        before = None if full else snapshots.current(processed_folder)
        reasons = []
        if before and before.raw != str(raw_folder):
            before, reasons = None, ["everything is read: another raw folder"]
        elif not before and not full and (processed_folder / snapshots.CURRENT).is_symlink():
            reasons = [DAMAGED]
        made_with = paths.made_with()
        found = step("discover", lambda: discover(raw_folder, before.documents if before else {}))
        if before and plan.is_unchanged(before, found, made_with):
            _refuse_rejects(strict, before.summary)
            return done(Summary(before.run_id, False, processed_folder, 0, [], before.summary))
        if before and not snapshots.is_sound(processed_folder, before):
            before, reasons = None, [DAMAGED]
        if before:
            reasons = plan.reasons(before, found, made_with)
        mill = _Run(
            raw_folder,
            processed_folder,
            jobs or paths.cores(),
            strict,
            step,
            review,
            before,
            found,
            made_with,
            reasons,
        )
        return done(mill.publish())


@contextlib.contextmanager
def _told(processed: Path) -> Iterator[None]:
    """Turn what a disk, a folder or a worker refuses into one sentence."""
    before = snapshots.run_id(processed)
    try:
        yield
    except (snapshots.Locked, RunFailed, ValueError):
        raise
    except Exception as error:
        # By name: neither module is imported where there is no work.
        kind = f"{type(error).__module__}.{type(error).__name__}"
        if not isinstance(error, OSError | WorkerFailed) and kind not in REFUSALS:
            raise
        what = str(error).splitlines()[0] if str(error) else kind
        if isinstance(error, OSError) and error.strerror:
            what = f"{error.filename or processed}: {error.strerror}"
        if kind == "_duckdb.OutOfMemoryException":
            what = f"{what}; THREADMILL_MEMORY says how much the queries may take"
        now = snapshots.run_id(processed)
        end = "nothing was published" if now == before else f"run {now} was published before"
        raise RunFailed(f"{what}; {end}") from error


def _refuse_rejects(strict: bool, figures: dict[str, Any]) -> None:
    if strict and figures["rejects"]:
        reasons = ", ".join(f"{count} {code}" for code, count in figures["reject_reasons"])
        raise RunFailed(
            f"{counted(figures['rejects'], 'reject')} ({reasons}), and --strict allows none"
        )


class _Run(NamedTuple):
    """One run that has work to do, from its plan to the published snapshot."""

    raw: Path
    processed: Path
    jobs: int
    strict: bool
    step: Step[Any]
    review: Review
    before: Published | None
    found: Discovery
    made_with: dict[str, str]
    reasons: list[str]

    def publish(self) -> Summary:
        """Build the snapshot, check it and make it current; remove it if that fails."""
        snapshot = snapshots.begin(self.processed)
        try:
            return self._build(snapshot)
        except BaseException:
            # What goes wrong after publication must not take the published snapshot away.
            if (self.processed / snapshots.CURRENT).resolve() != snapshot.resolve():
                with contextlib.suppress(OSError):
                    snapshots.remove(snapshot)
            raise

    def _build(self, snapshot: Path) -> Summary:
        from threadmill import models
        from threadmill.models import checks, summary
        from threadmill.pipeline.rebuild import Fill
        from threadmill.publish import catalog

        todo = plan.everything(self.found)
        if self.before:
            todo = plan.since(self.before, self.found, self.made_with)
        fill = Fill(self.raw, self.processed, snapshot, self.found, self.jobs, self.step)
        filled = fill.write(todo)
        self._write_run(snapshot)
        with models.open_tables(snapshot, self.jobs) as con:
            models.run(con, snapshot, self.step)
            check = partial(checks.run, con, are_new=True)
            failures = self.step("checks", partial(models.with_room, con, check))
            if failures:
                raise RunFailed("\n".join(map(str, failures)))
            figures = models.with_room(con, partial(summary.measure, con))
        self.review(snapshot, figures)
        _refuse_rejects(self.strict, figures)
        shutil.rmtree(snapshot / models.SPILL, ignore_errors=True)

        def seal() -> None:
            # Anew: models and checks, which see the table too, take minutes on large data.
            published_at = self._write_run(snapshot)
            catalog.create(snapshot)
            catalog.describe(snapshot, f"{published_at.isoformat(timespec='seconds')}Z")
            files = snapshots.seal(snapshot, todo.before.files if todo.before else {})
            manifest = self._manifest(snapshot, published_at, files, figures, filled)
            snapshots.write_manifest(snapshot, manifest)

        self.step("seal", seal)
        self.step("publish", lambda: snapshots.publish(self.processed, snapshot))
        return Summary(
            snapshot.name, True, self.processed, filled.documents_read, self.reasons, figures
        )

    def _write_run(self, snapshot: Path) -> datetime:
        """Write the table `runs` and return the time that it gives."""
        import polars as pl

        from threadmill.storage import tables

        published_at = datetime.now(UTC).replace(tzinfo=None)
        row = pl.DataFrame(
            {
                "run_id": [snapshot.name],
                "published_at": pl.Series([published_at], dtype=pl.Datetime("us")),
                "threadmill_version": [threadmill.__version__],
            }
        )
        tables.write("runs", row, tables.place(snapshot, "runs"))
        return published_at

    def _manifest(
        self,
        snapshot: Path,
        published_at: datetime,
        files: dict[str, dict[str, Any]],
        figures: dict[str, Any],
        filled: "Filled",
    ) -> dict[str, Any]:
        from threadmill.publish import manifest

        return {
            "run_id": snapshot.name,
            "published_at": f"{published_at.isoformat(timespec='seconds')}Z",
            "versions": manifest.versions(),
            "raw": str(self.raw),
            "made_with": self.made_with,
            "lineage": manifest.lineage(files),
            "documents": {
                document.path: [list(document[1:]), filled.fed[document.path]]
                for document in self.found.documents
            },
            "rejects": [list(reject) for reject in self.found.rejects],
            "files": files,
            "summary": figures,
        }
