"""Pages of the documentation at the terminal, and that messages name pages that are there."""

import re

import pytest
from support import CHECKOUT
from typer.testing import CliRunner

from threadmill.cli import app


def run(*words):
    return CliRunner().invoke(app, list(words))


def test_every_page_is_listed_and_printed_as_it_is():
    page = CHECKOUT / "docs" / "topics.md"
    assert "  topics        Topics\n" in run("help").stdout
    assert run("help", "topics").stdout == page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("word", "finding"),
    [
        ("tpics", "no page 'tpics'; did you mean 'topics'?"),
        ("inspect", "threadmill inspect --help explains the command"),
    ],
)
def test_what_is_no_page_says_where_to_look(word, finding):
    assert finding in str(run("help", word).exception)


def test_messages_name_pages_that_come_along_and_no_file_of_the_checkout():
    code = [path.read_text("utf-8") for path in (CHECKOUT / "threadmill").rglob("*.py")]
    named = {name for text in code for name in re.findall(r"threadmill help ([a-z-]+)", text)}
    assert {"replies", "topics", "sources", "privacy", "fetching"} <= named
    assert {name for name in named if not (CHECKOUT / "docs" / f"{name}.md").exists()} == set()
    # Docstrings and comments are for people with a checkout.
    strings = [re.sub(r'"""(.|\n)*?"""|#.*', "", text) for text in code]
    assert [found for text in strings for found in re.findall(r'"[^"\n]*docs/\w+\.md', text)] == []
