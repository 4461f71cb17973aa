"""The reference shares the declared tables with what it checks, and nothing else."""

import ast
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
SHARED = "threadmill.schema"
MODULES = [path for path in sorted(FOLDER.rglob("*.py")) if not path.name.startswith("test_")]
DYNAMIC = {"importlib", "runpy", "pkgutil", "__import__", "exec", "eval"}


def imported(path):
    """Return the full names of all that the module at `path` imports, anywhere in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide what they lead to"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_of_the_product_only_the_schema_is_imported(path):
    product = {name for name in imported(path) if name.partition(".")[0] == "threadmill"}
    assert product <= {SHARED}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_nothing_is_imported_by_a_name_made_at_run_time(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    used |= {name.partition(".")[0] for name in imported(path)}
    assert not used & DYNAMIC


def test_no_test_helper_is_imported():
    names = set().union(*map(imported, MODULES))
    assert SHARED in names
    assert not {name for name in names if name.partition(".")[0] in ("support", "conftest")}
