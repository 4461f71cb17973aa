"""How fast the stages are, as ratios to the physical limit, measured in turn in one go."""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from flows.bench import corpus

ROUNDS = 3
START, BASE = "start", "limit"
"""Always measured: Python's start and imports, and the least there is to do."""
CASES = (
    "start",
    "limit",
    "line_loop",
    "parse",
    "parse_and_write",
    "parse_and_infer_replies",
    "parse_and_find_mentions",
    "mention_rules",
    "mention_1000_terms",
    "mention_100000_terms",
    "dump_limit",
    "dump",
    "run",
    "run_again",
)


LIMITS = {"dump_limit": "dump_limit", "dump": "dump_limit"}
"""What the cases on a dump are compared to; all others are on pages, and compared to `BASE`."""


class Measured(NamedTuple):
    """The median of some runs of one case."""

    case: str
    megabytes: float
    comments: int
    cpu_s: float
    wall_s: float
    peak_mb: float
    ratio: float
    """CPU seconds / those of its limit, each without those of the start."""
    text_mb_per_cpu_s: float | None
    """Megabytes of comment text that what the case is about gets through, preparations left out."""

    @property
    def comments_per_cpu_s(self) -> float:
        """How many comments go through in a second of one core."""
        return self.comments / self.cpu_s


def chosen(only: list[str] | None) -> tuple[str, ...]:
    """Return the cases of `only`, or all, with those that they are compared to."""
    if not only:
        return CASES
    wanted = {START, BASE, *only, *(LIMITS[case] for case in only if case in LIMITS)}
    return tuple(case for case in CASES if case in wanted)


def run(megabytes: float, cases: tuple[str, ...] = CASES, rounds: int = ROUNDS) -> list[Measured]:
    """Measure `cases` on `megabytes` of invented pages, or of a dump, `rounds` times in turn.

    `cases` are as from `chosen`. Compiled bytecode is used, as users have it.
    """
    with tempfile.TemporaryDirectory(prefix="threadmill-bench-") as folder:
        raw, dump, scratch = (Path(folder, name) for name in ("raw", "dump", "scratch"))
        written = corpus.write(raw, megabytes)
        lines = corpus.write_dump(dump, megabytes) if LIMITS.keys() & set(cases) else 0
        figures: dict[str, list[tuple[float, float, float]]] = {case: [] for case in cases}
        speeds: dict[str, list[float]] = {case: [] for case in cases}
        for _ in range(rounds):
            scratch.mkdir()
            for case in cases:
                given = dump if case in LIMITS else raw
                figures[case].append(_measure(case, given, scratch))
                if (own := scratch / f"{case}.speed").is_file():
                    speeds[case].append(float(own.read_text()))
            shutil.rmtree(scratch)
    medians = {
        case: [statistics.median(column) for column in zip(*rows, strict=True)]
        for case, rows in figures.items()
    }
    start = medians[START][0]
    return [
        Measured(
            case,
            megabytes,
            lines if case in LIMITS else written,
            cpu,
            wall,
            peak,
            (cpu - start) / (medians[LIMITS.get(case, BASE)][0] - start),
            statistics.median(speeds[case]) if speeds[case] else None,
        )
        for case, (cpu, wall, peak) in medians.items()
    ]


def _measure(case: str, raw: Path, scratch: Path) -> tuple[float, float, float]:
    """Return CPU seconds, wall seconds and peak megabytes of one process that runs `case`."""
    environment = {
        key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"
    }
    start = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 # our own words
        [sys.executable, "-m", "flows.bench.cases", case, str(raw), str(scratch)], env=environment
    )
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"bench: {case} ended with exit code {process.returncode}")
    return used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024


def rows(measured: list[Measured]) -> Iterator[tuple[str, ...]]:
    """Yield the figures as a table's rows, the heading first."""
    yield (
        "case",
        "MB",
        "CPU s",
        "wall s",
        "peak MB",
        "× limit",
        "comments / CPU s",
        "text MB / CPU s",
    )
    for one in measured:
        yield (
            one.case,
            f"{one.megabytes:g}",
            f"{one.cpu_s:.2f}",
            f"{one.wall_s:.2f}",
            f"{one.peak_mb:.0f}",
            f"{one.ratio:.2f}",
            f"{one.comments_per_cpu_s:,.0f}",
            f"{one.text_mb_per_cpu_s:.1f}" if one.text_mb_per_cpu_s else "",
        )
