"""Write files in one step: a reader sees all of one or nothing. Standard library only."""

import os
import secrets
from pathlib import Path

PART = ".part"
"""How a file ends that isn't written to its end yet. It is hidden, so that no run takes it for a document."""


def write_whole(path: Path, content: bytes) -> None:
    """Write `path` beside and rename it; it is on the disk when this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}{PART}")
    try:
        with new.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_parts(folder: Path) -> None:
    """Remove what a fetch that was cut off left in `folder`."""
    for path in folder.glob(f".*{PART}"):
        path.unlink(missing_ok=True)
