"""The Superset dashboard, made from the schema: `python -m threadmill.docs` writes `assets/`.

A dataset per published table, with the meaning of each column and a metric for each count that may be summed, and
the views of `charts.py`, from which the dashboard is drawn.
"""

import json
import re
import sys
import uuid
from pathlib import Path
from typing import Any

import yaml

from threadmill import schema
from threadmill.schema import metrics

# Run as a script too, from anywhere.
sys.path.insert(0, str(Path(__file__).parent))
from charts import CHARTS, FILTERED, VIEWS, Chart, View

ASSETS = Path(__file__).parent / "assets"
DATABASE = "Threadmill"
URI = "duckdb:///data/processed/threads.duckdb"
"""`install.py` puts the project's own path in its place."""
VERSION = "1.0.0"
WIDTH = 12
"""Columns of a Superset dashboard."""
LOW, HIGH = 20, 52
"""Heights of charts, in Superset's units of 8 pixels."""

SUMMED_UNITS = {"comments", "replies", "likes", "mentions", "lines"}
"""Units of counts whose sum over rows counts nothing twice; authors and threads may be in several rows."""
NOT_SUMMED = {"descendant_count", "position"}
"""Counts along a path, and places."""
OVERLAPPING = {"entity_engagement", "entity_pairs", "citations"}
"""Tables in which a comment is in several rows: there only mentions may be summed."""

TITLES = {
    "created_on": "Day",
    "created_at": "Time",
    "label": "Topic",
    "name": "What",
    "url": "Address",
}
"""Titles of columns that aren't their names in words."""


def _uuid(*names: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, "/".join(("threadmill", "superset", *names))))


def _sums(table: str, column: str) -> bool:
    unit = schema.COLUMNS[column].unit
    if schema.TABLES[table].group not in metrics.GROUPS or column in NOT_SUMMED:
        return False
    return unit in SUMMED_UNITS and (table not in OVERLAPPING or unit == "mentions")


def _metric(column: str, meaning: str) -> dict[str, Any]:
    is_expectation = column.startswith("expected_")
    return {
        "metric_name": f"sum_{column}",
        "verbose_name": _title(column),
        "expression": f"SUM({column})",
        "description": meaning,
        "d3format": ",.1f" if is_expectation else ",d",
    }


def _title(name: str) -> str:
    """Return the name of a column as people read it."""
    return TITLES.get(name, name.replace("_", " ").capitalize())


def _column(name: str, column: str | tuple[str, str]) -> dict[str, Any]:
    if isinstance(column, str):
        kind, meaning = _describe_column(column, schema.COLUMNS[column].meaning)
    else:
        kind, meaning = column
    return {
        "column_name": name,
        "verbose_name": _title(name),
        "type": kind,
        "is_dttm": kind in {"DATE", "TIMESTAMP"},
        "groupby": True,
        "filterable": True,
        "description": meaning,
    }


def _describe_column(column: str, meaning: str) -> tuple[str, str]:
    """Return the type of `column`, and what it means with its unit."""
    unit = schema.COLUMNS[column].unit
    return schema.sql_type(column), meaning + (f" Unit: {unit}." if unit else "")


def _dataset(name: str) -> dict[str, Any]:
    """Return the dataset of the published table `name`."""
    table = schema.TABLES[name]
    meanings = {metric.name: metric.formula for metric in metrics.of(name)}
    summed = [column for column in table.columns if _sums(name, column)]
    return _describe(
        name,
        f"{table.meaning} Grain: {table.grain}.",
        None,
        {
            column: _describe_column(column, schema.get_meaning(name, column))
            for column in table.columns
        },
        [
            {
                "metric_name": "row_count",
                "verbose_name": "Rows",
                "expression": "COUNT(*)",
                "description": f"Rows: {table.grain}.",
                "d3format": ",d",
            },
            *(
                _metric(column, meanings.get(column, schema.get_meaning(name, column)))
                for column in summed
            ),
        ],
    )


def _view(name: str, view: View) -> dict[str, Any]:
    """Return the dataset of the view `name`."""
    return _describe(
        name,
        view.says,
        view.sql,
        view.columns,
        [
            {
                "metric_name": metric,
                "verbose_name": title,
                "expression": expression,
                "d3format": form,
            }
            for metric, (title, expression, form) in view.metrics.items()
        ],
    )


def _describe(
    name: str, says: str, sql: str | None, columns: Any, counts: list[dict[str, Any]]
) -> dict[str, Any]:
    times = ("created_at", "created_on", "published_at")
    return {
        "table_name": name,
        "description": says,
        "schema": "main",
        "sql": sql,
        "main_dttm_col": next((column for column in times if column in columns), None),
        "uuid": _uuid("dataset", name),
        "database_uuid": _uuid("database"),
        "version": VERSION,
        "columns": [_column(column, declared) for column, declared in columns.items()],
        "metrics": counts,
    }


