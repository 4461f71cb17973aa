"""Fetch what is watched into the raw folder: with a lock, settings, and nothing of what was erased."""

import contextlib
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from pathlib import Path

import threadmill
from threadmill import settings
from threadmill.errors import Mistake
from threadmill.fetch import captures, collect, journal, watch
from threadmill.fetch.client import Manners
from threadmill.fetch.collect import Place, Result
from threadmill.fetch.contract import Target
from threadmill.fetch.journal import Fetch
from threadmill.fetch.watch import Entry
from threadmill.publish import locking
from threadmill.read.discover import Document
from threadmill.wording import did_you_mean


def read_manners() -> Manners:
    """Return how politely to fetch, as the settings say.

    Raises:
        ValueError: a setting can't be, or nobody to write to is set.
    """
    contact = settings.value("fetch_contact")
    if not contact:
        raise Mistake(
            f"{settings.FILE}: sets no fetch_contact; sites want to know whom to write to, so write "
            'fetch_contact = "you@example.org"'
        )
    return Manners(
        agent=f"threadmill/{threadmill.__version__} (+{contact})",
        delay_s=settings.value("fetch_delay"),
        max_bytes=settings.value("fetch_size") * 2**20,
        private_hosts=frozenset(settings.value("fetch_private") or ()),
    )


def fetch(
    raw: Path,
    manners: Manners | None = None,
    only: Collection[str] = (),
    note: Callable[[Fetch], None] = lambda _fetch: None,
    now: Callable[[], datetime] | None = None,
) -> Result:
    """Ask for all that is due of `data/watch.toml` beside `raw`, and keep what changed.

    Args:
        raw: the raw folder.
        manners: how politely; as the settings say if None.
        only: addresses, sites or platforms of entries: these are asked for now, and no others.
        note: gets each fetch when it is done.
        now: gives the time; the machine's clock if None.

    Raises:
        ValueError: `watch.toml` or a setting has a mistake, or `only` names no entry.
        threadmill.publish.Locked: another fetch is on.
    """
    manners = manners or read_manners()
    entries = watch.read_entries(watch.find_file(raw))
    with locking.lock(journal.make_folder(raw)):
        return collect.collect(open_place(raw, entries, only, now), entries, manners, note)


def open_place(
    raw: Path,
    entries: Collection[Entry],
    only: Collection[str] = (),
    now: Callable[[], datetime] | None = None,
) -> Place:
    """Return where to fetch to, and what not to ask for.

    Raises:
        ValueError: as `fetch`.
    """
    chosen = select(entries, only)
    place = collect.open_place(raw, make_check(raw), chosen)
    return place._replace(now=now) if now else place


def select(entries: Collection[Entry], only: Collection[str]) -> set[str]:
    """Return the addresses of the entries that `only` names by address, site or platform.

    Raises:
        ValueError: one of them names none.
    """
    chosen: set[str] = set()
    for one in only:
        found = {
            entry.target.address
            for entry in entries
            if one.rstrip("/").lower()
            in (
                entry.target.address.rstrip("/").lower(),
                entry.target.site,
                entry.target.platform,
            )
        }
        if not found:
            hint = did_you_mean(
                one,
                [entry.target.address for entry in entries],
                "`threadmill watch list` shows what is watched",
            )
            raise Mistake(f"--only: {one} is not watched; {hint}")
        chosen |= found
    return chosen


def make_check(raw: Path) -> Callable[[Target], bool]:
    """Return what tells whether a thread was erased.

    Raises:
        ValueError: something was erased, and its key isn't there.
    """
    # Polars, which a fetch needs for nothing else.
    from threadmill.privacy.erasures import read_stones

    if not read_stones(raw):
        return lambda _target: False
    from threadmill.privacy.tombstones import open_tombstones

    erased = open_tombstones(raw)

    def is_erased(target: Target) -> bool:
        stem = f"{target.platform}:{captures.clean_stem(target.stem)}"
        return erased is not None and erased.is_thread_erased(stem, _list_ids(target))

    return is_erased


def _list_ids(target: Target) -> Iterator[str]:
    """Yield the ids that a run may give the thread: the platform's own, that within its site, that of its address."""
    import polars as pl

    from threadmill.storage.buckets import digests
    from threadmill.threads.identify import canonical_url

    address = pl.DataFrame({"address": [canonical_url(target.address)]})
    yield f"{target.platform}:{digests(address, 'address')[0]}"
    yield f"{target.platform}:{target.name}"
    yield f"{target.platform}:{target.site.partition('-')[0]}/{target.name}"
    yield f"{target.platform}:{target.site}/{target.name}"


def stop_watching(raw: Path) -> None:
    """Take erased threads out of `watch.toml` and out of the journal; they aren't asked for in any case."""
    path = watch.find_file(raw)
    if not path.is_file() and not journal.find_folder(raw).is_dir():
        return
    is_erased = make_check(raw)
    # A file with a mistake stays, and no fetch reads it.
    with contextlib.suppress(Mistake):
        entries = watch.read_entries(path)
        threads = [one.target for one in entries if not one.target.is_listing]
        watch.remove_entries(path, [one.address for one in threads if is_erased(one)])
    journal.forget(raw, lambda fetch: bool(fetch.stem) and is_erased(_name_target(fetch)))


def _name_target(fetch: Fetch) -> Target:
    name = fetch.stem.rpartition("/")[2]
    return Target(fetch.platform, fetch.site, fetch.address, "", name, fetch.stem)


def list_files(raw: Path) -> list[Path]:
    """Return where watched threads are named besides raw files."""
    return [watch.find_file(raw), journal.find_folder(raw)]


def list_watched(raw: Path, documents: Collection[str]) -> list[str]:
    """Return the addresses of threads that are fetched among those of `documents`, paths in the raw folder."""
    stems = {
        Document(path, path.partition("/")[0].lower(), 0, "", "", "").thread for path in documents
    }
    return sorted(
        {
            one.address
            for one in journal.read_journal(raw)
            if f"{one.platform}:{captures.clean_stem(one.stem)}" in stems
        }
    )
