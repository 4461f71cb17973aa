"""Bringing threads in: add, inspect, formats."""

import json
import shutil
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from threadmill import paths
from threadmill.cli.base import Raw, app
from threadmill.cli.output import print_table, say
from threadmill.errors import RunFailed
from threadmill.read.discover import COLUMNS, Document
from threadmill.read.rejects import Reject
from threadmill.wording import counted

if TYPE_CHECKING:
    from threadmill.cli.preview import Inspected, Looked


@app.command()
def add(
    file: Annotated[Path, typer.Argument(help="A saved page, copied text or export.")],
    platform: Annotated[str, typer.Option(help="Where it comes from, such as substack.")],
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
    """Bring a capture into the raw folder, with a sidecar for what it doesn't say.

    It is read first: a file of which nothing can be read is not added. A columns.toml beside it comes along.
    """
    from threadmill.cli import preview as inspection

    if not file.is_file():
        raise ValueError(f"{file}: not a file")
    said_of = {"host": host, "title": title, "url": url, "publication": publication}
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
    folder = (raw or paths.home() / "data" / "raw") / platform
    stem = Document(f"{platform}/{file.name}", platform, 0, "", "", "").stem
    beside = inspection.mappings(file)[:1]
    written: dict[str, Path | str] = {f"{stem}.{COLUMNS}": file.parent / name for name in beside}
    if lines:
        written[f"{stem}.toml"] = "\n".join(lines) + "\n"
    for name in (file.name, *written):
        if (folder / name).exists():
            raise ValueError(
                f"{folder / name}: is there already; name another capture {stem}@2026-01-05"
            )
    said = written
    if not beside and (folder / COLUMNS).is_file():
        said = written | {COLUMNS: folder / COLUMNS}
    found = _try_out(file, platform, said)
    folder.mkdir(parents=True, exist_ok=True)
    for name, words in written.items():
        content = words.encode() if isinstance(words, str) else words.read_bytes()
        (folder / name).write_bytes(content)
    shutil.copyfile(file, folder / file.name)
    found, *warnings = found.split("\n")
    say(f"{folder / file.name}: {found}; threadmill run publishes it")
    for warning in warnings:
        say(warning)


def _try_out(file: Path, platform: str, beside: dict[str, Path | str]) -> str:
    """Return what `file` is taken for, with the sidecars in `beside`; of a dump the first part is read.

    Raises:
        ValueError: nothing of it can be read, or a sidecar is wrong.
    """
    from threadmill.cli import preview as inspection

    looked = inspection.look(file, platform, beside)
    reasons = _list_reasons(looked.rejects)
    if looked.parsed.threads.is_empty():
        raise ValueError(f"{file}: {'; '.join(reasons) or 'not a raw thread'}; not added")
    comments = counted(looked.parsed.comments.height, "comment")
    found = f"{looked.parsed.threads['source_format'][0]}, {comments}"
    found += f", {counted(len(reasons), 'place')} that can't be read" if reasons else ""
    return "\n".join([found, *_list_warnings(looked)])


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
    file: Annotated[Path, typer.Argument(help="A captured page or export.")],
    platform: Annotated[
        str | None, typer.Option(help="Where it comes from [the name of its folder].")
    ] = None,
) -> None:
    """Say what a file is taken for and why, and show its comments as a tree.

    Its sidecar counts. Nothing is published. Lines that weren't understood are listed.
    """
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
