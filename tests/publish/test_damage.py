"""Damage is noticed, ends in a sentence, and the next run repairs it; clocks, links and kills do no harm."""

import json
import os
import shutil
import stat
from datetime import UTC, datetime, timedelta

import pytest
from support import run_threadmill

import threadmill
from threadmill import pipeline
from threadmill.pipeline import status
from threadmill.publish import snapshots
from threadmill.publish.damage import find_damage


@pytest.fixture
def processed(published_project):
    """What a run published."""
    return published_project / "data" / "processed"


def flip(path, place):
    """Change one byte of `path`, and neither its size nor its time."""
    kept = path.stat()
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.chmod(0o644)
    path.write_bytes(content)
    path.chmod(0o444)
    os.utime(path, ns=(kept.st_atime_ns, kept.st_mtime_ns))


@pytest.mark.parametrize("place", [0, 8, 4_096, -1, -100_000])
def test_a_flipped_byte_of_the_catalog_is_a_sentence_and_repaired(place, processed):
    flip(snapshots.locate_current(processed) / "threads.duckdb", place)
    try:
        threadmill.connect().close()
    except ValueError as error:
        assert "is damaged" in str(error)  # noqa: PT017 # some bytes matter to no reader
    assert threadmill.run().is_new
    assert threadmill.run().is_new is False
    with threadmill.connect() as con:
        assert con.execute("select count(*) from comments").fetchall() == [(42,)]


def test_check_finds_a_flipped_byte_of_a_table_and_the_next_run_repairs_it(processed):
    part = next((snapshots.locate_current(processed) / "comments").iterdir())
    flip(part, part.stat().st_size // 2)
    ended = run_threadmill("check", cwd=processed)
    assert ended.returncode == 1
    assert f"comments/{part.name}: has other bytes than were published" in ended.stderr
    assert "`threadmill run` repairs it" in ended.stderr
    assert threadmill.run().is_new
    assert find_damage(processed) == []
    assert threadmill.run().is_new is False


SHAPES = [
    "",
    "[]",
    "3",
    "null",
    '{"done": 3}',
    '{"done": {"at": 4}}',
    '{"begun": {"at": "x"}}',
    "[" * 9_999,
]


@pytest.mark.parametrize("text", SHAPES)
@pytest.mark.parametrize("name", [".runs.json", ".schedule.json", "manifest.json"])
def test_files_of_another_shape_are_no_traceback(name, text, processed):
    path = processed / name
    if name == "manifest.json":
        path = path.resolve()
        path.chmod(0o644)
    path.write_text(text, encoding="utf-8")
    status.lines(status.read(processed))
    assert threadmill.run().is_new == (name == "manifest.json")


@pytest.mark.parametrize("what", ["folder", "file", "gone", "loop", "elsewhere", "moved"])
def test_a_current_that_leads_nowhere_is_a_sentence_and_repaired(what, processed, tmp_path):
    current = processed / "current"
    if what == "moved":
        shutil.move(processed / ".snapshots", tmp_path / "moved")
    else:
        current.unlink()
    if what == "folder":
        current.mkdir()
        (current / "kept").touch()
    elif what == "file":
        current.touch()
    elif what == "loop":
        current.symlink_to("current")
    elif what == "elsewhere":
        current.symlink_to(tmp_path)
    with pytest.raises(ValueError, match=r"repairs it|does it"):
        threadmill.connect()
    status.lines(status.read(processed))
    assert threadmill.run().is_new
    assert threadmill.run().is_new is False
    assert len(list(processed.glob("current.moved-*"))) == (what in ("folder", "file"))


def test_a_clock_set_back_takes_nothing_from_readers(processed):
    first = snapshots.locate_current(processed)
    # What was published before the clock was set back by a year.
    future = f"{datetime.now(UTC) + timedelta(days=365):{snapshots.RUN_ID_TIME}}-aaaa"
    first.rename(first.parent / future)
    (processed / "current").unlink()
    (processed / "current").symlink_to(f".snapshots/{future}")
    assert threadmill.run().is_new
    assert (processed / ".snapshots" / future).is_dir()
    threadmill.run()
    newest = snapshots.list_snapshots(processed)
    assert [folder.name for folder in newest] == [snapshots.read_run_id(processed), future]
    number = json.loads((newest[0] / "manifest.json").read_bytes())["sequence"]
    assert number == json.loads((newest[1] / "manifest.json").read_bytes())["sequence"] + 1


def test_a_lock_that_is_a_link_empties_nothing(processed, tmp_path):
    target = tmp_path / "precious"
    target.write_text("words", encoding="utf-8")
    (processed / ".lock").unlink()
    (processed / ".lock").symlink_to(target)
    ended = run_threadmill("run", cwd=processed)
    assert ended.returncode == 1
    assert ".lock: isn't a file; remove it" in ended.stderr
    assert target.read_text(encoding="utf-8") == "words"


def test_published_files_honour_the_umask(project):
    before = os.umask(0o077)
    try:
        done = pipeline.run()
    finally:
        os.umask(before)
    snapshot = snapshots.locate_current(done.processed)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in snapshot.rglob("*") if path.is_file()}
    assert modes == {0o400}


def test_what_a_kill_left_half_written_goes_with_the_next_run(processed):
    left = processed / ".runs.json.99999999.abcd"
    left.touch()
    ours = processed / f".schedule.json.{os.getpid()}.abcd"
    ours.touch()
    assert threadmill.run().is_new is False
    assert not left.exists()
    assert ours.exists()
