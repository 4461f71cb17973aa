"""A project to try things in, and the sample as published."""

import os
import shutil

import pytest
from hypothesis import settings
from support import CHECKOUT, chromium

from threadmill import pipeline

# The same examples each time: a suite that fails by chance says nothing of the change. `make test-slow` draws anew.
settings.register_profile("steady", derandomize=True)
settings.register_profile("many", max_examples=500, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


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


@pytest.fixture(scope="session")
def _published(tmp_path_factory):
    """A project whose sample is published, and a copy to restore it from: a catalog names its own place."""
    folder = tmp_path_factory.mktemp("published") / "project"
    shutil.copytree(CHECKOUT / "data" / "raw", folder / "data" / "raw")
    pipeline.run(folder / "data" / "raw", folder / "data" / "processed")
    copy = folder.with_name("copy")
    shutil.copytree(folder, copy, symlinks=True)
    return folder, copy


@pytest.fixture
def published_project(_published, monkeypatch):
    """The project that `project` gives, after a run."""
    folder, copy = _published
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(copy, folder, symlinks=True)
    monkeypatch.chdir(folder)
    monkeypatch.delenv("THREADMILL_HOME", raising=False)
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    return folder


@pytest.fixture(scope="module")
def browser():
    """A Chromium without a window."""
    with chromium.launch() as found:
        yield found


@pytest.fixture(scope="session")
def milled(tmp_path_factory):
    """The processed folder of the published sample. Only read it."""
    processed = tmp_path_factory.mktemp("milled") / "processed"
    pipeline.run(CHECKOUT / "data" / "raw", processed)
    return processed
