"""What tests share: the checkout, the command in a process of its own, and a copied page."""

import os
import subprocess
import sys
from pathlib import Path

import threadmill

CHECKOUT = Path(__file__).parents[2]
SAMPLE = CHECKOUT / "data" / "raw" / "substack" / "ms-lazarus-effect.txt"
DUCKDB = Path(sys.executable).with_name("duckdb")
"""DuckDB's own command line, of the version that constraints.txt pins."""

PAGE = """2 Comments
User's avatar
Ada Quill's avatar

{first}

Expand full comment
Bo's avatar
Mar 3

{second}

Expand full comment
"""


def page(first="A first remark.", second="An answer to it."):
    """Return a copied page of two comments."""
    return PAGE.format(first=first, second=second)


def command(*arguments):
    """Return the command line that runs `threadmill` in a process of its own."""
    return [sys.executable, "-m", "threadmill.cli", *map(str, arguments)]


def run_threadmill(*arguments, cwd, **environment):
    """Run `threadmill` in a process of its own and return it when it has ended."""
    return subprocess.run(
        command(*arguments),
        cwd=cwd,
        env=surroundings(**environment),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def loaded_by(*arguments, of, cwd):
    """Return which of the modules `of` are loaded once `threadmill` has done what `arguments` say, and its output."""
    code = (
        f"import sys; sys.argv = {['threadmill', *map(str, arguments)]!r}\n"
        "from threadmill import cli\n"
        "try: cli.main()\n"
        "except SystemExit: pass\n"
        f"print(*({set(of)!r} & sys.modules.keys()))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        cwd=cwd,
        env=surroundings(),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    *said, loaded = ended.stdout.splitlines()
    return set(loaded.split()), "\n".join(said)


def surroundings(**environment):
    """Return an environment in which `threadmill` is this one, whatever the current folder."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("PREFECT_")}
    return inherited | {"PYTHONPATH": str(Path(threadmill.__file__).parent.parent)} | environment


def contents(folder):
    """Return the bytes of every file below `folder` by its path, and the target of every link."""
    return {
        path.relative_to(folder).as_posix(): str(path.readlink())
        if path.is_symlink()
        else path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }
