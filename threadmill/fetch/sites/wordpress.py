"""WordPress: the comments of a post by the REST API, in pages of a hundred, and a site's posts since a day.

After the REST API Handbook, and `class-wp-rest-comments-controller.php` of `WordPress/WordPress`: the header
`X-WP-TotalPages` says how many pages there are.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import SplitResult, parse_qs, quote, urlsplit

from threadmill.fetch.contract import (
    LISTING_PAGES_MAX,
    PAGES_MAX,
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
    find_latest,
    read_time,
    split_host,
    write_base,
)

REST = "wp-json/wp/v2"
FIELDS = "_fields=id,slug,link,date_gmt"
_SLUG = re.compile(r"[^/?#]+")


def recognise(parts: SplitResult, api: str | None, is_named: bool) -> Target | None:
    """Return the post or site of an address, which tells nothing of its platform."""
    if not is_named:
        return None
    site, base = split_host(parts), write_base(parts, api)
    number = (parse_qs(parts.query).get("p") or [""])[0]
    if number.isdecimal():
        address = f"{write_base(parts, None, parts.path)}/?p={number}"
        return Target("wordpress", site, address, base, number, f"{site}/{number}")
    words = _SLUG.findall(parts.path)
    if not words or urlsplit(base).path.rstrip("/") == parts.path.rstrip("/"):
        return Target("wordpress", site, parts.geturl(), base, "posts", is_listing=True)
    address = write_base(parts, None, parts.path) + "/"
    return Target("wordpress", site, address, base, f"slug={words[-1]}", f"{site}/{words[-1]}")


def read(target: Target) -> Steps:
    """Ask which post it is, then for all pages of its comments."""
    start = f"{target.base}/{REST}"
    if target.name.isdecimal():
        number, published_at = target.name, None
    else:
        answer = yield Ask(f"{start}/posts?{target.name}&{FIELDS}", is_page=False)
        posts = answer.read_list()
        if not posts:
            raise Gone(404)
        number, published_at = str(posts[0].get("id")), read_time(posts[0].get("date_gmt"))
    if not number.isdecimal():
        raise Broken("the post has no id")
    times: list[object] = []
    page, count = 1, 1
    while page <= min(count, PAGES_MAX):
        query = f"post={number}&per_page=100&order=asc&orderby=date_gmt&_embed=up&page={page}"
        answer = yield Ask(f"{start}/comments?{query}")
        times += [one.get("date_gmt") for one in answer.read_list()]
        count, page = _count_pages(answer), page + 1
    return Found(published_at, find_latest(times), is_empty=not times)


def _count_pages(answer: Answer) -> int:
    said = answer.headers.get("x-wp-totalpages", "1")
    return int(said) if said.isdecimal() else 1


def list_threads(target: Target, since: datetime) -> ListSteps:
    """Ask for the posts of a site since a time."""
    listed: list[Listed] = []
    # The API leaves that very second out.
    after = quote(f"{since.astimezone(UTC) - timedelta(seconds=1):%Y-%m-%dT%H:%M:%S}Z")
    page, count = 1, 1
    while page <= min(count, LISTING_PAGES_MAX):
        query = f"after={after}&per_page=100&orderby=date&order=desc&{FIELDS}&page={page}"
        answer = yield Ask(f"{target.base}/{REST}/posts?{query}", is_page=False)
        listed += [
            _list_post(target, post)
            for post in answer.read_list()
            if isinstance(post.get("id"), int)
        ]
        count, page = _count_pages(answer), page + 1
    return listed


def _list_post(target: Target, post: dict[str, Any]) -> Listed:
    parts = urlsplit(target.address)
    link = urlsplit(str(post.get("link") or ""))
    words = _SLUG.findall(link.path)
    # Its path alone: the listing's host stays, whatever the link says.
    path = link.path if words else f"/?p={post['id']}"
    own = target._replace(
        address=f"{parts.scheme}://{parts.netloc}{path}",
        name=str(post["id"]),
        stem=f"{target.site}/{words[-1] if words else post['id']}",
        is_listing=False,
    )
    return Listed(own, read_time(post.get("date_gmt")))


SITE = Site(
    "wordpress",
    recognise,
    read,
    "a post's address, or a site's own",
    list_threads,
)
