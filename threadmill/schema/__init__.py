"""Every published table and column, declared once.

Arrow types, Parquet metadata, `COMMENT ON`, `datapackage.json`, `docs/tables.md` and the contract
tests are made from `COLUMNS` and `TABLES`. A column name has one type and one unit everywhere, and one meaning
that a table may narrow; a column of several tables stands in the module of the first of them.
"""

import re

import pyarrow as pa

from threadmill.schema import (
    authors,
    comments,
    dimensions,
    engagement,
    entities,
    fetches,
    figures,
    mentions,
    quality,
    replies,
    topics,
)
from threadmill.schema.base import COUNT, DAY, INSTANT, NUMBER, SMALL, TEXT, TRUTH, Column, Table

VERSION = 2  # of its rows; CONTRIBUTING.md says when to raise it

GROUPS = ("parsed", "dimensions", "engagement", "topics", "quality")
MODULES = (
    comments,
    replies,
    mentions,
    engagement,
    authors,
    entities,
    topics,
    quality,
    dimensions,
    fetches,
    figures,
)

COLUMNS: dict[str, Column] = {
    name: column for module in MODULES for name, column in module.COLUMNS.items()
}
TABLES: dict[str, Table] = {
    name: table
    for group in GROUPS
    for module in MODULES
    for name, table in module.TABLES.items()
    if table.group == group
}
FIGURES: dict[str, Table] = figures.TABLES | {"runs": TABLES["runs"]}
"""What lies in a folder under the profile `aggregate` instead of `TABLES`."""
DECLARED: dict[str, Table] = TABLES | FIGURES


def is_nullable(table: str, column: str) -> bool:
    """Return whether `column` may be null in `table`: never in a key, except `rejects.line`."""
    declared = DECLARED[table]
    if column in declared.optional:
        return True
    return COLUMNS[column].nullable and column not in declared.required


def get_meaning(table: str, column: str) -> str:
    """Return what `column` means in `table`."""
    return DECLARED[table].meanings.get(column, COLUMNS[column].meaning)


def arrow(table: str) -> pa.Schema:
    """Return the Arrow schema of `table`, with meanings and units as field metadata."""
    declared = DECLARED[table]
    fields = [
        pa.field(
            name,
            COLUMNS[name].type,
            is_nullable(table, name),
            {"description": get_meaning(table, name), "unit": COLUMNS[name].unit},
        )
        for name in declared.columns
    ]
    return pa.schema(
        fields,
        {"description": declared.meaning, "grain": declared.grain, "key": ", ".join(declared.key)},
    )


_SQL_TYPES = {
    TEXT: "VARCHAR",
    COUNT: "BIGINT",
    SMALL: "INTEGER",
    NUMBER: "DOUBLE",
    TRUTH: "BOOLEAN",
    DAY: "DATE",
    INSTANT: "TIMESTAMP",
}


def sql_type(column: str) -> str:
    """Return the DuckDB type of `column`, one of the seven that BI tools know."""
    return _SQL_TYPES[COLUMNS[column].type]


def parsed_tables() -> list[str]:
    """Return the tables that the flows write, in declared order; the others come from `sql/`."""
    return [name for name, table in TABLES.items() if table.group == "parsed"]


_DEPRECATED = re.compile(r"Deprecated since (\d+\.\d+)")


def contract() -> dict[str, str]:
    """Return what readers rely on: `<table>.<column>` → type, if it may be null, and since when it is deprecated.

    `<table>.parquet` → whether that is a file or a folder of parts.
    A column whose meaning begins with `Deprecated since 0.2: …` is still there in every 0.2, and may go in 0.3.
    """
    promises = {}
    for name, table in DECLARED.items():
        promises[f"{name}.parquet"] = f"{name}/part-*.parquet" if table.in_parts else "one file"
        for column in table.columns:
            null = "null" if is_nullable(name, column) else "never null"
            since = _DEPRECATED.match(COLUMNS[column].meaning)
            deprecated = f", deprecated since {since[1]}" if since else ""
            promises[f"{name}.{column}"] = f"{sql_type(column)}, {null}{deprecated}"
    return promises
