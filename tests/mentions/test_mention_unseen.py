"""Threads that nobody tuned the rules on: another disease, and a technical forum, each with a pack that fits.

`gold/<name>_thread.txt` has a comment a line: author, tab, text, in which `[words|kind]` is a label, one
inside another too. The packs beside them were written from knowledge of the field.
"""

import csv
import shutil
from pathlib import Path

import polars as pl
import pytest
from support.mention_threads import thread

from threadmill.measure.mentions.evaluate import evaluate_mentions
from threadmill.mentions import read_packs

GOLD = Path(__file__).parent / "gold"
CURATED = Path(__file__).parents[2] / "data" / "vocabulary"


def labelled(marked):
    """Return a text without its labels, and (start, end, surface, kind) of each."""
    text, open_, labels = "", [], []
    at = 0
    while at < len(marked):
        if marked[at] == "[":
            open_.append(len(text))
        elif marked[at] == "|" and open_:
            close = marked.index("]", at)
            start = open_.pop()
            labels.append((start, len(text), text[start:], marked[at + 1 : close]))
            at = close
        else:
            text += marked[at]
        at += 1
    return text, labels


def read(name):
    """Return the thread's comments and its labels as rows of a gold file."""
    texts, authors, hosts, labels = [], [], [], []
    lines = (GOLD / f"{name}_thread.txt").read_text(encoding="utf8").splitlines()
    for number, line in enumerate(lines, 1):
        author, _, marked = line.partition("\t")
        text, found = labelled(marked.replace("\\n", "\n"))
        name_of = author.removesuffix(" (host)")
        hosts += [name_of] if author != name_of else []
        texts.append(text)
        authors.append(name_of)
        labels += [(number, name_of, *label) for label in found]
    return thread(*texts, authors=authors, hosts=hosts), labels


@pytest.fixture
def scores(tmp_path):
    def score(name, fitting):
        comments, labels = read(name)
        gold = tmp_path / "gold.csv"
        with gold.open("w", encoding="utf8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("comment_idx", "author", "start", "end", "surface", "kind"))
            writer.writerows(labels)
        vocabulary = tmp_path / "vocabulary"
        shutil.copytree(CURATED, vocabulary)
        shutil.copytree(GOLD / fitting, vocabulary / fitting)
        return evaluate_mentions(gold, comments, read_packs(vocabulary))

    return score


@pytest.mark.parametrize(("name", "fitting"), [("ra", "rheuma"), ("tech", "graphics")])
def test_unseen_threads_with_a_fitting_pack(scores, name, fitting):
    measured = scores(name, fitting)
    assert measured["moved"] == 0
    assert measured["overall"]["precision"] >= 0.90
    assert measured["overall"]["recall"] >= 0.75


def test_a_technical_thread_has_no_clinical_mention(scores):
    clinical = {"disease", "drug", "drug_class", "symptom", "anatomy", "cell", "virus", "biomarker"}
    assert not {row["kind"] for row in scores("tech", "graphics")["wrong"]} & clinical


def test_the_labels_are_read_as_written():
    assert labelled("a [b [c|x] d|y] e") == ("a b c d e", [(4, 5, "c", "x"), (2, 7, "b c d", "y")])


def test_every_label_has_a_kind_of_the_list():
    kinds = set(pl.read_csv(CURATED / "kinds.csv")["kind"])
    assert {label[-1] for name in ("ra", "tech") for label in read(name)[1]} <= kinds
