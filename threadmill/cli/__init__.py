"""The command line: one module per family of commands, each of which adds its commands to the app."""

import contextlib
import gc
import os
import sys
from typing import Annotated

import typer

import threadmill

# In the order of `threadmill --help`.
# isort: off
from threadmill.cli.base import INTERRUPTED, app, report_errors, open_streams
from threadmill.cli import runs, bring, collect, ask, look, curate, privacy, measure, pages
from threadmill.cli.output import say
from threadmill.cli.runs import print_summary
# isort: on

__all__ = [
    "app",
    "ask",
    "bring",
    "collect",
    "curate",
    "look",
    "main",
    "measure",
    "pages",
    "print_summary",
    "privacy",
    "program",
    "report_errors",
    "runs",
]


def _print_version(is_asked: bool) -> None:
    if is_asked:
        say(f"threadmill {threadmill.__version__}")
        raise typer.Exit


@app.callback()
def _enter(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001 # its callback does it
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """Raw comment threads in, analytic tables out."""
    if context.invoked_subcommand is None:
        runs.print_standing()


def main() -> None:
    """Run the command line."""
    # By default Python searches for reference loops after every 700 objects, and finds none while it loads modules.
    gc.set_threshold(100_000)
    open_streams()
    with report_errors():
        # Typer's standalone mode would print file names and other input without making them safe.
        code = app(prog_name="threadmill", standalone_mode=False)
        sys.stdout.flush()
        if code == INTERRUPTED:
            # Typer turns Ctrl-C into this code.
            raise KeyboardInterrupt
        if code:
            raise SystemExit(code)


def program() -> None:
    """Run the command line as a process of its own, and exit immediately when it is done.

    A normal exit frees everything that Polars, DuckDB and Arrow have allocated, which wastes 0.1 s of CPU. With
    Prefect the process exits normally, because its threads still have to send their events.
    """
    code: str | int | None = 0
    try:
        main()
    except SystemExit as ended:
        code = ended.code
    if "prefect" in sys.modules or isinstance(code, str):
        raise SystemExit(code)
    with contextlib.suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code or 0)
