"""Run the stages of a run: named pieces of work that the caller may watch, repeat or record."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")
Stage = Callable[[str, Callable[[], T]], T]
"""Runs one named piece of work and returns what it returns."""
PIECES_MAX = 8
"""Split reading, and building, into at most this many pieces, however much there is to do."""


def run_directly(_name: str, work: Callable[[], T]) -> T:
    """Run a piece of work as it is."""
    return work()


class Piece(NamedTuple):
    """A piece of a stage: some of its units of work."""

    name: str
    units: list[Any]

    def do(self, work: Callable[[Any], None], at_once: int = 1) -> None:
        """Do `work` with each unit, `at_once` at a time; called again after an error, with those not done."""
        if at_once == 1:
            while self.units:
                work(self.units[0])
                del self.units[0]
            return
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(at_once) as pool:
            begun = [(unit, pool.submit(work, unit)) for unit in self.units]
        self.units[:] = [unit for unit, future in begun if future.exception()]
        for _, future in begun:
            future.result()


def split(name: str, units: list[Any], least: int = 1) -> list[Piece]:
    """Return `units` in order in at most `PIECES_MAX` pieces of about the same length, `least` or more."""
    count = min(PIECES_MAX, max(1, len(units) // least)) if units else 0
    edges = [len(units) * number // count for number in range(count + 1)] if count else []
    return [
        Piece(f"{name} {number} of {count}", units[start:end])
        for number, (start, end) in enumerate(pairwise(edges), 1)
    ]
