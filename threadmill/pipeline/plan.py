"""What a run has to do: what changed since the last one, why, and which buckets it makes stale."""

from typing import NamedTuple

from threadmill import paths
from threadmill.publish.snapshots import Published
from threadmill.read.discover import Discovery, Document, contents


class Plan(NamedTuple):
    """What a run reads and mills, and what it keeps."""

    before: Published | None
    """The run that what didn't change is taken from; None if nothing is."""
    changed: list[Document]
    """Documents to read."""
    kept: list[Document]
    """Documents whose rows can stay."""
    stale: set[int]
    """Buckets that changed documents fed before."""
    fed: dict[str, list[int]]
    """The buckets that each of the `kept` documents feeds, by its path."""
    is_other_vocabulary: bool
    """Whether mentions are found again in buckets that aren't stale."""

    def feeding(self, buckets: set[int]) -> list[Document]:
        """Return the `kept` documents that feed some of `buckets`."""
        return [document for document in self.kept if buckets.intersection(self.fed[document.path])]


def is_unchanged(before: Published, found: Discovery, made_with: dict[str, str]) -> bool:
    """Return whether a run would publish what `before` did."""
    return (
        before.made_with == made_with
        and before.rejects == found.rejects
        and contents(before.documents.values()) == contents(found.documents)
    )


def everything(found: Discovery) -> Plan:
    """Return the plan that keeps nothing of the last run."""
    return Plan(None, found.documents, [], set(), {}, False)


def since(before: Published, found: Discovery, made_with: dict[str, str]) -> Plan:
    """Return what is left to do after `before`."""
    others = _differing(before.made_with, made_with)
    if "code" in others:
        # Other code may read and mill otherwise: nothing of the last run can be kept.
        return everything(found)
    known = before.documents
    same = {path for path, *_ in contents(known.values()) & contents(found.documents)}
    # Another prior makes other replies of all threads of its platform.
    same = {path for path in same if paths.PRIOR_OF + known[path].platform not in others}
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
    fed = {document.path: before.buckets[document.path] for document in kept}
    stale = {bucket for path in known.keys() - fed.keys() for bucket in before.buckets[path]}
    return Plan(before, changed, kept, stale, fed, "vocabulary" in others)


def reasons(before: Published, found: Discovery, made_with: dict[str, str]) -> list[str]:
    """Return what changed since `before` and what is done again for it, a sentence each."""
    others = _differing(before.made_with, made_with)
    if "code" in others:
        return ["everything is read again: the code is another version"]
    then = before.documents
    now = {document.path: document for document in found.documents}
    both = [(then[path], now[path]) for path in then.keys() & now.keys()]
    same = [(old, new) for old, new in both if old.sha256 == new.sha256]
    counts = {
        "new": len(now.keys() - then.keys()),
        "changed": len(both) - len(same),
        "with other sidecars": sum(old.sidecar_sha256 != new.sidecar_sha256 for old, new in same),
        "gone": len(then.keys() - now.keys()),
    }
    said = ", ".join(f"{count:,} {what}" for what, count in counts.items() if count)
    told = [f"documents: {said}"] if said else []
    told += [
        f"replies on {name.removeprefix(paths.PRIOR_OF)} are inferred again: another prior"
        for name in sorted(others)
        if name.startswith(paths.PRIOR_OF)
    ]
    if "vocabulary" in others:
        told.append("mentions are found again: the vocabulary changed")
    if "models" in others:
        told.append("models are run again: queries or topics changed")
    return told or ["rejects changed"]


def _differing(before: dict[str, str], now: dict[str, str]) -> set[str]:
    """Return the names of what tables are made with that isn't as before."""
    return {name for name in before.keys() | now.keys() if before.get(name) != now.get(name)}
