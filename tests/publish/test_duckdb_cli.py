"""The catalog opens in DuckDB's own command line, the one people install: `pip install duckdb-cli`."""

import subprocess

from support import DUCKDB


def ask(milled, query):
    return subprocess.run(
        [DUCKDB, "-readonly", "-csv", str(milled / "threads.duckdb"), query],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_it_answers_from_another_folder(milled, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ended = ask(milled, "select count(*) as n, count(distinct author_id) as authors from comments")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "n,authors\n42,21\n", "")


def test_every_table_opens(milled):
    names = ask(milled, "select view_name from duckdb_views() where not internal order by 1").stdout
    tables = names.split()[1:]
    assert "comments" in tables
    query = "; ".join(f"select count(*) from {name}" for name in tables)
    ended = ask(milled, query)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_it_says_what_columns_mean(milled):
    query = "select comment from duckdb_columns() where table_name = 'replies' and column_name = 'evidence'"
    assert ask(milled, query).stdout == 'comment\n"Why this is the parent, in words."\n'


def test_it_writes_nothing(milled):
    ended = ask(milled, "create table mine as select 1")
    assert ended.returncode != 0
    assert "read-only" in ended.stderr
