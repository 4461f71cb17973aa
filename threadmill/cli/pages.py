"""The command that prints pages of the documentation, which come along with the package."""

from typing import Annotated

import typer

from threadmill import paths
from threadmill.cli.base import app
from threadmill.cli.output import make_console, print_columns, say
from threadmill.wording import did_you_mean


@app.command("help")
def show_page(
    page: Annotated[str | None, typer.Argument(help="A page; all are listed if left out.")] = None,
) -> None:
    """Print a page of the documentation, or list the pages."""
    pages = {path.stem: path for path in sorted(paths.docs_folder().glob("*.md"))}
    if page is None:
        titles = (
            (f"  {name}", _read_title(path.read_text("utf-8"))) for name, path in pages.items()
        )
        say(
            "threadmill help PAGE prints one of these, threadmill COMMAND --help a command's options.\n"
        )
        print_columns(titles)
    elif page in pages:
        _print_text(pages[page].read_text("utf-8"))
    elif page in {_name_command(command) for command in app.registered_commands}:
        raise ValueError(f"help: no page {page!r}; threadmill {page} --help explains the command")
    else:
        hint = did_you_mean(page, tuple(pages), "`threadmill help` lists the pages", "'")
        raise ValueError(f"help: no page {page!r}; {hint}")


def _name_command(command: typer.models.CommandInfo) -> str:
    return command.name or (command.callback.__name__ if command.callback else "")


def _print_text(text: str) -> None:
    """Print `text`, page by page if standard output is a terminal."""
    if make_console().is_terminal:
        import pydoc

        pydoc.pager(text)
    else:
        say(text.rstrip())


def _read_title(text: str) -> str:
    return next(line for line in text.splitlines() if line.startswith("# ")).removeprefix("# ")
