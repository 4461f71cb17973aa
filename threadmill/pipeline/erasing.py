"""Erase what a person wrote: record it, publish without it, remove earlier publications, check that it is gone.

Each step may be cut off at any moment: what is noted stays noted, and `resume` does the rest. Nothing is erased before
the tombstones are on the disk; from then on every run leaves out what they name.
"""

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

import threadmill
from threadmill import paths, pipeline, settings
from threadmill.errors import Mistake
from threadmill.pipeline import fetching, fingerprint, leaving, rewriting
from threadmill.pipeline.matching import Matched, Wanted, match
from threadmill.pipeline.placing import place_documents
from threadmill.pipeline.plan import Plan, look_up_last_run
from threadmill.pipeline.reading import read_documents
from threadmill.pipeline.rewriting import Rewritten
from threadmill.pipeline.stages import run_directly
from threadmill.privacy import erasures, keys
from threadmill.privacy.guard import open_guard
from threadmill.privacy.keys import Key
from threadmill.privacy.profiles import Profile
from threadmill.privacy.scan import Needle, Scanned, scan
from threadmill.privacy.tombstones import Tombstones, open_tombstones
from threadmill.publish import ledger, locking, snapshots, spill
from threadmill.read.discover import discover
from threadmill.replies import frozen
from threadmill.storage import parsed, store_folder
from threadmill.storage.parsed import Store
from threadmill.storage.sealing import Seal

REFUSE, RECORD, REWRITE = "refuse", "record", "rewrite"
"""What becomes of raw files that hold what is erased: nothing is erased then, the receipt names them, or new ones."""
NOT_COVERED = (
    "copies of published tables, reports and exports that others made or moved",
    "backups, and versions that file systems and object stores keep",
    "answers kept by other programs: BI tools, notebooks, caches",
)
"""What no erasure here reaches, for its receipt."""


class Places(NamedTuple):
    """Where an erasure works."""

    raw: Path
    processed: tuple[Path, ...]
    """All folders that tables made from `raw` are published in, under whatever profile."""
    histories: tuple[Path, ...] = ()
    """Files of entries that begin with a line `# …`: those that hold what is erased are removed."""
    others: tuple[Path, ...] = ()
    """Files and folders to look through besides."""


class Erased(NamedTuple):
    """What became of an erasure."""

    receipt: Path
    found: Scanned
    changed: list[Path]
    """Reports and exports that were changed after they were written, and so weren't removed."""
    threads: int = 0
    """How many threads left as a whole."""

    @property
    def is_done(self) -> bool:
        """Whether nothing is left of it, as far as was looked."""
        return not (self.found.total or self.found.unread)


def list_places(raw: Path, processed: Path | None = None) -> Places:
    """Return where to erase from `raw`: the folder `processed`, and the project's if it is one of them, or None."""
    own = snapshots.locate_processed(processed)
    others: list[Path] = []
    prefect = [Path(os.environ["PREFECT_HOME"])] if os.environ.get("PREFECT_HOME") else []
    # Outside a project both folders are given.
    with contextlib.suppress(ValueError):
        prefect = prefect or [paths.home() / ".prefect"]
        known = [paths.home() / "data" / "processed"]
        known += map(settings.find_processed, settings.read_profiles())
        if own in known:
            others = known
    found = [folder for folder in others if folder != own and snapshots.read_run_id(folder)]
    if processed is None and found and not snapshots.read_run_id(own):
        # All is published under profiles: nothing as captured must come of an erasure.
        own, *found = found
    return Places(raw, (own, *found), (paths.locate_history(),), tuple(prefect))


def find_limit() -> datetime:
    """Return since when a thread must have been captured to stay, as the setting `retain` says.

    Raises:
        ValueError: it isn't set.
    """
    kept = settings.value("retain")
    if not kept:
        raise Mistake(
            f'{settings.FILE}: sets no `retain`; write retain = "180d", or erase by --thread'
        )
    return datetime.now(UTC).replace(tzinfo=None) - timedelta(days=kept)


