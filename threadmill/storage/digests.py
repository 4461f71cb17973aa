"""Hashes of files: recognise a file's content without keeping it. Standard library only."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def digest_files(paths: Iterable[Path]) -> str:
    """Return one hash of the names and bytes of `paths`, whatever their order."""
    seen = hashlib.sha256()
    for path in sorted(paths):
        seen.update(f"{path.parent.name}/{path.name}\0".encode())
        seen.update(hashlib.sha256(path.read_bytes()).digest())
    return seen.hexdigest()
