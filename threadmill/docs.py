"""Generate pages of docs/ and the Superset dashboard from code: `python -m threadmill.docs`."""

import csv
import inspect
import io
import re
import runpy
import sys
from collections.abc import Callable, Iterator
from typing import Any

import typer
from typer.cli import get_docs_for_click

import threadmill
from threadmill import cli, errors, paths, schema, settings
from threadmill.schema import diagram, personal

CONTRACT = paths.CHECKOUT / "tests" / "schema" / "contract.csv"
"""What the readers of the last release rely on; `python -m threadmill.docs release` writes it."""

HEAD = """# Tables

Made from `threadmill/schema/` by `python -m threadmill.docs`. Every table is a view in `data/processed/threads.duckdb`
and `data/processed/<table>.parquet`, or a folder of parts where it says so. All times are UTC.

## How tables join

Five tables are dimensions, one row per thing: `authors`, `topics`, `entities` (whatever is mentioned), `days` and
`platforms`. With `threads` and `comments` they are what the others point at. Each dot is a declared foreign key, which
every run checks; `datapackage.json` and the comments of the catalog's columns have them too.

[![Each table, and the columns with which it points at threads, comments, authors, topics, entities, days and
platforms](images/tables.svg)](images/tables.svg)

- **A full dot is the usual way**: the column is named as the key it points at, and `join authors using (author_id)`
  does it.
- **A ring is a role**: `parent_author_id` is the author who is answered, `partner_author_id` the other of a pair,
  `target_author_id` the one mentioned. Join those by name, as in
  `join authors as parents on parents.author_id = replies.parent_author_id`.
- **Between two tables that have several rows for one thing** go through `comments` (`comment_id`) where both have it,
  else through `threads` (`thread_id`), else through the dimension that both point at. Aggregate each to that grain
  first, or rows multiply.
- `runs`, `rejects`, `fetches` and `topic_changes` stand alone, and so does `topic_scopes`, whose `origin` is that of
  `topics`.
"""

COMMANDS_HEAD = """# Commands

Made from `threadmill/cli/` by `python -m threadmill.docs`. `threadmill COMMAND --help` says the same.
Exit codes: 0 done,
also with nothing to do or with rejects; 1 a check or the run failed, and nothing was published; 2 wrong usage, a
query's error included; 3 another run holds the lock. `--processed` and `--raw` default to the folders of the
project: the nearest one upwards that has `data/raw`, or what `THREADMILL_HOME` names.

"""


def commands() -> str:
    """Return the text of `docs/commands.md`."""
    command = typer.main.get_command(cli.app)
    declared = get_docs_for_click(obj=command, ctx=typer.Context(command), name="threadmill")
    # The head is ours, and a block marked console would be run.
    sections = declared[declared.index("\n## ") + 1 :].replace("```console\n$ ", "```text\n")
    # Each group's list of its commands is cut short; the commands themselves follow.
    sections = re.sub(r"\*\*Commands\*\*:\n\n(\* .*\n)+\n", "", sections)
    return COMMANDS_HEAD + sections.strip() + "\n"


SETTINGS_HEAD = """# Settings

Made from `threadmill/settings.py` by `python -m threadmill.docs`.

`threadmill.toml` in the project's folder, beside `data/`, holds its settings. `threadmill init` writes it with every
setting commented out. A command's flag wins over the environment variable, that over the file, and that over the
default. A key that isn't a setting is refused. `threadmill settings` lists what holds and where it comes from.

```toml
keep = 5
memory = "4GB"
```

"""


def settings_page() -> str:
    """Return the text of `docs/settings.md`."""
    return SETTINGS_HEAD + settings.page()


PYTHON_HEAD = """# Python

Made from docstrings by `python -m threadmill.docs`. These names stay; anything else may change between releases. With
Python 3.11 or later, `pip install .` in a checkout gives the package `threadmill`.

"""


def python() -> str:
    """Return the text of `docs/python.md`."""
    functions = [_describe_function(function) for function in (threadmill.run, threadmill.connect)]
    lines = [
        f"## threadmill.errors\n\n{inspect.getdoc(errors)}\n",
        "| Error | Meaning |",
        "|---|---|",
    ]
    for name, error in vars(errors).items():
        if inspect.isclass(error):
            meaning = " ".join((inspect.getdoc(error) or "").split())
            lines.append(f"| `{name}` | {meaning} |")
    return PYTHON_HEAD + "\n".join([*functions, *lines]) + "\n"


