"""Oddities of copied pages: `raw.txt` or `raw.md` in a folder gives the `comments.csv` beside it."""

import polars as pl
import pytest
from conftest import CHECKOUT

from flows import comments, documents, sidecars, sources
from flows.discover import discover
from flows.discover import sidecars as sidecars_of

CASES = sorted(path for path in (CHECKOUT / "tests" / "threads" / "substack").iterdir())
SHOWN = (
    "position", "author_name", "author_handle", "author_url", "created_text", "created_at", "created_on",
    "created_precision", "is_edited", "is_deleted", "like_count", "hidden_reply_count", "url", "text",
)  # fmt: skip


def read(case, folder):
    raw = folder / "substack"
    raw.mkdir()
    for path in case.iterdir():
        if path.name.startswith("raw."):
            (raw / path.name.replace("raw", "page")).write_bytes(path.read_bytes())
    found = discover(folder, {}).documents
    texts, _ = documents.load(folder, found)
    said = [(document, sidecars.read(sidecars_of(folder, document))) for document in found]
    return comments.complete(sources.parse(texts), comments.facts(said))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case, tmp_path, request):
    got = read(case, tmp_path).comments.select(SHOWN).with_columns(pl.all().cast(pl.String))
    expected = case / "comments.csv"
    if request.config.getoption("--bless"):
        got.write_csv(expected)
    # A comment may have no words, which is no null.
    blessed = pl.read_csv(expected, schema=dict.fromkeys(SHOWN, pl.String))
    assert got.with_columns(pl.col("text").replace("", None)).equals(
        blessed.with_columns(pl.col("text").replace("", None))
    )
