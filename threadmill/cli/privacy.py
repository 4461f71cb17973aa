"""Commands about people's words: scan, erase."""

import os
import sys
from collections.abc import Collection
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from threadmill import paths
from threadmill import settings as preferences
from threadmill.cli.base import FAILED, InProfile, Processed, Raw, app
from threadmill.cli.output import complain, print_json, say
from threadmill.errors import Mistake
from threadmill.publish import snapshots
from threadmill.wording import counted


@app.command()
def scan(
    patterns: Annotated[
        list[str] | None, typer.Argument(metavar="PATTERN…", help="Words as they are written.")
    ] = None,
    needles: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Patterns, one a line; output names their lines alone."),
    ] = None,
    places: Annotated[
        list[Path] | None,
        typer.Option(
            "--in", metavar="PATH", help="A file or folder (may be repeated) [tables and store]."
        ),
    ] = None,
    ignore_case: Annotated[
        bool, typer.Option("--ignore-case", "-i", help="Find `Ann` for `ann`.")
    ] = False,
    word: Annotated[
        bool, typer.Option("--word", "-w", help="Find whole words: `Ann`, and not `Anna`.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
    processed: Processed = None,
    _profile: InProfile = None,
) -> None:
    """Look for words in files, decoded: proof that they are there, or aren't any more.

    Looks through values and footers of Parquet, Arrow, DuckDB, SQLite and its log, gzip, zstd, bzip2, xz and zip,
    escapes of JSON and HTML, and the bytes and names of all files. Unlike grep's, the exit code is 0 if there is
    none, and 1 if there are hits or a file can't be decoded.

    Example: threadmill scan "Ada Quill" --in data/processed --in report.html
    """
    from threadmill.privacy import scan as scanning

    wanted = [
        scanning.Needle(f"pattern {number}", text, word)
        for number, text in enumerate(patterns or (), 1)
    ]
    if needles:
        wanted += [one._replace(is_word=word) for one in scanning.read_needles(needles)]
    found = scanning.scan(places or _list_places(processed), wanted, ignore_case=ignore_case)
    if as_json:
        hits = [hit._asdict() | {"path": str(hit.path)} for hit in found.hits]
        print_json(found._asdict() | {"hits": hits, "total": found.total})
    else:
        for hit in found.hits:
            say(f"{_shorten(hit.path)}: {hit.place}: {hit.times} × {hit.needle}")
        for sentence in found.unread:
            complain(f"threadmill: {sentence}")
        size = found.bytes / 1e6
        say(f"{counted(found.files, 'file')}, {size:,.1f} MB decoded")
        say(counted(found.total, "hit"))
    if found.total or found.unread:
        raise typer.Exit(FAILED)


def _list_places(processed: Path | None) -> list[Path]:
    """Return the processed folder and the store of the project."""
    from threadmill.storage import store_folder

    folder = snapshots.locate_processed(processed)
    if not folder.is_dir():
        raise Mistake(f"{folder}: isn't there; `threadmill run` makes it, --in names other places")
    places = [folder]
    if processed is None:
        store = store_folder.find_folder(paths.home() / "data" / "raw")
        places += [store] if store and store.is_dir() else []
    return places


def _shorten(path: Path) -> str:
    """Return `path` as seen from the current folder, if it is below."""
    here = Path.cwd()
    return os.path.relpath(path, here) if path.is_relative_to(here) else str(path)


class RawFiles(StrEnum):
    """What becomes of raw files that hold what is erased."""

    refuse = "refuse"
    rewrite = "rewrite"
    record = "record"


@app.command()
def erase(
    author: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME|ID", help="All that an author wrote (may be repeated)."),
    ] = None,
    also: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="What others call the author (may be repeated)."),
    ] = None,
    comment: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="One comment (may be repeated).")
    ] = None,
    thread: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="A whole thread (may be repeated).")
    ] = None,
    expired: Annotated[
        bool, typer.Option("--expired", help="Threads kept longer than the setting `retain` says.")
    ] = False,
    gone_at_source: Annotated[
        bool,
        typer.Option(
            "--gone-at-source", help="Comments that their thread's last capture shows as deleted."
        ),
    ] = False,
    raw_files: Annotated[
        RawFiles,
        typer.Option(
            help="Raw files that hold it: erase nothing and name them, rewrite them, or leave and record them."
        ),
    ] = RawFiles.refuse,
    why: Annotated[
        str, typer.Option(metavar="TEXT", help="For the receipt; no personal data.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be erased, and stop.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="As for `run` [the setting, else all cores].")
    ] = None,
    raw: Raw = None,
    processed: Processed = None,
) -> None:
    """Erase what a person wrote from all that Threadmill keeps and published, and prove it.

    A comment keeps its place without words, name and time; names and quotations in what others wrote are masked;
    their parents stay as they are. Older snapshots, and what `report` and `export` wrote, are removed. No later run
    brings it back. An erasure that was cut off goes on with any `threadmill erase`, also without options.

    Exit code 0 only if no word of it is found any more outside of the raw files; else 1.

    Example: threadmill erase --author "Ada Quill" --also "Doc A" --raw-files record
    """
    from threadmill.pipeline import erasing
    from threadmill.pipeline.matching import Wanted

    preferences.read_file()
    folder = (raw or paths.home() / "data" / "raw").resolve()
    places = erasing.list_places(folder, processed)
    threads = preferences.count_jobs(jobs)
    wanted = Wanted(
        tuple(author or ()),
        tuple(comment or ()),
        tuple(thread or ()),
        tuple(also or ()),
        captured_before=erasing.find_limit() if expired else None,
        is_gone_at_source=gone_at_source,
    )
    ended = _finish_begun(places, jobs, dry_run)
    if ended and not any(wanted):
        _end_erasures(ended)
        return
    try:
        matched = erasing.find(places, wanted, threads)
    except Mistake:
        if not ended:
            raise
        # What was just finished was cut off, and is asked for once more.
        _end_erasures(ended)
        return
    for line in matched.lines:
        say(line)
    _name_watched(folder, matched.documents, thread or ())
    if not dry_run and matched.stones:
        _erase_matched(places, matched, raw_files, why, yes, jobs)


