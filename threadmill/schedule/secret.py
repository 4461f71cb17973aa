"""The secret of this project's Prefect server. `python -m threadmill.schedule.secret` prints it, making one if needed.

It is `user:password`, as PREFECT_SERVER_API_AUTH_STRING and PREFECT_API_AUTH_STRING take it, and lies in the folder
`.prefect` where only its owner can read it.
"""

import contextlib
import os
import secrets
from pathlib import Path

from threadmill import paths
from threadmill.errors import Mistake

USER = "threadmill"
PASSWORD_BYTES = 24
OWN_FILE, OWN_FOLDER = 0o600, 0o700


def prefect_home() -> Path:
    """Return the folder of Prefect's database and our secret: PREFECT_HOME, else the project's, else the user's."""
    if folder := os.environ.get("PREFECT_HOME"):
        return Path(folder)
    with contextlib.suppress(ValueError):
        return paths.home() / ".prefect"
    return Path.home() / ".prefect"


def path() -> Path:
    """Return the file of the secret."""
    return prefect_home() / "secret"


def read() -> str | None:
    """Return the secret of this project's server, None if it has none yet.

    Raises:
        Mistake: the file can't be trusted: it is a link, or others may read or write it.
    """
    try:
        descriptor = os.open(path(), os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Mistake(f"{path()}: {error.strerror}; remove it, and a new one is made") from None
    with os.fdopen(descriptor, encoding="utf-8") as file:
        if os.fstat(descriptor).st_mode & ~OWN_FILE & 0o777:
            raise Mistake(f"{path()}: others may read it; remove it, and a new one is made")
        return file.read().strip()


def get() -> str:
    """Return the secret of this project's server; make one if it has none yet.

    Raises:
        Mistake: as `read`.
    """
    if found := read():
        return found
    path().parent.mkdir(mode=OWN_FOLDER, parents=True, exist_ok=True)
    made = f"{USER}:{secrets.token_urlsafe(PASSWORD_BYTES)}"
    # Complete under its name from the start: another process may make one at the same moment.
    new = path().with_name(f"{path().name}.{os.getpid()}")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWN_FILE), "w") as file:
        file.write(made + "\n")
    with contextlib.suppress(FileExistsError):
        path().hardlink_to(new)
    new.unlink()
    return read() or made


if __name__ == "__main__":
    print(get())  # noqa: T201
