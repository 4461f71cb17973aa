"""Bringing threads in: add, inspect, formats."""

import contextlib
import glob
import hashlib
import json
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from threadmill import paths
from threadmill.cli.base import Raw, app
from threadmill.cli.output import print_table, say
from threadmill.errors import RunFailed
from threadmill.read import kinds
from threadmill.read.discover import COLUMNS, Document
from threadmill.read.rejects import Reject
from threadmill.wording import counted

if TYPE_CHECKING:
    from threadmill.cli.preview import Inspected, Looked


@app.command()
def add(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...", help="Saved pages, copied text or exports; - reads standard input."
        ),
    ],
    platform: Annotated[
        str | None, typer.Option(help="Where it comes from [what its content tells].")
    ] = None,
    url: Annotated[str | None, typer.Option(help="The post's address.")] = None,
    title: Annotated[str | None, typer.Option(help="The post's title.")] = None,
    host: Annotated[
        str | None, typer.Option(help="The post's author, as the page writes it.")
    ] = None,
    publication: Annotated[str | None, typer.Option(help="The newsletter or site.")] = None,
    captured_at: Annotated[
        str | None, typer.Option(help="When it was copied, as 2026-01-05T10:00:00Z.")
    ] = None,
    raw: Raw = None,
) -> None:
    """Bring captures into the raw folder, with a sidecar for what they don't say.

    Each is read first: a file of which nothing can be read is not added. A columns.toml beside it comes along; for a
    table without one, one is drafted from its headings. Patterns such as "*.json" may be quoted.
    """
    said_of = {"host": host, "title": title, "url": url, "publication": publication}
    sidecar = _write_sidecar(said_of, captured_at)
    folder = raw or paths.home() / "data" / "raw"
    with _opened(files) as found:
        if found[1:] and (url or title):
            raise ValueError(
                f"--{'url' if url else 'title'}: is of one thread; add that file alone"
            )
        refused = []
        for file in found:
            try:
                _add(file, platform, sidecar, folder)
            except ValueError as error:
                if not found[1:]:
                    raise
                refused.append(str(error))
    if refused:
        raise RunFailed("\n".join(refused))


def _write_sidecar(said_of: dict[str, str | None], captured_at: str | None) -> str:
    """Return the text of a sidecar; empty if it says nothing."""
    lines = [
        f"{key} = {json.dumps(text, ensure_ascii=False)}" for key, text in said_of.items() if text
    ]
    if captured_at:
        try:
            moment = datetime.fromisoformat(captured_at)
        except ValueError:
            raise ValueError(
                f"--captured-at: {captured_at} is no time; write it as 2026-01-05T10:00:00Z"
            ) from None
        if moment.tzinfo is None:
            raise ValueError(f"--captured-at: {captured_at} has no zone; end it with Z or +02:00")
        lines.append(f"captured_at = {moment.isoformat()}")
    return "".join(f"{line}\n" for line in lines)


@contextlib.contextmanager
def _opened(names: list[str]) -> Iterator[list[Path]]:
    """Yield the files that `names` mean: paths, patterns, or `-` for standard input, which gets a name by its content.

    Raises:
        ValueError: a name means no file.
    """
    with tempfile.TemporaryDirectory() as scratch:
        found: dict[Path, None] = {}
        for name in names:
            if name == "-":
                found[_keep_input(Path(scratch))] = None
                continue
            path = Path(name)
            # What a shell left as it is, as on Windows or in quotes.
            matches = [] if path.exists() else sorted(map(Path, glob.glob(name)))  # noqa: PTH207 # may be absolute
            some = [one for one in matches if one.is_file()] or [path]
            if not some[0].is_file():
                raise ValueError(f"{name}: not a file")
            found |= dict.fromkeys(some)
        yield [*found]


def _keep_input(folder: Path) -> Path:
    content = sys.stdin.buffer.read()
    kind = kinds.name_text(content[: kinds.HEAD_BYTES].decode("utf-8", "replace"))
    ending = ENDINGS.get(kind, ".txt")
    file = folder / f"pasted-{hashlib.sha256(content).hexdigest()[:8]}{ending}"
    file.write_bytes(content)
    return file


ENDINGS = {
    "a web page (HTML)": ".html",
    "XML": ".xml",
    "objects on lines (JSON)": ".ndjson",
    "JSON": ".json",
}
"""What standard input is called by, for each kind of text that `kinds.name_text` tells."""


