"""`threadmill prune` drops what nobody reads any more, says so, and touches nothing else."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from support import contents, run_threadmill

import threadmill
from threadmill.publish import locking, snapshots

OLD = [f"2020010{day}T000000000000Z-aaaa" for day in range(1, 6)]


@pytest.fixture
def processed(published_project):
    """What a run published, with five snapshots of 2020 beside it."""
    done = published_project / "data" / "processed"
    for name in OLD:
        make(done, name)
    return done


def make(processed, name, size=4_096):
    """Make a snapshot of one file of `size` bytes."""
    folder = processed / ".snapshots" / name
    folder.mkdir()
    (folder / "manifest.json").write_bytes(b" " * size)
    return folder


def left(processed):
    return sorted(folder.name for folder in (processed / ".snapshots").iterdir())


def test_the_newest_three_stay_and_it_says_what_went(processed):
    current = snapshots.locate_current(processed)
    before = contents(current)
    ended = run_threadmill("prune", cwd=processed)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert left(processed) == [*OLD[-2:], current.name]
    assert ended.stdout.splitlines()[-1].startswith("3 dropped, 3 left, ")
    assert [line.split()[0] for line in ended.stdout.splitlines()[:-1]] == left(processed)[::-1]
    assert contents(current) == before


def test_what_is_current_stays_however_old(processed):
    names = [f"2099010{day}T000000000000Z-bbbb" for day in range(1, 5)]
    for name in names:
        make(processed, name)
    old = snapshots.locate_current(processed)
    oldest = old.with_name("20190101T000000000000Z-cccc")
    old.rename(oldest)
    link = processed / snapshots.CURRENT
    link.unlink()
    link.symlink_to(os.path.relpath(oldest, processed))
    assert run_threadmill("prune", cwd=processed).returncode == 0
    # Those of 2099 are younger than a day.
    assert left(processed) == [oldest.name, *names]


def test_what_is_younger_than_a_day_stays(processed):
    hours = [datetime.now(UTC) - timedelta(hours=hour) for hour in (20, 21, 22, 23, 25)]
    names = [f"{moment:%Y%m%dT%H%M%S}000000Z-dddd" for moment in hours]
    for name in names:
        make(processed, name)
    ended = run_threadmill("prune", cwd=processed)
    assert ended.stdout.splitlines()[-1].startswith("6 dropped, 5 left, ")
    current = snapshots.locate_current(processed).name
    assert left(processed) == sorted([*names[:4], current])


def test_a_file_that_snapshots_share_counts_once(processed):
    newest = make(processed, "20990101T000000000000Z-eeee", size=300_000)
    older = make(processed, "20980101T000000000000Z-eeee")
    os.link(newest / "manifest.json", older / "comments.parquet")
    lines = run_threadmill("prune", cwd=processed).stdout.splitlines()
    sizes = {line.split()[0]: line.split()[1:3] for line in lines}
    # Without a sequence number they are older than what is current.
    assert sizes[newest.name] == ["0.3", "MB"]
    assert sizes[older.name] == ["0.0", "MB"]


def test_a_run_that_writes_is_not_disturbed(processed):
    with locking.lock(processed):
        ended = run_threadmill("prune", cwd=processed)
    assert ended.returncode == 3
    assert "another run writes here" in ended.stderr
    assert len(left(processed)) == 6


def test_where_nothing_is_published_nothing_is_dropped(project):
    ended = run_threadmill("prune", cwd=project)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert len(ended.stderr.splitlines()) == 1


def test_a_run_with_nothing_new_drops_them_too(processed):
    assert threadmill.run().is_new is False
    assert len(left(processed)) == 3


def test_the_settings_say_how_many_stay(processed, published_project):
    (published_project / "threadmill.toml").write_text("keep = 4\n", encoding="utf-8")
    threadmill.run()
    assert left(processed)[:-1] == OLD[-3:]


def test_the_oldest_go_while_all_are_too_large_however_young(processed, published_project):
    current = snapshots.locate_current(processed)
    size = snapshots.measure_disk_use([current])[0]
    now = datetime.now(UTC) - timedelta(hours=1)
    young = [f"{now + timedelta(seconds=n):{snapshots.RUN_ID_TIME}}-cccc" for n in range(4)]
    for name in young:
        make(processed, name, size)
    (published_project / "threadmill.toml").write_text(
        "keep = 1\nkeep_size = 3.5\n", encoding="utf-8"
    )
    threadmill.run()
    assert left(processed) == [*young[-2:], current.name]


def test_prune_leaves_as_many_as_it_is_told(processed):
    current = snapshots.locate_current(processed)
    threadmill.run(full=True)
    ended = run_threadmill("prune", "--keep", "1", cwd=processed)
    assert ended.returncode == 0, ended.stderr
    assert left(processed) == [snapshots.read_run_id(processed)]
    assert not current.exists()
