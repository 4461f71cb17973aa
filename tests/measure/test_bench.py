"""The benchmark measures what it says, on the same bytes everywhere."""

import json
import os
import shutil
import subprocess
import sys
from itertools import islice

import polars as pl
import pytest
from support import CHECKOUT, run_threadmill

from threadmill.measure import bench
from threadmill.measure.bench import corpus
from threadmill.read import dumps


def test_equal_seeds_give_equal_threads():
    assert list(islice(corpus.make_threads(7), 3)) == list(islice(corpus.make_threads(7), 3))
    assert next(corpus.make_threads(7)) != next(corpus.make_threads(8))


@pytest.mark.slow
def test_every_case_is_measured(project):
    ended = run_threadmill("bench", "--mb", "0.2", "--rounds", "1", "--json", cwd=project)
    assert ended.returncode == 0, ended.stderr
    measured = json.loads(ended.stdout)
    assert [one["case"] for one in measured] == [
        name
        for name, case in bench.CASES.items()
        if case.by_default and case.is_shown and not case.lacking
    ]
    assert all(one["cpu_s"] > 0 and one["comments"] > 100 for one in measured)


@pytest.mark.slow
def test_models_are_measured_on_request(project):
    names = ["engagement", "assign_topics"]
    only = [word for name in names for word in ("--only", name)]
    ended = run_threadmill("bench", "--mb", "0.2", "--rounds", "1", "--json", *only, cwd=project)
    assert ended.returncode == 0, ended.stderr
    measured = {one["case"]: one for one in json.loads(ended.stdout)}
    assert [measured[name]["against"] for name in names] == ["copy_threads", "copy_texts"]
    assert all(measured[name]["comments"] > 100 for name in names)


def test_an_unknown_case_is_named(project):
    ended = run_threadmill("bench", "--only", "speed", cwd=project)
    assert ended.returncode == 2
    assert "--only: speed is no case; there are dump_limit," in ended.stderr


def test_what_cases_lack_is_said_once(monkeypatch):
    for name in ("plain_script", "run_by_rule"):
        needing = bench.CASES[name]._replace(needs=("pyarrow", "absent_b", "absent_a"))
        monkeypatch.setitem(bench.CASES, name, needing)
    with pytest.raises(ValueError, match=r"^--only: needs absent_a and absent_b; pip install"):
        bench.choose_cases(["plain_script", "run_by_rule"])


@pytest.fixture
def installed(tmp_path):
    """The package without the checkout around it: what code in another process prints."""
    shutil.copytree(
        CHECKOUT / "threadmill", tmp_path / "threadmill", ignore=shutil.ignore_patterns("__pyc*")
    )

    def run(code):
        return subprocess.run(
            [sys.executable, "-c", code],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_cases_with_the_plain_script_say_that_they_need_a_checkout(installed):
    named = installed("from threadmill.measure import bench; bench.choose_cases(['run_by_rule'])")
    assert named.stderr.splitlines()[-1] == (
        "ValueError: --only: run_by_rule must run from a checkout of Threadmill: "
        "the plain script is its tests/reference, which an installed package doesn't have"
    )


def test_without_a_checkout_the_usual_cases_leave_the_plain_script_out(installed):
    usual = installed(
        "from threadmill.measure import bench; print(*bench.choose_cases())"
    ).stdout.split()
    assert set(bench.choose_cases()) - set(usual) == {"plain_script", "run_by_rule"}


@pytest.mark.slow
def test_the_plain_script_is_measured_on_request(project):
    ended = run_threadmill(
        *("bench", "--mb", "0.2", "--rounds", "1", "--json"),
        *("--only", "plain_script", "--only", "run_by_rule"),
        cwd=project,
    )
    assert ended.returncode == 0, ended.stderr
    measured = {one["case"]: one for one in json.loads(ended.stdout)}
    assert measured["run_by_rule"]["against"] == "plain_script"
    assert measured["run_by_rule"]["ratio"] > 0


@pytest.mark.parametrize("case", ["limit", "line_loop"])
def test_a_failing_case_is_no_figure(case, tmp_path):
    with pytest.raises(RuntimeError, match=f"bench: {case} ended with exit code 1"):
        bench._measure(case, tmp_path / "nowhere", tmp_path)


@pytest.mark.parametrize(("base_s", "ratio"), [(0.75, 4), (0.5, None), (0.4, None)])
def test_nothing_is_compared_with_what_took_no_longer_than_the_start(base_s, ratio):
    assert bench._divide(1.5, base_s, 0.5) == ratio


def test_a_dump_is_compared_to_what_reads_dumps():
    assert {"start", "dump_limit", "dump"} <= set(bench.choose_cases(["dump"]))


@pytest.mark.slow
def test_dumps_packed_and_run_are_measured_on_request(project):
    only = ("--only", "read_packed_dump", "--only", "run_explicit")
    ended = run_threadmill("bench", "--mb", "0.2", "--rounds", "1", "--json", *only, cwd=project)
    assert ended.returncode == 0, ended.stderr
    _, packed, ran, start = json.loads(ended.stdout)
    assert [packed["case"], ran["case"]] == ["read_packed_dump", "run_explicit"]
    assert (packed["ratio"], start["ratio"]) == (None, None)
    assert ran["against"] == "dump_limit"
    assert ran["cpu_s"] > start["cpu_s"]
    assert packed["comments"] == ran["comments"] > 100
    assert packed["peak_mb"] > start["peak_mb"] / 2


def test_a_packed_dump_has_as_many_comments_as_it_says(tmp_path, monkeypatch):
    monkeypatch.setattr(corpus, "FRAME_MB", 0.1)
    written = corpus.write_packed_dump(tmp_path, 0.3)
    place = tmp_path / "reddit" / "RC_bench.zst"
    assert (
        sum(part.line_count for part in dumps.cut_chunks(place.parent, place.name)) == written > 200
    )


def test_a_dump_of_the_bench_is_read_whole(tmp_path):
    from threadmill import pipeline
    from threadmill.publish import snapshots

    written = corpus.write_dump(tmp_path / "raw", 0.2)
    pipeline.run(tmp_path / "raw", tmp_path / "processed")
    snapshot = snapshots.locate_current(tmp_path / "processed")
    assert pl.read_parquet(snapshot / "comments").height == written
    assert pl.read_parquet(snapshot / "rejects.parquet").is_empty()
