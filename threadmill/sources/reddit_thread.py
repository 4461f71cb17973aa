"""Reddit: the JSON of one thread, two listings of which the first holds the post."""

import re
from typing import Any

import polars as pl

from threadmill.read.rejects import Unreadable
from threadmill.schema.frames import Comment, Parsed, Thread
from threadmill.sources import nested
from threadmill.sources.contract import Format, Source
from threadmill.sources.counts import count_key
from threadmill.sources.nested import Read

FORMAT = "reddit_thread_json"
GONE = ("[deleted]", "[removed]")
SITE = "https://www.reddit.com"
ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_ENTITY = re.compile("&(?:lt|gt|amp);")
_BARE = re.compile("[<>]|&(?!lt;|gt;|amp;)")
_HTML = re.compile(r'"(?:body|selftext)_html"\s*:\s*"(&lt;|\\u0026lt;|<|\\u003[cC])')


def recognise(documents: pl.DataFrame) -> pl.Series:
    """Return which documents are listings of a post and its comments."""
    # It stands at the start, and dumps are long.
    return nested.match_json(documents["text"].str.slice(0, 65_536), r'"kind"\s*:\s*"Listing"')


def parse(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of Reddit's thread JSON."""
    return nested.parse(documents, FORMAT, read, COUNT)


def read(text: str) -> Read:
    """Return what one thread's JSON holds. Comments behind `more` are counted as hidden."""
    listings = nested.as_list(nested.parse_json(text))
    posts = [thing for listing in listings[:1] for thing in _list_things(listing)]
    post = next((_unwrap(thing) for thing in posts if _read_kind(thing) == "t3"), {})
    thread_id = nested.read_id(post.get("id"))
    comments: list[Comment] = []
    hidden = 0
    # Each waits with the comment that it is nested in.
    waiting = [(thing, None) for listing in listings[1:] for thing in _list_things(listing)][::-1]
    stack: list[tuple[Any, str | None]] = list(waiting)
    while stack:
        thing, above = stack.pop()
        own = _unwrap(thing)
        if _read_kind(thing) == "more":
            hidden += max(0, nested.read_integer(own.get("count")) or 0)
        if _read_kind(thing) != "t1" or not (own_id := nested.read_id(own.get("id"))):
            continue
        thread_id = thread_id or _strip_prefix(own.get("link_id"), "t3_")
        comments.append(build_comment(own, own_id, above, len(comments)))
        stack += [(reply, own_id) for reply in _list_things(own.get("replies"))][::-1]
    if not post and not comments:
        raise Unreadable("no_thread", "Reddit listings with neither post nor comments")
    head = build_thread(post, thread_id, hidden)
    if _is_escaped(text, [head.title or "", *(one.text for one in comments)]):
        head = head._replace(title=unescape(head.title) if head.title else None)
        comments = [one._replace(text=unescape(one.text)) for one in comments]
    # Which thread it is may show only after its first comments.
    return Read([head], [one._replace(thread_native_id=thread_id) for one in comments])


def unescape(text: str) -> str:
    """Return `text` with `&`, `<` and `>` as people wrote them: Reddit escapes these three and no others."""
    return _ENTITY.sub(lambda found: ENTITIES[found[0]], text) if "&" in text else text


def _is_escaped(document: str, texts: list[str]) -> bool:
    """Return whether Reddit escaped a document, as it does unless asked for `raw_json=1`.

    Its HTML tells, where it is there; else one bare `<`, `>` or `&` shows that it didn't.
    """
    if html := _HTML.search(document):
        return "lt;" in html[1]
    return not any(_BARE.search(text) for text in texts)


def build_thread(post: dict[str, Any], thread_id: str | None, hidden: int | None) -> Thread:
    """Return the thread under `post`, a `t3` object; an empty one leaves what isn't known null."""
    permalink = nested.clean_text(post.get("permalink"))
    subreddit = nested.read_name(post.get("subreddit"))
    return Thread(
        native_id=thread_id,
        title=nested.read_name(post.get("title")),
        url=SITE + permalink if permalink.startswith("/") else None,
        published_at=nested.read_epoch(post.get("created_utc")),
        host_name=_read_author(post),
        publication=f"r/{subreddit}" if subreddit else None,
        declared_comment_count=nested.read_integer(post.get("num_comments")),
        hidden_comment_count=hidden,
    )


def build_comment(
    own: dict[str, Any],
    own_id: str,
    above: str | None,
    position: int | None,
) -> Comment:
    """Return the comment of a `t1` object; `above` is where it is nested if `parent_id` doesn't say."""
    body = nested.clean_text(own.get("body"))
    is_deleted = body.strip() in GONE
    parent = _strip_prefix(own.get("parent_id"), "t1_") or above
    author = _read_author(own)
    permalink = nested.clean_text(own.get("permalink"))
    score = nested.read_integer(own.get("score"))
    edited = own.get("edited")
    return Comment(
        native_id=own_id,
        text="" if is_deleted else body.strip(),
        position=position,
        parent_native_id=parent,
        parent_status="explicit" if parent else "top_level",
        author_name=author,
        author_native_id=author,
        author_handle=author,
        author_url=f"{SITE}/user/{author}" if author else None,
        created_at=nested.read_epoch(own.get("created_utc")),
        is_edited=None if edited is None else bool(edited),
        is_deleted=is_deleted,
        is_host=nested.read_truth(own.get("is_submitter")),
        like_count=None if own.get("score_hidden") is True else score,
        url=SITE + permalink if permalink.startswith("/") else None,
    )


def _read_author(own: dict[str, Any]) -> str | None:
    author = nested.read_name(own.get("author"))
    return None if author in GONE else author


def _list_things(listing: object) -> list[Any]:
    """Return what a listing holds; `""` stands for an empty one."""
    return nested.as_list(_unwrap(listing).get("children"))


def _unwrap(thing: object) -> dict[str, Any]:
    return nested.as_object(nested.as_object(thing).get("data"))


def _read_kind(thing: object) -> object:
    return nested.as_object(thing).get("kind")


def _strip_prefix(value: object, prefix: str) -> str | None:
    full = nested.clean_text(value)
    return full.removeprefix(prefix) or None if full.startswith(prefix) else None


COUNT = count_key("objects of kind t1", r'"kind"\s*:\s*"t1"')
SOURCE = Source(
    platform="reddit",
    name="thread JSON",
    formats=(
        Format(
            FORMAT,
            "two listings, post and comments",
            "save the thread's address with .json at its end",
        ),
    ),
    parse=parse,
    recognise=recognise,
    marks=(r"\A\s*[\[{]", r'"kind"\s*:\s*"Listing"', r'"kind"\s*:\s*"(?:t1|t3|more)"'),
)
