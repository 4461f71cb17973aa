"""The first minutes: where one stands, how to begin, and what was probably meant."""

import json
import os
import sys
import time
from pathlib import Path

import pytest
from support import SAMPLE, contents, loaded_by, run_threadmill

from threadmill.cli import project as projects


def stand(folder):
    ended = run_threadmill(cwd=folder)
    assert (ended.returncode, ended.stderr) == (0, "")
    said, _, steps = ended.stdout.partition("\nNext\n")
    return said, [line.split("  ")[1].strip() for line in steps.splitlines()]


def test_in_an_empty_folder_it_says_how_to_begin(tmp_path):
    said, steps = stand(tmp_path)
    assert f"none: no data/raw in {tmp_path}" in said
    assert steps[0] == "threadmill init DIR"
    assert not list(tmp_path.iterdir())


def test_with_raw_threads_it_says_run(project):
    said, steps = stand(project)
    assert "2 files" in said
    assert steps == ["threadmill run", "threadmill --help"]


def test_when_all_is_published_it_says_look(published_project):
    said, steps = stand(published_project)
    assert "1 document published, nothing new" in said
    assert "1 thread, 42 comments, 0 rejects" in said
    assert steps[:3] == ["threadmill report", "threadmill sql", "threadmill tables"]


def test_what_is_new_since_the_run_is_counted(published_project):
    other = published_project / "data" / "raw" / "substack" / "other.txt"
    other.write_bytes(SAMPLE.read_bytes())
    said, steps = stand(published_project)
    assert "1 document published, 1 new, changed or gone since" in said
    assert steps[0] == "threadmill run"


def test_a_touched_file_is_not_new(published_project):
    sample = published_project / "data" / "raw" / "substack" / SAMPLE.name
    os.utime(sample, (time.time() + 9, time.time() + 9))
    assert "nothing new" in stand(published_project)[0]


def test_where_one_stands_needs_nothing_heavy(published_project):
    heavy = {"prefect", "polars", "duckdb", "pyarrow", "jinja2", "prompt_toolkit"}
    loaded, said = loaded_by(of=heavy, cwd=published_project)
    assert "nothing new" in said
    assert loaded == set()


def test_a_failed_run_is_said(published_project):
    (published_project / "data" / "raw" / "substack" / "empty.txt").touch()
    assert run_threadmill("run", "--strict", cwd=published_project).returncode == 1
    said, steps = stand(published_project)
    assert "--strict allows none" in said
    assert steps[0] == "threadmill run"


def test_a_home_that_is_none_is_one_sentence(tmp_path):
    ended = run_threadmill(cwd=tmp_path, THREADMILL_HOME=str(tmp_path / "gone"))
    assert ended.returncode == 2
    assert ended.stderr.startswith("threadmill: THREADMILL_HOME: ")


def test_a_new_project_takes_threads_and_runs(tmp_path):
    assert run_threadmill("init", "mine", cwd=tmp_path).returncode == 0
    home = tmp_path / "mine"
    given = [f"data/vocabulary/{name}" for name in projects.GIVEN_VOCABULARY]
    assert sorted(contents(home)) == sorted(
        [
            *(
                ".gitignore",
                "data/raw/README.md",
                "data/watch.toml",
                "prefect.yaml",
                "threadmill.toml",
                *given,
            ),
            *(f"systemd/{unit}" for unit in projects.UNITS),
        ]
    )
    unit = (home / "systemd" / "threadmill.service").read_text(encoding="utf-8")
    assert (
        f"\nWorkingDirectory={home}\nExecStart={Path(sys.executable).parent}/threadmill serve"
        in unit
    )
    assert "/srv/threadmill" not in unit
    assert stand(home)[1][0] == "threadmill add PAGE.txt --platform substack --host NAME"
    added = run_threadmill(
        "add", SAMPLE, "--platform", "substack", "--host", "Gavin Giovannoni", cwd=home
    )
    assert added.returncode == 0, added.stderr
    said = json.loads(run_threadmill("run", "--json", cwd=home).stdout)
    assert said["figures"]["comments"] == 42
    # Of the packs that come along it has everyday words and topics of any thread, not those of another field.
    checked = run_threadmill("vocabulary", "check", cwd=home).stdout
    assert checked.startswith("generic 3: ")
    assert checked.endswith("generic: 7 topics with 381 terms\n")
    assert checked.count("\n") == 2


def test_the_example_has_talk_to_look_at(tmp_path):
    projects.begin(tmp_path / "mine", True)
    said = json.loads(run_threadmill("run", "--json", cwd=tmp_path / "mine").stdout)
    assert said["figures"]["comments"] == said["figures"]["declared"] == 9
    assert said["figures"]["replies"] >= 4
    assert said["figures"]["rejects"] == said["figures"]["unrecognised_lines"] == 0


def test_a_project_is_not_begun_twice(project):
    before = contents(project)
    ended = run_threadmill("init", ".", cwd=project)
    assert ended.returncode == 2
    assert ended.stderr == "threadmill: .: is a project already; it has data/raw\n"
    assert contents(project) == before


def test_own_files_stay(tmp_path):
    (tmp_path / ".gitignore").write_text("mine\n", encoding="utf-8")
    projects.begin(tmp_path, False)
    assert (tmp_path / ".gitignore").read_text(encoding="utf-8") == "mine\n"


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [
        (["rum"], "Did you mean 'run'?"),
        (["reprot"], "'report'"),
        (["topics", "ft"], "Did you mean 'fit'?"),
        (["run", "--jsn"], "--json"),
        (["report", "--thred", "x"], "--thread"),
        (["sql", "select 1", "--format", "jsn"], "'json'"),
    ],
)
def test_what_was_probably_meant_is_said(tmp_path, arguments, meant):
    ended = run_threadmill(*arguments, cwd=tmp_path)
    assert ended.returncode == 2
    assert meant in ended.stderr
