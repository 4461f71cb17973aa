"""Mastodon and what answers like it: a status's context, and the statuses of an account.

After https://docs.joinmastodon.org/methods/statuses and /methods/accounts. Who isn't signed in gets at most 40 statuses
above and 60 below, 20 deep.
"""

import re
from datetime import datetime
from typing import Any
from urllib.parse import SplitResult, quote

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
    get_object,
    read_text,
    read_time,
    split_host,
    write_base,
)

_STATUS = re.compile(r"/(?:@[^/]+|users/[^/]+/statuses|notice)/(?P<id>\w+)/?")
_ACCOUNT = re.compile(r"/@(?P<name>[^/]+)/?")
PAGE_SIZE = 40


def recognise(parts: SplitResult, api: str | None, is_named: bool) -> Target | None:
    """Return the status or account of an address."""
    site, base = split_host(parts), write_base(parts, api)
    address = write_base(parts, None, parts.path)
    if found := _STATUS.fullmatch(parts.path):
        own = found["id"]
        return Target("mastodon", site, address, base, own, f"{site}/{own}")
    found = _ACCOUNT.fullmatch(parts.path) if is_named else None
    return found and Target("mastodon", site, address, base, found["name"], is_listing=True)


def read(target: Target) -> Steps:
    """Ask for a status, then for what is above and below it."""
    start = f"{target.base}/api/v1/statuses/{quote(target.name)}"
    answer = yield Ask(start, is_page=False)
    status = answer.read_object()
    if status.get("in_reply_to_id"):
        # Its context lacks it, and other statuses there answer it.
        yield Ask(start)
    context = (yield Ask(f"{start}/context")).read_object()
    account = get_object(status, "account")
    return Found(
        read_time(status.get("created_at")),
        find_latest(one.get("created_at") for one in as_objects(context.get("descendants"))),
        host=None
        if status.get("in_reply_to_id")
        else read_text(account.get("display_name")) or read_text(account.get("acct")),
    )


def list_threads(target: Target, since: datetime) -> ListSteps:
    """Ask for the statuses of an account that answer none and are no boosts, the latest first."""
    start = f"{target.base}/api/v1/accounts"
    query = f"acct={quote(target.name)}"
    account = (yield Ask(f"{start}/lookup?{query}", is_page=False)).read_object()
    own_id = read_text(account.get("id"))
    if own_id is None:
        raise Broken("the account has no id")
    listed: list[Listed] = []
    query = f"exclude_replies=true&exclude_reblogs=true&limit={PAGE_SIZE}"
    last = ""
    for _ in range(LISTING_PAGES_MAX):
        more = f"&max_id={quote(last)}" if last else ""
        address = f"{start}/{quote(own_id)}/statuses?{query}{more}"
        statuses = (yield Ask(address, is_page=False)).read_list()
        found = [_list_status(target, one) for one in statuses if read_text(one.get("id"))]
        listed += [one for one in found if one.began_since(since)]
        is_over = not all(one.began_since(since) for one in found)
        if is_over or not found or found[-1].target.name == last:
            break
        last = found[-1].target.name
    return listed


def _list_status(target: Target, status: dict[str, Any]) -> Listed:
    own = str(status["id"])
    thread = target._replace(
        address=f"{target.address.rstrip('/')}/{own}",
        name=own,
        stem=f"{target.site}/{own}",
        is_listing=False,
    )
    return Listed(thread, read_time(status.get("created_at")))


SITE = Site(
    "mastodon",
    recognise,
    read,
    "a status (/@name/1) or an account (/@name)",
    list_threads,
)
