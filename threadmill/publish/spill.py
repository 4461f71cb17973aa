"""Private folders for queries that exceed memory. Standard library only, as each run removes abandoned ones.

The process that uses a folder holds a lock on it, which ends with the process, even if that crashes.
"""

import contextlib
import fcntl
import os
import shutil
import tempfile
import weakref
from pathlib import Path

PREFIX = "threadmill-spill-"


class Spill:
    """A new temporary folder that nobody else can read; it is removed when nothing refers to it any more."""

    def __init__(self) -> None:
        descriptor = None
        while descriptor is None:
            # mkdtemp neither follows a link nor reuses a folder, and gives it mode 0700.
            self.folder = Path(tempfile.mkdtemp(prefix=PREFIX))
            descriptor = _lock(self.folder)
        self._descriptor = descriptor
        self.remove = weakref.finalize(self, _remove, self.folder, self._descriptor)
        """Remove the folder now. Also called at the end of the process."""


def _lock(folder: Path) -> int | None:
    """Return the descriptor that holds the lock on `folder`; None if it was removed as abandoned before."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        return None
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    if folder.is_dir():
        return descriptor
    os.close(descriptor)
    return None


def _remove(folder: Path, descriptor: int) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    os.close(descriptor)


def remove_abandoned() -> None:
    """Remove the folders of processes that ended without removing them; other users' folders stay."""
    with contextlib.suppress(OSError), os.scandir(tempfile.gettempdir()) as entries:
        found = [entry.path for entry in entries if entry.name.startswith(PREFIX)]
        for path in found:
            _remove_abandoned(path)


def _remove_abandoned(path: str) -> None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        # A link, a file, or another user's folder: not ours to remove.
        return
    try:
        if os.fstat(descriptor).st_uid != os.getuid():
            return
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(path, ignore_errors=True)
    finally:
        os.close(descriptor)
