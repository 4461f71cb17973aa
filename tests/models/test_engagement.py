"""The engagement tables as a whole: the same bytes every time, no costly joins, what the run says of them."""

import re

import duckdb
import polars as pl
import pytest

from threadmill import schema
from threadmill.measure.bench import warehouse
from threadmill.models import dependencies, intermediate, memory, narrowing, running, summary
from threadmill.storage import tables

MEGABYTES = 2
TERMS = ["dose", "does it help"]
"""Of a topic; the texts of the warehouse have them."""
ENGAGEMENT = [name for name in dependencies.queries() if schema.TABLES[name].group == "engagement"]


@pytest.fixture(scope="module")
def parsed(tmp_path_factory):
    snapshot = tmp_path_factory.mktemp("parsed")
    warehouse.threads_of(snapshot, MEGABYTES)
    terms = pl.DataFrame(
        [
            ("dose", "Dose", "1", "pack:p", term, 1.0, False, rank)
            for rank, term in enumerate(TERMS, 1)
        ],
        schema=pl.DataFrame(schema.arrow("topic_terms").empty_table()).schema,
        orient="row",
    )
    tables.write("topic_terms", terms, tables.place(snapshot, "topic_terms"))
    return snapshot


def run(parsed, folder, jobs):
    """Return the bytes of every modelled table, made from `parsed` with so many threads."""
    snapshot = folder / str(jobs)
    snapshot.mkdir()
    for path in parsed.iterdir():
        (snapshot / path.name).symlink_to(path)
    with running.open_tables(snapshot, jobs) as con:
        running.run(con, snapshot)
    return {
        file.relative_to(snapshot): file.read_bytes()
        for name in dependencies.queries()
        for file in tables.files(snapshot, name)
    }


@pytest.fixture(scope="module")
def expected(parsed, tmp_path_factory):
    """The bytes of every modelled table, made with one thread from what fits in memory."""
    return run(parsed, tmp_path_factory.mktemp("expected"), 1)


@pytest.mark.slow
def test_tables_are_the_same_bytes_at_1_2_and_4_threads(parsed, expected, tmp_path):
    assert run(parsed, tmp_path, 2) == expected
    assert run(parsed, tmp_path, 4) == expected


def test_tables_are_the_same_bytes_in_groups_of_buckets(parsed, expected, tmp_path, monkeypatch):
    monkeypatch.setattr(running, "SMALL_BYTES", 0)
    monkeypatch.setattr(narrowing, "GROUP_ROWS", 500)
    assert run(parsed, tmp_path, 2) == expected
    assert not (tmp_path / "2" / intermediate.SPILL / "comment_engagement").exists()


def test_tables_are_the_same_bytes_loaded_or_read_from_files(
    parsed, expected, tmp_path, monkeypatch
):
    monkeypatch.setattr(running, "SMALL_BYTES", 0)
    assert run(parsed, tmp_path, 1) == expected


@pytest.mark.parametrize(("said", "is_given"), [("1GB", "953.6 MiB"), ("2 MB", "1.9 MiB")])
def test_queries_take_no_more_memory_than_allowed(said, is_given, tmp_path, monkeypatch):
    monkeypatch.setenv("THREADMILL_MEMORY", said)
    with running.open_tables(tmp_path, 1) as con:
        assert con.execute("select current_setting('memory_limit')").fetchall() == [(is_given,)]


def test_queries_may_take_more_for_more_threads_and_comments(parsed, tmp_path, monkeypatch):
    monkeypatch.delenv("THREADMILL_MEMORY", raising=False)

    def allowed(snapshot, jobs=1):
        with running.open_tables(snapshot, jobs) as con:
            return con.execute("select current_setting('memory_limit')").fetchall()[0][0]

    assert allowed(tmp_path) == allowed(parsed) == "256.0 MiB"
    assert allowed(parsed, 2) == "512.0 MiB"
    monkeypatch.setattr(memory, "COMMENT_BYTES", 2**40)
    half = duckdb.connect(config={"memory_limit": "50%"})
    assert [(allowed(parsed),)] == half.execute("select current_setting('memory_limit')").fetchall()


@pytest.mark.parametrize("said", ["plenty", "-1", "-1GB"])
def test_an_amount_of_memory_that_is_none_is_refused(said, tmp_path, monkeypatch):
    monkeypatch.setenv("THREADMILL_MEMORY", said)
    with pytest.raises(ValueError, match=f"THREADMILL_MEMORY: '{said}' is no amount; write it as"):
        running.open_tables(tmp_path, 1).__enter__()


def test_a_result_is_written_alike_however_it_is_cut(tmp_path):
    # Enough for several pages a column and several row groups.
    rows = 2 * tables.ROW_GROUP_ROWS + 1
    table = duckdb.sql(
        f"""
        select
            md5(number::varchar) as author_id,
            md5((number + 1)::varchar) as partner_author_id,
            number as reply_count,
            number / 7 as expected_reply_count,
            number % 5 as mention_count,
            number % 3 = 0 as is_mutual
        from range({rows}) as numbers(number)"""
    ).to_arrow_table()
    written = set()
    for size in (2_048, 99_999, rows):
        path = tmp_path / f"{size}.parquet"
        tables.write_stream("author_pairs", table.to_reader(size), path)
        written.add(path.read_bytes())
    assert len(written) == 1


@pytest.mark.parametrize("name", ENGAGEMENT)
def test_comments_are_joined_by_thread_as_well(name):
    # Joins on the comment alone shuffle all comments; the thread keeps them together.
    query = dependencies.queries()[name]
    joins = re.findall(
        r"join\s+(?:comments|comment_engagement|replies)\b[^)]*?(?:using|on) ([^\n]*\n[^\n]*)",
        query,
    )
    assert [join for join in joins if "thread_id" not in join] == []


@pytest.mark.parametrize(
    ("counted", "said"),
    [
        (["replies", 9, 12.4], "12 replies (the tree has 9)"),
        (["replies", 1, 2.44], "2.4 replies (the tree has 1)"),
        (["replies by the host", 0, 1.0], "1.0 replies by the host (the tree has 0)"),
        (["replies by the host", 1, 0.6], None),
        (["top-level comments", 33, 31.0], None),
    ],
)
def test_run_says_where_best_tree_and_expectation_differ(counted, said):
    figures = {
        "comments": 42,
        "replies": 9,
        "inferred_replies": 9,
        "candidates": 60,
        "orphans": 0,
        "mean_confidence": 0.6,
        "fittable": [],
        "best_and_expected": [["top-level comments", 20, 20.0], counted],
    }
    apart = f"\nFor totals use expected counts: {said}" if said else ""
    assert summary._replies(figures).endswith(f"{summary.METHOD}{apart}")


def test_run_measures_best_tree_and_expectation(parsed, tmp_path):
    run(parsed, tmp_path, 2)
    with running.open_tables(tmp_path / "2", 2) as con:
        rows = con.execute(summary._read_query("best_and_expected")).fetchall()
        decided = con.execute("select count(*) from comments").fetchall()[0][0]
    (_, top, likely_top), (_, replied, likely_replied), _ = rows
    assert top + replied == decided
    assert likely_top + likely_replied == pytest.approx(decided)
