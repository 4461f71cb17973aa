"""Hacker News: Algolia's item tree and its search, Firebase items and BigQuery's rows of them."""

import csv
from collections.abc import Iterator
from typing import Any

import polars as pl

from threadmill.read.rejects import Reject, Unreadable
from threadmill.schema.frames import Comment, Parsed, Thread
from threadmill.sources import html, nested, scalars
from threadmill.sources.contract import Format, Source
from threadmill.sources.counts import count_key
from threadmill.sources.nested import Read, Rejects

ALGOLIA = "hackernews_algolia_json"
FIREBASE = "hackernews_firebase_json"
SEARCH = "hackernews_search_json"
SITE = "https://news.ycombinator.com"


def recognise_algolia(documents: pl.DataFrame) -> pl.Series:
    """Return which documents are item trees."""
    marks = (r'"children"\s*:\s*\[', r'"(?:created_at_i|story_id|points)"\s*:')
    return nested.match_json(documents["text"], *marks)


def recognise_firebase(documents: pl.DataFrame) -> pl.Series:
    """Return which documents are items or BigQuery's rows of them."""
    marks = (r'"type"\s*:\s*"(?:story|comment|poll|job)"', r'"id"\s*:\s*"?\d')
    return nested.match_json(documents["text"], *marks) | nested.match_all(
        documents["text"], *CSV_MARKS
    )


def recognise_search(documents: pl.DataFrame) -> pl.Series:
    """Return which documents are hits of a search."""
    return nested.match_json(documents["text"], *SEARCH_MARKS)


