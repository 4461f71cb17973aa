"""Disqus: posts as its API answers, and as the comments' frame on a page holds them."""

from collections.abc import Iterator
from typing import Any

import polars as pl

from threadmill.read.rejects import Reject, Unreadable
from threadmill.schema.frames import Comment, Parsed, Thread
from threadmill.sources import html, nested, scalars
from threadmill.sources.contract import Format, Source
from threadmill.sources.counts import count_key
from threadmill.sources.nested import Read, Rejects

FORMAT = "disqus_api_json"
MARKS = (
    r'"(?:raw_message|isDeleted|isSpam)"\s*:',
    r'"thread"\s*:',
    r'"forum"\s*:',
    r'"createdAt"\s*:',
    r'"(?:raw_)?message"\s*:',
)


def recognise(documents: pl.DataFrame) -> pl.Series:
    """Return which documents hold posts of the API."""
    return nested.match_json(documents["text"], *MARKS)


def parse(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of the API's answers."""
    return nested.parse(documents, FORMAT, read, COUNT)


def read(text: str) -> Read:
    """Return what answers hold, or posts in a list or on lines. Spam and what isn't approved is left out."""
    rejects = Rejects()
    told: dict[str, dict[str, Any]] = {}
    threads: dict[str | None, Thread] = {}
    comments: list[Comment] = []
    left_out = 0
    for post in _list_posts([value for _, value in nested.load_values(text, 1, rejects)], told):
        own_id = scalars.read_id(post.get("id"))
        if own_id is None:
            rejects.append(Reject("no_id", "a post without an id", None, str(post)[:80]))
            continue
        is_gone = scalars.read_truth(post.get("isDeleted")) is True
        waits = scalars.read_truth(post.get("isApproved")) is False and not is_gone
        if waits or scalars.read_truth(post.get("isSpam")) is True:
            left_out += 1
            continue
        about = nested.as_object(post.get("thread"))
        thread_id = scalars.read_id(about.get("id") if about else post.get("thread"))
        known = about or told.get(thread_id or "", {})
        threads.setdefault(thread_id, _build_thread(thread_id, known, post))
        comments.append(_build_comment(post, own_id, thread_id, is_gone))
    if not threads and not rejects and not left_out:
        raise Unreadable("no_thread", "an answer without posts")
    return Read([*threads.values()] or [Thread()], comments, rejects, left_out)


def _list_posts(values: list[Any], told: dict[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the posts of answers; `told` gets the threads that stand beside them."""
    for value in values:
        own = nested.as_object(value)
        given = own.get("response", own if "createdAt" in own else None)
        beside = nested.as_object(given)
        thread = nested.as_object(beside.get("thread"))
        if "posts" in beside:
            told[scalars.read_id(thread.get("id")) or ""] = thread
            given = beside["posts"]
        yield from map(nested.as_object, given if isinstance(given, list) else [given])


def _build_thread(thread_id: str | None, known: dict[str, Any], post: dict[str, Any]) -> Thread:
    # A post's own address has the thread's before its anchor.
    address = known.get("link") or scalars.clean_text(post.get("url")).partition("#")[0]
    return Thread(
        native_id=thread_id,
        title=scalars.read_name(known.get("clean_title")) or scalars.read_name(known.get("title")),
        url=scalars.read_link(address),
        published_at=scalars.read_utc(known.get("createdAt")),
        declared_comment_count=scalars.read_integer(known.get("posts")),
    )


def _build_comment(
    post: dict[str, Any], own_id: str, thread_id: str | None, is_deleted: bool
) -> Comment:
    parent = scalars.read_id(post.get("parent"))
    author = nested.as_object(post.get("author"))
    handle = scalars.read_name(author.get("username"))
    raw = scalars.clean_text(post.get("raw_message")).strip()
    shown = html.extract_text(scalars.clean_text(post.get("message")))
    return Comment(
        native_id=own_id,
        text="" if is_deleted else shown or raw,
        parent_native_id=parent,
        parent_status="explicit" if parent else "top_level",
        author_name=scalars.read_name(author.get("name")) or handle,
        author_native_id=handle,
        author_handle=handle,
        author_url=scalars.read_link(author.get("profileUrl")),
        created_at=scalars.read_utc(post.get("createdAt")),
        is_edited=scalars.read_truth(post.get("isEdited")),
        is_deleted=is_deleted,
        like_count=scalars.read_integer(post.get("likes")),
        url=scalars.read_link(post.get("url")),
        thread_native_id=thread_id,
    )


COUNT = count_key("objects with isSpam", r'"isSpam"\s*:')
SOURCE = Source(
    platform="disqus",
    name="API",
    formats=(
        Format(
            FORMAT,
            "posts of the API: answers with their response, or posts in a list or on lines",
            "disqus.com/api/3.0/threads/listPosts.json?thread=<id>&limit=100, page by page",
        ),
    ),
    parse=parse,
    recognise=recognise,
    marks=(r"\A\s*[\[{]", r'"(?:isSpam|raw_message)"\s*:', r'"forum"\s*:', r'"createdAt"\s*:'),
)
