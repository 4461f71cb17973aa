"""The pipeline: `run` names its stages in their order and calls the rooms below; it computes nothing itself.

Importing this costs nothing; what needs Polars, DuckDB or Arrow is imported once there is work.
"""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from threadmill import paths, settings
from threadmill.errors import Locked, Mistake
from threadmill.errors import RunFailed as RunFailed
from threadmill.fetch import journal
from threadmill.pipeline import fingerprint, status
from threadmill.pipeline.durations import Timed, note_durations
from threadmill.pipeline.outline import QUERY_INTERRUPTED, is_mistake, outline
from threadmill.pipeline.placing import place_documents
from threadmill.pipeline.plan import LastRun, look_up_last_run, make_plan
from threadmill.pipeline.stages import Stage, run_directly
from threadmill.privacy import profiles
from threadmill.privacy.erasures import take_fingerprint
from threadmill.privacy.guard import open_guard
from threadmill.publish import locking, snapshots
from threadmill.read.discover import Discovery, discover
from threadmill.wording import counted

VERSION = 2  # of its rows; CONTRIBUTING.md says when to raise it

if TYPE_CHECKING:
    from threadmill.pipeline.reading import ReadRows

Review = Callable[[Path, dict[str, Any]], None]
"""Looks at a checked snapshot and its figures before it is published; raises `RunFailed` to refuse it."""


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
    stage: Stage[Any] = run_directly,
    review: Review = accept,
    infer: Callable[..., Any] | None = None,
    profile: str | None = None,
) -> Summary:
    """Turn the raw threads into tables and publish them; do nothing if nothing changed.

    Args:
        raw: folder of the raw threads; the project's `data/raw` if None.
        processed: folder of the published tables; that of the profile, else the project's `data/processed`, if None.
        jobs: processes that build threads, and threads of all else; the setting `jobs` if None.
        full: read everything again, whatever the last run knew.
        strict: fail if anything is rejected.
        stage: what runs each stage, or piece of one.
        review: what may refuse the figures before they are published.
        infer: what infers parents instead of `replies.infer`, to compare methods. Takes one job and an empty
            `processed`: a later run can't tell what was made with it.
        profile: name of the profile in `threadmill.toml` to publish under; the setting `profile` if None.

    Raises:
        ValueError: a folder is wrong, or `infer` is given with more jobs; says which and why.
        threadmill.errors.Locked: another run writes there.
        threadmill.errors.RunFailed: a check failed, or `strict` and there are rejects.
    """
    raw = Path(raw).resolve() if raw else paths.home() / "data" / "raw"
    chosen = profiles.find(profile)
    processed = snapshots.locate_processed(processed or chosen.processed)
    jobs = _limit_threads(jobs)
    if infer and jobs != 1:
        raise ValueError(f"jobs: {jobs}; another `infer` stays in this process, so give one job")
    _refuse_nesting(raw, processed)
    stage = timed = Timed(stage)
    with (
        _failing_in_a_sentence(processed),
        locking.lock(processed),
        status.recorded(processed, raw, is_private=not chosen.is_full) as done,
    ):
        guard = open_guard(raw, chosen, snapshots.read_profiles(processed))
        snapshots.tidy(processed)
        last = look_up_last_run(processed, raw, full, guard)
        found = stage("discover", lambda: discover(raw, last.documents))
        made_with = fingerprint.take(guard.made_with) | take_fingerprint(raw)
        made_with |= journal.take_fingerprint(raw)
        found = place_documents(raw, found, last, made_with)
        plan = make_plan(last, processed, found, made_with)
        if not plan.is_needed:
            return done(_confirm(last, processed, strict))
        # What follows takes imports that a run with nothing to do is spared.
        from threadmill.models import running
        from threadmill.pipeline.fetched import write_fetches
        from threadmill.pipeline.reading import read_documents
        from threadmill.pipeline.rebuild import build_threads, take_over_models
        from threadmill.pipeline.regrouping import drop_regrouped, regroup_last
        from threadmill.publish import manifest
        from threadmill.storage import store_folder

        with (
            snapshots.build(processed) as snapshot,
            store_folder.open_store(raw, processed, snapshot, guard.seal_store()) as store,
        ):
            if full:
                store.forget()
            rows = read_documents(
                plan, found, made_with, raw, processed, store, snapshot, jobs, stage, guard
            )
            regrouped = regroup_last(plan, rows.stale, store.bucket_count, guard, snapshot)
            build_threads(regrouped, rows, found, snapshot, jobs, stage, infer, guard)
            store.commit()
            write_fetches(raw, snapshot, guard)
            manifest.write_run(snapshot, chosen.describe())
            kept = store.find_kept(processed)
            todo = take_over_models(regrouped, rows, snapshot, kept, guard)
            with running.open_tables(snapshot, jobs) as tables:
                running.run(tables, snapshot, stage, todo)
                _refuse_failures(stage("checks", lambda: running.check(tables, snapshot, todo)))
                figures = running.measure(tables)
            drop_regrouped(snapshot)
            review(snapshot, figures)
            _refuse_rejects(strict, figures)
            durations = _note_durations(timed, rows, found, last)
            known = manifest.Known(
                raw,
                made_with,
                rows.restate(found),
                store.documents,
                store.bucket_count,
                figures,
                durations,
                guard.describe(),
                chosen.describe(),
                guard.seal_kept(),
            )
            stage("seal", lambda: manifest.seal(snapshot, plan.published, known))
            stage("publish", lambda: snapshots.publish(processed, snapshot))
            store.drop_kept(processed, snapshot.name)
        count = len(rows.paths)
        return done(Summary(snapshot.name, True, processed, count, list(plan.reasons), figures))


