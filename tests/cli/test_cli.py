"""The command line in processes of its own: exit codes, one sentence for a mistake, no traceback."""

import json
import os
import subprocess

import pytest
from support import SAMPLE, command, loaded_by, page, run_threadmill, surroundings

import threadmill


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["sql", "select 1", "--processed", "empty"], 2, "nothing is published here yet"),
        (["describe", "comments", "--processed", "empty"], 2, "nothing is published here yet"),
        (
            ["run", "--raw", "nowhere"],
            1,
            "not a folder; raw threads lie in <raw>/<platform>/<thread>.txt",
        ),
        (["run", "--jobs", "0"], 2, "Invalid value for '--jobs'"),
        (["run", "--jsn"], 2, "No such option"),
        (["serve", "--port", "99999"], 2, "Invalid value for '--port'"),
        (["add", "nowhere.txt", "--platform", "substack"], 2, "nowhere.txt: not a file"),
    ],
)
def test_a_mistake_gets_a_sentence_and_an_exit_code(project, arguments, code, sentence):
    ended = run_threadmill(*arguments, cwd=project)
    assert ended.returncode == code
    assert sentence in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_command_whose_extra_is_missing_says_which(project):
    threadmill.run(project / "data" / "raw", project / "data" / "processed")
    absent = project.parent / "absent" / "vl_convert"
    absent.mkdir(parents=True)
    (absent / "__init__.py").write_text("raise ModuleNotFoundError(name='vl_convert')\n", "utf-8")
    ended = run_threadmill("report", cwd=project, PYTHONPATH=str(absent.parent))
    assert ended.returncode == 2
    assert "need the extra `report`: pip install 'threadmill[report]'" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (project / "report.html").exists()


def test_outside_a_project_it_says_what_to_do(tmp_path):
    ended = run_threadmill("run", cwd=tmp_path)
    assert ended.returncode == 2
    assert "no data/raw here or above; make that folder" in ended.stderr


def test_outside_a_project_it_mills_between_the_folders_given(project, tmp_path):
    places = ("--raw", project / "data" / "raw", "--processed", tmp_path / "some tables")
    for times in ((), (), ("--full",)):
        ended = run_threadmill("run", *places, *times, cwd=tmp_path)
        assert ended.returncode == 0, ended.stderr
    assert "threadmill report --processed 'some tables'\n" in ended.stdout
    asked = run_threadmill("sql", "--processed", "some tables", "from threads", cwd=tmp_path)
    assert asked.returncode == 0, asked.stderr


def test_threadmill_home_names_the_project(project, tmp_path):
    ended = run_threadmill("run", cwd=tmp_path, THREADMILL_HOME=str(project))
    assert ended.returncode == 0, ended.stderr
    assert (project / "data" / "processed" / "threads.duckdb").is_file()


def test_run_ends_with_a_summary_and_what_to_try_next(project):
    ended = run_threadmill("run", cwd=project)
    for words in (
        "42 by 21 authors",
        "inferred",
        "42 of the 84 comments declared (50%)",
        "disease 34",
        "Next",
    ):
        assert words in ended.stdout
    commands = [line.strip() for line in ended.stdout.partition("Next\n")[2].splitlines()]
    assert len(commands) == 3
    assert all(command.startswith("threadmill ") for command in commands)


def test_a_table_shows_words_as_they_were_written(published_project):
    shown = run_threadmill(
        "sql", "select ':smile: [b]so[/b]' as said", cwd=published_project
    ).stdout
    assert ":smile: [b]so[/b]" in shown