def find(places: Places, wanted: Wanted, jobs: int) -> Matched:
    """Return what `wanted` is; nothing is changed but that the store has what the raw documents say now.

    Raises:
        ValueError: something asked for isn't there, or an earlier erasure isn't finished.
        threadmill.publish.Locked: a run writes.
    """
    if not any(wanted._replace(also=())):
        raise Mistake("nothing to erase: name an author, a comment or a thread")
    if wanted.also and not wanted.authors:
        raise Mistake("also: is a name of an author, so name the author too")
    with _open_store(places, jobs) as store:
        if wanted.captured_before:
            expired = leaving.list_expired(store, wanted.captured_before)
            wanted = wanted._replace(threads=(*wanted.threads, *expired))
        if wanted.is_gone_at_source:
            gone = leaving.list_gone_at_source(store, jobs)
            wanted = wanted._replace(comments=(*wanted.comments, *gone))
        if not (wanted.authors or wanted.comments or wanted.threads):
            return Matched(["nothing to erase"], [], [], [], frozen.FROZEN.to_frame(), {})
        return match(store, wanted, _open_stones(places.raw), jobs, read_frozen(places.raw))


def read_frozen(raw: Path) -> pl.DataFrame:
    """Return the parents that stay as they are, as `frozen.FROZEN`."""
    file = erasures.find_frozen(raw)
    return pl.read_ipc(file) if file else frozen.FROZEN.to_frame()


@contextlib.contextmanager
def _open_store(places: Places, jobs: int) -> Iterator[Store]:
    """Yield the store, brought up to date; where none is kept, one that is gone with the block."""
    raw, processed = places.raw, places.processed[0]
    guard = open_guard(raw, Profile(), [])
    with (
        locking.lock(processed),
        tempfile.TemporaryDirectory(prefix="threadmill-erase-") as folder,
        store_folder.open_store(raw, [processed], Path(folder), guard.seal_store()) as store,
    ):
        made_with = fingerprint.take(guard.made_with) | erasures.take_fingerprint(raw)
        last = look_up_last_run(processed, raw, is_full=False)
        found = place_documents(raw, discover(raw, last.documents), last, made_with)
        read_documents(
            Plan(), found, made_with, raw, processed, store, Path(folder), jobs, run_directly, guard
        )
        store.commit()
        yield store


def _open_stones(raw: Path) -> Tombstones:
    return open_tombstones(raw) or Tombstones(keys.open_key(raw, keys.TOMBSTONES), [])


def rewrite_raw(places: Places, matched: Matched) -> Rewritten | None:
    """Return the raw files that hold what `matched` rewritten without it, not in their places yet; None if none do.

    Raises:
        ValueError: some can't be rewritten; says which.
    """
    raw = places.raw
    if not matched.documents:
        return None
    erased = _open_stones(raw).with_more(matched.stones)
    guard = open_guard(raw, Profile(), [])
    waiting = [one.folder for work in _open_pending(raw).values() if (one := _find_rewritten(work))]
    return rewriting.rewrite(raw, matched.documents, erased, matched.needles, guard, waiting)


def _find_rewritten(work: dict[str, Any]) -> Rewritten | None:
    said = work.get("rewritten")
    return (
        Rewritten(said[0], [(path, sha256) for path, sha256 in said[1]], said[2], [])
        if said
        else None
    )


def note(
    places: Places,
    matched: Matched,
    why: str,
    raw_files: str,
    rewritten: Rewritten | None = None,
) -> str:
    """Note what `matched` as erased, for all runs to come, and what is left to do; return the id of the erasure.

    Args:
        places: where it is erased.
        matched: as `find` gives it.
        why: the reason, for the receipt; no personal data.
        raw_files: what becomes of the raw documents: `RECORD` leaves them, and names them in the receipt.
        rewritten: as `rewrite_raw` gives it, with `REWRITE`.
    """
    raw = places.raw
    erasure = erasures.begin()
    key = keys.open_key(raw, keys.TOMBSTONES)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    file = erasures.make_folder(raw) / f"{erasures.FROZEN}{erasure}.arrow"
    matched.frozen.write_ipc(file)
    erasures.protect(file)
    work = {
        "began": now,
        "why": why,
        "raw_files": raw_files,
        "counts": matched.counts,
        "documents": matched.documents,
        "needles": [list(one) for one in matched.needles],
        "rewritten": list(rewritten[:3]) if rewritten else None,
    }
    erasures.write_pending(raw, erasure, seal_work(key, work))
    header = {"kind": "erasure", "on": now, "why": why, "key": key.fingerprint}
    stones = [*matched.stones, *(rewritten.stones if rewritten else ())]
    erasures.add_stones(raw, [one | {"erasure": erasure} for one in (header, *stones)])
    return erasure


