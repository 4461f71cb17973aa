"""Where a snapshot comes from, for `manifest.json`: raw documents → parts → tables, and what made them."""

import platform
import tomllib
from importlib.metadata import version
from typing import Any

import threadmill
from threadmill import models, paths, schema
from threadmill.read.discover import Document
from threadmill.storage import tables

LIBRARIES = ("duckdb", "numpy", "polars", "pyarrow")
WEIGHTS = {".npz", ".json"}


def lineage(files: dict[str, Any]) -> dict[str, Any]:
    """Return how to read the manifest's `documents`, the files of each bucket, and what each table is made from.

    A document's rows are in the parts of its buckets, and in the tables that are one file.
    """
    parts: dict[str, list[str]] = {}
    for path in sorted(files):
        if (bucket := tables.bucket(path)) is not None:
            parts.setdefault(str(bucket), []).append(path)
    queries = models.queries()
    made = {
        name: {
            "made_by": f"sql/{table.group}/{name}.sql" if name in queries else "threadmill",
            "reads": sorted(models.inputs(queries[name]))
            if name in queries
            else ["documents", "vocabulary"],
        }
        for name, table in schema.TABLES.items()
    }
    return {"document": [*Document._fields[1:], "buckets"], "parts": parts, "tables": made}


def versions() -> dict[str, Any]:
    """Return the versions of code and libraries, and the version and hash of the model and of each vocabulary pack."""
    packs = {
        path.parent.name: {
            "version": str(tomllib.loads(path.read_text(encoding="utf-8"))["version"]),
            "sha256": paths.fingerprint(p for p in path.parent.rglob("*") if p.is_file()),
        }
        for path in sorted(paths.vocabulary_folder().glob("*/pack.toml"))
    }
    weights = [path for path in paths.PACKAGE.rglob("*") if path.suffix in WEIGHTS]
    return {
        "threadmill": threadmill.__version__,
        "python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES},
        "model_sha256": paths.fingerprint(weights),
        "vocabulary": packs,
    }
