"""Measure how fast the stages are, as ratios to the physical limit, in one interleaved run."""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from threadmill.measure.bench import memory
from threadmill.measure.bench.cases import CASES
from threadmill.measure.bench.cases.base import START, Corpus

__all__ = ["CASES", "Measured", "chosen", "rows", "run"]

ROUNDS = 3


class Measured(NamedTuple):
    """The medians of several runs of one case."""

    case: str
    megabytes: float
    comments: int
    cpu_s: float
    """Of all its processes."""
    wall_s: float
    peak_mb: float
    """Of all its processes together; shared memory counts once."""
    against: str
    ratio: float | None
    """CPU seconds divided by those of the case `against`, both without the start's; None if that case is the start,
    or took no longer than it."""
    text_mb_per_cpu_s: float | None
    """Megabytes of comment text that the measured work processes, without its preparation."""
    bytes_share: float | None
    """Bytes on disk that the case is about, as a share of those that its docstring says."""

    @property
    def comments_per_cpu_s(self) -> float:
        """Comments processed per second of one core."""
        return self.comments / self.cpu_s

    @property
    def comments_per_s(self) -> float:
        """Comments processed per second of wall time."""
        return self.comments / self.wall_s


class Used(NamedTuple):
    """The time and memory of one run of a case."""

    cpu_s: float
    wall_s: float
    peak_mb: float


def choose_cases(only: list[str] | None = None) -> list[str]:
    """Return the names of the cases to measure, in order: those in `only`, or the usual ones.

    The cases that they are compared with or need are added.

    Raises:
        ValueError: a case in `only` is unknown, or needs something that isn't installed.
    """
    if unknown := [name for name in only or () if name not in CASES]:
        shown = ", ".join(name for name, case in CASES.items() if case.is_shown)
        raise ValueError(f"--only: {unknown[0]} is no case; there are {shown}")
    wanted = set(only or filter(_is_usual, CASES))
    if elsewhere := sorted(name for name in wanted if CASES[name].lacks_checkout):
        raise ValueError(
            f"--only: {' and '.join(elsewhere)} must run from a checkout of Threadmill: "
            "the plain script is its tests/reference, which an installed package doesn't have"
        )
    if lacking := sorted({needed for name in wanted for needed in CASES[name].lacking}):
        raise ValueError(f"--only: needs {' and '.join(lacking)}; pip install 'threadmill[bench]'")
    wanted.add(START)
    while more := {n for w in wanted for n in (CASES[w].against, *CASES[w].after)} - wanted:
        wanted |= more
    return [name for name in CASES if name in wanted]


def _is_usual(name: str) -> bool:
    case = CASES[name]
    return case.by_default and not case.lacking and not case.lacks_checkout


def run(megabytes: float, cases: list[str], rounds: int = ROUNDS) -> Iterator[Measured]:
    """Measure `cases` on `megabytes` of invented threads, `rounds` times in turn.

    `cases` is from `choose_cases`. Compiled bytecode is used, as for users.
    """
    cases = [name for name in cases if megabytes <= CASES[name].largest_mb]
    with tempfile.TemporaryDirectory(prefix="threadmill-bench-") as folder:
        raws: dict[Corpus, tuple[Path, int]] = {}
        corpora = {name: CASES[name].corpus for name in cases}
        # The start reads no corpus, so it shares one: large ones take long to write.
        corpora[START] = next((corpora[name] for name in cases if name != START), corpora[START])
        for number, corpus in enumerate(dict.fromkeys(corpora.values())):
            raw = Path(folder, f"raw-{number}")
            raws[corpus] = raw, corpus(raw, megabytes)
        scratch = Path(folder, "scratch")
        used: dict[str, list[Used]] = {name: [] for name in cases}
        speeds: dict[str, list[float]] = {name: [] for name in cases}
        shares: dict[str, list[float]] = {name: [] for name in cases}
        for _ in range(rounds):
            scratch.mkdir()
            for name in cases:
                used[name].append(_measure(name, raws[corpora[name]][0], scratch))
                for noted, ending in ((speeds, "speed"), (shares, "bytes")):
                    if (own := scratch / f"{name}.{ending}").is_file():
                        noted[name].append(float(own.read_text(encoding="utf-8")))
            shutil.rmtree(scratch)
    medians = {
        name: Used(*(statistics.median(column) for column in zip(*runs, strict=True)))
        for name, runs in used.items()
    }
    start = medians[START].cpu_s
    for name in cases:
        if CASES[name].is_shown:
            against = CASES[name].against
            ratio = _divide(medians[name].cpu_s, medians[against].cpu_s, start)
            own_figures = (_take_median(found[name]) for found in (speeds, shares))
            comments = raws[corpora[name]][1]
            yield Measured(name, megabytes, comments, *medians[name], against, ratio, *own_figures)


def _divide(own_s: float, base_s: float, start_s: float) -> float | None:
    return (own_s - start_s) / (base_s - start_s) if base_s > start_s else None


def _take_median(values: list[float]) -> float | None:
    return statistics.median(values) if values else None


def _measure(case: str, raw: Path, scratch: Path) -> Used:
    """Return CPU seconds, wall seconds and peak megabytes of the processes that run `case`."""
    environment = {
        key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"
    }
    start = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 # our own words
        [sys.executable, "-m", "threadmill.measure.bench.cases", case, str(raw), str(scratch)],
        env=environment,
    )
    with memory.watch_memory(process.pid) as peak:
        # Waits, and counts the children that the process waited for.
        _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"bench: {case} ended with exit code {process.returncode}")
    return Used(used.ru_utime + used.ru_stime, wall, max(peak.megabytes, used.ru_maxrss / 1024))


HEADING = (
    "case",
    "MB",
    "CPU s",
    "wall s",
    "peak MB",
    "ratio",
    "to",
    "comments / CPU s",
    "comments / s",
    "text MB / CPU s",
    "bytes",
)


def make_rows(measured: Iterable[Measured]) -> Iterator[tuple[str, ...]]:
    """Yield the figures as a table's rows, the heading first."""
    yield HEADING
    for one in measured:
        yield (
            one.case,
            f"{one.megabytes:g}",
            f"{one.cpu_s:.2f}",
            f"{one.wall_s:.2f}",
            f"{one.peak_mb:.0f}",
            *(("", "") if one.ratio is None else (f"{one.ratio:.2f}", one.against)),
            f"{one.comments_per_cpu_s:,.0f}",
            f"{one.comments_per_s:,.0f}",
            f"{one.text_mb_per_cpu_s:.1f}" if one.text_mb_per_cpu_s else "",
            "" if one.bytes_share is None else f"{one.bytes_share:.1%}",
        )
