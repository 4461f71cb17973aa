"""Write a file beside its place and move it there when it is complete: a failed write leaves what was there."""

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

TEMPORARY = ".new-"


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield where to write what becomes the file at `path`, with the rights of one that is there already.

    What is no file, such as `/dev/stdout`, is written to itself, and a link stays one.
    """
    if path.exists() and not path.is_file():
        yield path
        return
    place = Path(os.path.realpath(path))
    new = place.with_name(f".{place.name}{TEMPORARY}{secrets.token_hex(4)}")
    try:
        yield new
        if place.exists():
            shutil.copymode(place, new)
        new.replace(place)
    finally:
        new.unlink(missing_ok=True)


@contextlib.contextmanager
def filling(folder: Path) -> Iterator[Path]:
    """Yield a folder to write files to, which come to be in `folder` together; on failure none does."""
    is_made = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    # Within it: it may be the current folder, or a disk of its own.
    new = folder / f"{TEMPORARY}{secrets.token_hex(4)}"
    try:
        new.mkdir()
        yield new
        for path in sorted(new.iterdir()):
            path.replace(folder / path.name)
        new.rmdir()
    except BaseException:
        shutil.rmtree(folder if is_made else new, ignore_errors=True)
        raise
