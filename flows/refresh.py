"""The Prefect flow `refresh`: the pipeline in the open. Only this package imports Prefect.

`run` runs it once from here, `runner` on a schedule, `python -m threadmill.flows.refresh` from a shell.
The flow adds nothing to what the pipeline does; it shows it: steps as tasks, progress, artifacts, states.
"""

import contextlib
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from threadmill import pipeline
from threadmill.publish import snapshots
from threadmill.schedule import serve

# Before Prefect reads its settings; what the user sets stays.
os.environ.update(serve.settings())

import httpx
from prefect import flow, get_run_logger, runtime, task
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.exceptions import CancelledRun, PrefectException
from prefect.states import Cancelled, Failed
from prefect.tasks import exponential_backoff

from threadmill.errors import Locked, Refused, RunFailed
from threadmill.models.checks import Failure
from threadmill.schedule import artifacts
from threadmill.wording import counted

TAGS = ("threadmill",)
RUN_TIMEOUT_S = 12 * 3_600
STEP_TIMEOUT_S = 6 * 3_600
IO_TIMEOUT_S = 3_600
IO_STEPS = ("discover", "read", "publish")
"""Steps that mostly wait for disks, may well succeed the second time and can be done twice."""
IO_RETRIES = 3
IO_BACKOFF_S = 2.0
REJECTS_JUMP_COUNT = 10
"""A run fails that has more rejects than what is published by more than this many …"""
REJECTS_JUMP_SHARE = 0.2
"""… and by more than this share of those."""
EPHEMERAL = "ephemeral Prefect API server"
"""What Prefect calls its temporary server, when that doesn't start."""


_ended: list[pipeline.Summary] = []
"""What the flow run of this process ended with, for when the API can't say so any more."""


def run(
    raw: str | Path | None = None,
    processed: str | Path | None = None,
    *,
    jobs: int | None = None,
    full: bool = False,
    strict: bool = False,
) -> pipeline.Summary:
    """Run the flow once, here and now, and return what `pipeline.run` returns.

    It is recorded by the Prefect API that is configured, else by a temporary server of Prefect's own.

    Raises:
        ValueError: a folder or a sidecar is wrong.
        threadmill.publish.Locked: another run writes there.
        threadmill.RunFailed: it published nothing, or the Prefect API doesn't answer.
    """
    serve.require_answer()
    _ended.clear()
    try:
        result: Any = refresh(
            str(raw) if raw else None,
            str(processed) if processed else None,
            jobs=jobs,
            full=full,
            strict=strict,
        )
    except CancelledRun as error:
        raise Locked(str(error)) from None
    except Refused as error:
        raise RunFailed(error.detail) from None
    except RuntimeError as error:
        if EPHEMERAL not in str(error):
            raise
        # Imported by Prefect when it started one. It tries anew until it is stopped, and what it says must not come
        # after our own words.
        from prefect.server.api.server import SubprocessASGIServer

        SubprocessASGIServer().stop()
        raise RunFailed(
            "Prefect's temporary server did not start; its log is above, and PREFECT_API_URL names another"
        ) from None
    except TimeoutError as error:
        raise RunFailed(f"it took too long: {error}; nothing was published") from None
    except (httpx.HTTPError, PrefectException) as error:
        if _ended:
            # The API went away after the tables were published.
            return _ended[-1]
        where = os.environ.get("PREFECT_API_URL", "Prefect's temporary server")
        raise RunFailed(
            f"{where}: {type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}; "
            "the Prefect API must answer during the whole run, `threadmill status` says what is published"
        ) from None
    return cast("pipeline.Summary", result)


def _name() -> str:
    """Return the name of a flow run at its start; `_rename` says later what it did."""
    said = runtime.flow_run.parameters
    words = [word for word in ("full", "strict") if said.get(word)]
    return " ".join(["refresh", _project(said.get("processed")), *words])


def _project(processed: str | None) -> str:
    """Return the name people know the project by: the folder above `data/processed`."""
    with contextlib.suppress(ValueError):
        folder = snapshots.processed_folder(processed)
        return folder.parents[1].name if folder.parent.name == "data" else folder.name
    return ""


