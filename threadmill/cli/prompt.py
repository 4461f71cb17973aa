"""The interactive `threadmill sql`: queries over several lines, history, and completion at the cursor."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import duckdb
from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.lexers import PygmentsLexer
from pygments.lexers.sql import SqlLexer

from threadmill import paths

LEAVING = {"exit", "quit", r"\q", ".quit", ".exit"}
HELPING = {"help", ".help", "?", r"\?", r"\h"}
HELP = """\
A query may go on over several lines; ; and Enter submit it. Tab completes tables and columns.
.tables          the tables, and what each holds
.schema TABLE    the columns of a table, and what each means
summarize TABLE; smallest, largest and typical values of each column
Up, Ctrl-R       earlier queries
Ctrl-C           stops a query, or discards what is typed
Ctrl-D, exit     leaves"""
LISTING, DESCRIBING = (".tables", r"\d"), (".schema", r"\d")
_WORD = re.compile(r"[\w.]*$")
_NAMES = re.compile(r"\w+")
_BEFORE_TABLE = re.compile(r"\b(?:from|join|describe|summarize|using\s*\()\s+\w*$", re.IGNORECASE)


class Known(NamedTuple):
    """The names and words that a query may use."""

    columns: dict[str, dict[str, str]]
    """Table → column → type."""
    words: list[str]
    """Keywords and functions."""


def list_known(con: duckdb.DuckDBPyConnection) -> Known:
    """Return the published tables with their columns, and DuckDB's keywords and functions."""
    columns: dict[str, dict[str, str]] = {}
    for table, column, type_ in con.execute(
        "select table_name, column_name, data_type from duckdb_columns() where not internal "
        "order by table_name, column_index"
    ).fetchall():
        columns.setdefault(table, {})[column] = type_.lower()
    words = con.execute(
        "select keyword_name from duckdb_keywords() where keyword_category <> 'unreserved' "
        r"union select function_name from duckdb_functions() where function_name similar to '[a-z]\w+' "
        "order by 1"
    ).fetchall()
    return Known(columns, [word for (word,) in words])


class Names(Completer):
    """Completes tables, columns and keywords; columns of the tables that the query names come first."""

    def __init__(self, names: Known) -> None:
        self.names = names

    def get_completions(
        self,
        document: Document,
        complete_event: CompleteEvent,  # noqa: ARG002
    ) -> Iterator[Completion]:
        """Yield the completions at the cursor."""
        before = document.text_before_cursor
        written = _WORD.search(before)
        word = written[0].lower() if written else ""
        table, dot, start = word.rpartition(".")
        for name, kind in self._list_offers(before, document.text, table if dot else None):
            if name.lower().startswith(start) and (start or dot or kind == "table"):
                yield Completion(name, -len(start), display_meta=kind)

    def _list_offers(self, before: str, text: str, table: str | None) -> Iterable[tuple[str, str]]:
        columns = self.names.columns
        if table is not None:
            return columns.get(table, {}).items()
        tables = [(name, "table") for name in columns]
        if _BEFORE_TABLE.search(before):
            return tables
        named = [name for name in dict.fromkeys(_NAMES.findall(text.lower())) if name in columns]
        own = {
            column: f"{type_}, {name}" for name in named for column, type_ in columns[name].items()
        }
        others = (
            {column: "column" for rows in columns.values() for column in rows} if not named else {}
        )
        words = [(word, "") for word in self.names.words]
        return [*own.items(), *tables, *others.items(), *words]


def is_whole(text: str) -> bool:
    """Return whether Enter submits `text`: it ends in a semicolon, is empty, or is a word for leaving."""
    bare = text.strip()
    return (
        not bare
        or bare.endswith(";")
        or bare.startswith((".", "\\"))
        or bare.lower() in LEAVING | HELPING
    )


def open_history() -> History:
    """Return the history of earlier sessions, kept in the user's state folder if it can be written."""
    path = paths.locate_history()
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
    except OSError:
        return InMemoryHistory()
    return FileHistory(str(path))


def _bind_keys(session_text: Callable[[], str]) -> KeyBindings:
    keys = KeyBindings()

    @keys.add("enter", filter=Condition(lambda: is_whole(session_text())))
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.validate_and_handle()

    return keys


def ask(con: duckdb.DuckDBPyConnection, answer: Callable[[str], None]) -> None:
    """Read queries until the user leaves, and pass each to `answer`.

    Ctrl-C discards the input, or stops a running query; Ctrl-D leaves.
    """
    session: PromptSession[str] = PromptSession(
        "threadmill> ",
        multiline=True,
        prompt_continuation=lambda width, number, is_wrapped: "        -> "[:width],  # noqa: ARG005
        history=open_history(),
        completer=Names(list_known(con)),
        complete_while_typing=False,
        lexer=PygmentsLexer(SqlLexer),
        enable_history_search=True,
        key_bindings=_bind_keys(lambda: session.default_buffer.text),
    )
    while True:
        try:
            query = session.prompt().strip()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        if query.rstrip(";").strip().lower() in LEAVING:
            return
        if query.strip("; \n"):
            try:
                answer(query)
            except KeyboardInterrupt:
                con.interrupt()
