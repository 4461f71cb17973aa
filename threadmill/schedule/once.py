"""Run the flow once, from this process: `threadmill run` against an API, and `python -m threadmill.flows.refresh`."""

import os
from pathlib import Path
from typing import Any, cast

from threadmill.schedule import environment

# Before Prefect reads its settings; what the user sets stays.
os.environ.update(environment.defaults())

import httpx
from prefect.exceptions import CancelledRun, PrefectException

from threadmill import pipeline
from threadmill.errors import Locked, RunFailed
from threadmill.flows import refresh as flow_module

EPHEMERAL = "ephemeral Prefect API server"
"""What Prefect calls its temporary server when that doesn't start."""


def run(
    raw: str | Path | None = None,
    processed: str | Path | None = None,
    *,
    jobs: int | None = None,
    full: bool = False,
    strict: bool = False,
) -> pipeline.Summary:
    """Run the flow once, here and now, and return what `pipeline.run` returns.

    The configured Prefect API records it, or a temporary server of Prefect's own if none is configured.

    Raises:
        ValueError: a folder or a sidecar is wrong.
        Locked: another run writes there.
        RunFailed: it published nothing, or the Prefect API doesn't answer.
    """
    environment.require_answer()
    flow_module.published.clear()
    try:
        with environment.use_folders(raw, processed):
            result: Any = flow_module.refresh(jobs=jobs, full=full, strict=strict)
    except CancelledRun as error:
        raise Locked(str(error)) from None
    except RuntimeError as error:
        if EPHEMERAL not in str(error):
            raise
        # Prefect has imported this when it started one. It would try again until it is stopped, and its log would
        # come after our own words.
        from prefect.server.api.server import SubprocessASGIServer

        SubprocessASGIServer().stop()
        raise RunFailed(
            "Prefect's temporary server did not start; its log is above, and PREFECT_API_URL names another"
        ) from None
    except TimeoutError as error:
        raise RunFailed(f"it took too long: {error}; nothing was published") from None
    except (httpx.HTTPError, PrefectException) as error:
        if flow_module.published:
            # The API went away after the tables were published.
            return flow_module.published[-1]
        where = os.environ.get("PREFECT_API_URL", "Prefect's temporary server")
        raise RunFailed(
            f"{where}: {type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}; "
            "the Prefect API must answer during the whole run, `threadmill status` says what is published"
        ) from None
    return cast("pipeline.Summary", result)
