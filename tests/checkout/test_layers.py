"""Imports point down, and only the flow imports Prefect."""

import ast

import pytest
from support import CHECKOUT

PACKAGE = CHECKOUT / "threadmill"

LAYERS = [
    {"docs"},
    {"cli", "refresh", "serve"},
    {"bench", "report"},
    {"pipeline", "inspect", "export", "project", "topic_commands", "trees"},
    {
        "fill",
        "reading",
        "buckets",
        "workers",
        "catalog",
        "models",
        "checks",
        "summary",
        "metrics",
        "lineage",
    },
    {
        "captures",
        "orders",
        "duplicates",
        "hosts",
        "comments",
        "replies",
        "mentions",
        "topics",
        "sources",
        "documents",
    },
    {"plan", "publish", "status", "times", "sidecars", "discover", "dumps"},
    {"tables"},
    {"schema", "resources", "steps", "wording"},
]
RANK = {name: rank for rank, layer in enumerate(LAYERS) for name in layer}
MODULES = sorted(PACKAGE.rglob("*.py"))


def imported(path):
    """Return the full names of the modules that the module at `path` imports, anywhere in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def layer(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_down(path):
    own = layer(path)
    if own == "__init__":
        return
    others = {name.split(".")[1] for name in imported(path) if name.startswith("threadmill.")} - {
        own
    }
    upwards = {name for name in others if name in RANK and RANK[name] < RANK[own]}
    assert own in RANK, f"{own} has no layer yet: name it in LAYERS"
    assert not upwards


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_refresh_imports_prefect(path):
    if layer(path) == "refresh":
        return
    assert not {name for name in imported(path) if name.split(".")[0] == "prefect"}


def test_no_source_imports_a_sibling():
    sources = {path.stem for path in (PACKAGE / "sources").glob("[!_]*_*.py")}
    for stem in sources:
        found = imported(PACKAGE / "sources" / f"{stem}.py")
        assert (
            not {name.split(".")[2] for name in found if name.startswith("threadmill.sources.")}
            & sources
        )
