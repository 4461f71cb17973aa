"""Make sure that names in a folder survive a crash of the machine. Standard library only."""

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Let the names in `folder` be on the disk when this returns."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
