"""What all commands share: the app, its options, and how errors end."""

import contextlib
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from typer.rich_utils import rich_format_error as format_error

from threadmill import settings
from threadmill.cli import output
from threadmill.errors import Locked, RunFailed
from threadmill.pipeline.outline import QUERY_INTERRUPTED
from threadmill.wording import make_safe

DONE, FAILED, MISUSED, LOCKED = 0, 1, 2, 3
INTERRUPTED = 130
"""The exit code that shells give a command that Ctrl-C ended."""
MISUSES: Any = typer.BadParameter.__mro__[2]
"""The class of Typer's errors about what was typed, which Typer doesn't export."""

app = typer.Typer(
    help="Raw comment threads in, analytic tables out.",
    epilog="Without a command it says where you stand and what to do next.",
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)

Processed = Annotated[
    Path | None,
    typer.Option(
        "--processed", metavar="DIR", help="Folder of the published tables [data/processed]."
    ),
]


def choose_profile(context: typer.Context, name: str | None) -> str | None:
    """Let a profile hold as long as the command runs, for the processes that it starts too."""
    if name:
        set_while_running(context, "profile", name)
    return name


def set_while_running(context: typer.Context, setting: str, value: str) -> None:
    """Let a setting hold as long as the command runs."""
    variable = settings.SETTINGS[setting].variable
    before = os.environ.get(variable)
    os.environ[variable] = value

    def put_back() -> None:
        os.environ.pop(variable, None)
        if before is not None:
            os.environ[variable] = before

    context.call_on_close(put_back)


InProfile = Annotated[
    str | None,
    typer.Option(
        "--profile",
        metavar="NAME",
        callback=choose_profile,
        help="Work on the tables of [profiles.NAME] in threadmill.toml [the setting].",
    ),
]
Raw = Annotated[
    Path | None, typer.Option("--raw", metavar="DIR", help="Folder of the raw threads [data/raw].")
]


def open_streams() -> None:
    """Make sure that standard input, output and error are open and accept every character."""
    # Otherwise the next file opened would get the number of a closed stream, and everything written to that.
    while (descriptor := os.open(os.devnull, os.O_RDWR)) < 3:  # standard error is 2
        pass
    os.close(descriptor)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 # stays open
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


@contextlib.contextmanager
def report_errors() -> Iterator[None]:
    """Turn errors that a user can fix into one sentence and an exit code."""
    try:
        yield
    except MISUSES as error:
        # The message quotes what was typed. A plain error doesn't name the option again.
        plain = MISUSES(make_safe(error.format_message()))
        plain.ctx = getattr(error, "ctx", None)
        format_error(plain)
        raise SystemExit(error.exit_code) from None
    except typer.Abort:
        _end(FAILED, "the input ended")
    except KeyboardInterrupt:
        _end(INTERRUPTED, "interrupted")
    except SystemExit as ended:
        # Rich exits like this if the reader of our output has left, as `head` does.
        if not isinstance(ended.__context__, BrokenPipeError):
            raise
    except Locked as error:
        _end(LOCKED, error)
    except RunFailed as error:
        _end(FAILED, error)
    except ValueError as error:
        _end(MISUSED, error)
    except BrokenPipeError:
        # The reader of our output has left, as `head` does.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        _end(FAILED, _locate(error))
    except Exception as error:
        # Don't import DuckDB here: if it isn't loaded, the error isn't its own.
        duckdb = sys.modules.get("duckdb")
        if duckdb and (
            isinstance(error, duckdb.InterruptException) or str(error) == QUERY_INTERRUPTED
        ):
            _end(INTERRUPTED, "interrupted")
        if duckdb and isinstance(error, duckdb.Error):
            line = str(error).partition("\n")[0]
            _end(
                FAILED,
                f"the published tables: {line}; `threadmill check` says whether they are damaged",
            )
        raise


def _locate(error: OSError) -> str:
    """Return what the system refused, and where."""
    if error.filename is not None:
        # For example, a folder without write permission, or a full disk.
        return f"{error.filename}: {error.strerror}"
    try:
        Path.cwd()
    except OSError:
        return "the current folder is gone; change to another"
    return f"standard input or output: {error.strerror}"


def _end(code: int, error: Exception | str) -> NoReturn:
    output.complain(f"threadmill: {error}")
    raise SystemExit(code)


def read_comments(processed: Path | None) -> Any:
    """Return the published comments with what finding mentions needs: one row per comment."""
    from threadmill.publish import catalog

    with catalog.connect_rows(processed, "the vocabulary") as con:
        return con.sql(
            "select comment_id, thread_id, comments.platform, publication, position, author_id, "
            "author_name, author_handle, is_host, text "
            "from comments join threads using (thread_id) order by thread_id, position"
        ).pl()
