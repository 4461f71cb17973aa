"""How much memory a process and those it started take together, looked at while they run."""

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

INTERVAL_S = 0.1
PROC = Path("/proc")


class Peak:
    """The most that was seen so far."""

    def __init__(self) -> None:
        self.megabytes = 0.0


@contextlib.contextmanager
def watched(pid: int) -> Iterator[Peak]:
    """Look at process `pid` and its descendants while inside; on Linux only, else the peak stays 0."""
    peak = Peak()
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(INTERVAL_S):
            peak.megabytes = max(peak.megabytes, _megabytes(pid))

    watcher = threading.Thread(target=look, daemon=True)
    if PROC.is_dir():
        watcher.start()
    try:
        yield peak
    finally:
        ended.set()
        if watcher.is_alive():
            watcher.join()


def _megabytes(pid: int) -> float:
    """Return the proportional set size of `pid` and all its descendants: what they share counts once."""
    kilobytes = 0
    waiting = [pid]
    while waiting:
        process = PROC / str(waiting.pop())
        # It may end at any time.
        with contextlib.suppress(OSError, ValueError):
            for task in (process / "task").iterdir():
                waiting += map(int, (task / "children").read_text(encoding="ascii").split())
            for line in (process / "smaps_rollup").read_text(encoding="ascii").splitlines():
                if line.startswith("Pss:"):
                    kilobytes += int(line.split()[1])
    return kilobytes / 1024
