"""Bringing threads in: add, inspect, formats."""

import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from flows import pipeline, resources, sidecars
from flows.cli.base import Raw, app, out


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

    It is read first: a file that would be rejected is not added.
    """
    if not file.is_file():
        raise ValueError(f"{file}: not a file")
    said = {"host": host, "title": title, "url": url, "publication": publication}
    lines = [
        f"{key} = {json.dumps(text, ensure_ascii=False)}" for key, text in said.items() if text
    ]
    if captured_at:
        try:
            moment = datetime.fromisoformat(captured_at)
        except ValueError:
            raise ValueError(
                f"--captured-at: {captured_at} is no time; write it as 2026-01-05T10:00:00Z"
            ) from None
        lines.append(f"captured_at = {moment.isoformat()}")
    folder = (raw or resources.home() / "data" / "raw") / platform
    target = folder / file.name
    sidecar = folder / f"{file.stem}{'.toml'}"
    for path in (target, *([sidecar] if lines else [])):
        if path.exists():
            raise ValueError(
                f"{path}: is there already; name another capture {file.stem}@2026-01-05"
            )
    found = _try_out(file, platform, lines)
    folder.mkdir(parents=True, exist_ok=True)
    if lines:
        sidecar.write_text("\n".join(lines) + "\n", encoding="utf-8")
    shutil.copyfile(file, target)
    typer.echo(f"{target}: {found}; threadmill run publishes it")


def _try_out(file: Path, platform: str, sidecar: list[str]) -> str:
    """Return what `file` is taken for, having read it in a folder of its own.

    Raises:
        ValueError: it would be rejected, or the sidecar is wrong.
    """
    import tempfile

    from flows import documents, sources
    from flows.discover import discover
    from flows.discover import sidecars as sidecars_of

    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder)
        (trial / platform).mkdir()
        shutil.copyfile(file, trial / platform / file.name)
        if sidecar:
            lines = "\n".join(sidecar)
            (trial / platform / f"{file.stem}.toml").write_text(lines, encoding="utf-8")
        found = discover(trial, {})
        for document in found.documents:
            sidecars.read(sidecars_of(trial, document))
        texts, unreadable = documents.load(trial, found.documents)
        parsed = sources.parse(texts)
        reasons = [row.reason for row in found.rejects]
        reasons += [*unreadable["reason"], *parsed.rejects["reason"]]
    if reasons or parsed.threads.is_empty():
        raise ValueError(f"{file}: {'; '.join(reasons) or 'not a raw thread'}; not added")
    return f"{parsed.threads['source_format'][0]}, {parsed.comments.height} comments"


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
    from flows import inspect as inspection

    found = inspection.inspect(file, platform)
    if found.rejects:
        reasons = "; ".join(
            f"line {line}: {reason}" if line else reason for line, reason in found.rejects
        )
        raise pipeline.RunFailed(f"{file}: rejected: {reasons}")
    thread = found.thread
    typer.echo(f"{file}: {found.source_format}, {thread['comment_count']} comments")
    for sentence in found.why:
        typer.echo(sentence)
    host = (
        f"{thread['host_name']} ({thread['host_source']})" if thread["host_name"] else "not known"
    )
    typer.echo(
        f"Host: {host}. Declared: {thread['declared_comment_count'] or 'nothing'}. "
        f"Lines: {thread['line_count']}, of which {thread['furniture_line_count']} the page's own "
        f"and {thread['unrecognised_line_count']} not understood."
    )
    if found.comments:
        typer.echo("")
    for line in inspection.tree(found.comments):
        typer.echo(line)
    if found.unrecognised:
        typer.echo("\nNot understood:")
    for number, text in found.unrecognised:
        typer.echo(f"  line {number}: {text}")


@app.command()
def formats() -> None:
    """List the formats that are understood."""
    from flows import inspect as inspection

    shown = Table("platform", "format", "looks like")
    for (platform, name), meaning in inspection.formats().items():
        shown.add_row(platform or "any", name, meaning)
    out().print(shown)
