"""Private folders for what queries can't hold in memory. Standard library only: each run clears up after others.

A folder is locked by the process that uses it, for as long as that lives, however it ends.
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
    """A new folder among temporary files that nobody else can read; it goes when nobody refers to it any more."""

    def __init__(self) -> None:
        # mkdtemp neither follows a link nor takes what is there already, and gives it mode 0700.
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._descriptor = os.open(self.folder, os.O_RDONLY)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        self.remove = weakref.finalize(self, _remove, self.folder, self._descriptor)
        """Removes it now. Also called at the end of the process."""


def _remove(folder: Path, descriptor: int) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    os.close(descriptor)


def remove_abandoned() -> None:
    """Remove the folders of processes that ended without doing so; those of other people stay."""
    with contextlib.suppress(OSError), os.scandir(tempfile.gettempdir()) as entries:
        found = [entry.path for entry in entries if entry.name.startswith(PREFIX)]
        for path in found:
            _remove_abandoned(path)


def _remove_abandoned(path: str) -> None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        # A link, a file, or another's: not ours to remove.
        return
    try:
        if os.fstat(descriptor).st_uid != os.getuid():
            return
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(path, ignore_errors=True)
    finally:
        os.close(descriptor)
