"""No answer is older than what it answers, whatever form the page gives its times in."""

import datetime as dt

import numpy as np
import polars as pl
import pytest
from support.replies_cases import make

from threadmill.replies import infer
from threadmill.replies.moments import read_moments
from threadmill.sources import dates


def written(*texts: str | None, captured=None, timezone=None, paths=None) -> pl.DataFrame:
    """Comments that show `texts`, dated as a run dates them."""
    frame = pl.DataFrame(
        {
            "created_text": pl.Series(texts, dtype=pl.String),
            "path": pl.Series(paths or ["a"] * len(texts)),
        }
    ).with_columns(
        captured_at=pl.lit(captured, pl.Datetime("us")),
        timezone=pl.lit(timezone, pl.String),
        created_at=pl.lit(None, pl.Datetime("us")),
    )
    return dates.date_comments(frame)


def order(comments: pl.DataFrame) -> str:
    """Return how the first comment stands to the second: ">" if it is surely later, "<" if earlier, else "?"."""
    known, one, two = read_moments(comments), np.array([0]), np.array([1])
    later, earlier = known.are_after(one, two)[0], known.are_after(two, one)[0]
    assert not (later and earlier)
    return ">" if later else "<" if earlier else "?"


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("Nov 17", "Nov 3", ">"),
        ("Nov 17", "Nov 17", "?"),
        ("3d", "5d", ">"),
        ("3d", "3d", "?"),
        ("23h", "1d", ">"),
        ("6d", "1w", ">"),
        # Four weeks and a few days are a month.
        ("4w", "1mo", "?"),
        ("2w", "15d", "?"),
        ("2021-12-15", "2021-12-14", ">"),
        ("Dec 15, 2021", "Mar 3, 2022", "<"),
        # Of which year the two days are isn't known: the turn of a year may lie between.
        ("Jan 3", "Dec 28", "?"),
        ("Jan 3", "Jun 28", "<"),
        ("Jan 3", "Dec 28, 2021", "?"),
        ("3d", "Nov 17", "?"),
        ("Oct 7, 2025, 1:43 PM", "Oct 7, 2025, 9:05 AM", ">"),
        # An hour can come twice when clocks change.
        ("Oct 26, 2025, 2:10 AM", "Oct 26, 2025, 2:50 AM", "?"),
        (None, "Nov 3", "?"),
        ("yesterday", "Nov 3", "?"),
    ],
)
def test_two_times_of_a_page_are_compared_as_far_as_they_tell(first, second, told):
    assert order(written(first, second)) == told


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("Jan 3", "Dec 28", ">"),
        ("3d", "Nov 17", ">"),
        ("2h", "Jan 8", "?"),
        ("Nov 17", "Nov 3", ">"),
        ("2w", "Jan 8", "<"),
    ],
)
def test_a_captures_time_gives_years_and_ages_their_days(first, second, told):
    captured = dt.datetime(2026, 1, 10, 12, tzinfo=dt.UTC).replace(tzinfo=None)
    assert order(written(first, second, captured=captured)) == told


def test_ages_and_zoneless_days_of_different_documents_are_not_compared():
    assert order(written("3d", "5d", paths=["a", "b"])) == "?"
    assert order(written("Nov 17", "Nov 3", paths=["a", "b"])) == "?"
    # Each page in its own zone: a day apart may be the same hour, two days are not.
    assert order(written("2025-11-04", "2025-11-03", paths=["a", "b"])) == "?"
    assert order(written("2025-11-05", "2025-11-03", paths=["a", "b"])) == ">"


def test_an_instant_and_a_day_are_compared_with_a_day_to_spare():
    days = written("2025-11-04T23:30:00Z", "Nov 5, 2025", "Nov 6, 2025")
    assert order(days[[1, 0]]) == "?"
    assert order(days[[2, 0]]) == ">"


def test_comments_need_no_column_of_time():
    assert order(pl.DataFrame({"comment_id": ["a", "b"]})) == "?"


QUOTING = [
    ("Ada", "the kettle is older than the house"),
    ("Bo", "Indeed."),
    ("Cy", "> the kettle is older than the house"),
]


@pytest.mark.parametrize(("days", "is_quoted"), [("345", True), ("523", False)])
def test_nobody_answers_what_a_later_day_shows(days, is_quoted):
    shown = pl.Series("created_text", [f"Nov {day}" for day in days])
    found = infer(make(*QUOTING).with_columns(shown)).parents
    assert (found["parent_comment_id"][2] == "t/0") == is_quoted


def test_a_page_from_new_to_old_has_no_answers():
    ages = [f"{k}d" for k in range(1, 7)]
    comments = make(*((f"a{k % 3}", f"@a{(k + 1) % 3} word{k}") for k in range(6)))
    found = infer(comments.with_columns(pl.Series("created_text", ages))).parents
    assert found["parent_status"].to_list() == ["top_level"] * 6
