"""Every command and query shown in the README and in docs/ is run, and gives what is shown below it.

A block marked `console` has commands after `$ `, each followed by its output. A block marked `sql` is one query on the
published sample, and the table below it is its answer. `pytest --bless` rewrites outputs and answers.
"""

import re
import shlex
import subprocess
import sys

import pytest
from conftest import CHECKOUT, command, surroundings
from typer.testing import CliRunner

from flows import cli

PAGES = [CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").glob("*.md"))]
BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
QUERY = re.compile(r"^```sql\n(.*?)^```\n\n?((?:\|[^\n]*\n)*)\n?", re.MULTILINE | re.DOTALL)
RUN_ID = re.compile(r"\d{8}T\d{12}Z-[0-9a-f]{4}")
COOKBOOK = CHECKOUT / "docs" / "cookbook.md"


def answered(block, project):
    """Return `block` with the outputs that its commands give now."""
    lines = []
    for line in re.findall(r"^\$ (.*(?:\n> .*)*)", block, re.MULTILINE):
        arguments = shlex.split(line.replace("\n> ", "\n"))
        if arguments[:1] == ["threadmill"]:
            words = command(*arguments[1:])
        elif arguments[:1] == ["python"]:
            words = [sys.executable, *arguments[1:]]
        else:
            raise ValueError(
                f"{line}: blocks marked console hold threadmill and python commands only"
            )
        ended = subprocess.run(
            words,
            cwd=project,
            env=surroundings(COLUMNS="120"),
            capture_output=True,
            text=True,
            check=False,
        )
        output = RUN_ID.sub("20261122T180000000000Z-1a2b", ended.stdout + ended.stderr)
        output = output.replace(f"{project}/", "")
        lines += [f"$ {line}", *(text.rstrip() for text in output.splitlines())]
    return "\n".join(lines) + "\n"


def with_answer(query, processed):
    """Return the block of `query` and, below it, the table that `threadmill sql` answers with now."""
    arguments = ["sql", query, "--processed", str(processed), "--format", "markdown"]
    ended = CliRunner().invoke(cli.app, arguments, catch_exceptions=False)
    return f"```sql\n{query}```\n\n{ended.stdout}\n"


def now(page, project, processed):
    """Return `page` with the outputs and answers that its commands and queries give now."""
    page = BLOCK.sub(lambda block: answered(block[0], project), page)
    page = QUERY.sub(lambda block: with_answer(block[1], processed), page)
    return page.rstrip("\n") + "\n"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_shown_commands_give_what_is_shown(path, project, milled, request):
    page = path.read_text(encoding="utf-8")
    given = now(page, project, milled)
    if request.config.getoption("bless"):
        path.write_text(given, encoding="utf-8")
        return
    assert given == page, f"{path.name}: see what changed, then pytest {__file__} --bless"


def test_the_cookbook_answers_every_question():
    asked = COOKBOOK.read_text(encoding="utf-8").split("\n### ")[1:]
    assert [section.split(".")[0] for section in asked] == [str(n) for n in range(1, 21)]
    # An answer has at least one row below its two lines of head.
    assert [len(QUERY.findall(section)) for section in asked] == [1] * len(asked)
    assert all(QUERY.search(section)[2].count("\n") > 2 for section in asked)


@pytest.mark.parametrize("answer", ["", "| no | such |\n| --- | --- |\n| 1 | 2 |\n\n"])
def test_an_answer_that_is_no_longer_given_is_seen(answer, project, milled):
    page = f"```sql\nselect 1 as one\n```\n\n{answer}More.\n"
    assert now(page, project, milled) == (
        "```sql\nselect 1 as one\n```\n\n| one |\n| --- |\n| 1 |\n\nMore.\n"
    )