def seal_work(key: Key, work: dict[str, Any]) -> bytes:
    """Return `work` for a file that only the `key` opens: it names what is to be looked for."""
    return Seal(key.derive("pending").secret).seal_bytes(json.dumps(work).encode())


def open_work(key: Key, sealed: bytes) -> dict[str, Any]:
    """Return what `seal_work` was given."""
    work: dict[str, Any] = json.loads(Seal(key.derive("pending").secret).open_bytes(sealed))
    return work


def is_pending(raw: Path) -> bool:
    """Return whether an erasure was noted and isn't finished."""
    return bool(erasures.read_pending(raw))


def _open_pending(raw: Path) -> dict[str, dict[str, Any]]:
    """Return what is left to do, by erasure."""
    sealed = erasures.read_pending(raw)
    if not sealed:
        return {}
    key = keys.open_key(raw, keys.TOMBSTONES, erasures.read_key(raw))
    return {erasure: open_work(key, work) for erasure, work in sealed.items()}


def resume(
    places: Places, jobs: int | None = None, publish: Callable[[Path], object] | None = None
) -> list[Erased]:
    """Do what is left of every erasure that was noted; return what became of each.

    Args:
        places: where it is erased.
        jobs: as `pipeline.run`.
        publish: publishes tables without what was erased in a processed folder; a run, if None.

    Raises:
        RunFailed: tables couldn't be published without it; what is published stays, with it.
        threadmill.publish.Locked: a run writes.
    """
    pending = _open_pending(places.raw)
    if not pending:
        return []
    for work in pending.values():
        if rewritten := _find_rewritten(work):
            rewriting.put_in_place(places.raw, rewritten)
    # Before tables are published, one of which says what was fetched.
    fetching.stop_watching(places.raw)
    for processed in places.processed:
        if publish:
            publish(processed)
        else:
            # What is published stays under its profile, and in full without one, whatever is set by now.
            said = snapshots.read_profiles(processed)
            profile = (said[0]["name"] if said[0] else "") if said else None
            pipeline.run(places.raw, processed, jobs=jobs, profile=profile, lets_go=False)
    needles = [Needle(*one) for work in pending.values() for one in work["needles"]]
    removed: dict[str, int] = {"snapshots": 0, "reports_and_exports": 0, "history_entries": 0}
    changed: list[Path] = []
    for processed in places.processed:
        with locking.lock(processed):
            removed["snapshots"] += _remove_snapshots(processed)
            count, left = ledger.remove_written(processed)
            removed["reports_and_exports"] += count
            changed += left
    _remove_frozen(places.raw)
    _remove_work(places)
    for history in places.histories:
        removed["history_entries"] += _clean_history(history, needles)
    return [_finish(places, erasure, work, removed, changed) for erasure, work in pending.items()]


def erase_due(
    places: Places, jobs: int | None = None, *, is_gone_at_source: bool = False
) -> list[Erased]:
    """Finish what was noted, and erase what nobody asks for; raw files stay as they are.

    Args:
        places: where it is erased.
        jobs: as `pipeline.run`.
        is_gone_at_source: whether comments leave that are gone at their source; threads leave where `retain` is set.
    """
    ended = resume(places, jobs)
    limit = find_limit() if settings.value("retain") else None
    wanted = Wanted(captured_before=limit, is_gone_at_source=is_gone_at_source)
    if not any(wanted):
        return ended
    matched = find(places, wanted, settings.count_jobs(jobs))
    if matched.stones:
        note(places, matched, "retain" if limit else "gone at source", RECORD)
        ended += resume(places, jobs)
    return ended


