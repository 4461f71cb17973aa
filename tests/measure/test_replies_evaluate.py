"""Figures that anybody can check by hand."""

import gzip
import json
import re

import numpy as np
import pytest
from support import run_threadmill
from support.replies_cases import COMMENTS, SOURCE, THREADS

from threadmill.measure.replies.evaluate import (
    describe_addressees,
    evaluate,
    format_table,
    hide_columns,
    measure_calibration_error,
)
from threadmill.measure.replies.labelled import read, sort_in_preorder


def test_our_own_threads_are_rebuilt_better_than_by_the_rule():
    result = evaluate([THREADS])
    own = result["sources"]["threads"]
    assert own["edges"] == 27
    assert own["edge_accuracy"] >= own["baselines"]["rule"]["edge_accuracy"]
    assert own["top3_recall"] >= 0.9
    assert {"edge_accuracy", "ece", "top3_recall", "edges"} <= result["overall"].keys()
    json.dumps(result)


def test_baselines_are_what_they_say():
    baselines = evaluate([THREADS])["sources"]["threads"]["baselines"]
    assert baselines["all_top_level"]["edge_accuracy"] == pytest.approx(9 / 27)
    assert baselines["previous"]["edge_accuracy"] == pytest.approx(18 / 27)


@pytest.mark.parametrize("prior", ["loo", "half"])
def test_priors_are_fitted_on_other_threads(prior):
    result = evaluate([THREADS], host="known", prior=prior)
    assert result["sources"]["threads"]["edges"] == 27
    assert result["prior"] == prior


def test_a_host_is_hidden_unless_known():
    assert hide_columns(COMMENTS, "unknown")["is_host"].null_count() == COMMENTS.height
    assert hide_columns(COMMENTS, "known")["is_host"].sum() == 3


def test_compressed_files_are_read_alike(tmp_path):
    packed = tmp_path / "threads.ndjson.gz"
    packed.write_bytes(gzip.compress(THREADS.read_bytes()))
    assert read(packed).comments.equals(SOURCE.comments)


def test_threads_of_one_comment_are_left_out():
    assert "threads/alone" not in SOURCE.comments["thread_id"].to_list()


def test_a_flat_file_is_put_into_pre_order():
    rows = [
        {"comment_id": "a", "parent_id": None},
        {"comment_id": "b", "parent_id": None},
        {"comment_id": "c", "parent_id": "a"},
        {"comment_id": "d", "parent_id": "gone"},
    ]
    ordered, parents = sort_in_preorder(rows)
    assert [row["comment_id"] for row in ordered] == ["a", "c", "b", "d"]
    assert parents == [-1, 0, -1, -1]


def test_long_threads_are_cut_before_top_level_comments(tmp_path):
    rows = [
        {
            "thread_id": "t",
            "comment_id": str(k),
            "parent_id": str(k - 1) if k % 5 else None,
            "author": "a",
            "text": "",
        }
        for k in range(40)
    ]
    file = tmp_path / "x.ndjson"
    file.write_text("\n".join(map(json.dumps, rows)))
    cut = read(file, longest=12)
    assert cut.comments.group_by("thread_id").len()["len"].to_list() == [10] * 4
    assert (cut.parent[::5] == -1).all()


def test_calibration_error_is_zero_when_confidence_is_frequency():
    confidence = np.array([0.75, 0.75, 0.75, 0.75])
    assert measure_calibration_error(
        confidence, np.array([True, True, True, False])
    ) == pytest.approx(0)
    assert measure_calibration_error(confidence, np.array([False] * 4)) == pytest.approx(0.75)


def test_an_unknown_option_is_said():
    with pytest.raises(ValueError, match="prior: 'most' is not known"):
        evaluate([THREADS], prior="most")


