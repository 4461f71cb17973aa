"""What queries spill is private, and goes with the connection or with the next one."""

import stat
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest
from support import surroundings

import threadmill
from threadmill.publish import spill


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    """The folder of temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def test_each_connection_spills_to_a_private_folder_that_goes_with_it(milled, temporary):
    asked = "select current_setting('temp_directory')"
    with threadmill.connect(milled) as one, threadmill.connect(milled) as other:
        folders = [Path(con.execute(asked).fetchall()[0][0]) for con in (one, other)]
        assert folders[0] != folders[1]
        assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}
        assert {folder.parent for folder in folders} == {temporary}
        cursor = one.cursor()
        one.close()
        assert folders[0].is_dir()
        cursor.close()
        assert not folders[0].exists()
    assert not list(temporary.iterdir())


def test_a_link_of_others_in_its_place_is_left_alone(milled, temporary, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").touch()
    for name in ("threadmill-spill", f"{spill.PREFIX}theirs"):
        (temporary / name).symlink_to(elsewhere)
    with threadmill.connect(milled) as con:
        con.execute("select 1")
    assert (elsewhere / "kept").exists()
    assert len(list(temporary.iterdir())) == 2


def test_what_a_killed_process_left_goes_with_the_next(milled, temporary):
    code = (
        "import os, signal, threadmill\n"
        f"con = threadmill.connect({str(milled)!r})\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", code], env=surroundings(), check=False)
    assert killed.returncode == -9
    left = list(temporary.iterdir())
    assert len(left) == 1
    with threadmill.connect(milled):
        assert not left[0].exists()


def test_a_run_removes_it_too_but_none_in_use(project, temporary):
    abandoned = Path(tempfile.mkdtemp(prefix=spill.PREFIX))
    used = spill.Spill()
    threadmill.run()
    assert not abandoned.exists()
    assert used.folder.is_dir()
    used.remove()
    assert not list(temporary.iterdir())


def test_a_folder_is_not_taken_for_abandoned_while_it_is_made(temporary):
    ended = threading.Event()

    def remove():
        while not ended.is_set():
            spill.remove_abandoned()

    removing = threading.Thread(target=remove)
    removing.start()
    try:
        made = [spill.Spill() for _ in range(300)]
    finally:
        ended.set()
        removing.join()
    assert all(one.folder.is_dir() for one in made)
    for one in made:
        one.remove()
