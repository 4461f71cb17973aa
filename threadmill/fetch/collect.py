"""One fetch: what is due is asked for, host by host, and kept if it changed."""

import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple, Self
from urllib.parse import urlsplit

from threadmill.fetch import captures, journal
from threadmill.fetch.client import NOT_MODIFIED, Client, HostFailed, Manners, Refused
from threadmill.fetch.contract import (
    Answer,
    Ask,
    Broken,
    Found,
    Gone,
    Listed,
    ListSteps,
    Steps,
    Target,
)
from threadmill.fetch.journal import Fetch, Known
from threadmill.fetch.sites import SITES
from threadmill.fetch.watch import Entry

HOSTS_AT_ONCE = 4
GONE = (404, 410)
GONE_FOR_GOOD = 410
_UNEXPECTED = (TypeError, ValueError, KeyError, AttributeError, IndexError, RecursionError)
"""What code raises that gets a list where an API documents a number."""
SOONER_SHARE = 0.1
SOONER_MAX = timedelta(hours=1)
"""What is due that little later is due now: a nightly run doesn't start at the same second each night."""


class Place(NamedTuple):
    """Where a fetch keeps what it gets, and what it was told before."""

    raw: Path
    known: Mapping[tuple[str, str], Known]
    holds: Mapping[str, datetime]
    is_erased: Callable[[Target], bool]
    """Whether a thread was erased: it isn't asked for."""
    only: Collection[str]
    """Addresses of entries that are asked for whether they are due or not; of no others then. Empty for what is due."""
    now: Callable[[], datetime]


class Result(NamedTuple):
    """What a fetch did."""

    fetches: list[Fetch]
    waiting: dict[str, int]
    """How many entries of a host were left for the next fetch, because the host failed or wants to be left alone."""
    entry_count: int
    due_count: int


def read_clock() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


def open_place(
    raw: Path,
    is_erased: Callable[[Target], bool] = lambda _target: False,
    only: Collection[str] = (),
    now: Callable[[], datetime] = read_clock,
) -> Place:
    """Return the place for a fetch into the raw folder `raw`."""
    fetches = journal.read_journal(raw)
    known, holds = journal.sum_up(fetches), journal.find_holds(fetches)
    return Place(raw, known, holds, is_erased, frozenset(only), now)


def collect(
    place: Place,
    entries: Sequence[Entry],
    manners: Manners,
    note: Callable[[Fetch], None] = lambda _fetch: None,
) -> Result:
    """Ask for what is due of `entries`, several hosts at once and each of them one request at a time.

    `note` gets each fetch when it is done. Ctrl-C ends it between two requests; what is written is whole.
    """
    due = [one for one in entries if is_due(place, one)]
    hosts: dict[str, list[Entry]] = {}
    for entry in due:
        hosts.setdefault(_name_host(entry.target), []).append(entry)
    stop = threading.Event()
    lock = threading.Lock()

    def keep(fetch: Fetch) -> None:
        with lock:
            journal.add_fetch(place.raw, fetch)
            note(fetch)

    def work(host: str) -> tuple[list[Fetch], int]:
        with closing(Client(manners, stop)) as client:
            return _Host(place, client, keep, host).fetch_all(hosts[host])

    with ThreadPoolExecutor(HOSTS_AT_ONCE) as pool:
        try:
            done = list(pool.map(work, hosts))
        except BaseException:
            stop.set()
            raise
    fetches = [one for some, _ in done for one in some]
    waiting = {host: left for host, (_, left) in zip(hosts, done, strict=True) if left}
    return Result(fetches, waiting, len(entries), len(due))


def _name_host(target: Target) -> str:
    """Return the host that is asked, with its port."""
    return urlsplit(target.base).netloc.lower()


def is_due(place: Place, entry: Entry) -> bool:
    """Return whether an entry is asked for now."""
    if place.only:
        return entry.target.address in place.only
    if entry.target.is_listing:
        known = place.known.get((entry.target.platform, entry.target.address))
        # Its threads have their own times, so that it is read whenever one of them may be due.
        return known is None or _is_time(known, entry.every, place.now())
    return is_thread_due(place, entry, Listed(entry.target))


