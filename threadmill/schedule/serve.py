"""`threadmill serve`: a Prefect server on this machine if none is configured, and the schedule's runner.

Three processes: this one waits; the server and the runner (`threadmill.schedule.runner`) are its children. If one of
them ends, so does all the rest, and systemd or a person starts `serve` again. Each child holds the read end of a pipe
and ends when we do, however we end: no orphans. Standard library only.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from threadmill.errors import Mistake, RunFailed
from threadmill.schedule import environment, secret, server
from threadmill.schedule.server import HOST

PORT = 4200
CRON = "0 * * * *"
INTERVAL_MIN_S = 10
START_TIMEOUT_S = 180
"""A server on a fresh home makes its database first: 25–45 s were measured on two busy cores."""
RUNNER_STOP_S = 30
SERVER_STOP_S = 15
POLL_S = 0.2
MISUSED = 2


def serve(
    raw: Path,
    processed: Path,
    *,
    cron: str | None = None,
    interval: float | None = None,
    port: int | None = None,
    on_failure: str | None = None,
    on_publish: str | None = None,
    fetch: bool = False,
    say: Callable[[str], None] = print,
) -> None:
    """Serve the deployment of the flow until Ctrl-C or SIGTERM.

    Args:
        raw: folder of the raw threads.
        processed: folder of the published tables.
        cron: when, in UTC; every hour if neither it nor `interval` is given.
        interval: seconds from start to start.
        port: of the server on this machine; 4200 if None.
        on_failure: a shell command to run when a run has failed.
        on_publish: a shell command to run when a run has published new tables.
        fetch: whether each run fetches first what is watched.
        say: prints a line.

    Raises:
        ValueError: the schedule or the port can't be, or there is a mistake in what is fetched; says why.
        RunFailed: the Prefect API doesn't answer, or the server or the runner ended.
    """
    # Here, because the server and the runner import this module too.
    from threadmill.pipeline import status

    _check(cron, interval, port)
    os.environ.update(environment.defaults())
    if fetch:
        _check_fetching(raw)
    plan: dict[str, Any] = {"cron": cron if cron or interval else CRON, "interval": interval}
    plan["fetches"] = fetch
    commands = {environment.ON_FAILURE: on_failure, environment.ON_PUBLISH: on_publish}
    os.environ.update({name: command for name, command in commands.items() if command})
    plan["has_own_server"] = not os.environ.get("PREFECT_API_URL")
    # As Ctrl-C does.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with (
            status.serving(processed),
            contextlib.ExitStack() as started,
            environment.use_folders(raw, processed),
        ):
            children: dict[str, subprocess.Popen[bytes]] = {}
            if os.environ.get("PREFECT_API_URL"):
                environment.require_answer()
            else:
                children["server"] = _start_server(port or PORT, started, say)
            api = os.environ["PREFECT_API_URL"]
            say(f"Prefect's UI: {os.environ.get('PREFECT_UI_URL') or api.removesuffix('/api')}")
            if os.environ.get("PREFECT_SERVER_API_AUTH_STRING") == secret.read():
                say(f"Sign in with what {secret.path()} holds")
            say("Stop with Ctrl-C")
            children["runner"] = started.enter_context(
                _child("runner", json.dumps(plan), RUNNER_STOP_S)
            )
            _wait(children)
    except KeyboardInterrupt:
        say("stopped")
    finally:
        signal.signal(signal.SIGTERM, before)


def _check(cron: str | None, interval: float | None, port: int | None) -> None:
    if cron and interval:
        raise Mistake("--cron, --interval: both are given; a schedule is one of them")
    if cron and len(cron.split()) != 5:  # minute, hour, day, month, weekday
        raise Mistake(f'--cron: "{cron}" does not have five fields; every hour is "{CRON}"')
    if interval is not None and interval < INTERVAL_MIN_S:
        raise Mistake(f"--interval: {interval:g} s; it must be at least {INTERVAL_MIN_S} s")
    if port and os.environ.get("PREFECT_API_URL"):
        raise Mistake(
            "--port: PREFECT_API_URL is set, so no server is started here; omit one of the two"
        )


def _check_fetching(raw: Path) -> None:
    """Raise `Mistake` if each run would: a setting is missing, or `watch.toml` has a mistake."""
    from threadmill.fetch import watch
    from threadmill.pipeline import fetching

    fetching.read_manners()
    watch.read_entries(watch.find_file(raw))


def _start_server(
    port: int, started: contextlib.ExitStack, say: Callable[[str], None]
) -> subprocess.Popen[bytes]:
    """Start the server, wait until it answers, and point the environment at it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise Mistake(
                f"--port: {port} is not available ({error.strerror}); choose another one, or set "
                f"PREFECT_API_URL=http://{HOST}:{port}/api if a Prefect server is there"
            ) from None
    os.environ["PREFECT_API_URL"] = api = f"http://{HOST}:{port}/api"
    os.environ.update(server.guard(port))
    started.callback(os.environ.pop, "PREFECT_API_URL")
    say("Starting a Prefect server (the first time up to a minute)")
    process = started.enter_context(_child("server", str(port), SERVER_STOP_S))
    end = time.monotonic() + START_TIMEOUT_S
    while fault := environment.fault(api):
        if process.poll() is not None or time.monotonic() > end:
            raise RunFailed(f"the Prefect server did not start: {fault}; its log is above")
        time.sleep(POLL_S)
    return process


def _wait(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Wait until a child ends, which none should.

    Raises:
        RunFailed: one did.
    """
    while True:
        for name, child in children.items():
            if child.poll() == MISUSED:
                # It has said why.
                raise SystemExit(MISUSED)
            if child.poll() is not None:
                raise RunFailed(f"the {name} ended with code {child.returncode}; its log is above")
        time.sleep(POLL_S)


@contextlib.contextmanager
def _child(name: str, argument: str, stop_s: float) -> Iterator[subprocess.Popen[bytes]]:
    """Run a child in a session of its own, where Ctrl-C reaches it only through us.

    At the end it has `stop_s` seconds to end; then it is killed with everything it started.
    """
    process = subprocess.Popen(  # noqa: S603 # our own module
        [sys.executable, "-P", "-m", "threadmill.schedule.serve", name, argument],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(stop_s)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def _end_with_parent(grace_s: float) -> None:
    """End this process when the other end of its standard input is gone; kill it after `grace_s`."""

    def watch() -> None:
        with contextlib.suppress(OSError):
            while os.read(0, 1):
                pass
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(grace_s)
        os.killpg(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


def _be(name: str, argument: str) -> Any:
    """Be the child `name`."""
    if name == "server":
        _end_with_parent(SERVER_STOP_S)
        return server.run(int(argument))
    _end_with_parent(RUNNER_STOP_S)
    os.environ[environment.RUNNER] = str(os.getpid())
    from threadmill.schedule import runner

    return runner.main(**json.loads(argument))


if __name__ == "__main__":
    _be(*sys.argv[1:])
