"""`schema` → `docs/tables.md`. Run `python -m flows.docs` after a change of the schema."""

from flows import resources, schema

HEAD = """# Tables

Made from `flows/schema.py` by `python -m flows.docs`. Every table is a view in `data/processed/threads.duckdb`
and `data/processed/<table>.parquet`, or a folder of parts where it says so. All times are UTC.
"""


def tables() -> str:
    """Return the text of `docs/tables.md`."""
    groups: dict[str, list[str]] = {}
    for name, table in schema.TABLES.items():
        groups.setdefault(table.group, []).append(name)
    sections = [HEAD]
    for group, names in groups.items():
        made = "written by the flows" if group == "parsed" else f"made by `sql/{group}/`"
        sections.append(f"## {group.capitalize()}: {made}\n")
        sections += [_table(name) for name in names]
    return "\n".join(sections)


def _table(name: str) -> str:
    table = schema.TABLES[name]
    kept = f" Kept in parts: `{name}/part-*.parquet`." if table.in_parts else ""
    lines = [
        f"### {name}\n",
        f"{table.meaning} Grain: {table.grain}. Key: `{', '.join(table.key)}`.{kept}\n",
        "| Column | Type | Meaning |",
        "|---|---|---|",
    ]
    for column in table.columns:
        said = schema.COLUMNS[column]
        notes = [said.meaning]
        if said.values:
            notes.append(f"One of {', '.join(f'`{value}`' for value in said.values)}.")
        if said.unit:
            notes.append(f"Unit: {said.unit}.")
        if column in table.references:
            notes.append(f"In `{table.references[column]}`.")
        null = "" if schema.is_nullable(name, column) else ", never null"
        lines.append(f"| `{column}` | {schema.sql_type(column)}{null} | {' '.join(notes)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    (resources.CHECKOUT / "docs" / "tables.md").write_text(tables(), encoding="utf-8")
