"""Find the queries of `sql/` and what each reads, so that each runs after its inputs."""

import json
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Any

import duckdb

from threadmill import paths, schema
from threadmill.models.words import MADE_FROM, WORDS

FOLDERS = ("dimensions", "engagement", "topics", "quality")
INTERMEDIATE = "intermediate"

_READS: dict[str, frozenset[str]] = {}
"""What `reads` gave: a run asks twice, for the order of its models and for what the manifest says of them."""


def queries() -> dict[str, str]:
    """Return the query of each modelled table by the table's name."""
    return {name: query for folder in FOLDERS for name, query in _read_folder(folder).items()}


def intermediate_queries() -> dict[str, str]:
    """Return the query of each intermediate table, which models alone read, by the table's name."""
    return {
        name: query for family in intermediate_families().values() for name, query in family.items()
    }


def intermediate_families() -> dict[str, dict[str, str]]:
    """Return the intermediate queries by the folder that they lie in: those of one run together."""
    folders = sorted(
        path for path in (paths.sql_folder() / INTERMEDIATE).iterdir() if path.is_dir()
    )
    return {folder.name: _read_folder(f"{INTERMEDIATE}/{folder.name}") for folder in folders}


def _read_folder(folder: str) -> dict[str, str]:
    files = sorted((paths.sql_folder() / folder).glob("*.sql"))
    return {path.stem: path.read_text(encoding="utf-8") for path in files}


def reads(query: str, con: duckdb.DuckDBPyConnection | None = None) -> frozenset[str]:
    """Return the tables that `query` reads, without its own `with` names.

    DuckDB's parser finds them, that of `con` if given. Its binder (`get_table_names`) would want the tables'
    columns.

    Raises:
        ValueError: `query` isn't a single SELECT.
    """
    if query not in _READS:
        _READS[query] = frozenset(_base_tables(_parsed(query, con), frozenset()))
    return _READS[query]


def inputs(query: str) -> frozenset[str]:
    """Return the published tables that `query` reads, also via intermediate queries.

    Raises:
        ValueError: `query` isn't a single SELECT.
    """
    direct, known = _read_tables(query), intermediate_queries()
    through = (inputs(known[name]) for name in direct & known.keys())
    return direct.difference(known).union(*through)


def _read_tables(query: str, con: duckdb.DuckDBPyConnection | None = None) -> frozenset[str]:
    """Return what `reads` gives, with the table that words are cut from in place of the tables of words."""
    found = reads(query, con)
    return (found - WORDS) | {MADE_FROM} if found & WORDS else found


def _parsed(query: str, con: duckdb.DuckDBPyConnection | None) -> Any:
    answer = (con or duckdb.default_connection()).execute(
        "select json_serialize_sql(?::varchar, skip_null := true, skip_empty := true)", [query]
    )
    tree = json.loads(answer.fetchall()[0][0])
    if tree["error"]:
        raise ValueError(tree["error_message"])
    if len(tree["statements"]) != 1:
        raise ValueError(f"{len(tree['statements'])} statements; a model is one SELECT")
    return tree["statements"][0]["node"]


def _base_tables(node: Any, named: frozenset[str]) -> Iterator[str]:
    """Yield the tables below `node` that aren't among the `with` names in scope."""
    if isinstance(node, list):
        for child in node:
            yield from _base_tables(child, named)
    elif isinstance(node, dict):
        for entry in (node.get("cte_map") or {}).get("map", ()):
            query = entry["value"]["query_node"]
            own = {entry["key"]} if query["type"] == "RECURSIVE_CTE_NODE" else set()
            yield from _base_tables(query, named | own)
            # A later `with` sees the earlier ones.
            named |= {entry["key"]}
        if node.get("type") == "BASE_TABLE" and node["table_name"] not in named:
            yield node["table_name"]
        for key, child in node.items():
            if key != "cte_map" and isinstance(child, dict | list):
                yield from _base_tables(child, named)


def in_order(
    queries: dict[str, str],
    con: duckdb.DuckDBPyConnection | None = None,
    families: dict[str, dict[str, str]] | None = None,
) -> list[str]:
    """Return the names of `queries` and `families`, each after those it reads, otherwise by name.

    Raises:
        ValueError: some read each other, or one reads a table that nobody makes.
    """
    makers = {name: name for name in queries}
    named = dict(queries)
    for family, members in (families or {}).items():
        makers |= dict.fromkeys(members, family)
        named |= members
    known = {*named, *schema.TABLES}
    graph: dict[str, set[str]] = {}
    for name in sorted(named):
        inputs = _read_tables(named[name], con)
        if unknown := inputs - known:
            raise ValueError(
                f"{name}.sql: reads {sorted(unknown)}, which no flow and no model makes"
            )
        own = graph.setdefault(makers[name], set())
        own |= {
            makers[one]
            for one in inputs & named.keys()
            if makers[one] in queries or makers[one] != makers[name]
        }
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise ValueError(f"models read each other: {' → '.join(error.args[1])}") from None
