"""Measure the memory of a process and its descendants while they run."""

import contextlib
import threading
from collections.abc import Iterator

import psutil

INTERVAL_S = 0.1


class Peak:
    """The highest use seen so far."""

    def __init__(self) -> None:
        self.megabytes = 0.0


@contextlib.contextmanager
def watch_memory(pid: int) -> Iterator[Peak]:
    """Watch the memory of process `pid` and its descendants while inside."""
    peak = Peak()
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(INTERVAL_S):
            peak.megabytes = max(peak.megabytes, _measure_memory(pid))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        ended.set()
        watcher.join()


def _measure_memory(pid: int) -> float:
    """Return the megabytes that `pid` and its descendants use; on Linux shared memory counts once."""
    size = 0
    # Any of the processes may end at any time.
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(pid)
        for one in (process, *process.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                taken = one.memory_full_info()
                size += getattr(taken, "pss", taken.uss)
    return size / 2**20
