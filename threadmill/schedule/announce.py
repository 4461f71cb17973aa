"""Announce how a flow run ended: by a command of the user's, and by an event in Prefect."""

import os
import re
import subprocess
from collections.abc import Mapping
from typing import Any

from prefect import get_run_logger
from prefect.assets import Asset, AssetProperties
from prefect.events import emit_event
from prefect.logging import get_logger

from threadmill import pipeline, schema
from threadmill.schedule import environment
from threadmill.schema.base import Table

EVENT = "threadmill.published"
COMMAND_TIMEOUT_S = 300
_NOT_IN_KEYS = re.compile(r"[^\w.-]+", re.ASCII)
COUNTS = ("threads", "comments", "rejects")


def list_assets(project: str, declared: Mapping[str, Table] = schema.TABLES) -> list[Asset]:
    """Return the tables of `project` that are `declared` as Prefect's assets, `threadmill://<project>/<table>`."""
    place = _NOT_IN_KEYS.sub("-", project)
    return [
        Asset(
            key=f"threadmill://{place}/{name}",
            properties=AssetProperties(name=f"{place}: {name}", description=table.meaning),
        )
        for name, table in declared.items()
    ]


def published(done: pipeline.Summary) -> None:
    """Tell that a run has published new tables."""
    counts = {name: done.figures[name] for name in COUNTS if name in done.figures}
    emit_event(
        EVENT,
        resource={
            "prefect.resource.id": f"threadmill.tables.{done.processed}",
            "prefect.resource.name": str(done.processed),
        },
        payload={"run_id": done.run_id, "documents_read": done.documents_read} | counts,
    )
    about = {"THREADMILL_RUN_ID": done.run_id, "THREADMILL_PROCESSED": str(done.processed)}
    _run(environment.ON_PUBLISH, about, get_run_logger())


def failed(flow: Any, flow_run: Any, state: Any) -> None:  # noqa: ARG001 # Prefect wants these names
    """Tell that a run failed or crashed: a hook of the flow. The message holds no value of the data."""
    about = {"THREADMILL_MESSAGE": f"{flow_run.name}: {state.message or state.name}"}
    _run(environment.ON_FAILURE, about, get_logger("announce"))


def _run(name: str, about: dict[str, str], logger: Any) -> None:
    """Run the command that the environment holds under `name`; what becomes of it doesn't change the run."""
    command = os.environ.get(name)
    if not command:
        return
    try:
        ended = subprocess.run(  # noqa: S602 # the user's own command, as in a crontab
            command, shell=True, env=os.environ | about, timeout=COMMAND_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        logger.warning("%s: %s", name, type(error).__name__)
        return
    if ended.returncode:
        logger.warning("%s: the command ended with code %d", name, ended.returncode)
