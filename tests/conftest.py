"""A project to try things in, and the sample as published."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

import threadmill
from threadmill import pipeline

# The same examples each time: a suite that fails by chance says nothing of the change. `make test-slow` draws anew.
settings.register_profile("steady", derandomize=True)
settings.register_profile("many", max_examples=500, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

CHECKOUT = Path(__file__).parent.parent
SAMPLE = CHECKOUT / "data" / "raw" / "substack" / "ms-lazarus-effect.txt"
DUCKDB = Path(sys.executable).with_name("duckdb")
"""DuckDB's own command line, of the version that constraints.txt pins."""

PAGE = """2 Comments
User's avatar
Ada Quill's avatar

{first}

Expand full comment
Bo's avatar
Mar 3

{second}

Expand full comment
"""


def pytest_addoption(parser):
    parser.addoption("--bless", action="store_true", help="Rewrite expectations; read the diff.")


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project of its own with the sample thread in it, and the current folder."""
    folder = tmp_path / "project"
    shutil.copytree(CHECKOUT / "data" / "raw", folder / "data" / "raw")
    monkeypatch.chdir(folder)
    monkeypatch.delenv("THREADMILL_HOME", raising=False)
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    return folder


@pytest.fixture(scope="module")
def browser():
    """A Chromium without a window. Skips where there is none, but not in CI."""
    from playwright.sync_api import sync_playwright

    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None and not os.environ.get("CI"):
        pytest.skip("no chromium on the PATH; `apt-get install chromium`, or brew install chromium")
    with sync_playwright() as playwright:
        # Chromium's own sandbox needs rights that a container has not.
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def milled(tmp_path_factory):
    """The processed folder of the published sample. Only read it."""
    processed = tmp_path_factory.mktemp("milled") / "processed"
    pipeline.run(CHECKOUT / "data" / "raw", processed)
    return processed


def page(first="A first remark.", second="An answer to it."):
    """Return a copied page of two comments."""
    return PAGE.format(first=first, second=second)


def command(*arguments):
    """Return the command line that runs `threadmill` in a process of its own."""
    return [sys.executable, "-m", "threadmill.cli", *map(str, arguments)]


def run_threadmill(*arguments, cwd, **environment):
    """Run `threadmill` in a process of its own and return it when it has ended."""
    return subprocess.run(
        command(*arguments),
        cwd=cwd,
        env=surroundings(**environment),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def loaded_by(*arguments, of, cwd):
    """Return which of the modules `of` are loaded once `threadmill` has done what `arguments` say, and its output."""
    code = (
        f"import sys; sys.argv = {['threadmill', *map(str, arguments)]!r}\n"
        "from threadmill import cli\n"
        "try: cli.main()\n"
        "except SystemExit: pass\n"
        f"print(*({set(of)!r} & sys.modules.keys()))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        cwd=cwd,
        env=surroundings(),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    *said, loaded = ended.stdout.splitlines()
    return set(loaded.split()), "\n".join(said)


def surroundings(**environment):
    """Return an environment in which `threadmill` is this one, whatever the current folder."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("PREFECT_")}
    return inherited | {"PYTHONPATH": str(Path(threadmill.__file__).parent.parent)} | environment


def contents(folder):
    """Return the bytes of every file below `folder` by its path, and the target of every link."""
    return {
        path.relative_to(folder).as_posix(): str(path.readlink())
        if path.is_symlink()
        else path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }
