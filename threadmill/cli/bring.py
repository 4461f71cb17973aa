"""Commands that bring threads in: add, inspect, formats."""

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
from threadmill.wording import counted, did_you_mean, explain_zoneless

if TYPE_CHECKING:
    from threadmill.cli.preview import Inspection, Reading


@app.command()
def add(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...", help="Saved pages, copied text or exports; - reads standard input."
        ),
    ],
    platform: Annotated[
        str | None, typer.Option(help="Where it comes from [detected from its content].")
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

    Each is read first: unreadable files are not added. A columns.toml beside it is copied too; for a table without
    one, one is drafted from its headings. Patterns such as "*.json" may be quoted.
    """
    facts = {"host": host, "title": title, "url": url, "publication": publication}
    sidecar = _write_sidecar(facts, captured_at)
    folder = raw or paths.home() / "data" / "raw"
    with _open_files(files) as found:
        if found[1:] and (url or title):
            raise ValueError(
                f"--{'url' if url else 'title'}: belongs to one thread; add that file alone"
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


def _write_sidecar(facts: dict[str, str | None], captured_at: str | None) -> str:
    """Return the text of a sidecar with `facts`, empty if there are none."""
    lines = [
        f"{key} = {json.dumps(text, ensure_ascii=False)}" for key, text in facts.items() if text
    ]
    if captured_at:
        try:
            moment = datetime.fromisoformat(captured_at)
        except ValueError:
            raise ValueError(
                f"--captured-at: {captured_at} is no time; write it as 2026-01-05T10:00:00Z"
            ) from None
        if moment.tzinfo is None:
            has_time = len(captured_at.strip()) > len("2026-01-05")
            example = f"{moment.isoformat() if has_time else f'{moment.date()}T12:00:00'}Z"
            raise ValueError(
                f"--captured-at: {captured_at} has no time with a zone; write it as {example}, where Z is UTC"
            )
        lines.append(f"captured_at = {moment.isoformat()}")
    return "".join(f"{line}\n" for line in lines)


@contextlib.contextmanager
def _open_files(names: list[str]) -> Iterator[list[Path]]:
    """Yield the files that `names` mean: paths, patterns, or `-` for standard input, which is named by its content.

    Raises:
        ValueError: a name matches no file.
    """
    with tempfile.TemporaryDirectory() as scratch:
        found: dict[Path, None] = {}
        for name in names:
            if name == "-":
                found[_keep_input(Path(scratch))] = None
                continue
            path = Path(name)
            # Patterns that the shell didn't expand, as on Windows or in quotes.
            matches = [] if path.exists() else sorted(map(Path, glob.glob(name)))  # noqa: PTH207 # may be absolute
            some = [one for one in matches if one.is_file()] or [path]
            if not some[0].is_file():
                what = (
                    f'is a folder; give its files, as "{name}/*"' if path.is_dir() else "not a file"
                )
                raise ValueError(f"{name}: {what}")
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
    kinds.PAGE: ".html",
    "XML": ".xml",
    "objects on lines (JSON)": ".ndjson",
    "JSON": ".json",
}
"""Name endings for standard input, by the kind of text that `kinds.name_text` finds."""


def _add(file: Path, platform: str | None, sidecar: str, raw: Path) -> None:
    """Copy one file into `raw`, with its sidecars.

    Raises:
        ValueError: nothing in it can be read, it is there already, or a sidecar is wrong.
    """
    from threadmill.cli import neighbours
    from threadmill.cli import preview as inspection
    from threadmill.sources.table.drafting import describe_draft

    stem = Document(file.name, "", 0, "", "", "").stem
    beside = inspection.list_mappings(file)[:1]
    written: dict[str, Path | str] = {f"{stem}.{COLUMNS}": file.parent / name for name in beside}
    if sidecar:
        written[f"{stem}.toml"] = sidecar
    known = _find_folder(raw, platform) if platform else None
    sidecars = written
    if not beside and known and (known / COLUMNS).is_file():
        sidecars = written | {COLUMNS: known / COLUMNS}
    reading = inspection.read(file, platform, sidecars)
    if not reading.platform and reading.draft:
        raise ValueError(
            f"{file}: a table, whose content doesn't tell where it comes from; give --platform NAME, "
            f"and a {COLUMNS} is drafted for it"
        )
    found = _describe(file, reading)
    folder = known or _find_folder(raw, reading.platform)
    if reading.draft:
        written[f"{stem}.{COLUMNS}"] = reading.draft
    if sidecar and neighbours.is_there(folder, file):
        _complete_sidecar(folder / f"{stem}.toml", sidecar)
        return
    neighbours.refuse_taken_names(folder, file, written, reading)
    warnings = [*_list_warnings(reading), *neighbours.find_twins(raw, folder, file, reading)]
    folder.mkdir(parents=True, exist_ok=True)
    for name, words in written.items():
        content = words.encode() if isinstance(words, str) else words.read_bytes()
        (folder / name).write_bytes(content)
    shutil.copyfile(file, folder / file.name)
    say(f"{folder / file.name}: {found}; threadmill run publishes it")
    if reading.draft:
        threads = counted(reading.parsed.threads["native_id"].n_unique(), "thread")
        say(
            f"Check {folder / f'{stem}.{COLUMNS}'}, which was drafted and makes {threads}: "
            f"{describe_draft(reading.draft)}"
        )
    for warning in warnings:
        say(warning)
    if reading.needs_host:
        say(
            f'No host is given, so the run looks for one; to be sure write host = "NAME" in {stem}.toml'
        )


def _complete_sidecar(path: Path, sidecar: str) -> None:
    """Write the lines of `sidecar` to `path`, in place of those of the same keys."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    for line in sidecar.splitlines():
        key = line.partition(" = ")[0]
        lines = [one for one in lines if one.partition("=")[0].strip() != key] + [line]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    say(f"{path}: {', '.join(sidecar.splitlines())}; threadmill run publishes it")


def _find_folder(raw: Path, platform: str) -> Path:
    """Return the folder of `platform` in `raw`, whatever the case of its name."""
    named = raw.iterdir() if raw.is_dir() else iter(())
    same = sorted(one for one in named if one.name.lower() == platform.lower() and one.is_dir())
    return next(iter(same), raw / platform.lower())


def _describe(file: Path, reading: "Reading") -> str:
    """Return the format that `file` was read as, and how many comments it has; of a dump, in the first chunk.

    Raises:
        ValueError: nothing in it can be read.
    """
    reasons = _list_reasons(reading.rejects)
    if reading.parsed.threads.is_empty():
        raise ValueError(f"{file}: {'; '.join(reasons) or 'not a raw thread'}; not added")
    comments = counted(reading.parsed.comments.height, "comment")
    found = f"{reading.parsed.threads['source_format'][0]}, {comments}"
    return found + (f", {counted(len(reasons), 'place')} that can't be read" if reasons else "")


def _list_warnings(found: "Reading | Inspection") -> list[str]:
    """Return what to check although the file was read, one line each."""
    return [
        *(f"Counts differ: {sentence}" for sentence in found.differences),
        *(f"Look at the host: {sentence}" for sentence in found.lost_hosts),
        *([f"Look at the times: {explain_zoneless(found.zoneless)}"] if found.zoneless else []),
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
        typer.Option(
            help="Where it comes from [its folder's name, else detected from its content]."
        ),
    ] = None,
) -> None:
    """Say how a file is read and why, and show its comments as a tree.

    Its sidecar is applied. Nothing is published. Lines that weren't understood are listed.
    """
    with _open_files(files) as found:
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
    for line in inspection.draw_tree(found.comments):
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
    """Return how a page's lines were read; empty if the source doesn't count them.

    If counts differ, it doesn't claim that all lines were understood: some may have been misread.
    """
    if thread["line_count"] is None:
        return ""
    strange = thread["unrecognised_line_count"]
    rest = f" and {strange} not understood" if strange or not differs else ""
    return f" Lines: {thread['line_count']}, of which {thread['furniture_line_count']} the page's own{rest}."


@app.command()
def formats(
    example: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Print a tiny file of this format, with invented people."
        ),
    ] = None,
) -> None:
    """List the formats that are understood, or show an example of one."""
    from threadmill.cli import preview as inspection

    if example is not None:
        sys.stdout.write(_read_example(example))
        return
    print_table(
        ("platform", "format", "looks like", "how to get one"),
        (
            (platform or "any", name, meaning, hint)
            for (platform, name), (meaning, hint) in inspection.list_formats().items()
        ),
    )


def _read_example(name: str) -> str:
    """Return the example of the format `name`.

    Raises:
        ValueError: there is no such format.
    """
    from threadmill.sources import examples

    files = examples.list_examples()
    if name not in files:
        hint = did_you_mean(name, list(files), "threadmill formats lists them")
        raise ValueError(f'--example: no format "{name}"; {hint}')
    return examples.read_example(files[name])
