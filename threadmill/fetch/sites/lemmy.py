"""Lemmy: the comments of a post in pages of fifty, and the posts of a community.

After `LemmyNet/lemmy-js-client` and `crates/db_views/src/comment_view.rs` of `LemmyNet/lemmy`: asked with `max_depth`
it gives 300 comments and no page after them; asked without, all depths page by page.
"""

import re
from datetime import datetime
from typing import Any
from urllib.parse import SplitResult, quote

from threadmill.fetch.contract import (
    LISTING_PAGES_MAX,
    PAGES_MAX,
    Ask,
    Found,
    Listed,
    ListSteps,
    Site,
    Steps,
    Target,
    as_objects,
    find_latest,
    get_object,
    read_time,
    split_host,
    write_base,
)

_POST = re.compile(r"/post/(?P<id>\d+)(?:/\d+)?/?")
_COMMUNITY = re.compile(r"/c/(?P<name>[^/]+)/?")
PAGE_SIZE = 50


def recognise(parts: SplitResult, api: str | None, is_named: bool) -> Target | None:
    """Return the post or community of an address."""
    site, base = split_host(parts), write_base(parts, api)
    if found := _POST.fullmatch(parts.path):
        own = found["id"]
        return Target("lemmy", site, f"{write_base(parts)}/post/{own}", base, own, f"{site}/{own}")
    found = _COMMUNITY.fullmatch(parts.path) if is_named else None
    return found and Target("lemmy", site, parts.geturl(), base, found["name"], is_listing=True)


def read(target: Target) -> Steps:
    """Ask for all pages of a post's comments, the oldest first."""
    post: dict[str, Any] = {}
    times: list[object] = []
    seen: set[object] = set()
    for page in range(1, PAGES_MAX + 1):
        query = f"post_id={target.name}&type_=All&sort=Old&limit={PAGE_SIZE}&page={page}"
        answer = yield Ask(f"{target.base}/api/v3/comment/list?{query}")
        items = as_objects(answer.read_object().get("comments"))
        ids = {get_object(item, "comment").get("id") for item in items}
        post = post or (get_object(items[0], "post") if items else {})
        times += [get_object(item, "comment").get("published") for item in items]
        # A server that knows no pages gives the same one for ever.
        if len(items) < PAGE_SIZE or ids <= seen:
            break
        seen |= ids
    return Found(read_time(post.get("published")), find_latest(times), is_empty=not times)


def list_threads(target: Target, since: datetime) -> ListSteps:
    """Ask for the posts of a community, the latest first; featured ones may stand before them."""
    listed: list[Listed] = []
    for page in range(1, LISTING_PAGES_MAX + 1):
        query = f"community_name={quote(target.name)}&sort=New&limit={PAGE_SIZE}&page={page}"
        answer = yield Ask(f"{target.base}/api/v3/post/list?{query}", is_page=False)
        posts = [get_object(item, "post") for item in as_objects(answer.read_object().get("posts"))]
        found = [_list_post(target, post) for post in posts if isinstance(post.get("id"), int)]
        fresh = [one for one in found if one.began_since(since)]
        listed += fresh
        if len(found) < PAGE_SIZE or not fresh:
            break
    return listed


def _list_post(target: Target, post: dict[str, Any]) -> Listed:
    own = str(post["id"])
    start = target.address.partition("/c/")[0]
    thread = target._replace(
        address=f"{start}/post/{own}", name=own, stem=f"{target.site}/{own}", is_listing=False
    )
    return Listed(thread, read_time(post.get("published")))


SITE = Site(
    "lemmy",
    recognise,
    read,
    "a post (/post/1) or a community (/c/name)",
    list_threads,
)
