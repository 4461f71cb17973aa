"""The command line: a module per family of commands, each of which adds its own to the app."""

import contextlib
import gc
import os
import sys
from typing import Annotated

import typer

import threadmill

# In the order of `threadmill --help`.
# isort: off
from threadmill.cli.base import INTERRUPTED, app, ending, open_streams
from threadmill.cli import runs, bring, ask, look, curate, measure
from threadmill.cli.output import say
from threadmill.cli.runs import print_summary
# isort: on

__all__ = [
    "app",
    "ask",
    "bring",
    "curate",
    "ending",
    "look",
    "main",
    "measure",
    "print_summary",
    "program",
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
        runs.stand()


def main() -> None:
    """Run the command line."""
    # Python would look for loops after every 700 objects, and find none, while modules are loaded and JSON is read.
    gc.set_threshold(100_000)
    open_streams()
    with ending():
        # Its own way to end prints what was typed, file names for one, as it is.
        code = app(prog_name="threadmill", standalone_mode=False)
        sys.stdout.flush()
        if code == INTERRUPTED:
            # What Typer makes of Ctrl-C.
            raise KeyboardInterrupt
        if code:
            raise SystemExit(code)


def program() -> None:
    """Run the command line as a process of its own, and end that at once.

    Python would look through all that Polars, DuckDB and Arrow have made and free it piece by piece, 0.1 s of CPU
    for nothing. Prefect's threads still send what they noted: with them it ends as usual.
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
