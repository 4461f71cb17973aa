"""Substack: a post by its slug, its comments in one answer, and a publication's archive.

No documentation of it is public. After public clients: `NHagar/substack_api` and others read `/api/v1/archive`,
`/api/v1/posts/SLUG` and `/api/v1/post/ID/comments`. The archive gives fewer posts a page than it is asked for.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import SplitResult

from threadmill.fetch.contract import (
    LISTING_PAGES_MAX,
    Ask,
    Broken,
    Found,
    Listed,
    ListSteps,
    Site,
    Steps,
    Target,
    as_objects,
    find_latest,
    read_text,
    read_time,
    split_host,
    write_base,
)

_POST = re.compile(r"/p/(?P<slug>[\w.~%-]+)(?:/comments)?/?")
_ARCHIVE = re.compile(r"(?:/archive)?/?")
PAGE_SIZE = 12


def recognise(parts: SplitResult, api: str | None, is_named: bool) -> Target | None:
    """Return the post or publication of an address; publications have hosts of their own."""
    if found := _POST.fullmatch(parts.path):
        return _name_post(parts, api, found["slug"])
    is_own = is_named or (parts.hostname or "").endswith(".substack.com")
    if not is_own or not _ARCHIVE.fullmatch(parts.path):
        return None
    base = write_base(parts, api)
    return Target("substack", split_host(parts), parts.geturl(), base, "archive", is_listing=True)


def _name_post(parts: SplitResult, api: str | None, slug: str) -> Target:
    site = split_host(parts)
    address = f"{write_base(parts)}/p/{slug}"
    return Target("substack", site, address, write_base(parts, api), slug, f"{site}/{slug}")


def read(target: Target) -> Steps:
    """Ask for a post, then for all its comments."""
    post = (yield Ask(f"{target.base}/api/v1/posts/{target.name}", is_page=False)).read_object()
    number = post.get("id")
    if not isinstance(number, int):
        raise Broken("the post has no id")
    answer = yield Ask(
        f"{target.base}/api/v1/post/{number}/comments?token=&all_comments=true&sort=oldest_first"
    )
    comments = as_objects(answer.read_object().get("comments"))
    writers = as_objects(post.get("publishedBylines"))
    return Found(
        read_time(post.get("post_date")),
        find_latest(one.get("date") for one in _walk(comments)),
        read_text(post.get("title")),
        read_text(writers[0].get("name")) if writers else None,
    )


def _walk(comments: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    stack = list(comments)
    while stack:
        one = stack.pop()
        yield one
        stack += as_objects(one.get("children"))


def list_threads(target: Target, since: datetime) -> ListSteps:
    """Ask for the posts of a publication, the latest first."""
    listed: dict[str, Listed] = {}
    offset = 0
    for _ in range(LISTING_PAGES_MAX):
        query = f"sort=new&search=&offset={offset}&limit={PAGE_SIZE}"
        answer = yield Ask(f"{target.base}/api/v1/archive?{query}", is_page=False)
        posts = answer.read_list()
        fresh = [_list_post(target, post) for post in posts if read_text(post.get("slug"))]
        known = len(listed)
        listed |= {one.target.name: one for one in fresh if one.began_since(since)}
        is_over = not all(one.began_since(since) for one in fresh)
        if is_over or len(listed) == known:
            break
        offset += len(posts)
    return list(listed.values())


def _list_post(target: Target, post: dict[str, Any]) -> Listed:
    # On the listing's own host, whatever address the post says it has.
    slug = str(post["slug"])
    start = target.address.rstrip("/").removesuffix("/archive")
    own = target._replace(
        address=f"{start}/p/{slug}", name=slug, stem=f"{target.site}/{slug}", is_listing=False
    )
    return Listed(own, read_time(post.get("post_date")))


SITE = Site(
    "substack",
    recognise,
    read,
    "a post (/p/slug) or a publication's own address",
    list_threads,
)
