"""Signals by form, and how often they are right on the labelled thread."""

from pathlib import Path

import polars as pl
import pytest

from threadmill import sources
from threadmill.read import documents
from threadmill.read.discover import discover
from threadmill.threads.signals import detect_signals

GOLD = Path(__file__).parents[1] / "mentions" / "gold" / "ms_gold_signals.csv"
RAW = Path(__file__).parents[2] / "data" / "raw"


def signalled(*texts):
    """Return which signals any of `texts` gives."""
    said = pl.DataFrame({"text": texts}).select(**detect_signals(pl.col("text")))
    return {name for name in said.columns if said[name].any()}


@pytest.mark.parametrize(
    "text", ["Is it safe?", "I wonder if it helps", "这安全吗？", "Does anyone know a doctor"]
)
def test_a_question_asks(text):
    assert "is_question" in signalled(text)


@pytest.mark.parametrize("text", ["see https://a.org/?id=5", "?", "wonderful", ""])
def test_what_asks_nothing_is_no_question(text):
    assert "is_question" not in signalled(text)


@pytest.mark.parametrize("text", ["Thank you!", "thx a lot", "I appreciate it", "Much appreciated"])
def test_thanks_are_gratitude(text):
    assert "is_gratitude" in signalled(text)


@pytest.mark.parametrize(
    "text", ["thank God", "No thanks", "failed thanks to the rain", "the tank"]
)
def test_thanks_to_nobody_are_none(text):
    assert "is_gratitude" not in signalled(text)


@pytest.mark.parametrize("text", ["I was diagnosed", "As someone with MS", "I’m 65", "my symptoms"])
def test_own_life_is_own_experience(text):
    assert "is_own_experience" in signalled(text)


@pytest.mark.parametrize("text", ["He was diagnosed", "I think so", "Your symptoms"])
def test_others_and_opinions_are_none(text):
    assert "is_own_experience" not in signalled(text)


@pytest.mark.parametrize(
    ("label", "signal", "precision", "recall"),
    [
        ("question", "is_question", 0.75, 0.83),
        ("gratitude_or_praise", "is_gratitude", 1, 0.66),
        ("self_disclosure", "is_own_experience", 0.75, 0.83),
    ],
)
def test_signals_hold_their_floors_on_the_labelled_thread(label, signal, precision, recall):
    texts, _ = documents.load(RAW, discover(RAW, {}).documents)
    parsed = sources.parse(texts.filter(pl.col("path").str.contains("lazarus"))).comments
    said = parsed.sort("position").select(**detect_signals(pl.col("text")))[signal]
    gold = pl.read_csv(GOLD)[label] == 1
    right = int((gold & said).sum())
    assert right / int(said.sum()) >= precision
    assert right / int(gold.sum()) >= recall
