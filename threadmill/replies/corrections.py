"""Corrections by people → anchors of kind person, by the ids of comments."""

from typing import NamedTuple

import polars as pl

from threadmill.read.discover import EDGES_SIDECAR
from threadmill.read.rejects import Reject, build_frame
from threadmill.read.sidecars import Edit
from threadmill.schema.frames import ANCHOR

IDLE = "correction_unused"


class Named(NamedTuple):
    """A comment that a corrections file may speak of."""

    comment_id: str
    thread_id: str
    position: int
    is_given: bool
    """Whether the source says what it answers."""


class Mistake(NamedTuple):
    """A correction that can't be meant, and the documents that its file speaks of."""

    file: str
    sentence: str
    documents: list[str]


class Edits:
    """The corrections of a run. A file may speak of several captures, so it is judged when all are read."""

    def __init__(self) -> None:
        self._edits: dict[str, list[Edit]] = {}
        self._before: dict[str, list[Edit]] = {}
        self._threads: dict[str, str] = {}
        self._named: dict[str, dict[str, dict[str, Named | None]]] = {}

    def add(
        self,
        file: str,
        edits: list[Edit],
        before: list[Edit],
        path: str,
        thread: str,
        comments: pl.DataFrame,
    ) -> None:
        """Remember the `edits` of `file`, those `before`, and the comments at `path` that they may mean.

        `thread` is what all captures of its thread are called, as `Document.thread`.
        """
        own = comments.filter(pl.col("path") == path).select(
            "comment_id", "thread_id", "position", pl.col("parent_status").is_not_null()
        )
        known: dict[str, Named | None] = {}
        for named in (Named(*row) for row in own.iter_rows()):
            place = str(named.position)
            known[place] = None if place in known else named
        # An id goes before a position that is written alike.
        known |= {row[0]: Named(*row) for row in own.iter_rows()}
        wanted = {
            name
            for edit in (*edits, *before)
            for name in (edit.comment, edit.parent)
            if name in known
        }
        self._edits[file], self._before[file] = edits, before
        self._threads[file] = self._threads[path] = thread
        self._named.setdefault(file, {})[path] = {name: known[name] for name in wanted if name}

    def settle(self) -> list[Mistake]:
        """Return the files with a mistake; their earlier edits stay in force if these are valid.

        Mistakes are a comment that isn't known or isn't the same in each capture, and a parent that doesn't
        stand above.
        """
        mistakes = []
        for file, edits in sorted(self._edits.items()):
            if sentence := self._find_mistake(file, edits):
                mistakes.append(Mistake(file, sentence, sorted(self._named[file])))
                before = self._before[file]
                self._edits[file] = [] if self._find_mistake(file, before) else before
        return mistakes

    def _find_mistake(self, file: str, edits: list[Edit]) -> str | None:
        """Return what is wrong with the first of `edits` that can't be meant."""
        try:
            for edit in edits:
                self._row(file, edit)
        except ValueError as error:
            return str(error)
        return None

    def anchors(self) -> pl.DataFrame:
        """Return the corrections that hold, as `ANCHOR`."""
        rows = [
            self._row(file, edit) for file, edits in sorted(self._edits.items()) for edit in edits
        ]
        return pl.DataFrame(rows, schema=ANCHOR, orient="row").unique(maintain_order=True)

    def rejects(self) -> pl.DataFrame:
        """Return one reject per document in which corrections speak of comments whose parents its source gives."""
        idle: dict[str, list[Edit]] = {}
        for file, edits in sorted(self._edits.items()):
            for edit in edits:
                for path, named in self._found(file, edit.place, edit.comment).items():
                    if named.is_given:
                        idle.setdefault(path, []).append(edit)
        rows = []
        for path, edits in idle.items():
            count = f"{len(edits)} ×, first: " if len(edits) > 1 else ""
            reason = (
                f"{count}{edits[0].place}: the source says what {edits[0].comment} answers; "
                "only replies that were inferred are corrected"
            )
            platform = self._threads[path].partition(":")[0]
            rows.append(Reject(IDLE, reason, source_path=path, platform=platform))
        return build_frame(rows)

    def _row(self, file: str, edit: Edit) -> tuple[str, str, str, str | None, str]:
        own = self._found(file, edit.place, edit.comment)
        ((comment_id, thread_id),) = {(one.comment_id, one.thread_id) for one in own.values()}
        if edit.parent is None:
            return self._threads[file], thread_id, comment_id, None, "person"
        above = self._found(file, edit.place, edit.parent)
        pairs = [(own[path], above[path]) for path in own.keys() & above.keys()]
        if pairs and all(up.thread_id != down.thread_id for down, up in pairs):
            raise ValueError(
                f"{edit.place}: {edit.parent} is in another thread than {edit.comment}; "
                "a reply and its parent are in one"
            )
        if pairs and all(up.position >= down.position for down, up in pairs):
            raise ValueError(
                f"{edit.place}: parent {edit.parent} doesn't stand above {edit.comment}; "
                "a comment answers one above it, and with an empty parent it is top level"
            )
        (parent_id,) = {named.comment_id for named in above.values()}
        return self._threads[file], thread_id, comment_id, parent_id, "person"

    def _found(self, file: str, place: str, name: str) -> dict[str, Named]:
        """Return the one comment that `name` means, by document."""
        documents = self._named[file]
        found = {path: known[name] for path, known in documents.items() if name in known}
        if not found:
            raise ValueError(
                f"{place}: no comment {name} in {', '.join(sorted(documents))}; "
                "write its comment_id, or its position, which is 0 for the first"
            )
        own = f"{file.removesuffix(EDGES_SIDECAR)}."
        if len({named and named.comment_id for named in found.values()}) > 1:
            # Positions mean the document of the file's own name, whatever captures come later.
            found = {path: named for path, named in found.items() if path.startswith(own)} or found
        one = {path: named for path, named in found.items() if named}
        if len(one) < len(found) or len({named.comment_id for named in one.values()}) > 1:
            raise ValueError(
                f"{place}: position {name} is several comments, in {', '.join(sorted(found))}; "
                "write its comment_id"
            )
        return one
