"""`threadmill serve`: a Prefect server on this machine if none is configured, and the schedule's runner.

Three processes: this one watches, the server and the runner (`threadmill.schedule.runner`) are its children and
are started again when they end. Each child holds the read end of a pipe and ends when we do, however we
end: no orphans. Standard library only; `settings` and `require_answer` are for the other entries as well.
"""

import base64
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from threadmill import paths
from threadmill.errors import RunFailed

HOST = "127.0.0.1"
PORT = 4200
CRON = "0 * * * *"
INTERVAL_MIN_S = 10
ANSWER_TIMEOUT_S = 5
START_TIMEOUT_S = 180
"""A server on a fresh home makes its database first: 25–45 s were measured on two busy cores."""
RUNNER_STOP_S = 30
SERVER_STOP_S = 15
RESTART_S = (1, 5, 15, 60)
"""Pauses before a child is started again; the last one from then on."""
STEADY_S = 300
"""A child that lived so long starts again after the first pause."""
POLL_S = 0.2
MISUSED = 2
RUNNER = "THREADMILL_RUNNER"
"""The runner's process id, for the flow runs it starts."""


def settings() -> dict[str, str]:
    """Return the Prefect settings of ours that the environment doesn't have yet."""
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
    if auth := os.environ.get("PREFECT_SERVER_API_AUTH_STRING"):
        ours["PREFECT_API_AUTH_STRING"] = auth
    return {name: value for name, value in ours.items() if name not in os.environ}


def require_answer() -> None:
    """Return if the Prefect API that is configured answers, or none is.

    Raises:
        threadmill.errors.RunFailed: it doesn't, or refuses us.
    """
    api = os.environ.get("PREFECT_API_URL", "")
    if "@" in api.partition("://")[2].partition("/")[0]:
        # Not said: what stands before the @ is a secret.
        raise RunFailed(
            "PREFECT_API_URL: has a user or a password in it, which logs would show; "
            "PREFECT_API_AUTH_STRING is their place"
        )
    if api and (fault := _fault(api)):
        raise RunFailed(
            f"PREFECT_API_URL: {api} {fault}; start that server, or unset the variable to run without it"
        )


def _fault(api: str) -> str | None:
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
            return "refuses us; PREFECT_API_AUTH_STRING must be the server's auth string"
        return f"is not a Prefect API that works (HTTP {error.code})"
    except (OSError, ValueError) as error:
        return f"does not answer ({getattr(error, 'reason', error)})"
    return None


def _get(url: str) -> None:
    # Of all who import this, few ask a server, and this one is the slowest import.
    from urllib.request import Request, urlopen

    request = Request(url)  # noqa: S310 # http(s): checked before
    auth = os.environ.get("PREFECT_API_AUTH_STRING")
    if auth:
        token = base64.b64encode(auth.encode()).decode()
        request.add_header("Authorization", f"Basic {token}")
    with urlopen(request, timeout=ANSWER_TIMEOUT_S) as answer:  # noqa: S310
        answer.read()


def serve(
    raw: Path,
    processed: Path,
    *,
    cron: str | None = None,
    interval: float | None = None,
    port: int | None = None,
    say: Callable[[str], None] = print,
) -> None:
    """Serve the deployment `refresh/nightly` until Ctrl-C or SIGTERM.

    Args:
        raw: folder of the raw threads.
        processed: folder of the published tables.
        cron: when, in UTC; every hour if neither it nor `interval` is given.
        interval: seconds from start to start.
        port: of the server on this machine; 4200 if None.
        say: prints a line.

    Raises:
        ValueError: the schedule or the port can't be; says why.
        threadmill.errors.RunFailed: the Prefect API that is configured doesn't answer, or ours doesn't start.
    """
    _check(cron, interval, port)
    os.environ.update(settings())
    plan = {"raw": str(raw), "processed": str(processed), "interval": interval}
    plan["cron"] = cron if cron or interval else CRON
    with _Stop() as stop:
        children: list[_Child] = []
        try:
            if os.environ.get("PREFECT_API_URL"):
                require_answer()
            else:
                children.append(_start_server(port or PORT, say, stop))
            api = os.environ["PREFECT_API_URL"]
            say(f"Prefect's UI: {os.environ.get('PREFECT_UI_URL') or api.removesuffix('/api')}")
            say("Stop with Ctrl-C")
            children.append(_Child("runner", [json.dumps(plan)], RUNNER_STOP_S))
            _watch(children, say, stop)
        finally:
            for child in reversed(children):
                child.stop()
            if children:
                say("stopped")


