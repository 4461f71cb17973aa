"""How the last runs ended, and whether what is published is as fresh as its schedule demands.

Kept in small files beside the tables: `.runs.json` (the last run that succeeded, the last that failed, the current),
`.schedule.json` (the schedule of `threadmill serve`) and `.serve.lock`, which `serve` holds while it lives. Standard
library only; no server is asked.
"""

import contextlib
import fcntl
import json
import os
import secrets
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from threadmill.fetch.journal import FETCHED
from threadmill.pipeline import fingerprint
from threadmill.pipeline.durations import estimate_seconds
from threadmill.pipeline.outline import outline
from threadmill.privacy.erasures import ERASED, take_fingerprint
from threadmill.privacy.guard import read_published
from threadmill.privacy.profiles import AGGREGATE
from threadmill.publish import locking, snapshots
from threadmill.publish.snapshots import Published
from threadmill.read import discover
from threadmill.wording import counted

T = TypeVar("T")
RUNS = ".runs.json"
SCHEDULE = ".schedule.json"
SERVING = ".serve.lock"
LOCK_TRIES, LOCK_PAUSE_S = 5, 0.1
"""`read` holds the lock for a moment too."""
SHOWN_FIGURES = ("threads", "comments", "rejects")
LATE_SHARE = 1.5
"""Data is stale after this multiple of the schedule's longest pause, …"""
LATE_S = 60
"""… plus this many seconds."""


class Status(NamedTuple):
    """What is published in a folder and how fresh it is. Times are UTC, ISO, to the second."""

    processed: str
    is_stale: bool
    why: str
    """Why it counts as stale or as fresh, in a sentence."""
    run_id: str | None
    """The published run; None if nothing is published."""
    published_at: str | None
    confirmed_at: str | None
    """When a run last ended well, even if it found nothing new."""
    age_s: int | None
    """Since then."""
    max_age_s: int | None
    """What the age may be; None without a schedule."""
    schedule: str | None
    server: str | None
    """Whether `threadmill serve` is `running`, was `stopped`, or is `dead`; None if none ever served here."""
    waiting: int
    """Raw documents that are new, changed or gone since the published run."""
    figures: dict[str, int] | None
    """Threads, comments and rejects published."""
    mistakes: list[str]
    """What is wrong in sidecars, column mappings and corrections, a sentence each; the rest is published."""
    failed_at: str | None
    """When the last failed run ended, if there is one, even if a later one ended well."""
    failure: str | None
    """Why it failed."""
    is_last_failed: bool
    """Whether the last run that ended failed."""
    running: str | None
    """The process that writes now, and since when."""
    redone: list[str]
    """What the next run does again because code, vocabulary or priors changed, a sentence each."""
    redone_s: int | None
    """About how long that takes; None if nothing is done again, or no earlier run says."""


@contextlib.contextmanager
def recorded(
    processed: Path, raw: Path | None = None, *, is_private: bool = False
) -> Iterator[Callable[[T], T]]:
    """Record how the run inside ends: it succeeded if it called what this yields; else it failed, and why.

    The record holds none of the data, and for an `is_private` run no name of a file. Hold the lock of `processed`.
    """
    results: list[object] = []

    def done(result: T) -> T:
        results.append(result)
        return result

    ended = _read_runs(processed)
    if begun := ended.pop("begun", None):
        ended["failed"] = _killed(begun)
    _note(processed, ended | {"begun": {"at": _now(), "pid": os.getpid()}})
    try:
        yield done
    except BaseException as error:
        is_stop = not isinstance(error, Exception)
        why = (
            f"interrupted ({type(error).__name__})"
            if is_stop
            else outline(error, raw, is_private=is_private)
        )
        ended["failed"] = {"at": _now(), "why": why}
        raise
    else:
        if results:
            ended["done"] = {"at": _now()}
            if "failed" in ended:
                # Both may be of one second.
                ended["failed"]["is_mended"] = True
    finally:
        _note(processed, ended)


def schedule(processed: Path, words: str, longest_pause_s: float) -> None:
    """Remember the schedule that refreshes `processed`: in words, and its longest pause."""
    processed.mkdir(parents=True, exist_ok=True)
    _write(processed / SCHEDULE, {"schedule": words, "longest_pause_s": longest_pause_s})