def _erase_matched(
    places: Any, matched: Any, raw_files: RawFiles, why: str, yes: bool, jobs: int | None
) -> None:
    """Erase what is `matched` and print what became of it; end the command where that must not be."""
    from threadmill.pipeline import erasing

    if matched.documents and raw_files == RawFiles.refuse:
        complain(
            "threadmill: nothing was erased, because raw files hold it; cut it out of them, let "
            "--raw-files rewrite do it, or leave them as they are with --raw-files record"
        )
        raise typer.Exit(FAILED)
    _ask_whether_to_erase(yes)
    is_rewritten = raw_files == RawFiles.rewrite
    rewritten = erasing.rewrite_raw(places, matched) if is_rewritten else None
    erasing.note(places, matched, why, raw_files.value, rewritten)
    ended = erasing.resume(places, jobs)
    _report_erasures(ended)
    _end_erasures(ended)


def _name_watched(raw: Path, documents: Collection[str], gone: Collection[str]) -> None:
    """Print which threads are fetched whose raw `documents` hold what is erased; whole threads leave by themselves."""
    from threadmill.pipeline import fetching

    watched = [] if gone else fetching.list_watched(raw, documents)
    for address in watched:
        say(
            f"{address} is fetched: its next captures hold it again, and runs take it out; "
            f"threadmill watch remove {address} stops that"
        )


def _finish_begun(places: Any, jobs: int | None, dry_run: bool) -> list[Any]:
    """Finish erasures that were cut off, and return what became of them; only say so in a `dry_run`."""
    from threadmill.pipeline import erasing

    if dry_run:
        if erasing.is_pending(places.raw):
            complain(
                "threadmill: an erasure isn't finished; any `threadmill erase` goes on with it"
            )
        return []
    ended = erasing.resume(places, jobs)
    _report_erasures(ended)
    return ended


def _ask_whether_to_erase(yes: bool) -> None:
    """End the command where a person says no, or nobody can be asked."""
    if not yes:
        if not sys.stdin.isatty():
            raise Mistake("nobody can be asked here; --yes erases without asking")
        typer.confirm("Erase it for good?", abort=True)


def _report_erasures(ended: list[Any]) -> None:
    """Print what became of erasures."""
    for one in ended:
        for path in one.changed:
            say(f"{_shorten(path)}: was changed since it was written, so it wasn't removed")
        for hit in one.found.hits:
            say(f"{_shorten(hit.path)}: {hit.place}: {hit.times} × {hit.needle}")
        for sentence in one.found.unread:
            complain(f"threadmill: {sentence}")
        left = "nothing of it is left; " if one.is_done else ""
        say(f"{counted(one.found.total, 'hit')}; {left}{_shorten(one.receipt)}")


def _end_erasures(ended: list[Any]) -> None:
    """Exit with 1 if something is left of an erasure."""
    if not all(one.is_done for one in ended):
        complain(
            "threadmill: not all is gone; remove what is listed, then `threadmill erase` looks again"
        )
        raise typer.Exit(FAILED)