def _add(file: Path, platform: str | None, sidecar: str, raw: Path) -> None:
    """Bring one file into `raw`, with what is beside it.

    Raises:
        ValueError: nothing of it can be read, it is there already, or a sidecar is wrong.
    """
    from threadmill.cli import preview as inspection

    stem = Document(file.name, "", 0, "", "", "").stem
    beside = inspection.mappings(file)[:1]
    written: dict[str, Path | str] = {f"{stem}.{COLUMNS}": file.parent / name for name in beside}
    if sidecar:
        written[f"{stem}.toml"] = sidecar
    known = _find_folder(raw, platform) if platform else None
    said = written
    if not beside and known and (known / COLUMNS).is_file():
        said = written | {COLUMNS: known / COLUMNS}
    looked = inspection.look(file, platform, said)
    if not looked.platform and looked.draft:
        raise ValueError(
            f"{file}: a table, whose content doesn't tell where it comes from; give --platform NAME, "
            f"and a {COLUMNS} is drafted for it"
        )
    found = _describe(file, looked)
    folder = known or _find_folder(raw, looked.platform)
    if looked.draft:
        written[f"{stem}.{COLUMNS}"] = looked.draft
    for name in (file.name, *written):
        if (folder / name).exists():
            raise ValueError(
                f"{folder / name}: is there already; name another capture {stem}@2026-01-05"
            )
    folder.mkdir(parents=True, exist_ok=True)
    for name, words in written.items():
        content = words.encode() if isinstance(words, str) else words.read_bytes()
        (folder / name).write_bytes(content)
    shutil.copyfile(file, folder / file.name)
    say(f"{folder / file.name}: {found}; threadmill run publishes it")
    if looked.draft:
        used = ", ".join(line for line in looked.draft.split("\n") if line and line[0] != "#")
        say(f"Check {folder / f'{stem}.{COLUMNS}'}, which was drafted: {used}")
    for warning in _list_warnings(looked):
        say(warning)


def _find_folder(raw: Path, platform: str) -> Path:
    """Return the folder of `platform` in `raw`, however its name is written there."""
    named = raw.iterdir() if raw.is_dir() else iter(())
    same = sorted(one for one in named if one.name.lower() == platform.lower() and one.is_dir())
    return next(iter(same), raw / platform.lower())


def _describe(file: Path, looked: "Looked") -> str:
    """Return what `file` is taken for; of a dump the first part was read.

    Raises:
        ValueError: nothing of it can be read.
    """
    reasons = _list_reasons(looked.rejects)
    if looked.parsed.threads.is_empty():
        raise ValueError(f"{file}: {'; '.join(reasons) or 'not a raw thread'}; not added")
    comments = counted(looked.parsed.comments.height, "comment")
    found = f"{looked.parsed.threads['source_format'][0]}, {comments}"
    return found + (f", {counted(len(reasons), 'place')} that can't be read" if reasons else "")


def _list_warnings(found: "Looked | Inspected") -> list[str]:
    """Return what to look at though the file was read, a line each."""
    return [
        *(f"Counts differ: {sentence}" for sentence in found.differences),
        *(f"Look at the host: {sentence}" for sentence in found.lost_hosts),
    ]


def _list_reasons(rejects: Iterable[Reject]) -> list[str]:
    return [f"line {one.line}: {one.reason}" if one.line else one.reason for one in rejects]


@app.command()
def inspect(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...", help="Captured pages or exports; - reads standard input."
        ),
    ],
    platform: Annotated[
        str | None,
        typer.Option(help="Where it comes from [its folder's name, else what its content tells]."),
    ] = None,
) -> None:
    """Say what a file is taken for and why, and show its comments as a tree.

    Its sidecar counts. Nothing is published. Lines that weren't understood are listed.
    """
    with _opened(files) as found:
        refused = []
        for file in found:
            try:
                _inspect(file, platform)
            except (ValueError, RunFailed) as error:
                if not found[1:]:
                    raise
                refused.append(str(error))
    if refused:
        raise RunFailed("\n".join(refused))


def _inspect(file: Path, platform: str | None) -> None:
    from threadmill.cli import preview as inspection

    found = inspection.inspect(file, platform)
    rejects = _list_reasons(found.rejects)
    if not found.source_format:
        raise RunFailed(f"{file}: rejected: {'; '.join(rejects)}")
    thread = found.thread
    one = counted(len(found.comments), "comment")
    several = f"{found.thread_count:,} threads, of which the first has {one}"
    say(f"{file}: {found.source_format}, {several if found.thread_count > 1 else one}")
    for sentence in found.why:
        say(sentence)
    host = (
        f"{thread['host_name']} ({thread['host_source']})" if thread["host_name"] else "not known"
    )
    say(
        f"Host: {host}. Declared: {thread['declared_comment_count'] or 'nothing'}."
        f"{_account_lines(thread, differs=bool(found.differences))}"
    )
    for warning in _list_warnings(found):
        say(warning)
    if found.comments:
        say("")
    for line in inspection.tree(found.comments):
        say(line)
    if rejects:
        say("\nRejected:")
    for reason in rejects:
        say(f"  {reason}")
    if found.unrecognised:
        say("\nNot understood:")
    for number, text in found.unrecognised:
        say(f"  line {number}: {text}")


def _account_lines(thread: dict[str, Any], *, differs: bool) -> str:
    """Return what became of a page's lines; nothing where the source doesn't tell.

    That none is not understood isn't said where counts differ: one may be taken for something else.
    """
    if thread["line_count"] is None:
        return ""
    strange = thread["unrecognised_line_count"]
    rest = f" and {strange} not understood" if strange or not differs else ""
    return f" Lines: {thread['line_count']}, of which {thread['furniture_line_count']} the page's own{rest}."


@app.command()
def formats() -> None:
    """List the formats that are understood."""
    from threadmill.cli import preview as inspection

    print_table(
        ("platform", "format", "looks like", "how to get one"),
        (
            (platform or "any", name, meaning, hint)
            for (platform, name), (meaning, hint) in inspection.formats().items()
        ),
    )
