"""Find published files that changed since they were published."""

import contextlib
import json
from pathlib import Path

from threadmill.publish import snapshots
from threadmill.read.discover import hash_files


def find_damage(processed: Path) -> list[str]:
    """Return a sentence for each published file that has changed since, and mark the damage for the next run.

    Raises:
        ValueError: nothing is published there.
    """
    snapshot = snapshots.locate_current(processed)
    try:
        files = json.loads((snapshot / snapshots.MANIFEST).read_bytes())["files"]
        found = [_describe_damage(snapshot, name, known["sha256"]) for name, known in files.items()]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        found = [f"{snapshots.MANIFEST}: can't be read"]
    sentences = [sentence for sentence in found if sentence]
    if sentences:
        # A reader without write permission can't mark it.
        with contextlib.suppress(OSError):
            (processed / snapshots.DAMAGED).touch()
    return sentences


def _describe_damage(snapshot: Path, name: str, sha256: str) -> str | None:
    try:
        same = hash_files(snapshot / name) == sha256
    except OSError as error:
        return f"{name}: can't be read: {error.strerror}"
    return None if same else f"{name}: has other bytes than were published"
