"""The Prefect flow `refresh`: the pipeline, with each of its stages as a task.

`threadmill run` runs it where PREFECT_API_URL is set, `threadmill serve` on a schedule, workers as prefect.yaml
deploys it, and `python -m threadmill.flows.refresh` once from a shell. Its one name everywhere is
`threadmill.flows.refresh.refresh`. It adds nothing to what the pipeline does; it shows it.
"""

import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from threadmill import pipeline, schema
from threadmill.schedule import environment

# Before Prefect reads its settings; what the user sets stays.
os.environ.update(environment.defaults())

from prefect import flow, get_run_logger, task
from prefect.assets import Asset, materialize
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Cancelled, Failed
from prefect.tasks import exponential_backoff

from threadmill.errors import Locked, RunFailed
from threadmill.models.checks import Failure
from threadmill.pipeline.outline import outline
from threadmill.privacy import profiles
from threadmill.publish import snapshots
from threadmill.schedule import announce, artifacts, flow_run
from threadmill.wording import counted

RUN_TIMEOUT_S = 12 * 3_600
STAGE_TIMEOUT_S = 6 * 3_600
IO_TIMEOUT_S = 3_600
IO_STAGES = ("discover", "read", "publish")
"""Stages that mostly wait for disks: a second try may succeed, and repeats nothing harmful."""
IO_RETRIES = 3
IO_BACKOFF_S = 2.0
REJECTS_JUMP_COUNT = 10
"""A run fails if its rejects exceed the published ones by more than this …"""
REJECTS_JUMP_SHARE = 0.2
"""… and by more than this share of the published ones."""

flow_run.release_at_exit()

published: list[pipeline.Summary] = []
"""What flow runs of this process published, for a caller whose API has gone away by then."""


@flow(
    name="refresh",
    flow_run_name=flow_run.first_name,
    log_prints=False,
    persist_result=False,
    timeout_seconds=RUN_TIMEOUT_S,
    on_failure=[announce.failed],
    on_crashed=[announce.failed],
)
def refresh(jobs: int | None = None, full: bool = False, strict: bool = False) -> Any:
    """Turn the raw threads into tables and publish them.

    Args:
        jobs: processes and threads to use; all cores if empty.
        full: read everything again.
        strict: fail if anything is rejected.
    """
    flow_run.end_with_runner()
    raw, processed = environment.folders()
    before = snapshots.read_current(processed)
    profile = profiles.find(None)
    is_private = not profile.is_full
    declared = schema.FIGURES if profile.is_aggregate else schema.TABLES
    project = flow_run.project(processed)
    rejects_before = before.summary["rejects"] if before else None
    tasks = _Tasks(rejects_before, is_private, announce.list_assets(project, declared))
    try:
        done = pipeline.run(
            raw,
            processed,
            jobs=jobs,
            full=full,
            strict=strict,
            stage=tasks.run,
            review=tasks.review,
        )
    except Locked as error:
        flow_run.rename(f"{project}: skipped, another run writes")
        return Cancelled(message=str(error))
    except TimeoutError:
        # Prefect's own, for the run as a whole.
        flow_run.rename(f"{project}: failed, it took too long")
        raise
    except Exception as error:
        summary = tasks.failure or outline(error, raw, is_private=is_private)
        flow_run.rename(f"{project}: failed, {summary}")
        artifacts.failure(summary, tasks.failures)
        # Raised, it would be logged with what it quotes. As a state's data it stays in this process.
        return Failed(message=f"{summary}; nothing was published", data=error)
    did = f"read {counted(done.documents_read, 'document')}" if done.is_new else "nothing new"
    flow_run.rename(f"{project}: {did}")
    published.append(done)
    get_run_logger().info("%s; run %s is published", did, done.run_id)
    artifacts.summary(done)
    if done.is_new:
        announce.published(done)
    return done


class _Tasks:
    """The pipeline's stages as Prefect tasks, and what the artifacts of the run need of them."""

    def __init__(
        self,
        rejects_before: int | None,
        is_private: bool = False,
        assets: Sequence[Asset] = (),
    ) -> None:
        self.rejects_before = rejects_before
        self.assets = assets
        self.is_private = is_private
        self.progress = artifacts.Progress()
        self.failures: list[Failure] = []
        self.failure = ""
        """Why the run fails, if it does, without any of the data."""

    def run(self, name: str, work: Callable[[], Any]) -> Any:
        """Run one stage as a task. Its data stay here: none reach parameters, results or logs."""
        kind = name.partition(" ")[0]
        is_io = kind in IO_STAGES
        results: list[Any] = []
        errors: list[Exception] = []

        def body() -> Any:
            try:
                results.append(work())
            except TimeoutError:
                raise
            except Exception as error:
                errors.append(error)
                summary = outline(error, is_private=self.is_private)
                if is_io and isinstance(error, OSError):
                    # Prefect tries again what raises, and logs what is raised.
                    raise OSError(summary) from None
                return Failed(message=summary)
            if kind == "checks" and results[-1]:
                self.failures = results[-1]
                self.failure = _count_failures(self.failures)
                return Failed(message=self.failure)
            return None

        # What is published are the tables, for other flows and automations to follow.
        make: Any = (
            partial(materialize, *self.assets, by="threadmill") if kind == "publish" else task
        )
        as_task = make(
            name=kind,
            task_run_name=name,
            cache_policy=NO_CACHE,
            persist_result=False,
            log_prints=False,
            timeout_seconds=IO_TIMEOUT_S if is_io else STAGE_TIMEOUT_S,
            retries=IO_RETRIES if is_io else 0,
            retry_delay_seconds=exponential_backoff(IO_BACKOFF_S),
            retry_jitter_factor=0.5,
            retry_condition_fn=_is_io_error,
        )(body)
        state: State[Any] = as_task(return_state=True)
        if not results:
            if errors:
                raise errors[-1]
            state.result()
            raise RuntimeError(f"stage {name} ended {state.name}")
        self.progress.done(name)
        return results[-1]

    def review(self, snapshot: Path, figures: dict[str, Any]) -> None:
        """Show what is rejected; refuse a jump in rejects before it is published.

        Raises:
            RunFailed: there are many more rejects than in what is published.
        """
        artifacts.rejects(snapshot, figures["reject_reasons"])
        before, now = self.rejects_before, figures["rejects"]
        if before is not None and is_jump(before, now):
            self.failure = f"{counted(now, 'reject')}, {before:,} in what is published"
            raise RunFailed(
                f"{self.failure}: more than {REJECTS_JUMP_COUNT} and {REJECTS_JUMP_SHARE:.0%} more is a "
                "jump; mend or remove the files, or accept them by `threadmill run` without PREFECT_API_URL"
            )


def is_jump(before: int, now: int) -> bool:
    """Return whether the rejects grew so much that something must have broken."""
    return now - before > max(REJECTS_JUMP_COUNT, REJECTS_JUMP_SHARE * before)


def _count_failures(failures: list[Failure]) -> str:
    names = ", ".join(failure.check for failure in failures)
    return f"{counted(len(failures), 'check fails', 'checks fail')}: {names}"


def _is_io_error(_task: Any, _run: Any, state: Any) -> bool:
    error = state.result(raise_on_failure=False)
    return isinstance(error, OSError) and not isinstance(error, TimeoutError)


__all__ = ["REJECTS_JUMP_COUNT", "is_jump", "published", "refresh"]


if __name__ == "__main__":
    # By its one name: in this module, `__main__`, its classes would be others.
    from threadmill import cli
    from threadmill.schedule import once

    with cli.report_errors():
        cli.print_summary(once.run())
