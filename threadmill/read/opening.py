"""Open files of the raw folder and nothing else, whatever replaces them meanwhile. Standard library only.

A document may be a link to a file in the raw folder; folders may not be links. Each part of a path is opened in the one
before it, without following links, and what is opened must be a regular file: a FIFO would be waited for.
"""

import errno
import os
import stat
from io import BufferedReader, FileIO
from pathlib import Path

# Windows has none of them, and no such links for everybody.
_AS_IT_LIES = (
    getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_FOLDER = getattr(os, "O_DIRECTORY", 0)
_OPENS_BELOW = os.open in os.supports_dir_fd


def open_document(raw: Path | str, path: str, buffering: int = -1) -> BufferedReader | FileIO:
    """Return the open file at `path` below `raw`.

    Raises:
        OSError: it can't be read, isn't a regular file, or is a link that leads out of `raw`.
    """
    try:
        descriptor = _open_below(str(raw), path)
    except OSError as error:
        if error.errno != errno.ELOOP:
            raise
        # It is a link, checked once more: what it leads to is opened without following any.
        whole, target = os.path.realpath(raw), os.path.realpath(f"{raw}/{path}")
        if not target.startswith(f"{whole}{os.sep}"):
            raise
        descriptor = _open_below(whole, target.removeprefix(f"{whole}{os.sep}"))
    return _checked(descriptor, f"{raw}/{path}", buffering)


def open_plainly(path: Path | str) -> BufferedReader | FileIO:
    """Return the open regular file at `path`, which may be a link, without waiting for a FIFO.

    Raises:
        OSError: it can't be read, or isn't a regular file.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | _AS_IT_LIES)
    except OSError as error:
        if error.errno != errno.ELOOP:
            raise
        descriptor = os.open(os.path.realpath(path), os.O_RDONLY | _AS_IT_LIES)
    return _checked(descriptor, str(path), -1)


def _open_below(folder: str, path: str) -> int:
    if not _OPENS_BELOW:
        return os.open(f"{folder}/{path}", os.O_RDONLY | _AS_IT_LIES)
    *parents, name = path.split("/")
    here = os.open(folder, os.O_RDONLY | _FOLDER)
    try:
        for parent in parents:
            below = os.open(parent, os.O_RDONLY | _FOLDER | _AS_IT_LIES, dir_fd=here)
            os.close(here)
            here = below
        return os.open(name, os.O_RDONLY | _AS_IT_LIES, dir_fd=here)
    finally:
        os.close(here)


def _checked(descriptor: int, path: str, buffering: int) -> BufferedReader | FileIO:
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a regular file", path)
    return os.fdopen(descriptor, "rb") if buffering else FileIO(descriptor, "rb")