def _describe_function(function: Callable[..., Any]) -> str:
    """Return a section: the call, and its docstring with arguments and errors as lists."""
    parameters = ", ".join(
        f"{'*, ' if starts else ''}{name}={getattr(one.default, '__name__', one.default)}"
        for name, one, starts in _list_parameters(function)
    )
    lines = [
        f"## threadmill.{function.__name__}\n",
        f"```text\nthreadmill.{function.__name__}({parameters})\n```\n",
    ]
    for line in (inspect.getdoc(function) or "").splitlines():
        if item := re.match(r"    (\w[\w.]*): (.*)", line):
            lines.append(f"- `{item[1]}`: {item[2]}")
        else:
            lines.append(f"**{line[:-1]}**\n" if line in ("Args:", "Raises:") else line.strip())
    return "\n".join(lines) + "\n"


def _list_parameters(function: Callable[..., Any]) -> Iterator[tuple[str, inspect.Parameter, bool]]:
    """Yield each parameter with its name and whether it is the first that only a keyword gives."""
    before = None
    for name, one in inspect.signature(function).parameters.items():
        yield name, one, one.kind is one.KEYWORD_ONLY and before is not one.KEYWORD_ONLY
        before = one.kind


def tables() -> str:
    """Return the text of `docs/tables.md`."""
    groups: dict[str, list[str]] = {}
    for name, table in schema.DECLARED.items():
        groups.setdefault(table.group, []).append(name)
    sections = [HEAD]
    for group, names in groups.items():
        made = _MADE.get(group, f"made by `sql/{group}/`")
        sections.append(f"## {group.capitalize()}: {made}\n")
        sections += [_table(name) for name in names]
    return "\n".join(sections)


_MADE = {
    "parsed": "written by the pipeline",
    "figures": "in a folder under the profile `aggregate`, instead of all others",
}


def _table(name: str) -> str:
    table = schema.DECLARED[name]
    kept = f" Kept in parts: `{name}/part-*.parquet`." if table.in_parts else ""
    lines = [
        f"### {name}\n",
        f"{table.meaning} Grain: {table.grain}. Key: `{', '.join(table.key)}`.{kept}\n",
        "| Column | Meaning |",
        "|---|---|",
    ]
    for column in table.columns:
        declared = schema.COLUMNS[column]
        notes = [schema.get_meaning(name, column)]
        if declared.values:
            notes.append(f"One of {', '.join(f'`{value}`' for value in declared.values)}.")
        if declared.unit:
            notes.append(f"Unit: {declared.unit}.")
        if column in table.references:
            notes.append(f"Points at `{table.references[column]}`.")
        null = "" if schema.is_nullable(name, column) else ", never null"
        lines.append(f"| `{column}`<br>{schema.sql_type(column)}{null} | {' '.join(notes)} |")
    return "\n".join(lines) + "\n"


_LEAKS = re.compile(r"(<!-- columns -->\n).*?(<!-- end -->\n)", re.DOTALL)


def privacy() -> str:
    """Return the text of `docs/privacy.md` with its table of what each column holds as the code has it."""
    page = (paths.CHECKOUT / "docs" / "privacy.md").read_text(encoding="utf-8")
    columns: dict[personal.Kind, list[str]] = {}
    for name, kind in personal.KINDS.items():
        columns.setdefault(kind, []).append(f"`{name}`")
    rows = [
        f"| {', '.join(names)} | {kind.holds} | {kind.becomes} |" for kind, names in columns.items()
    ]
    table = "\n".join(
        ["| Columns | What they hold | Under `pseudonymous` |", "|---|---|---|", *rows]
    )
    return _LEAKS.sub(lambda found: f"{found[1]}\n{table}\n\n{found[2]}", page)


def contract() -> str:
    """Return the text of `tests/contract.csv`: what this version's readers rely on."""
    lines = io.StringIO()
    declared = {"version": threadmill.__version__} | schema.contract()
    csv.writer(lines, lineterminator="\n").writerows(declared.items())
    return lines.getvalue()


if __name__ == "__main__":
    for page, text in (
        ("tables.md", tables()),
        ("commands.md", commands()),
        ("settings.md", settings_page()),
        ("python.md", python()),
        ("privacy.md", privacy()),
        ("images/tables.svg", diagram.draw(schema.TABLES)),
    ):
        (paths.CHECKOUT / "docs" / page).write_text(text, encoding="utf-8")
    runpy.run_path(str(paths.CHECKOUT / "bi" / "superset" / "dashboard.py"), run_name="__main__")
    if sys.argv[1:] == ["release"]:
        CONTRACT.write_text(contract(), encoding="utf-8")
