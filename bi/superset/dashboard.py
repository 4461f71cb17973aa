"""The Superset dashboard, made from the schema: `python -m threadmill.docs` writes `assets/`.

A dataset per published table, with the meaning of each column and a metric for each count that may be summed, and
one that joins names to the reply network. A chart has the query that Superset asks, and our SQL that must give the
same.
"""

import json
import uuid
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from threadmill import schema
from threadmill.schema import metrics

ASSETS = Path(__file__).parent / "assets"
DATABASE = "Threadmill"
URI = "duckdb:///data/processed/threads.duckdb"
"""`install.py` puts the project's own path in its place."""
VERSION = "1.0.0"
WIDTH = 12
"""Columns of a Superset dashboard."""

SUMMED_UNITS = {"comments", "replies", "likes", "mentions", "lines"}
"""Units of counts whose sum over rows counts nothing twice; authors and threads may be in several rows."""
NOT_SUMMED = {"descendant_count", "position"}
"""Counts along a path, and places."""
OVERLAPPING = {"entity_engagement", "entity_pairs", "citations"}
"""Tables in which a comment is in several rows: there only mentions may be summed."""

NETWORK = "reply_network"
NETWORK_SQL = """\
select
    author.author_name as author,
    partner.author_name as answers,
    pairs.reply_count,
    pairs.expected_reply_count,
    pairs.mention_count
from author_pairs pairs
join author_engagement author on author.author_id = pairs.author_id
join author_engagement partner on partner.author_id = pairs.partner_author_id
"""
NETWORK_COLUMNS = {
    "author": "author_name",
    "answers": "author_name",
    "reply_count": "reply_count",
    "expected_reply_count": "expected_reply_count",
    "mention_count": "mention_count",
}


class Chart(NamedTuple):
    """A chart: what Superset shows and asks, and our SQL for the same figures."""

    name: str
    says: str
    dataset: str
    viz: str
    width: int
    sql: str
    columns: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    order: tuple[tuple[str, bool], ...] = ()
    """Column or metric, and whether it ascends."""
    filters: tuple[tuple[str, str, Any], ...] = ()
    limit: int = 1000
    format: str = "SMART_NUMBER"


