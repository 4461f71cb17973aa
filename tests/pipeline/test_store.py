"""What was parsed is kept: a run reads what changed and builds threads that differ; it loses nothing with the store."""

import stat

import polars as pl
import pytest
from support.edit_sequences import Project

from threadmill import pipeline
from threadmill.errors import Mistake
from threadmill.publish import snapshots


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path / "project")


def store(project):
    return project.raw.parents[1] / "parsed"


def published(project, table, processed="stepwise"):
    snapshot = snapshots.locate_current(project.folder / processed)
    place = snapshot / table
    return pl.read_parquet(place / "*.parquet" if place.is_dir() else place.with_suffix(".parquet"))


def inodes(project, table):
    snapshot = snapshots.locate_current(project.folder / "stepwise")
    return {path.name: path.stat().st_ino for path in (snapshot / table).iterdir()}


def equals_all_at_once(project):
    project.run("at_once", full=True)
    return project.tables("stepwise") == project.tables("at_once")


def test_a_new_capture_alone_is_read(project):
    project.do("write", "bo@2026-01-05", "Ann, thanks.")
    assert project.run("stepwise").documents_read == 1
    assert published(project, "captures").group_by("thread_id").len()["len"].max() == 2
    assert equals_all_at_once(project)


def test_a_capture_that_now_is_the_first_renames_the_thread_of_all(project):
    project.do("write", "bo@2026-01-05", "Ann, thanks.")
    project.do("sidecar", "bo@2026-01-05", 'url = "https://one.example.org/p/x"')
    project.run("stepwise")
    project.do("remove", "bo")
    project.run("stepwise")
    assert equals_all_at_once(project)


def test_a_document_that_says_the_same_builds_nothing(project):
    before = inodes(project, "comments")
    project.do("sidecar", "bo", "# Nothing.\n")
    assert project.run("stepwise").documents_read == 1
    assert inodes(project, "comments") == before


def test_an_export_written_again_with_a_comment_more_builds_its_thread_alone(project):
    said = [(number, post) for post, number in ((1, 1), (2, 2))]
    project.do("dump", "old", said)
    project.run("stepwise")
    before = inodes(project, "comments")
    project.do("dump", "old", [*said, (3, 1)])
    project.run("stepwise")
    after = inodes(project, "comments")
    assert len(after.items() - before.items()) == 1
    assert equals_all_at_once(project)


def test_an_id_of_two_threads_goes_to_the_other_one_when_its_owner_leaves(project):
    project.do("dump", "old", [(1, 1)])
    project.do("dump", "new", [(1, 2), (2, 2)])
    project.run("stepwise")
    assert "id_of_another_thread" in set(published(project, "rejects")["reason_code"])
    project.do("dump", "old", [])
    assert project.run("stepwise").documents_read == 0
    assert published(project, "rejects").is_empty()
    assert equals_all_at_once(project)


def test_a_contested_id_makes_no_other_night_a_full_run(project):
    project.do("dump", "old", [(1, 1)])
    project.do("dump", "new", [(1, 2)])
    project.run("stepwise")
    before = inodes(project, "comments")
    project.do("write", "cy", "Something else.")
    assert project.run("stepwise").documents_read == 1
    assert len(inodes(project, "comments").items() - before.items()) == 1


def test_rejects_of_documents_that_are_not_read_stay(project):
    project.do("write", "ann", "ab\0c")
    project.do("dump", "old", [(1, 1), (1, 1)])
    project.run("stepwise")
    before = published(project, "rejects")
    assert {"binary", "repeated_id"} <= set(before["reason_code"])
    project.do("write", "cy", "Something else.")
    project.run("stepwise")
    assert published(project, "rejects").equals(before)


def test_corrections_of_documents_that_are_not_read_stay(project):
    project.do("replies", "bo", "comment,parent\n1,\n")
    project.run("stepwise")
    project.do("write", "cy", "Something else.")
    assert project.run("stepwise").documents_read == 1
    assert "a person's edit" in set(published(project, "comments")["parent_evidence"].drop_nulls())
    assert equals_all_at_once(project)


