"""`threadmill sql` answers questions and harms nothing, whatever it is asked."""

import json
import os
import pty
import re
import shutil
import subprocess

import duckdb
import polars as pl
import pytest
from support import command, contents, surroundings
from typer.testing import CliRunner

import threadmill
from threadmill import schema
from threadmill.cli import app, output
from threadmill.publish import catalog, snapshots


@pytest.fixture(params=["sql", "connect"])
def ask(request, milled):
    """Ask the published sample `query` by one of the two doors."""

    def by_command(query):
        if (error := sql(query, milled).exception) is not None:
            raise error

    def by_connection(query):
        with threadmill.connect(milled) as con:
            con.execute(query).fetchall()

    return by_command if request.param == "sql" else by_connection


def tree(query):
    """Return the tree of `query` as DuckDB's text, quoted for a string."""
    asked = "select json_serialize_sql(?::varchar)"
    return duckdb.execute(asked, [query]).fetchall()[0][0].replace("'", "''")


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
    "with gone as (copy comments to '{folder}/stolen.csv') select 1",
    "with gone as materialized (copy comments to '{folder}/stolen.csv') from gone",
    "explain analyze with gone as (copy comments to '{folder}/stolen.csv') select 1",
    "describe with gone as (copy comments to '{folder}/stolen.csv') select 1",
    "with gone as (copy comments to '{folder}/stolen.csv') pivot comments on platform using count(*)",
    "copy (pivot comments on platform using count(*)) to '{folder}/stolen.csv'",
    "explain analyze copy (pivot comments on platform using count(*)) to '{folder}/stolen.csv'",
    "create table mine as pivot comments on platform using count(*)",
    "create temp table mine as select 1",
    "from query('with gone as (copy comments to ''{folder}/stolen.csv'') select 1')",
    "from json_execute_serialized_sql('{tree}')",
    "from (from json_execute_serialized_sql('{tree}'))",
    "from \"json_execute_serialized_sql\"('{tree}')",
    "pivot (from json_execute_serialized_sql('{tree}')) on 1 using count(*)",
    "from arrow_scan(1, 2, 3)",
    "from pandas_scan(1)",
    "from python_map_function(1)",
    "from register_external_resource('a')",
    "from read_duckdb('{folder}/threads.duckdb')",
    "detach threads",
    "use memory",
    "prepare steal as copy comments to '{folder}/stolen.csv'",
    "",
    "selec 1",
]


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("where", ["snapshot", "elsewhere"])
def test_nothing_is_written_or_read_elsewhere(attack, where, ask, milled, tmp_path):
    folder = snapshots.locate_current(milled) if where == "snapshot" else tmp_path
    before = contents(milled) | contents(tmp_path)
    copied = tree(f"with gone as (copy (select 1) to '{folder}/stolen.csv') select 1")
    query = attack.replace("{folder}", str(folder)).replace("{tree}", copied)
    with pytest.raises((ValueError, duckdb.Error)) as raised:
        ask(query)
    # The command's `main` makes an exit code 2 of it.
    assert isinstance(raised.value, ValueError) or ask.__name__ == "by_connection"
    assert contents(milled) | contents(tmp_path) == before


WRITERS = {
    "write_parquet": ["{folder}/stolen.parquet"],
    "to_csv": ["{folder}/stolen.csv"],
    "create": ["mine"],
    "to_view": ["mine"],
    "insert_into": ["runs"],
    "query": ["these", "copy these to '{folder}/stolen.csv'"],
}


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize(
    "relate", [lambda con: con.sql("from runs"), lambda con: con.table("runs").limit(1)]
)
def test_a_relation_of_a_connection_writes_nothing(name, relate, milled):
    snapshot = snapshots.locate_current(milled)
    before = contents(milled)
    with threadmill.connect(milled) as con:
        arguments = [one.format(folder=snapshot) for one in WRITERS[name]]
        with pytest.raises(ValueError, match="the published tables"):
            getattr(relate(con.cursor()), name)(*arguments)
        assert relate(con).fetchall() == con.execute("from runs").fetchall()
    assert contents(milled) == before


def test_a_connection_is_still_one_of_duckdb(milled):
    with threadmill.connect(milled) as con:
        assert isinstance(con, duckdb.DuckDBPyConnection)
        assert con.sql("select ? as n", params=[7]).pl()["n"].to_list() == [7]
        assert con.execute("select $n", {"n": 7}).fetchall() == [(7,)]
        assert con.table("comments").filter("position = 0").select("position").fetchall() == [(0,)]


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
        "pivot comments on platform using count(*)",
        "from (pivot comments on platform using count(*) group by is_host) order by all",
        "with own as (from comments) pivot own on created_precision using count(*)",
        "explain pivot comments on platform using count(*)",
        "from comments pivot (count(*) for platform in ('substack'))",
        "unpivot (select 1 as a, 2 as b) on a, b",
        "from range(3), unnest([1, 2])",
        "from duckdb_columns() where column_name = 'update'",
        "/* a note; with a semicolon */ select 1",
        "select ';';",
    ],
)
def test_questions_are_answered(query, ask):
    ask(query)


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
def test_booleans_are_written_as_sql_writes_them(milled, form):
    output = sql("select true as yes, false as no", milled, "--format", form).output
    assert re.findall("true|false", output) == ["true", "false"]
    assert not re.search("True|False", output)


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_what_people_wrote_does_not_steer_the_terminal(milled, form):
    query = "select chr(27) || '[31mred' || chr(7) || chr(155) as words"
    output = sql(query, milled, "--format", form).output
    assert r"\u001b[31mred\u0007\u009b" in output
    assert not {"\x1b", "\x07", "\x9b"} & set(output)


