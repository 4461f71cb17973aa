"""Every command shown in the README and in docs/ is run, and gives what is shown below it.

A block marked `console` has commands after `$ `, each followed by its output. `pytest --bless` rewrites the outputs.
"""

import re
import shlex
import subprocess
import sys

import pytest
from conftest import CHECKOUT, command, surroundings

PAGES = [CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").glob("*.md"))]
BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
RUN_ID = re.compile(r"\d{8}T\d{12}Z-[0-9a-f]{4}")


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


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_shown_commands_give_what_is_shown(path, project, request):
    page = path.read_text(encoding="utf-8")
    now = BLOCK.sub(lambda block: answered(block[0], project), page)
    if request.config.getoption("bless"):
        path.write_text(now, encoding="utf-8")
        return
    assert now == page, f"{path.name}: see what changed, then pytest {__file__} --bless"
