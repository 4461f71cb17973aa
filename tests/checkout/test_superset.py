"""What is imported into Superset is made from the schema, and its figures are ones that SQL gives."""

import subprocess
import sys

import duckdb
import pytest
import yaml
from support import CHECKOUT

from threadmill import schema
from threadmill.publish import catalog

FOLDER = CHECKOUT / "bi" / "superset"
sys.path.insert(0, str(FOLDER))
import dashboard  # noqa: E402

DATASETS = [*schema.TABLES, *dashboard.VIEWS]


def test_the_bundle_is_up_to_date():
    written = {
        path.relative_to(FOLDER / "assets").as_posix(): path.read_text(encoding="utf-8")
        for path in (FOLDER / "assets").rglob("*.yaml")
    }
    assert written == dashboard.assets(), "run: python -m threadmill.docs"


@pytest.mark.parametrize("chart", dashboard.CHARTS, ids=lambda chart: chart.name)
def test_a_charts_sql_gives_what_the_chart_asks_for(chart, milled):
    with catalog.connect(milled) as con:
        names = [column[0] for column in con.execute(chart.sql).description]
    assert names == [*chart.columns, *chart.metrics]


OPERATORS = {"==": "= ?", "!=": "<> ?"}


@pytest.mark.parametrize("chart", dashboard.CHARTS, ids=lambda chart: chart.name)
def test_a_view_gives_what_our_sql_gives(chart, milled):
    """What Superset asks, made here without it; tests/slow asks it."""
    view = dashboard.VIEWS.get(chart.dataset)
    source = f"({view.sql})" if view else chart.dataset
    counts = [f"{view.metrics[name][1]} as {name}" for name in chart.metrics]
    kept = [(c, value) for c, op, value in chart.filters if op in ("==", "!=")]
    conditions = [f"{column} {OPERATORS.get(op, op)}" for column, op, _ in chart.filters]
    query = f"select {', '.join([*chart.columns, *counts])} from {source}"
    if conditions:
        query += f" where {' and '.join(conditions)}"
    if chart.columns and counts:
        query += " group by " + ", ".join(chart.columns)
    if chart.order:
        query += " order by " + ", ".join(f"{c} {'asc' if up else 'desc'}" for c, up in chart.order)
    with catalog.connect(milled) as con:
        found = con.execute(f"{query} limit {chart.limit}", [v for _, v in kept]).fetchall()
        expected = con.execute(chart.sql).fetchall()
    assert len(found) == len(expected)
    for row, ours in zip(found, expected, strict=True):
        assert list(row) == [pytest.approx(v) if isinstance(v, float) else v for v in ours]


@pytest.mark.parametrize("name", DATASETS)
def test_a_datasets_columns_and_metrics_can_be_asked(name, milled):
    said = yaml.safe_load(dashboard.assets()[f"datasets/Threadmill/{name}.yaml"])
    source = f"({said['sql']})" if said["sql"] else name
    expressions = [metric["expression"] for metric in said["metrics"]] or ["count(*)"]
    with catalog.connect(milled) as con:
        columns = con.execute(f"describe select * from {source}").fetchall()
        con.execute(f"select {', '.join(expressions)} from {source}")
    assert [row[:2] for row in columns] == [
        (column["column_name"], column["type"]) for column in said["columns"]
    ]
    assert all(column["description"] for column in said["columns"])


def test_nothing_is_installed_before_there_are_tables(tmp_path):
    script, places = FOLDER / "install.py", ["--processed", tmp_path, "--venv", tmp_path / "venv"]
    ended = subprocess.run(
        [sys.executable, script, *places], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert ended.stderr == f"{tmp_path}: nothing is published here yet; `threadmill run` does it\n"
    assert not list(tmp_path.iterdir())


def test_sums_count_nothing_twice(milled):
    """The sums of a table by thread, author or day are those of the comments."""
    with duckdb.connect(str(milled / "threads.duckdb"), read_only=True) as con:
        comments, replies = con.execute(
            "select (select count(*) from comments), (select count(*) from replies)"
        ).fetchall()[0]
        for table in ("thread_engagement", "author_engagement", "capture_completeness"):
            said = yaml.safe_load(dashboard.assets()[f"datasets/Threadmill/{table}.yaml"])
            summed = {metric["metric_name"]: metric["expression"] for metric in said["metrics"]}
            for name, count in (("sum_comment_count", comments), ("sum_reply_count", replies)):
                if name in summed:
                    found = con.execute(f"select {summed[name]} from {table}").fetchall()
                    assert found == [(count,)], (table, name)
    overlapping = yaml.safe_load(dashboard.assets()["datasets/Threadmill/entity_engagement.yaml"])
    named = {metric["metric_name"] for metric in overlapping["metrics"]}
    assert named == {"row_count", "sum_mention_count"}
