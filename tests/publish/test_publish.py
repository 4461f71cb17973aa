"""A reader never sees half a run: real processes that publish and read at the same time."""

import subprocess
import sys
import time

import duckdb
import pytest
from support import command, page, run_threadmill, surroundings

import threadmill
import threadmill.schema
from threadmill import settings
from threadmill.publish import snapshots

READER = """
import sys, time, duckdb, polars as pl
from pathlib import Path
processed, how, seconds = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])
runs, end = set(), time.monotonic() + seconds
while time.monotonic() < end:
    if how == "catalog":
        with duckdb.connect(str(processed / "threads.duckdb"), read_only=True) as con:
            words, run = con.execute(
                "select (select string_agg(distinct text) from comments where position = 0), run_id from runs"
            ).fetchall()[0]
            counted = con.execute("select sum(word_count) from comments").fetchall()[0][0]
    else:
        snapshot = (processed / "current").resolve()
        run = pl.read_parquet(snapshot / "runs.parquet")["run_id"][0]
        comments = pl.read_parquet(snapshot / "comments" / "part-*.parquet")
        words, counted = comments.filter(position=0)["text"][0], comments["word_count"].sum()
        assert run == snapshot.name, (run, snapshot)
    number = int(words.split()[-1].rstrip("."))
    # Both comments of a run carry its number, and the second has so many words.
    assert counted == 2 + 1 + number, (counted, number)
    runs.add(run)
print(len(runs))
"""
SECONDS = 12


def numbered(number):
    return page(first=f"Remark {number}.", second=" ".join(["word"] * (number + 1)))


def test_readers_see_whole_runs_while_runs_publish(tmp_path):
    raw = tmp_path / "raw" / "substack"
    raw.mkdir(parents=True)
    processed = tmp_path / "processed"
    (raw / "talk.txt").write_text(numbered(0), encoding="utf-8")
    threadmill.run(raw.parent, processed)
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", READER, str(processed), how, str(SECONDS)],
            env=surroundings(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for how in ("catalog", "parquet")
    ]  # fmt: skip
    number = 0
    while any(reader.poll() is None for reader in readers):
        number += 1
        (raw / "talk.txt").write_text(numbered(number), encoding="utf-8")
        assert threadmill.run(raw.parent, processed).is_new
    for reader in readers:
        out, error = reader.communicate(timeout=30)
        assert reader.returncode == 0, error
        assert int(out) > 1, "the reader saw a single run only"


HOLDER = """
import sys, time
from pathlib import Path
from threadmill.publish import locking, snapshots
with locking.lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_run_ends_at_once_with_exit_3(project):
    processed = project / "data" / "processed"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(processed)], env=surroundings(), stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout.readline() == b"held\n"
        second = run_threadmill("run", cwd=project)
        holder.kill()
    assert (second.returncode, second.stdout) == (3, "")
    assert f"another run writes here (process {holder.pid}" in second.stderr
    assert run_threadmill("run", cwd=project).returncode == 0


def test_a_killed_run_leaves_what_was_published(published_project):
    processed = published_project / "data" / "processed"
    before = (processed / "current").readlink()
    for delay in (0.6, 1.0, 1.3):
        run = subprocess.Popen(
            command("run", "--full"), cwd=published_project, env=surroundings(),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(delay)
        run.kill()
        run.wait()
        with threadmill.connect() as con:
            assert con.execute("select count(*) from comments").fetchall() == [(42,)]
    again = threadmill.run(full=True)
    left = {folder.name for folder in (processed / ".snapshots").iterdir()}
    assert again.run_id in left
    assert before.name in left
    assert all((processed / ".snapshots" / name / "manifest.json").is_file() for name in left)


def test_published_files_are_read_only_and_hard_links_where_nothing_changed(project):
    raw = project / "data" / "raw" / "substack"
    threadmill.run()
    first = snapshots.locate_current(project / "data" / "processed")
    (raw / "talk.txt").write_text(page(), encoding="utf-8")
    threadmill.run()
    second = snapshots.locate_current(project / "data" / "processed")
    old_part = next((first / "comments").iterdir())
    assert (second / "comments" / old_part.name).stat().st_ino == old_part.stat().st_ino
    assert all(path.stat().st_mode & 0o777 == 0o444 for path in second.rglob("*") if path.is_file())


def test_only_new_or_young_snapshots_are_kept(published_project):
    processed = published_project / "data" / "processed"
    for day in range(1, 6):
        old = processed / ".snapshots" / f"2020010{day}T000000000000Z-aaaa"
        old.mkdir()
        (old / "manifest.json").write_text("{}", encoding="utf-8")
    threadmill.run(full=True)
    left = sorted(folder.name for folder in (processed / ".snapshots").iterdir())
    assert len(left) == settings.SETTINGS["keep"].default
    assert left[0] == "20200105T000000000000Z-aaaa"


def test_the_catalog_has_a_comment_on_every_table_and_column(milled):
    with duckdb.connect(str(milled / "threads.duckdb"), read_only=True) as con:
        views = con.execute(
            "select view_name, comment from duckdb_views() where not internal"
        ).fetchall()
        columns = con.execute(
            "select table_name, column_name, data_type, comment from duckdb_columns() where not internal"
        ).fetchall()
    assert {name for name, _ in views} == set(threadmill.schema.TABLES)
    assert all(comment for _, comment in views)
    assert all(comment for *_, comment in columns)
    assert {(table, column): type_ for table, column, type_, _ in columns} == {
        (name, column): threadmill.schema.sql_type(column)
        for name, table in threadmill.schema.TABLES.items()
        for column in table.columns
    }


def test_the_datapackage_names_every_file(milled):
    import json

    package = json.loads((milled / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        paths = resource["path"] if isinstance(resource["path"], list) else [resource["path"]]
        assert paths
        assert all((milled / path).is_file() for path in paths), resource["name"]


@pytest.mark.parametrize("broken", ["{", "{}", '{"run_id": 1}'])
def test_an_unreadable_manifest_means_a_full_run(published_project, broken):
    manifest = snapshots.locate_current(published_project / "data" / "processed") / "manifest.json"
    manifest.chmod(0o644)
    manifest.write_text(broken, encoding="utf-8")
    assert threadmill.run().is_new
