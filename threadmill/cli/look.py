"""The command that shows what is published: report."""

from pathlib import Path
from typing import Annotated

import typer

from threadmill.cli.base import InProfile, Processed, app
from threadmill.cli.output import say


@app.command()
def report(
    thread: Annotated[
        str | None, typer.Option(metavar="ID", help="A thread [the only one, else all].")
    ] = None,
    output: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="The file to write.")
    ] = Path("report.html"),
    processed: Processed = None,
    _profile: InProfile = None,
) -> None:
    """Write one HTML file that shows a thread, or all: for people, offline, with the SQL of every figure.

    Example: threadmill report --thread substack:my-post --out my-post.html
    """
    from threadmill import report as reporting
    from threadmill.publish import catalog

    with catalog.connect_rows(processed, "a report") as con:
        content = reporting.write(con, thread, output)
    say(f"{output}: {content}")
