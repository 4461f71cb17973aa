"""Serve `refresh/scheduled` or `fetch-and-refresh/scheduled`: what `threadmill serve` runs as its child."""

import asyncio
import contextlib
import itertools
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from prefect import Flow
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import (
    ConcurrencyLimitConfig,
    ConcurrencyLimitStrategy,
    FlowRun,
    State,
    StateType,
)
from prefect.exceptions import ObjectNotFound
from prefect.logging import get_logger
from prefect.runner import Runner
from prefect.schedules import Cron, Interval, Schedule
from prefect.server.schemas.schedules import CronSchedule
from prefect.states import Cancelled, Crashed
from prefect.types.entrypoint import EntrypointType

from threadmill.flows.fetch import fetch_and_refresh
from threadmill.flows.refresh import refresh
from threadmill.pipeline import status
from threadmill.schedule import environment, flow_run, heartbeat, serve

DEPLOYMENT = "scheduled"
OLD_DEPLOYMENTS = ("nightly",)
"""What version 0.1 called it, whatever its schedule."""
SERVED = (refresh.name, fetch_and_refresh.name)
"""The flows that may be served; one of them at a time."""
POLL_SHARE = 0.25
POLL_MAX_S = 10.0
PAUSES = 1_000
"""So many runs of a schedule are looked at for its longest pause."""
TIMEZONE = "UTC"

logger = get_logger("serve")


def main(
    cron: str | None, interval: float | None, has_own_server: bool, fetches: bool = False
) -> None:
    """Serve until SIGTERM. Ends the process with 2 if `cron` isn't a schedule."""
    try:
        schedule = (
            Cron(cron, timezone=TIMEZONE) if cron else Interval(timedelta(seconds=interval or 0))
        )
        pause_s = asyncio.run(longest_pause_s(cron)) if cron else float(interval or 0)
    except ValueError:
        print(f'threadmill: --cron: "{cron}" is not a schedule', file=sys.stderr)  # noqa: T201
        raise SystemExit(serve.MISUSED) from None
    words = f"cron {cron} (UTC)" if cron else f"every {status.duration(pause_s)}"
    raw, processed = environment.folders()
    status.schedule(processed, words, pause_s)
    served = fetch_and_refresh if fetches else refresh
    asyncio.run(_serve(served, raw, processed, schedule, words, pause_s, has_own_server))


async def longest_pause_s(cron: str) -> float:
    """Return the longest time between two of the next runs of `cron`, in seconds.

    Raises:
        ValueError: it is no cron expression, or never comes twice.
    """
    dates = await CronSchedule(cron=cron, timezone=TIMEZONE).get_dates(PAUSES)
    gaps = [(b - a).total_seconds() for a, b in itertools.pairwise(dates)]
    return max(gaps)


async def _serve(
    flow: Flow[..., object],
    raw: Path,
    processed: Path,
    schedule: Schedule,
    words: str,
    pause_s: float,
    has_own_server: bool,
) -> None:
    runner = Runner(
        name="threadmill",
        query_seconds=min(POLL_MAX_S, POLL_SHARE * pause_s),
        # Fetched early, the next run of a short schedule would be cancelled because this one is still on.
        prefetch_seconds=0,
        # No limit here: the deployment's says that one runs and the others are cancelled at once.
        limit=None,
        heartbeat_seconds=heartbeat.HEARTBEAT_S,
        pause_on_shutdown=True,
    )
    deployment = await runner.aadd_flow(
        flow,
        name=DEPLOYMENT,
        schedule=schedule,
        paused=False,
        concurrency_limit=ConcurrencyLimitConfig(
            limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW
        ),
        description=f"Turns the threads in {raw} into the tables in {processed}",
        tags=list(flow_run.TAGS),
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    async with get_client() as client:
        only = DeploymentFilter(id=DeploymentFilterId(any_=[deployment]))
        await crash_dead(client, only, processed)
        await cancel_missed(client, only)
        await remove_old(client, flow.name)
        # Not only at the next time of the schedule, which may be a day away.
        await client.create_flow_run_from_deployment(deployment)
    if has_own_server:
        # `serve` itself notices what died there, and the server's rule is false about short runs.
        await heartbeat.unwatch()
    logger.info("serving %s/%s, %s", flow.name, DEPLOYMENT, words)
    serving = asyncio.create_task(runner.start())
    await asyncio.sleep(0)
    # After the runner's own: that one can't stop a loop from inside it.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, serving.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await serving


async def crash_dead(client: PrefectClient, only: DeploymentFilter, processed: Path) -> None:
    """Mark runs as crashed that a runner before us left behind; that frees the deployment's slot.

    Runs of another runner that is alive are left alone: one of them holds the lock.
    """
    for run in await _runs(
        client, only, StateType.RUNNING, StateType.PENDING, StateType.CANCELLING
    ):
        if status.read(processed).running:
            return
        state: State[None] = Crashed(message="It was gone when the schedule's runner started")
        await client.set_flow_run_state(run.id, state, force=True)
        logger.info("marked as crashed: %s", run.name)


async def cancel_missed(client: PrefectClient, only: DeploymentFilter) -> None:
    """Cancel the runs that were due while nobody served: the next one sees all there is to do."""
    due = FlowRunFilterExpectedStartTime(before_=cast("Any", datetime.now(UTC)))
    missed = await _runs(client, only, StateType.SCHEDULED, due=due)
    for run in missed:
        state: State[None] = Cancelled(message="Missed: nothing served the schedule then")
        await client.set_flow_run_state(run.id, state, force=True)
    if missed:
        logger.info("cancelled %d runs that were missed", len(missed))


async def remove_old(client: PrefectClient, flow: str) -> None:
    """Remove deployments that an older version, or other options, served here: nobody would serve their runs."""
    others = (f"{other}/{DEPLOYMENT}" for other in SERVED if other != flow)
    for name in (*(f"{flow}/{name}" for name in OLD_DEPLOYMENTS), *others):
        with contextlib.suppress(ObjectNotFound):
            old = await client.read_deployment_by_name(name)
            # One with a pool is a worker's.
            if old.work_pool_name is None and set(flow_run.TAGS) <= set(old.tags):
                await client.delete_deployment(old.id)
                logger.info("removed the deployment %s, now %s/%s", name, flow, DEPLOYMENT)


async def _runs(
    client: PrefectClient,
    only: DeploymentFilter,
    *types: StateType,
    due: FlowRunFilterExpectedStartTime | None = None,
) -> list[FlowRun]:
    state = FlowRunFilterState(type=FlowRunFilterStateType(any_=list(types)))
    wanted = FlowRunFilter(state=state, expected_start_time=due)
    return await client.read_flow_runs(deployment_filter=only, flow_run_filter=wanted)


__all__ = ["DEPLOYMENT", "longest_pause_s", "main"]
