"""Let one process at a time write to a processed folder. Standard library only."""

import contextlib
import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from threadmill.errors import Locked, Mistake

LOCK = ".lock"


@contextlib.contextmanager
def lock(processed: Path) -> Iterator[None]:
    """Hold the lock of `processed` while inside. It ends with the process, even if that crashes.

    Raises:
        Locked: another run holds it.
    """
    processed.mkdir(parents=True, exist_ok=True)
    with _open_lock(processed / LOCK) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EACCES):
                raise
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise Locked(
                f"{processed}: another run writes here (process {holder}); wait for its end"
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}, since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC")
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def _open_lock(path: Path) -> TextIO:
    """Open the lock file, without following a link: that would empty somebody else's file."""
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        descriptor = os.open(path, flags, 0o666)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EISDIR, errno.ENXIO):
            raise Mistake(f"{path}: isn't a file; remove it, a run makes its own") from None
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Mistake(f"{path}: isn't a file; remove it, a run makes its own")
    return os.fdopen(descriptor, "r+", encoding="utf-8")


def is_alive(pid: int) -> bool:
    """Return whether there is a process `pid` on this machine."""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
