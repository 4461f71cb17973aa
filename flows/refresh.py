"""The Prefect flow `refresh`. The only module that imports Prefect.

`python -m flows.refresh` runs it once, against the Prefect API that is configured, else against a
temporary server of Prefect's own.
"""

import contextlib
import os
from collections.abc import Callable
from typing import Any

from flows import pipeline, resources

# Before Prefect reads its settings; what the user sets stays.
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "120")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
with contextlib.suppress(ValueError):  # outside a project Prefect's own home serves
    os.environ.setdefault("PREFECT_HOME", str(resources.home() / ".prefect"))

from prefect import flow, task
from prefect.cache_policies import NO_CACHE


@flow(name="refresh", log_prints=False, persist_result=False, validate_parameters=False)
def refresh(
    raw: str | None = None,
    processed: str | None = None,
    jobs: int | None = None,
    full: bool = False,
    strict: bool = False,
) -> None:
    """Mill the raw threads and publish the tables."""
    pipeline.run(raw, processed, jobs=jobs, full=full, strict=strict, step=_as_task)


def _as_task(name: str, work: Callable[[], Any]) -> Any:
    """Run one step as a task. Its data stay here: no comment text gets into parameters or logs."""
    return task(name=name, cache_policy=NO_CACHE, persist_result=False)(work)()


if __name__ == "__main__":
    refresh()
