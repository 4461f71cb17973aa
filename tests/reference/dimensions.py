"""What other tables point at: authors, topics, things mentioned, platforms, days."""

import pandas as pd

from reference.frames import declared

_CENTURY_DAYS = 36_525


def authors(threads: pd.DataFrame, comments: pd.DataFrame) -> pd.DataFrame:
    """Return one row per author."""
    written = comments.dropna(subset="author_id").merge(
        threads[["thread_id", "publication"]], on="thread_id"
    )
    count = written.groupby(["author_id", "author_name"])["comment_id"].size().rename("count")
    usual = count.reset_index().sort_values(["count", "author_name"], ascending=[False, True])
    per = written.groupby("author_id")
    least = ["platform", "publication", "author_handle", "author_url"]
    rows = per[least].agg(lambda values: min(values.dropna(), default=None))
    rows["is_host"] = per["is_host"].max()
    rows["author_name"] = usual.groupby("author_id")["author_name"].first()
    return declared("authors", rows.reset_index())


def topics(terms: pd.DataFrame) -> pd.DataFrame:
    """Return one row per topic."""
    return declared("topics", terms.drop_duplicates("topic_id"))


def entities(mentions: pd.DataFrame) -> pd.DataFrame:
    """Return one row per thing mentioned."""
    per = mentions.groupby("canonical_id")[["canonical_name", "kind"]].min()
    return declared("entities", per.reset_index())


def platforms(threads: pd.DataFrame) -> pd.DataFrame:
    """Return one row per platform."""
    rows = threads.groupby("platform").agg(
        thread_count=("thread_id", "size"), comment_count=("comment_count", "sum")
    )
    return declared("platforms", rows.reset_index())


def days(comments: pd.DataFrame) -> pd.DataFrame:
    """Return one row per day from the first to the last of a comment; at most a century of days without one."""
    dated = comments["created_on"].dropna().drop_duplicates().sort_values()
    if len(dated) and (dated.iloc[-1] - dated.iloc[0]).days < _CENTURY_DAYS:
        dated = pd.Series(pd.date_range(dated.iloc[0], dated.iloc[-1], unit="us"))
    day = dated.dt
    rows = pd.DataFrame(
        {
            "created_on": dated,
            "year": day.year,
            "quarter": day.quarter,
            "month": day.month,
            "month_on": dated - pd.to_timedelta(day.day - 1, unit="D"),
            "week_on": dated - pd.to_timedelta(day.day_of_week, unit="D"),
            "weekday": day.day_of_week + 1,
            "is_weekend": day.day_of_week >= 5,
        }
    )
    return declared("days", rows)
