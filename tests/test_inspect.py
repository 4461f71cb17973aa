"""`threadmill inspect` says what a file is taken for, and which lines it couldn't place."""

from conftest import SAMPLE, threadmill

from flows import sources


def test_the_sample_is_shown_as_a_tree(project):
    ended = threadmill("inspect", SAMPLE, cwd=project)
    assert ended.returncode == 0, ended.stderr
    assert "substack_avatar_page, 42 comments" in ended.stdout
    assert "0 not understood" in ended.stdout
    assert "\n  Gavin Giovannoni (host, reply" in ended.stdout


def test_lines_that_were_not_understood_are_listed(project):
    file = project / "odd.txt"
    file.write_text(SAMPLE.read_text().replace("84 Comments", "84 Comments\nan odd line"))
    ended = threadmill("inspect", file, "--platform", "substack", cwd=project)
    assert "line 2: an odd line" in ended.stdout


def test_bodies_alone_are_refused_with_the_reason(project):
    file = project / "bodies.txt"
    file.write_text("Some words.\n\nSome other words.\n")
    ended = threadmill("inspect", file, "--platform", "substack", cwd=project)
    assert ended.returncode == 1
    assert "text without any mark between comments" in ended.stderr


def test_every_format_is_listed(project):
    ended = threadmill("formats", cwd=project)
    for source in sources.SOURCES:
        for name in source.formats:
            assert name in ended.stdout
