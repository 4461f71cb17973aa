"""`threadmill evaluate mentions` and `threadmill vocabulary`, as they are typed."""

import json
import re
from pathlib import Path

from support import run_threadmill

GOLD = Path(__file__).parents[1] / "mentions" / "gold" / "ms_gold_mentions.csv"


def test_evaluate_meets_the_floors_on_the_published_thread(milled, tmp_path):
    ended = run_threadmill(
        "evaluate", "mentions", GOLD, "--processed", milled, "--json", cwd=tmp_path
    )
    assert ended.returncode == 0, ended.stderr
    overall = json.loads(ended.stdout)["overall"]
    assert overall["precision"] >= 0.95
    assert overall["recall"] >= 0.90


def test_evaluate_prints_a_line_per_kind_and_error(milled, tmp_path):
    ended = run_threadmill("evaluate", "mentions", GOLD, "--processed", milled, cwd=tmp_path)
    lines = ended.stdout.splitlines()
    assert lines[0].split() == ["kind", "labels", "found", "right", "P", "R", "F1", "exact"]
    assert any(line.startswith("overall ") for line in lines)
    assert any(line.startswith("missed: comment ") for line in lines)


def test_labels_that_are_none_are_refused(milled, tmp_path):
    (tmp_path / "labels.csv").write_text("comment_idx,start\n1,2\n", encoding="utf8")
    ended = run_threadmill(
        "evaluate", "mentions", "labels.csv", "--processed", milled, cwd=tmp_path
    )
    assert ended.returncode == 2
    assert "labels.csv: column 'end' is missing" in ended.stderr


def test_vocabulary_check_counts_the_packs(tmp_path):
    ended = run_threadmill("vocabulary", "check", cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    counted = r"\S+ \d+: [\d,]+ terms of \d+ kinds(, \d+ of them gated)?"
    lines = [line for line in ended.stdout.splitlines() if "topic" not in line]
    assert [line.split()[0] for line in lines] == ["generic", "neuro-ms"]
    assert all(re.fullmatch(counted, line) for line in lines)
    assert re.search(r"^neuro-ms: 15 topics with \d+ terms$", ended.stdout, re.MULTILINE)


def test_vocabulary_suggest_proposes_phrases(milled, tmp_path):
    ended = run_threadmill(
        "vocabulary", "suggest", "--processed", milled, "--format", "json", cwd=tmp_path
    )
    assert ended.returncode == 0, ended.stderr
    assert "goats blood cure" in {row["term"] for row in json.loads(ended.stdout)}
