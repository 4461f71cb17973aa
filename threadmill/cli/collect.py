"""Commands that collect captures: watch add, list, remove; fetch."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from threadmill import paths, settings
from threadmill.cli.base import FAILED, Raw, app
from threadmill.cli.output import print_json, print_table, say
from threadmill.errors import Mistake
from threadmill.wording import counted

if TYPE_CHECKING:
    from threadmill.fetch.collect import Place, Result
    from threadmill.fetch.journal import Fetch
    from threadmill.fetch.watch import Entry

watching = typer.Typer(
    help="What `threadmill fetch` collects: data/watch.toml.", no_args_is_help=True
)
app.add_typer(watching, name="watch")


def _find_raw(raw: Path | None) -> Path:
    return raw or paths.home() / "data" / "raw"


@watching.command("add")
def add_watch(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Of a thread, or a listing.")],
    platform: Annotated[
        str | None, typer.Option(help="Which it is, where the address doesn't tell it.")
    ] = None,
    every: Annotated[str, typer.Option(metavar="SPAN", help="How often: 6h, 1d, 2w.")] = "1d",
    until: Annotated[
        str,
        typer.Option(
            metavar="SPAN", help='"14d" after it was published, or "quiet 7d" without a comment.'
        ),
    ] = "",
    since: Annotated[
        str | None,
        typer.Option(metavar="DAY", help="Of a listing: what began then or later, as 2026-01-05."),
    ] = None,
    api: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Of the API, if it isn't the usual one.")
    ] = None,
    raw: Raw = None,
) -> None:
    """Watch a thread, or a listing of threads, and say what will be fetched; nothing is sent yet.

    Example: threadmill watch add https://forum.example.org/t/mills/12 --until "quiet 7d"
    """
    from threadmill.fetch import collect, watch
    from threadmill.fetch.sites import name_target

    target = name_target(address, platform, api)
    said: dict[str, str | date] = {"address": address, "platform": target.platform, "every": every}
    said |= {key: value for key, value in (("until", until), ("api", api)) if value}
    if since:
        try:
            said["since"] = date.fromisoformat(since)
        except ValueError:
            raise Mistake(f"--since: {since} is no day; write it as 2026-01-05") from None
    folder = _find_raw(raw)
    entry = watch.add_entry(watch.find_file(folder), said)
    say(f"{watch.find_file(folder)}: {_describe(entry)}")
    place = collect.open_place(folder)
    for _, first in collect.show_first(place._replace(only=frozenset([target.address])), [entry]):
        say(f"First request: GET {first}")
    step = "threadmill fetch sends it"
    if not settings.value("fetch_contact"):
        step = f'write fetch_contact = "you@example.org" into {settings.FILE}, then {step}'
    say(f"Next: {step}")


def _describe(entry: "Entry") -> str:
    """Return what is fetched of an entry, how often and until when."""
    from threadmill.fetch import collect, watch

    what = "threads of a listing" if entry.target.is_listing else "a thread"
    said = f"{what} of {entry.target.platform}, {entry.target.address}, every {watch.write_span(entry.every)}"
    if entry.lasts:
        span = watch.write_span(entry.lasts)
        said += (
            f", until nobody has commented for {span}"
            if entry.is_until_quiet
            else f", for {span} after it was published"
        )
    if entry.target.is_listing:
        since = entry.begin_listing(collect.read_clock())
        said += f"; those that began on {since:%Y-%m-%d} or later"
    return said


@watching.command("list")
def list_watches(
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
    raw: Raw = None,
) -> None:
    """List what is watched, and what came of it last."""
    from threadmill.fetch import collect, watch
    from threadmill.pipeline import fetching

    folder = _find_raw(raw)
    entries = watch.read_entries(watch.find_file(folder))
    place = collect.open_place(folder, fetching.make_check(folder))
    rows = [_read_state(place, entry) for entry in entries]
    if as_json:
        print_json(rows)
    elif rows:
        names = ("address", "platform", "every", "until", "last", "outcome", "next")
        print_table(names, ([row[name] for name in names] for row in rows))
    else:
        say(f"{watch.find_file(folder)}: nothing is watched; threadmill watch add ADDRESS")


def _read_state(place: "Place", entry: "Entry") -> dict[str, str]:
    from threadmill.fetch import collect, watch

    target = entry.target
    known = place.known.get((target.platform, target.stem or target.address))
    following = "now" if collect.is_due(place, entry) else "later"
    if place.is_erased(target):
        following = "never: it was erased"
    elif known and not target.is_listing and collect.has_ended(entry, known, None, place.now()):
        following = "never: it has ended"
    return {
        "address": target.address,
        "platform": target.platform,
        "every": watch.write_span(entry.every),
        "until": entry.until,
        "last": f"{known.last_at:%Y-%m-%d %H:%M}" if known else "",
        "outcome": known.outcome if known else "",
        "next": following,
    }


@watching.command("remove")
def remove_watch(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="As watch list shows it.")],
    raw: Raw = None,
) -> None:
    """Stop watching a thread or a listing; its captures stay."""
    from threadmill.fetch import watch
    from threadmill.fetch.sites import split_address

    folder = _find_raw(raw)
    path = watch.find_file(folder)
    split_address(address, "address")
    targets = [one.target for one in watch.read_entries(path)]
    wanted = next((one for one in targets if _is_same(address, one.platform, one.address)), None)
    if not wanted:
        raise Mistake(f"{path}: {address} is not watched; `threadmill watch list` shows what is")
    watch.remove_entries(path, [wanted.address])
    say(f"{path}: {wanted.address} is no longer watched")


def _is_same(address: str, platform: str, watched: str) -> bool:
    """Return whether `address` is one that is watched, or another way to write it."""
    from threadmill.fetch.sites import name_target

    if address == watched:
        return True
    try:
        return name_target(address, platform).address == watched
    except Mistake:
        return False


@app.command()
def fetch(
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WHICH",
            help="Ask for these now, due or not: an address, a site or a platform (may be repeated).",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would be asked first; send nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print each fetch as JSON.")] = False,
    raw: Raw = None,
) -> None:
    """Ask for what is watched and due, and keep what changed in the raw folder.

    One request at a time for each host, with a pause; robots.txt is obeyed. A host that fails stops no other.

    Exit code 1 if nothing that was asked for could be had.
    """
    from threadmill.fetch import collect, journal, watch
    from threadmill.pipeline import fetching

    folder = _find_raw(raw)
    if dry_run:
        entries = watch.read_entries(watch.find_file(folder))
        place = fetching.open_place(folder, entries, only or ())
        requests = list(collect.show_first(place, entries))
        for _, first in requests:
            say(f"GET {first}")
        say(f"{len(requests)} of {counted(len(entries), 'entry', 'entries')} due; nothing was sent")
        return
    note = (lambda _fetch: None) if as_json else _report
    done = fetching.fetch(folder, only=only or (), note=note)
    if as_json:
        print_json([_show(one) for one in done.fetches])
    else:
        for host, count in done.waiting.items():
            say(f"{host}: {counted(count, 'entry', 'entries')} left for the next fetch")
        say(summarise(done))
    if done.fetches and not journal.count_outcomes(done.fetches).keys() - journal.UNTAKEN:
        raise typer.Exit(FAILED)


def _report(done: "Fetch") -> None:
    """Print what came of asking for a thread or a listing."""
    what = done.reason or (f"→ {done.path}" if done.path else "")
    size = f" {done.byte_count:,} bytes" if done.byte_count else ""
    say(f"{done.outcome:<10}{done.address}{size} {what}".rstrip())


def _show(done: "Fetch") -> dict[str, object]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in done._asdict().items()
    }


def summarise(done: "Result") -> str:
    """Return what a fetch did, in a sentence."""
    from threadmill.fetch import journal

    counts = journal.count_outcomes(done.fetches)
    said = ", ".join(f"{count} {name}" for name, count in counts.items())
    rest = done.entry_count - done.due_count
    later = f"; {counted(rest, 'entry', 'entries')} not due" if rest else ""
    step = "; threadmill run publishes it" if journal.CAPTURED in counts else ""
    return f"{said or 'nothing to ask for'}{later}{step}"
