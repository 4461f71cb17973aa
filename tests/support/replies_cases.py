"""Threads for the tests of replies: our own, and any that a test makes."""

from pathlib import Path

import polars as pl

import threadmill
from threadmill.measure.replies.labelled import SCHEMA, read

THREADS = Path(__file__).with_name("threads.ndjson")
SOURCE = read(THREADS)
COMMENTS = SOURCE.comments


def make(*said: tuple[str | None, str], thread: str = "t", **columns) -> pl.DataFrame:
    """Comments of one thread from (author, text), with ids `<thread>/0`, `<thread>/1`, …"""
    rows = [
        (thread, f"{thread}/{k}", "blog", k, None, author, None, None, None, text)
        for k, (author, text) in enumerate(said)
    ]
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    return frame.with_columns(
        pl.Series(name, values, dtype=SCHEMA[name]) for name, values in columns.items()
    )


def chains(count: int) -> pl.DataFrame:
    """Return threads of strangers' unrelated remarks of which each answers the one before, as no words tell."""
    threads = []
    for n in range(count):
        said = [(f"a{n}{k}", f"word{n}{k} other{n}{k}") for k in range(12)]
        above = pl.col("comment_id").shift(1)
        threads.append(make(*said, thread=f"chain{n}").with_columns(parent_comment_id=above))
    return pl.concat(threads)


def parents(thread_id: str = "substack:kettle") -> dict[int, tuple]:
    """Return status, position of the parent, confidence and evidence of each comment of a published thread."""
    with threadmill.connect() as con:
        rows = con.execute(
            "select c.position, c.parent_status, p.position, r.confidence, r.evidence "
            "from comments c left join comments p on p.comment_id = c.parent_comment_id "
            "left join replies r on r.comment_id = c.comment_id "
            "where c.thread_id = ? order by 1",
            [thread_id],
        ).fetchall()
    return {row[0]: row[1:] for row in rows}
