"""What may leave this process about an error: its kind and its place, never a value.

An error's own text may quote what people wrote: a row whose key occurs twice, a cell that isn't a number. A run without
Prefect prints it in full.
"""

import re
import traceback
from pathlib import Path

from threadmill import paths
from threadmill.errors import RunFailed

LINE = re.compile(r":\d+$")
PACKAGE = Path(__file__).parents[1]
MORE = "a run without PREFECT_API_URL says more"


def outline(error: BaseException, raw: Path | None = None) -> str:
    """Return one sentence without any value of the data.

    Args:
        error: what was raised.
        raw: folder of the raw threads, to recognise the files that errors name.
    """
    cause = error.__cause__ if isinstance(error, RunFailed) and error.__cause__ else error
    if isinstance(cause, OSError) and cause.strerror:
        return f"{cause.filename}: {cause.strerror}" if cause.filename else cause.strerror
    if isinstance(cause, RunFailed):
        # Counts, and names of checks.
        return str(cause).splitlines()[0]
    place = str(cause).partition(": ")[0]
    if raw and isinstance(cause, ValueError) and _is_file(raw, place):
        return f"{place}: a mistake in this file; {MORE}"
    return f"{type(cause).__name__} in {_code_place(cause)}; {MORE}"


def _is_file(raw: Path, place: str) -> bool:
    """Return whether `place` names a file of the project, perhaps with a line."""
    name = LINE.sub("", place)
    try:
        folders = (raw, *raw.parents[:2], paths.vocabulary_folder())
        return any((folder / name).is_file() for folder in folders)
    except (OSError, ValueError):
        return False


def _code_place(error: BaseException) -> str:
    """Return the innermost line of ours that the error came through."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if PACKAGE in Path(frame.filename).parents]
    if not frames:
        return "no known place"
    last = (ours or list(frames))[-1]
    return f"{Path(last.filename).name}, line {last.lineno}"
