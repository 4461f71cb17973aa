"""The pipeline: `run` names its stages in their order and calls the rooms below; it computes nothing itself.

Importing this costs nothing; what needs Polars, DuckDB or Arrow is imported once there is work.
"""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from threadmill import paths, settings
from threadmill.errors import Locked, Mistake
from threadmill.errors import RunFailed as RunFailed
from threadmill.pipeline import releases, targets
from threadmill.pipeline.durations import Timed, note_durations
from threadmill.pipeline.outline import QUERY_INTERRUPTED, is_mistake, outline
from threadmill.pipeline.stages import Stage, run_directly
from threadmill.pipeline.targets import Failing, Target
from threadmill.publish import snapshots
from threadmill.read.discover import Discovery
from threadmill.wording import counted

VERSION = 2  # of its rows; CONTRIBUTING.md says when to raise it

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
    others: Sequence["Summary"] = ()
    """What was published in the same pass under further profiles."""


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
    profile: str | Sequence[str] | None = None,
    lets_go: bool = True,
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
        profile: name of the profile in `threadmill.toml` to publish under, or names of several, all in one pass; the
            settings `profile` and `publish` if None.
        lets_go: erase the threads that the setting `retain` doesn't keep any longer, once the tables are published.

    Raises:
        ValueError: a folder is wrong, or `infer` is given with more jobs; says which and why.
        threadmill.errors.Locked: another run writes there.
        threadmill.errors.RunFailed: a check failed, or `strict` and there are rejects.
    """
    raw = Path(raw).resolve() if raw else paths.home() / "data" / "raw"
    chosen = targets.choose(processed, profile)
    jobs = _limit_threads(jobs)
    if infer and jobs != 1:
        raise ValueError(f"jobs: {jobs}; another `infer` stays in this process, so give one job")
    for place, _ in chosen:
        _refuse_nesting(raw, place)
    stage = timed = Timed(stage)
    failing = Failing(len(chosen) > 1)
    with (
        _failing_in_a_sentence([place for place, _ in chosen], failing),
        targets.open_targets(raw, chosen, full, stage, failing) as opened,
    ):
        summaries = [None if one.plan.is_needed else _confirm(one, strict) for one in opened]
        todo = [one for one in opened if one.plan.is_needed]
        if todo:
            made = iter(_publish(todo, raw, jobs, full, strict, timed, review, infer, failing))
            summaries = [one or next(made) for one in summaries]
        first, *others = [one.done(summary) for one, summary in zip(opened, summaries, strict=True)]
        ended: Summary = first._replace(others=others)
    if not (lets_go and settings.value("retain")):
        return ended
    from threadmill.pipeline import retaining

    return retaining.let_go(ended, raw, jobs, [one.name or None for _, one in chosen])


def _publish(
    todo: list[Target],
    raw: Path,
    jobs: int,
    full: bool,
    strict: bool,
    stage: Timed,
    review: Review,
    infer: Callable[..., Any] | None,
    failing: Failing,
) -> list[Summary]:
    """Publish in all folders of `todo` once the tables of all are complete and checked."""
    # What follows takes imports that a run with nothing to do is spared.
    from threadmill.pipeline.reading import read_for_all
    from threadmill.pipeline.rebuild import build_threads
    from threadmill.pipeline.regrouping import regroup_last
    from threadmill.storage import store_folder

    with contextlib.ExitStack() as made:
        built = [one for one in todo if one.due is None or one.due.is_counted]
        for one in todo:
            if one.due is None:
                one.snapshot = made.enter_context(snapshots.build(one.processed))
            elif one.due.is_published:
                one.figures = made.enter_context(snapshots.build(one.processed))
        read: list[str] = []
        if built:
            seal = built[0].guard.seal_store()
            folders = [one.processed for one in todo]
            store = made.enter_context(
                store_folder.open_store(raw, folders, built[0].snapshot, seal)
            )
            for number, one in enumerate(built):
                if one.due:
                    one.snapshot = store.private_folder / f"figures-{number}"
                    one.snapshot.mkdir()
            if full:
                store.forget()
            read = read_for_all(built, raw, store, jobs, stage)
            for one in built:
                one.published = one.plan.published
                one.plan = regroup_last(
                    one.plan, one.rows.stale, store.bucket_count, one.guard, one.snapshot
                )
            build_threads(built, jobs, stage, infer)
            store.commit()
        summaries = []
        for one in todo:
            with failing.at(one):
                make = _model if one.due is None else _release
                summaries.append(make(one, raw, len(read), jobs, strict, stage, review))
        for one in todo:
            snapshot = one.snapshot if one.due is None else one.figures
            if snapshot:
                with failing.at(one):
                    stage("publish", partial(snapshots.publish, one.processed, snapshot))
            if one.due is None:
                store.drop_kept(one.processed, one.snapshot.name)
    return summaries


def _model(
    one: Target, raw: Path, read: int, jobs: int, strict: bool, stage: Timed, review: Review
) -> Summary:
    """Complete the tables of `one` from its parsed ones, check them, and make the snapshot ready to publish."""
    from threadmill.models import running
    from threadmill.pipeline.regrouping import drop_regrouped
    from threadmill.publish import manifest

    snapshot, store, guard = one.snapshot, one.rows.store, one.guard
    with _open_models(one, raw, jobs, stage) as tables:
        figures = running.measure(tables)
    drop_regrouped(snapshot)
    review(snapshot, figures)
    _refuse_rejects(strict, figures)
    known = manifest.Known(
        raw,
        one.made_with,
        one.rows.restate(one.found),
        store.documents,
        store.bucket_count,
        figures,
        _note_durations(stage, one),
        guard.describe(),
        one.profile.describe(),
        guard.seal_kept(),
    )
    stage("seal", lambda: manifest.seal(snapshot, one.published, known))
    return Summary(snapshot.name, True, one.processed, read, list(one.plan.reasons), figures)


@contextlib.contextmanager
def _open_models(one: Target, raw: Path, jobs: int, stage: Timed) -> Iterator[Any]:
    """Complete the tables of `one` from its parsed ones, check them, and yield a connection that sees them."""
    from threadmill.models import running
    from threadmill.pipeline.fetched import write_fetches
    from threadmill.pipeline.rebuild import take_over_models
    from threadmill.publish import manifest

    write_fetches(raw, one.snapshot, one.guard)
    manifest.write_run(one.snapshot, one.profile.describe())
    todo = take_over_models(one, one.rows.store.find_kept(one.processed))
    with running.open_tables(one.snapshot, jobs) as tables:
        running.run(tables, one.snapshot, stage, todo)
        _refuse_failures(stage("checks", lambda: running.check(tables, one.snapshot, todo)))
        yield tables


def _release(
    one: Target, raw: Path, read: int, jobs: int, strict: bool, stage: Timed, _review: Review
) -> Summary:
    """Release the figures of `one`, if they are due, and make their snapshot ready to publish, if one is."""
    from threadmill import schema
    from threadmill.models import running
    from threadmill.publish import manifest

    due = one.due
    assert due is not None  # noqa: S101 # for mypy
    if due.is_counted:
        with _open_models(one, raw, jobs, stage) as tables:
            _refuse_rejects(strict, running.measure(tables))
            releases.release(one, raw, stage, tables)
    if not due.is_published:
        return _confirm(one, strict)._replace(documents_read=read, reasons=list(one.plan.reasons))
    figures, said = releases.write_tables(one, raw, one.figures)
    known = manifest.Known(
        Path(),
        one.made_with,
        Discovery([], []),
        {},
        1,
        figures,
        {},
        said,
        f"{said['profile']}, k {said['k']}",
        declared=schema.FIGURES,
    )
    stage("seal", lambda: manifest.seal(one.figures, None, known))
    return Summary(one.figures.name, True, one.processed, read, list(one.plan.reasons), figures)


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


def _note_durations(timed: Timed, one: Target) -> dict[str, dict[str, float]]:
    """Return how long the stages took, for the next estimate."""
    sizes = {document.path: document.size for document in one.found.documents}
    read = sum(sizes[path] for path in one.rows.paths)
    built = int(sum(sizes.values()) * one.rows.stale.built_share)
    before = one.last.published.durations if one.last.published else {}
    return note_durations(timed.seconds, read, built, before)


def _limit_threads(jobs: int | None) -> int:
    """Return how many processes and threads may work, and let the libraries know."""
    if limit := settings.value("jobs", jobs):
        # Polars and Arrow read them when they are first imported.
        for name in ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "ARROW_IO_THREADS"):
            os.environ.setdefault(name, str(limit))
    return settings.count_jobs(jobs)


def _confirm(one: Target, strict: bool) -> Summary:
    """Return what is published already, which a run would publish again."""
    published = one.last.published
    assert published is not None  # noqa: S101 # for mypy: else there is something to do
    _refuse_rejects(strict, published.summary)
    return Summary(published.run_id, False, one.processed, 0, [], published.summary)


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
def _failing_in_a_sentence(folders: Sequence[Path], failing: Failing) -> Iterator[None]:
    """Turn what a disk, a folder or a database refuses into one sentence, and a fault of ours, without the data."""
    before = {folder: snapshots.read_run_id(folder) for folder in folders}
    try:
        yield
    except (Locked, RunFailed):
        raise
    except Exception as error:
        if is_mistake(error) or _is_interrupt(error):
            raise
        now = {folder: snapshots.read_run_id(folder) for folder in folders}
        new = [str(now[folder]) for folder in folders if now[folder] != before[folder]]
        end = f"run {', '.join(new)} was published before" if new else "nothing was published"
        raise RunFailed(f"{failing.place}{_describe(error, folders[0])}; {end}") from error


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