def test_csv_on_a_terminal_does_not_steer_it(milled):
    main, terminal = pty.openpty()
    query = "select chr(27) || '[31mred' as words, 1.23456789 as x"
    subprocess.run(
        command("sql", query, "--processed", str(milled), "--format", "csv"),
        stdout=terminal, env=surroundings(), check=True,
    )  # fmt: skip
    assert os.read(main, 1_000).decode().split() == ["words,x", r"\u001b[31mred,1.23456789"]


@pytest.fixture
def narrow(milled, monkeypatch):
    """Ask as in a terminal of 80 columns, and return the lines."""
    monkeypatch.setattr(output.Console, "is_terminal", property(lambda _: True))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    return lambda query: strip(sql(query, milled).output)


def strip(text):
    return re.sub(r"\x1b\[[0-9;]*m", "", text).splitlines()


def test_few_wide_rows_stand_side_by_side_with_every_column(narrow):
    lines = narrow("from comments limit 3")
    assert max(map(len, lines)) <= 80
    names = [line.split()[1] for line in lines if line.startswith("│")]
    assert names == list(schema.TABLES["comments"].columns)
    assert all(line.count("│") == 5 for line in lines if line.startswith("│"))
    assert "Stephen Warne" in "".join(lines)


def test_of_many_wide_rows_the_middle_columns_give_way(narrow):
    lines = narrow("from comments")
    assert lines[1].split() == [
        "┃",
        "comment_id",
        "┃",
        "thread_id",
        "┃",
        "…",
        "┃",
        "duplicate_of",
        "┃",
    ]
    assert sum(line.startswith("│") for line in lines) == 42
    assert "3 of 35 columns fit; name those you want" in lines[-1]


def test_columns_that_fit_wrap_and_none_is_squeezed_to_nothing(narrow):
    lines = narrow("select author_name, text, word_count from comments limit 6")
    assert lines[1].split() == ["┃", "author_name", "┃", "text", "┃", "word_count", "┃"]
    assert max(map(len, lines)) <= 80


def test_null_is_not_empty_text(narrow, milled):
    cells = narrow("select null as a, '' as b, 'NULL' as c")[3]
    assert cells.split() == ["│", "NULL", "│", "│", "NULL", "│"]
    query = "select null as a, '' as b, 'x' as c"
    assert sql(query, milled, "--format", "csv").output == 'a,b,c\n,"",x\n'
    assert sql("select null as a", milled, "--format", "csv").output == 'a\n""\n'


def test_an_answer_goes_to_a_file_in_the_format_of_its_ending(milled, tmp_path):
    query = "select position, author_name, created_on from comments order by position"
    for name in ("a.csv", "a.ndjson", "a.json", "a.parquet", "a.md", "a.txt"):
        assert sql(query, milled, "-o", str(tmp_path / name)).exit_code == 0
    rows = pl.read_parquet(tmp_path / "a.parquet")
    assert (rows.height, dict(rows.schema)["created_on"]) == (42, pl.Date)
    assert pl.read_csv(tmp_path / "a.csv").height == 42
    assert pl.read_ndjson(tmp_path / "a.ndjson")["author_name"].equals(rows["author_name"])
    assert len(json.loads((tmp_path / "a.json").read_text())) == 42
    assert (tmp_path / "a.md").read_text().startswith("| position | author_name |")


@pytest.mark.parametrize(
    ("more", "finding"),
    [
        (["-o", "a.xyz"], "its ending stands for no format"),
        (["--format", "parquet"], "needs a file to write to: -o FILE"),
        (["-o", "no/such/a.csv"], "no/such"),
    ],
)
def test_an_answer_that_can_go_nowhere_says_why(milled, more, finding):
    ended = sql("select 1 as a", milled, *more)
    assert finding in str(ended.exception)


def test_a_failed_query_leaves_the_file_that_was_there(milled, tmp_path):
    path = tmp_path / "a.parquet"
    path.write_text("old")
    assert sql("select text::integer from comments", milled, "-o", str(path)).exit_code
    assert path.read_text() == "old"
    assert [*tmp_path.iterdir()] == [path]


def test_json_needs_a_name_for_each_column(milled):
    ended = sql("select 1 as a, 2 as a", milled, "--format", "json")
    assert "two columns are named a" in str(ended.exception)


def test_tables_that_were_moved_say_so(project, tmp_path):
    threadmill.run()
    moved = tmp_path / "moved"
    shutil.move(project / "data" / "processed", moved)
    with pytest.raises(ValueError, match=r"was moved here.*`threadmill run --full` makes it again"):
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