def test_a_removed_document_is_physically_gone(project):
    project.do("write", "ann", "Quokkas laugh.")
    project.run("stepwise")
    project.do("remove", "ann")
    project.run("stepwise")
    kept = [path for path in store(project).rglob("*") if path.suffix in (".arrow", ".parquet")]
    assert kept
    read = {".arrow": pl.read_ipc, ".parquet": pl.read_parquet}
    for path in kept:
        rows = read[path.suffix](path).select(pl.concat_str(pl.col(pl.String).fill_null("")))
        assert not any("quokkas" in text.lower() for text in rows.to_series()), path


def test_a_run_that_was_refused_leaves_the_next_one_right(project):
    project.do("write", "ann", "ab\0c")
    with pytest.raises(pipeline.RunFailed):
        project.run("stepwise", strict=True)
    assert project.run("stepwise").is_new
    assert equals_all_at_once(project)


@pytest.mark.parametrize("how", ["lose", "cut", "flip", "forget"])
def test_without_what_was_parsed_everything_is_read_and_only_what_differs_built(project, how):
    before = inodes(project, "comments")
    project.harm(how)
    project.do("write", "cy", "Something else.")
    assert project.run("stepwise").documents_read == 3
    assert len(inodes(project, "comments").items() - before.items()) == 1
    assert equals_all_at_once(project)


def test_one_store_serves_every_processed_folder(project):
    project.do("write", "cy", "Something else.")
    project.run("stepwise")
    other = project.run("other")
    assert (other.is_new, other.documents_read) == (True, 0)
    assert project.tables("stepwise") == project.tables("other")


def test_it_is_for_its_owner_alone(project):
    assert stat.S_IMODE(store(project).stat().st_mode) == 0o700
    modes = {stat.S_IMODE(p.stat().st_mode) for p in store(project).iterdir() if p.is_file()}
    assert modes == {0o600}


def test_nothing_is_kept_where_that_is_set(project, monkeypatch):
    monkeypatch.setenv("THREADMILL_STORE", "none")
    project.harm("lose")
    project.do("write", "cy", "Something else.")
    assert project.run("stepwise").documents_read == 3
    assert not store(project).exists()
    assert equals_all_at_once(project)


def test_it_takes_no_folder_that_holds_other_things(project, monkeypatch, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "my-own.arrow").write_text("Mine.")
    monkeypatch.setenv("THREADMILL_STORE", str(tmp_path / "mine"))
    project.do("write", "cy", "Something else.")
    with pytest.raises(Mistake, match="isn't empty and no store"):
        project.run("stepwise")
    assert (tmp_path / "mine" / "my-own.arrow").exists()


def test_a_place_that_cannot_be_written_is_a_sentence_with_advice(project, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("THREADMILL_STORE", str(tmp_path / "file" / "parsed"))
    project.do("write", "cy", "Something else.")
    with pytest.raises(
        Mistake, match=r"can't keep there what was parsed \(Not a directory\); set `store`"
    ):
        project.run("stepwise")


def test_leftovers_of_a_run_that_crashed_go(project):
    (store(project) / "comments-07-deadbeef.arrow").write_text("Words.")
    (store(project) / "index.json.deadbeef").write_text("{}")
    (store(project) / "spill-deadbeef").mkdir()
    project.do("write", "cy", "Something else.")
    project.run("stepwise")
    assert not list(store(project).glob("*deadbeef*"))


def test_it_never_lies_where_tables_are_published(project, monkeypatch):
    monkeypatch.setenv("THREADMILL_STORE", str(project.folder / "stepwise" / "parsed"))
    project.do("write", "cy", "Something else.")
    with pytest.raises(Mistake, match="hold people's words"):
        project.run("stepwise")
