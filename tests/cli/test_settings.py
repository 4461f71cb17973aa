"""Settings: a flag wins over a variable, that over threadmill.toml, that over the default."""

import os

import pytest
from support import run_threadmill

import threadmill
from threadmill import settings


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch):
    for one in settings.SETTINGS.values():
        monkeypatch.delenv(one.variable, raising=False)


def write(project, text):
    (project / settings.FILE).write_text(text, encoding="utf-8")


def test_flag_wins_over_variable_over_file_over_default(project, monkeypatch):
    assert settings.choose("keep") == (3, "default")
    write(project, "keep = 5\n")
    assert settings.choose("keep") == (5, "threadmill.toml")
    monkeypatch.setenv("THREADMILL_KEEP", "7")
    assert settings.choose("keep") == (7, "THREADMILL_KEEP")
    assert settings.choose("keep", 9) == (9, "flag")


def test_the_command_shows_each_with_its_origin(project):
    write(project, 'memory = "1GB"\n')
    shown = run_threadmill("settings", cwd=project, THREADMILL_JOBS="2").stdout
    rows = {
        line.split("│")[1].strip(): line.split("│") for line in shown.splitlines() if "│" in line
    }
    said = {name: [cell.strip() for cell in row[2:4]] for name, row in rows.items()}
    fetching = [name for name in said if name.startswith("fetch_")]
    for name in ("store", "keys", "profile", "retain", "publish", *fetching):
        assert said.pop(name)[1] == f"default (THREADMILL_{name.upper()} sets it)"
    assert said == {
        "keep": ["3", "default (THREADMILL_KEEP sets it)"],
        "keep_size": ["4", "default (THREADMILL_KEEP_SIZE sets it)"],
        "jobs": ["2", "THREADMILL_JOBS"],
        "memory": ["1GB", "threadmill.toml"],
    }


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("kep = 3", 'threadmill.toml: key "kep" is not known; did you mean "keep"?'),
        ("colour = 3", 'key "colour" is not known; `threadmill settings` lists them'),
        ("jobs = 0", "threadmill.toml: jobs 0 is not a whole number from 1 up"),
        ("jobs = true", "threadmill.toml: jobs True is not a whole number from 1 up"),
        ('jobs = "many"', "threadmill.toml: jobs 'many' is not a whole number from 1 up"),
        ("keep_size = 0.5", "threadmill.toml: keep_size 0.5 is not a number from 1 up"),
        ("keep_size = nan", "threadmill.toml: keep_size nan is not a number from 1 up"),
        ('memory = "-1GB"', "threadmill.toml: memory '-1GB' is no amount; write it as 4GB or 50%"),
        ("jobs = ", "threadmill.toml: not valid TOML"),
    ],
)
def test_a_wrong_file_is_refused_in_one_sentence(text, sentence, project):
    write(project, text)
    for command in ("run", "settings"):
        ended = run_threadmill(command, cwd=project)
        assert (ended.returncode, ended.stdout) == (2, "")
        assert sentence in ended.stderr
        assert ended.stderr.count("\n") == 1
    assert not (project / "data" / "processed").exists()


def test_a_wrong_variable_is_refused(project):
    ended = run_threadmill("settings", cwd=project, THREADMILL_JOBS="two")
    assert ended.returncode == 2
    assert "THREADMILL_JOBS: 'two' is not a whole number from 1 up" in ended.stderr


def test_init_writes_a_file_that_sets_nothing_and_names_all(tmp_path, monkeypatch):
    run_threadmill("init", "new", cwd=tmp_path)
    monkeypatch.chdir(tmp_path / "new")
    text = (tmp_path / "new" / settings.FILE).read_text(encoding="utf-8")
    assert settings.read_file() == {}
    every = "\n".join(line.removeprefix("# ") for line in text.splitlines() if " = " in line)
    write(tmp_path / "new", every)
    assert settings.read_file().keys() == settings.SETTINGS.keys()


def test_a_run_uses_as_many_jobs_as_the_file_says(project, monkeypatch):
    write(project, "jobs = 1\n")
    for name in ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "ARROW_IO_THREADS"):
        # So that they are as before when the test has ended.
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    threadmill.run()
    assert os.environ["POLARS_MAX_THREADS"] == "1"