def parse_algolia(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of Algolia's item trees."""
    return nested.parse(documents, ALGOLIA, read_algolia, COUNT)


def parse_firebase(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of Firebase's items."""
    return nested.parse_chunks(documents, FIREBASE, read_firebase, COUNT)


def parse_search(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of Algolia's searches."""
    return nested.parse(documents, SEARCH, read_search, COUNT_SEARCH)


def read_algolia(text: str) -> Read:
    """Return what one item tree holds. A comment as its root is a thread without its story."""
    root = nested.as_object(nested.parse_json(text))
    is_comment = root.get("type") == "comment"
    thread_id = scalars.read_id(root.get("story_id")) or scalars.read_id(root.get("id"))
    if thread_id is None:
        raise Unreadable("no_thread", "an item tree whose root has no id")
    comments: list[Comment] = []
    top = [root] if is_comment else nested.as_list(root.get("children"))
    stack: list[tuple[Any, str | None]] = [(item, None) for item in reversed(top)]
    while stack:
        item, above = stack.pop()
        own = nested.as_object(item)
        own_id = scalars.read_id(own.get("id"))
        if own_id is None:
            continue
        parent = scalars.read_id(own.get("parent_id")) or above
        parent = None if parent == thread_id else parent
        at = scalars.read_epoch(own.get("created_at_i")) or scalars.read_iso(own.get("created_at"))
        body = scalars.clean_text(own.get("text"))
        comments.append(
            _build_comment(own_id, own.get("author"), at, body, thread_id, parent, len(comments))
        )
        stack += [(child, own_id) for child in reversed(nested.as_list(own.get("children")))]
    story = {} if is_comment else root
    published = scalars.read_epoch(story.get("created_at_i")) or scalars.read_iso(
        story.get("created_at")
    )
    host = scalars.read_name(story.get("author"))
    return Read(
        [_build_thread(thread_id, scalars.read_name(story.get("title")), host, published, None)],
        comments,
    )


def read_firebase(text: str, first: int = 1) -> Read:
    """Return what items hold: a thread for each story, and for comments whose way up is lost.

    Its lines are counted from `first`.
    """
    rejects = Rejects()
    if text.lstrip()[:1] in ("[", "{") or first > 1:
        return _read_items(nested.load_values(text, first, rejects), rejects)
    try:
        rows = csv.DictReader(text.split("\n"), strict=False)
        return _read_items([(rows.line_num, row) for row in rows], rejects)
    except csv.Error as error:
        raise Unreadable("broken_csv", f"not CSV: {error}") from None


def read_search(text: str) -> Read:
    """Return what hits of a search hold: each names its story, which is mostly no hit itself."""
    rejects = Rejects()
    values = [nested.as_object(value) for _, value in nested.load_values(text, 1, rejects)]
    hits = [
        nested.as_object(hit)
        for value in values
        for hit in (nested.as_list(value["hits"]) if "hits" in value else [value])
    ]
    items = [_turn_hit(hit) for hit in hits]
    told = {scalars.read_id(item["id"]) for item in items}
    stories = {
        story: {"id": story, "type": "story", "title": hit.get("story_title")}
        for hit in hits
        if (story := scalars.read_id(hit.get("story_id"))) and story not in told
    }
    read = _read_items([(None, item) for item in (*stories.values(), *items)], rejects)
    return read._replace(left_out=sum(map(_is_story, items)))


def _turn_hit(hit: dict[str, Any]) -> dict[str, Any]:
    """Return a hit as an item."""
    is_comment = "comment" in nested.as_list(hit.get("_tags")) or bool(hit.get("comment_text"))
    at = hit.get("created_at_i")
    return {
        "id": hit.get("objectID"),
        "type": "comment" if is_comment else "story",
        "by": hit.get("author"),
        "time": at,
        "text": hit.get("comment_text"),
        "title": hit.get("title"),
        "parent": hit.get("parent_id") if is_comment else None,
        "story_id": hit.get("story_id") if is_comment else None,
        "descendants": hit.get("num_comments"),
    }


def _read_items(given: list[tuple[int | None, Any]], rejects: Rejects) -> Read:
    items: dict[str, tuple[int | None, dict[str, Any]]] = {}
    for line, own in _spread(given):
        own_id = scalars.read_id(own.get("id"))
        if own_id is None:
            rejects.append(Reject("no_id", "an item without an id", line))
        elif own_id in items:
            rejects.append(Reject("repeated_id", "an item that was there before", line, own_id))
        else:
            items[own_id] = (line, own)
    rank = _rank_kids(items)
    roots = nested.find_roots({one: _name_above(own, items) for one, (_, own) in items.items()})
    threads: dict[str, Thread] = {}
    comments = []
    for own_id, (line, own) in items.items():
        root = roots[own_id]
        story = items[root][1] if root in items and _is_story(items[root][1]) else {}
        if root not in threads:
            threads[root] = _build_thread(
                root,
                scalars.read_name(story.get("title")),
                scalars.read_name(story.get("by")),
                scalars.read_epoch(story.get("time")),
                scalars.read_integer(story.get("descendants")),
            )
        if _is_story(own):
            continue
        parent = scalars.read_id(own.get("parent"))
        # Without the story nobody knows whether the last one named is it.
        parent = None if story and parent == root else parent
        one = _build_comment(
            own_id,
            own.get("by"),
            scalars.read_epoch(own.get("time")),
            scalars.clean_text(own.get("text")),
            root,
            parent,
            rank.get(own_id),
            line,
        )
        is_dead = scalars.read_truth(own.get("dead")) is True and not one.text
        is_gone = scalars.read_truth(own.get("deleted")) is True or is_dead
        comments.append(one._replace(is_deleted=True) if is_gone else one)
    if not threads and not rejects:
        raise Unreadable("no_thread", "no items")
    return Read([*threads.values()], comments, rejects)


def _spread(given: list[tuple[int | None, Any]]) -> Iterator[tuple[int | None, dict[str, Any]]]:
    """Yield all items: also those under their ids in one object, and those within the `kids` of others."""
    waiting = [*reversed(given)]
    while waiting:
        line, value = waiting.pop()
        own = nested.as_object(value)
        if "id" not in own and own and all(isinstance(one, dict) for one in own.values()):
            waiting += [(line, one) for one in reversed(own.values())]
            continue
        yield line, own
        for kid in reversed(nested.as_list(own.get("kids"))):
            if isinstance(kid, dict):
                waiting.append((line, {**kid, "parent": kid.get("parent") or own.get("id")}))


def _rank_kids(items: dict[str, tuple[int | None, dict[str, Any]]]) -> dict[str, int]:
    """Return the place of each item among its siblings as `kids` has it."""
    ranks: dict[str, int] = {}
    for _, own in items.values():
        for place, kid in enumerate(nested.as_list(own.get("kids"))):
            kid_id = scalars.read_id(kid.get("id") if isinstance(kid, dict) else kid)
            if kid_id is not None:
                ranks.setdefault(kid_id, place)
    return ranks


def _name_above(own: dict[str, Any], items: dict[str, Any]) -> str | None:
    """Return what an item answers; its story, where that is known and the parent isn't there."""
    above = None if _is_story(own) else scalars.read_id(own.get("parent"))
    return above if above in items else scalars.read_id(own.get("story_id")) or above


def _is_story(own: dict[str, Any]) -> bool:
    return own.get("type") in ("story", "poll", "job")


def _build_thread(
    thread_id: str, title: str | None, host: str | None, at: Any, declared: Any
) -> Thread:
    return Thread(
        native_id=thread_id,
        title=title,
        url=f"{SITE}/item?id={thread_id}",
        published_at=at,
        host_name=host,
        publication="news.ycombinator.com",
        declared_comment_count=declared,
    )


def _build_comment(
    own_id: str,
    by: object,
    at: Any,
    written: str,
    thread_id: str,
    parent: str | None,
    position: int | None,
    line: int | None = None,
) -> Comment:
    author = scalars.read_name(by)
    body = html.extract_text(written)
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
        line=line,
    )


COUNT = count_key("objects of type comment", r'"type"\s*:\s*"comment"')
COUNT_SEARCH = count_key("hits", r'"objectID"\s*:')
SEARCH_MARKS = (r'"objectID"\s*:', r'"(?:comment_text|story_id|num_comments)"\s*:')
CSV_MARKS = (r"\A\s*[a-z_\",]*\bby\b[^\n]*\n", r"\A[^\n]*\btype\b", r"\A[^\n]*\bparent\b")
"""Of the heading of BigQuery's table `hacker_news.full`."""
SOURCE = (
    Source(
        platform="hackernews",
        name="search",
        formats=(
            Format(
                SEARCH,
                'hits of a search, {"hits": [...]}',
                "save hn.algolia.com/api/v1/search_by_date?tags=comment,story_<id>&hitsPerPage=1000",
            ),
        ),
        parse=parse_search,
        recognise=recognise_search,
        marks=(r"\A\s*[\[{]", r'"objectID"\s*:', r'"(?:comment_text|story_title)"\s*:'),
    ),
    Source(
        platform="hackernews",
        name="item tree",
        formats=(
            Format(ALGOLIA, "an item with its children", "save hn.algolia.com/api/v1/items/<id>"),
        ),
        parse=parse_algolia,
        recognise=recognise_algolia,
        marks=(r"\A\s*[\[{]", r'"children"\s*:\s*\[', r'"created_at_i"\s*:'),
    ),
    Source(
        platform="hackernews",
        name="items",
        formats=(
            Format(
                FIREBASE,
                "items, as a JSON list or one on each line; BigQuery's rows of them, also as CSV",
                "collect hacker-news.firebaseio.com/v0/item/<id>.json; export of BigQuery's hacker_news.full",
            ),
        ),
        parse=parse_firebase,
        recognise=recognise_firebase,
        marks=(
            r"\A\s*[\[{]",
            r'"type"\s*:\s*"(?:story|comment|poll|job)"',
            r'"by"\s*:\s*"',
            r'"(?:kids|parent|descendants)"\s*:',
        ),
        reads_chunks=True,
    ),
)