@flow(
    name="refresh",
    flow_run_name=_name,
    log_prints=False,
    persist_result=False,
    timeout_seconds=RUN_TIMEOUT_S,
)
def refresh(
    raw: str | None = None,
    processed: str | None = None,
    jobs: int | None = None,
    full: bool = False,
    strict: bool = False,
) -> Any:
    """Mill the raw threads into tables and publish them.

    Args:
        raw: folder of the raw threads; `data/raw` if empty.
        processed: folder of the published tables; `data/processed` if empty.
        jobs: threads to use; all cores if empty.
        full: read everything again.
        strict: fail if anything is rejected.
    """
    _die_with_runner()
    logger = get_run_logger()
    folder = snapshots.processed_folder(processed)
    before = snapshots.current(folder)
    shown = _Shown(folder, before.summary["rejects"] if before else None)
    try:
        done = pipeline.run(
            raw,
            processed,
            jobs=jobs,
            full=full,
            strict=strict,
            stage=shown.step,
            review=shown.review,
        )
    except Locked as error:
        _rename(f"{_project(processed)}: skipped, another run writes")
        return Cancelled(message=str(error))
    except RunFailed as error:
        short = shown.failure or str(error)
        _rename(f"{_project(processed)}: failed, {short}")
        artifacts.failure(short, shown.failures)
        raise Refused(f"{short}; nothing was published", str(error)) from None
    except Exception:
        _rename(f"{_project(processed)}: failed")
        raise
    did = f"read {counted(done.documents_read, 'document')}" if done.is_new else "nothing new"
    _rename(f"{_project(processed)}: {did}")
    _ended.append(done)
    logger.info("%s; run %s is published", did, done.run_id)
    artifacts.summary(done)
    return done


class _Shown:
    """The pipeline's steps as Prefect tasks, and what the run's artifacts say of them."""

    def __init__(self, processed: Path, rejects_before: int | None) -> None:
        self.processed, self.rejects_before = processed, rejects_before
        self.progress = artifacts.Progress()
        self.failures: list[Failure] = []
        self.failure = ""
        """Why the run fails, if it does, without any of the data."""

    def step(self, name: str, work: Callable[[], Any]) -> Any:
        """Run one step as a task. Its data stay here: none get into parameters, results or logs."""
        kind = name.partition(" ")[0]
        is_io = kind in IO_STEPS
        results: list[Any] = []

        def body() -> Any:
            results.append(work())
            if kind == "checks" and results[-1]:
                self.failures = results[-1]
                self.failure = _counted(self.failures)
                return Failed(message=self.failure)
            return None

        as_task = task(
            name=kind,
            task_run_name=name,
            cache_policy=NO_CACHE,
            persist_result=False,
            log_prints=False,
            timeout_seconds=IO_TIMEOUT_S if is_io else STEP_TIMEOUT_S,
            retries=IO_RETRIES if is_io else 0,
            retry_delay_seconds=exponential_backoff(IO_BACKOFF_S),
            retry_jitter_factor=0.5,
            retry_condition_fn=_is_io_error,
        )(body)
        state: State[Any] = as_task(return_state=True)
        if not results or (state.is_failed() and kind != "checks"):
            state.result()
            raise RuntimeError(f"step {name} ended {state.name}")
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
    """Return whether so many rejects after so many published ones say that something broke."""
    return now - before > max(REJECTS_JUMP_COUNT, REJECTS_JUMP_SHARE * before)


def _counted(failures: list[Failure]) -> str:
    names = ", ".join(failure.check for failure in failures)
    return f"{counted(len(failures), 'check fails', 'checks fail')}: {names}"


def _is_io_error(_task: Any, _run: Any, state: Any) -> bool:
    error = state.result(raise_on_failure=False)
    return isinstance(error, OSError) and not isinstance(error, TimeoutError)


def _rename(name: str) -> None:
    """Let the flow run's name say what it did; tag it.

    Its tasks have no tags: each would ask the API for a slot first, and fail when that is away for a moment.
    """
    said = runtime.flow_run.parameters
    words = [word for word in ("full", "strict") if said.get(word)]

    def rename() -> None:
        marks = sorted({*runtime.flow_run.tags, *TAGS, *words})
        with get_client(sync_client=True) as client:
            client.update_flow_run(runtime.flow_run.id, name=name, tags=marks)

    artifacts.show(rename)


def _die_with_runner() -> None:
    """End this process when the runner that `threadmill serve` started it from has ended.

    Nothing is lost: a run may be killed at any moment. An orphan would hold the lock.
    """
    runner = os.environ.get(serve.RUNNER)
    if not runner:
        return

    def watch() -> None:
        while os.getppid() == int(runner):
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


__all__ = ["REJECTS_JUMP_COUNT", "TAGS", "Refused", "is_jump", "refresh", "run"]


if __name__ == "__main__":
    # By its one name: under this one its classes would be others.
    from threadmill import cli
    from threadmill.flows import refresh as flow_module

    with cli.ending():
        cli.print_summary(flow_module.run())
