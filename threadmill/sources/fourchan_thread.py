"""4chan: the JSON of a thread. Posts stand by time; `>>123` in a text says what it answers."""

import re
from typing import Any

import polars as pl

from threadmill.read.rejects import Reject, Unreadable
from threadmill.schema.frames import Comment, Parsed, Thread
from threadmill.sources import html, nested, scalars
from threadmill.sources.contract import Format, Source
from threadmill.sources.counts import count_key
from threadmill.sources.nested import Read, Rejects

FORMAT = "fourchan_thread_json"
NOBODY = "Anonymous"
MARKS = (r'"posts"\s*:\s*\[', r'"resto"\s*:\s*\d', r'"no"\s*:\s*\d')
_LINK = re.compile(r'<a\b[^>]*?\bhref="([^"]*)"[^>]*>(&gt;&gt;[^<]*)</a>')
_TARGET = re.compile(r"(?:(?:/\w+)?/thread/(\d+)(?:/[^#]*)?)?#p(\d+)\Z")


def recognise(documents: pl.DataFrame) -> pl.Series:
    """Return which documents are threads."""
    return nested.match_json(documents["text"], *MARKS)


def parse(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of 4chan's JSON."""
    return nested.parse(documents, FORMAT, read, COUNT)


def read(text: str) -> Read:
    """Return what threads hold. A thread's first post is the article, what links to no post is of unknown place."""
    rejects = Rejects()
    pages = [nested.as_object(page) for _, page in nested.load_values(text, 1, rejects)]
    posts = [nested.as_object(post) for page in pages for post in nested.as_list(page.get("posts"))]
    threads: dict[str, Thread] = {}
    comments: list[Comment] = []
    left_out = 0
    for post in posts:
        own_id = scalars.read_id(post.get("no"))
        if own_id is None:
            rejects.append(Reject("no_id", "a post without a number", None, str(post)[:80]))
            continue
        above = scalars.read_id(post.get("resto"))
        if above in (None, "0"):
            left_out += 1
            threads[own_id] = _build_thread(own_id, post)
        else:
            threads.setdefault(above or "", _build_thread(above or "", {}))
            comments.append(_build_comment(own_id, above or "", post, len(comments)))
    if not threads and not rejects:
        raise Unreadable("no_thread", "a thread without posts")
    return Read([*threads.values()], comments, rejects, left_out)


def _build_thread(own_id: str, post: dict[str, Any]) -> Thread:
    return Thread(
        native_id=own_id,
        title=scalars.read_name(html.extract_text(scalars.clean_text(post.get("sub"))))
        or scalars.read_name(post.get("semantic_url")),
        published_at=scalars.read_epoch(post.get("time")),
        host_name=_read_author(own_id, post)[0],
        declared_comment_count=scalars.read_integer(post.get("replies")),
        # Each board has its own numbers.
        is_id_local=True,
        is_chronological=True,
        author_scope="thread",
    )


def _build_comment(own_id: str, thread_id: str, post: dict[str, Any], position: int) -> Comment:
    written = scalars.clean_text(post.get("com"))
    answered = _find_answered(written, thread_id)
    parent = None if answered == thread_id else answered
    name, native = _read_author(thread_id, post)
    return Comment(
        native_id=own_id,
        text=html.extract_text(_LINK.sub(r"\2", written)),
        position=position,
        parent_native_id=parent,
        parent_status="explicit" if parent else "top_level" if answered else None,
        author_name=name,
        author_native_id=native,
        created_at=scalars.read_epoch(post.get("time")),
        thread_native_id=thread_id,
    )


def _find_answered(written: str, thread_id: str) -> str | None:
    """Return the post of its own thread to which a text links first."""
    for link in _LINK.finditer(written):
        target = _TARGET.search(link[1])
        if target and target[1] in (None, thread_id):
            return target[2]
    return None


def _read_author(thread_id: str, post: dict[str, Any]) -> tuple[str | None, str | None]:
    """Return a name, unless it is everybody's, and who it is: by a tripcode, or by an id that holds in one thread."""
    name = scalars.read_name(post.get("name"))
    trip, own = scalars.read_id(post.get("trip")), scalars.read_id(post.get("id"))
    return None if name == NOBODY and not trip else name, trip or (
        f"{thread_id}/{own}" if own else None
    )


COUNT = count_key("posts", r'"resto"\s*:')
SOURCE = Source(
    platform="4chan",
    name="thread JSON",
    formats=(
        Format(
            FORMAT,
            "the posts of a thread, by time",
            "save a.4cdn.org/<board>/thread/<number>.json",
        ),
    ),
    parse=parse,
    recognise=recognise,
    marks=(r"\A\s*[\[{]", *MARKS),
)
