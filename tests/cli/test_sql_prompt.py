"""`threadmill sql` without a query, in a terminal of its own."""

import contextlib
import os
import pty
import re
import select
import subprocess
import time

import pytest
from prompt_toolkit.document import Document
from support import command, run_threadmill, surroundings

from threadmill.cli import prompt
from threadmill.publish import catalog

PATIENCE_S = 60
_STEERING = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b[=>]|\r")


class Terminal:
    """A person at `threadmill sql`."""

    def __init__(self, milled, home):
        self.own, theirs = pty.openpty()
        self.seen = ""
        self.process = subprocess.Popen(
            command("sql", "--processed", milled),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=home,
            env=surroundings(
                HOME=str(home), TERM="xterm", PROMPT_TOOLKIT_NO_CPR="1", COLUMNS="120", LINES="40"
            ),
            start_new_session=True,
        )
        os.close(theirs)

    def type(self, keys):
        os.write(self.own, keys.encode())

    def ask(self, line, answer):
        """Type `line`, Enter, and wait for `answer`."""
        self.type(f"{line}\r")
        self.wait_for(answer)

    def wait_for(self, words):
        """Read until `words` come, and return what came up to their end."""
        end = time.monotonic() + PATIENCE_S
        while words not in self.seen:
            assert time.monotonic() < end, f"{words!r} did not come: {self.seen!r}"
            if select.select([self.own], [], [], 1)[0]:
                with contextlib.suppress(OSError):
                    self.seen += _STEERING.sub("", os.read(self.own, 65_536).decode())
        before, _, self.seen = self.seen.partition(words)
        return before

    def leave(self):
        self.wait_for("threadmill>")
        self.type("\x04")
        self.process.wait(PATIENCE_S)
        os.close(self.own)
        return self.process.returncode


@pytest.fixture
def terminal(milled, tmp_path):
    opened = []

    def start():
        opened.append(Terminal(milled, tmp_path))
        opened[-1].wait_for("threadmill>")
        return opened[-1]

    yield start
    for one in opened:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait()


def test_a_query_goes_on_until_its_semicolon(terminal):
    one = terminal()
    one.ask("select count(*) as comments_in_all", "->")
    one.ask("from comments;", "42 │")
    assert one.leave() == 0


def test_a_mistake_is_said_and_the_next_query_answered(terminal):
    one = terminal()
    one.ask("select nothing from comments;", 'Referenced column "nothing" not found')
    one.wait_for("threadmill>")
    one.ask("copy comments to 'stolen.csv';", "the published tables take SELECT")
    one.wait_for("threadmill>")
    one.ask("select 6 * 7 as answer;", "42 │")
    assert one.leave() == 0


def test_tab_completes_a_table(terminal):
    one = terminal()
    one.type("select count(*) as n from thread_eng\t")
    one.wait_for("agement")
    one.ask(";", "1 │")
    assert one.leave() == 0


def test_history_outlives_the_session(terminal, tmp_path):
    one = terminal()
    one.ask("select 40 + 2 as remembered;", "42 │")
    assert one.leave() == 0
    again = terminal()
    again.ask("\x1b[A", "42 │")
    assert again.leave() == 0
    kept = tmp_path / ".local" / "state" / "threadmill" / "sql_history"
    assert "40 + 2" in kept.read_text(encoding="utf-8")
    assert kept.stat().st_mode & 0o077 == 0


def test_ctrl_c_drops_what_is_written(terminal):
    one = terminal()
    one.type("select wrong from nowhere\x03")
    one.wait_for("threadmill>")
    one.ask("select 42 as right;", "42 │")
    one.type("exit\r")
    assert one.process.wait(PATIENCE_S) == 0


def test_the_prompt_has_help_and_lists_tables_and_columns(terminal):
    one = terminal()
    one.ask("help", ".schema TABLE")
    one.wait_for("threadmill>")
    one.ask(".tables", "Working lists")
    one.wait_for("threadmill>")
    one.ask(".schema questions", "answer_status")
    one.wait_for("threadmill>")
    one.ask(".schema quest", "table quest is not published; did you mean questions?")
    one.wait_for("threadmill>")
    one.ask(".import x", "isn't a command here; help lists them")
    assert one.leave() == 0


def completions(names, text):
    found = prompt.Names(names).get_completions(Document(text), None)
    return [one.text for one in found]


@pytest.fixture(scope="module")
def names(milled):
    with catalog.connect(milled) as con:
        return prompt.list_known(con)


def test_columns_of_the_named_tables_come_first(names):
    assert completions(names, "from questions select answer_")[:2] == [
        "answer_status",
        "answer_comment_id",
    ]
    assert completions(names, "select questions.is_h") == ["is_host"]
    assert completions(names, "select * from comment_e") == ["comment_engagement"]
    assert "between" in completions(names, "select 1 betw")
    assert "string_agg" in completions(names, "select string_a")


def test_after_from_all_tables_are_offered(names):
    assert len(completions(names, "select * from ")) == len(names.columns)


def test_a_piped_query_is_answered(milled, tmp_path):
    ended = subprocess.run(
        command("sql", "--format", "csv", "--processed", milled),
        input="select count(*) as n\nfrom comments;\n",
        cwd=tmp_path,
        env=surroundings(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "n\n42\n", "")


def test_a_one_shot_query_needs_no_prompt(milled, tmp_path):
    ended = run_threadmill(
        "sql", "select 1 as n", "--format", "csv", "--processed", milled, cwd=tmp_path
    )
    assert ended.stdout == "n\n1\n"
