"""Discourse: topics and lists of posts as JSON. A topic's first post is the article, its others are comments."""

from typing import Any

import polars as pl

from threadmill.read.rejects import Reject, Unreadable
from threadmill.schema.frames import NUMBERED, Comment, Parsed, Thread
from threadmill.sources import html, nested, scalars
from threadmill.sources.contract import Format, Source
from threadmill.sources.counts import count_key
from threadmill.sources.nested import Read, Rejects

VERSION = 3  # of its rows; CONTRIBUTING.md says when to raise it

FORMAT = "discourse_topic_json"
MARK = r'"(?:post_stream|latest_posts|reply_to_post_number)"\s*:'
REGULAR = (None, 1)
"""`post_type` of what people write; others are notes of the forum itself."""


def recognise(documents: pl.DataFrame) -> pl.Series:
    """Return which documents are topics, or posts of some."""
    return nested.match_json(documents["text"], MARK)


def parse(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of topics."""
    return nested.parse(documents, FORMAT, read, COUNT)


def read(text: str) -> Read:
    """Return what topics hold: one, pages of some, or posts of some.

    A parent is named by its number in the topic: it may be on another page of it.
    """
    given = nested.parse_json(text)
    latest = nested.as_object(given).get("latest_posts", given)
    values = [nested.as_object(one) for one in (latest if isinstance(latest, list) else [latest])]
    topics: dict[str | None, list[dict[str, Any]]] = {}
    for value in values:
        is_post = "post_stream" not in value and "post_number" in value
        own_id = scalars.read_id(value.get("topic_id" if is_post else "id"))
        topics.setdefault(own_id, []).append(_turn_post(value) if is_post else value)
    reads = [_read_topic(pages) for pages in topics.values()]
    rejects = Rejects(*(reject for one in reads for reject in one.rejects))
    return Read(
        [thread for one in reads for thread in one.threads],
        [comment for one in reads for comment in one.comments],
        rejects,
        sum(one.left_out for one in reads),
    )


def _turn_post(post: dict[str, Any]) -> dict[str, Any]:
    """Return a post alone as a page of its topic."""
    return {
        "id": post.get("topic_id"),
        "title": post.get("topic_title"),
        "slug": post.get("topic_slug"),
        "post_stream": {"posts": [post]},
    }


def _read_topic(pages: list[dict[str, Any]]) -> Read:
    """Return what the pages of one topic hold."""
    topic = pages[0] if pages else {}
    stream = nested.as_object(topic.get("post_stream"))
    posts = [
        nested.as_object(post)
        for page in pages
        for post in nested.as_list(nested.as_object(page.get("post_stream")).get("posts"))
    ]
    topic_id = scalars.read_id(topic.get("id")) or next(
        (found for post in posts if (found := scalars.read_id(post.get("topic_id")))), None
    )
    if topic_id is None and not posts:
        raise Unreadable("no_thread", "a topic with neither id nor posts")
    ids: dict[int, str] = {}
    rejects = Rejects()
    comments = []
    article: dict[str, Any] = {}
    for post in posts:
        number, own_id = (
            scalars.read_integer(post.get("post_number")),
            scalars.read_id(post.get("id")),
        )
        if number is None or own_id is None:
            rejects.append(Reject("no_id", "a post without id or number"))
            continue
        ids.setdefault(number, own_id)
        if number == 1:
            article = article or post
    ids = _number_stream(stream, ids) | ids
    host = scalars.read_name(article.get("username"))
    left_out = 0
    for post in posts:
        number, own_id = (
            scalars.read_integer(post.get("post_number")),
            scalars.read_id(post.get("id")),
        )
        if number is None or own_id is None:
            continue
        if number == 1 or post.get("post_type") not in REGULAR:
            left_out += 1
        else:
            comments.append(_build_comment(post, own_id, number, ids, host, topic_id))
    declared = scalars.read_integer(topic.get("posts_count"))
    thread = Thread(
        native_id=topic_id,
        title=scalars.read_name(topic.get("title")),
        published_at=scalars.read_iso(topic.get("created_at"))
        or scalars.read_iso(article.get("created_at")),
        host_name=scalars.read_name(article.get("name")) or host,
        is_id_local=True,
        # Pages of one topic, saved under different names, have it in common.
        site=scalars.read_name(topic.get("slug"))
        or next(
            (slug for post in posts if (slug := scalars.read_name(post.get("topic_slug")))), None
        ),
        declared_comment_count=max(0, declared - 1) if declared is not None else None,
    )
    return Read([thread], comments, rejects, left_out)


def _number_stream(stream: dict[str, Any], known: dict[int, str]) -> dict[int, str]:
    """Return the id of each post by its number, also of those on other pages, if the order of all posts tells.

    It does where it agrees with the posts that are here: numbers of posts that are gone are missing in it.
    """
    ids = [scalars.read_id(one) for one in nested.as_list(stream.get("stream"))]
    numbered = {number: own_id for number, own_id in enumerate(ids, 1) if own_id is not None}
    agrees = all(numbered.get(number) == own_id for number, own_id in known.items())
    return numbered if agrees and known else {}


def _build_comment(
    post: dict[str, Any],
    own_id: str,
    number: int,
    ids: dict[int, str],
    host: str | None,
    topic_id: str | None,
) -> Comment:
    answered = scalars.read_integer(post.get("reply_to_post_number"))
    # The article isn't a comment: an answer to it is at top level.
    parent = None if answered in (None, 1) else ids.get(answered or 0, f"{NUMBERED}{answered}")
    handle = scalars.read_name(post.get("username"))
    body = html.extract_text(scalars.clean_text(post.get("cooked")), "quote")
    # A list of posts may have only what people typed.
    body = body or scalars.clean_text(post.get("raw")).strip()
    is_deleted = post.get("deleted_at") is not None or post.get("user_deleted") is True
    version = scalars.read_integer(post.get("version"))
    return Comment(
        native_id=own_id,
        text="" if is_deleted else body,
        position=min(abs(number), 2**31 - 1),
        parent_native_id=parent,
        parent_status="explicit" if parent else "top_level",
        author_name=scalars.read_name(post.get("name")) or handle,
        # A handle is one person's on its site, and `/raw` shows nothing else.
        author_native_id=handle or scalars.read_id(post.get("user_id")),
        author_handle=handle,
        created_at=scalars.read_iso(post.get("created_at")),
        is_edited=None if version is None else version > 1,
        is_deleted=is_deleted,
        is_host=handle == host if handle and host else None,
        like_count=_count_likes(post),
        thread_native_id=topic_id,
    )


def _count_likes(post: dict[str, Any]) -> int | None:
    """Return how many liked it: action 2 of the summary, which lacks it where nobody did."""
    if (count := scalars.read_integer(post.get("like_count"))) is not None:
        return count
    if not isinstance(post.get("actions_summary"), list):
        return None
    actions = [nested.as_object(action) for action in nested.as_list(post.get("actions_summary"))]
    return next(
        (scalars.read_integer(one.get("count")) or 0 for one in actions if one.get("id") == 2), 0
    )


COUNT = count_key("posts", r'"post_number"\s*:')
SOURCE = Source(
    platform="discourse",
    name="topic JSON",
    formats=(
        Format(
            FORMAT,
            "the JSON of a topic, a list of pages of topics, or posts",
            "save the topic's address with .json?print=true at its end",
        ),
    ),
    parse=parse,
    recognise=recognise,
    marks=(r"\A\s*[\[{]", MARK, r'"(?:cooked|raw)"\s*:'),
)
