"""Hacker News: the item tree that Algolia gives, and Firebase items as a list or one a line."""

from functools import partial
from typing import Any

import polars as pl

from threadmill.sources import html, nested
from threadmill.sources.contract import Parsed
from threadmill.sources.nested import EXCERPT_CHARS, Comment, Fault, Faults, Read, Thread

ALGOLIA = "hackernews_algolia_json"
FIREBASE = "hackernews_firebase_json"
FORMATS = {
    ALGOLIA: "an item with its children",
    FIREBASE: "items, as a JSON list or one on each line",
}
HINTS = {
    ALGOLIA: "save hn.algolia.com/api/v1/items/<id>",
    FIREBASE: "collect hacker-news.firebaseio.com/v0/item/<id>.json",
}
SITE = "https://news.ycombinator.com"


def claims_algolia(documents: pl.DataFrame) -> pl.Series:
    """Return which documents are item trees."""
    marks = (r'"children"\s*:\s*\[', r'"(?:created_at_i|story_id|points)"\s*:')
    return nested.starts_as(documents["text"], *marks)


def claims_firebase(documents: pl.DataFrame) -> pl.Series:
    """Return which documents are lists of items."""
    marks = (r'"type"\s*:\s*"(?:story|comment|poll|job)"', r'"id"\s*:\s*\d')
    return nested.starts_as(documents["text"], *marks)


