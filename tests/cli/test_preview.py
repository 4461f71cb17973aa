"""`threadmill inspect` says what a file is taken for, and which lines it couldn't place."""

import pytest
import zstandard
from support import SAMPLE, contents, renderers, run_threadmill
from support.renderers import Said

from threadmill import sources
from threadmill.cli import preview
from threadmill.sources import examples


def test_the_sample_is_shown_as_a_tree(project):
    ended = run_threadmill("inspect", SAMPLE, cwd=project)
    assert ended.returncode == 0, ended.stderr
    assert "substack_avatar_page, 42 comments" in ended.stdout
    assert "0 not understood" in ended.stdout
    assert "\n 3    Gavin Giovannoni (host, reply" in ended.stdout


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
    assert "nothing marks where one comment ends" in ended.stderr


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


FORMATS = {
    form.name: source.platform for source in reversed(sources.SOURCES) for form in source.formats
}
"""Each `source_format` with its platform."""
COUNTS = {"substack_post_page": 2, "substack_empty_page": 0}
"""How many comments an example has, if not three."""


@pytest.mark.parametrize("format_", FORMATS)
def test_the_example_of_any_format_is_recognised_and_its_comments_are_found(tmp_path, format_):
    name = examples.list_examples()[format_]
    file = tmp_path / FORMATS[format_] / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(examples.read_example(name), encoding="utf-8")
    found = preview.inspect(file)
    assert found.source_format == format_
    assert len(found.comments) == COUNTS.get(format_, 3)
    assert found.thread_count == 1
    assert not found.rejects
    assert not found.differences


def test_every_example_is_of_a_format():
    assert set(examples.list_examples()) == set(FORMATS)


def test_the_platform_of_an_example_is_told_by_its_content():
    marked = [one for one in sources.SOURCES if one.marks]
    told = {
        form.name: sources.find_platform(examples.read_example(examples.list_examples()[form.name]))
        for source in marked
        for form in source.formats
    }
    assert told == {form.name: one.platform for one in marked for form in one.formats}


def test_an_example_is_printed_as_it_is_and_an_unknown_name_is_a_clear_error(project):
    shown = run_threadmill("formats", "--example", "disqus_xml", cwd=project)
    assert shown.stdout == examples.read_example("disqus_xml.xml")
    wrong = run_threadmill("formats", "--example", "disqus", cwd=project)
    assert (wrong.returncode, 'no format "disqus"' in wrong.stderr) == (2, True)


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
    said = 'threadmill: .: is a folder; give its files, as "./*"\n'
    assert (ended.returncode, ended.stderr) == (2, said)


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
