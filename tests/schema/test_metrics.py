"""The contract of the metrics: every one has it, and the page says it."""

from pathlib import Path

import pytest
from support import model_cases

from threadmill import schema
from threadmill.schema import metrics

CASES = [model_cases.read(path) for path in model_cases.case_files()]
PAGE = Path(__file__).parents[2] / "docs" / "metrics.md"
# What names, tells or dates a row measures nothing.
NO_METRICS = {
    *("is_host", "created_at", "created_on", "first_created_on", "last_created_on"),
    *("is_inferred", "confidence_from", "confidence_to"),
}
MEASURED = [
    (table, column)
    for table, declared in schema.TABLES.items()
    if declared.group in metrics.GROUPS
    for column in declared.columns
    if schema.COLUMNS[column].type != schema.TEXT and column not in NO_METRICS
]


def test_every_measured_column_has_one_contract():
    said = [(table, metric.name) for metric in metrics.METRICS for table in metric.tables.split()]
    assert sorted(said) == sorted(MEASURED)


@pytest.mark.parametrize("metric", metrics.METRICS, ids=lambda metric: metric.name)
def test_a_metric_that_is_never_null_may_not_be_null(metric):
    nullable = [schema.is_nullable(table, metric.name) for table in metric.tables.split()]
    assert any(nullable) == (metric.null_when != "never")


@pytest.mark.parametrize("metric", metrics.METRICS, ids=lambda metric: metric.name)
def test_every_field_of_the_contract_is_filled(metric):
    assert all(metric[:-1])


def test_expectations_are_named_so():
    # Of topic_transitions all but the count is one, whatever its name.
    named = {
        (metric.tables, metric.name)
        for metric in metrics.METRICS
        if metric.name.startswith("expected_")
        or metric.name == "reply_probability"
        or (metric.tables == "topic_transitions" and metric.name != "reply_count")
    }
    said = {(metric.tables, metric.name) for metric in metrics.METRICS if metric.is_expectation}
    assert said == named


def test_the_page_is_up_to_date(request):
    if request.config.getoption("--bless"):
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(metrics.markdown(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == metrics.markdown()


@pytest.mark.parametrize(("table", "column"), MEASURED)
def test_every_metric_has_a_case_by_hand(table, column):
    columns = {
        column for case in CASES if case.expected.table == table for column in case.expected.columns
    }
    assert column in columns
