"""The notebook runs from top to bottom on what is published, without a browser."""

import importlib.util
import shutil
import subprocess
import sys

import pytest
from support import CHECKOUT, surroundings

import threadmill

NOTEBOOK = CHECKOUT / "notebooks" / "explore.py"


@pytest.fixture
def published(project):
    threadmill.run()
    return project


def cells():
    """Run the notebook and return what its cells define, by name."""
    spec = importlib.util.spec_from_file_location("explore", NOTEBOOK)
    notebook = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(notebook)
    _, found = notebook.app.run()
    return found


def test_every_cell_gives_what_the_tables_hold(published):
    found = cells()
    assert found["thread"].value == "substack:ms-lazarus-effect"
    assert found["capture"]["captured_share"].to_list() == [0.5]
    assert found["comments"].height == 42
    replies = threadmill.connect().execute("select count(*) from replies").fetchall()[0]
    assert (found["comments"]["confidence"].count(),) == replies
    assert found["topics"]["label"][0] == "Epstein–Barr virus"
    assert found["answer"].height == 10


def test_it_runs_where_there_is_no_thread(project):
    shutil.rmtree(project / "data" / "raw" / "substack")
    threadmill.run()
    found = cells()
    assert found["thread"].value is None
    assert found["capture"].is_empty()


def test_it_exports_as_a_page(published, tmp_path):
    page = tmp_path / "explore.html"
    ended = subprocess.run(
        [sys.executable, "-m", "marimo", "export", "html", NOTEBOOK, "-o", page],
        cwd=published,
        env=surroundings(XDG_STATE_HOME=str(tmp_path), XDG_CONFIG_HOME=str(tmp_path)),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert "substack:ms-lazarus-effect (42)" in page.read_text(encoding="utf-8")


def test_marimo_finds_no_fault_in_it():
    ended = subprocess.run(
        [sys.executable, "-m", "marimo", "check", "--strict", NOTEBOOK],
        env=surroundings(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