def _refuse_nesting(raw: Path, processed: Path) -> None:
    """Raise `Mistake` if tables would be taken for raw threads, or raw threads removed as old snapshots."""
    one, other = Path(os.path.realpath(raw)), Path(os.path.realpath(processed))
    if other.is_relative_to(one):
        raise Mistake(
            f"{processed}: is in the raw folder {raw}; tables need a folder outside of it (--processed)"
        )
    if one.is_relative_to(other) and one.relative_to(other).parts[0] in snapshots.OWN_FOLDERS:
        raise Mistake(
            f"{raw}: is in a folder of snapshots; raw threads need one of their own (--raw)"
        )


def _note_durations(
    timed: Timed, rows: "ReadRows", found: Discovery, last: LastRun
) -> dict[str, dict[str, float]]:
    """Return how long the stages took, for the next estimate."""
    sizes = {document.path: document.size for document in found.documents}
    read = sum(sizes[path] for path in rows.paths)
    built = int(sum(sizes.values()) * rows.stale.built_share)
    before = last.published.durations if last.published else {}
    return note_durations(timed.seconds, read, built, before)


def _limit_threads(jobs: int | None) -> int:
    """Return how many processes and threads may work, and let the libraries know."""
    if limit := settings.value("jobs", jobs):
        # Polars and Arrow read them when they are first imported.
        for name in ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "ARROW_IO_THREADS"):
            os.environ.setdefault(name, str(limit))
    return settings.count_jobs(jobs)


def _confirm(last: LastRun, processed: Path, strict: bool) -> Summary:
    """Return what is published already, which a run would publish again."""
    assert last.published is not None  # noqa: S101 # for mypy: else there is something to do
    figures = last.published.summary
    _refuse_rejects(strict, figures)
    return Summary(last.published.run_id, False, processed, 0, [], figures)


def _refuse_failures(failures: Sequence[object]) -> None:
    if failures:
        raise RunFailed("\n".join(map(str, failures)))


def _refuse_rejects(strict: bool, figures: dict[str, Any]) -> None:
    if strict and figures["rejects"]:
        reasons = ", ".join(f"{count} {code}" for code, count in figures["reject_reasons"])
        raise RunFailed(
            f"{counted(figures['rejects'], 'reject')} ({reasons}), and --strict allows none"
        )


@contextlib.contextmanager
def _failing_in_a_sentence(processed: Path) -> Iterator[None]:
    """Turn what a disk, a folder or a database refuses into one sentence, and a fault of ours, without the data."""
    before = snapshots.read_run_id(processed)
    try:
        yield
    except (Locked, RunFailed):
        raise
    except Exception as error:
        if is_mistake(error) or _is_interrupt(error):
            raise
        now = snapshots.read_run_id(processed)
        end = "nothing was published" if now == before else f"run {now} was published before"
        raise RunFailed(f"{_describe(error, processed)}; {end}") from error


def _is_interrupt(error: Exception) -> bool:
    duckdb = sys.modules.get("duckdb")
    is_of_duckdb = duckdb is not None and isinstance(error, duckdb.InterruptException)
    return is_of_duckdb or str(error) == QUERY_INTERRUPTED


def _describe(error: Exception, processed: Path) -> str:
    """Return what was refused and where, or which fault of ours it is and where."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or processed}: {error.strerror}"
    # Not imported where there is no work.
    duckdb = sys.modules.get("duckdb")
    if duckdb and isinstance(error, duckdb.OutOfMemoryException):
        return f"{str(error).splitlines()[0]}; THREADMILL_MEMORY says how much the queries may take"
    if duckdb and type(error) is duckdb.IOException:
        return str(error).splitlines()[0]
    return outline(error)
