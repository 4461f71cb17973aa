"""Decide what a run has to do: what changed since the last one, and why."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from threadmill.pipeline import fingerprint
from threadmill.privacy.guard import Guard
from threadmill.publish import snapshots
from threadmill.publish.snapshots import Published
from threadmill.read.discover import Discovery, Document, find_corrections, list_contents
from threadmill.wording import counted

if TYPE_CHECKING:
    from threadmill.storage.parsed import ParsedDocument, Store

DAMAGED = "everything is built again: what is published is damaged"
OTHER_RAW = "everything is built: another raw folder"
OTHER_KEY = "everything is built: another key"


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
    """What a run does of its own, and what it takes over from the last one."""

    published: Published | None = None
    """The run that what didn't change is taken from; None if nothing is."""
    last: Path | None = None
    """The snapshot of that run."""
    builds_everything: bool = True
    """Whether every thread is built, also those whose parsed rows are the same."""
    finds_mentions_again: bool = False
    """Whether mentions are found again in threads that aren't built."""
    runs_models_again: bool = False
    """Whether models are run for all threads, also those that aren't built."""
    reasons: Sequence[str] = ()
    """Why there is something to do, and what is done again for it, a sentence each."""
    is_needed: bool = True
    """Whether there is anything to do."""
    is_regrouped: bool = False
    """Whether `last` is a copy of that snapshot in more buckets."""


class Reading(NamedTuple):
    """What a run reads, and what it drops, of the documents whose rows are kept."""

    documents: Sequence[Document]
    """Documents to read."""
    gone: frozenset[str] = frozenset()
    """Paths of documents whose rows are kept and that aren't there any more."""
    names: Mapping[str, str] = MappingProxyType({})
    """The ids of threads that captures not read again gave, by stem."""


def look_up_last_run(
    processed: Path, raw: Path, is_full: bool, guard: Guard | None = None
) -> LastRun:
    """Return what is published in `processed`, if a run of the folder `raw` under this `guard` can build on it."""
    if is_full:
        return LastRun(None)
    published = snapshots.read_current(processed, guard.seal_kept() if guard else None)
    if published and published.profile and not published.raw:
        return LastRun(None, OTHER_KEY)
    if published and published.raw != str(raw):
        return LastRun(None, OTHER_RAW)
    if not published and (processed / snapshots.CURRENT).is_symlink():
        return LastRun(None, DAMAGED)
    return LastRun(published)


def make_plan(last: LastRun, processed: Path, found: Discovery, made_with: dict[str, str]) -> Plan:
    """Return what a run has to do with the documents `found` and tables `made_with` this, after the `last` one."""
    published = last.published
    if not published:
        return Plan(reasons=[last.why_unused] if last.why_unused else [])
    if _is_unchanged(published, found, made_with):
        return Plan(published, is_needed=False)
    if not snapshots.is_sound(processed, published):
        return Plan(reasons=[DAMAGED])
    changes = fingerprint.compare(published.made_with, made_with)
    # Under a profile published comments aren't what was written: mentions are found in what was parsed.
    is_masked = bool(changes.mentions) and published.profile is not None
    return Plan(
        published,
        (processed / snapshots.CURRENT).resolve(),
        changes.builds_everything or is_masked,
        bool(changes.mentions) and not is_masked,
        bool(changes.aggregates),
        [*_count_documents(published, found), *changes.sentences()] or ["rejects changed"],
    )


def plan_reading(store: "Store", raw: Path, found: Discovery, made_with: dict[str, str]) -> Reading:
    """Return which documents `found` in `raw` to read, so that the `store` has what they say."""
    changes = fingerprint.compare(store.made_with, fingerprint.select_parsing(made_with))
    known = store.documents
    gone = frozenset(known.keys() - {document.path for document in found.documents})
    if changes.reads_everything:
        return Reading(found.documents, gone)
    captures: dict[str, list[Document]] = {}
    for document in found.documents:
        captures.setdefault(document.thread, []).append(document)
    lost: dict[str, list[str]] = {}
    for path in gone:
        lost.setdefault(known[path].thread, []).append(path)
    documents: list[Document] = []
    names = {}
    for stem, some in captures.items():
        changed = [one for one in some if not _is_same(one, known.get(one.path), changes.formats)]
        moved = [*(one.path for one in changed), *lost.get(stem, ())]
        if not moved:
            continue
        before = [*(one.path for one in some if one.path in known), *lost.get(stem, ())]
        first = min((path for path in before if known[path].name), default="")
        # The first capture names the thread of all; corrections speak of all captures together.
        if min(moved) <= first or any(find_corrections(raw, one) for one in some):
            documents += some
            continue
        documents += changed
        if first:
            names[stem] = str(known[first].name)
    return Reading(documents, gone, names)


def _is_same(document: Document, known: "ParsedDocument | None", formats: set[str]) -> bool:
    """Return whether what is kept of `document` is what reading it would give."""
    if not known or known[:3] != (document.sha256, document.sidecar_sha256, document.thread):
        return False
    # What no format read may be for one that changed.
    return not formats or (bool(known.formats) and not formats.intersection(known.formats))


def _is_unchanged(published: Published, found: Discovery, made_with: dict[str, str]) -> bool:
    """Return whether a run would publish the same again."""
    return (
        published.made_with == made_with
        and published.rejects == found.rejects
        and list_contents(published.documents.values()) == list_contents(found.documents)
    )


def _count_documents(published: Published, found: Discovery) -> list[str]:
    """Return how many documents are others than those `published`, in a sentence; no sentence if none are."""
    then = published.documents
    now = {document.path: document for document in found.documents}
    both = [(then[path], now[path]) for path in then.keys() & now.keys()]
    same = [(old, new) for old, new in both if old.sha256 == new.sha256]
    counts = {
        "new": len(now.keys() - then.keys()),
        "changed": len(both) - len(same),
        "with a changed sidecar, mapping or corrections": sum(
            old.sidecar_sha256 != new.sidecar_sha256 for old, new in same
        ),
        "gone": len(then.keys() - now.keys()),
    }
    first, *others = [one for one in counts.items() if one[1]] or [("", 0)]
    more = "".join(f", {count:,} {what}" for what, count in others)
    return [f"{counted(first[1], 'document')} {first[0]}{more}"] if first[1] else []
