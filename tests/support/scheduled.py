"""A project whose schedule runs in real processes on loopback."""

import base64
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import threadmill
from threadmill.pipeline import status
from threadmill.publish import snapshots

ROOT = Path(__file__).parents[2]
MARK = "THREADMILL_TEST"
INTERVAL_S = 15
START_S = 240
SOON_S = 150


def wait(what: str, seconds: float, found: Callable[[], Any]) -> Any:
    """Return the first true result of `found`; fail after `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if result := found():
            return result
        time.sleep(0.05)
    pytest.fail(f"not within {seconds} s: {what}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Project:
    """A project with the sample thread, and the processes that were started for it."""

    def __init__(self, folder: Path, python: str | None = None) -> None:
        """Make it; `python` is of an environment with Threadmill installed, if not the checkout's."""
        self.folder, self.python = folder, python or sys.executable
        self.raw, self.processed = folder / "data" / "raw", folder / "data" / "processed"
        shutil.copytree(ROOT / "data" / "raw", self.raw)
        self.port = free_port()
        self.mark = f"{MARK}={folder}"
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith("PREFECT")
        }
        self.environment.pop("PYTHONPATH", None)
        self.environment[MARK] = str(folder)
        if python is None:
            self.environment["PYTHONPATH"] = str(Path(threadmill.__file__).parents[1])
        self.log = folder / "log.txt"

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                command, cwd=self.folder, env=self.environment, stdout=log, stderr=log
            )

    @property
    def command(self) -> list[str]:
        return [self.python, "-P", "-m", "threadmill.cli"]

    def serve(self, *more: str) -> subprocess.Popen[bytes]:
        schedule = ("--interval", str(INTERVAL_S), "--port", str(self.port))
        return self.start(*self.command, "serve", *(more or schedule))

    def run_threadmill(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self.command, *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def add(self, name: str) -> None:
        """Add a thread: the sample under another name."""
        text = (self.raw / "substack" / "ms-lazarus-effect.txt").read_bytes()
        (self.raw / "substack" / f"{name}.txt").write_bytes(text)

    def threads(self) -> int:
        published = snapshots.read_current(self.processed)
        return published.summary["threads"] if published else 0

    def begun(self) -> int:
        """Return the process of the run that is on, 0 if none is."""
        with contextlib.suppress(OSError, ValueError, KeyError):
            return int(json.loads((self.processed / status.RUNS).read_text())["begun"]["pid"])
        return 0

    def processes(self) -> dict[int, str]:
        """Return the living processes of this project with their command lines."""
        found = {}
        for folder in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if (
                    folder.name.isdigit()
                    and self.mark.encode() in (folder / "environ").read_bytes()
                ):
                    command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                    if command:
                        found[int(folder.name)] = command
        return found

    def child(self, name: str) -> int:
        """Return the process of the server or the runner."""
        pattern = f" -m threadmill.schedule.serve {name} "
        return next((pid for pid, line in self.processes().items() if pattern in line), 0)

    def ask(self, path: str, body: object = None, **headers: str) -> Any:
        """Return what the server answers to us, who know its secret.

        Raises:
            urllib.error.HTTPError: it refuses.
        """
        secret = self.folder / ".prefect" / "secret"
        if secret.exists():
            token = base64.b64encode(secret.read_bytes().strip()).decode()
            headers = {"Authorization": f"Basic {token}"} | headers
        if body is not None:
            headers |= {"Prefect-Csrf-Client": "test", "Content-Type": "application/json"}
            headers["Prefect-Csrf-Token"] = self.csrf(headers)
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers=headers,
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def csrf(self, headers: dict[str, str]) -> str:
        """Return a CSRF token; an empty one of a server that wants none."""
        url = f"http://127.0.0.1:{self.port}/api/csrf-token?client=test"
        request = urllib.request.Request(url, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return str(json.load(answer)["token"])
        except urllib.error.HTTPError as error:
            if error.code != 422:
                raise
            return ""

    def api(self, path: str, body: object = None) -> Any:
        """Return what the server answers, an empty list as long as it doesn't."""
        with contextlib.suppress(OSError):
            return self.ask(path, body)
        return []

    def runs(self, state: str) -> list[str]:
        """Return the names of the flow runs in `state`."""
        body = {"flow_runs": {"state": {"type": {"any_": [state]}}}}
        return [run["name"] for run in self.api("flow_runs/filter", body)]

    def slots(self) -> list[int]:
        found = self.api("v2/concurrency_limits/filter", {})
        return [limit["active_slots"] for limit in found]

    def is_whole(self) -> bool:
        """Whether what is published is complete, if anything is."""
        return not (self.processed / "current").exists() or bool(
            snapshots.read_current(self.processed)
        )

    def kill_all(self) -> None:
        """Kill what is left of its processes, and print its log."""
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if self.log.exists():
            sys.stdout.write(self.log.read_text(errors="replace"))
