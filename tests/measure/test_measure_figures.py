"""The ten questions are the cookbook's, and docs/figures.md shows their answers."""

import re

import pytest
from support import CHECKOUT

from threadmill.measure import figures

COOKBOOK, PAGE = (CHECKOUT / "docs" / name for name in ("cookbook.md", "figures.md"))


def test_the_questions_are_those_of_the_cookbook():
    asked = re.findall(r"^### (\d+)\. (.*)$", COOKBOOK.read_text(encoding="utf-8"), re.MULTILINE)
    own = [(str(one.number), one.asks) for one in figures.QUESTIONS]
    assert len(own) == 10
    assert set(own) <= set(asked)


def test_the_page_shows_each_question_and_what_is_lost():
    rows = [line.split(" | ") for line in PAGE.read_text(encoding="utf-8").splitlines()]
    shown = [
        (row[0].removeprefix("| "), row[-1].removesuffix(" |")) for row in rows if len(row) == 4
    ]
    own = [(f"{one.number}. {one.asks}", one.lost) for one in figures.QUESTIONS]
    assert [row for row in shown if row in own] == own


@pytest.mark.slow
def test_questions_are_answered(monkeypatch):
    asked, suppressed = figures.ask(5_000)
    answers = {one.number: (full, figures) for one, full, figures in asked}
    assert len(suppressed) == 6
    assert answers[7][1] == answers[11][1] == answers[16][1] == "—"
    assert all("None" not in both for number, both in answers.items() if number != 17)
