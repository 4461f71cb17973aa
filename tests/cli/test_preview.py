"""`threadmill inspect` says what a file is taken for, and which lines it couldn't place."""

import pytest
import zstandard
from support import SAMPLE, contents, renderers, run_threadmill
from support.renderers import Said

from threadmill import sources
from threadmill.cli import preview


def test_the_sample_is_shown_as_a_tree(project):
    ended = run_threadmill("inspect", SAMPLE, cwd=project)
    assert ended.returncode == 0, ended.stderr
    assert "substack_avatar_page, 42 comments" in ended.stdout
    assert "0 not understood" in ended.stdout
    assert "\n  Gavin Giovannoni (host, reply" in ended.stdout


def test_lines_that_were_not_understood_are_listed(project):
    file = project / "odd.txt"
    file.write_text(SAMPLE.read_text().replace("84 Comments", "84 Comments\nan odd line"))
    ended = run_threadmill("inspect", file, "--platform", "substack", cwd=project)
    assert "line 2: an odd line" in ended.stdout


def test_bodies_alone_are_refused_with_the_reason(project):
    file = project / "bodies.txt"
    file.write_text("Some words.\n\nSome other words.\n")
    ended = run_threadmill("inspect", file, "--platform", "substack", cwd=project)
    assert ended.returncode == 1
    assert "text without any mark between comments" in ended.stderr


def test_every_format_is_listed(project):
    ended = run_threadmill("formats", cwd=project)
    for source in sources.SOURCES:
        for name in (form.name for form in source.formats):
            assert name in ended.stdout


SAID = [
    Said(0, None, "Ada", "one word", 1_700_000_000, 3),
    Said(1, 0, "Bo", "two words", 1_700_000_060, 0),
    Said(2, None, "Cy", "three words here", 1_700_000_120, 1),
]


@pytest.mark.parametrize("format_", renderers.FORMATS)
def test_a_file_of_any_format_is_shown_as_a_tree(tmp_path, format_):
    platform, render, _, _ = renderers.FORMATS[format_]
    file = tmp_path / platform / f"a.{'ndjson' if format_ == 'reddit_dump_ndjson' else 'txt'}"
    file.parent.mkdir()
    file.write_text(render(SAID), encoding="utf-8")
    if format_ == "table":
        (file.parent / "columns.toml").write_text(renderers.MAPPING, encoding="utf-8")
    found = preview.inspect(file)
    assert found.source_format == format_
    shown = [
        (line.split(" (")[0], line.split(": ")[-1]) for line in preview.draw_tree(found.comments)
    ]
    if format_ == "fourchan_thread_json":
        shown = [(head, words.partition(" ")[2]) for head, words in shown]
    assert [words for _, words in shown] == ["one word", "two words", "three words here"]
    # Below a message of unknown place nothing has a depth.
    assert shown[1][0] == ("? Bo" if format_ == "telegram_export_json" else "  Bo")
    assert not found.rejects


def test_a_dump_shows_its_first_thread_and_what_cannot_be_read(project):
    file = project / "RC_1.ndjson"
    first = renderers.reddit_dump(SAID)
    other = first.replace("t3_post", "t3_other").replace('"c', '"d').replace("t1_c", "t1_d")
    file.write_text(f"{first}broken\n{other}", encoding="utf-8")
    ended = run_threadmill("inspect", file, "--platform", "reddit", cwd=project)
    assert ended.returncode == 0, ended.stderr
    assert "reddit_dump_ndjson, 2 threads, of which the first has 3 comments" in ended.stdout
    assert ended.stdout.count("one word") == 1
    assert "\nRejected:\n  line 4: not JSON" in ended.stdout


def test_a_platform_that_nothing_reads_is_named(project):
    file = project / "page.txt"
    file.write_text("Some words.\n")
    ended = run_threadmill("inspect", file, "--platform", "elsewhere", cwd=project)
    assert ended.returncode == 2
    assert "platform elsewhere isn't read; give --platform, one of" in ended.stderr


def test_a_folder_is_no_capture(project):
    ended = run_threadmill("add", ".", "--platform", "substack", cwd=project)
    assert (ended.returncode, ended.stderr) == (2, "threadmill: .: not a file\n")


@pytest.mark.parametrize("platform", ["../elsewhere", "a/b", "", ".", "..", ".hidden"])
def test_a_platform_is_the_name_of_a_folder(project, platform):
    before = contents(project.parent)
    for command in ("inspect", "add"):
        ended = run_threadmill(command, SAMPLE, "--platform", platform, cwd=project)
        assert (ended.returncode, ended.stdout) == (2, "")
        assert f"--platform: {platform!r} is no folder of data/raw" in ended.stderr
    assert contents(project.parent) == before


@pytest.mark.parametrize("command", ["inspect", "add"])
def test_a_file_that_no_run_reads_is_said_to_be_one(project, command):
    (project / "README.md").write_text("# A project\n", encoding="utf-8")
    ended = run_threadmill(command, "README.md", "--platform", "substack", cwd=project)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("threadmill: README.md: no run reads it; README files,")


def test_a_table_is_added_with_its_mapping(project):
    file = project / "export.csv"
    file.write_text(renderers.table_csv(SAID), encoding="utf-8")
    (project / "columns.toml").write_text(renderers.MAPPING, encoding="utf-8")
    ended = run_threadmill("add", file, "--platform", "forum", "--title", "A title", cwd=project)
    assert ended.returncode == 0, ended.stderr
    assert "export.csv: table, 3 comments" in ended.stdout
    folder = project / "data" / "raw" / "forum"
    assert {path.name for path in folder.iterdir()} == {
        "export.csv",
        "export.columns.toml",
        "export.toml",
    }
    assert (folder / "export.columns.toml").read_text(encoding="utf-8") == renderers.MAPPING


def test_a_packed_dump_is_added_though_a_line_is_broken(project):
    file = project / "RC_1.ndjson.zst"
    file.write_bytes(zstandard.compress((renderers.reddit_dump(SAID) + "broken\n").encode()))
    ended = run_threadmill("add", file, "--platform", "reddit", "--title", "A title", cwd=project)
    assert ended.returncode == 0, ended.stderr
    assert "3 comments, 1 place that can't be read" in ended.stdout
    assert (project / "data" / "raw" / "reddit" / "RC_1.toml").is_file()
