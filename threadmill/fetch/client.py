"""Ask one host politely: robots.txt and Retry-After obeyed, a pause before each request, limits of size and time.

It sends to addresses it has looked at (`public`), follows redirects only within the host, keeps no cookies, and uses no
proxy. httpx's transport alone is used: its client would log addresses with their queries.
"""

import contextlib
import email.utils
import os
import threading
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple, NoReturn
from urllib.parse import quote

import httpx

from threadmill.errors import ThreadmillError
from threadmill.fetch import public
from threadmill.fetch.contract import Answer, Ask
from threadmill.wording import counted

ROBOT = "threadmill"
"""What robots.txt calls us."""
ROBOTS_MAX_BYTES = 500 * 1024
"""What RFC 9309 asks a crawler to read at least."""
REDIRECTS_MAX = 5
WAIT_MAX_S = 30 * 86_400.0
"""A host that asks to be left alone for longer is asked again after this."""
RETRIED = (408, 429, 500, 502, 503, 504)
"""Statuses that may be over soon."""
REDIRECTS = (301, 302, 303, 307, 308)
NOT_MODIFIED = 304
_TOO_MANY = 429


class Refused(ThreadmillError):  # noqa: N818 # names what happened
    """The request was not made, or its answer not taken, by a rule; others to the same host may go well."""


class HostFailed(ThreadmillError):  # noqa: N818 # names what happened
    """The host doesn't answer as it should; it is asked no more in this fetch."""

    def __init__(self, reason: str, status: int | None = None, wait_s: float = 0) -> None:
        super().__init__(reason)
        self.status = status
        self.wait_s = wait_s
        """After how many seconds it may be asked again, as far as it said so."""


class Stopped(ThreadmillError):  # noqa: N818 # names what happened
    """Whoever started the fetch wants it to end."""


class Manners(NamedTuple):
    """How politely hosts are asked. Commands take the defaults, or settings that can only be more polite.

    A caller in Python may give others, as tests do with servers of their own.
    """

    agent: str
    """The User-Agent: the project and whom to write to."""
    delay_s: float = 2.0
    """Pause between two requests to a host; longer where robots.txt has a `Crawl-delay`."""
    backoff_s: float = 5.0
    """Pause before the second try of a request that failed; twice as long before each further one."""
    tries: int = 4
    patience_s: float = 120.0
    """A `Retry-After` up to this is waited for; with a longer one the host is left alone until then."""
    connect_s: float = 20.0
    idle_s: float = 30.0
    """How long an answer may pause."""
    total_s: float = 300.0
    """How long an answer may take."""
    max_bytes: int = 64 * 2**20
    """Of an answer, unpacked, and of all pages of a capture together."""
    private_hosts: frozenset[str] = frozenset()
    """Hosts that may be in one's own network."""


