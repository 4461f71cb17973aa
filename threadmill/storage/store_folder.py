"""Find and open the folder of the store of a raw folder."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from threadmill import settings
from threadmill.errors import Mistake
from threadmill.storage.parsed import Store, open_private
from threadmill.storage.sealing import Seal

LOCK = ".lock"


@contextlib.contextmanager
def open_store(
    raw: Path, processed: Sequence[Path], snapshot: Path, seal: Seal | None = None
) -> Iterator[Store]:
    """Yield the store of the raw folder, having waited for other runs that read it.

    Where none is to be kept, it lies in the `snapshot` that is being made and goes with the block. With a `seal` it
    is sealed, and one that isn't kept lies among the temporary files, under a key that this run alone has.

    Raises:
        ValueError: its folder would lie in one of the `processed` ones, can't be made, or holds other things.
    """
    folder = find_folder(raw)
    if folder is None and seal:
        with tempfile.TemporaryDirectory(prefix="threadmill-") as private:
            yield Store(Path(private) / "parsed", is_kept=False, seal=Seal())
        return
    if folder is None:
        store = Store(snapshot / ".parsed", is_kept=False)
        yield store
        shutil.rmtree(store.folder)
        return
    for place in processed:
        if folder.resolve().is_relative_to(place.resolve()):
            raise Mistake(
                f"{folder}: parsed rows hold people's words and can't lie in {place}; set `store` to another folder"
            )
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        is_strange = not (folder / LOCK).exists() and any(folder.iterdir())
        descriptor = None if is_strange else open_private(folder / LOCK)
    except OSError as error:
        raise Mistake(
            f"{folder}: can't keep there what was parsed ({error.strerror}); set `store` to a folder that can be "
            'written, or to "none"'
        ) from None
    if descriptor is None:
        raise Mistake(f"{folder}: isn't empty and no store; set `store` to a folder of its own")
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        store = Store(folder, seal=seal)
        try:
            yield store
        finally:
            store.clear_private()
    finally:
        os.close(descriptor)


def find_folder(raw: Path) -> Path | None:
    """Return the folder of the store for `raw`, as the setting `store` says; None if nothing is kept."""
    given = settings.value("store")
    if given == "none":
        return None
    if given:
        return Path(given).resolve()
    return raw.parent / ("parsed" if raw.name == "raw" else f"{raw.name}-parsed")
