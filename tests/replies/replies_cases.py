"""Threads for the tests of replies: our own, and any that a test makes."""

from pathlib import Path

import polars as pl

from flows.replies.labelled import SCHEMA, read

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