class Client:
    """Asks one host, one request at a time. Not for several threads."""

    def __init__(self, manners: Manners, stop: threading.Event | None = None) -> None:
        self.manners = manners
        self.request_count = 0
        self._stop = stop or threading.Event()
        self._next_at = 0.0
        self._robots: dict[str, Any] = {}
        self._delay_s = manners.delay_s
        self._transport: httpx.HTTPTransport | None = None

    def close(self) -> None:
        """Close its connections."""
        if self._transport:
            self._transport.close()

    def ask(self, ask: Ask, validators: Mapping[str, str] | None = None) -> Answer:
        """Return the answer to `ask`, sent with `validators`, headers that ask whether something has changed.

        Raises:
            Refused: robots.txt disallows it, it leads out of the host, or the answer is too large or too slow.
            HostFailed: the host can't be reached, or answers with errors after some tries.
            Stopped: as asked for.
        """
        url = httpx.URL(ask.url)
        self.wait_as_asked(url.host, ask.wait_s)
        self._obey_robots(url)
        return self._follow(url, ask.secret, validators or {}, self.manners.max_bytes)

    def wait_as_asked(self, host: str, seconds: float, status: int | None = None) -> None:
        """Let the next request wait as long as the host asks for.

        Raises:
            HostFailed: that is too long for now.
        """
        if seconds > self.manners.patience_s:
            wait_s = min(seconds, WAIT_MAX_S)
            answered = f"answers {status}, and asks" if status else "asks"
            raise HostFailed(f"{host}: {answered} to wait {wait_s:,.0f} s", status, wait_s)
        self.hold(seconds)

    def hold(self, seconds: float) -> None:
        """Let the next request wait `seconds` from now, or longer if it would anyway."""
        self._next_at = max(self._next_at, time.monotonic() + seconds if seconds else 0.0)

    # robots.txt, after RFC 9309.

    def _obey_robots(self, url: httpx.URL) -> None:
        origin = f"{url.scheme}://{url.netloc.decode()}"
        if origin not in self._robots:
            self._robots[origin] = self._read_robots(origin)
        rules = self._robots[origin]
        if rules and not rules.can_fetch(str(url), ROBOT):
            raise Refused(f"{url.host}: its robots.txt disallows {url.path}")

    def _read_robots(self, origin: str) -> Any:
        """Return the rules of robots.txt; None if there is none."""
        from protego import Protego

        answer = self._follow(httpx.URL(f"{origin}/robots.txt"), None, {}, ROBOTS_MAX_BYTES)
        if answer.status != 200:
            return None
        rules = Protego.parse(answer.content.decode("utf-8", "replace"))
        asked_s = float(rules.crawl_delay(ROBOT) or 0)
        if asked_s > self.manners.patience_s:
            host = httpx.URL(origin).host
            raise Refused(f"{host}: its robots.txt asks for {asked_s:,.0f} s between two requests")
        self._delay_s = max(self._delay_s, asked_s)
        self.hold(self._delay_s)
        return rules

    # One request, with what follows from its answer.

    def _follow(
        self,
        url: httpx.URL,
        secret: tuple[str, str] | None,
        validators: Mapping[str, str],
        max_bytes: int,
    ) -> Answer:
        """Return the answer to a request, after redirects within its host."""
        for _ in range(REDIRECTS_MAX + 1):
            answer = self._try(url, secret, validators, max_bytes)
            if answer.status not in REDIRECTS:
                return answer
            url = _redirect(url, answer.headers.get("location", ""))
            # Wherever it leads is the host's own choice, not ours.
            secret = None
        raise Refused(f"{url.host}: more than {REDIRECTS_MAX} redirects")

    def _try(
        self,
        url: httpx.URL,
        secret: tuple[str, str] | None,
        validators: Mapping[str, str],
        max_bytes: int,
    ) -> Answer:
        """Return the answer to one request, after some tries if the host or the way there fails."""
        pause_s = self.manners.backoff_s
        for number in range(1, self.manners.tries + 1):
            is_last = number == self.manners.tries
            try:
                answer = self._send(url, secret, validators, max_bytes)
            except httpx.RequestError as error:
                if is_last:
                    self._fail(url, _explain(error), number)
            else:
                if answer.status not in RETRIED:
                    return answer
                asked_s = _read_retry_after(answer.headers.get("retry-after"))
                self.wait_as_asked(url.host, asked_s or 0.0, answer.status)
                if is_last:
                    self._fail(url, f"answers {answer.status}", number, answer.status)
                pause_s = max(pause_s, asked_s or 0.0)
            self.hold(pause_s)
            pause_s *= 2
        raise AssertionError("the last try returns or raises")

    def _fail(self, url: httpx.URL, reason: str, count: int, status: int | None = None) -> NoReturn:
        raise HostFailed(f"{url.host}: {reason} ({counted(count, 'try', 'tries')})", status)

    def _send(
        self,
        url: httpx.URL,
        secret: tuple[str, str] | None,
        validators: Mapping[str, str],
        max_bytes: int,
    ) -> Answer:
        """Send one request to an address of the host that was looked at, and read the answer."""
        host = url.raw_host.decode()
        port = url.port or (443 if url.scheme == "https" else 80)
        try:
            addresses = public.find_addresses(host, port, self.manners.private_hosts)
        except public.NotPublic as error:
            raise Refused(str(error)) from None
        except OSError:
            raise httpx.ConnectError(f"the name {host} has no address") from None
        headers = {
            "Host": url.netloc.decode(),
            "User-Agent": self.manners.agent,
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
        } | dict(validators)
        limits = self.manners
        timeout = {
            "connect": limits.connect_s,
            "read": limits.idle_s,
            "write": limits.idle_s,
            "pool": limits.connect_s,
        }
        whole = _add_secret(url, secret)
        self._wait()
        failed: httpx.ConnectError | httpx.ConnectTimeout | None = None
        for address in addresses:
            request = httpx.Request(
                "GET",
                whole.copy_with(host=address),
                headers=headers,
                extensions={"timeout": timeout, "sni_hostname": host},
            )
            self.request_count += 1
            try:
                response = self._open_transport().handle_request(request)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failed = error
                continue
            with contextlib.closing(response):
                content = self._read(response, url, max_bytes)
            self.hold(self._delay_s)
            names = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status_code, content, names)
        self.hold(self._delay_s)
        raise failed or httpx.ConnectError(f"the name {host} has no address")

    def _read(self, response: httpx.Response, url: httpx.URL, max_bytes: int) -> bytes:
        """Return the unpacked body of an answer.

        Raises:
            Refused: it is too large, or takes too long.
            Stopped: as asked for.
        """
        parts: list[bytes] = []
        size = 0
        end = time.monotonic() + self.manners.total_s
        for part in _list_parts(response):
            size += len(part)
            if size > max_bytes:
                raise Refused(f"{url.host}: an answer of more than {max_bytes:,} bytes")
            if time.monotonic() > end:
                limit = f"{self.manners.total_s:g} s"
                raise Refused(f"{url.host}: an answer that took more than {limit}")
            if self._stop.is_set():
                raise Stopped("stopped")
            parts.append(part)
        return b"".join(parts)

    def _open_transport(self) -> httpx.HTTPTransport:
        if not self._transport:
            # The system's or SSL_CERT_FILE's certificates, as httpx takes them.
            self._transport = httpx.HTTPTransport(verify=httpx.create_ssl_context())
        return self._transport

    def _wait(self) -> None:
        if self._stop.wait(max(0.0, self._next_at - time.monotonic())):
            raise Stopped("stopped")


