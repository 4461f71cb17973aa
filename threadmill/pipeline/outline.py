"""What may be recorded of an error, or leave this process: its kind and place, never a value of the data.

An error's own text may quote what people wrote: a row whose key occurs twice, a cell that isn't a number. Texts of ours
don't, but for those about a file that the operator wrote: a person at a terminal reads these, and no record keeps them.
"""

import re
from pathlib import Path

from threadmill import paths
from threadmill.errors import BrokenTable, Mistake, RunFailed, WorkerFailed

QUERY_INTERRUPTED = "Query interrupted"
"""What the `RuntimeError` says that DuckDB makes of Ctrl-C."""
LINE = re.compile(r":\d+$")
NEEDED = ("kinds.csv", "pack.toml")
"""Files that a vocabulary must have."""
PACKAGE = Path(__file__).parents[1]
MORE = "`threadmill run` without PREFECT_API_URL says more"
FAULT = (
    "a fault of Threadmill; `python -c 'import threadmill; threadmill.run()'` shows all of it, "
    "also the data it quotes"
)


def is_mistake(error: BaseException) -> bool:
    """Return whether `error` is about what a user gave: its text is ours. Libraries raise classes of their own."""
    return type(error) in (ValueError, Mistake)


def outline(error: BaseException, raw: Path | None = None, *, is_private: bool = False) -> str:
    """Return one sentence without any value of the data.

    Args:
        error: what was raised.
        raw: folder of the raw threads, to recognise the files that errors name.
        is_private: whether names of files are left out too, which may be people's.
    """
    cause = error.__cause__ if type(error) is RunFailed and error.__cause__ else error
    if isinstance(cause, OSError) and cause.strerror:
        if is_private:
            return f"{type(cause).__name__} in {_code_place(cause)}: {cause.strerror}"
        return f"{cause.filename}: {cause.strerror}" if cause.filename else cause.strerror
    if isinstance(cause, RunFailed | WorkerFailed | BrokenTable):
        # Counts, places, and names of tables, columns and checks.
        return str(cause).splitlines()[0]
    place = str(cause).partition(": ")[0]
    if raw and not is_private and isinstance(cause, ValueError) and _is_file(raw, place):
        return f"{place}: a mistake in this file; {MORE}"
    return f"{type(cause).__name__} in {_code_place(cause)}: {FAULT}"


def _is_file(raw: Path, place: str) -> bool:
    """Return whether `place` names a file of the project, perhaps with a line."""
    name = LINE.sub("", place.partition(", line ")[0])
    try:
        folders = (raw, *raw.parents[:2], paths.vocabulary_folder())
        return any(_is_there(folder / name) for folder in folders) or (
            bool(name) and "/" not in name and next(raw.rglob(_literal(name)), None) is not None
        )
    except (OSError, ValueError):
        return False


def _is_there(path: Path) -> bool:
    """Return whether `path` is a file, or one that a vocabulary lacks."""
    return path.is_file() or (path.name in NEEDED and path.parent.is_dir())


def _literal(name: str) -> str:
    """Return the pattern that only `name` matches."""
    return re.sub(r"([*?[])", r"[\1]", name)


def _code_place(error: BaseException) -> str:
    """Return the innermost line of ours that the error came through."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if PACKAGE in Path(frame.filename).parents]
    if not frames:
        return "no known place"
    last = (ours or list(frames))[-1]
    return f"{Path(last.filename).name}, line {last.lineno}"
