"""Whatever fails, no record and no log quotes what people wrote: a name is planted in every kind of failure."""

import json
import shutil
import subprocess
import sys

import polars as pl
import pytest
from support import CHECKOUT, page, surroundings
from typer.testing import CliRunner

from threadmill import cli, paths, pipeline
from threadmill.errors import BrokenTable
from threadmill.pipeline import status
from threadmill.pipeline.building import Outlet
from threadmill.privacy.guard import Guard
from threadmill.storage import tables

NAME = "Quillfeather"


@pytest.fixture
def planted(project, monkeypatch):
    """A project in which somebody of that name says so, and a release's files of its own."""
    text = page(f"I am {NAME}.", f"Hello {NAME}!").replace("Ada Quill", NAME)
    (project / "data" / "raw" / "substack" / "talk.txt").write_text(text, encoding="utf-8")
    files = project / "files"
    shutil.copytree(CHECKOUT / "sql", files / "sql")
    shutil.copytree(CHECKOUT / "data" / "vocabulary", files / "vocabulary")
    monkeypatch.setattr(paths, "FILES", files)
    return project


def rule(query):
    def change(project):
        path = project / "files" / "sql" / "checks" / "planted.sql"
        path.write_text(f"-- Nothing.\n{query} order by all\n", encoding="utf-8")

    return change


def model(project):
    path = project / "files" / "sql" / "quality" / "reply_confidence.sql"
    query = path.read_text(encoding="utf-8")
    wrong = "order by (select max(author_name::integer) from comments), platform"
    path.write_text(query.replace("order by platform", wrong), encoding="utf-8")


def vocabulary(project):
    with (project / "files" / "vocabulary" / "generic" / "terms.csv").open("a") as file:
        file.write(f"{NAME},{NAME}\n")


FAILURES = {
    "vocabulary": (vocabulary, "generic/terms.csv"),
    "check": (rule("select comment_id, text, author_name from comments"), "planted: 44 rows break"),
    "nowhere": (rule("select author_name from comments"), "Its columns: author_name"),
    "cast": (rule("select text::integer as n from comments"), "ConversionException in checks.py"),
    "raised": (rule("select error(author_name) from comments"), "InvalidInputException in"),
    "model": (model, "ConversionException in"),
}
OPERATORS = {"vocabulary"}
"""Files of the operator, who is told at the terminal what is wrong in them."""


@pytest.mark.parametrize("kind", FAILURES)
def test_no_failure_leaves_a_name_in_a_record(kind, planted):
    change, said = FAILURES[kind]
    change(planted)
    ended = CliRunner().invoke(cli.app, ["run", "--jobs", "1"])
    assert isinstance(ended.exception, pipeline.RunFailed)
    kept = (planted / "data" / "processed" / ".runs.json").read_text(encoding="utf-8")
    why = json.loads(kept)["failed"]["why"]
    assert NAME not in kept
    if kind not in OPERATORS:
        assert NAME not in str(ended.exception)
        assert said in str(ended.exception)
    assert said in why


def test_a_key_that_occurs_twice_is_named_and_counted(milled, tmp_path):
    rows = pl.read_parquet(milled / "comments" / "*.parquet")
    said = f"comments: {2 * rows.height} rows share a key (comment_id)"
    with pytest.raises(BrokenTable) as raised, status.recorded(tmp_path, tmp_path):
        tables.conform("comments", pl.concat([rows, rows]))
    assert str(raised.value) == said
    assert status.read(tmp_path).failure == said


def test_a_value_that_a_table_does_not_take_is_counted(milled):
    rows = pl.read_parquet(milled / "threads.parquet").with_columns(host_source=pl.lit(NAME))
    with pytest.raises(BrokenTable, match="other values in 1 of 1 rows") as raised:
        tables.conform("threads", rows)
    assert NAME not in str(raised.value)


def test_a_worker_that_fails_quotes_nothing(tmp_path):
    for name in ("stale", "published", "corrections"):
        (tmp_path / f"{name}.arrow").write_text(NAME, encoding="utf-8")
    outlet = Outlet(tmp_path, tmp_path, Guard())
    with subprocess.Popen(
        [sys.executable, "-m", "threadmill.pipeline.workers", CHECKOUT / "data" / "vocabulary"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=surroundings(), text=True,
    ) as worker:  # fmt: skip
        worker.stdin.write(json.dumps([outlet.dump()]) + '\n["build", 0, [0]]\n')
        worker.stdin.flush()
        kind, sentence = json.loads(worker.stdout.readline())
        worker.kill()
    assert kind == "fault"
    assert "in building.py, line" in sentence
    assert NAME not in sentence