def test_addressees_are_measured_on_trees_cut_to_two_levels(tmp_path):
    said = [
        ("a", None, "Ada", "Which knot?", 0),
        ("b", "a", "Cyril", "A reef knot.", 3),
        ("c", "a", "Dee", "A bowline.", 1),
        ("d", "c", "Cyril", "Not in wet rope.", 2),
        ("e", "d", "Bo", "@Cyril in any rope.", 4),
        ("f", "a", "Eli", "@Dee and in ice?", 5),
        ("g", "e", "Ada", "Thanks.", 6),
        ("h", "g", "Fay", "@Ada: see?", 7),
        ("i", "a", "Fay", "@Ada and @Bo: well.", 8),
        ("j", "a", "Gus", "@Nobody knows.", 9),
    ]
    file = tmp_path / "knots.ndjson"
    keys = ("comment_id", "parent_id", "author", "text", "created_at")
    lines = [dict(zip(keys, row, strict=True)) | {"thread_id": "t"} for row in said]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    result = evaluate([file])
    # Of Cyril's two comments b is the latest before e; f answers the top; of Ada's two h answers g, i the top.
    found = [
        {"probability": 0.94, "replies": 2, "right": 0, "top": 1},
        {"probability": 0.75, "replies": 2, "right": 1, "top": 1},
    ]
    assert result["overall"]["addressees"] == result["sources"]["knots"]["addressees"] == found
    sentence = "Cut to two levels, replies answer the one they address: 0 of 2 (taken to be 94%; 1"
    assert describe_addressees(result).startswith(sentence)


def test_the_table_has_a_row_per_source_and_one_for_all():
    assert len(format_table(evaluate([THREADS])).splitlines()) == 4


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("{", "x.ndjson, line 2: not JSON"),
        ("[1]", "x.ndjson, line 2: list; a line is one comment, as an object"),
        ('{"thread_id": "t", "comment_id": "b"}', "x.ndjson, line 2: no parent_id; a comment has"),
        (
            '{"thread_id": "t", "comment_id": null, "parent_id": null}',
            "line 2: comment_id is None; it must be text or a number",
        ),
        (
            '{"thread_id": "t", "comment_id": "a", "parent_id": null}',
            "line 2: comment_id 'a' is on line 1 too; a thread has each once",
        ),
    ],
)
def test_a_line_that_is_no_comment_is_said_with_its_place(tmp_path, line, sentence):
    file = tmp_path / "x.ndjson"
    file.write_text('{"thread_id": "t", "comment_id": "a", "parent_id": null}\n' + line + "\n")
    with pytest.raises(ValueError, match=re.escape(sentence)):
        read(file)


@pytest.mark.parametrize("name", ["x.ndjson", "x.ndjson.gz"])
def test_a_file_that_cannot_be_read_is_said(tmp_path, name):
    with pytest.raises(ValueError, match=r"x\.ndjson.*can't be read: No such file"):
        read(tmp_path / name)
    (tmp_path / name).write_bytes(b"\x1f\x8b\xff\xff")
    with pytest.raises(ValueError, match=r"not UTF-8|can't be read"):
        read(tmp_path / name)


def test_two_files_of_one_name_are_refused():
    with pytest.raises(ValueError, match="each source needs its own"):
        evaluate([THREADS, THREADS])


def test_the_command_prints_one_object(tmp_path):
    ended = run_threadmill(
        "evaluate", "replies", THREADS, "--json", "--host", "known", cwd=tmp_path
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    said = json.loads(ended.stdout)
    assert (said["host"], said["prior"]) == ("known", "none")
    for measures in (said["overall"], said["sources"]["threads"]):
        assert {"edge_accuracy", "ece", "top3_recall", "edges"} <= measures.keys()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nowhere.ndjson"], "nowhere.ndjson: can't be read: No such file or directory"),
        ([THREADS, "--prior", "most"], "Invalid value for '--prior'"),
    ],
)
def test_the_command_says_a_mistake_in_one_sentence(tmp_path, arguments, sentence):
    ended = run_threadmill("evaluate", "replies", *arguments, cwd=tmp_path)
    assert ended.returncode == 2
    assert sentence in ended.stderr
    assert "Traceback" not in ended.stderr
