"""The second implementation finds the same mentions in the labelled threads, in three languages."""

from pathlib import Path

import polars as pl
import pytest
from support.mention_threads import SHIPPED

from reference import mentions
from threadmill.measure.mentions.labelled import read_labelled
from threadmill.mentions import find_mentions

TESTS = Path(__file__).parents[1]
GOLD = TESTS / "mentions" / "gold"
TERMS = mentions.terms.read(TESTS.parent / "data" / "vocabulary")
COLUMNS = [
    *("comment_id", "start_char", "end_char", "surface", "kind", "canonical_id", "canonical_name"),
    *("target_comment_id", "target_author_id", "rule", "pack", "confidence"),
]


@pytest.mark.parametrize("name", sorted(path.parent.name for path in GOLD.glob("*/thread.ndjson")))
def test_the_script_finds_the_same_mentions(name):
    comments = read_labelled(GOLD / name).comments
    found = find_mentions(comments, SHIPPED).mentions.select(COLUMNS)
    rows, _ = mentions.find(comments.to_dicts(), TERMS)
    script = pl.DataFrame(rows, infer_schema_length=None).select(COLUMNS)
    assert set(script.rows()) == set(found.rows())
    assert script.height == found.height
