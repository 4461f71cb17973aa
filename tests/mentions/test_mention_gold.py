"""Threads labelled by hand: floors of precision and recall for rules, with and without a fitting pack.

Each folder of `gold` has a thread, its labels and `labels.toml`, which says whether the rules were
developed on it. Two folders have packs of their own, written from knowledge of the field.
"""

import csv
import json
import tomllib
from pathlib import Path

import polars as pl
import pytest

from threadmill.measure.mentions.evaluate import evaluate_file
from threadmill.measure.mentions.labelled import read_labelled

GOLD = Path(__file__).parent / "gold"
KINDS = set(pl.read_csv(Path(__file__).parents[2] / "data" / "vocabulary" / "kinds.csv")["kind"])
THREADS = sorted(path.parent.name for path in GOLD.glob("*/thread.ndjson"))


def nothing_published():
    raise AssertionError("the thread lies beside the labels")


def figures(name, *, with_packs=True):
    return evaluate_file(GOLD / name, nothing_published, with_packs=with_packs)


def about(name):
    return tomllib.loads((GOLD / name / "labels.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", [name for name in THREADS if about(name)["use"] == "development"])
def test_rules_reach_their_floors_on_threads_they_were_developed_on(name):
    measured = figures(name)
    assert measured["moved"] == 0
    assert measured["rule_kinds"]["precision"] >= 0.95
    assert measured["rule_kinds"]["recall"] >= 0.90


@pytest.mark.parametrize("name", [name for name in THREADS if about(name)["use"] == "kept apart"])
def test_rules_hold_on_a_thread_that_was_kept_apart(name):
    measured = figures(name)
    assert measured["moved"] == 0
    assert measured["rule_kinds"]["precision"] >= 0.95
    assert measured["rule_kinds"]["recall"] >= 0.80


@pytest.mark.parametrize("name", ["ra_thread", "tech_thread"])
def test_all_kinds_reach_their_floors_with_a_fitting_pack(name):
    measured = figures(name)["overall"]
    assert measured["precision"] >= 0.95
    assert measured["recall"] >= 0.90


@pytest.mark.parametrize("name", THREADS)
def test_all_kinds_reach_their_floors_without_a_fitting_pack(name):
    measured = figures(name, with_packs=False)["overall"]
    assert measured["precision"] >= 0.94
    assert measured["recall"] >= 0.70


def test_a_technical_thread_has_no_clinical_mention():
    clinical = {"disease", "drug", "drug_class", "symptom", "anatomy", "cell", "virus", "biomarker"}
    assert not {row["kind"] for row in figures("tech_thread")["wrong"]} & clinical
    assert not {row["kind"] for row in figures("issue_thread")["wrong"]} & clinical


@pytest.mark.parametrize("name", THREADS)
def test_every_label_has_a_kind_of_the_list_and_stands_where_it_says(name):
    texts = read_labelled(GOLD / name).comments["text"].to_list()
    with (GOLD / name / "mentions.csv").open(encoding="utf-8", newline="") as file:
        labels = list(csv.DictReader(file))
    assert {label["kind"] for label in labels} <= KINDS - set(about(name)["unlabelled_kinds"])
    for label in labels:
        text = texts[int(label["comment_idx"]) - 1]
        assert text[int(label["start"]) : int(label["end"])] == label["surface"]


def write(folder, *, labels="comment_idx,start,end,surface,kind\n1,0,7,aged 17,age\n", **files):
    folder.mkdir(exist_ok=True)
    line = json.dumps({"comment_id": "a", "author": "Ann", "text": "aged 17, it cost $5"})
    written = {"mentions.csv": labels, "thread.ndjson": f"{line}\n", **files}
    for name, text in written.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return folder


def test_unlabelled_kinds_count_neither_way(tmp_path):
    write(tmp_path)
    assert evaluate_file(tmp_path, nothing_published)["overall"]["precision"] == 0.5
    write(tmp_path, labels__toml='unlabelled_kinds = ["money"]\n')
    assert evaluate_file(tmp_path, nothing_published)["overall"]["precision"] == 1


def test_an_error_comes_with_the_words_around_it(tmp_path):
    measured = evaluate_file(write(tmp_path), nothing_published)
    assert measured["wrong"] == [
        {
            "comment": 1,
            "start": 17,
            "kind": "money",
            "surface": "$5",
            "around": "aged 17, it cost $5",
        }
    ]


def test_figures_are_strict_json(tmp_path):
    measured = evaluate_file(write(tmp_path), nothing_published)
    assert measured["vocabulary_kinds"]["precision"] is None
    json.dumps(measured, allow_nan=False)


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"thread.ndjson": '{"author": "Ann", "text": "x"}\n'}, "'comment_id' is missing"),
        ({"thread.ndjson": "no json\n"}, "can't be read as newline-delimited JSON"),
        ({"labels__toml": "uses = 1\n"}, "key 'uses' is not known"),
        ({"labels__toml": "packs = 1\n"}, "packs is 1; it is a list of texts"),
        ({"labels__toml": "packs =\n"}, "labels.toml: not TOML"),
    ],
)
def test_what_is_not_in_the_documented_form_is_named(tmp_path, files, sentence):
    with pytest.raises(ValueError, match=sentence):
        evaluate_file(write(tmp_path, **files), nothing_published)


def test_a_folder_without_labels_is_named(tmp_path):
    with pytest.raises(ValueError, match="no labels; name a CSV"):
        evaluate_file(tmp_path, nothing_published)
