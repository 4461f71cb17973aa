"""The labelled thread is the benchmark; its floors are the issue's."""

from pathlib import Path

import polars as pl
import pytest
from support.mention_threads import VOCABULARY, thread

from threadmill import sources
from threadmill.measure.mentions.evaluate import evaluate_mentions
from threadmill.mentions.suggest import compute_c_values, suggest_terms
from threadmill.read import documents
from threadmill.read.discover import discover

GOLD = Path(__file__).parents[1] / "mentions" / "gold" / "ms_gold_mentions.csv"
RAW = Path(__file__).parents[2] / "data" / "raw"
IDENTIFIERS = ["doi", "pmid", "pmcid", "url"]


@pytest.fixture(scope="module")
def comments():
    texts, _ = documents.load(RAW, discover(RAW, {}).documents)
    parsed = sources.parse(texts.filter(pl.col("path").str.contains("lazarus"))).comments
    name = pl.col("author_name")
    return parsed.select(
        comment_id=pl.format("c{}", "position"),
        thread_id=pl.lit("substack:ms-lazarus-effect"),
        platform=pl.lit("substack"),
        position="position",
        author_id=name,
        author_name=name,
        author_handle=pl.lit(None, pl.String),
        is_host=name == "Gavin Giovannoni",
        text="text",
    )


def test_all_kinds_on_the_labelled_thread(comments):
    scores = evaluate_mentions(GOLD, comments, VOCABULARY)
    assert scores["moved"] == 0
    assert scores["overall"]["precision"] >= 0.95
    assert scores["overall"]["recall"] >= 0.90
    assert scores["rule_kinds"]["precision"] >= 0.95
    assert scores["rule_kinds"]["recall"] >= 0.95
    for kind in IDENTIFIERS:
        assert scores["kinds"][kind]["precision"] == 1
        assert scores["kinds"][kind]["recall"] == 1


def test_without_the_domain_pack(comments):
    generic = VOCABULARY._replace(terms=VOCABULARY.terms.filter(pack="generic"))
    scores = evaluate_mentions(GOLD, comments, generic)["overall"]
    assert scores["precision"] >= 0.93
    assert scores["recall"] >= 0.60


def test_each_label_counts_once(tmp_path):
    gold = tmp_path / "gold.csv"
    gold.write_text("comment_idx,start,end,surface,kind\n1,0,9,aged 17 x,age\n", encoding="utf8")
    scores = evaluate_mentions(gold, thread("aged 17 x aged 18"), VOCABULARY)["overall"]
    assert (scores["right"], scores["mentions"], scores["precision"], scores["exact_share"]) == (
        1,
        2,
        0.5,
        0,
    )


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        ("comment_idx,start,end,kind\n1,0,1,age", "gold.csv: column 'surface' is missing"),
        (
            "comment_idx,start,end,surface,kind\n9,0,1,x,age",
            "gold.csv:2: comment 9 isn't in the thread",
        ),
        ("comment_idx,start,end,surface,kind\n1,0,1,zz,age", "gold.csv:2: 'zz' isn't in comment 1"),
    ],
)
def test_bad_labels_are_told_where_and_why(tmp_path, labels, sentence):
    gold = tmp_path / "gold.csv"
    gold.write_text(labels, encoding="utf8")
    with pytest.raises(ValueError, match=r".") as error:
        evaluate_mentions(gold, thread("x"), VOCABULARY)
    assert str(error.value).startswith(sentence)


def test_c_value_prefers_the_phrase_that_stands_alone():
    values = compute_c_values(
        ["soft contact lens", "soft contact lens", "contact lens", "contact lens"]
    )
    assert values["contact lens"] == pytest.approx(2)
    assert values["soft contact lens"] == pytest.approx(3.169925)
    assert values["soft contact"] == 0


def test_suggestions_leave_out_what_a_pack_has():
    comments = thread("XYZQ and MRI and glial scar tissue", "XYZQ and MRI and glial scar tissue")
    terms = [suggestion.term for suggestion in suggest_terms(comments, VOCABULARY)]
    assert "XYZQ" in terms
    assert "glial scar tissue" in terms
    assert "MRI" not in terms
