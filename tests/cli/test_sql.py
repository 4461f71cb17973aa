"""`threadmill sql` answers questions and harms nothing, whatever it is asked."""

import json
import os
import pty
import shutil
import subprocess

import duckdb
import pytest
from support import command, contents, surroundings
from typer.testing import CliRunner

import threadmill
from threadmill.cli import app
from threadmill.publish import catalog


def sql(query, processed, *more):
    return CliRunner().invoke(app, ["sql", query, "--processed", str(processed), *more])


ATTACKS = [
    "copy comments to '{folder}/stolen.csv'",
    "copy comments to '{folder}/stolen.parquet' (format parquet, use_tmp_file false)",
    "copy (select 1) to '{folder}/threads.parquet' (use_tmp_file false)",
    "export database '{folder}/all'",
    "attach '{folder}/own.duckdb' as own",
    "attach '{folder}/threads.duckdb' as own",
    "explain analyze copy comments to '{folder}/stolen.csv'",
    "/* a */ explain analyze -- b\n copy comments to '{folder}/stolen.csv'",
    "explain (analyze) copy comments to '{folder}/stolen.csv'",
    "select 1; copy comments to '{folder}/stolen.csv'",
    "select 1; select 2",
    "select content from read_text('/etc/hostname')",
    "select * from '/etc/hostname'",
    "select * from glob('/etc/*')",
    "select * from read_csv('/etc/passwd')",
    "install httpfs",
    "load httpfs",
    "set enable_external_access = true",
    "set memory_limit = '1GB'",
    "reset lock_configuration",
    "pragma enable_profiling",
    "call enable_logging()",
    "create table mine as select 1",
    "create view mine as select 1",
    "create or replace view comments as select 1",
    "comment on view comments is 'mine'",
    "drop view comments",
    "insert into runs values ('a', null, 'b')",
    "with gone as (delete from runs returning *) select * from gone",
    "checkpoint",
    "vacuum",
    "prepare steal as copy comments to '{folder}/stolen.csv'",
    "",
    "selec 1",
]


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("where", ["snapshot", "elsewhere"])
def test_nothing_is_written_or_read_elsewhere(attack, where, milled, tmp_path):
    folder = threadmill.publish.current_snapshot(milled) if where == "snapshot" else tmp_path
    before = contents(milled) | contents(tmp_path)
    result = sql(attack.format(folder=folder), milled)
    # The command's `main` makes an exit code 2 of it.
    assert isinstance(result.exception, ValueError), result.output
    assert str(result.exception).startswith("query: ")
    assert contents(milled) | contents(tmp_path) == before


@pytest.mark.parametrize(
    "query",
    [
        "select 1",
        "from comments limit 1",
        "with a as (select 1) from a",
        "values (1)",
        "describe comments",
        "summarize threads",
        "show tables",
        "explain select 1",
        "explain analyze select count(*) from comments",
        "EXPLAIN (FORMAT json) select 1",
        "/* a note; with a semicolon */ select 1",
        "select ';';",
    ],
)
def test_questions_are_answered(query, milled):
    result = sql(query, milled)
    assert result.exit_code == 0, result.exception


def test_json_holds_values_as_they_are(milled):
    result = sql(
        "select 1 as n, null as nothing, date '2026-01-05' as day, true as yes",
        milled,
        "--format",
        "json",
    )
    assert json.loads(result.output) == [
        {"n": 1, "nothing": None, "day": "2026-01-05", "yes": True}
    ]


def test_csv_and_markdown_keep_line_ends_and_bars_apart(milled):
    query = "select 'a|b' as x, 'c' || chr(10) || 'd' as y"
    assert sql(query, milled, "--format", "csv").output == 'x,y\na|b,"c\nd"\n'
    assert (
        sql(query, milled, "--format", "markdown").output
        == "| x | y |\n| --- | --- |\n| a\\|b | c<br>d |\n"
    )


def test_a_table_prints_what_looks_like_markup_as_it_is(milled):
    assert "[red]x[/red]" in sql("select '[red]x[/red]' as words", milled).output


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_what_people_wrote_does_not_steer_the_terminal(milled, form):
    query = "select chr(27) || '[31mred' || chr(7) || chr(155) as words"
    output = sql(query, milled, "--format", form).output
    assert "\ufffd[31mred\ufffd\ufffd" in output
    assert not {"\x1b", "\x07", "\x9b"} & set(output)


def test_csv_on_a_terminal_does_not_steer_it(milled):
    main, terminal = pty.openpty()
    query = "select chr(27) || '[31mred' as words, 1.23456789 as x"
    subprocess.run(
        command("sql", query, "--processed", str(milled), "--format", "csv"),
        stdout=terminal, env=surroundings(), check=True,
    )  # fmt: skip
    assert os.read(main, 1_000).decode().split() == ["words,x", "\ufffd[31mred,1.23456789"]


def test_json_needs_a_name_for_each_column(milled):
    ended = sql("select 1 as a, 2 as a", milled, "--format", "json")
    assert "two columns are named a" in str(ended.exception)


def test_tables_that_were_moved_say_so(project, tmp_path):
    threadmill.run()
    moved = tmp_path / "moved"
    shutil.move(project / "data" / "processed", moved)
    with pytest.raises(ValueError, match=r"was moved here.*`threadmill run --full` makes it anew"):
        threadmill.connect(moved)
    threadmill.run(processed=moved, full=True)
    with threadmill.connect(moved) as con:
        assert con.execute("select count(*) from comments").fetchall() == [(42,)]


def test_connect_stays_with_its_run(project):
    threadmill.run()
    with threadmill.connect() as con:
        first = con.execute("select run_id from runs").fetchall()
        threadmill.run(full=True)
        assert con.execute("select run_id from runs").fetchall() == first
    with threadmill.connect() as con:
        assert con.execute("select run_id from runs").fetchall() != first


def test_connect_cannot_be_talked_into_more(milled):
    with threadmill.connect(milled) as con, pytest.raises(duckdb.Error, match="locked"):
        con.execute("set enable_external_access = true")


def test_connecting_to_nothing_says_what_to_do(tmp_path):
    with pytest.raises(ValueError, match="nothing is published here yet; `threadmill run` does it"):
        catalog.connect(tmp_path)


def test_two_connections_of_a_process_are_as_safe_as_one(milled):
    with catalog.connect(milled) as one, catalog.connect(milled) as other:
        for con in (one, other):
            assert con.execute("select count(*) from comments").fetchall() == [(42,)]
            with pytest.raises(duckdb.Error):
                con.execute("select * from read_text('/etc/hostname')")
