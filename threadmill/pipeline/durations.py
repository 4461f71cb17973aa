"""Record how long stages took for how much data, and estimate from that how long another run takes.

Standard library only: `threadmill status` asks for it.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from threadmill.pipeline.fingerprint import Changes
from threadmill.publish.snapshots import Published

T = TypeVar("T")
STAGES = {
    "read": ("read", "store", "ids"),
    "build": ("build",),
    "mention": ("mention",),
    "models": ("intermediate", "model", "checks"),
}
"""Stages whose duration grows with the data, and the words with which the names of their pieces begin."""
Durations = Mapping[str, Mapping[str, float]]
"""Each stage → the `seconds` it took for that many `bytes` of raw documents."""


class Timed:
    """Runs each piece of work as another stage does, and adds up the seconds by the first word of its name."""

    def __init__(self, stage: Callable[[str, Callable[[], Any]], Any]) -> None:
        self.stage = stage
        self.seconds: dict[str, float] = {}

    def __call__(self, name: str, work: Callable[[], T]) -> T:
        """Run `work`."""
        begun = time.perf_counter()
        try:
            done: T = self.stage(name, work)
            return done
        finally:
            word = name.partition(" ")[0]
            spent = self.seconds.get(word, 0.0) + time.perf_counter() - begun
            self.seconds[word] = spent


def note_durations(
    seconds: Mapping[str, float], read_bytes: int, built_bytes: int, before: Durations
) -> dict[str, dict[str, float]]:
    """Return the durations to keep: those of this run, or of `before` where that did more.

    The more a stage had to do, the less its start matters.
    """
    kept = {stage: dict(one) for stage, one in before.items()}
    for stage, words in STAGES.items():
        spent = sum(seconds.get(word, 0.0) for word in words)
        size = read_bytes if stage == "read" else built_bytes
        if spent and size and size >= kept.get(stage, {}).get("bytes", 0):
            kept[stage] = {"seconds": round(spent, 3), "bytes": size}
    return kept


def estimate_seconds(published: Published, changes: Changes) -> float | None:
    """Return about how long the next run will take because of `changes`; None if no run told."""
    sizes = {path: document.size for path, document in published.documents.items()}
    whole = sum(sizes.values())
    read = {path for path in sizes if _is_read(published, changes, path)}
    built = {
        path
        for path in sizes
        if changes.builds_everything or published.documents[path].platform in changes.platforms
    } | read
    todo = {"read": sum(map(sizes.__getitem__, read)), "build": sum(map(sizes.__getitem__, built))}
    if not changes.is_publishing_only:
        todo["models"] = whole
    if changes.mentions:
        todo["mention"] = whole - todo["build"]
    # Building holds finding mentions: without a duration of its own that takes at most as long.
    known = {"mention": published.durations.get("build"), **published.durations}
    spent = 0.0
    for stage, size in todo.items():
        one = known.get(stage)
        if not size:
            continue
        if not one:
            return None
        spent += one["seconds"] / one["bytes"] * size
    return spent


def _is_read(published: Published, changes: Changes, path: str) -> bool:
    """Return whether the document at `path` is read again."""
    formats = set(published.formats[path])
    is_of_changed = bool(changes.formats) and (not formats or bool(formats & changes.formats))
    return changes.reads_everything or is_of_changed