@contextlib.contextmanager
def serving(processed: Path) -> Iterator[None]:
    """Let `read` see that `processed` is served within the block, and afterwards whether that was stopped or died."""
    processed.mkdir(parents=True, exist_ok=True)
    with (processed / SERVING).open("a", encoding="utf-8") as lock:
        for _ in range(LOCK_TRIES):
            # The system releases the lock of a dead process. Another one may be serving the same folder.
            with contextlib.suppress(OSError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            time.sleep(LOCK_PAUSE_S)
        try:
            yield
        except (KeyboardInterrupt, SystemExit):
            _note_stop(processed)
            raise
        else:
            _note_stop(processed)


def _note_stop(processed: Path) -> None:
    with contextlib.suppress(OSError):
        _write(processed / SCHEDULE, _read_schedule(processed) | {"stopped_at": _now()})


def _find_server(processed: Path, plan: dict[str, Any]) -> str | None:
    """Return `running`, `stopped` or `dead`; None if nothing of this version ever served `processed`."""
    try:
        with (processed / SERVING).open("rb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return "running"
    except OSError:
        return None
    if not plan:
        return None
    return "stopped" if plan.get("stopped_at") else "dead"


def read(processed: Path, max_age_s: float | None = None) -> Status:
    """Return the status of `processed`; `max_age_s` says what is too old, else the schedule does."""
    runs, plan, manifest = (
        _read_runs(processed),
        _read_schedule(processed),
        _read_manifest(processed),
    )
    done, failed = runs.get("done", {}), runs.get("failed", {})
    confirmed_at = done.get("at") or manifest.get("published_at")
    age_s = _age_s(confirmed_at)
    if max_age_s is None and plan:
        max_age_s = LATE_SHARE * plan["longest_pause_s"] + LATE_S
    limit_s = None if max_age_s is None else int(max_age_s)
    figures = manifest.get("summary", {})
    begun = runs.get("begun")
    is_running = begun is not None and locking.is_alive(begun["pid"])
    failure = _killed(begun) if begun and not is_running else failed
    is_stale, why = _judge(bool(manifest), age_s, limit_s)
    published = read_published(processed)
    redone, redone_s = _plan_redoing(published)
    return Status(
        processed=str(processed),
        is_stale=is_stale,
        why=why,
        run_id=manifest.get("run_id"),
        published_at=manifest.get("published_at"),
        confirmed_at=confirmed_at,
        age_s=age_s,
        max_age_s=limit_s,
        schedule=plan.get("schedule"),
        server=_find_server(processed, plan),
        waiting=count_waiting(Path(published.raw), published) if published and published.raw else 0,
        figures={name: figures[name] for name in SHOWN_FIGURES} if figures else None,
        mistakes=[reason for reason, _ in figures.get("mistakes", [])],
        failed_at=failure.get("at"),
        failure=failure.get("why"),
        is_last_failed=bool(failure)
        and not failure.get("is_mended")
        and failure["at"] >= (confirmed_at or ""),
        running=f"process {begun['pid']}, since {begun['at']}" if begun and is_running else None,
        redone=redone,
        redone_s=redone_s,
    )


def count_waiting(raw: Path, published: Published) -> int:
    """Return how many documents of `raw` are new, changed or gone since they were `published`."""
    found = discover.discover(raw, published.documents).documents if raw.is_dir() else []
    now, then = discover.list_contents(found), discover.list_contents(published.documents.values())
    return len({path for path, *_ in now ^ then})


def _plan_redoing(published: Published | None) -> tuple[list[str], int | None]:
    """Return what the next run does again because of other code, vocabulary or priors, and about for how long."""
    if published is None or (published.profile or {}).get("profile") == AGGREGATE:
        # Figures wait for their week, whatever changes.
        return [], None
    now = fingerprint.take()
    if published.raw:
        now |= take_fingerprint(Path(published.raw))
    elif ERASED in published.made_with:
        # Without the key of a profile nobody knows from where it was read.
        now[ERASED] = published.made_with[ERASED]
    if FETCHED in published.made_with:
        # What was fetched waits as documents do, and is no reason of its own.
        now[FETCHED] = published.made_with[FETCHED]
    if fingerprint.PROFILE in published.made_with:
        # Only a run has the key.
        now[fingerprint.PROFILE] = published.made_with[fingerprint.PROFILE]
    changes = fingerprint.compare(published.made_with, now)
    sentences = changes.sentences()
    seconds = estimate_seconds(published, changes) if sentences else None
    return sentences, None if seconds is None else round(seconds)


def lines(status: Status) -> list[tuple[str, str]]:
    """Return `status` as lines of label and text."""
    shown = [
        ("State", f"{_name_state(status)}: {status.why}"),
        (
            "Published",
            f"run {status.run_id}, {status.published_at}" if status.run_id else "nothing",
        ),
    ]
    if status.figures:
        figures = (counted(count, name.removesuffix("s")) for name, count in status.figures.items())
        shown.append(("", ", ".join(figures)))
    shown += _label("Mistakes", status.mistakes)
    if status.waiting:
        waiting = counted(status.waiting, "document is", "documents are")
        shown.append(("Waiting", f"{waiting} new, changed or gone; the next run will pick that up"))
    shown.append(("Schedule", status.schedule or "none known; `threadmill serve` sets one"))
    if status.server:
        shown.append(("Server", SERVERS[status.server]))
    if status.running:
        shown.append(("Running", status.running))
    if status.failure:
        last = "" if status.is_last_failed else " (a later run ended well)"
        shown.append(("Failure", f"{status.failed_at}{last}: {status.failure}"))
    redone = list(status.redone)
    if redone and status.redone_s is not None:
        redone[-1] += f"; about {duration(max(1, status.redone_s))}"
    return [*shown, *_label("Next run", redone), ("Tables", status.processed)]


SERVERS = {
    "running": "threadmill serve is running",
    "stopped": "threadmill serve was stopped; nothing runs on schedule",
    "dead": "threadmill serve has died; nothing runs on schedule until it is started again",
}


def _name_state(status: Status) -> str:
    if status.is_stale:
        return "stale"
    state = "behind" if status.waiting else "fresh"
    return f"{state}, with mistakes" if status.mistakes else state


def _label(word: str, sentences: list[str]) -> list[tuple[str, str]]:
    """Return `sentences` as lines, the first of which has `word` before it."""
    return list(zip([word, *[""] * len(sentences)], sentences, strict=False))


def _judge(is_published: bool, age_s: int | None, limit_s: int | None) -> tuple[bool, str]:
    if not is_published or age_s is None:
        return True, "nothing is published yet; `threadmill run` does it"
    if limit_s is None:
        return (
            False,
            f"confirmed {duration(age_s)} ago; there is no schedule to judge by, so give --max-age",
        )
    if age_s > limit_s:
        return (
            True,
            f"no run confirmed it for {duration(age_s)}; at most {duration(limit_s)} is due",
        )
    return False, f"confirmed {duration(age_s)} ago; at most {duration(limit_s)} is due"


def duration(seconds: float) -> str:
    """Return `seconds` as people say it: `90 s`, `45 min`, `36 h`, `12 days`."""
    for unit, size, limit in (("s", 1, 100), ("min", 60, 100), ("h", 3_600, 50)):
        if seconds < size * limit:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds / 86_400:.0f} days"


def _killed(begun: dict[str, Any]) -> dict[str, str]:
    """Return the failure of a run that began and never ended."""
    why = f"process {begun['pid']} was killed, or the machine stopped; it published nothing"
    return {"at": begun["at"], "why": why}


def _now() -> str:
    return f"{datetime.now(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def _age_s(moment: str | None) -> int | None:
    if not moment:
        return None
    then = datetime.fromisoformat(moment)
    return max(0, round((datetime.now(UTC) - then).total_seconds()))


def _note(processed: Path, content: dict[str, Any]) -> None:
    """Keep what became of runs. It must not turn a good run into a bad one: a full disk is ignored."""
    with contextlib.suppress(OSError):
        _write(processed / RUNS, content)


def _read_runs(processed: Path) -> dict[str, Any]:
    """Return what `.runs.json` says, without what no run has written there."""
    content = _read(processed / RUNS)
    needed = {"begun": ("at", "pid"), "done": ("at",), "failed": ("at", "why")}
    return {
        kind: content[kind]
        for kind, keys in needed.items()
        if isinstance(content.get(kind), dict)
        and all(isinstance(content[kind].get(key), int if key == "pid" else str) for key in keys)
        and _is_time(content[kind]["at"])
    }


def _read_schedule(processed: Path) -> dict[str, Any]:
    """Return what `.schedule.json` says; nothing if `serve` has not written it so."""
    content = _read(processed / SCHEDULE)
    pause_s = content.get("longest_pause_s")
    is_number = isinstance(pause_s, int | float) and 0 <= pause_s < float("inf")
    return content if is_number and isinstance(content.get("schedule"), str) else {}


def _read_manifest(processed: Path) -> dict[str, Any]:
    """Return what the published manifest says of its run; nothing if no run has written it so."""
    content = _read(processed / snapshots.CURRENT / snapshots.MANIFEST)
    figures = content.get("summary")
    is_whole = (
        isinstance(content.get("run_id"), str)
        and _is_time(content.get("published_at"))
        and isinstance(figures, dict)
        and all(isinstance(figures.get(name), int) for name in SHOWN_FIGURES)
    )
    return content if is_whole else {}


def _is_time(text: Any) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except (TypeError, ValueError):
        return False


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _write(path: Path, content: dict[str, Any]) -> None:
    temporary = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(2)}")
    temporary.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    temporary.replace(path)
