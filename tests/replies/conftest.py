from pathlib import Path

import polars as pl
import pytest

from flows.replies.labelled import SCHEMA, Source, read

THREADS = Path(__file__).with_name("threads.ndjson")


@pytest.fixture(scope="session")
def source() -> Source:
    return read(THREADS)


@pytest.fixture(scope="session")
def comments(source: Source) -> pl.DataFrame:
    return source.comments


@pytest.fixture
def make():
    """Comments of one thread from (author, text), with ids `<thread>/0`, `<thread>/1`, …"""

    def made(*said: tuple[str | None, str], thread: str = "t", **columns) -> pl.DataFrame:
        rows = [
            (thread, f"{thread}/{k}", "blog", k, None, author, None, None, None, text)
            for k, (author, text) in enumerate(said)
        ]
        frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
        return frame.with_columns(
            pl.Series(name, values, dtype=SCHEMA[name]) for name, values in columns.items()
        )

    return made
