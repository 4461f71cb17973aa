"""Substack: the replies to a note, as its API gives them: branches, each with all that is below it in one list."""

from collections.abc import Iterator
from typing import Any

import polars as pl

from threadmill.read.rejects import Reject, Unreadable
from threadmill.schema.frames import Comment, Parsed, Thread
from threadmill.sources import nested, scalars
from threadmill.sources.contract import Format, Source
from threadmill.sources.counts import count_key
from threadmill.sources.nested import Read, Rejects
from threadmill.sources.substack import preloads

FORMAT = "substack_notes_json"
MARK = r'"commentBranches"\s*:\s*\['


def recognise(documents: pl.DataFrame) -> pl.Series:
    """Return which documents hold branches of replies."""
    return nested.match_json(documents["text"], MARK)


def parse(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of the API's answers."""
    return nested.parse(documents, FORMAT, read, COUNT)


def read(text: str) -> Read:
    """Return what answers hold, page by page. The note is the article; of a post's branches the post is."""
    rejects = Rejects()
    values = [nested.as_object(value) for _, value in nested.load_values(text, 1, rejects)]
    notes: dict[str | None, dict[str, Any]] = {}
    hidden: dict[str | None, int] = {}
    comments: list[Comment] = []
    left_out = 0
    for page in values:
        note = _unwrap(page.get("rootComment"))
        left_out += "ancestor_path" in note
        listed = list(_walk(nested.as_list(page.get("commentBranches"))))
        root = scalars.read_id(note.get("id"))
        for own, above in listed:
            found = preloads.listed([own | {"children": []}])
            if not found:
                reason = "a reply without an id"
                rejects.append(Reject("no_id", reason, None, str(own)[:80]))
                continue
            root = root or _find_root(own)
            one = found[0]._replace(parent_native_id=found[0].parent_native_id or above)
            comments.append(_place(one, own, root, len(comments)))
            notes.setdefault(comments[-1].thread_native_id, note)
        if not listed:
            notes.setdefault(root, note)
        more = max(0, scalars.read_integer(page.get("moreBranches")) or 0)
        last = comments[-1].thread_native_id if listed and comments else root
        # Each page tells what follows it: the last one's holds.
        hidden[last] = more
    if not notes and not rejects:
        raise Unreadable("no_thread", "an answer without replies")
    threads = [_build_thread(own, note, hidden.get(own)) for own, note in notes.items()]
    return Read(threads, comments, rejects, left_out)


def _walk(branches: list[Any]) -> Iterator[tuple[dict[str, Any], str | None]]:
    """Yield the replies of branches in order, each with the reply in whose list it stands."""
    stack: list[tuple[Any, str | None]] = [(one, None) for one in branches[::-1]]
    while stack:
        entry, above = stack.pop()
        own = _unwrap(entry)
        yield own, above
        below = nested.as_list(nested.as_object(entry).get("descendantComments"))
        stack += [(one, scalars.read_id(own.get("id"))) for one in below[::-1]]


def _unwrap(entry: object) -> dict[str, Any]:
    """Return the comment of an entry, which may be one itself."""
    own = nested.as_object(entry)
    return nested.as_object(own["comment"]) if "comment" in own else own


def _find_root(own: dict[str, Any]) -> str | None:
    """Return the note that a reply is below: the first of its ancestors."""
    return scalars.clean_text(own.get("ancestor_path")).partition(".")[0] or None


def _place(comment: Comment, own: dict[str, Any], root: str | None, position: int) -> Comment:
    post = scalars.read_id(own.get("post_id"))
    note = _find_root(own) or root
    parent = comment.parent_native_id
    if not post and parent == note:
        parent = None
    return comment._replace(
        position=position,
        parent_native_id=parent,
        parent_status="explicit" if parent else "top_level",
        thread_native_id=post or note,
        # How many of its replies are here is not told by their number.
        hidden_reply_count=None,
    )


def _build_thread(own_id: str | None, note: dict[str, Any], hidden: int | None) -> Thread:
    is_own = scalars.read_id(note.get("id")) == own_id
    known = note if is_own else {}
    return Thread(
        native_id=own_id,
        published_at=scalars.read_iso(known.get("date")),
        host_name=scalars.read_name(known.get("name")),
        hidden_comment_count=hidden,
        shows_likers=False,
    )


COUNT = count_key("objects with ancestor_path", r'"ancestor_path"\s*:')
SOURCE = Source(
    platform="substack",
    name="replies to notes",
    formats=(
        Format(
            FORMAT,
            "the JSON of the replies to a note",
            "save substack.com/api/v1/reader/comment/<id>/replies, page by page",
        ),
    ),
    parse=parse,
    recognise=recognise,
    marks=(r"\A\s*[\[{]", MARK),
)