CHARTS = (
    Chart(
        "Comments", "Comments captured, deleted ones included.",
        "thread_engagement", "big_number_total", 3,
        "select sum(comment_count)::bigint as sum_comment_count from thread_engagement",
        metrics=("sum_comment_count",),
    ),
    Chart(
        "Replies, expected", "The sum of the probabilities: the number to trust where replies were inferred.",
        "thread_engagement", "big_number_total", 3,
        "select sum(expected_reply_count) as sum_expected_reply_count from thread_engagement",
        metrics=("sum_expected_reply_count",), format=",.1f",
    ),
    Chart(
        "Open questions", "Questions that nobody has answered.",
        "questions", "big_number_total", 3,
        "select count(*) as row_count from questions where answer_status = 'open'",
        metrics=("row_count",), filters=(("answer_status", "==", "open"),),
    ),
    Chart(
        "Published", "The run you are looking at.",
        "runs", "table", 3,
        "select published_at, run_id from runs",
        columns=("published_at", "run_id"),
    ),
    Chart(
        "Capture", "How much of each thread the capture holds.",
        "capture_completeness", "table", 6,
        "select source_path, declared_comment_count, comment_count, captured_share from capture_completeness"
        " order by source_path",
        columns=("source_path", "declared_comment_count", "comment_count", "captured_share"),
        order=(("source_path", True),),
    ),
    Chart(
        "How sure the replies are", "Inferred replies by tenth of confidence.",
        "reply_confidence", "echarts_timeseries_bar", 6,
        "select confidence_from, sum(reply_count)::bigint as sum_reply_count from reply_confidence"
        " where is_inferred group by all order by 1",
        columns=("confidence_from",), metrics=("sum_reply_count",), order=(("confidence_from", True),),
        filters=(("is_inferred", "IS TRUE", None),),
    ),
    Chart(
        "Who answers whom", "Expected replies between authors.",
        NETWORK, "graph_chart", 6,
        "select author, answers, sum(expected_reply_count) as sum_expected_reply_count"
        f" from ({NETWORK_SQL}) group by all order by 3 desc, 1, 2 limit 30",
        columns=("author", "answers"), metrics=("sum_expected_reply_count",),
        order=(("sum_expected_reply_count", False), ("author", True), ("answers", True)), limit=30,
    ),
    Chart(
        "Authors", "What each gives and draws.",
        "author_engagement", "table", 6,
        "select author_name, comment_count, reply_count, expected_received_reply_count, question_count"
        " from author_engagement order by expected_received_reply_count desc, author_name limit 50",
        columns=("author_name", "comment_count", "reply_count", "expected_received_reply_count", "question_count"),
        order=(("expected_received_reply_count", False), ("author_name", True)), limit=50,
    ),
    Chart(
        "Unanswered questions", "What was asked, and nobody has answered.",
        "questions", "table", 6,
        "select author_name, question, expected_reply_count from questions where answer_status = 'open'"
        " order by expected_reply_count, comment_id limit 50",
        columns=("author_name", "question", "expected_reply_count"),
        order=(("expected_reply_count", True), ("comment_id", True)),
        filters=(("answer_status", "==", "open"),), limit=50,
    ),
    Chart(
        "Topics by talk drawn", "A comment may have several topics, so these don't add up to all replies.",
        "topic_engagement", "table", 6,
        "select label, comment_count, author_count, expected_reply_count, answered_share, has_enough_comments"
        " from topic_engagement order by expected_reply_count desc, label limit 25",
        columns=(
            "label", "comment_count", "author_count", "expected_reply_count", "answered_share", "has_enough_comments",
        ),
        order=(("expected_reply_count", False), ("label", True)), limit=25,
    ),
    Chart(
        "Mentions by kind", "What sort of thing is mentioned.",
        "entity_engagement", "pie", 6,
        "select kind, sum(mention_count)::bigint as sum_mention_count from entity_engagement"
        " group by all order by 2 desc, 1 limit 12",
        columns=("kind",), metrics=("sum_mention_count",),
        order=(("sum_mention_count", False), ("kind", True)), limit=12,
    ),
    Chart(
        "What is cited", "Publications, trials and addresses, and whether the host reacts.",
        "citations", "table", 6,
        "select kind, canonical_name, author_name, is_answered_by_host from citations"
        " order by canonical_id, comment_id limit 100",
        columns=("kind", "canonical_name", "author_name", "is_answered_by_host"),
        order=(("canonical_id", True), ("comment_id", True)), limit=100,
    ),
    Chart(
        "Depth", "Comments by nesting level; the best tree.",
        "comments", "echarts_timeseries_bar", 6,
        "select depth, count(*) as row_count from comments where depth is not null group by all order by 1",
        columns=("depth",), metrics=("row_count",), order=(("depth", True),),
        filters=(("depth", "IS NOT NULL", None),),
    ),
    Chart(
        "Comments by day", "Of what is dated; a copied page often isn't.",
        "daily_engagement", "echarts_timeseries_bar", 6,
        "select created_on, sum(comment_count)::bigint as sum_comment_count from daily_engagement"
        " group by all order by 1",
        columns=("created_on",), metrics=("sum_comment_count",), order=(("created_on", True),),
    ),
)  # fmt: skip


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
        "verbose_name": column.replace("_", " "),
        "expression": f"SUM({column})",
        "description": meaning,
        "d3format": ",.1f" if is_expectation else ",d",
    }


def _column(table: str, name: str, column: str) -> dict[str, Any]:
    unit = schema.COLUMNS[column].unit
    kind = schema.sql_type(column)
    return {
        "column_name": name,
        "type": kind,
        "is_dttm": kind in {"DATE", "TIMESTAMP"},
        "groupby": True,
        "filterable": True,
        "description": schema.get_meaning(table, column) + (f" Unit: {unit}." if unit else ""),
    }


