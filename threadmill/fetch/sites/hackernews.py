"""Hacker News: an item with all below it from Algolia, or one item after the other from Firebase.

After https://hn.algolia.com/api and `HackerNews/API`. Firebase is asked where `api` is its address, which ends in
`/v0`: it is slower, a request for each comment, and up to date.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import SplitResult, parse_qs

from threadmill.fetch.contract import (
    Ask,
    Found,
    Gone,
    Site,
    Steps,
    Target,
    as_objects,
    find_latest,
    read_time,
)

ALGOLIA = "https://hn.algolia.com/api/v1"
ITEMS_MAX = 20_000
"""No story has had so many comments."""


def recognise(parts: SplitResult, api: str | None, is_named: bool) -> Target | None:  # noqa: ARG001 # one host
    """Return the item of an address."""
    if parts.hostname != "news.ycombinator.com" or parts.path != "/item":
        return None
    item = (parse_qs(parts.query).get("id") or [""])[0]
    if not re.fullmatch(r"\d+", item):
        return None
    base = (api or ALGOLIA).rstrip("/")
    address = f"https://news.ycombinator.com/item?id={item}"
    return Target("hackernews", "news.ycombinator.com", address, base, item, item)


def read(target: Target) -> Steps:
    """Ask for an item and what is below it."""
    if target.base.endswith("/v0"):
        return (yield from _read_items(target))
    answer = yield Ask(f"{target.base}/items/{target.name}")
    item = answer.read_object()
    times = [one.get("created_at_i") for one in _walk(item)]
    return Found(read_time(item.get("created_at_i")), find_latest(times[1:]))


def _walk(item: dict[str, Any]) -> Iterator[dict[str, Any]]:
    stack = [item]
    while stack:
        one = stack.pop()
        yield one
        stack += as_objects(one.get("children"))


def _read_items(target: Target) -> Steps:
    """Ask Firebase for an item, then for its kids, level by level."""
    waiting = [target.name]
    times: list[object] = []
    seen: set[str] = set()
    while waiting and len(seen) < ITEMS_MAX:
        name = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        item = (yield Ask(f"{target.base}/item/{name}.json")).read_json()
        if not isinstance(item, dict):
            if name == target.name:
                # An item that never was is `null`.
                raise Gone(404)
            continue
        times.append(item.get("time"))
        kids = item.get("kids")
        waiting += (
            [str(kid) for kid in kids if isinstance(kid, int)] if isinstance(kids, list) else []
        )
    return Found(read_time(times[0]), find_latest(times[1:]))


SITE = Site("hackernews", recognise, read, "an item (https://news.ycombinator.com/item?id=1)")
