"""Rules for the published tables: keys, references, nulls and values from `schema`, and `sql/checks/`."""

from collections.abc import Mapping
from typing import NamedTuple

import duckdb

from threadmill import paths, schema
from threadmill.schema.base import Table
from threadmill.wording import counted

SHOWN_ROWS = 5
PLACES = ("thread_id", "comment_id", "position", "source_path", "line")
"""Columns that say where a row is."""


class Failure(NamedTuple):
    """A rule that rows break."""

    check: str
    rule: str
    broken: int
    rows: list[dict[str, object]]
    """The first few of them."""

    def __str__(self) -> str:
        """Return rule and places in one paragraph, and no other value: a row may hold what people wrote."""
        places = [
            ", ".join(f"{name} {row[name]}" for name in PLACES if name in row) for row in self.rows
        ]
        columns = ", ".join(self.rows[0]) if self.rows else "none"
        shown = "; ".join(filter(None, places)) or f"Its columns: {columns}"
        more = f" and {self.broken - len(self.rows)} more" if self.broken > len(self.rows) else ""
        broken = counted(self.broken, "row breaks", "rows break")
        return f"{self.check}: {broken} the rule. {self.rule} {shown}{more}"


def run(
    con: duckdb.DuckDBPyConnection,
    *,
    are_new: bool = False,
    are_more: bool = False,
    declared: Mapping[str, Table] = schema.TABLES,
) -> list[Failure]:
    """Return the rules that the tables `con` sees, which are `declared`, break; none if all is well.

    Of tables that `are_new`, null and other values aren't looked for: `tables` has just refused them. If
    there `are_more` rows in the schema `main` than those of some threads that `con` sees, ids are compared
    with all.
    """
    failures = []
    whole = "main." if are_more else ""
    checks = _checks(declared, whole) | _dangling(con, _list_references(declared, whole))
    if not are_new:
        checks |= _values(declared)
    if are_more:
        checks |= _ids()
    for check, (rule, query) in checks.items():
        # fetchall closes the result; what a rule finds is few rows or a disaster.
        # A relation (`con.sql`) would bind each query twice.
        con.execute(f"select *, count(*) over () as broken from ({query}) limit {SHOWN_ROWS}")
        rows = con.fetchall()
        if rows:
            names = [column[0] for column in con.description[:-1]]
            shown = [dict(zip(names, row[:-1], strict=True)) for row in rows]
            failures.append(Failure(check, rule, rows[0][-1], shown))
    return failures


def count(declared: Mapping[str, Table] = schema.TABLES) -> int:
    """Return how many rules there are for tables that are `declared`."""
    return len(_checks(declared) | _values(declared)) + len(_list_references(declared))


def _checks(declared: Mapping[str, Table], whole: str = "") -> dict[str, tuple[str, str]]:
    """Return rule and query of each check but references by its name. The queries select what must not exist.

    `whole` goes before the names of tables of which all rows are looked at, and of what they refer to.
    """
    checks = {}
    for name, table in declared.items():
        key = ", ".join(table.key)
        own = "" if table.in_parts else whole
        if table.in_parts or table.group != "parsed":
            checks[f"{name}_key"] = (
                f"{key} is the key of {name}.",
                f"select {key}, count(*) as occurrences from {own}{name} group by all having count(*) > 1",
            )
    if declared is not schema.TABLES:
        return checks
    for path in sorted((paths.sql_folder() / "checks").glob("*.sql")):
        query = path.read_text(encoding="utf-8")
        rule = query.partition("\n")[0].removeprefix("-- ")
        checks[path.stem] = (rule, query)
    return checks


class _Reference(NamedTuple):
    """A column whose values must be keys of another table; tables are named as queries see them."""

    check: str
    rule: str
    table: str
    column: str
    target: str
    key: str


def _list_references(declared: Mapping[str, Table], whole: str = "") -> list[_Reference]:
    """Return all references; `whole` is as in `_checks`."""
    references = []
    for name, table in declared.items():
        own = "" if table.in_parts else whole
        for column, target in table.references.items():
            pointed = schema.TABLES[target]
            # A row's own thread has what it refers to there.
            is_near = table.is_by_thread and (target == "threads" or pointed.is_by_thread)
            others = "" if is_near else whole
            check, rule = f"{name}_{column}", f"{name}.{column} is in {target}."
            reference = _Reference(
                check, rule, f"{own}{name}", column, f"{others}{target}", pointed.key[0]
            )
            references.append(reference)
    return references


def _dangling(
    con: duckdb.DuckDBPyConnection, references: list[_Reference]
) -> dict[str, tuple[str, str]]:
    """Return the same for those `references` alone that dangle: one query finds all into a table, and reads it once."""
    found = set()
    for target, key in dict.fromkeys((one.target, one.key) for one in references):
        pointers = " union all ".join(
            f"select '{one.check}' as check_name, {one.column} as pointer from {one.table}"
            for one in references
            if one.target == target
        )
        con.execute(
            f"select distinct check_name from ({pointers}) where pointer is not null "
            f"and pointer not in (select {key} from {target})"
        )
        found |= {check for (check,) in con.fetchall()}
    return {
        one.check: (
            one.rule,
            f"select distinct {one.column} from {one.table} where {one.column} is not null "
            f"and {one.column} not in (select {one.key} from {one.target})",
        )
        for one in references
        if one.check in found
    }


def _ids() -> dict[str, tuple[str, str]]:
    """Return the same for ids of comments in all threads. All else that is by thread has such an id in its key."""
    key = "comment_id is the key of comments."
    query = (
        "select comment_id, count(*) as occurrences from main.comments "
        "where comment_id in (select comment_id from comments) group by all having count(*) > 1"
    )
    return {"comments_key": (key, query)}


def _values(declared: Mapping[str, Table]) -> dict[str, tuple[str, str]]:
    """Return the same for what columns may hold: a rule and a scan per table."""
    checks = {}
    for name, table in declared.items():
        full = [column for column in table.columns if not schema.is_nullable(name, column)]
        rules = [f"Never null in {name}: {', '.join(full)}."]
        broken = {f"{column} is null": f'"{column}" is null' for column in full}
        for column in table.columns:
            if values := schema.COLUMNS[column].values:
                rules.append(f"{name}.{column} takes {', '.join(values)} only.")
                listed = ", ".join(f"'{value}'" for value in values)
                broken[f"{column} is another"] = f'"{column}" not in ({listed})'
        found = ", ".join(f"if({is_so}, '{what}', null)" for what, is_so in broken.items())
        key = ", ".join(table.key)
        checks[f"{name}_values"] = (
            " ".join(rules),
            f"select {key}, concat_ws(', ', {found}) as finding from {name} where {' or '.join(broken.values())}",
        )
    return checks
