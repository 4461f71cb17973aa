"""What `schema` declares is what is written, described and accepted."""

from datetime import date
from itertools import chain

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from support import CHECKOUT

from threadmill import docs, schema
from threadmill.schema import diagram
from threadmill.schema.sections import SECTIONS
from threadmill.storage import tables


@pytest.mark.parametrize("name", schema.TABLES)
def test_published_files_have_the_declared_schema(name, milled):
    place = milled / name
    path = next(place.glob("part-*.parquet")) if place.is_dir() else milled / f"{name}.parquet"
    assert pq.read_schema(path).equals(schema.arrow(name), check_metadata=True)


@pytest.mark.parametrize("name", schema.DECLARED)
def test_tables_use_declared_columns_and_tables_only(name):
    table = schema.DECLARED[name]
    assert set(table.columns) <= set(schema.COLUMNS)
    assert len(set(table.columns)) == len(table.columns)
    assert {*table.key, *table.required, *table.references} <= set(table.columns)
    assert set(table.references.values()) <= set(schema.TABLES)
    for column in table.columns:
        assert schema.sql_type(column) in {
            "VARCHAR", "INTEGER", "BIGINT", "DOUBLE", "BOOLEAN", "DATE", "TIMESTAMP",
        }  # fmt: skip


def test_every_column_is_used_and_says_what_it_means():
    used = {column for table in schema.DECLARED.values() for column in table.columns}
    assert used == set(schema.COLUMNS)
    assert all(column.meaning.endswith(".") for column in schema.COLUMNS.values())


def test_every_column_and_table_is_said_once_by_the_module_of_its_first_table():
    first = {}
    for module in schema.MODULES:
        for table in module.TABLES.values():
            for column in table.columns:
                first.setdefault(column, module.__name__)
    said = [(column, module.__name__) for module in schema.MODULES for column in module.COLUMNS]
    assert sorted(said) == sorted(first.items())
    assert sum(len(module.TABLES) for module in schema.MODULES) == len(schema.DECLARED)


@pytest.mark.parametrize(
    ("suffix", "type_"),
    [("_id", pa.string()), ("_count", pa.int64()), ("_share", pa.float64()), ("_at", pa.timestamp("us")),
     ("_on", pa.date32()), ("_s", pa.int64())],
)  # fmt: skip
def test_a_suffix_means_one_type(suffix, type_):
    named = {name: column.type for name, column in schema.COLUMNS.items() if name.endswith(suffix)}
    odd = {name for name, found in named.items() if found != type_}
    # The words of one comment are an INTEGER as its position is, and an expectation is no whole number.
    assert {name for name in odd if not name.startswith("expected_")} <= {"word_count"}


DIMENSIONS = [name for name, table in schema.TABLES.items() if table.group == "dimensions"]
ALONE = {
    "runs": "one row, of no thread",
    "rejects": "a document that couldn't be read is no thread",
    "fetches": "what couldn't be fetched is no thread",
    "topic_changes": "holds topics that are gone",
    "topic_scopes": "is keyed by pack",
}
"""Tables that point at nothing, and why."""


def test_a_path_of_declared_keys_leads_from_each_table_to_each_other():
    edges = {
        (name, to) for name, table in schema.TABLES.items() for to in table.references.values()
    }
    reached, new = set(), {"comments"}
    while new:
        reached |= new
        new = {b for edge in edges for a, b in (edge, edge[::-1]) if a in reached} - reached
    assert set(schema.TABLES) - reached == set(ALONE)


@pytest.mark.parametrize("target", ["threads", "comments", *DIMENSIONS])
def test_a_column_named_as_the_key_of_a_dimension_points_at_it(target):
    (key,) = schema.TABLES[target].key
    pointing = {name for name, table in schema.TABLES.items() if key in table.columns}
    declared = {
        name for name, table in schema.TABLES.items() if table.references.get(key) == target
    }
    assert pointing - declared - set(ALONE) == {target}


def test_what_is_pointed_at_has_one_key_of_the_same_type():
    for name, table in schema.TABLES.items():
        for column, target in table.references.items():
            (key,) = schema.TABLES[target].key
            assert schema.sql_type(column) == schema.sql_type(key), (name, column)


def test_every_table_has_its_place_in_the_list_for_people():
    assert sorted(chain.from_iterable(SECTIONS.values())) == sorted(schema.DECLARED)


def test_the_diagram_is_up_to_date():
    said = (CHECKOUT / "docs" / "images" / "tables.svg").read_text(encoding="utf-8")
    assert said == diagram.draw(schema.TABLES), "run: python -m threadmill.docs"


@pytest.mark.parametrize("page", ["tables", "commands", "privacy", "python"])
def test_the_reference_is_up_to_date(page):
    said = (CHECKOUT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    assert said == getattr(docs, page)(), "run: python -m threadmill.docs"


def good():
    return pl.DataFrame(
        {
            "run_id": ["a"],
            "published_at": [date(2026, 1, 5)],
            "threadmill_version": ["1"],
            "profile": ["full"],
        }
    ).with_columns(pl.col("published_at").cast(pl.Datetime("us")))


@pytest.mark.parametrize(
    ("rows", "finding"),
    [
        (good().drop("run_id"), "missing ['run_id']"),
        (good().with_columns(more=1), "not declared ['more']"),
        (
            good().select("published_at", "run_id", "threadmill_version", "profile"),
            "in another order",
        ),
        (good().with_columns(run_id=1), "run_id: is int32; declared is string"),
        (good().with_columns(run_id=pl.lit(None, pl.String)), "run_id: null in 1 of 1 rows"),
        (pl.concat([good(), good()]), "2 rows share a key"),
    ],
)
def test_what_is_not_as_declared_does_not_get_to_disk(rows, finding, tmp_path):
    with pytest.raises(ValueError, match="runs") as error:
        tables.write("runs", rows, tmp_path / "runs.parquet")
    assert finding in str(error.value)
    assert not list(tmp_path.iterdir())


def test_what_is_declared_gets_to_disk(tmp_path):
    tables.write("runs", good(), tmp_path / "runs.parquet")
    assert pl.read_parquet(tmp_path / "runs.parquet").equals(good())
