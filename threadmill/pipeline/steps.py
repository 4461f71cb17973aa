"""Steps of a run: named pieces of work that whoever runs the pipeline may watch, repeat or record."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")
Step = Callable[[str, Callable[[], T]], T]
"""Runs one named step of the pipeline and returns what it returns."""
STEP_PARTS = 8
"""At most so many steps read documents, and so many mill them, however much there is."""


def directly(_name: str, work: Callable[[], T]) -> T:
    """Run a step as it is."""
    return work()


class Part(NamedTuple):
    """Some of the units of work of one kind: what one step does."""

    name: str
    units: list[Any]

    def each(self, work: Callable[[Any], None], at_once: int = 1) -> None:
        """Do `work` with each unit, so many `at_once`; called again after an error, with those not done."""
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


def parts(name: str, units: list[Any], least: int = 1) -> list[Part]:
    """Return `units` in order, dealt to at most `STEP_PARTS` parts of much the same length, `least` or more."""
    count = min(STEP_PARTS, max(1, len(units) // least)) if units else 0
    edges = [len(units) * number // count for number in range(count + 1)] if count else []
    return [
        Part(f"{name} {number} of {count}", units[start:end])
        for number, (start, end) in enumerate(pairwise(edges), 1)
    ]
