"""Decide what a run has to do: what changed since the last one, why, and which buckets that makes stale."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from threadmill.pipeline import fingerprint
from threadmill.pipeline.fingerprint import Changes
from threadmill.publish import snapshots
from threadmill.publish.snapshots import Published
from threadmill.read.discover import Discovery, Document, list_contents

DAMAGED = "everything is read again: what is published is damaged"
OTHER_RAW = "everything is read: another raw folder"


class LastRun(NamedTuple):
    """What this run may build on."""

    published: Published | None
    """What is published; None if nothing is, or nothing of it can be used."""
    why_unused: str | None = None
    """Why what is published can't be used, in a sentence."""

    @property
    def documents(self) -> dict[str, Document]:
        """What the last run knew of each document, by its path."""
        return self.published.documents if self.published else {}


class Plan(NamedTuple):
    """What a run reads and builds, and what it keeps of the last one."""

    changed: Sequence[Document]
    """Documents to read."""
    kept: Sequence[Document] = ()
    """Documents whose rows can stay."""
    stale: frozenset[int] = frozenset()
    """Buckets that changed documents fed before."""
    fed: Mapping[str, list[int]] = MappingProxyType({})
    """The buckets that each of the `kept` documents feeds, by its path."""
    formats: Mapping[str, list[str]] = MappingProxyType({})
    """The formats that read each of the `kept` documents, by its path."""
    finds_mentions_again: bool = False
    """Whether mentions are found again in buckets that aren't stale."""
    published: Published | None = None
    """The run that what didn't change is taken from; None if nothing is."""
    last: Path | None = None
    """The snapshot of that run."""
    reasons: Sequence[str] = ()
    """Why there is something to do, and what is done again for it, a sentence each."""
    is_needed: bool = True
    """Whether there is anything to do."""

    def feeding(self, buckets: set[int]) -> list[Document]:
        """Return the `kept` documents that feed some of `buckets`."""
        return [document for document in self.kept if buckets.intersection(self.fed[document.path])]

    def widen(self) -> "Plan":
        """Return the plan that keeps nothing of the last run."""
        return Plan([*self.changed, *self.kept], reasons=self.reasons)


def look_up_last_run(processed: Path, raw: Path, is_full: bool) -> LastRun:
    """Return what is published in `processed`, if a run of the folder `raw` can build on it."""
    if is_full:
        return LastRun(None)
    published = snapshots.read_current(processed)
    if published and published.raw != str(raw):
        return LastRun(None, OTHER_RAW)
    if not published and (processed / snapshots.CURRENT).is_symlink():
        return LastRun(None, DAMAGED)
    return LastRun(published)


def make_plan(last: LastRun, processed: Path, found: Discovery, made_with: dict[str, str]) -> Plan:
    """Return what a run has to do with the documents `found` and tables `made_with` this, after the `last` one."""
    published = last.published
    if not published:
        return Plan(found.documents, reasons=[last.why_unused] if last.why_unused else [])
    if _is_unchanged(published, found, made_with):
        return Plan([], published=published, is_needed=False)
    if not snapshots.is_sound(processed, published):
        return Plan(found.documents, reasons=[DAMAGED])
    changes = fingerprint.compare(published.made_with, made_with)
    if changes.reads_everything:
        return Plan(found.documents, reasons=changes.sentences())
    reasons = [*_count_documents(published, found), *changes.sentences()] or ["rejects changed"]
    if any(code == ELSEWHERE for code, _ in published.summary["reject_reasons"]):
        # Which comments are left out because another thread has their ids depends on all of them.
        return Plan(found.documents, reasons=reasons)
    changed, kept = _part_documents(published, found, changes)
    fed = {document.path: published.buckets[document.path] for document in kept}
    gone = published.documents.keys() - fed.keys()
    return Plan(
        changed,
        kept,
        frozenset(bucket for path in gone for bucket in published.buckets[path]),
        fed,
        {document.path: published.formats[document.path] for document in kept},
        bool(changes.mentions),
        published,
        (processed / snapshots.CURRENT).resolve(),
        reasons,
    )


ELSEWHERE = "id_of_another_thread"
"""The `reason_code` of `threads.left_out` for such comments; importing that would cost a run with nothing to do."""


def _is_unchanged(published: Published, found: Discovery, made_with: dict[str, str]) -> bool:
    """Return whether a run would publish the same again."""
    return (
        published.made_with == made_with
        and published.rejects == found.rejects
        and list_contents(published.documents.values()) == list_contents(found.documents)
    )


def _part_documents(
    published: Published, found: Discovery, changes: Changes
) -> tuple[list[Document], list[Document]]:
    """Return the documents to read, and those whose rows can stay."""
    known = published.documents
    same = {path for path, *_ in list_contents(known.values()) & list_contents(found.documents)}
    # Another prior makes other replies of all threads of its platform.
    same = {path for path in same if known[path].platform not in changes.platforms}
    if changes.formats:
        # What no format read may be for one that changed.
        read = {path: set(formats) for path, formats in published.formats.items()}
        same = {path for path in same if read[path] and not read[path] & changes.formats}
    # What one capture shows of a thread's address may name the others.
    touched = {
        (document.platform, document.thread_stem)
        for documents in (known.values(), found.documents)
        for document in documents
        if document.path not in same
    }
    changed: list[Document] = []
    kept: list[Document] = []
    for document in found.documents:
        is_touched = (document.platform, document.thread_stem) in touched
        (changed if is_touched else kept).append(document)
    return changed, kept


def _count_documents(published: Published, found: Discovery) -> list[str]:
    """Return how many documents are others than those `published`, in a sentence; no sentence if none are."""
    then = published.documents
    now = {document.path: document for document in found.documents}
    both = [(then[path], now[path]) for path in then.keys() & now.keys()]
    same = [(old, new) for old, new in both if old.sha256 == new.sha256]
    counts = {
        "new": len(now.keys() - then.keys()),
        "changed": len(both) - len(same),
        "with other sidecars": sum(old.sidecar_sha256 != new.sidecar_sha256 for old, new in same),
        "gone": len(then.keys() - now.keys()),
    }
    listed = ", ".join(f"{count:,} {what}" for what, count in counts.items() if count)
    return [f"documents: {listed}"] if listed else []
