"""A server of sites on loopback, a project that watches them, and invented threads."""

import json
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from support import CHECKOUT
from threadmill.fetch.client import Manners
from threadmill.pipeline import fetching

BEGAN = 1_767_225_600  # 2026-01-01
AGENT = "threadmill/test (+nobody@example.org)"


class Sites:
    """The server of `support.sites`, and what it was asked."""

    def __init__(self, folder, process, port):
        self.folder, self.process = folder, process
        self.host = f"127.0.0.1:{port}"
        self.base = f"http://{self.host}"

    def serve(self, *threads, **more):
        """Let the sites have `threads` from now on, and forget what was asked."""
        part = self.folder / "state.part"
        part.write_text(json.dumps({"threads": threads} | more))
        part.rename(self.folder / "state.json")
        (self.folder / "requests.ndjson").write_text("")

    def requests(self):
        lines = (self.folder / "requests.ndjson").read_text().splitlines()
        return [json.loads(line) for line in lines]

    def paths(self):
        return [one["path"] for one in self.requests()]


class Watched:
    """A project whose `watch.toml` a test writes, with a clock that a test moves."""

    def __init__(self, folder):
        self.folder = folder
        self.raw = folder / "data" / "raw"
        self.raw.mkdir(parents=True)
        self.now = datetime(2026, 1, 1, 5, 30, tzinfo=UTC)
        self.manners = Manners(
            AGENT,
            delay_s=0,
            backoff_s=0.01,
            patience_s=3,
            idle_s=5,
            private_hosts=frozenset(["127.0.0.1"]),
        )

    def watch(self, *entries):
        lines = []
        for entry in entries:
            lines += [
                "[[watch]]",
                *(f"{key} = {json.dumps(value)}" for key, value in entry.items()),
            ]
        (self.folder / "data" / "watch.toml").write_text("\n".join(lines))

    def fetch(self, days=0, **more):
        """What came of a fetch, `days` after the last."""
        self.now += timedelta(days=days)
        return fetching.fetch(
            self.raw, more.pop("manners", self.manners), now=lambda: self.now, **more
        )

    def outcomes(self, days=0, **more):
        return [one.outcome for one in self.fetch(days, **more).fetches]

    def files(self):
        found = (path for path in self.raw.rglob("*") if path.is_file())
        return sorted(path.relative_to(self.raw).as_posix() for path in found)


def make_thread(number=1, count=3, **more):
    """A thread in which every third comment answers the one before."""
    comments = [
        {
            "id": number * 10_000 + place + 1,
            "parent": number * 10_000 + place if place % 3 == 2 else None,
            "by": ("ada", "bo", "cleo", "dov")[place % 4],
            "text": f"Comment number {place} on mills and their stones.",
            "at": BEGAN + 3_600 * (place + 1),
        }
        for place in range(count)
    ]
    thread = {
        "id": number,
        "title": f"Mills {number}",
        "by": "host",
        "at": BEGAN,
        "comments": comments,
    }
    return thread | more


@pytest.fixture(scope="module")
def sites(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sites")
    script = CHECKOUT / "tests" / "support" / "sites.py"
    process = subprocess.Popen([sys.executable, str(script), str(folder)])
    end = time.monotonic() + 20
    while not (folder / "port").exists():
        assert process.poll() is None
        assert time.monotonic() < end
        time.sleep(0.01)
    yield Sites(folder, process, (folder / "port").read_text())
    process.kill()
    process.wait()


@pytest.fixture
def watched(tmp_path):
    return Watched(tmp_path / "project")


@pytest.fixture(scope="module")
def watched_once(tmp_path_factory):
    return Watched(tmp_path_factory.mktemp("watched") / "project")
