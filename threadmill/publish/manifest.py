"""Where a snapshot comes from, for `manifest.json`: raw documents → parts → tables, and what made them."""

import platform
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

import threadmill
from threadmill import paths, schema
from threadmill.models import dependencies
from threadmill.publish import catalog, snapshots
from threadmill.publish.snapshots import Published
from threadmill.read.discover import Discovery, Document
from threadmill.schema.base import Table
from threadmill.storage import tables
from threadmill.storage.digests import digest_files
from threadmill.storage.parsed import ParsedDocument
from threadmill.storage.sealing import Seal

LIBRARIES = ("duckdb", "numpy", "polars", "pyarrow")
WEIGHTS = {".npz", ".json"}


class Known(NamedTuple):
    """What the next run must know of this one, and readers may."""

    raw: Path
    made_with: dict[str, str]
    found: Discovery
    parsed: dict[str, ParsedDocument]
    """The buckets that each document feeds, and the formats that read it, by its path."""
    bucket_count: int
    figures: dict[str, Any]
    durations: dict[str, dict[str, float]]
    """The `seconds` that stages took, and for how many `bytes` of documents."""
    profile: dict[str, Any] | None = None
    """What was done to names and words; None if nothing was."""
    profile_words: str = "full"
    """The same as the table `runs` says it."""
    seal: Seal | None = None
    """Seals what is known of documents, where there is a profile of rows."""
    declared: Mapping[str, Table] = schema.TABLES
    """The tables of the snapshot."""


def write_run(snapshot: Path, profile: str) -> datetime:
    """Write the table `runs`, which says the `profile` in words, and return the time that it gives."""
    published_at = datetime.now(UTC).replace(tzinfo=None)
    row = pl.DataFrame(
        {
            "run_id": [snapshot.name],
            "published_at": pl.Series([published_at], dtype=pl.Datetime("us")),
            "threadmill_version": [threadmill.__version__],
            "profile": [profile],
        }
    )
    tables.write("runs", row, tables.place(snapshot, "runs"))
    return published_at


def seal(snapshot: Path, published: Published | None, known: Known) -> None:
    """Write the catalog, make the files of `snapshot` read-only, and write the manifest, the last of them.

    Files linked from what is `published` are as its manifest says.
    """
    # Again: models and checks, which see the table too, take minutes on large data.
    published_at = f"{write_run(snapshot, known.profile_words).isoformat(timespec='seconds')}Z"
    catalog.create(snapshot, known.declared)
    catalog.describe(snapshot, published_at, known.declared)
    private = {
        "raw": str(known.raw),
        "documents": {
            document.path: [
                list(document[1:]),
                known.parsed[document.path].buckets,
                known.parsed[document.path].formats,
            ]
            for document in known.found.documents
        },
        "rejects": [list(reject) for reject in known.found.rejects],
    }
    shown: dict[str, Any] = {}
    if known.profile:
        # Names of files and folders may be people's; hashes recognise a page that is public.
        if known.seal:
            snapshots.seal_private(snapshot, private, known.seal)
        shown = {"profile": known.profile}
        private = {"raw": "", "documents": {}, "rejects": []}
    files = snapshots.seal(snapshot, published.files if published else {})
    snapshots.write_manifest(
        snapshot,
        shown
        | {
            "run_id": snapshot.name,
            "published_at": published_at,
            "versions": versions(),
            "raw": private["raw"],
            "made_with": known.made_with,
            "bucket_count": known.bucket_count,
            "lineage": lineage(files, known.declared),
            "documents": private["documents"],
            "rejects": private["rejects"],
            "files": files,
            "summary": known.figures,
            "durations": known.durations,
        },
    )


def lineage(files: dict[str, Any], declared: Mapping[str, Table] = schema.TABLES) -> dict[str, Any]:
    """Return how to read the manifest's `documents`, the files of each bucket, and what each table is made from.

    A document's rows are in the parts of its buckets, and in the tables that are one file.
    """
    parts: dict[str, list[str]] = {}
    for path in sorted(files):
        table = declared.get(path.partition("/")[0])
        bucket = tables.bucket(path) if table and table.is_by_thread else None
        if bucket is not None:
            parts.setdefault(str(bucket), []).append(path)
    queries = dependencies.queries()
    made = {
        name: {
            "made_by": f"sql/{table.group}/{name}.sql" if name in queries else "threadmill",
            "reads": sorted(dependencies.inputs(queries[name]))
            if name in queries
            else ["documents", "vocabulary"],
        }
        for name, table in declared.items()
    }
    return {
        "document": [*Document._fields[1:], "buckets", "formats"],
        "parts": parts,
        "tables": made,
    }


def versions() -> dict[str, Any]:
    """Return the versions of code and libraries, and the version and hash of the model and of each vocabulary pack."""
    packs = {
        path.parent.name: {
            "version": str(tomllib.loads(path.read_text(encoding="utf-8"))["version"]),
            "sha256": digest_files(p for p in path.parent.rglob("*") if p.is_file()),
        }
        for path in sorted(paths.vocabulary_folder().glob("*/pack.toml"))
    }
    weights = [path for path in paths.PACKAGE.rglob("*") if path.suffix in WEIGHTS]
    return {
        "threadmill": threadmill.__version__,
        "python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES},
        "model_sha256": digest_files(weights),
        "vocabulary": packs,
    }
