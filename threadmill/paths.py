"""Where things lie: the project's folders, and the SQL and vocabulary that ship with the code."""

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGE = Path(__file__).parent
CHECKOUT = PACKAGE.parent
CODE = {".py", ".npz", ".json"}
"""The package's modules, and the weights of its models."""
FILES = PACKAGE / "_files"
"""In a wheel, what a checkout has in `sql/` and `data/vocabulary/`."""
PRIORS = "platforms.csv"
PRIOR_OF = "prior of "
TOPIC_FILES = {"topics.csv", "topics.expanded.csv", "labels.csv", "changes.csv"}
"""Of a vocabulary pack, what the models alone read."""
ENTRIES = {"cli", "docs", "export", "flows", "measure", "report", "schedule", "wording"}
"""Modules that no table depends on."""
MODELS = {"models", "topics"}
"""Modules that the parsed tables don't depend on."""


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
    return shipped_vocabulary()


def shipped_vocabulary() -> Path:
    """Return the folder of the vocabulary packs that come along."""
    return FILES / "vocabulary" if FILES.is_dir() else CHECKOUT / "data" / "vocabulary"


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


def fingerprint(paths: Iterable[Path]) -> str:
    """Return one hash of the names and bytes of `paths`, whatever their order."""
    seen = hashlib.sha256()
    for path in sorted(paths):
        seen.update(f"{path.parent.name}/{path.name}\0".encode())
        seen.update(hashlib.sha256(path.read_bytes()).digest())
    return seen.hexdigest()


def made_with() -> dict[str, str]:
    """Return what the tables depend on besides the raw documents, each as a hash.

    `code` makes everything, `models` the tables made by SQL, `vocabulary` mentions and these, and a
    platform's row of `platforms.csv` (`PRIOR_OF` and its name) the replies of its threads.
    """
    modules = [
        path for path in PACKAGE.rglob("*") if path.suffix in CODE and FILES not in path.parents
    ]
    part = {path: path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in modules}
    words = [path for path in vocabulary_folder().rglob("*") if path.is_file()]
    topics = [path for path in words if path.name in TOPIC_FILES]
    priors = [path for path in words if path == vocabulary_folder() / PRIORS]
    return {
        "code": fingerprint(p for p in modules if part[p] not in {*ENTRIES, *MODELS}),
        "models": fingerprint(
            [*sql_folder().rglob("*.sql"), *topics, *(p for p in modules if part[p] in MODELS)]
        ),
        "vocabulary": fingerprint(p for p in words if p not in {*topics, *priors})
        + _dictionaries(),
    } | {
        PRIOR_OF + platform: hashlib.sha256(row.encode()).hexdigest()
        for path in priors
        for platform, row in _rows(path)
    }


def _dictionaries() -> str:
    """Return which PyICU is installed, if one is: terms in scripts without spaces depend on it."""
    try:
        return f" PyICU {version('PyICU')}"
    except PackageNotFoundError:
        return ""


def _rows(path: Path) -> Iterator[tuple[str, str]]:
    """Yield each line of the CSV at `path` by what its first cell says, the heading with it."""
    heading, *lines = path.read_text(encoding="utf-8", errors="replace").splitlines() or [""]
    for line in lines:
        yield line.partition(",")[0].strip(' "'), f"{heading}\n{line}"