def _list_parts(response: httpx.Response) -> Iterator[bytes]:
    if response.status_code != NOT_MODIFIED:
        # As they come: put together first, slow ones would be looked at late.
        yield from response.iter_bytes()


def _add_secret(url: httpx.URL, secret: tuple[str, str] | None) -> httpx.URL:
    """Return `url` with the secret in its query, if the environment has one."""
    value = os.environ.get(secret[1], "") if secret else ""
    return httpx.URL(f"{url}&{secret[0]}={quote(value, safe='')}") if secret and value else url


def _redirect(url: httpx.URL, location: str) -> httpx.URL:
    """Return where a redirect leads.

    Raises:
        Refused: out of the host, to another port, or from https to http.
    """
    try:
        target = url.join(location)
    except httpx.InvalidURL:
        raise Refused(f"{url.host}: redirects to no address") from None
    is_safe = target.scheme == url.scheme or (url.scheme, target.scheme) == ("http", "https")
    # The usual ports are None, so that http to https on one host is the same.
    if not location or target.host != url.host or target.port != url.port or not is_safe:
        place = f"{target.scheme}://{target.netloc.decode('ascii', 'replace')}"
        raise Refused(
            f"{url.host}: redirects to {place}, which isn't the same host; if it has moved there, watch that address"
        )
    return target


def _read_retry_after(said: str | None) -> float | None:
    """Return how many seconds a `Retry-After` asks to wait, a number or a date; None if it can't be read."""
    if said is None:
        return None
    if said.strip().isdecimal():
        return float(said)
    try:
        moment = email.utils.parsedate_to_datetime(said)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


_EXPLAINED = (
    (httpx.ConnectTimeout, "can't be reached in time"),
    (httpx.ConnectError, "can't be reached"),
    (httpx.TimeoutException, "an answer that pauses for too long"),
    (httpx.DecodingError, "an answer that can't be unpacked"),
    (httpx.RemoteProtocolError, "an answer that is cut off or no HTTP"),
)


def _explain(error: httpx.RequestError) -> str:
    """Return what failed, without what the library says: that may quote addresses."""
    return next(
        (words for kind, words in _EXPLAINED if isinstance(error, kind)), "the connection broke"
    )
