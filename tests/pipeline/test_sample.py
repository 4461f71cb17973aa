"""What the one real thread must give."""

import polars as pl
import pytest

import threadmill


@pytest.fixture(scope="module")
def con(milled):
    with threadmill.connect(milled) as con:
        yield con


def one(con, query):
    return con.execute(query).fetchall()[0]


def test_the_sample_has_42_comments_by_21_authors(con):
    assert one(con, "select count(*), count(distinct author_id) from comments") == (42, 21)


def test_half_of_the_declared_comments_were_captured(con):
    query = "select declared_comment_count, captured_share from capture_completeness"
    assert one(con, query) == (84, 0.5)


def test_the_one_date_stays_without_a_year(con):
    dated = con.execute(
        "select author_name, created_text, created_precision, created_on, created_at, is_edited "
        "from comments where created_text is not null"
    ).fetchall()
    assert dated == [("JR", "Nov 17", "month_day", None, None, True)]


def test_comments_without_a_date_line_may_or_may_not_be_edited(con):
    assert one(con, "select count(*) from comments where is_edited is null") == (41,)


def test_every_comment_is_english(con):
    query = "select language, count(*), min(language_confidence) from comments group by all"
    assert con.execute(query).fetchall() == [("en", 42, 0.98)]


def test_one_comment_repeats_an_earlier_one_by_its_author(con):
    repeated = con.execute(
        "select later.author_name, later.position, earlier.position from comments as later "
        "join comments as earlier on earlier.comment_id = later.duplicate_of"
    ).fetchall()
    assert repeated == [("Kirsteen Knight", 21, 17)]


def test_nothing_is_rejected_and_every_line_is_understood(con):
    assert one(con, "select count(*) from rejects") == (0,)
    counts = "line_count, furniture_line_count, unrecognised_line_count"
    assert one(con, f"select {counts} from capture_completeness") == (150, 87, 0)


def test_the_host_comes_from_the_sidecar(con):
    query = "select host_name, host_source, title, url, published_at from threads"
    assert one(con, query) == ("Gavin Giovannoni", "sidecar", None, None, None)
    assert one(con, "select count(*) from comments where is_host") == (4,)


def test_every_identifier_stands_where_it_says(con):
    found = con.sql(
        "select kind, canonical_id, surface from mentions join comments using (comment_id) "
        "where kind in ('doi', 'pmid', 'pmcid', 'url') and text[start_char + 1:end_char] = surface "
        "order by all"
    ).pl()
    assert found.rows() == [
        ("doi", "doi:10.1016/j.cell.2025.09.020", "10.1016/j.cell.2025.09.020"),
        ("doi", "doi:10.1016/j.omton.2025.201044", "10.1016/j.omton.2025.201044"),
        ("pmcid", "pmcid:PMC12466123", "PMC12466123"),
        ("pmid", "pmid:41018974", "PMID: 41018974"),
        ("url", found["canonical_id"][4], URL),
    ]


URL = (
    "https://www.cell.com/cms/10.1016/j.cell.2025.09.020/asset/"
    "1b16c9c5-970f-49ff-8e44-38eb9618a70b/main.assets/gr1_lrg.jpg"
)


def test_the_replies_are_a_tree_in_display_order(con):
    comments = con.sql("select position, depth, comment_id, parent_comment_id from comments").pl()
    stack: list[str] = []
    for position, depth, comment_id, parent in comments.sort("position").rows():
        assert depth <= len(stack), position
        del stack[depth:]
        assert parent == (stack[-1] if stack else None), position
        stack.append(comment_id)


def test_the_summary_counts_what_the_tables_hold(con, milled):
    from threadmill.publish import snapshots

    figures = snapshots.read_current(milled).summary
    assert figures["comments"] == 42
    assert (
        figures["inferred_replies"] == one(con, "select count(*) from replies where is_inferred")[0]
    )
    assert (
        sum(count for _, count in figures["mentions"])
        == one(con, "select count(*) from mentions")[0]
    )


def test_parquet_files_alone_hold_the_same_rows(con, milled):
    for (name,) in con.execute(
        "select view_name from duckdb_views() where not internal"
    ).fetchall():
        place = milled / name
        files = place / "part-*.parquet" if place.is_dir() else milled / f"{name}.parquet"
        key = con.sql(f"select * from {name}").columns
        assert (
            pl.read_parquet(files).sort(key).equals(con.sql(f"select * from {name}").pl().sort(key))
        ), name