def _conditions(chart: Chart) -> list[tuple[str, str, Any]]:
    """Return the chart's filters, and one that the dashboard's range of time takes the place of."""
    is_dated = chart.dataset in VIEWS and "created_on" in VIEWS[chart.dataset].columns
    return [*chart.filters, *([("created_on", "TEMPORAL_RANGE", "No filter")] if is_dated else [])]


def _params(chart: Chart) -> dict[str, Any]:
    """Return what Superset's own page makes its query and picture of."""
    filters = [
        {
            "clause": "WHERE",
            "expressionType": "SIMPLE",
            "subject": column,
            "operator": operator,
            "comparator": value,
        }
        for column, operator, value in _conditions(chart)
    ]
    params: dict[str, Any] = {
        "viz_type": chart.viz,
        "adhoc_filters": filters,
        "row_limit": chart.limit,
    }
    if chart.viz == "big_number_total":
        return params | {"metric": chart.metrics[0], "y_axis_format": chart.format}
    if chart.viz == "table":
        return params | _table_params(chart)
    if chart.viz == "graph_chart":
        source, target = chart.columns
        return params | {
            "source": source,
            "target": target,
            "metric": chart.metrics[0],
            "layout": "force",
            "repulsion": 350,
            "edgeLength": 60,
            "gravity": 0.35,
            "friction": 0.2,
            "edgeSymbol": "none,arrow",
            "baseEdgeWidth": 2,
            "show_legend": False,
            "roam": True,
        }
    return params | _bar_params(chart)


def _table_params(chart: Chart) -> dict[str, Any]:
    if chart.metrics:
        (first, ascending), *_ = chart.order
        return {
            "query_mode": "aggregate",
            "groupby": list(chart.columns),
            "metrics": list(chart.metrics),
            "timeseries_limit_metric": first,
            "order_desc": not ascending,
        }
    return {
        "query_mode": "raw",
        "all_columns": list(chart.columns),
        "order_by_cols": [json.dumps([column, ascending]) for column, ascending in chart.order],
        "table_timestamp_format": "%Y-%m-%d %H:%M",
        "column_config": {
            column: {"d3NumberFormat": ".0%"}
            for column in chart.columns
            if column.endswith("_share")
        },
    }


def _bar_params(chart: Chart) -> dict[str, Any]:
    (axis,), (first, ascending), (title, count_title) = chart.columns, chart.order[0], chart.axes
    across = {"xAxisForceCategorical": True, "x_axis_sort": first, "x_axis_sort_asc": ascending}
    if axis == "created_on":
        # As categories, days would be formatted as numbers: 0NaN.
        across = {
            "xAxisForceCategorical": False,
            "x_axis_time_format": "%Y-%m-%d",
            "time_grain_sqla": "P1D",
        }
    elif first != axis:
        across |= {"orientation": "horizontal", "x_axis_sort_asc": True, "order_desc": True}
    return across | {
        "x_axis": axis,
        "metrics": list(chart.metrics),
        "groupby": [],
        "y_axis_format": chart.format,
        "x_axis_title": title,
        "x_axis_title_margin": 30 if title else 0,
        "y_axis_title": count_title,
        "y_axis_title_margin": 40,
        "y_axis_title_position": "Left",
        "show_legend": False,
        "show_value": axis != "created_on",
    }


def _chart(chart: Chart) -> dict[str, Any]:
    query = {
        "columns": list(chart.columns),
        "metrics": list(chart.metrics) or None,
        "filters": [
            {"col": column, "op": operator, "val": value}
            for column, operator, value in _conditions(chart)
        ],
        "orderby": [list(order) for order in chart.order],
        "row_limit": chart.limit,
    }
    context = {
        "datasource": {"id": 0, "type": "table"},
        "force": False,
        "queries": [query],
        "form_data": _params(chart),
        "result_format": "json",
        "result_type": "full",
    }
    return {
        "slice_name": chart.name,
        "description": chart.says,
        "viz_type": chart.viz,
        "params": _params(chart),
        "query_context": json.dumps(context),
        "uuid": _uuid("chart", chart.name),
        "dataset_uuid": _uuid("dataset", chart.dataset),
        "version": VERSION,
    }


def _rows() -> list[list[Chart]]:
    """Return the charts in rows as wide as the dashboard."""
    rows: list[list[Chart]] = [[]]
    for chart in CHARTS:
        if sum(one.width for one in rows[-1]) + chart.width > WIDTH:
            rows.append([])
        rows[-1].append(chart)
    return rows


