"""The Prefect flows `fetch` and `fetch-and-refresh`: collect what is watched, then mill it.

`threadmill serve --fetch` serves `fetch_and_refresh` on a schedule: a run of two parts, each with its own state.
A fetch that fails stops no refresh. Their one name everywhere is `threadmill.flows.fetch`.
"""

import os
from typing import Any

from threadmill.schedule import environment

# Before Prefect reads its settings; what the user sets stays.
os.environ.update(environment.defaults())

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.states import Cancelled, Failed

from threadmill.errors import Locked, Mistake
from threadmill.fetch import journal
from threadmill.flows.refresh import refresh
from threadmill.pipeline import fetching
from threadmill.pipeline.outline import outline
from threadmill.schedule import announce, artifacts, flow_run

FETCH_TIMEOUT_S = 6 * 3_600
BOTH_TIMEOUT_S = 18 * 3_600
"""As long as both parts may take."""


@flow(
    name="fetch",
    flow_run_name="fetch",
    log_prints=False,
    persist_result=False,
    timeout_seconds=FETCH_TIMEOUT_S,
    on_failure=[announce.failed],
    on_crashed=[announce.failed],
)
def fetch() -> Any:
    """Ask for what is watched and due, and keep what changed in the raw folder.

    What it shows names sites and counts, and no thread.
    """
    flow_run.end_with_runner()
    raw, _ = environment.folders()
    try:
        done = fetching.fetch(raw)
    except Locked as error:
        return Cancelled(message=str(error))
    except Mistake as error:
        # Its text names an address.
        place = "data/watch.toml, or a setting of fetching, has a mistake"
        return Failed(message=f"{place}; `threadmill fetch --dry-run` says which", data=error)
    except Exception as error:
        # Raised, it would be logged with what it quotes. As a state's data it stays in this process.
        return Failed(message=outline(error, raw), data=error)
    counts = journal.count_outcomes(done.fetches)
    said = ", ".join(f"{count} {name}" for name, count in counts.items()) or "nothing was due"
    get_run_logger().info("%s", said)
    artifacts.fetches(done.fetches)
    if done.fetches and not counts.keys() - journal.UNTAKEN:
        return Failed(message=f"{said}: nothing that was asked for could be had")
    return said


@flow(
    name="fetch-and-refresh",
    flow_run_name="fetch and refresh",
    log_prints=False,
    persist_result=False,
    timeout_seconds=BOTH_TIMEOUT_S,
    on_crashed=[announce.failed],
)
def fetch_and_refresh(jobs: int | None = None, full: bool = False, strict: bool = False) -> Any:
    """Fetch, then refresh, whatever came of the fetch; it ends as the refresh, or failed if the fetch failed.

    Args:
        jobs: processes and threads to use; all cores if empty.
        full: read everything again.
        strict: fail if anything is rejected.
    """
    fetched: Any = fetch(return_state=True)
    refreshed: Any = refresh(jobs=jobs, full=full, strict=strict, return_state=True)
    ended = fetched if refreshed.is_completed() and fetched.is_failed() else refreshed
    # A state of its own: one that a part has would be counted, and its words left out.
    own: State[None] = State(type=ended.type, name=ended.name, message=ended.message)
    return own


__all__ = ["fetch", "fetch_and_refresh"]
