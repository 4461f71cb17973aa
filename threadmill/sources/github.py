"""GitHub: comments on issues, pull requests and discussions, as REST, GraphQL and the command gh give them."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import polars as pl

from threadmill.read.rejects import Unreadable
from threadmill.schema.frames import Comment, Parsed, Thread
from threadmill.sources import nested, scalars
from threadmill.sources.contract import Format, Source
from threadmill.sources.counts import count_key
from threadmill.sources.nested import Read, Rejects

FORMAT = "github_comments_json"
MARKS = (
    r'"(?:author_association|authorAssociation|login)"\s*:',
    r'"body"\s*:',
    r'"(?:issue_url|pull_request_url|discussion_url|html_url|comments|reviews|comment_nodes|replies|url)"\s*:',
    r'"(?:created_at|createdAt|submitted_at|submittedAt)"\s*:',
)
ADDRESS = r"https?://[^/\s\"]+/(?:api/v3/)?(?:repos/)?[^/\s\"]+/[^/\s\"]+/(?:issues|pulls?|discussions)/\d+"
_ADDRESS = re.compile(
    r"(https?://[^/\s]+/)(?:api/v3/)?(?:repos/)?([^/\s]+/[^/\s]+)/(issues|pulls?|discussions)/(\d+)"
    r"(?:[^\s#]*#([\w-]+))?"
)
API_HOST, HOST = "https://api.github.com/", "https://github.com/"
TIMES = ("created_at", "createdAt", "submitted_at", "submittedAt")


class _Place(NamedTuple):
    """Where something stands: its issue, and the comment of a discussion that it answers."""

    thread_id: str | None
    above: str | None


def recognise(documents: pl.DataFrame) -> pl.Series:
    """Return which documents hold comments of GitHub."""
    return nested.match_json(documents["text"], *MARKS)


def parse(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of issues, pull requests and discussions."""
    return nested.parse(documents, FORMAT, read, COUNT)


def read(text: str) -> Read:
    """Return what answers hold. Comments on issues stand by time; those on discussions and lines of code are linked."""
    rejects = Rejects()
    threads: dict[str | None, Thread] = {}
    comments: list[Comment] = []
    left_out = 0
    values = [value for _, value in nested.load_values(text, 1, rejects)]
    for own, place in _walk(values):
        if _is_article(own):
            left_out += "body" in own
            threads[place.thread_id] = _build_thread(place.thread_id, own)
            continue
        if not scalars.clean_text(own.get("body")).strip() and "state" in own:
            # A review may be a mere approval.
            left_out += 1
        else:
            threads.setdefault(place.thread_id, _build_thread(place.thread_id, own))
            comments.append(_build_comment(own, place, len(comments)))
    if not threads and not rejects:
        raise Unreadable("no_thread", "neither an issue nor a discussion, and no comment on one")
    return Read([*threads.values()], comments, rejects, left_out)


def _walk(values: list[Any]) -> Iterator[tuple[dict[str, Any], _Place]]:
    """Yield issues, discussions and comments in order, however they are wrapped, with their place."""
    stack: list[tuple[Any, _Place]] = [(one, _Place(None, None)) for one in values[::-1]]
    while stack:
        value, place = stack.pop()
        if isinstance(value, list):
            stack += [(one, place) for one in value[::-1]]
            continue
        own = nested.as_object(value)
        below = list(own.values())
        if _is_article(own):
            inner = map(nested.as_object, _list_nodes(own.get("comments")))
            named = _name_thread(own) or next(filter(None, map(_name_thread, inner)), None)
            place = _Place(named or place.thread_id or scalars.read_id(own.get("number")), None)
            yield own, place
            below = [own.get(key) for key in ("comments", "reviews", "reviewThreads")]
        elif "body" in own and any(key in own for key in TIMES):
            place = place._replace(thread_id=_name_thread(own) or place.thread_id)
            yield own, place
            place = place._replace(above=_read_id(own))
            below = [own.get("replies"), own.get("comments")]
        elif "comments" in own and "isResolved" in own:
            # The comments on a line of code answer the first.
            listed = _list_nodes(own["comments"])
            first = _read_id(nested.as_object(listed[0])) if listed else None
            stack += [(one, place._replace(above=first)) for one in listed[:0:-1]]
            below = listed[:1]
        stack += [(one, place) for one in below[::-1] if isinstance(one, list | dict)]


def _list_nodes(given: object) -> list[Any]:
    return nested.as_list(nested.as_object(given).get("nodes", given))


def _is_article(own: dict[str, Any]) -> bool:
    """Return whether something is an issue, a pull request or a discussion."""
    return "title" in own and any(key in own for key in ("number", "comments", "body"))


def _find_addresses(own: dict[str, Any]) -> Iterator[re.Match[str]]:
    keys = ("html_url", "url", "issue_url", "pull_request_url", "discussion_url")
    for key in keys:
        if found := _ADDRESS.match(scalars.clean_text(own.get(key))):
            yield found


