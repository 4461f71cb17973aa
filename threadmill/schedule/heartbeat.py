"""Have dead runs noticed: `python -m threadmill.schedule.heartbeat` sets that up on the configured server.

A run whose process was killed, with its runner or its machine, can't say so. Without this it would stay
Running for ever and hold the deployment's slot.
"""

import asyncio
import contextlib
from datetime import timedelta

from prefect.automations import Automation
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import EventTrigger, Posture
from prefect.events.schemas.events import ResourceSpecification

NAME = "threadmill: crash runs that stopped breathing"
HEARTBEAT_S = 30
"""The least that Prefect allows; `environment.defaults` has it for runs."""
DEAD_AFTER_S = 100
"""Three heartbeats missed and some."""


async def watch() -> None:
    """See that the server marks runs as crashed whose heartbeat stopped; their slot comes free."""
    with contextlib.suppress(ValueError):
        await Automation.aread(name=NAME)
        return
    ends = ("Completed", "Failed", "Cancelled", "Crashed")
    automation = Automation(
        name=NAME,
        description="A run whose process was killed can't say so itself",
        trigger=EventTrigger(
            after={"prefect.flow-run.heartbeat"},
            expect={f"prefect.flow-run.{event}" for event in ("heartbeat", *ends)},
            match=ResourceSpecification({"prefect.resource.id": ["prefect.flow-run.*"]}),
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=timedelta(seconds=DEAD_AFTER_S),
        ),
        actions=[
            ChangeFlowRunState(
                name="Crashed",
                state=StateType.CRASHED,
                message="No heartbeat any more",
                force=False,
            )
        ],
    )
    await automation.acreate()


async def unwatch() -> None:
    """Remove that rule from the server, if it has it."""
    with contextlib.suppress(ValueError):
        automation = await Automation.aread(name=NAME)
        await automation.adelete()


if __name__ == "__main__":
    asyncio.run(watch())
