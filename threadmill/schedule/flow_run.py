"""The flow run of this process: its name, and that it ends with its runner."""

import atexit
import contextlib
import os
import threading
import time
from pathlib import Path

from prefect import runtime
from prefect.client.orchestration import get_client

from threadmill.schedule import artifacts, environment

TAGS = ("threadmill",)
LOOP_STOP_S = 5


def first_name() -> str:
    """Return the name of a flow run at its start; `rename` later says what it did."""
    with contextlib.suppress(ValueError):
        return " ".join(["refresh", project(environment.folders()[1]), *_options()])
    return "refresh"


def project(processed: Path) -> str:
    """Return the name people know the project by: the folder above `data/processed`."""
    return processed.parents[1].name if processed.parent.name == "data" else processed.name


def rename(name: str) -> None:
    """Let the flow run's name say what it did; tag it.

    Its tasks have no tags: each would ask the API for a slot first, and fail when that is away for a moment.
    """

    def rename() -> None:
        tags = sorted({*runtime.flow_run.tags, *TAGS, *_options()})
        with get_client(sync_client=True) as client:
            client.update_flow_run(runtime.flow_run.id, name=name, tags=tags)

    artifacts.show(rename)


def _options() -> list[str]:
    parameters = runtime.flow_run.parameters
    return [name for name in ("full", "strict") if parameters.get(name)]


def end_with_runner() -> None:
    """End this process when the runner that `threadmill serve` started it from has ended.

    Nothing is lost: a run may be killed at any moment. An orphan would hold the lock.
    """
    runner = os.environ.get(environment.RUNNER)
    if not runner:
        return

    def watch() -> None:
        while os.getppid() == int(runner):
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def release_at_exit() -> None:
    """End Prefect's event loops at exit: their tasks hold the flow, and DuckDB reports what is held then as leaked.

    Registered before Prefect's own, it runs after them, so logs and events are sent by then.
    """

    def release() -> None:
        # Private names: without them the report comes back, and nothing else.
        with contextlib.suppress(ImportError, AttributeError):
            from prefect._internal.concurrency import threads

            for loop in (threads._run_sync_loop, threads._global_loop):
                if loop:
                    loop.shutdown()
                    loop.thread.join(LOOP_STOP_S)

    atexit.register(release)