def _dataset(name: str) -> dict[str, Any]:
    """Return the dataset `name`: a published table, or the network."""
    is_table = name in schema.TABLES
    named = (
        {column: column for column in schema.TABLES[name].columns} if is_table else NETWORK_COLUMNS
    )
    meanings = {metric.name: metric.formula for metric in metrics.of(name)} if is_table else {}
    summed = [
        column for column in named.values() if _sums(name if is_table else "author_pairs", column)
    ]
    source = name if is_table else "author_pairs"
    table = schema.TABLES[source]
    return {
        "table_name": name,
        "description": f"{table.meaning} Grain: {table.grain}.",
        "schema": "main",
        "sql": None if is_table else NETWORK_SQL,
        "main_dttm_col": next(
            (c for c in ("created_at", "created_on", "published_at") if c in named), None
        ),
        "uuid": _uuid("dataset", name),
        "database_uuid": _uuid("database"),
        "version": VERSION,
        "columns": [_column(source, label, column) for label, column in named.items()],
        "metrics": [
            {
                "metric_name": "row_count",
                "verbose_name": "rows",
                "expression": "COUNT(*)",
                "description": f"Rows: {table.grain}.",
                "d3format": ",d",
            },
            *(
                _metric(column, meanings.get(column, schema.get_meaning(source, column)))
                for column in summed
            ),
        ],
    }


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
        for column, operator, value in chart.filters
    ]
    params: dict[str, Any] = {
        "viz_type": chart.viz,
        "adhoc_filters": filters,
        "row_limit": chart.limit,
    }
    if chart.viz == "big_number_total":
        return params | {"metric": chart.metrics[0], "y_axis_format": chart.format}
    if chart.viz == "table":
        order = [json.dumps([column, ascending]) for column, ascending in chart.order]
        return params | {
            "query_mode": "raw",
            "all_columns": list(chart.columns),
            "order_by_cols": order,
            "column_config": {
                column: {"d3NumberFormat": ".0%" if column.endswith("_share") else ",.1f"}
                for column in chart.columns
                if schema.sql_type(column) == "DOUBLE"
            },
        }
    if chart.viz == "pie":
        return params | {
            "groupby": list(chart.columns),
            "metric": chart.metrics[0],
            "show_legend": True,
        }
    if chart.viz == "graph_chart":
        source, target = chart.columns
        edges = {"source": source, "target": target, "metric": chart.metrics[0]}
        return params | edges | {"layout": "force", "edgeSymbol": "none,arrow", "roam": True}
    axis = {"xAxisForceCategorical": True, "x_axis_sort": chart.columns[0], "x_axis_sort_asc": True}
    if schema.sql_type(chart.columns[0]) == "DATE":
        # As categories, days were formatted as numbers: 0NaN.
        axis = {"xAxisForceCategorical": False, "x_axis_time_format": "%Y-%m-%d"}
    return (
        params
        | axis
        | {
            "x_axis": chart.columns[0],
            "metrics": list(chart.metrics),
            "groupby": [],
            "y_axis_format": chart.format,
        }
    )


def _chart(chart: Chart) -> dict[str, Any]:
    query = {
        "columns": list(chart.columns),
        "metrics": list(chart.metrics) or None,
        "filters": [
            {"col": column, "op": operator, "val": value}
            for column, operator, value in chart.filters
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
                    "chartId": 0,
                    "uuid": _uuid("chart", chart.name),
                    "sliceName": chart.name,
                    "width": chart.width,
                    "height": 24 if chart.width < WIDTH / 2 else 50,
                },
            }
    return {
        "dashboard_title": "Threadmill",
        "description": "Who talks with whom, what goes unanswered, what it is about, and how sure that is.",
        "slug": "threadmill",
        "uuid": _uuid("dashboard"),
        "position": position,
        "metadata": {},
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
    for name in (*schema.TABLES, NETWORK):
        files[f"datasets/{DATABASE}/{name}.yaml"] = _dataset(name)
    for chart in CHARTS:
        files[f"charts/{chart.name.replace(' ', '_').replace(',', '')}.yaml"] = _chart(chart)
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
