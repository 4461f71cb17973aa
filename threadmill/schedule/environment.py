"""Prefect's settings, applied before it is imported, and the folders the flow works on.

Importing this imports nothing of Prefect.
"""

import base64
import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from threadmill import paths
from threadmill.errors import RunFailed
from threadmill.schedule import secret
from threadmill.schedule.server import HOST_NAMES

ANSWER_TIMEOUT_S = 5
RAW, PROCESSED = "THREADMILL_RAW", "THREADMILL_PROCESSED"
"""The folders of a flow run, in the environment of whoever runs it; an API can't choose them."""
ON_FAILURE, ON_PUBLISH = "THREADMILL_ON_FAILURE", "THREADMILL_ON_PUBLISH"
"""Commands that a flow run runs when it has failed, and when it has published new tables."""
RUNNER = "THREADMILL_RUNNER"
"""The process id of the runner that `threadmill serve` started, for the flow runs that this one starts."""


def defaults() -> dict[str, str]:
    """Return our Prefect settings that the environment doesn't have; for it, before Prefect reads it."""
    ours = {
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        # A dead run is one that missed three of these.
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
        # In memory, a server started again has forgotten who holds the deployment's slot.
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
    }
    # Outside a project Prefect's own home serves.
    with contextlib.suppress(ValueError):
        ours["PREFECT_HOME"] = str(paths.home() / ".prefect")
    if auth := _auth():
        ours["PREFECT_API_AUTH_STRING"] = auth
    return {name: value for name, value in ours.items() if name not in os.environ}


def _auth() -> str | None:
    """Return what to sign in with at the API: what is set, or at a server on this machine the project's secret."""
    for name in ("PREFECT_API_AUTH_STRING", "PREFECT_SERVER_API_AUTH_STRING"):
        if auth := os.environ.get(name):
            return auth
    host = os.environ.get("PREFECT_API_URL", "").partition("://")[2].partition("/")[0]
    return secret.read() if host.partition(":")[0] in HOST_NAMES else None


def folders() -> tuple[Path, Path]:
    """Return the raw and the processed folder of a flow run: the environment's, else the project's.

    Raises:
        ValueError: there is no project.
    """
    from threadmill.publish import snapshots

    raw, processed = (os.environ.get(name) for name in (RAW, PROCESSED))
    return Path(raw) if raw else paths.home() / "data" / "raw", snapshots.locate_processed(
        processed
    )


@contextlib.contextmanager
def use_folders(raw: str | Path | None, processed: str | Path | None) -> Iterator[None]:
    """Let flow runs started within the block work on these folders; None leaves one as it is."""
    before = {name: os.environ.get(name) for name in (RAW, PROCESSED)}
    given = {RAW: raw, PROCESSED: processed}
    os.environ.update({name: str(Path(path).absolute()) for name, path in given.items() if path})
    try:
        yield
    finally:
        for name, path in before.items():
            os.environ.pop(name, None)
            if path is not None:
                os.environ[name] = path


def require_answer() -> None:
    """Return if the Prefect API that is configured answers, or none is.

    Raises:
        RunFailed: it doesn't, or refuses us.
    """
    api = os.environ.get("PREFECT_API_URL", "")
    if "@" in api.partition("://")[2].partition("/")[0]:
        # Not said: what stands before the @ is a secret.
        raise RunFailed(
            "PREFECT_API_URL: has a user or a password in it, which logs would show; "
            "PREFECT_API_AUTH_STRING is their place"
        )
    if api and (found := fault(api)):
        raise RunFailed(
            f"PREFECT_API_URL: {api} {found}; start that server, or unset the variable to run without it"
        )


def fault(api: str) -> str | None:
    """Return what keeps the Prefect API at `api` from serving us, None if nothing does."""
    if not api.startswith(("http://", "https://")):
        return "is no address; it looks like http://127.0.0.1:4200/api"
    from urllib.error import HTTPError

    try:
        _get(f"{api.rstrip('/')}/health")
        # Health is open to all; Prefect Cloud has no version.
        if not os.environ.get("PREFECT_API_KEY"):
            _get(f"{api.rstrip('/')}/admin/version")
    except HTTPError as error:
        if error.code in (401, 403):
            return "refuses us; PREFECT_API_AUTH_STRING must be what that server was started with"
        return f"is not a Prefect API that works (HTTP {error.code})"
    except (OSError, ValueError) as error:
        return f"does not answer ({getattr(error, 'reason', error)})"
    return None


def _get(url: str) -> None:
    # Of all who import this, few ask a server, and this one is the slowest import.
    from urllib.request import Request, urlopen

    request = Request(url)  # noqa: S310 # http(s): checked before
    if auth := _auth():
        token = base64.b64encode(auth.encode()).decode()
        request.add_header("Authorization", f"Basic {token}")
    with urlopen(request, timeout=ANSWER_TIMEOUT_S) as answer:  # noqa: S310
        answer.read()
