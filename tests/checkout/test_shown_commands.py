"""Every command and query shown in the README and in docs/ is run, and gives what is shown below it.

A block marked `console` has commands after `$ ` (lines that go on have `>`), each followed by its output; the commands
of a page run one after the other in a project of its own that has the sample. A block marked `sql` is one query on the
published sample, and the table below it is its answer. A block marked `python` is run in the page's project, and the
block marked `text` below it is what it prints. `pytest --bless` rewrites what they give.
"""

import os
import re
import shutil
import subprocess
import sys

import pytest
from support import CHECKOUT, surroundings
from typer.testing import CliRunner

from threadmill import cli

README, DOCS = CHECKOUT / "README.md", CHECKOUT / "docs"
PAGES = [README, *sorted(DOCS.glob("*.md"))]
BLOCK = re.compile(
    r"^```(?:console\n(?P<commands>.*?)^```$|python\n(?P<script>.*?)^```\n\n```text\n.*?^```$)",
    re.MULTILINE | re.DOTALL,
)
QUERY = re.compile(r"^```sql\n(.*?)^```\n\n?((?:\|[^\n]*\n)*)\n?", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (.*(?:\n>.*)*)", re.MULTILINE)
RUN_ID = re.compile(r"\d{8}T\d{12}Z-[0-9a-f]{4}")
COOKBOOK = DOCS / "cookbook.md"

RUN_ELSEWHERE = {"scheduling.md"}
"""Pages whose `sh` blocks start servers: tests/slow runs them. Other pages' hold targets of the Makefile only."""
DATA = {"toml", "csv", "text", ""}
"""Languages of blocks that hold no commands."""


@pytest.fixture
def shell(project):
    """Run words for bash in the page's project, and return what they print."""
    shutil.copytree(CHECKOUT / "data" / "vocabulary", project / "data" / "vocabulary")
    (project / "bi").symlink_to(CHECKOUT / "bi")
    bin_ = project.parent / "bin"
    bin_.mkdir()
    for name, words in {"threadmill": "-m threadmill.cli", "python": ""}.items():
        (bin_ / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {words} "$@"\n', "utf-8")
        (bin_ / name).chmod(0o755)
    around = surroundings(
        COLUMNS="120",
        PATH=f"{bin_}{os.pathsep}{os.environ['PATH']}",
        XDG_CONFIG_HOME=str(project.parent / "config"),
    )

    def run(*words):
        ended = subprocess.run(
            words, cwd=project, env=around, capture_output=True, text=True, timeout=120, check=False
        )
        assert "Traceback" not in ended.stderr, f"{words[-1]}\n{ended.stderr}"
        output = RUN_ID.sub("20261122T180000000000Z-1a2b", ended.stdout + ended.stderr)
        lines = output.replace(f"{project}/", "").splitlines()
        return "".join(f"{line.rstrip()}\n" for line in lines)

    return run


def answered(block, shell):
    """Return `block` with what its commands, or its script, give now."""
    if block["script"]:
        return f"```python\n{block['script']}```\n\n```text\n{shell('python', '-c', block['script'])}```"
    given = [
        f"$ {words}\n" + shell("bash", "-c", re.sub(r"\n> ?", "\n", words))
        for words in COMMAND.findall(block["commands"])
    ]
    return f"```console\n{''.join(given)}```"


def with_answer(query, processed):
    """Return the block of `query` and, below it, the table that `threadmill sql` answers with now."""
    arguments = ["sql", query, "--processed", str(processed), "--format", "markdown"]
    ended = CliRunner().invoke(cli.app, arguments, catch_exceptions=False)
    return f"```sql\n{query}```\n\n{ended.stdout}\n"


def now(page, shell, processed):
    """Return `page` with the outputs and answers that its commands and queries give now."""
    page = BLOCK.sub(lambda block: answered(block, shell), page)
    page = QUERY.sub(lambda block: with_answer(block[1], processed), page)
    return page.rstrip("\n") + "\n"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_shown_commands_give_what_is_shown(path, shell, milled, request):
    page = path.read_text(encoding="utf-8")
    given = now(page, shell, milled)
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
def test_an_answer_that_is_no_longer_given_is_seen(answer, shell, milled):
    page = f"```sql\nselect 1 as one\n```\n\n{answer}More.\n"
    assert now(page, shell, milled) == (
        "```sql\nselect 1 as one\n```\n\n| one |\n| --- |\n| 1 |\n\nMore.\n"
    )


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_block_is_run_by_a_test_or_holds_no_commands(path):
    page = path.read_text(encoding="utf-8")
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    scripts = sum(bool(block["script"]) for block in BLOCK.finditer(page))
    assert [language for language, _ in blocks].count("python") == scripts
    assert {language for language, _ in blocks} <= {"console", "sql", "python", "sh"} | DATA
    if path.name in RUN_ELSEWHERE:
        return
    targets = re.findall(r"^([\w-]+):", (CHECKOUT / "Makefile").read_text("utf-8"), re.MULTILINE)
    shown = [line for language, text in blocks if language == "sh" for line in text.splitlines()]
    assert {line.split("#")[0].strip() for line in shown} <= {f"make {name}" for name in targets}
