"""What a case is."""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from threadmill import paths
from threadmill.measure.bench import corpus

Work = Callable[[Path, Path], None]
"""Does the work, given the folder of raw threads and one that is empty at the beginning of each round."""
Corpus = Callable[[Path, float], int]
"""Writes some megabytes of raw threads below a folder and returns how many comments they have."""

REFERENCE = paths.CHECKOUT / "tests" / "reference"
"""The plain script: of a checkout, not of a wheel."""

START, LIMIT = "start", "limit"
"""Python's start and imports, always measured, and the least there is to do."""


class Case(NamedTuple):
    """Something to measure."""

    name: str
    work: Work
    corpus: Corpus
    against: str
    """The case that its ratio is to; the start is none to compare with."""
    after: tuple[str, ...]
    """Cases that must have left something in the scratch folder."""
    by_default: bool
    largest_mb: float
    """Larger corpora are left out."""
    is_shown: bool
    needs: tuple[str, ...]
    """Modules that the extra `bench` installs; without them the case is left out."""

    needs_checkout: bool
    """It runs `REFERENCE`; without it the case is left out."""

    @property
    def lacks_checkout(self) -> bool:
        """Return whether it needs a checkout and this isn't one."""
        return self.needs_checkout and not REFERENCE.is_dir()

    @property
    def lacking(self) -> list[str]:
        """Return what it needs that isn't installed."""
        return [name for name in self.needs if not importlib.util.find_spec(name)]


CASES: dict[str, Case] = {}
"""All cases by name, in the order they are run."""


def case(
    *,
    corpus: Corpus = corpus.write,
    against: str = LIMIT,
    after: tuple[str, ...] = (),
    by_default: bool = True,
    largest_mb: float = float("inf"),
    is_shown: bool = True,
    needs: tuple[str, ...] = (),
    needs_checkout: bool = False,
) -> Callable[[Work], Work]:
    """Make a case of the function below, which has the case's name."""

    def register(work: Work) -> Work:
        name = work.__name__
        CASES[name] = Case(
            name,
            work,
            corpus,
            against,
            after,
            by_default,
            largest_mb,
            is_shown,
            needs,
            needs_checkout,
        )
        return work

    return register


def note_bytes(scratch: Path, name: str, size: int, whole: int) -> None:
    """Let the table say how many bytes what a case is about takes, as a share of a `whole`."""
    (scratch / f"{name}.bytes").write_text(str(size / whole), encoding="utf-8")


def note_speed(scratch: Path, name: str, megabytes: float, cpu_s: float) -> None:
    """Let the table say how fast what a case is about was, its preparations left out."""
    (scratch / f"{name}.speed").write_text(str(megabytes / cpu_s), encoding="utf-8")
