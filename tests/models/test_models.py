"""The SQL models: what they give for the tables of `tests/models/`, and that they are what schema says."""

import pytest
from support import model_cases

from threadmill import paths, schema
from threadmill.models import dependencies

MODELS = sorted(dependencies.queries())


@pytest.fixture(scope="module")
def empty_warehouse():
    with model_cases.warehouse() as con:
        yield con


@pytest.mark.parametrize(
    "path",
    model_cases.case_files(),
    ids=lambda path: f"{path.parent.name}/{path.stem}",
)
def test_model_gives_what_the_case_expects(path, request):
    case = model_cases.read(path)
    outcome = model_cases.outcome(case)
    if request.config.getoption("--bless"):
        path.write_text(str(case._replace(expected=outcome)), encoding="utf-8")
    else:
        assert str(outcome) == str(case.expected), case.claim


@pytest.mark.parametrize("path", model_cases.case_files(), ids=lambda path: path.stem)
def test_case_lies_in_the_folder_of_its_table(path):
    assert model_cases.read(path).expected.table == path.parent.name


@pytest.mark.parametrize("name", MODELS)
def test_model_has_a_case(name):
    assert any(path.parent.name == name for path in model_cases.case_files())


@pytest.mark.parametrize("name", MODELS)
def test_model_has_the_declared_columns_and_types(name, empty_warehouse):
    described = empty_warehouse.execute(f"describe {dependencies.queries()[name]}").fetchall()
    declared = [(column, schema.sql_type(column)) for column in schema.TABLES[name].columns]
    assert [(column, type_) for column, type_, *_ in described] == declared


@pytest.mark.parametrize("name", MODELS)
def test_model_runs_on_empty_tables(name, empty_warehouse):
    empty_warehouse.execute(dependencies.queries()[name]).fetchall()


@pytest.mark.parametrize("name", MODELS)
def test_header_says_what_schema_says(name):
    table = schema.TABLES[name]
    header = [
        f"-- {table.meaning}",
        f"-- grain: {table.grain}",
        f"-- key: {', '.join(table.key)}",
    ]
    assert dependencies.queries()[name].splitlines()[:3] == header


@pytest.mark.parametrize("name", MODELS)
def test_model_lies_in_the_folder_of_its_group(name):
    assert (paths.sql_folder() / schema.TABLES[name].group / f"{name}.sql").is_file()


def test_every_declared_model_has_its_query():
    declared = {name for name, table in schema.TABLES.items() if table.group != "parsed"}
    assert declared == set(MODELS)


@pytest.mark.parametrize("name", MODELS)
def test_model_is_not_recursive(name):
    # Depth, root and sizes come from replies.shape: recursion over 25 M comments costs more than all else.
    assert "recursive" not in dependencies.queries()[name].lower()
