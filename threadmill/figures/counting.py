"""Count the cells of each table of figures, and who is behind them: `sql/figures/<table>.sql` has a row per comment."""

from typing import NamedTuple

import duckdb
import polars as pl

from threadmill import paths, schema

MINUTE_S, HOUR_S, DAY_S = 60, 3_600, 86_400
STEPS_S = (
    *(MINUTE_S, 5 * MINUTE_S, 15 * MINUTE_S, HOUR_S, 3 * HOUR_S, 12 * HOUR_S),
    *(DAY_S, 3 * DAY_S, 7 * DAY_S, 30 * DAY_S, 365 * DAY_S),
)
"""Medians are steps of this ladder: an exact one is the time of one reply."""
SEPARATOR = "\x1f"
"""Between the values of a cell's key."""
MEASURES = ("author_id", "response_s", "depth")
"""Columns of a query that don't say what cell a comment is in."""
BEHIND = pl.Schema({"cell": pl.String, "author": pl.String, "amount": pl.Int64})
"""Who is behind a cell, and with how many comments."""
CELLS = pl.Schema(
    {
        "cell": pl.String,
        "said": pl.String,
        "amount": pl.Int64,
        "author_count": pl.Int64,
        "median_response_s": pl.Int64,
        "reached_depth": pl.Int64,
    }
)
"""A cell by its key, what is `said` of it besides, and its figures."""


class Counted(NamedTuple):
    """What is counted for one table."""

    cells: pl.DataFrame
    """All cells there are, as `CELLS`; those without an author have 0."""
    behind: pl.DataFrame
    """As `BEHIND`."""


def list_tables() -> list[str]:
    """Return the tables that are counted, in declared order."""
    return [name for name in schema.figures.TABLES if read_query(name)]


def read_query(table: str) -> str:
    """Return the query of `table`; empty if it is made of the others."""
    path = paths.sql_folder() / "figures" / f"{table}.sql"
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def list_keys(table: str) -> tuple[str, ...]:
    """Return the columns that say which cell a row of `table` is; none where there is only one."""
    return () if table == "overall_figures" else schema.DECLARED[table].key


def list_said(table: str) -> list[str]:
    """Return the columns of `table` that say more of a cell."""
    counted = {"comment_count", "reply_count", *CELLS, "suppressed_reason", "released_on"}
    declared = schema.DECLARED[table]
    return [name for name in declared.columns if name not in counted | {*declared.key}]


def count(con: duckdb.DuckDBPyConnection, table: str, k: int) -> Counted:
    """Return what the query of `table` counts in the tables that `con` sees.

    A comment whose key has a null is in no cell, and a cell may have no comment. An author's name isn't needed, nor
    anything else than who is the same.
    """
    query, keys, said = read_query(table).rstrip("; \n"), list_keys(table), list_said(table)
    key = ", ".join(f"{name}::varchar" for name in keys)
    cell = f"concat_ws('{SEPARATOR}', {key})" if keys else "''"
    listed = ", ".join(f"'{name}', {name}" for name in said)
    known = " and ".join(f"{name} is not null" for name in keys) or "true"
    con.execute(
        f"create or replace temp table counted_comments as select {cell} as cell, "
        f"json_object({listed})::varchar as said, author_id as author, response_s, depth from ({query}) where {known}"
    )
    cells = _ask(con, "select cell, min(said) as said from counted_comments group by all")
    behind = _ask(
        con,
        "select cell, author, count(*)::bigint as amount from counted_comments "
        "where author is not null group by all",
    )
    sums = behind.group_by("cell").agg(amount=pl.col("amount").sum(), author_count=pl.len())
    cells = (
        cells.join(sums, on="cell", how="left")
        .join(_find_medians(con, k), on="cell", how="left")
        .join(_find_depths(con, k), on="cell", how="left")
        .with_columns(pl.col("amount", "author_count").fill_null(0).cast(pl.Int64))
    )
    con.execute("drop table counted_comments")
    return Counted(cells.select(list(CELLS)).cast(CELLS), behind.select(list(BEHIND)).cast(BEHIND))


def _ask(con: duckdb.DuckDBPyConnection, query: str) -> pl.DataFrame:
    return pl.DataFrame(con.sql(query).to_arrow_table())


def _find_medians(con: duckdb.DuckDBPyConnection, k: int) -> pl.DataFrame:
    """Return cell, median_response_s: the step of the median, where k authors answered within it and k not before."""
    step = " ".join(f"when response_s <= {limit} then {at}" for at, limit in enumerate(STEPS_S))
    waits = _ask(
        con,
        f"select cell, author, case {step} else {len(STEPS_S)} end as step, count(*)::bigint as amount "
        "from counted_comments where response_s >= 0 and author is not null group by all",
    )
    total = pl.col("amount").sum().over("cell")
    so_far = pl.col("amount").cum_sum().over("cell")
    steps = waits.group_by("cell", "step").agg(pl.col("amount").sum()).sort("cell", "step")
    middle = (
        steps.filter(2 * so_far >= total)
        .group_by("cell")
        .agg(median=pl.col("step").min())
        .join(waits, on="cell")
    )
    known = middle.group_by("cell", "median").agg(
        within=pl.col("author").filter(pl.col("step") <= pl.col("median")).n_unique(),
        not_before=pl.col("author").filter(pl.col("step") >= pl.col("median")).n_unique(),
    )
    steps_s = dict(enumerate(STEPS_S))
    return known.filter(
        pl.col("within") >= k, pl.col("not_before") >= k, pl.col("median") < len(STEPS_S)
    ).select(
        "cell",
        median_response_s=pl.col("median").replace_strict(steps_s, return_dtype=pl.Int64),
    )


def _find_depths(con: duckdb.DuckDBPyConnection, k: int) -> pl.DataFrame:
    """Return cell, reached_depth: where it is k authors' greatest depths that are no less."""
    deepest = _ask(
        con,
        "select cell, author, max(depth)::bigint as depth from counted_comments "
        "where depth is not null and author is not null group by all",
    )
    some = deepest.filter(pl.len().over("cell") >= k)
    return some.group_by("cell").agg(reached_depth=pl.col("depth").top_k(k).min())
