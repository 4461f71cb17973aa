"""Discourse: `/t/ID.json`, with `print=true` a thousand posts a page, else twenty; listings of a forum or a category.

After `app/controllers/topics_controller.rb`, `lib/topic_view.rb` and `list_controller.rb` of `discourse/discourse`.
Forums limit how often topics are printed, and may forbid it; pages of twenty are the way out.
"""

import math
import re
from datetime import datetime
from typing import Any
from urllib.parse import SplitResult

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
    get_object,
    read_text,
    read_time,
    split_host,
    write_base,
)

_TOPIC = re.compile(r"(?P<prefix>.*?)/t/(?:[^/]*[^/\d][^/]*/)?(?P<id>\d+)(?:/\d+)?/?")
_CATEGORY = re.compile(r"(?P<prefix>.*?)/c/(?P<name>(?:[^/]+/)+\d+)(?:/l/latest)?/?")
_FORUM = re.compile(r"(?P<prefix>.*?)(?:/latest)?/?")
CHUNK_SIZE = 20
"""Posts on a page, where an answer doesn't say it."""
NO_PRINT = (403, 422)
"""How a forum refuses to print a topic: never, or not so often."""


def recognise(parts: SplitResult, api: str | None, is_named: bool) -> Target | None:
    """Return the topic, category or forum of an address."""
    if found := _TOPIC.fullmatch(parts.path):
        return _name_topic(parts, api, found["prefix"], found["id"])
    found = _CATEGORY.fullmatch(parts.path)
    name = f"c/{found['name']}/l/latest" if found else "latest"
    if not found and is_named:
        found = _FORUM.fullmatch(parts.path)
    if not found:
        return None
    base = write_base(parts, api, found["prefix"])
    return Target("discourse", split_host(parts), parts.geturl(), base, name, is_listing=True)


def _name_topic(parts: SplitResult, api: str | None, prefix: str, topic_id: str) -> Target:
    site = split_host(parts)
    address = f"{write_base(parts, None, prefix)}/t/{topic_id}"
    base = write_base(parts, api, prefix)
    return Target("discourse", site, address, base, topic_id, f"{site}/{topic_id}")


def read(target: Target) -> Steps:
    """Ask for all pages of a topic."""
    address = f"{target.base}/t/{target.name}.json"
    answer = yield Ask(f"{address}?print=true", taken=NO_PRINT)
    query = "print=true&"
    if answer.status in NO_PRINT:
        answer = yield Ask(address)
        query = ""
    topic = answer.read_object()
    stream = get_object(topic, "post_stream").get("stream")
    size = topic.get("chunk_size")
    size = size if isinstance(size, int) and size > 0 else CHUNK_SIZE
    count = math.ceil(len(stream) / size) if isinstance(stream, list) else 1
    for page in range(2, min(count, PAGES_MAX) + 1):
        yield Ask(f"{address}?{query}page={page}")
    return Found(
        published_at=read_time(topic.get("created_at")),
        last_comment_at=read_time(topic.get("last_posted_at")),
    )


def list_threads(target: Target, since: datetime) -> ListSteps:
    """Ask for the topics of a listing, which stand by their last post, pinned ones first."""
    listed: list[Listed] = []
    base = target.base
    for page in range(LISTING_PAGES_MAX):
        answer = yield Ask(f"{base}/{target.name}.json?page={page}", is_page=False)
        found = get_object(answer.read_object(), "topic_list")
        topics = as_objects(found.get("topics"))
        listed += [
            one
            for topic in topics
            if (one := _list_topic(target, topic)) and one.began_since(since)
        ]
        moved = (read_time(one.get("bumped_at")) for one in topics if not one.get("pinned"))
        is_over = any(at is not None and at < since for at in moved)
        if is_over or not topics or not read_text(found.get("more_topics_url")):
            break
    return listed


def _list_topic(target: Target, topic: dict[str, Any]) -> Listed | None:
    topic_id = topic.get("id")
    if not isinstance(topic_id, int):
        return None
    site = target.site
    prefix, mark, _ = target.address.partition("/c/")
    start = prefix if mark else target.address.rstrip("/").removesuffix("/latest")
    address = f"{start.rstrip('/')}/t/{topic_id}"
    own = Target("discourse", site, address, target.base, str(topic_id), f"{site}/{topic_id}")
    return Listed(own, read_time(topic.get("created_at")))


SITE = Site(
    "discourse",
    recognise,
    read,
    "a topic (/t/slug/1), a category (/c/slug/1) or a forum's own address",
    list_threads,
)
