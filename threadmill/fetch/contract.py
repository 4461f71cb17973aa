"""What the modules of `sites` agree on: addresses, requests and answers. None of them sends anything itself."""

import json
from collections.abc import Callable, Generator, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import SplitResult

from threadmill.errors import ThreadmillError


class Broken(ThreadmillError):  # noqa: N818 # names what the answer is
    """An answer isn't what the site's API documents; the text says what it is."""


class Gone(ThreadmillError):  # noqa: N818 # names what happened to the thread
    """The site says that there is no such thread, by a status or in words."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the site answers {status}")
        self.status = status


class Target(NamedTuple):
    """A thread, or a listing of threads, by its address."""

    platform: str
    site: str
    """Host of the address, with its port if that isn't the usual one."""
    address: str
    """As people open it, in one way of writing; a capture's sidecar has it as `url`."""
    base: str
    """Address of the API, without a slash at its end."""
    name: str
    """What the API calls it: an id, a slug, the name of a category."""
    stem: str = ""
    """Path of its captures below the platform's folder, up to the `@`; empty for a listing."""
    is_listing: bool = False


class Ask(NamedTuple):
    """A request: GET `url`."""

    url: str
    is_page: bool = True
    """Whether the answer is part of the capture; others only tell where to go on."""
    taken: tuple[int, ...] = ()
    """Statuses besides 200 that the module looks at itself."""
    secret: tuple[str, str] | None = None
    """A parameter for the query and the environment variable with its value, which stands in no file and no message."""
    wait_s: float = 0
    """What the site asked to wait before it."""


class Answer(NamedTuple):
    """What a site answered."""

    status: int
    content: bytes
    headers: Mapping[str, str]
    """By names in small letters."""

    def read_json(self) -> Any:
        """Return the answer as JSON.

        Raises:
            Broken: it isn't JSON.
        """
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError):
            kind = self.headers.get("content-type", "of no kind").partition(";")[0]
            raise Broken(f"the answer isn't JSON ({kind}, {len(self.content):,} bytes)") from None

    def read_object(self) -> dict[str, Any]:
        """Return the answer, a JSON object; as `read_json`."""
        found = self.read_json()
        if not isinstance(found, dict):
            raise Broken("the answer is no JSON object")
        return found

    def read_list(self) -> list[dict[str, Any]]:
        """Return the objects of the answer, a JSON list; as `read_json`."""
        found = self.read_json()
        if not isinstance(found, list):
            raise Broken("the answer is no JSON list")
        return as_objects(found)


class Found(NamedTuple):
    """What was found of a thread besides the bytes; null where the answers don't say."""

    published_at: datetime | None = None
    last_comment_at: datetime | None = None
    title: str | None = None
    host: str | None = None
    is_empty: bool = False
    """The answers hold no comment, and a source could tell nothing from them."""
    wait_s: float = 0
    """What the site asked to wait before it is asked again."""


class Listed(NamedTuple):
    """A thread in a listing."""

    target: Target
    published_at: datetime | None = None

    def began_since(self, since: datetime) -> bool:
        """Return whether it began at `since` or later, as far as the listing says."""
        return self.published_at is None or self.published_at >= since


Steps = Generator[Ask, Answer, Found]
"""Yields requests, gets their answers and returns what was found."""
ListSteps = Generator[Ask, Answer, list[Listed]]


class Site(NamedTuple):
    """What a module of `sites` offers."""

    platform: str
    recognise: Callable[[SplitResult, str | None, bool], Target | None]
    """Gets an address, that of the API if another than usual is named, and whether the platform was named too; returns
    None if it is no address of the platform."""
    read: Callable[[Target], Steps]
    addresses: str
    """Which addresses it takes, for messages."""
    list_threads: Callable[[Target, datetime], ListSteps] | None = None
    """Lists the threads that began at or after a time."""


LISTING_PAGES_MAX = 100
"""A listing is read no further, whatever it says of a next page."""
PAGES_MAX = 1_000
"""Nor is a thread."""


def split_host(parts: SplitResult) -> str:
    """Return the host of an address as files are named: with its port, if it says one."""
    host = (parts.hostname or "").removeprefix("www.")
    return f"{host}-{parts.port}" if parts.port else host


def write_base(parts: SplitResult, api: str | None = None, prefix: str = "") -> str:
    """Return the address of a site's API, which is on the site itself unless `api` says where."""
    return (api or f"{parts.scheme}://{parts.netloc}{prefix}").rstrip("/")


def as_objects(value: object) -> list[dict[str, Any]]:
    """Return the objects in `value` if that is a list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def get_object(value: dict[str, Any], *keys: str) -> dict[str, Any]:
    """Return the object that `keys` lead to, one below the other; an empty one if there is none."""
    for key in keys:
        inner = value.get(key)
        value = inner if isinstance(inner, dict) else {}
    return value


def read_time(value: object) -> datetime | None:
    """Return a time that an API writes in ISO 8601, in UTC if it names no zone, or as seconds since 1970."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
        if isinstance(value, str):
            moment = datetime.fromisoformat(value)
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        pass
    return None


def find_latest(values: Iterable[object]) -> datetime | None:
    """Return the latest of times as `read_time` takes them; None if there is none."""
    return max((one for one in map(read_time, values) if one), default=None)


def read_text(value: object) -> str | None:
    """Return `value` if it is text that isn't blank."""
    return value.strip() if isinstance(value, str) and value.strip() else None
