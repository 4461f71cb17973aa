"""Bluesky: a post's thread as `app.bsky.feed.getPostThread` gives it, and the posts of an account.

After the lexicons of `bluesky-social/atproto` (`app/bsky/feed`, `com/atproto/identity`). The public AppView answers
without a login, no deeper than it likes.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import SplitResult, quote

from threadmill.fetch.contract import (
    LISTING_PAGES_MAX,
    Answer,
    Ask,
    Broken,
    Found,
    Gone,
    Listed,
    ListSteps,
    Site,
    Steps,
    Target,
    as_objects,
    find_latest,
    get_object,
    read_text,
    read_time,
)

API = "https://public.api.bsky.app"
_POST = re.compile(r"/profile/(?P<who>[\w.:%-]+)/post/(?P<key>[\w.~:-]+)/?")
_ACCOUNT = re.compile(r"/profile/(?P<who>[\w.:%-]+)/?")
PAGE_SIZE = 100
DEPTH = 1000
"""The most that the lexicon allows."""
NO_SUCH = (400,)
"""How a service says that there is no such post: `NotFound` in the answer."""


def recognise(parts: SplitResult, api: str | None, is_named: bool) -> Target | None:  # noqa: ARG001 # one host
    """Return the post or account of an address."""
    if parts.hostname != "bsky.app":
        return None
    base = (api or API).rstrip("/")
    if found := _POST.fullmatch(parts.path):
        return _name_post(base, found["who"], found["key"])
    if found := _ACCOUNT.fullmatch(parts.path):
        address = f"https://bsky.app/profile/{found['who']}"
        return Target("bluesky", "bsky.app", address, base, found["who"], is_listing=True)
    return None


def _name_post(base: str, who: str, key: str) -> Target:
    address = f"https://bsky.app/profile/{who}/post/{key}"
    # A name of files has no colon.
    stem = f"{who.replace(':', '-')}/{key}"
    return Target("bluesky", "bsky.app", address, base, f"{who}/{key}", stem)


def read(target: Target) -> Steps:
    """Ask whose handle it is, then for the thread."""
    who, _, key = target.name.partition("/")
    if not who.startswith("did:"):
        answer = yield Ask(
            f"{target.base}/xrpc/com.atproto.identity.resolveHandle?handle={quote(who)}",
            is_page=False,
            taken=NO_SUCH,
        )
        _refuse_gone(answer)
        who = read_text(answer.read_object().get("did")) or ""
        if not who:
            raise Broken("the handle has no did")
    uri = quote(f"at://{who}/app.bsky.feed.post/{key}", safe="")
    address = f"{target.base}/xrpc/app.bsky.feed.getPostThread?uri={uri}&depth={DEPTH}"
    answer = yield Ask(address, taken=NO_SUCH)
    _refuse_gone(answer)
    thread = get_object(answer.read_object(), "thread")
    post = get_object(thread, "post")
    if not post:
        # Blocked, or gone: only its address is there.
        raise Gone(404)
    times = [get_object(one, "post").get("indexedAt") for one in _walk(thread)]
    return Found(read_time(get_object(post, "record").get("createdAt")), find_latest(times[1:]))


def _refuse_gone(answer: Answer) -> None:
    """Raise `Gone` if the answer says so, `Broken` for any other mistake it tells of."""
    if answer.status == 200:
        return
    told = answer.read_object()
    if told.get("error") == "NotFound" or "Unable to resolve handle" in str(told.get("message")):
        raise Gone(404)
    raise Broken(f"the service refuses: {told.get('error')}")


def _walk(thread: dict[str, Any]) -> Iterator[dict[str, Any]]:
    stack = [thread]
    while stack:
        one = stack.pop()
        yield one
        stack += as_objects(one.get("replies"))


def list_threads(target: Target, since: datetime) -> ListSteps:
    """Ask for the posts of an account that answer none, the latest first."""
    listed: list[Listed] = []
    cursor = ""
    for _ in range(LISTING_PAGES_MAX):
        more = f"&cursor={quote(cursor)}" if cursor else ""
        query = f"actor={quote(target.name)}&filter=posts_no_replies&limit={PAGE_SIZE}{more}"
        address = f"{target.base}/xrpc/app.bsky.feed.getAuthorFeed?{query}"
        page = (yield Ask(address, is_page=False)).read_object()
        # A repost, or what is pinned, has a reason to stand there.
        items = [one for one in as_objects(page.get("feed")) if not one.get("reason")]
        found = [one for item in items if (one := _list_post(target, get_object(item, "post")))]
        listed += [one for one in found if one.began_since(since)]
        is_over = not all(one.began_since(since) for one in found)
        before, cursor = cursor, read_text(page.get("cursor")) or ""
        if is_over or not cursor or cursor == before:
            break
    return listed


def _list_post(target: Target, post: dict[str, Any]) -> Listed | None:
    uri = read_text(post.get("uri")) or ""
    found = re.fullmatch(r"at://(did:[\w.:%-]+)/app\.bsky\.feed\.post/([\w.~:-]+)", uri)
    if not found:
        return None
    # As the account is watched, so that a post has one name for its captures.
    return Listed(
        _name_post(target.base, target.name, found[2]),
        read_time(get_object(post, "record").get("createdAt")),
    )


SITE = Site(
    "bluesky",
    recognise,
    read,
    "a post (https://bsky.app/profile/name/post/key) or an account (…/profile/name)",
    list_threads,
)
