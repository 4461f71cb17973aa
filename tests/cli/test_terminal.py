"""What people wrote steers no terminal: an escape in every field, name and value, and every command's output."""

import json
import re

import pytest
from support import page, run_threadmill

import threadmill

ESC = "\x1b]0;owned\x07\x9b31m\u202e"
MARKUP = r"\[link=http://evil.example]https://good.example\[/link] \[/x] [/] [bold]"
HOSTILE = f"{ESC}{MARKUP}"
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A published project of which everything is hostile."""
    home = tmp_path_factory.mktemp("hostile")
    folder = home / "data" / "raw" / "substack"
    folder.mkdir(parents=True)
    text = page(f"Mind {HOSTILE} first.", f"An {HOSTILE} answer. NASA {ESC} NASA").replace(
        "Ada Quill", f"Ada {ESC} Quill"
    )
    (folder / f"a{ESC}.txt").write_text(text, encoding="utf-8")
    sidecar = {"host": f"Ada {ESC} Quill", "title": HOSTILE, "publication": HOSTILE}
    lines = (f"{key} = {json.dumps(said)}" for key, said in sidecar.items())
    (folder / f"a{ESC}.toml").write_text("\n".join(lines).replace("\x7f", ""), encoding="utf-8")
    (folder / f"b{ESC}.txt").write_bytes(b"\xff\x00 no text " + ESC.encode())
    comments = [
        {
            "thread_id": HOSTILE, "comment_id": f"{number}{ESC}", "parent_id": None,
            "author": HOSTILE, "text": f"{HOSTILE} disease", "created_at": HOSTILE,
        }
        for number in range(3)
    ]  # fmt: skip
    table = home / "data" / "raw" / f"own{ESC}"
    table.mkdir()
    (table / "columns.toml").write_text(
        'thread_id = "thread_id"\ncomment_id = "comment_id"\nparent_id = "parent_id"\n'
        'author_name = "author"\ntext = "text"\ncreated_at = "created_at"\n',
        encoding="utf-8",
    )
    lines = "\n".join(json.dumps(one) for one in comments)
    (table / "c.ndjson").write_text(lines + "\n", encoding="utf-8")
    ended = run_threadmill("run", cwd=home)
    assert ended.returncode == 0, ended.stderr
    return home, ended


COMMANDS = [
    ["run"],
    ["run", "--strict", "--full"],
    ["run", "--json"],
    [],
    ["status"],
    ["status", "--json"],
    ["check"],
    ["sql", "select * from comments"],
    ["sql", "select * from threads", "--format", "markdown"],
    ["sql", "select * from comments", "--format", "json"],
    ["sql", "from rejects"],
    ["sql", f'select 1 as "{ESC}[/x]"'],
    ["sql", f'select 1 as "{ESC}[/x]"', "--format", "markdown"],
    ["sql", "select text::integer from comments"],
    ["sql", f"select '{ESC}' from nowhere"],
    ["sql", f"select 1 '{ESC}"],
    ["tables"],
    ["describe", f"a{ESC}[/x]"],
    ["vocabulary", "suggest"],
    ["vocabulary", "check"],
    ["topics", "show"],
    ["topics", "show", f"a{ESC}[/x]"],
    ["topics", "suggest", f"a{ESC}"],
    ["inspect", f"data/raw/substack/a{ESC}.txt"],
    ["inspect", f"data/raw/substack/b{ESC}.txt"],
    ["inspect", f"data/raw/nothing{ESC}[/x].txt"],
    ["add", f"data/raw/nothing{ESC}.txt", "--platform", "substack"],
    ["add", f"data/raw/substack/a{ESC}.txt", "--platform", "substack", "--title", HOSTILE],
    ["add", f"{ESC}[/x]", f"more{ESC}[/x]", "--platform", "substack"],
    ["report", "--out", f"out{ESC}.html"],
    ["report", "--thread", f"a{ESC}[/x]"],
    ["export", f"out{ESC}", "--format", "csv"],
    ["evaluate", "topics", f"a{ESC}.csv"],
    ["evaluate", "mentions", f"a{ESC}.csv"],
    ["evaluate", "replies", f"a{ESC}.ndjson"],
    ["init", f"new{ESC}"],
    ["serve", "--cron", f"a{ESC}[/x]"],
    ["settings"],
    [f"nothing{ESC}"],
    ["run", f"--nothing{ESC}"],
]


@pytest.mark.parametrize(
    "arguments", COMMANDS, ids=lambda one: " ".join(one)[:20].encode("unicode_escape").decode()
)
def test_no_command_lets_what_people_wrote_steer_the_terminal(arguments, hostile):
    home, _ = hostile
    ended = run_threadmill(*arguments, cwd=home)
    assert not STEERING.search(ended.stdout.replace("\r\n", "\n")), ended.stdout
    assert not STEERING.search(ended.stderr), ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.returncode in (0, 1, 2)


def test_markup_is_shown_as_it_was_written(hostile):
    home, _ = hostile
    shown = run_threadmill("sql", "select text from comments", cwd=home).stdout
    assert shown.count(MARKUP) == 5


def test_csv_in_a_pipe_and_json_keep_the_data(hostile):
    home, _ = hostile
    asked = "select distinct title from threads where title is not null order by 1"
    with threadmill.connect(home / "data" / "processed") as con:
        (kept,) = {title for (title,) in con.execute(asked).fetchall()}
    assert kept in run_threadmill("sql", asked, "--format", "csv", cwd=home).stdout
    said = json.loads(run_threadmill("sql", asked, "--format", "json", cwd=home).stdout)
    assert said == [{"title": kept}]


def test_a_terminal_of_another_encoding_gets_what_it_can_show(hostile):
    home, _ = hostile
    ended = run_threadmill("run", cwd=home, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert ended.returncode == 0, ended.stderr
    ended = run_threadmill("sql", "select 'é' as x", cwd=home, PYTHONIOENCODING="ascii")
    assert (ended.returncode, r"\xe9" in ended.stdout) == (0, True)
    ended = run_threadmill(
        "sql", "select 'é' as x", "--format", "csv", cwd=home, PYTHONIOENCODING="ascii"
    )
    assert ended.stdout == "x\né\n"


def test_the_log_of_runs_shows_nothing_raw(hostile):
    home, _ = hostile
    log = (home / "data" / "processed" / ".runs.json").read_text(encoding="utf-8")
    assert not STEERING.search(log)
