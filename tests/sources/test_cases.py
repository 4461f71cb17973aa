"""Oddities: `raw.*` in a folder gives the tables beside it, of copied pages `comments.csv` as parsed."""

import polars as pl
import pytest
from support import CHECKOUT

from threadmill import mentions, paths, sources
from threadmill.read import documents, sidecars
from threadmill.read.discover import discover, find_sidecars
from threadmill.threads import build, identify

FOLDER = CHECKOUT / "tests" / "sources"
CASES = sorted((FOLDER / "substack").iterdir())
MILLED = sorted(set(FOLDER.glob("[!_]*/*")) - set(CASES))
SHOWN = (
    "position", "author_name", "author_handle", "author_url", "created_text", "created_at", "created_on",
    "created_precision", "is_edited", "is_deleted", "like_count", "hidden_reply_count", "url", "text",
)  # fmt: skip

SHOWN_MILLED = {
    "comments": (
        "position", "comment_id", "author_name", "parent_status", "parent_comment_id", "parent_evidence", "text",
    ),
    "replies": ("comment_id", "parent_comment_id", "depth", "is_inferred", "confidence", "evidence"),
    "reply_candidates": ("comment_id", "rank", "kind", "parent_comment_id", "probability", "is_inferred"),
    "mentions": ("comment_id", "start_char", "surface", "kind", "target_comment_id", "target_author_id"),
}  # fmt: skip


def read(case, folder):
    raw = folder / case.parent.name
    raw.mkdir()
    for path in case.iterdir():
        if path.name.startswith("raw."):
            (raw / path.name.replace("raw", "page")).write_bytes(path.read_bytes())
    found = discover(folder, {}).documents
    texts, _ = documents.load(folder, found)
    said = [
        (document, sidecars.read_sidecars(find_sidecars(folder, document))) for document in found
    ]
    return identify.identify_rows(sources.parse(texts), identify.collect_facts(said))


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


@pytest.mark.parametrize("case", MILLED, ids=lambda case: case.name)
def test_milled_case(case, tmp_path, request):
    packs = mentions.read_packs(paths.vocabulary_folder())
    milled = build.build_threads(read(case, tmp_path), packs)
    for table, columns in SHOWN_MILLED.items():
        got = getattr(milled, table).select(columns).with_columns(pl.all().cast(pl.String))
        expected = case / f"{table}.csv"
        if request.config.getoption("--bless"):
            got.write_csv(expected)
        assert got.equals(pl.read_csv(expected, schema=dict.fromkeys(columns, pl.String)))
