"""Where things lie: the project's folders, and the SQL and vocabulary that ship with the code."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

PACKAGE = Path(__file__).parent
CHECKOUT = PACKAGE.parent
CODE = {".py", ".npz", ".json"}
"""The package's modules, and the weights of its models."""
FILES = PACKAGE / "_files"
"""In a wheel, what a checkout has in `sql/` and `data/vocabulary/`."""


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


def sql_folder() -> Path:
    """Return the folder of the SQL models and checks."""
    return FILES / "sql" if FILES.is_dir() else CHECKOUT / "sql"


def vocabulary_folder() -> Path:
    """Return the folder of the vocabulary packs: the project's own if it has one, else ours."""
    try:
        own = home() / "data" / "vocabulary"
    except ValueError:
        own = None
    if own and own.is_dir():
        return own
    return FILES / "vocabulary" if FILES.is_dir() else CHECKOUT / "data" / "vocabulary"


def own_vocabulary_folder() -> Path:
    """Return the project's folder of vocabulary, which may be written to.

    Raises:
        ValueError: the project has none.
    """
    folder = home() / "data" / "vocabulary"
    if not folder.is_dir():
        raise ValueError(
            f"{folder}: not a folder; make it and copy the packs you use, for it replaces the shipped ones"
        )
    return folder


def fingerprint(paths: Iterable[Path]) -> str:
    """Return one hash of the names and bytes of `paths`, whatever their order."""
    seen = hashlib.sha256()
    for path in sorted(paths):
        seen.update(f"{path.parent.name}/{path.name}\0".encode())
        seen.update(hashlib.sha256(path.read_bytes()).digest())
    return seen.hexdigest()


def made_with() -> dict[str, str]:
    """Return what the tables depend on besides the raw documents, each as a hash."""
    return {
        "code": fingerprint(p for p in PACKAGE.rglob("*") if p.suffix in CODE),
        "sql": fingerprint(sql_folder().rglob("*.sql")),
        "vocabulary": fingerprint(p for p in vocabulary_folder().rglob("*") if p.is_file()),
    }
