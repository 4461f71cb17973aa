"""What is counted: who is behind a cell, and medians and extremes that k people share."""

import duckdb
import pytest

from threadmill.figures import counting

TABLES = """
create table threads (thread_id varchar, platform varchar);
create table comments (comment_id varchar, thread_id varchar, author_id varchar, depth integer, created_on date);
create table replies (comment_id varchar, response_s bigint);
create table mentions (comment_id varchar, canonical_id varchar, kind varchar, pack varchar);
create table entities (canonical_id varchar, canonical_name varchar, kind varchar);
insert into threads values ('t', 'reddit'), ('empty', 'reddit');
"""


@pytest.fixture
def con():
    with duckdb.connect() as own:
        own.execute(TABLES)
        yield own


def write(con, author, *, depth=0, response_s=None, day="2026-01-07"):
    ((number,),) = con.execute("select count(*) from comments").fetchall()
    con.execute("insert into comments values (?, 't', ?, ?, ?)", [f"c{number}", author, depth, day])
    if response_s is not None:
        con.execute("insert into replies values (?, ?)", [f"c{number}", response_s])
    return f"c{number}"


def find_cell(con, table, cell, k=3):
    found = counting.count(con, table, k).cells.filter(cell=cell)
    return found.drop("said").row(0, named=True)


def test_authors_are_counted_once_and_comments_without_one_never(con):
    for author in ("a", "a", "b", None):
        write(con, author)
    counted = counting.count(con, "thread_figures", 3)
    assert counted.behind.sort("author").rows() == [("t", "a", 2), ("t", "b", 1)]
    assert counted.cells.sort("cell").select("cell", "amount", "author_count").rows() == [
        ("empty", 0, 0),
        ("t", 3, 2),
    ]


def test_a_comment_without_a_day_is_in_no_week(con):
    write(con, "a")
    write(con, "b", day=None)
    assert counting.count(con, "week_figures", 3).behind.rows() == [("2026-01-05", "a", 1)]
    assert counting.count(con, "overall_figures", 3).behind.height == 2


def test_a_median_needs_k_authors_within_it_and_k_not_before(con):
    for author, wait_s in (("a", 20), ("b", 200), ("c", 250), ("c", 299), ("d", 5_000)):
        write(con, author, response_s=wait_s)
    assert find_cell(con, "thread_figures", "t")["median_response_s"] == 300
    # Three authors within 300 s; four would be needed.
    assert find_cell(con, "thread_figures", "t", k=4)["median_response_s"] is None


def test_a_depth_is_reached_by_k_authors(con):
    for author, depth in (("a", 9), ("a", 8), ("b", 4), ("c", 2), ("d", 0)):
        write(con, author, depth=depth)
    assert find_cell(con, "thread_figures", "t")["reached_depth"] == 2
    assert find_cell(con, "thread_figures", "t", k=5)["reached_depth"] is None


def test_entities_are_terms_of_the_vocabulary(con):
    kinds = {
        "disease:ms": ("disease", "generic"),
        "person:x": ("person", "generic"),
        "quote:y": ("quote", None),
    }
    for canonical_id, (kind, pack) in kinds.items():
        comment = write(con, "a")
        con.execute("insert into entities values (?, ?, ?)", [canonical_id, canonical_id, kind])
        for _ in range(2):
            con.execute(
                "insert into mentions values (?, ?, ?, ?)", [comment, canonical_id, kind, pack]
            )
    assert counting.count(con, "entity_figures", 3).behind.rows() == [("disease:ms", "a", 1)]
