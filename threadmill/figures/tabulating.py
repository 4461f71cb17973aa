"""Make the published tables of a release: counts rounded, what is suppressed null."""

import json
from datetime import timedelta
from typing import Any

import polars as pl

from threadmill import schema
from threadmill.figures.counting import SEPARATOR, list_keys, list_said
from threadmill.figures.releasing import OVERALL, PARTITIONS, SHOWN, Released
from threadmill.figures.rounding import round_counts
from threadmill.figures.rules import COMPLEMENTARY, DOMINATED, FEW
from threadmill.privacy.keys import Key
from threadmill.schema.base import COUNT, DAY, NUMBER, TEXT, TRUTH

WEEKS, SUPPRESSION = "week_figures", "suppression"
LISTED_IF_SHOWN = ("entity_figures",)
"""Tables whose suppressed cells aren't listed: that anybody mentioned it may name a person."""
_TYPES = {TEXT: pl.String, COUNT: pl.Int64, NUMBER: pl.Float64, DAY: pl.Date, TRUTH: pl.Boolean}
_WEEK = timedelta(days=7)


def tabulate(released: Released, key: Key, k: int) -> dict[str, pl.DataFrame]:
    """Return the rows of each table of figures, as `schema.FIGURES` declares them."""
    names = [name for name in schema.figures.TABLES if name != SUPPRESSION]
    found = {name: _tabulate(name, released.select(name).cells, key, k) for name in names}
    shown = {name: rows.filter(SHOWN) for name, rows in found.items()}
    sums = {name: int(shown[name]["comment_count"].sum()) for name in PARTITIONS}
    whole = sums[OVERALL]
    rows = []
    for name in names:
        cells = released.select(name).cells
        reasons = cells["suppressed_reason"].value_counts()
        counts = dict(reasons.rows())
        share = None
        if whole and name in PARTITIONS:
            share = round(sums[name] / whole, 2)
        rows.append(
            (
                name,
                shown[name].height,
                *(counts.get(one, 0) for one in (FEW, DOMINATED, COMPLEMENTARY)),
                share,
            )
        )
    columns = dict(
        zip(
            schema.DECLARED[SUPPRESSION].columns,
            (pl.String, *[pl.Int64] * 4, pl.Float64),
            strict=True,
        )
    )
    suppression = pl.DataFrame(rows, columns, orient="row")
    rounded = [
        round_counts(key, SUPPRESSION, name, suppression["table_name"], suppression[name])
        for name in columns
        if name.endswith("_cell_count") and name != "shown_cell_count"
    ]
    return found | {SUPPRESSION: suppression.with_columns(rounded).sort("table_name")}


def _tabulate(table: str, cells: pl.DataFrame, key: Key, k: int) -> pl.DataFrame:
    declared = schema.DECLARED[table]
    counted = "reply_count" if "reply_count" in declared.columns else "comment_count"
    if table in LISTED_IF_SHOWN:
        cells = cells.filter(SHOWN)
    rows = cells.with_columns(
        *_parse_keys(table, k),
        *_parse_said(table, cells),
        round_counts(key, table, counted, cells["cell"], cells["amount"]).alias(counted),
        round_counts(key, table, "author_count", cells["cell"], cells["author_count"]),
    )
    figures = [counted, "author_count", "released_on"]
    figures += [name for name in ("median_response_s", "reached_depth") if name in declared.columns]
    # Of what is suppressed by now, what was shown before is known to the next release alone.
    rows = rows.with_columns(pl.when(SHOWN).then(name).alias(name) for name in figures)
    if table == WEEKS:
        rows = _list_weeks(rows)
    return rows.select(declared.columns).sort(declared.key)


def _parse_keys(table: str, k: int) -> list[pl.Expr]:
    keys = list_keys(table)
    if not keys:
        return [pl.lit(k, pl.Int64).alias(schema.DECLARED[table].key[0])]
    parts = pl.col("cell").str.split(SEPARATOR)
    return [_cast(parts.list.get(number), name) for number, name in enumerate(keys)]


def _cast(text: pl.Expr, name: str) -> pl.Expr:
    type_ = schema.COLUMNS[name].type
    if type_ == TRUTH:
        return (text == "true").alias(name)
    return (text.str.to_date() if type_ == DAY else text.cast(_TYPES[type_])).alias(name)


def _parse_said(table: str, cells: pl.DataFrame) -> list[pl.Series]:
    said = [json.loads(text) for text in cells["said"]]
    return [
        pl.Series(name, [one[name] for one in said], dtype=_TYPES[schema.COLUMNS[name].type])
        for name in list_said(table)
    ]


def _list_weeks(rows: pl.DataFrame) -> pl.DataFrame:
    """Return a row for each week from the first that is shown to the last; others would tell that somebody wrote."""
    weeks = rows.filter(SHOWN)["week_on"]
    if weeks.is_empty():
        return rows.clear()
    every = pl.select(week_on=pl.date_range(weeks.min(), weeks.max(), _WEEK))  # type: ignore[arg-type]
    listed = every.join(rows, on="week_on", how="left")
    is_empty = pl.col("suppressed_reason").is_null() & pl.col("comment_count").is_null()
    return listed.with_columns(
        suppressed_reason=pl.when(is_empty).then(pl.lit(FEW)).otherwise("suppressed_reason")
    )


def sum_up(found: dict[str, pl.DataFrame]) -> dict[str, Any]:
    """Return the figures of a run's summary, of published tables alone: a reader of the manifest knows no more."""
    overall = found[OVERALL].with_columns(pl.col("comment_count", "author_count").fill_null(0))
    comments, authors = (
        overall.select("comment_count", "author_count").row(0) if overall.height else (0, 0)
    )
    shown = dict(found[SUPPRESSION].select("table_name", "shown_cell_count").iter_rows())
    return {
        "threads": shown["thread_figures"],
        "comments": comments,
        "authors": authors,
        "rejects": 0,
        "shown": [[name, shown[name]] for name in found if name != SUPPRESSION],
    }
