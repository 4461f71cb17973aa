"""WordPress: comments as the REST API of a site answers. Addresses of avatars, which hash mails, stay behind."""

from typing import Any

import polars as pl

from threadmill.read.rejects import Reject, Unreadable
from threadmill.schema.frames import Comment, Parsed, Thread
from threadmill.sources import html, nested, scalars
from threadmill.sources.contract import Format, Source
from threadmill.sources.counts import count_key
from threadmill.sources.nested import Read, Rejects

FORMAT = "wordpress_rest_json"
PINGS = ("pingback", "trackback")
APPROVED = (None, "approved", "approve", "1")
GONE = ("trash", "post-trashed")
MARKS = (
    r'"author_name"\s*:',
    r'"post"\s*:\s*\d',
    r'"content"\s*:\s*\{\s*"(?:rendered|raw|protected)"',
)


def recognise(documents: pl.DataFrame) -> pl.Series:
    """Return which documents are comments of the API."""
    return nested.match_json(documents["text"], *MARKS)


def parse(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of the API's answers."""
    return nested.parse(documents, FORMAT, read, COUNT)


def read(text: str) -> Read:
    """Return what answers hold: pages, one after another or in a list. Pings and what isn't approved are left out."""
    rejects = Rejects()
    threads: dict[str | None, Thread] = {}
    comments: list[Comment] = []
    left_out = 0
    values = [value for _, value in nested.load_values(text, 1, rejects)]
    for value in values:
        for own in map(nested.as_object, value if isinstance(value, list) else [value]):
            own_id = scalars.read_id(own.get("id"))
            if own_id is None:
                rejects.append(Reject("no_id", "a comment without an id", None, str(own)[:80]))
            elif own.get("type") in PINGS or own.get("status") not in (*APPROVED, *GONE):
                left_out += 1
            else:
                one = _build_comment(own, own_id, len(comments))
                comments.append(one)
                threads.setdefault(one.thread_native_id, _build_thread(own, one))
    if not threads and not rejects and not left_out:
        raise Unreadable("no_thread", "an answer without comments")
    return Read([*threads.values()] or [Thread(is_id_local=True)], comments, rejects, left_out)


def _build_thread(own: dict[str, Any], comment: Comment) -> Thread:
    """Return the thread of a comment; `_embed` in the address also gives its title."""
    up = nested.as_list(nested.as_object(own.get("_embedded")).get("up"))
    post = nested.as_object(up[0]) if up else {}
    title = nested.as_object(post.get("title")).get("rendered")
    return Thread(
        native_id=comment.thread_native_id,
        title=scalars.read_name(html.extract_text(scalars.clean_text(title))),
        url=comment.url.partition("#")[0] if comment.url else None,
        published_at=scalars.read_utc(post.get("date_gmt")),
        # Each site has its own ids.
        is_id_local=True,
    )


def _build_comment(own: dict[str, Any], own_id: str, position: int) -> Comment:
    parent = scalars.read_id(own.get("parent"))
    parent = None if parent == "0" else parent
    user = scalars.read_id(own.get("author"))
    content = own.get("content")
    body = nested.as_object(content).get("rendered", content)
    is_deleted = own.get("status") in GONE
    at = scalars.read_utc(own.get("date_gmt"))
    return Comment(
        native_id=own_id,
        text="" if is_deleted else html.extract_text(scalars.clean_text(body)),
        position=position,
        parent_native_id=parent,
        parent_status="explicit" if parent else "top_level",
        author_name=scalars.read_name(own.get("author_name")),
        author_native_id=None if user in (None, "0") else user,
        author_url=scalars.read_link(own.get("author_url")),
        created_at=at,
        # Without the time in UTC only the day of the site's own clock is known.
        created_text=None if at else scalars.read_name(own.get("date")),
        is_deleted=is_deleted,
        url=scalars.read_link(own.get("link")),
        thread_native_id=scalars.read_id(own.get("post")),
    )


COUNT = count_key("objects with author_name", r'"author_name"\s*:')
SOURCE = Source(
    platform="wordpress",
    name="REST comments",
    formats=(
        Format(
            FORMAT,
            "the comments of a site, in a list",
            "save <site>/wp-json/wp/v2/comments?post=<id>&per_page=100&_embed=up, page by page",
        ),
    ),
    parse=parse,
    recognise=recognise,
    marks=(r"\A\s*[\[{]", *MARKS),
)