def _remove_snapshots(processed: Path) -> int:
    """Remove all snapshots but the published one, and what crashed runs left."""
    snapshots.tidy(processed)
    live = snapshots.read_run_id(processed)
    old = [folder for folder in snapshots.list_snapshots(processed) if folder.name != live]
    for folder in old:
        snapshots.remove(folder)
    return len(old)


def _remove_frozen(raw: Path) -> None:
    """Remove files of frozen parents that a later one has taken the place of: their ids are as they were before."""
    last = erasures.find_frozen(raw)
    for path in erasures.find_folder(raw).glob(f"{erasures.FROZEN}*.arrow"):
        if path != last:
            path.unlink()


def _remove_work(places: Places) -> None:
    """Remove intermediate tables that no run of today's needs, and what lies in temporary folders."""
    spill.remove_abandoned()
    folder = store_folder.find_folder(places.raw)
    if folder is None or not folder.is_dir():
        return
    live = {snapshots.read_run_id(processed) for processed in places.processed}
    for kept in (folder / parsed.KEPT).glob("*/*"):
        if kept.name not in live:
            shutil.rmtree(kept, ignore_errors=True)


def _clean_history(history: Path, needles: Sequence[Needle]) -> int:
    """Remove the entries of `history` that hold one of the `needles`; return how many."""
    try:
        lines = history.read_text(encoding="utf-8", errors="surrogateescape").splitlines(
            keepends=True
        )
    except OSError:
        return 0
    entries: list[list[str]] = [[]]
    for line in lines:
        if line.startswith("# "):
            entries.append([])
        entries[-1].append(line)
    words = [one.text for one in needles]
    kept = [one for one in entries if not any(word in "".join(one) for word in words)]
    if len(kept) < len(entries):
        said = "".join(line for one in kept for line in one)
        history.write_text(said, encoding="utf-8", errors="surrogateescape")
    return len(entries) - len(kept)


def _finish(
    places: Places, erasure: str, work: dict[str, Any], removed: dict[str, int], changed: list[Path]
) -> Erased:
    """Look whether what was erased is gone, and write the receipt."""
    store, own = store_folder.find_folder(places.raw), erasures.find_folder(places.raw)
    looked = [*places.processed, *changed, own, *(path for path in places.others if path.exists())]
    looked += [store] if store and store.is_dir() else []
    looked += [path for path in fetching.list_files(places.raw) if path.exists()]
    looked += [path for path in places.histories if path.exists()]
    pending = list(own.glob(f"{erasures.PENDING}*"))
    needles = [Needle(*one) for one in work["needles"]]
    left = work["documents"]
    if rewritten := _find_rewritten(work):
        left = rewriting.list_left(places.raw, rewritten)
        looked += [places.raw / path for path, _ in rewritten.files if (places.raw / path).exists()]
    found = scan(looked, needles, leave_out=pending)
    is_done = not (found.total or found.unread)
    receipt = {
        "erasure": erasure,
        "threadmill": threadmill.__version__,
        "why": work["why"],
        "began": work["began"],
        "ended": datetime.now(UTC).isoformat(timespec="seconds"),
        "is_done": is_done,
        "erased": work["counts"],
        "removed": removed,
        "raw_files": work["raw_files"],
        "raw_files_left": [_mask_name(path, needles) for path in left],
        "looked_for": _count_kinds(needles),
        "files": found.files,
        "decoded_bytes": found.bytes,
        "hits": found.total,
        "undecoded_files": len(found.unread),
        "not_covered": list(NOT_COVERED),
    }
    path = erasures.finish(places.raw, erasure, receipt, is_done=is_done)
    return Erased(path, found, changed, work["counts"]["threads"])


def _mask_name(path: str, needles: Sequence[Needle]) -> str:
    """Return the path of a document without what is erased."""
    for one in needles:
        path = path.replace(one.text, "█████")
    return path


def _count_kinds(needles: Sequence[Needle]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for one in needles:
        kind = one.label.partition(" ")[0]
        counts[kind] = counts.get(kind, 0) + 1
    return counts
