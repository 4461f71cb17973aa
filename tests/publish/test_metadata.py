"""What comes with the tables: a data package that the real validator accepts, a manifest from raw file to rows."""

import copy
import hashlib
import json

import pyarrow.parquet as pq
import pytest
from frictionless import FrictionlessException, Package, Resource, Schema
from support import CHECKOUT

from threadmill import schema


@pytest.fixture(scope="module")
def descriptor(milled):
    return json.loads((milled / "datapackage.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def rows(milled, descriptor):
    """Return the rows of each table, read from the files that the package names.

    Frictionless's own reader of Parquet turns whole numbers with nulls into decimals, and knows no table in parts.
    """
    paths = {
        resource["name"]: resource["path"]
        if isinstance(resource["path"], list)
        else [resource["path"]]
        for resource in descriptor["resources"]
    }
    return {
        name: [row for path in paths[name] for row in pq.read_table(milled / path).to_pylist()]
        for name in paths
    }


def findings(descriptor, rows, only=None):
    """Return the kinds of errors the validator finds in `rows`, under the package's own schemas."""
    resources = [
        Resource(
            name=resource["name"],
            data=[
                list(resource_fields(resource)),
                *map(list, map(dict.values, rows[resource["name"]])),
            ],
            schema=Schema.from_descriptor(resource["schema"]),
        )
        for resource in descriptor["resources"]
    ]
    report = Package(name="threadmill", resources=resources).validate()
    return {
        (task.name, error.type)
        for task in report.tasks
        for error in task.errors
        if only is None or task.name in only
    }


def resource_fields(resource):
    return [field["name"] for field in resource["schema"]["fields"]]


def test_the_package_describes_itself_rightly(descriptor):
    package = Package.from_descriptor(copy.deepcopy(descriptor))
    assert package.resource_names == list(schema.TABLES)


def test_the_validator_sees_a_wrong_description(descriptor):
    wrong = copy.deepcopy(descriptor)
    wrong["resources"][0]["schema"]["fields"][0]["type"] = "words"
    with pytest.raises(FrictionlessException):
        Package.from_descriptor(wrong)


def test_every_row_obeys_the_package(descriptor, rows):
    assert findings(descriptor, rows) == set()


def test_every_declared_reference_is_in_the_package(descriptor):
    said = {
        (resource["name"], key["fields"][0], key["reference"]["resource"] or resource["name"])
        for resource in descriptor["resources"]
        for key in resource["schema"]["foreignKeys"]
    }
    declared = {
        (name, column, target)
        for name, table in schema.TABLES.items()
        for column, target in table.references.items()
    }
    assert said == declared


@pytest.mark.parametrize(
    ("table", "change", "error"),
    [
        ("replies", {"parent_comment_id": "substack:gone"}, "foreign-key"),
        ("questions", {"thread_id": "substack:gone"}, "foreign-key"),
        ("comments", {"position": None}, "constraint-error"),
        ("comments", {"word_count": "many"}, "type-error"),
    ],
)
def test_the_validator_sees_what_is_wrong(table, change, error, descriptor, rows):
    first, *others = rows[table]
    wrong = rows | {table: [first | change, *others]}
    assert (table, error) in findings(descriptor, wrong, {table})


def test_the_validator_sees_a_key_twice(descriptor, rows):
    wrong = rows | {"threads": rows["threads"] * 2}
    assert ("threads", "primary-key") in findings(descriptor, wrong, {"threads"})


def test_the_manifest_leads_from_a_raw_file_to_its_rows(milled):
    manifest = json.loads((milled / "manifest.json").read_text(encoding="utf-8"))
    lineage = manifest["lineage"]
    ((path, (known, buckets, formats)),) = manifest["documents"].items()
    said = dict(zip(lineage["document"], [*known, buckets, formats], strict=True))
    document = CHECKOUT / "data" / "raw" / path
    assert said["formats"] == ["substack"]
    assert said["sha256"] == hashlib.sha256(document.read_bytes()).hexdigest()
    parts = [part for bucket in said["buckets"] for part in lineage["parts"][str(bucket)]]
    assert set(parts) <= set(manifest["files"])
    (comments,) = (part for part in parts if part.startswith("comments/"))
    (thread,) = pq.read_table(milled / "threads.parquet").to_pylist()
    assert thread["source_path"] == path
    assert {row["thread_id"] for row in pq.read_table(milled / comments).to_pylist()} == {
        thread["thread_id"]
    }


def test_the_manifest_says_what_each_table_is_made_from(milled):
    lineage = json.loads((milled / "manifest.json").read_text(encoding="utf-8"))["lineage"]
    assert list(lineage["tables"]) == list(schema.TABLES)
    pairs = lineage["tables"]["author_pairs"]
    assert pairs["made_by"] == "sql/engagement/author_pairs.sql"
    assert "reply_candidates" in pairs["reads"]
    known = {*schema.TABLES, "documents", "vocabulary"}
    assert all(
        set(table["reads"]) <= known and table["reads"] for table in lineage["tables"].values()
    )
    made_by = {table["made_by"] for table in lineage["tables"].values()} - {"threadmill"}
    assert all((CHECKOUT / path).is_file() for path in made_by)


def test_the_manifest_says_versions_and_hashes(milled):
    versions = json.loads((milled / "manifest.json").read_text(encoding="utf-8"))["versions"]
    assert {"threadmill", "python", "polars", "duckdb", "pyarrow"} <= set(versions)
    assert len(versions["model_sha256"]) == 64
    packs = {path.parent.name for path in (CHECKOUT / "data" / "vocabulary").glob("*/pack.toml")}
    assert set(versions["vocabulary"]) == packs
    assert all(
        pack["version"] and len(pack["sha256"]) == 64 for pack in versions["vocabulary"].values()
    )
