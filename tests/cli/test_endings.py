"""How commands end where the machine refuses something: one sentence, the right exit code, nothing half written."""

import os
import shlex
import signal
import subprocess
import time

import pytest
from support import command, contents, surroundings

import threadmill
from threadmill.storage import beside

COUNTING = "select count(*) from range(1000000000000) where hash(range) = 1"


def shell(line, cwd, *arguments):
    """Run `threadmill` by a shell's `line`, in which `$0` is it with its `arguments`."""
    whole = line.replace("$0", shlex.join(command(*arguments)))
    return subprocess.run(
        ["/bin/sh", "-c", whole], cwd=cwd, env=surroundings(), capture_output=True, timeout=60,
        check=False,
    )  # fmt: skip


NO_ROOM = b"threadmill: standard input or output: No space left on device\n"


@pytest.mark.parametrize(
    ("line", "arguments", "code", "said"),
    [
        ("$0 > /dev/full", ["tables"], 1, NO_ROOM),
        ("$0 > /dev/full", ["sql", "from comments", "--format", "csv"], 1, NO_ROOM),
        ("$0 > /dev/full", ["status", "--json"], 1, NO_ROOM),
        ("$0 >&-", ["tables"], 0, b""),
        ("$0 <&-", ["sql"], 2, b"threadmill: query: 0 statements; give one SELECT at a time\n"),
        ("mkdir gone && cd gone && rmdir ../gone && $0", ["tables"], 1,
         b"threadmill: the current folder is gone; change to another\n"),
        ("$0 $(printf '\\377')", ["sql"], 2,
         b"threadmill: query: isn't UTF-8; the terminal may have another encoding\n"),
    ],
)  # fmt: skip
def test_what_the_machine_refuses_is_one_sentence(project, milled, line, arguments, code, said):
    own = [] if "gone" in line else ["--processed", str(milled)]
    ended = shell(line, project, *arguments[:1], *own, *arguments[1:])
    assert (ended.returncode, ended.stderr) == (code, said)


def test_ctrl_c_stops_a_query(milled):
    with subprocess.Popen(
        command("sql", COUNTING, "--processed", str(milled)),
        env=surroundings(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as asked:  # fmt: skip
        while len(os.listdir(f"/proc/{asked.pid}/task")) < 8:  # noqa: PTH208 # until DuckDB works
            time.sleep(0.1)
        time.sleep(1)
        asked.send_signal(signal.SIGINT)
        out, error = asked.communicate(timeout=30)
    assert (asked.returncode, out, error) == (130, b"", b"threadmill: interrupted\n")


def test_a_table_ends_where_nothing_more_is_shown(milled, tmp_path):
    asked = ["sql", "select range from range(1000000000000)", "--processed", str(milled)]
    ended = shell("$0", tmp_path, *asked)
    assert ended.returncode == 0
    assert ended.stderr == b"the first 100 rows; --format csv prints all\n"


SMALL = "ulimit -f 4; $0"
"""No file gets larger than 2 KB."""


def test_a_report_that_cannot_be_written_leaves_the_old_one(milled, tmp_path):
    own = ["--processed", str(milled)]
    (tmp_path / "report.html").write_text("the old one", encoding="utf-8")
    (tmp_path / "link.html").symlink_to("report.html")
    before = contents(tmp_path)
    for name in ("report.html", "link.html", "new.html"):
        ended = shell(SMALL, tmp_path, "report", "--out", name, *own)
        assert (ended.returncode, ended.stderr.count(b"\n")) == (1, 1)
        assert contents(tmp_path) == before
    assert shell("$0", tmp_path, "report", "--out", "link.html", *own).returncode == 0
    assert (tmp_path / "link.html").is_symlink()
    assert "</html>" in (tmp_path / "report.html").read_text(encoding="utf-8")
    ended = shell("$0 | tail -n 1", tmp_path, "report", "--out", "/dev/stdout", *own)
    assert b"/dev/stdout: " in ended.stdout


@pytest.mark.parametrize("form", ["csv", "graphml", "convokit"])
def test_an_export_that_cannot_be_written_leaves_nothing(milled, tmp_path, form):
    (tmp_path / "empty").mkdir()
    for folder in ("empty", "new/folder"):
        ended = shell(
            SMALL, tmp_path, "export", folder, "--format", form, "--processed", str(milled)
        )
        assert (ended.returncode, ended.stderr.count(b"\n")) == (1, 1)
        assert contents(tmp_path) == {}
    assert (tmp_path / "empty").is_dir()
    assert not (tmp_path / "new" / "folder").exists()


def test_a_file_that_is_replaced_keeps_its_rights(tmp_path):
    path = tmp_path / "report.html"
    path.touch(mode=0o600)
    with beside.replacing(path) as new:
        new.write_text("words", encoding="utf-8")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text(encoding="utf-8") == "words"


@pytest.mark.parametrize(
    ("raw", "processed", "said"),
    [
        ("data/raw", "data/raw", "is in the raw folder"),
        ("data/raw", "data/raw/substack/out", "is in the raw folder"),
        ("link", "data/raw/out", "is in the raw folder"),
        ("data/raw", "link/out", "is in the raw folder"),
        ("out/.snapshots/raw", "out", "is in a folder of snapshots"),
        ("out/current", "out", "is in a folder of snapshots"),
    ],
)
def test_tables_among_raw_threads_are_refused_and_raw_threads_among_snapshots(
    project, raw, processed, said
):
    (project / "link").symlink_to("data/raw")
    (project / "out" / ".snapshots" / "raw").mkdir(parents=True)
    (project / "out" / "current").mkdir()
    before = contents(project)
    with pytest.raises(ValueError, match=said):
        threadmill.run(raw, processed)
    assert contents(project) == before
