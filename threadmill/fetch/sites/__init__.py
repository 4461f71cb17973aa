"""The platforms whose JSON is open: a module each, which knows addresses and paging, and its line in `SITES`."""

from urllib.parse import SplitResult, urlsplit

from threadmill.errors import Mistake
from threadmill.fetch.contract import Site, Target
from threadmill.fetch.sites import (
    bluesky,
    discourse,
    hackernews,
    lemmy,
    mastodon,
    stackexchange,
    substack,
    wordpress,
)
from threadmill.wording import did_you_mean

SITES: dict[str, Site] = {
    module.SITE.platform: module.SITE
    for module in (
        hackernews,
        stackexchange,
        bluesky,
        substack,
        discourse,
        mastodon,
        lemmy,
        wordpress,
    )
}
"""By platform; those with hosts of their own come first."""


def name_target(
    address: str, platform: str | None = None, api: str | None = None, place: str = "address"
) -> Target:
    """Return which thread or listing `address` is; it may tell its platform.

    Raises:
        ValueError: it is no address on the web, the platform isn't known or not told, or the platform has no such
            addresses; names `place`.
    """
    parts = split_address(address, place)
    if api:
        split_address(api, f"{place}, api")
    if platform and platform not in SITES:
        hint = did_you_mean(platform, SITES, f"there are {', '.join(sorted(SITES))}")
        raise Mistake(f'{place}: platform "{platform}" is not fetched; {hint}')
    for site in [SITES[platform]] if platform else SITES.values():
        if target := site.recognise(parts, api, bool(platform)):
            # One way of writing: entries are compared by it.
            return target._replace(address=target.address.partition("#")[0].rstrip("/"))
    if platform:
        raise Mistake(
            f"{place}: {address} isn't an address of {platform}; it takes {SITES[platform].addresses}"
        )
    names = ", ".join(sorted(SITES))
    raise Mistake(
        f"{place}: {address} doesn't tell its platform; say which it is: {names} (threadmill help fetching)"
    )


def split_address(address: str, place: str) -> SplitResult:
    """Return the parts of `address`, which must be one on the web, without a name and password in it.

    Raises:
        ValueError: it isn't; names `place`, and not the address if that has a password.
    """
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        raise Mistake(f"{place}: {address} isn't an address") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Mistake(f"{place}: {address} isn't an address; one starts with https:// and a host")
    if "@" in parts.netloc:
        raise Mistake(f"{place}: has a name or password before the host; leave it out")
    return parts
