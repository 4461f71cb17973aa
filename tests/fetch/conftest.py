"""Sites on loopback, and projects that watch them."""

import subprocess
import sys
import time

import pytest
from support import CHECKOUT
from support.watched import Sites, Watched


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