def _name_thread(own: dict[str, Any]) -> str | None:
    """Return what the issue of something is called: `owner/name#7`."""
    return next((f"{found[2]}#{found[4]}" for found in _find_addresses(own)), None)


def _read_id(own: dict[str, Any]) -> str | None:
    """Return the id in the anchor of its address, by which all ways to get it agree, else its own."""
    anchors = (found[5] for found in _find_addresses(own) if found[5])
    own_id = scalars.read_id(own.get("databaseId")) or scalars.read_id(own.get("id"))
    return next(anchors, None) or own_id


def _build_thread(thread_id: str | None, own: dict[str, Any]) -> Thread:
    """Return the thread of an issue, or of a comment on one."""
    found = next(_find_addresses(own), None)
    is_article = _is_article(own)
    kind = found[3].replace("pulls", "pull") if found else ""
    host = found[1].replace(API_HOST, HOST) if found else ""
    if kind == "issues" and "pull_request_url" in own:
        kind = "pull"
    count = own.get("comments")
    return Thread(
        native_id=thread_id,
        title=scalars.read_name(own.get("title")) if is_article else None,
        url=f"{host}{found[2]}/{kind}/{found[4]}" if found else None,
        published_at=_read_time(own) if is_article else None,
        host_name=_read_author(own) if is_article else None,
        publication=(thread_id or "").rpartition("#")[0] or None,
        declared_comment_count=scalars.read_integer(
            nested.as_object(count).get("totalCount", count)
        ),
        # A bare number counts within its repository.
        is_id_local=thread_id is not None and "#" not in thread_id,
        is_chronological=kind != "discussions",
        author_scope="platform",
    )


def _build_comment(own: dict[str, Any], place: _Place, position: int) -> Comment:
    own_id = _read_id(own)
    author = _read_author(own)
    address = scalars.read_link(own.get("html_url")) or scalars.read_link(own.get("url"))
    parent, is_placed = _find_parent(own, place, own_id)
    is_deleted = own.get("deletedAt") is not None
    return Comment(
        native_id=own_id,
        text="" if is_deleted else scalars.clean_text(own.get("body")).strip(),
        position=position,
        parent_native_id=parent,
        parent_status="explicit" if parent else "top_level" if is_placed else None,
        author_name=author,
        author_native_id=author,
        author_handle=author,
        author_url=f"{HOST}{author}" if author else None,
        created_at=_read_time(own),
        is_edited=_tell_edited(own),
        is_deleted=is_deleted,
        like_count=_count_likes(own),
        url=address,
        thread_native_id=place.thread_id,
    )


def _find_parent(own: dict[str, Any], place: _Place, own_id: str | None) -> tuple[str | None, bool]:
    """Return what a comment answers, and whether its place is known: that of one on an issue isn't."""
    kind = (own_id or "").partition("_")[0].partition("-")[0]
    if "in_reply_to_id" in own or "pull_request_review_id" in own or kind.startswith("discussion"):
        answered = scalars.read_id(own.get("in_reply_to_id"))
        nested_in = scalars.read_id(own.get("parent_id"))
        named = f"discussion_r{answered}" if answered else None
        named = named or (f"discussioncomment-{nested_in}" if nested_in else None)
        return place.above or named, True
    return place.above, place.above is not None or "replies" in own


def _read_author(own: dict[str, Any]) -> str | None:
    author = nested.as_object(own.get("user") or own.get("author"))
    return scalars.read_name(author.get("login"))


def _read_time(own: dict[str, Any]) -> Any:
    return next(filter(None, (scalars.read_iso(own.get(key)) for key in TIMES)), None)


def _tell_edited(own: dict[str, Any]) -> bool | None:
    """Return whether a comment was edited; REST tells only when it was last touched."""
    if "lastEditedAt" in own:
        return own["lastEditedAt"] is not None
    return scalars.read_truth(own.get("includesCreatedEdit"))


def _count_likes(own: dict[str, Any]) -> int | None:
    """Return how many thumbs are up; of a comment on a discussion how many votes."""
    if (votes := scalars.read_integer(own.get("upvoteCount"))) is not None:
        return votes
    if (given := nested.as_object(own.get("reactions"))) and "+1" in given:
        return scalars.read_integer(given["+1"])
    groups = own.get("reactionGroups")
    if not isinstance(groups, list):
        return None
    thumbs = (one for one in map(nested.as_object, groups) if one.get("content") == "THUMBS_UP")
    who = next((nested.as_object(one.get("users") or one.get("reactors")) for one in thumbs), {})
    return scalars.read_integer(who.get("totalCount")) or 0


COUNT = count_key("objects with a body", r'"body"\s*:')
SOURCE = Source(
    platform="github",
    name="comments",
    formats=(
        Format(
            FORMAT,
            "comments on issues, pull requests or discussions: lists of REST, answers of GraphQL, output of gh",
            "gh issue view <number> --json title,author,url,comments; gh api repos/<o>/<r>/issues/<n>/comments",
        ),
    ),
    parse=parse,
    recognise=recognise,
    marks=(r"\A\s*[\[{]", *MARKS, ADDRESS),
)
