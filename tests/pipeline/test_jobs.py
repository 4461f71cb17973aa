"""What is published doesn't depend on the number of jobs, rejects included."""

import json

import polars as pl
import pytest
from support.renderers import FORMATS, MAPPING, Said

from threadmill import pipeline
from threadmill.measure.bench import corpus
from threadmill.pipeline import rebuild
from threadmill.publish import snapshots

TALK = [
    Said(0, None, "Ada", "Does a bowline slip when it is wet?", 1_700_000_000, 3),
    Said(1, 0, "Bo", "Mine never did.", 1_700_000_060, 1),
    Said(2, 1, "Cy", "Nylon does.", 1_700_000_120, 0),
    Said(3, None, "Di", "Nice photographs.", 1_700_000_180, 2),
]
LOOP = [
    TALK[0],
    Said(4, 5, "Ed", "Below.", 1_700_000_240, 0),
    Said(5, 4, "Flo", "Above.", 1_700_000_300, 0),
]
"""Formats that nest replies can't write one; those that name parents can."""
REPEATS = 150


@pytest.fixture(autouse=True)
def _many_processes(monkeypatch):
    monkeypatch.setattr(rebuild, "WORKERS_BYTES", 1)


def published(raw, processed, jobs):
    """Return the bytes of each Parquet file that a run with `jobs` publishes, by its path, but for `runs`."""
    pipeline.run(raw, processed, jobs=jobs)
    snapshot = snapshots.locate_current(processed)
    files = {path.relative_to(snapshot).as_posix(): path for path in snapshot.rglob("*.parquet")}
    return {name: path.read_bytes() for name, path in files.items() if name != "runs.parquet"}


def rejects(processed):
    return pl.read_parquet(processed / "current" / "rejects.parquet")


@pytest.mark.slow
def test_the_same_bytes_come_out_of_pages_at_any_number_of_jobs(tmp_path):
    corpus.write(tmp_path / "raw", 0.3)
    one, two, four = (published(tmp_path / "raw", tmp_path / f"{jobs}", jobs) for jobs in (1, 2, 4))
    assert one == two == four


def test_the_same_bytes_come_out_of_every_format_with_repeats_loops_and_rejects(tmp_path):
    raw = tmp_path / "raw"
    for form, (platform, render, _, _) in FORMATS.items():
        (raw / platform).mkdir(parents=True, exist_ok=True)
        documents = {"talk": TALK, "repeats": [*TALK, *TALK[:2]], "loop": LOOP}
        for name, said in documents.items():
            (raw / platform / f"{form}-{name}.txt").write_text(render(said), encoding="utf-8")
        (raw / platform / f"{form}-broken.txt").write_text(render(TALK)[:40], encoding="utf-8")
        if form == "table":
            (raw / platform / "columns.toml").write_text(MAPPING, encoding="utf-8")
    assert published(raw, tmp_path / "1", 1) == published(raw, tmp_path / "2", 2)
    codes = set(rejects(tmp_path / "1")["reason_code"])
    assert {"repeated_id", "parent_loop"} <= codes
    assert len(codes) > 3


@pytest.mark.slow
def test_comments_of_many_threads_left_out_for_one_reason_are_one_reject_at_any_number_of_jobs(
    tmp_path,
):
    folder = tmp_path / "raw" / "forum"
    folder.mkdir(parents=True)
    rows = [
        {"key": f"k{number}", "thread": f"t{number}", "who": "Ada", "words": words}
        for number in range(REPEATS)
        for words in ("Once.", "Again.")
    ]
    (folder / "all.json").write_text(json.dumps(rows), encoding="utf-8")
    mapping = 'comment_id = "key"\nthread_id = "thread"\nauthor_name = "who"\ntext = "words"\n'
    (folder / "columns.toml").write_text(mapping, encoding="utf-8")
    assert published(tmp_path / "raw", tmp_path / "1", 1) == published(
        tmp_path / "raw", tmp_path / "2", 2
    )
    found = rejects(tmp_path / "2").filter(reason_code="repeated_id")
    assert found["reason"].to_list() == [f"left out: {REPEATS} × an id that an earlier comment has"]