@pytest.mark.parametrize(
    "arguments",
    [("sql", "select 1", "--format", "csv"), ("sql", "select 1"), ("tables",), ("run",)],
)
def test_a_reader_that_has_left_gets_no_complaint(published_project, arguments):
    read, write = os.pipe()
    os.close(read)
    ended = subprocess.run(
        command(*arguments),
        cwd=published_project,
        env=surroundings(),
        stdout=write,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(write)
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_run_json_is_json(project):
    said = json.loads(run_threadmill("run", "--json", cwd=project).stdout)
    assert said["is_new"] is True
    assert said["figures"]["comments"] == 42


def test_run_without_an_api_never_imports_prefect_nor_anything_heavy_when_nothing_is_new(
    published_project,
):
    heavy = {"prefect", "polars", "duckdb", "pyarrow"}
    loaded, said = loaded_by("run", of=heavy, cwd=published_project)
    assert "nothing new" in said
    assert loaded == set()


def test_a_first_run_imports_nothing_heavy_that_it_can_do_without(project):
    heavy = {"prefect", "pandas", "pyarrow.compute", "pyarrow.dataset", "jinja2"}
    loaded, said = loaded_by("run", of=heavy, cwd=project)
    assert "read 1 document" in said
    assert loaded == set()


def test_tables_describe_and_check_speak_of_what_is_published(published_project):
    assert "comment_engagement" in run_threadmill("tables", cwd=published_project).stdout
    assert (
        "Comment replied to."
        in run_threadmill("describe", "comments", cwd=published_project).stdout
    )
    wrong = run_threadmill("describe", "coments", cwd=published_project)
    assert (wrong.returncode, wrong.stderr) == (
        2,
        "threadmill: table coments is not published; did you mean comments?\n",
    )
    assert "checks, all hold" in run_threadmill("check", cwd=published_project).stdout


def test_add_brings_a_file_in_with_its_sidecar(project):
    (project / "talk.txt").write_text(page(), encoding="utf-8")
    said = run_threadmill(
        "add", "talk.txt", "--platform", "substack", "--url", "https://quill.example/p/talk",
        "--host", 'Ada "Q" Quill', "--captured-at", "2026-03-05T10:00:00Z", cwd=project,
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
    assert "substack_avatar_page, 2 comments" in said.stdout
    threadmill.run()
    with threadmill.connect() as con:
        dated = con.execute(
            "select created_on, is_created_resolved from comments where author_name = 'Bo'"
        )
        assert [(str(day), resolved) for day, resolved in dated.fetchall()] == [
            ("2026-03-03", True)
        ]
        thread = con.execute(
            "select host_name, publication from threads where url is not null"
        ).fetchall()
    assert thread == [('Ada "Q" Quill', "quill.example")]


@pytest.mark.parametrize(
    ("words", "options", "sentence"),
    [
        ("Just an essay.\n", [], "nothing marks where one comment ends"),
        ("", [], "the file is empty"),
        (page(), ["--url", "quill.example"], "an address starts with https://"),
        (page(), ["--captured-at", "yesterday"], "yesterday is no time"),
        (page(), ["--captured-at", "2026-01-05"], "write it as 2026-01-05T12:00:00Z"),
    ],
)
def test_add_refuses_what_a_run_would_reject(project, words, options, sentence):
    (project / "talk.txt").write_text(words, encoding="utf-8")
    ended = run_threadmill("add", "talk.txt", "--platform", "substack", *options, cwd=project)
    assert ended.returncode == 2
    assert sentence in ended.stderr
    assert not list((project / "data" / "raw" / "substack").glob("talk*"))


def test_add_never_overwrites(project):
    ended = run_threadmill("add", SAMPLE, "--platform", "substack", cwd=project)
    assert ended.returncode == 2
    assert "ms-lazarus-effect.txt: already added, with the same bytes" in ended.stderr


def test_version_and_help():
    from typer.testing import CliRunner

    from threadmill.cli import app

    assert CliRunner().invoke(app, ["--version"]).output == f"threadmill {threadmill.__version__}\n"
    text = CliRunner().invoke(app, ["--help"]).output
    for name in ("run", "sql", "tables", "describe", "check", "add"):
        assert name in text


def test_a_folder_that_cannot_be_made_is_said_in_a_sentence(published_project):
    (published_project / "taken").write_text("a file", encoding="utf-8")
    ended = run_threadmill("export", "taken/new", "--format", "csv", cwd=published_project)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == "threadmill: taken/new: Not a directory\n"


@pytest.mark.parametrize("size", ["nan", "inf", "0", "10,-1"])
def test_a_size_that_cannot_be_is_refused(project, size):
    ended = run_threadmill("bench", "--mb", size, cwd=project)
    assert ended.returncode == 2
    assert ended.stderr == f"threadmill: --mb: {size!r} has a size that can't be; write 10,100\n"
