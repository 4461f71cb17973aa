"""What other programs open a snapshot with: the DuckDB catalog, the Frictionless description, a safe connection."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb

from threadmill import schema
from threadmill.errors import Mistake
from threadmill.publish import sandbox, snapshots
from threadmill.publish.layout import lay_out
from threadmill.schema.base import Table
from threadmill.storage import tables

STORAGE_VERSION = "v1.4.0"
"""DuckDB 1.4 and later can open it."""
REPAIR = "`threadmill run` repairs it"

_FRICTIONLESS = {
    "VARCHAR": "string",
    "BIGINT": "integer",
    "INTEGER": "integer",
    "DOUBLE": "number",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "datetime",
}


def create(snapshot: Path, declared: Mapping[str, Table] = schema.TABLES) -> None:
    """Write `threads.duckdb` to `snapshot`: a view per table `declared`, with the meaning of each column."""
    path = str(snapshot / snapshots.CATALOG).replace("'", "''")
    with duckdb.connect() as con:
        # Made in memory, in one transaction, and then copied: writing each comment to a file is slow.
        con.execute(";\n".join(["begin", *_list_statements(snapshot, declared), "commit"]))
        con.execute(f"attach '{path}' as catalog (storage_version '{STORAGE_VERSION}')")
        con.execute("copy from database memory to catalog")
        con.execute("detach catalog")


def _list_statements(snapshot: Path, declared: Mapping[str, Table]) -> Iterator[str]:
    for name, table in declared.items():
        yield tables.view_statement(name, snapshot)
        yield f"comment on view {name} is {sandbox.quote(f'{table.meaning} Grain: {table.grain}.')}"
        for column in table.columns:
            own = schema.COLUMNS[column]
            unit = f" Unit: {own.unit}." if own.unit else ""
            target = table.references.get(column)
            points = f" Points at {target}." if target else ""
            meaning = sandbox.quote(f"{schema.get_meaning(name, column)}{unit}{points}")
            yield f'comment on column {name}."{column}" is {meaning}'


def describe(snapshot: Path, created: str, declared: Mapping[str, Table] = schema.TABLES) -> None:
    """Write `datapackage.json` to `snapshot`: tables `declared`, columns, keys and references for any tool."""
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "threadmill",
        "title": "Comment threads",
        "created": created,
        "resources": [_describe_table(snapshot, name) for name in declared],
    }
    (snapshot / snapshots.DATAPACKAGE).write_text(lay_out(package), encoding="utf-8")


def _describe_table(snapshot: Path, name: str) -> dict[str, object]:
    table = schema.DECLARED[name]
    paths = [str(file).removeprefix(f"{snapshot}/") for file in tables.files(snapshot, name)]
    fields = []
    for column in table.columns:
        declared = schema.COLUMNS[column]
        field: dict[str, object] = {
            "name": column,
            "type": _FRICTIONLESS[schema.sql_type(column)],
            "description": schema.get_meaning(name, column),
        }
        if declared.unit:
            field["unit"] = declared.unit
        if not schema.is_nullable(name, column):
            field["constraints"] = {"required": True}
        fields.append(field)
    references = [
        {
            "fields": [column],
            "reference": {"resource": target if target != name else "", "fields": [key]},
        }
        for column, target in table.references.items()
        for key in schema.DECLARED[target].key
    ]
    return {
        "name": name,
        "path": paths if table.in_parts else paths[0],
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "description": f"{table.meaning} Grain: {table.grain}.",
        "schema": {"fields": fields, "primaryKey": list(table.key), "foreignKeys": references},
    }


def find_declared(con: duckdb.DuckDBPyConnection) -> dict[str, Table]:
    """Return the tables that `con` should see: those of rows, or those of figures."""
    found = con.execute(
        "select count(*) from information_schema.tables where table_name = 'overall_figures'"
    ).fetchall()
    return schema.FIGURES if found[0][0] else schema.TABLES


def connect_rows(processed: str | Path | None, purpose: str) -> duckdb.DuckDBPyConnection:
    """Return a connection as `connect`, for a `purpose` that takes rows of comments.

    Raises:
        ValueError: as `connect`, or figures alone are published there.
    """
    locate_rows(snapshots.locate_processed(processed), purpose)
    return connect(processed)


def locate_rows(processed: Path, purpose: str) -> Path:
    """Return the published snapshot, for a `purpose` that takes rows of comments.

    Raises:
        ValueError: as `snapshots.locate_current`, or figures alone are published there.
    """
    snapshot = snapshots.locate_current(processed)
    if tables.place(snapshot, "overall_figures").exists():
        raise Mistake(
            f"{processed}: holds figures alone, and {purpose} takes comments; name another profile or folder "
            "(--profile, --processed)"
        )
    return snapshot


def connect(processed: str | Path | None = None) -> duckdb.DuckDBPyConnection:
    """Return a connection to the published tables that can neither write nor read other files.

    It keeps reading the run that is published now, even after a later one is. It takes one SELECT at a time, or an
    EXPLAIN of one; other statements, and methods that write, raise `ValueError`.

    Raises:
        ValueError: nothing is published there, it was published elsewhere and then moved, or it is damaged.
    """
    snapshot = snapshots.locate_current(snapshots.locate_processed(processed))
    try:
        con = sandbox.connect(snapshot / snapshots.CATALOG)
        views = con.execute("select sql from duckdb_views() where view_name = 'runs'").fetchall()
    except (duckdb.Error, OSError) as error:
        raise Mistake(
            f"{snapshot / snapshots.CATALOG}: is damaged ({_take_first_line(error)}); {REPAIR}"
        ) from None
    if not views:
        con.close()
        raise Mistake(f"{snapshot / snapshots.CATALOG}: is damaged (it lacks tables); {REPAIR}")
    if sandbox.quote(str(snapshot / "runs.parquet")) not in views[0][0]:
        con.close()
        raise Mistake(
            f"{snapshot}: was moved here, and its catalog names files where they were; "
            "`threadmill run --full` makes it again"
        )
    return con


def _take_first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
