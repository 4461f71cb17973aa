"""Build threads in processes of their own, each on a core.

`python -m threadmill.pipeline.workers VOCABULARY` is one: it gets where to publish, and under which profiles, as a line
of JSON, then a line per group of buckets, and answers each of these with one. All else goes from file to file
(`building.Builder`). So workers import nothing of the program that started them (a notebook, Prefect), and nothing is
pickled.
"""

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

from threadmill.errors import WorkerFailed
from threadmill.pipeline.outline import is_mistake, outline

if TYPE_CHECKING:
    from threadmill.pipeline.building import Outlet

ONE_THREAD = dict.fromkeys(
    ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "ARROW_IO_THREADS"), "1"
)


class Workers:
    """Some workers; whoever asks gets an idle one. For use by several threads."""

    def __init__(self, processes: list["subprocess.Popen[str]"]) -> None:
        self._idle: SimpleQueue[subprocess.Popen[str]] = SimpleQueue()
        for process in processes:
            self._idle.put(process)

    def work(self, kind: str, number: int, buckets: list[int]) -> None:
        """Let an idle worker `build` the `buckets`, or `mention` those of the outlet `number`, and wait until it has.

        Raises:
            ValueError: the vocabulary contains something that its rules don't allow.
            WorkerFailed: anything else.
        """
        process = self._idle.get()
        try:
            assert process.stdin is not None  # noqa: S101 # for mypy: it is a pipe
            assert process.stdout is not None  # noqa: S101
            try:
                process.stdin.write(json.dumps([kind, number, buckets]) + "\n")
                process.stdin.flush()
                answer = process.stdout.readline()
            except BrokenPipeError:
                answer = ""
            if not answer:
                raise WorkerFailed(
                    f"the process that built buckets {buckets} ended with code {process.wait()}"
                )
            error, sentence = json.loads(answer)
            if error == "mistake":
                raise ValueError(sentence)
            if error:
                raise WorkerFailed(f"building buckets {buckets}: {sentence}")
        finally:
            self._idle.put(process)


@contextmanager
def start(count: int, outlets: Sequence["Outlet"], vocabulary: Path) -> Iterator[Workers]:
    """Start `count` workers; they end with the block, and with this process however that ends."""
    package = str(Path(__file__).parents[2])
    path = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH")]))
    command = [sys.executable, "-P", "-m", "threadmill.pipeline.workers", str(vocabulary)]
    processes = [
        subprocess.Popen(  # noqa: S603 # our own words
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | ONE_THREAD | {"PYTHONPATH": path},
        )
        for _ in range(count)
    ]
    try:
        for process in processes:
            assert process.stdin is not None  # noqa: S101 # for mypy: it is a pipe
            # A key goes through no argument, variable or file, where others could see it.
            with contextlib.suppress(BrokenPipeError):
                process.stdin.write(json.dumps([one.dump() for one in outlets]) + "\n")
        yield Workers(processes)
    finally:
        for process in processes:
            process.kill()
        for process in processes:
            process.communicate()


def main() -> None:
    """Do what standard input asks for until it ends; then exit immediately, abandoning current work."""
    asked: SimpleQueue[str] = SimpleQueue()

    def listen() -> None:
        for line in sys.stdin:
            asked.put(line)
        # Who asked is gone, by `kill -9` perhaps: its snapshot will be removed.
        os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    builder = None
    outlets = json.loads(asked.get())
    while True:
        kind, number, buckets = json.loads(asked.get())
        try:
            if builder is None:
                from threadmill.pipeline.building import Builder, Outlet

                builder = Builder([Outlet.load(one) for one in outlets], Path(sys.argv[1]))
            (builder.build if kind == "build" else builder.mention)(buckets, number)
            answer = ["", ""]
        except Exception as error:  # the one who asked raises it
            answer = ["mistake", str(error)] if is_mistake(error) else ["fault", outline(error)]
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
