"""What the queries of `sql/` cost on invented parsed tables; no pages are read."""

from collections.abc import Callable
from pathlib import Path

from threadmill.measure.bench import warehouse
from threadmill.measure.bench.cases.base import case


def _copy(raw: Path, scratch: Path, table: str) -> None:
    """Read what the queries read most of, and write it again."""
    import duckdb

    with duckdb.connect() as con:
        con.execute("set enable_progress_bar = false")
        con.read_parquet(str(raw / table / "*.parquet")).write_parquet(
            str(scratch / f"{table}.parquet"), compression="zstd"
        )


def _write(raw: Path, folder: Path, wanted: Callable[[str], bool]) -> None:
    """Write the tables of the `wanted` models and steps to `folder`, from the parsed tables in `raw`."""
    from threadmill.models import running

    folder.mkdir()
    for path in raw.iterdir():
        (folder / path.name).symlink_to(path)
    with running.open_tables(folder, None) as con:
        running.run(con, folder, lambda name, work: work() if wanted(name.split()[-1]) else None)


@case(corpus=warehouse.threads_of, by_default=False, is_shown=False)
def copy_threads(raw: Path, scratch: Path) -> None:
    """Read and write the comments of `engagement`."""
    _copy(raw, scratch, "comments")


@case(corpus=warehouse.threads_of, against="copy_threads", by_default=False)
def engagement(raw: Path, scratch: Path) -> None:
    """Write all tables of `sql/engagement/` and `sql/quality/`, and the dimensions that they read."""
    from threadmill import schema
    from threadmill.models import dependencies

    wanted = {
        name for name, table in schema.TABLES.items() if table.group in ("engagement", "quality")
    }
    read = {table for name in wanted for table in dependencies.reads(dependencies.queries()[name])}
    wanted |= read & {name for name, table in schema.TABLES.items() if table.group == "dimensions"}
    wanted |= {
        name
        for name, family in dependencies.intermediate_families().items()
        if read & family.keys()
    }
    _write(raw, scratch / "engagement", wanted.__contains__)


@case(corpus=warehouse.texts_of, by_default=False, is_shown=False)
def copy_texts(raw: Path, scratch: Path) -> None:
    """Read and write the texts of `assign_topics`."""
    _copy(raw, scratch, "comments")


@case(corpus=warehouse.texts_of, against="copy_texts", by_default=False)
def assign_topics(raw: Path, scratch: Path) -> None:
    """Give comments their topics: cut words, look them up, write `comment_topics`."""
    _write(raw, scratch / "assigned", {"words", "comment_topics"}.__contains__)


@case(corpus=warehouse.texts_of, against="copy_texts", by_default=False)
def find_keywords(raw: Path, scratch: Path) -> None:
    """Find the words that set each thread apart: cut words, count them, write `thread_keywords`."""
    _write(raw, scratch / "keywords", {"words", "thread_keywords"}.__contains__)
