"""A DuckDB connection that reads one snapshot and can do nothing else, whatever SQL it is given.

DuckDB itself bars it from other files and locks its settings. But DuckDB would let it overwrite the files that it may
read, for example with COPY, so each statement is checked before it runs.
"""

import json
import re
import weakref
from collections.abc import Iterator
from functools import cache, wraps
from pathlib import Path
from typing import Any

import duckdb

from threadmill.errors import Mistake
from threadmill.publish.spill import Spill, remove_abandoned

_READING_NODES = {"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"}
"""The nodes in the tree of a query that only reads. WITH may also hold COPY, INSERT, UPDATE and DELETE."""
_READING_FUNCTIONS = re.compile(
    r"(duckdb|pragma|parquet|icu|pg|read|sniff|test)_\w+|glob|range|generate_series|unnest|repeat|repeat_row|"
    r"json_each|json_tree|summary|query_table|seq_scan"
)
"""Table functions that only read. Others run SQL given as text or a tree, or read memory at an address."""
_NOT_READING = re.compile(r"read_duckdb|test_vector_types")
_WRITING_WORDS = re.compile(
    r"\b(copy|insert|update|delete|merge|truncate|create|drop|alter|attach|detach|install|load|export|import|call|"
    r"query|json_execute_serialized_sql|\w*_scan|\w*_scan_dumb|python_map_function|read_duckdb)\b",
    re.IGNORECASE,
)
"""Words forbidden anywhere in a query that DuckDB gives no tree for: PIVOT without IN."""
_RUNNING_FUNCTIONS = re.compile(
    r"\b(query\s*\(|json_execute_serialized_sql|\w+_scan|\w+_scan_dumb|python_map_function|read_duckdb)",
    re.IGNORECASE,
)
"""Calls forbidden in the part of a query that a relation's method takes."""
_EXPLAIN = re.compile(
    r"\s*(?:--[^\n]*\n|/\*.*?\*/|\s)*explain\s+(?:analyze\s+|\([^)]*\)\s*)?(.*)",
    re.IGNORECASE | re.DOTALL,
)


_ONLY = "the published tables take SELECT and EXPLAIN of it only, and settings are locked"


class Refused(Mistake, duckdb.PermissionException):
    """A statement that does more than read the published tables, or isn't one statement."""


def connect(catalog: Path) -> "Connection":
    """Return a connection to the tables that `catalog` has views of; their files are in its folder.

    Raises:
        duckdb.Error: it isn't a catalog.
    """
    remove_abandoned()
    # Each connection has its own database: two connections of a process to one file share their settings.
    con = duckdb.connect()
    spill = Spill()
    for statement in (
        "set enable_progress_bar = false",
        f"attach {quote(catalog)} as threads (read_only)",
        "use threads",
        f"set temp_directory = {quote(spill.folder)}",
        f"set allowed_directories = [{quote(catalog.parent)}]",
        "set enable_external_access = false",
        "set lock_configuration = true",
    ):
        con.execute(statement)
    guarded: Connection = _guard(con, spill)
    return guarded


def quote(text: str | Path) -> str:
    """Return `text` as an SQL literal."""
    return "'" + str(text).replace("'", "''") + "'"


def explain_refusal(query: str) -> str | None:
    """Return why `query` may not run on the published tables, None if it may.

    It may if it is one SELECT, or an EXPLAIN of one, that does nothing but read.

    Raises:
        duckdb.ParserException: it isn't SQL.
    """
    statements = duckdb.extract_statements(query)
    if len(statements) != 1:
        return f"{len(statements)} statements; give one SELECT at a time"
    kind = statements[0].type
    explained = _EXPLAIN.fullmatch(query)
    if explained and kind in (duckdb.StatementType.EXPLAIN, duckdb.StatementType.MULTI):
        return explain_refusal(explained[1])
    if kind == duckdb.StatementType.SELECT:
        return _explain_by_tree(query)
    if kind == duckdb.StatementType.MULTI and _is_table(query):
        return _explain_by_words(query)
    name = kind.name.replace("_", " ")
    article = "an" if name[0] in "AEIOU" else "a"
    return f"{article} {name} statement; {_ONLY}"


def _explain_by_tree(query: str) -> str | None:
    serialized = "select json_serialize_sql(?::varchar, skip_null := true, skip_empty := true)"
    tree = json.loads(_open_parser().cursor().execute(serialized, [query]).fetchall()[0][0])
    if tree["error"]:
        return _explain_by_words(query)
    return next(_find_writing(tree["statements"]), None)