def is_thread_due(place: Place, entry: Entry, listed: Listed) -> bool:
    """Return whether a thread of an entry is asked for now."""
    if place.is_erased(listed.target):
        return False
    known = place.known.get((listed.target.platform, listed.target.stem))
    if known is None or (place.only and not entry.target.is_listing):
        return True
    now = place.now()
    return not has_ended(entry, known, listed.published_at, now) and (
        bool(place.only) or _is_time(known, entry.every, now)
    )


def has_ended(entry: Entry, known: Known, published_at: datetime | None, now: datetime) -> bool:
    """Return whether a thread that was asked for before is asked for no more."""
    if known.status == GONE_FOR_GOOD:
        return True
    if entry.lasts is None:
        return False
    start = published_at or known.published_at or known.first_at
    if entry.is_until_quiet:
        start = max(start, known.last_comment_at or start)
    return start + entry.lasts < now


def _is_time(known: Known, every: timedelta, now: datetime) -> bool:
    sooner = min(every * SOONER_SHARE, SOONER_MAX)
    return known.outcome == journal.FAILED or known.last_at + every - sooner <= now


class _Host:
    """What is asked of one host, one after the other."""

    def __init__(
        self, place: Place, client: Client, keep: Callable[[Fetch], None], host: str
    ) -> None:
        self.place = place
        self.client = client
        self.keep = keep
        self.host = host
        self.fetches: list[Fetch] = []
        self.index: captures.Index = {}
        self.done: set[tuple[str, str]] = set()

    def fetch_all(self, entries: list[Entry]) -> tuple[list[Fetch], int]:
        """Return what came of `entries`, and how many are left for later."""
        hold = self.place.holds.get(self.host)
        if hold and hold > self.place.now():
            return [], len(entries)
        for number, entry in enumerate(entries):
            try:
                for listed in self._list(entry):
                    key = (listed.target.platform, listed.target.stem)
                    if key not in self.done:
                        self.done.add(key)
                        self._fetch(listed)
            except HostFailed:
                return self.fetches, len(entries) - number - 1
        return self.fetches, 0

    def _list(self, entry: Entry) -> Iterator[Listed]:
        """Yield the threads of an entry that are asked for."""
        if not entry.target.is_listing:
            yield Listed(entry.target)
            return
        list_threads = SITES[entry.target.platform].list_threads
        assert list_threads is not None  # noqa: S101 # for mypy: `watch` refuses others
        since = entry.begin_listing(self.place.now())
        listed: list[Listed] = []
        with _Timed(self, entry.target) as timed:
            walked = _walk(self.client, list_threads(entry.target, since), {})
            listed = walked.listed
            timed.end(journal.LISTED, status=captures.OK)
        yield from (one for one in listed if is_thread_due(self.place, entry, one))

    def _fetch(self, listed: Listed) -> None:
        """Ask for a thread and keep it if it changed."""
        target, raw = listed.target, self.place.raw
        last = captures.find_last(raw, target, self.index)
        with _Timed(self, target, listed.published_at) as timed:
            validators = {"If-None-Match": last.etag} if last.etag else {}
            try:
                walked = _walk(self.client, SITES[target.platform].read(target), validators)
            except Gone as gone:
                is_news = last.status != gone.status
                path = captures.write_gone(raw, target, timed.at, gone.status) if is_news else None
                timed.end(journal.GONE, status=gone.status, path=path)
                return
            found = walked.found
            if found is None:
                timed.end(journal.UNCHANGED, status=NOT_MODIFIED)
                return
            timed.found = found
            content = captures.join_pages(walked.pages)
            size = len(content)
            if found.is_empty:
                timed.end(journal.EMPTY, status=captures.OK, byte_count=size)
            elif captures.is_same(last, content):
                timed.end(journal.UNCHANGED, status=captures.OK, byte_count=size)
            else:
                etag = walked.etag if len(walked.pages) == 1 else None
                path = captures.write_capture(raw, target, timed.at, content, found, etag)
                timed.end(journal.CAPTURED, status=captures.OK, path=path, byte_count=size)
        if timed.found.wait_s:
            self.client.wait_as_asked(self.host, timed.found.wait_s)


