"""Record reports and exports made from published tables, so that an erasure finds them. Standard library only."""

import contextlib
import json
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from threadmill.publish.snapshots import SNAPSHOTS
from threadmill.read.discover import hash_files

LEDGER = ".written.jsonl"
"""In the processed folder: a line per file that was written, with its place, time and SHA-256."""


def note_written(con: Any, files: Iterable[Path]) -> None:
    """Note that `files` were written from the published tables that the connection `con` sees.

    Whoever may read tables and not write beside them writes nothing down.
    """
    catalogs = con.execute("select path from duckdb_databases() where path is not null").fetchall()
    for (catalog,) in catalogs:
        snapshots = Path(catalog).parent.parent
        if snapshots.name == SNAPSHOTS:
            lines = [_describe(file) for file in files if file.is_file()]
            with contextlib.suppress(OSError), _open(snapshots.parent / LEDGER) as ledger:
                ledger.write("".join(lines))


def _open(path: Path) -> Any:
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.fdopen(os.open(path, flags, 0o600), "a", encoding="utf-8")


def _describe(file: Path) -> str:
    place = os.path.realpath(file)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    return json.dumps({"path": place, "at": at, "sha256": hash_files(file)}) + "\n"


def read_written(processed: Path) -> dict[Path, str]:
    """Return the files written from the tables in `processed` that are still there, with their SHA-256 then."""
    try:
        lines = (processed / LEDGER).read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    found = {}
    for line in lines:
        # A line that a crash cut off says nothing.
        with contextlib.suppress(ValueError, KeyError, TypeError):
            said = json.loads(line)
            found[Path(said["path"])] = str(said["sha256"])
    return {path: sha256 for path, sha256 in found.items() if path.is_file()}


def remove_written(processed: Path) -> tuple[int, list[Path]]:
    """Remove the files that were written and haven't changed since; return how many, and those that have changed."""
    changed, count = [], 0
    for path, sha256 in read_written(processed).items():
        if hash_files(path) == sha256:
            path.unlink()
            count += 1
        else:
            changed.append(path)
    lines = [_describe(path) for path in changed]
    if changed:
        (processed / LEDGER).write_text("".join(lines), encoding="utf-8")
    else:
        (processed / LEDGER).unlink(missing_ok=True)
    return count, changed
