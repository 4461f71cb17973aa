"""Where things are: the project's folders, and the SQL and vocabulary that ship with the code."""

import os
import shutil
from pathlib import Path

PACKAGE = Path(__file__).parent
CHECKOUT = PACKAGE.parent
FILES = PACKAGE / "_files"
"""In a wheel, what a checkout has in `sql/` and `data/vocabulary/`."""
PRIORS = "platforms.csv"
"""Of a vocabulary, what is known of platforms."""
TOPIC_FILES = {"topics.csv", "topics.expanded.csv", "labels.csv", "changes.csv"}
"""Of a vocabulary pack, what the models alone read."""


def home() -> Path:
    """Return the project's folder: the nearest one upwards that has `data/raw`.

    Raises:
        ValueError: there is none, or `THREADMILL_HOME` isn't a folder.
    """
    named = os.environ.get("THREADMILL_HOME")
    if named:
        if not Path(named).is_dir():
            raise ValueError(
                f"THREADMILL_HOME: {named} is not a folder; it names the one with data/raw"
            )
        return Path(named).resolve()
    here = Path.cwd().resolve()
    for folder in (here, *here.parents):
        if (folder / "data" / "raw").is_dir():
            return folder
    raise ValueError(
        f"{here}: no data/raw here or above; make that folder, "
        "or give --raw and --processed, or set THREADMILL_HOME"
    )


def is_release() -> bool:
    """Return whether this is an installed release, which has its own `FILES`, and no checkout."""
    return FILES.is_dir()


def sql_folder() -> Path:
    """Return the folder of the SQL models and checks."""
    return FILES / "sql" if is_release() else CHECKOUT / "sql"


def vocabulary_folder() -> Path:
    """Return the folder of the vocabulary packs: the project's own if it has one, else ours."""
    try:
        own = home() / "data" / "vocabulary"
    except ValueError:
        own = None
    if own and own.is_dir():
        return own
    return shipped_vocabulary()


def shipped_vocabulary() -> Path:
    """Return the folder of the vocabulary packs that come along."""
    return FILES / "vocabulary" if is_release() else CHECKOUT / "data" / "vocabulary"


def locate_history() -> Path:
    """Return the file of queries that the user typed in earlier sessions."""
    state = os.environ.get("XDG_STATE_HOME")
    folder = Path(state) if state else Path.home() / ".local" / "state"
    return folder / "threadmill" / "sql_history"


def service_file(name: str) -> Path:
    """Return `prefect.yaml`, or the systemd unit `name`, that comes along."""
    if name == "prefect.yaml":
        return PACKAGE / "schedule" / name
    return FILES / name if is_release() else CHECKOUT / "docs" / name


def docs_folder() -> Path:
    """Return the folder of the documentation's pages."""
    return FILES if is_release() else CHECKOUT / "docs"


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def own_vocabulary() -> Path:
    """Return the project's own vocabulary folder; where it has none, make it a copy of ours.

    Raises:
        ValueError: as `home`.
    """
    folder = home() / "data" / "vocabulary"
    if not folder.is_dir():
        shutil.copytree(vocabulary_folder(), folder)
    return folder