def _check(cron: str | None, interval: float | None, port: int | None) -> None:
    if cron and interval:
        raise ValueError("--cron, --interval: both are given; a schedule is one of them")
    if cron and len(cron.split()) != 5:  # minute, hour, day, month, weekday
        raise ValueError(f'--cron: "{cron}" has not five fields; every hour is "{CRON}"')
    if interval is not None and interval < INTERVAL_MIN_S:
        raise ValueError(f"--interval: {interval:g} s; at least {INTERVAL_MIN_S} s are needed")
    if port and os.environ.get("PREFECT_API_URL"):
        raise ValueError(
            "--port: PREFECT_API_URL is set, so no server is started here; leave one of them away"
        )


def _start_server(port: int, say: Callable[[str], None], stop: "_Stop") -> "_Child":
    """Start the server, wait until it answers, and point the environment at it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise ValueError(
                f"--port: {port} can't be had ({error.strerror}); take another one, or set "
                f"PREFECT_API_URL=http://{HOST}:{port}/api if a Prefect server is there"
            ) from None
    os.environ["PREFECT_API_URL"] = f"http://{HOST}:{port}/api"
    say("Starting a Prefect server (the first time up to a minute)")
    server = _Child("server", [str(port)], SERVER_STOP_S)
    end = time.monotonic() + START_TIMEOUT_S
    while fault := _fault(os.environ["PREFECT_API_URL"]):
        if server.process.poll() is not None or time.monotonic() > end or stop.is_asked:
            server.stop()
            if stop.is_asked:
                raise KeyboardInterrupt
            raise RunFailed(f"the Prefect server did not start: {fault}; its log is above")
        time.sleep(POLL_S)
    return server


def _watch(children: list["_Child"], say: Callable[[str], None], stop: "_Stop") -> None:
    """Start children again that end, until told to stop."""
    while not stop.is_asked:
        for child in children:
            code = child.process.poll()
            if code is None:
                continue
            if child.name == "runner" and code == MISUSED:
                raise SystemExit(MISUSED)
            pause_s = child.pause_s()
            say(f"the {child.name} ended ({code}); starting it again in {pause_s} s")
            if stop.wait(pause_s):
                return
            child.start()
        stop.wait(POLL_S)


class _Stop:
    """Whether Ctrl-C or SIGTERM asked us to stop."""

    def __enter__(self) -> Self:
        self.is_asked = False
        self.before = {
            number: signal.signal(number, self._ask) for number in (signal.SIGINT, signal.SIGTERM)
        }
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self.before.items():
            signal.signal(number, handler)

    def _ask(self, _number: int, _frame: object) -> None:
        self.is_asked = True

    def wait(self, seconds: float) -> bool:
        """Return whether it was asked within `seconds`."""
        end = time.monotonic() + seconds
        while not self.is_asked and time.monotonic() < end:
            time.sleep(min(POLL_S, seconds))
        return self.is_asked


class _Child:
    """A child process in a session of its own: Ctrl-C reaches it only through us."""

    def __init__(self, name: str, arguments: list[str], stop_s: float) -> None:
        self.name, self.arguments, self.stop_s = name, arguments, stop_s
        self.restarts = 0
        self.start()

    def start(self) -> None:
        """Start it."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 # our own module
            [sys.executable, "-m", "threadmill.schedule.serve", self.name, *self.arguments],
            stdin=subprocess.PIPE,
            start_new_session=True,
            env=os.environ | {"PREFECT__SERVER_FINAL": "1"} if self.name == "server" else None,
        )

    def pause_s(self) -> int:
        """Return how long to wait before the next start."""
        if time.monotonic() - self.started > STEADY_S:
            self.restarts = 0
        self.restarts += 1
        return RESTART_S[min(self.restarts, len(RESTART_S)) - 1]

    def stop(self) -> None:
        """End it, and everything it started; gently for `stop_s` seconds."""
        if self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(self.stop_s)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        if self.process.stdin:
            self.process.stdin.close()


def _end_with_parent(grace_s: float) -> None:
    """End this process when the other end of its standard input is gone; hard after `grace_s`."""

    def watch() -> None:
        with contextlib.suppress(OSError):
            while os.read(0, 1):
                pass
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(grace_s)
        os.killpg(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


def _child(name: str, argument: str) -> Any:
    """Be the child `name`."""
    if name == "server":
        _end_with_parent(SERVER_STOP_S)
        import uvicorn

        return uvicorn.run(
            "prefect.server.api.server:create_app",
            factory=True,
            host=HOST,
            port=int(argument),
            log_level="warning",
            timeout_graceful_shutdown=5,
        )
    _end_with_parent(RUNNER_STOP_S)
    os.environ[RUNNER] = str(os.getpid())
    from threadmill.schedule import runner

    return runner.main(**json.loads(argument))


if __name__ == "__main__":
    _child(*sys.argv[1:])
