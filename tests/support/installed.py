"""Threadmill as others get it: built as a wheel, installed in an environment of its own."""

import os
import subprocess
import sys
from pathlib import Path

from support import CHECKOUT


def run(*words, cwd):
    """Run a command outside the checkout and return what it prints; it must succeed."""
    clean = {
        key: value
        for key, value in os.environ.items()
        if key != "PYTHONPATH" and not key.startswith("PREFECT_")
    }
    ended = subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env=clean,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def build(folder: Path) -> Path:
    """Return the wheel of the checkout, built in `folder`."""
    run(
        sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation",
        "--wheel-dir", folder, CHECKOUT, cwd=folder,
    )  # fmt: skip
    (wheel,) = folder.glob("threadmill-*.whl")
    return wheel


def install(wheel: Path, environment: Path) -> Path:
    """Install `wheel` with its pinned dependencies in a new environment; return its folder of commands."""
    run(sys.executable, "-m", "venv", environment, cwd=wheel.parent)
    commands = environment / "bin"
    pins = CHECKOUT / "constraints.txt"
    what = f"{wheel}[report]"
    run(commands / "pip", "install", "--quiet", "--constraint", pins, what, cwd=wheel.parent)
    return commands