@cache
def _open_parser() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def _find_writing(node: Any) -> Iterator[str]:
    """Yield a sentence for each place in the tree below `node` that does more than read."""
    if isinstance(node, list):
        for child in node:
            yield from _find_writing(child)
    elif isinstance(node, dict):
        kind = str(node.get("type", ""))
        if kind.endswith("_NODE") and kind not in _READING_NODES:
            yield f"WITH holds {kind.split('_', 1)[0]}; {_ONLY}"
        if kind == "TABLE_FUNCTION":
            name = str(node["function"].get("function_name", "")).lower()
            if not _READING_FUNCTIONS.fullmatch(name) or _NOT_READING.fullmatch(name):
                yield f"the function {name} does more than read; it isn't allowed here"
        for child in node.values():
            yield from _find_writing(child)


def _is_table(query: str) -> bool:
    """Return whether `query` can stand where a table can, as SELECT and PIVOT do."""
    try:
        return len(duckdb.extract_statements(f"from (\n{query.strip().rstrip(';')}\n)")) == 1
    except duckdb.Error:
        return False


def _explain_by_words(query: str) -> str | None:
    if found := _WRITING_WORDS.search(query):
        return f'the word "{found[0]}" in a PIVOT; list its values with IN, or select from a WITH'
    return None


_SPILLS: "weakref.WeakKeyDictionary[Any, Spill]" = weakref.WeakKeyDictionary()
"""The folder of each open connection and relation, kept here because they take no attributes."""


class Connection(duckdb.DuckDBPyConnection):
    """A DuckDB connection that runs only what reads the published tables."""

    __slots__ = ()

    def close(self) -> None:
        """Close the connection; its spilled files are removed once no other connection uses them."""
        super().close()
        _SPILLS.pop(self, None)

    def __exit__(self, *raised: object) -> None:
        self.close()

    def cursor(self) -> "Connection":
        """Return another connection to the same tables."""
        other = duckdb.DuckDBPyConnection.cursor(self)
        other.execute("use threads")
        guarded: Connection = _guard(other, _SPILLS.get(self))
        return guarded

    def duplicate(self) -> "Connection":
        """Return another connection to the same tables."""
        return self.cursor()


class Relation(duckdb.DuckDBPyRelation):
    """A DuckDB relation that can't write."""

    __slots__ = ()


def _guard(answer: Any, spill: Spill | None) -> Any:
    """Return `answer`; if it can run SQL, change its class to the one that only reads."""
    guarded: type[Any]
    if isinstance(answer, duckdb.DuckDBPyConnection):
        guarded = Connection
    elif isinstance(answer, duckdb.DuckDBPyRelation):
        guarded = Relation
    else:
        return answer
    answer.__class__ = guarded
    if spill:
        _SPILLS[answer] = spill
    return answer


def _check(query: Any) -> None:
    """Raise `Refused` if `query`, a text or a statement of DuckDB's parser, may not run."""
    text = query.query if isinstance(query, duckdb.Statement) else query
    if isinstance(text, str) and any("\ud800" <= sign <= "\udfff" for sign in text):
        raise Refused("query: isn't UTF-8; the terminal may have another encoding")
    if isinstance(text, str) and (reason := explain_refusal(text)):
        raise Refused(f"query: {reason}")


def _check_expression(text: Any) -> None:
    """Raise `Refused` if `text`, which becomes part of a query, calls a function that runs SQL."""
    if isinstance(text, str) and (found := _RUNNING_FUNCTIONS.search(text)):
        raise Refused(f"query: {found[0]} does more than read; it isn't allowed here")


def _wrap(
    plain: type[Any], guarded: type[Any], sql_places: dict[str, int], writes: set[str]
) -> None:
    """Give `guarded` each method of `plain`: those in `writes` raise `Refused`, the others check SQL before it runs.

    `sql_places` says which argument of a method is a whole statement.
    """

    def wrap_method(name: str, original: Any) -> Any:
        @wraps(original)
        def call(self: Any, *arguments: Any, **named: Any) -> Any:
            if name in writes:
                raise Refused(
                    f"{name}: the published tables are locked; it would write or look elsewhere"
                )
            place = sql_places.get(name)
            for number, one in enumerate(arguments):
                _check(one) if number == place else _check_expression(one)
            for keyword, one in named.items():
                _check(one) if place is not None and "query" in keyword else _check_expression(one)
            return _guard(original(self, *arguments, **named), _SPILLS.get(self))

        return call

    for name in dir(plain):
        original = getattr(plain, name)
        if not name.startswith("_") and name not in vars(guarded) and callable(original):
            setattr(guarded, name, wrap_method(name, original))


_wrap(
    duckdb.DuckDBPyConnection,
    Connection,
    dict.fromkeys(("execute", "executemany", "sql", "query", "from_query"), 0),
    {
        "append",
        "appender",
        "query_appender",
        "install_extension",
        "load_extension",
        "register_filesystem",
    }
    | {"table_function"},
)
_wrap(
    duckdb.DuckDBPyRelation,
    Relation,
    {"query": 1},
    {
        "create",
        "create_view",
        "insert",
        "insert_into",
        "to_csv",
        "to_parquet",
        "to_table",
        "to_view",
        "update",
    }
    | {"write_csv", "write_parquet"},
)
