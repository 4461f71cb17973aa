"""What other tables point at: authors, topics, things mentioned, platforms and days, one row each."""

from threadmill.schema.base import DAY, SMALL, TRUTH, Column, Table, names

COLUMNS = {
    "year": Column(SMALL, "Year of the day."),
    "quarter": Column(SMALL, "Quarter of the year, 1 to 4."),
    "month": Column(SMALL, "Month of the year, 1 to 12."),
    "month_on": Column(DAY, "First day of the month; unlike `month`, distinct for each year."),
    "week_on": Column(DAY, "Monday of the week."),
    "weekday": Column(SMALL, "Day of the week, from 1 for Monday to 7 for Sunday."),
    "is_weekend": Column(TRUTH, "Whether it is a Saturday or a Sunday."),
}

TABLES = {
    "authors": Table(
        "dimensions",
        "one row per author",
        "Each author's usual name, publication and addresses.",
        key=("author_id",),
        columns=names(
            "author_id platform publication author_name author_handle author_url is_host"
        ),
        required=("author_name",),
        references={"platform": "platforms"},
        in_parts=True,
        touched_by=("author_id",),
        meanings={
            "author_name": "Usual name, as pages write it.",
            "is_host": "Whether the author is the host of any thread; null if that is unknown for all their comments.",
            "author_id": (
                "Author: `<platform>:<own id>`. Without an id of their own, a hash of platform, publication and name."
            ),
        },
    ),
    "topics": Table(
        "dimensions",
        "one row per topic",
        "The topics that comments may have.",
        key=("topic_id",),
        columns=names("topic_id label version origin"),
    ),
    "entities": Table(
        "dimensions",
        "one row per thing mentioned",
        "Everything that comments mention, terms and quantities included, one row each.",
        key=("canonical_id",),
        columns=names("canonical_id canonical_name kind"),
        touched_by=("canonical_id",),
    ),
    "days": Table(
        "dimensions",
        "one row per day",
        "The calendar from the first to the last dated comment, with days that have no comments.",
        key=("created_on",),
        columns=names("created_on year quarter month month_on week_on weekday is_weekend"),
        required=("created_on",),
        meanings={
            "created_on": "The day.",
        },
    ),
    "platforms": Table(
        "dimensions",
        "one row per platform",
        "Where threads come from, and how many there are of each.",
        key=("platform",),
        columns=names("platform thread_count comment_count"),
    ),
}
