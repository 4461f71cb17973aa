"""Reddit: what its API answers, as the JSON of a thread: two listings of which the first holds the post."""

import re
from typing import Any

import polars as pl

from threadmill.read.rejects import Unreadable
from threadmill.schema.frames import Comment, Parsed, Thread
from threadmill.sources import nested, scalars
from threadmill.sources.contract import Format, Source
from threadmill.sources.counts import count_key
from threadmill.sources.nested import Read, Rejects

FORMAT = "reddit_thread_json"
GONE = ("[deleted]", "[removed]")
SITE = "https://www.reddit.com"
ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_ENTITY = re.compile("&(?:lt|gt|amp);")
_BARE = re.compile("&(?!lt;|gt;|amp;)")
_HTML = re.compile(r'"(?:body|selftext)_html"\s*:\s*"(&lt;|\\u0026lt;|<|\\u003[cC])')


def recognise(documents: pl.DataFrame) -> pl.Series:
    """Return which documents hold listings or things of the API, also on lines."""
    # It stands at the start, and dumps are long.
    mark = r'"kind"\s*:\s*"(?:Listing|t1|t3|more)"'
    return nested.match_json(documents["text"].str.slice(0, 65_536), mark)


def parse(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of Reddit's own JSON."""
    return nested.parse(documents, FORMAT, read, COUNT)


def read(text: str) -> Read:
    """Return what answers of the API hold. Comments behind `more` are counted as hidden."""
    rejects = Rejects()
    given = [value for _, value in nested.load_values(text, 1, rejects)]
    threads: dict[str | None, Thread] = {}
    comments: list[Comment] = []
    for post, things in _split_by_post(_list_things(given)):
        found, below = _read_thread(post, things, len(comments))
        threads |= {one.native_id: one for one in found if one.native_id not in threads}
        comments += below
    if not threads and not rejects:
        raise Unreadable("no_thread", "Reddit listings with neither post nor comments")
    titles = [one.title or "" for one in threads.values()]
    if _is_escaped(text, [*titles, *(one.text for one in comments)]):
        threads = {
            own: one._replace(title=unescape(one.title) if one.title else None)
            for own, one in threads.items()
        }
        comments = [
            one._replace(text=unescape(one.text)) if "&" in one.text else one for one in comments
        ]
    return Read([*threads.values()], comments, rejects)


def _split_by_post(things: list[Any]) -> list[tuple[dict[str, Any], list[Any]]]:
    """Return posts with what follows each; what is before the first has an empty one."""
    found: list[tuple[dict[str, Any], list[Any]]] = [({}, [])]
    for thing in things:
        if _read_kind(thing) == "t3":
            found.append((_unwrap(thing), []))
        else:
            found[-1][1].append(thing)
    return [(post, below) for post, below in found if post or below]


def _read_thread(
    post: dict[str, Any], things: list[Any], place: int
) -> tuple[list[Thread], list[Comment]]:
    """Return the thread of `post` and those that the comments among `things` name, and the comments from `place`."""
    comments: list[Comment] = []
    named: dict[str | None, dict[str, Any]] = {}
    hidden = 0
    # Each waits with the comment that it is nested in, and that one's thread.
    stack: list[tuple[Any, str | None, str | None]] = [(one, None, None) for one in things[::-1]]
    while stack:
        thing, above, thread_id = stack.pop()
        own = _unwrap(thing)
        kind = _read_kind(thing)
        if kind == "more":
            hidden += max(0, scalars.read_integer(own.get("count")) or 0)
        if kind != "t1" or not (own_id := scalars.read_id(own.get("id"))):
            continue
        thread_id = (
            _strip_prefix(own.get("link_id"), "t3_")
            or _strip_prefix(own.get("parent_id"), "t3_")
            or thread_id
        )
        named.setdefault(thread_id, own)
        comments.append(build_comment(own, own_id, above, place + len(comments), thread_id))
        if replies := own.get("replies"):
            stack += [(reply, own_id, thread_id) for reply in _list_things(replies)][::-1]
    # Which thread it is may show only after its first comments.
    only = scalars.read_id(post.get("id")) or next(filter(None, named), None)
    threads = [build_thread(post, only, hidden)] if post else []
    threads += [
        build_thread(_describe_post(own), one or only, hidden or None)
        for one, own in named.items()
        if not post or (one or only) != only
    ]
    return threads, [
        one if one.thread_native_id else one._replace(thread_native_id=only) for one in comments
    ]


def _describe_post(comment: dict[str, Any]) -> dict[str, Any]:
    """Return what a comment of a listing of comments tells of its post."""
    return {
        "title": comment.get("link_title"),
        "author": comment.get("link_author"),
        "permalink": scalars.clean_text(comment.get("link_permalink")).removeprefix(SITE),
        "subreddit": comment.get("subreddit"),
    }


def unescape(text: str) -> str:
    """Return `text` with `&`, `<` and `>` as people wrote them: Reddit escapes these three and no others."""
    return _ENTITY.sub(lambda found: ENTITIES[found[0]], text) if "&" in text else text


def _is_escaped(document: str, texts: list[str]) -> bool:
    """Return whether Reddit escaped a document, as it does unless asked for `raw_json=1`.

    Its HTML tells, where it is there; else one bare `<`, `>` or `&` shows that it didn't.
    """
    if '_html"' in document and (html := _HTML.search(document)):
        return "lt;" in html[1]
    whole = "\n".join(texts)
    if "<" in whole or ">" in whole:
        return False
    return "&" not in whole or not _BARE.search(whole)


def build_thread(post: dict[str, Any], thread_id: str | None, hidden: int | None) -> Thread:
    """Return the thread under `post`, a `t3` object; an empty one leaves what isn't known null."""
    permalink = scalars.clean_text(post.get("permalink"))
    subreddit = scalars.read_name(post.get("subreddit"))
    return Thread(
        native_id=thread_id,
        title=scalars.read_name(post.get("title")),
        url=SITE + permalink if permalink.startswith("/") else None,
        published_at=scalars.read_epoch(post.get("created_utc")),
        host_name=_read_author(post),
        publication=f"r/{subreddit}" if subreddit else None,
        declared_comment_count=scalars.read_integer(post.get("num_comments")),
        hidden_comment_count=hidden,
    )


def build_comment(
    own: dict[str, Any],
    own_id: str,
    above: str | None,
    position: int | None,
    thread_id: str | None,
) -> Comment:
    """Return the comment of a `t1` object; `above` is where it is nested if `parent_id` doesn't say."""
    body = scalars.clean_text(own.get("body")).strip()
    is_deleted = body in GONE
    parent = _strip_prefix(own.get("parent_id"), "t1_") or above
    author = _read_author(own)
    permalink = scalars.clean_text(own.get("permalink"))
    edited = own.get("edited")
    return Comment(
        native_id=own_id,
        text="" if is_deleted else body,
        position=position,
        parent_native_id=parent,
        parent_status="explicit" if parent else "top_level",
        author_name=author,
        author_native_id=author,
        author_handle=author,
        author_url=f"{SITE}/user/{author}" if author else None,
        created_at=scalars.read_epoch(own.get("created_utc")),
        is_edited=None if edited is None else bool(edited),
        is_deleted=is_deleted,
        is_host=scalars.read_truth(own.get("is_submitter")),
        like_count=None
        if own.get("score_hidden") is True
        else scalars.read_integer(own.get("score")),
        url=SITE + permalink if permalink.startswith("/") else None,
        thread_native_id=thread_id,
    )


def _read_author(own: dict[str, Any]) -> str | None:
    author = scalars.read_name(own.get("author"))
    return None if author in GONE else author


def _list_things(given: object) -> list[Any]:
    """Return the things of listings, alone, in lists or in an answer of morechildren; `""` is an empty one."""
    found = []
    stack = [given]
    while stack:
        one = stack.pop()
        if isinstance(one, list):
            stack += one[::-1]
        elif isinstance(one, dict) and one.get("kind") in ("t1", "t3", "more"):
            found.append(one)
        elif isinstance(one, dict):
            stack += [one[key] for key in ("children", "things", "data", "json") if key in one]
    return found


def _unwrap(thing: object) -> dict[str, Any]:
    return nested.as_object(nested.as_object(thing).get("data"))


def _read_kind(thing: object) -> object:
    return nested.as_object(thing).get("kind")


def _strip_prefix(value: object, prefix: str) -> str | None:
    full = scalars.clean_text(value)
    return full[len(prefix) :] or None if full.startswith(prefix) else None


COUNT = count_key("objects of kind t1", r'"kind"\s*:\s*"t1"')
SOURCE = Source(
    platform="reddit",
    name="listings",
    formats=(
        Format(
            FORMAT,
            "listings: a thread's post and comments, several threads, comments alone, more comments",
            "save the address of a thread, or of r/NAME/comments, with .json at its end",
        ),
    ),
    parse=parse,
    recognise=recognise,
    marks=(r"\A\s*[\[{]", r'"kind"\s*:\s*"(?:t1|t3|more)"'),
)