def parse_algolia(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of Algolia's item trees."""
    return nested.parse(documents, ALGOLIA, read_algolia)


def parse_firebase(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of Firebase's items."""
    # Those that are no parts of dumps are one frame: each costs milliseconds.
    alike = documents.partition_by("first_line", as_dict=True, maintain_order=True)
    parts = [
        nested.parse(same, FIREBASE, partial(read_firebase, first=first))
        for (first,), same in alike.items()
    ]
    return Parsed(*(pl.concat(frames) for frames in zip(*parts, strict=True)))


def read_algolia(text: str) -> Read:
    """Return what one item tree holds. A comment as its root is a thread without its story."""
    root = nested.mapping(nested.load(text))
    is_comment = root.get("type") == "comment"
    thread_id = nested.own_id(root.get("story_id")) or nested.own_id(root.get("id"))
    if thread_id is None:
        raise nested.Unreadable(None, "no_thread", "an item tree whose root has no id")
    comments: list[Comment] = []
    top = [root] if is_comment else nested.sequence(root.get("children"))
    stack: list[tuple[Any, str | None]] = [(item, None) for item in reversed(top)]
    while stack:
        item, above = stack.pop()
        own = nested.mapping(item)
        own_id = nested.own_id(own.get("id"))
        if own_id is None:
            continue
        parent = nested.own_id(own.get("parent_id")) or above
        parent = None if parent == thread_id else parent
        at = nested.epoch(own.get("created_at_i")) or nested.iso(own.get("created_at"))
        body = nested.words(own.get("text"))
        comments.append(
            _comment(own_id, own.get("author"), at, body, thread_id, parent, len(comments))
        )
        stack += [(child, own_id) for child in reversed(nested.sequence(own.get("children")))]
    story = {} if is_comment else root
    published = nested.epoch(story.get("created_at_i")) or nested.iso(story.get("created_at"))
    host = nested.name(story.get("author"))
    return Read(
        [_thread(thread_id, nested.name(story.get("title")), host, published, None)], comments
    )


def read_firebase(text: str, first: int = 1) -> Read:
    """Return what a list of items holds: a thread for each story, and for comments whose way up is lost.

    Its lines are counted from `first`.
    """
    faults = Faults()
    items: dict[str, tuple[int | None, dict[str, Any]]] = {}
    for line, value in _items(text, first, faults):
        own = nested.mapping(value)
        own_id = nested.own_id(own.get("id"))
        if own_id is None:
            faults.append(Fault(line, "no_id", "an item without an id"))
        elif own_id in items:
            faults.append(Fault(line, "repeated_id", "an item that was there before", own_id))
        else:
            items[own_id] = (line, own)
    rank = _ranks(items)
    roots = _roots(items)
    threads: dict[str, Thread] = {}
    comments = []
    for own_id, (line, own) in items.items():
        root = roots[own_id]
        story = items[root][1] if root in items and _is_story(items[root][1]) else {}
        if root not in threads:
            threads[root] = _thread(
                root,
                nested.name(story.get("title")),
                nested.name(story.get("by")),
                nested.epoch(story.get("time")),
                nested.integer(story.get("descendants")),
            )
        if _is_story(own):
            continue
        parent = nested.own_id(own.get("parent"))
        # Without the story nobody knows whether the last one named is it.
        parent = None if story and parent == root else parent
        one = _comment(
            own_id,
            own.get("by"),
            nested.epoch(own.get("time")),
            nested.words(own.get("text")),
            root,
            parent,
            rank.get(own_id),
        )
        is_gone = own.get("deleted") is True or (own.get("dead") is True and not one.text)
        comments.append(one._replace(is_deleted=one.is_deleted or is_gone, line=line))
    return Read(list(threads.values()), comments, faults)


def _items(text: str, first: int, faults: Faults) -> list[tuple[int | None, Any]]:
    try:
        value = nested.load(text)
        return [(None, item) for item in (value if isinstance(value, list) else [value])]
    except nested.Unreadable as error:
        if text.lstrip().startswith("["):
            raise error from None
    found: list[tuple[int | None, Any]] = []
    for number, line in enumerate(text.split("\n"), first):
        if not line.strip():
            continue
        try:
            found.append((number, nested.load(line)))
        except nested.Unreadable as error:
            faults.append(
                error.fault._replace(line=number, code="bad_line", excerpt=line[:EXCERPT_CHARS])
            )
    return found


def _ranks(items: dict[str, tuple[int | None, dict[str, Any]]]) -> dict[str, int]:
    """Return the place of each item among its siblings as `kids` has it."""
    ranks: dict[str, int] = {}
    for _, own in items.values():
        for place, kid in enumerate(nested.sequence(own.get("kids"))):
            if (kid_id := nested.own_id(kid)) is not None:
                ranks.setdefault(kid_id, place)
    return ranks


def _roots(items: dict[str, tuple[int | None, dict[str, Any]]]) -> dict[str, str]:
    """Return the id at the end of each item's way up: its story, or the last that is named."""
    roots: dict[str, str] = {}
    for start in items:
        way: dict[str, None] = {}
        here = start
        while here not in roots and here not in way:
            way[here] = None
            own = items[here][1] if here in items else {}
            above = None if _is_story(own) else nested.own_id(own.get("parent"))
            if above is None:
                roots[here] = here
                break
            here = above
        # A loop is a thread of its own, named by its smallest id.
        end = roots.get(here) or min(way)
        roots |= dict.fromkeys(way, end)
    return roots


def _is_story(own: dict[str, Any]) -> bool:
    return own.get("type") in ("story", "poll", "job")


def _thread(thread_id: str, title: str | None, host: str | None, at: Any, declared: Any) -> Thread:
    return Thread(
        native_id=thread_id,
        title=title,
        url=f"{SITE}/item?id={thread_id}",
        published_at=at,
        host_name=host,
        publication="news.ycombinator.com",
        declared_comment_count=declared,
    )


def _comment(
    own_id: str,
    by: object,
    at: Any,
    written: str,
    thread_id: str,
    parent: str | None,
    position: int | None,
) -> Comment:
    author = nested.name(by)
    body = html.text(written)
    return Comment(
        native_id=own_id,
        text=body,
        position=position,
        parent_native_id=parent,
        parent_status="explicit" if parent else "top_level",
        author_name=author,
        author_native_id=author,
        author_handle=author,
        author_url=f"{SITE}/user?id={author}" if author else None,
        created_at=at,
        is_deleted=author is None and not body,
        url=f"{SITE}/item?id={own_id}",
        thread_native_id=thread_id,
    )
