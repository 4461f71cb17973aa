"""Bluesky: a post's thread as `app.bsky.feed.getPostThread` gives it."""

from typing import Any

import polars as pl

from threadmill.read.rejects import Unreadable
from threadmill.schema.frames import Comment, Parsed, Thread
from threadmill.sources import nested, scalars
from threadmill.sources.contract import Format, Source
from threadmill.sources.counts import count_key
from threadmill.sources.nested import Read, Rejects

FORMAT = "bluesky_thread_json"
SITE = "https://bsky.app/profile"
MARKS = (r'"app\.bsky\.feed\.defs#threadViewPost"', r'"record"\s*:\s*\{')


def recognise(documents: pl.DataFrame) -> pl.Series:
    """Return which documents are threads."""
    return nested.match_json(documents["text"], *MARKS)


def parse(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of Bluesky's answers."""
    return nested.parse(documents, FORMAT, read, COUNT)


def read(text: str) -> Read:
    """Return what threads hold: the first post is the article, also where another was asked for."""
    rejects = Rejects()
    threads: dict[str, Thread] = {}
    comments: list[Comment] = []
    left_out = 0
    for _, value in nested.load_values(text, 1, rejects):
        thread, found, has_post = _read_thread(nested.as_object(value))
        left_out += has_post
        if thread.native_id:
            threads.setdefault(thread.native_id, thread)
            comments += found
    if not threads and not rejects:
        raise Unreadable("no_thread", "a thread without a post")
    placed = [one._replace(position=place) for place, one in enumerate(comments)]
    return Read([*threads.values()], placed, rejects, left_out)


def _read_thread(given: dict[str, Any]) -> tuple[Thread, list[Comment], bool]:
    """Return a thread, its comments and whether its first post is there."""
    start = nested.as_object(given.get("thread", given))
    chain: list[dict[str, Any]] = []
    above = nested.as_object(start.get("parent"))
    while above:
        chain.insert(0, {"post": above.get("post")})
        above = nested.as_object(above.get("parent"))
    root = _name_root(start)
    article: dict[str, Any] = {}
    comments: list[Comment] = []
    hidden = 0
    stack: list[tuple[Any, str | None]] = [(start, None), *((node, None) for node in chain[::-1])]
    while stack:
        node, parent = stack.pop()
        post = nested.as_object(nested.as_object(node).get("post"))
        uri = scalars.read_id(post.get("uri"))
        if uri is None:
            # Of a post that is blocked or gone only its address is there.
            hidden += "uri" in nested.as_object(node)
            continue
        if uri == root:
            article = post
        else:
            comments.append(_build_comment(uri, post, root, parent))
        replies = nested.as_list(nested.as_object(node).get("replies"))
        stack += [(reply, uri) for reply in replies][::-1]
    author = nested.as_object(article.get("author"))
    thread = Thread(
        native_id=root,
        url=_write_address(author, root),
        published_at=scalars.read_iso(nested.as_object(article.get("record")).get("createdAt")),
        host_name=scalars.read_name(author.get("displayName"))
        or scalars.read_name(author.get("handle")),
        hidden_comment_count=hidden,
    )
    return thread, comments, bool(article)


def _name_root(start: dict[str, Any]) -> str | None:
    """Return the address of the post that a thread began with."""
    post = nested.as_object(start.get("post"))
    reply = nested.as_object(nested.as_object(post.get("record")).get("reply"))
    return scalars.read_id(nested.as_object(reply.get("root")).get("uri")) or scalars.read_id(
        post.get("uri")
    )


def _build_comment(uri: str, post: dict[str, Any], root: str | None, above: str | None) -> Comment:
    record = nested.as_object(post.get("record"))
    author = nested.as_object(post.get("author"))
    answered = nested.as_object(nested.as_object(record.get("reply")).get("parent"))
    parent = scalars.read_id(answered.get("uri")) or above
    parent = None if parent == root else parent
    handle = scalars.read_name(author.get("handle"))
    return Comment(
        native_id=uri,
        text=scalars.clean_text(record.get("text")).strip(),
        parent_native_id=parent,
        parent_status="explicit" if parent else "top_level",
        author_name=scalars.read_name(author.get("displayName")) or handle,
        author_native_id=scalars.read_id(author.get("did")) or handle,
        author_handle=handle,
        author_url=f"{SITE}/{handle}" if handle else None,
        created_at=scalars.read_iso(record.get("createdAt")),
        like_count=scalars.read_integer(post.get("likeCount")),
        url=_write_address(author, uri),
        thread_native_id=root,
    )


def _write_address(author: dict[str, Any], uri: str | None) -> str | None:
    handle = scalars.read_name(author.get("handle"))
    return f"{SITE}/{handle}/post/{uri.rpartition('/')[2]}" if handle and uri else None


COUNT = count_key("posts of the thread", r'"app\.bsky\.feed\.defs#threadViewPost"')
SOURCE = Source(
    platform="bluesky",
    name="thread",
    formats=(
        Format(
            FORMAT,
            "a post with its replies",
            "save public.api.bsky.app/xrpc/app.bsky.feed.getPostThread?uri=<at-uri>&depth=1000",
        ),
    ),
    parse=parse,
    recognise=recognise,
    marks=(r"\A\s*[\[{]", *MARKS),
)
