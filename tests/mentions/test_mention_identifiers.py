"""Identifiers on 500 self-written lines and at the edges."""

from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from support import CHECKOUT
from support.mention_threads import found_in, thread

LINES = Path(__file__).parent / "identifiers.csv"
KINDS = pl.read_csv(CHECKOUT / "data" / "vocabulary" / "kinds.csv").filter(group="identifier")[
    "kind"
]


def test_500_lines_give_their_identifiers_and_no_others():
    lines = pl.read_csv(LINES, infer_schema=False).fill_null("")
    assert lines.height == 500
    mentions = found_in(thread(*lines["text"])).filter(pl.col("kind").is_in(KINDS.implode()))
    expected = Counter(
        (str(row), name)
        for row, names in enumerate(lines["mentions"])
        for name in names.split(" | ")
        if name
    )
    got = Counter(mentions.select("comment_id", "canonical_id").iter_rows())
    right = (expected & got).total()
    assert right / got.total() >= 0.99
    assert right / expected.total() >= 0.98


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("(https://example.com/a_(b))", "https://example.com/a_(b)"),
        ("see https://example.com/x.", "https://example.com/x"),
        ("“https://example.com/x”", "https://example.com/x"),
        ("[a](https://example.com/x) b", "https://example.com/x"),
        ("[video]https://example.com/x[/video] b", "https://example.com/x"),
        ("[url=https://example.com/x]here[/url] b", "https://example.com/x"),
        ("[quote]example.com/x[/quote] b", "example.com/x"),
        ("на https://пример.рф/путь, да", "https://пример.рф/путь"),
    ],
)
def test_an_address_ends_before_the_sentences_punctuation(text, surface):
    assert found_in(thread(text)).filter(kind="url")["surface"].to_list() == [surface]


def test_a_doi_in_an_address_is_both():
    text = "https://www.cell.com/cms/10.1016/j.cell.2025.09.020/asset/1b/gr1_lrg.jpg"
    ids = found_in(thread(text))["canonical_id"].to_list()
    assert ids == [f"url:{text}", "doi:10.1016/j.cell.2025.09.020"]


def test_code_holds_no_mentions():
    text = "```\n@me #tag https://example.com MS\n```\nand `@you` here\n\n    @override #x"
    assert found_in(thread(text)).is_empty()


def test_a_handle_that_is_code_counts_only_for_an_author():
    assert found_in(thread("@param x")).is_empty()
    known = thread("hello", "@param x", authors=["Param", "Bob"])
    assert found_in(known)["kind"].to_list() == ["handle"]


def test_a_handle_names_the_author_it_means():
    comments = thread("hello", "@Ann Lee yes", "@annlee no").with_columns(
        author_id=pl.Series(["a", "b", "b"]), author_name=pl.Series(["Annlee", "Bob", "Bob"])
    )
    targets = found_in(comments).filter(kind="handle").select("surface", "target_author_id")
    assert targets.rows() == [("@Ann", None), ("@annlee", "a")]


def test_an_isbn_needs_its_check_digit():
    assert found_in(thread("ISBN 978-0-306-40615-8")).filter(kind="isbn").is_empty()
    assert found_in(thread("ISBN 978-0-306-40615-7"))["canonical_id"].to_list() == [
        "isbn:9780306406157"
    ]


def test_an_address_is_named_by_its_registrable_domain():
    text = "https://news.bbc.co.uk/a http://localhost:80/x www.example.github.io"
    names = found_in(thread(text))["canonical_name"].to_list()
    assert names == ["bbc.co.uk", "localhost", "github.io"]