class _Timed:
    """Makes the line of the journal for one thread or listing, also where it fails."""

    def __init__(self, host: _Host, target: Target, published_at: datetime | None = None) -> None:
        self.host = host
        self.target = target
        self.published_at = published_at
        self.found = Found()
        self.at = host.place.now()
        self.began = time.monotonic()
        self.count = host.client.request_count

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        """Keep what failed; only a failing host goes on to the caller."""
        if isinstance(error, Refused | Broken):
            outcome = journal.REFUSED if isinstance(error, Refused) else journal.FAILED
            self.end(outcome, reason=str(error))
            return True
        if isinstance(error, Gone):
            self.end(journal.GONE, status=error.status)
            return True
        if isinstance(error, HostFailed):
            hold = timedelta(seconds=error.wait_s)
            self.end(
                journal.FAILED,
                status=error.status,
                reason=str(error),
                hold_until=self.host.place.now() + hold if error.wait_s else None,
            )
        return False

    def end(
        self,
        outcome: str,
        *,
        status: int | None = None,
        path: str | None = None,
        byte_count: int = 0,
        reason: str | None = None,
        hold_until: datetime | None = None,
    ) -> None:
        """Keep the line."""
        fetch = Fetch(
            self.at,
            self.target.platform,
            self.target.site,
            self.host.host,
            self.target.address,
            self.target.stem,
            outcome,
            status,
            path,
            byte_count,
            self.host.client.request_count - self.count,
            round(time.monotonic() - self.began, 3),
            reason,
            self.found.published_at or self.published_at,
            self.found.last_comment_at,
            hold_until,
        )
        self.host.fetches.append(fetch)
        self.host.keep(fetch)


class _Walked(NamedTuple):
    pages: list[bytes]
    etag: str | None
    found: Found | None
    """None if nothing has changed."""
    listed: list[Listed]


def _walk(client: Client, steps: Steps | ListSteps, validators: Mapping[str, str]) -> _Walked:
    """Return what the answers to all requests of `steps` hold.

    Raises:
        Gone: a request was answered by 404 or 410.
        Refused: by another status that isn't 200, or the pages are too large together.
    """
    pages: list[bytes] = []
    etag = None
    try:
        ask: Ask = next(steps)
        while True:
            asked = validators if ask.is_page and not pages else {}
            answer = client.ask(ask, asked)
            if asked and answer.status == NOT_MODIFIED:
                return _Walked([], None, None, [])
            _refuse_status(ask, answer)
            if ask.is_page and answer.status == captures.OK:
                # What is cut off must not be kept.
                answer.read_json()
                etag = etag or answer.headers.get("etag")
                pages.append(answer.content)
                if sum(map(len, pages)) > client.manners.max_bytes:
                    host = urlsplit(ask.url).hostname
                    raise Refused(f"{host}: pages of more than {client.manners.max_bytes:,} bytes")
            ask = _go_on(steps, answer)
    except StopIteration as end:
        if isinstance(end.value, Found):
            return _Walked(pages, etag, end.value, [])
        return _Walked(pages, etag, None, end.value)
    finally:
        steps.close()


def _go_on(steps: Steps | ListSteps, answer: Answer) -> Ask:
    """Return what to ask next; what no API documents must not end the fetch of other sites.

    Raises:
        StopIteration: there is nothing more to ask.
        Broken: the answer has values where none are expected.
    """
    try:
        return steps.send(answer)
    except _UNEXPECTED as error:
        raise Broken(f"the answer isn't as documented ({type(error).__name__})") from error


def _refuse_status(ask: Ask, answer: Answer) -> None:
    if answer.status == captures.OK or answer.status in ask.taken:
        return
    if answer.status in GONE:
        raise Gone(answer.status)
    raise Refused(f"{urlsplit(ask.url).hostname}: answers {answer.status}")


def show_first(place: Place, entries: Sequence[Entry]) -> Iterator[tuple[Entry, str]]:
    """Yield what is due of `entries` and the first request that would be made for each; nothing is sent."""
    for entry in entries:
        if not is_due(place, entry):
            continue
        site = SITES[entry.target.platform]
        steps: Steps | ListSteps = site.read(entry.target)
        if entry.target.is_listing and site.list_threads:
            steps = site.list_threads(entry.target, entry.begin_listing(place.now()))
        yield entry, next(steps).url
        steps.close()