def _filters() -> list[dict[str, Any]]:
    """Return the dashboard's filters: each reaches the charts whose dataset has its column."""

    def describe(key: str, title: str, kind: str, target: dict[str, Any]) -> dict[str, Any]:
        column = key if key in FILTERED else "created_on"
        excluded = [
            number + 1
            for number, chart in enumerate(CHARTS)
            if column not in getattr(VIEWS.get(chart.dataset), "columns", ())
        ]
        return {
            "id": f"NATIVE_FILTER-{key}",
            "name": title,
            "type": "NATIVE_FILTER",
            "filterType": kind,
            "targets": [target],
            "controlValues": {"multiSelect": True, "enableEmptyFilter": False},
            "defaultDataMask": {"extraFormData": {}, "filterState": {}},
            "cascadeParentIds": [],
            "scope": {"rootPath": ["ROOT_ID"], "excluded": excluded},
        }

    facts = {"datasetUuid": _uuid("dataset", "comment_facts")}
    return [
        *(
            describe(key, key.capitalize(), "filter_select", facts | {"column": {"name": key}})
            for key in ("thread", "platform", "topic")
        ),
        describe("date", "Date", "filter_time", {}),
        describe("grain", "Bars per", "filter_timegrain", dict(facts)),
    ]


def _dashboard() -> dict[str, Any]:
    root = ["ROOT_ID", "GRID_ID"]
    position: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        "HEADER_ID": {"id": "HEADER_ID", "type": "HEADER", "meta": {"text": "Threadmill"}},
        "ROOT_ID": {"id": "ROOT_ID", "type": "ROOT", "children": ["GRID_ID"]},
        "GRID_ID": {"id": "GRID_ID", "type": "GRID", "parents": ["ROOT_ID"], "children": []},
    }
    for number, row in enumerate(_rows()):
        name = f"ROW-{number}"
        position["GRID_ID"]["children"].append(name)
        children = [f"CHART-{_uuid('chart', chart.name)[:8]}" for chart in row]
        position[name] = {
            "id": name,
            "type": "ROW",
            "parents": root,
            "children": children,
            "meta": {"background": "BACKGROUND_TRANSPARENT"},
        }
        for chart, key in zip(row, children, strict=True):
            position[key] = {
                "id": key,
                "type": "CHART",
                "parents": [*root, name],
                "children": [],
                "meta": {
                    "chartId": CHARTS.index(chart) + 1,
                    "uuid": _uuid("chart", chart.name),
                    "sliceName": chart.name,
                    "width": chart.width,
                    "height": LOW if chart.width < WIDTH / 2 else HIGH,
                },
            }
    return {
        "dashboard_title": "Threadmill",
        "description": "Who talks with whom, what goes unanswered, what it is about, and how sure that is.",
        "slug": "threadmill",
        "uuid": _uuid("dashboard"),
        "position": position,
        "metadata": {
            "native_filter_configuration": _filters(),
            "filter_bar_orientation": "HORIZONTAL",
            "cross_filters_enabled": True,
            "color_scheme": "supersetColors",
        },
        "version": VERSION,
        "published": True,
    }


def assets() -> dict[str, str]:
    """Return every file of the importable bundle by its path, as YAML."""
    files: dict[str, Any] = {
        "metadata.yaml": {"version": VERSION, "type": "Dashboard"},
        f"databases/{DATABASE}.yaml": {
            "database_name": DATABASE,
            "sqlalchemy_uri": URI,
            "expose_in_sqllab": True,
            "allow_dml": False,
            "extra": {"engine_params": {"connect_args": {"read_only": True}}},
            "uuid": _uuid("database"),
            "version": VERSION,
        },
        "dashboards/Threadmill.yaml": _dashboard(),
    }
    for name in schema.TABLES:
        files[f"datasets/{DATABASE}/{name}.yaml"] = _dataset(name)
    for name, view in VIEWS.items():
        files[f"datasets/{DATABASE}/{name}.yaml"] = _view(name, view)
    for chart in CHARTS:
        name = re.sub(r"\W+", "_", chart.name).strip("_")
        files[f"charts/{name}.yaml"] = _chart(chart)
    return {
        path: yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=110)
        for path, said in files.items()
    }


if __name__ == "__main__":
    for path in ASSETS.rglob("*.yaml"):
        path.unlink()
    for path, text in assets().items():
        (ASSETS / path).parent.mkdir(parents=True, exist_ok=True)
        (ASSETS / path).write_text(text, encoding="utf-8")
