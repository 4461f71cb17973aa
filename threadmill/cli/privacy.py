"""Commands about people's words: scan."""

import os
from pathlib import Path
from typing import Annotated

import typer

from threadmill import paths
from threadmill.cli.base import FAILED, Processed, app
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
    from threadmill.storage import parsed

    folder = snapshots.locate_processed(processed)
    if not folder.is_dir():
        raise Mistake(f"{folder}: isn't there; `threadmill run` makes it, --in names other places")
    places = [folder]
    if processed is None:
        store = parsed.find_folder(paths.home() / "data" / "raw")
        places += [store] if store and store.is_dir() else []
    return places


def _shorten(path: Path) -> str:
    """Return `path` as seen from the current folder, if it is below."""
    here = Path.cwd()
    return os.path.relpath(path, here) if path.is_relative_to(here) else str(path)
