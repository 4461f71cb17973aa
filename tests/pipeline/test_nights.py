"""Tables that join threads: a run makes what stale threads touch, counts on, and gives the bytes of a full run."""

import shutil

import polars as pl
import pytest
from support import page
from support.edit_sequences import Project

from threadmill import replies
from threadmill.pipeline import fingerprint
from threadmill.publish import snapshots
from threadmill.storage import buckets, tables


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path / "project", is_large=True)


def published(project, table):
    snapshot = snapshots.locate_current(project.folder / "stepwise")
    return pl.concat(pl.read_parquet(file) for file in tables.files(snapshot, table))


def kept(project):
    return project.raw.parents[1] / "parsed" / "kept"


def equals_all_at_once(project):
    project.run("at_once", full=True)
    return project.tables("stepwise") == project.tables("at_once")


def spelled(first, second, names=("Ada Quill", "Bo")):
    text = page(first=first, second=second)
    return text.replace("Ada Quill", names[0]).replace("Bo'", f"{names[1]}'")


def test_two_new_people_change_what_is_said_of_others_with_their_first_name(project):
    for stem in ("always", "bo", "cy"):
        project.do("sidecar", stem, 'publication = "one"')
    project.run("stepwise")
    warnings = published(project, "author_engagement").select("author_name", "name_warning")
    assert ("Bo", "first_name_only") in warnings.rows()
    project.put(project.raw / "dee.txt", spelled("A word.", "Two.", ("Bo Okafor", "Eve")))
    project.do("sidecar", "dee", 'publication = "one"')
    project.run("stepwise")
    warnings = published(project, "author_engagement").select("author_name", "name_warning")
    assert ("Bo", "first_name_shared") in warnings.rows()
    assert equals_all_at_once(project)


def test_a_second_thread_of_a_publication_makes_newcomers_of_its_people(project):
    project.do("sidecar", "bo", 'publication = "two"')
    project.do("remove", "always")
    project.do("remove", "cy")
    project.run("stepwise")
    assert set(published(project, "author_engagement")["is_returning"]) == {None}
    project.put(project.raw / "dee.txt", spelled("A word.", "Two.", ("Cleo", "Eve")))
    project.do("sidecar", "dee", 'publication = "two"')
    project.run("stepwise")
    assert set(published(project, "author_engagement")["is_returning"]) == {False}
    assert equals_all_at_once(project)
    project.do("remove", "dee")
    project.run("stepwise")
    assert set(published(project, "author_engagement")["is_returning"]) == {None}
    assert equals_all_at_once(project)


def test_another_thread_may_decide_in_which_language_a_thread_is(project):
    both = "the the the the pero pero pero pero"
    others = " ".join(f"zorbium{number % 7} quokka{number % 5}" for number in range(300))
    project.put(project.raw / "ann.txt", spelled(both, both))
    project.put(project.raw / "bo.txt", spelled(others, "the of and"))
    project.run("stepwise")
    assert "pero" in set(published(project, "thread_keywords")["word"])
    project.put(project.raw / "bo.txt", spelled(others, 9 * "para el perro que las los como una "))
    project.run("stepwise")
    assert "pero" not in set(published(project, "thread_keywords")["word"])
    assert equals_all_at_once(project)


def test_words_of_a_removed_document_are_physically_gone(project):
    project.do("write", "ann", "Quokkas laugh.")
    project.run("stepwise")
    project.do("remove", "ann")
    project.run("stepwise")
    rows = [pl.read_parquet(path) for path in kept(project).rglob("*.parquet")]
    words = {word for some in rows if "word" in some.columns for word in some["word"]}
    assert "remark" in words
    assert "quokkas" not in words


def test_without_what_models_kept_everything_is_counted_again(project):
    for folder in kept(project).glob("*/*/words"), kept(project).glob("*/*"):
        for one in folder:
            shutil.rmtree(one)
        project.do("write", "cy", "Something else.")
        project.run("stepwise")
        assert equals_all_at_once(project)


def test_topics_follow_what_is_said_of_them(project):
    project.do("topics", "remark")
    project.run("stepwise")
    project.do("write", "ann", "Another remark on remarks: a remark.")
    project.run("stepwise")
    project.do("write", "cy", "No more of it.")
    project.run("stepwise")
    assert published(project, "topic_transitions").height
    assert equals_all_at_once(project)


def find_neighbour():
    """Return the stem of a page whose thread is in the bucket of bo's."""
    stems = [f"many-{number}" for number in range(500)]
    ids = pl.Series([f"substack:{stem}" for stem in ["bo", *stems]])
    own, *others = buckets.buckets(ids)
    return stems[others.index(own)]


def test_more_buckets_hold_what_is_too_much_and_no_thread_is_built_for_it(project, monkeypatch):
    project.do("write", find_neighbour(), "Bo, a remark.")
    project.run("stepwise")
    assert bucket_count(project) == 64
    monkeypatch.setattr(buckets, "FULL", 2)
    built = []

    def note(comments, *rest):
        built.extend(comments["thread_id"].unique())
        return replies.infer(comments, *rest)

    project.do("write", "cy", "Something else.")
    project.run("stepwise", infer=note, jobs=1)
    assert built == ["substack:cy"]
    assert bucket_count(project) > 64
    assert equals_all_at_once(project)
    # Never fewer again.
    count = bucket_count(project)
    monkeypatch.undo()
    project.harm("lose")
    project.do("write", "cy", "Once more.")
    project.run("stepwise")
    assert bucket_count(project) == count


def bucket_count(project):
    return snapshots.read_current(project.folder / "stepwise").bucket_count


def write_pack(project, threads):
    pack = project.vocabulary / "own"
    heading = 'name = "own"\nversion = "1"\nlicence = "CC0-1.0"\nlanguage = "en"\n'
    project.put(pack / "pack.toml", f'{heading}threads = ["substack:{threads}"]\n')
    project.put(pack / "terms.csv", "term,kind\nremark,concept\n")


def test_a_pack_that_holds_in_another_thread_finds_its_terms_there(project):
    write_pack(project, "bo")
    project.run("stepwise")
    own = pl.col("pack") == "own"
    assert set(published(project, "mentions").filter(own)["thread_id"]) == {"substack:bo"}
    write_pack(project, "cy")
    done = project.run("stepwise")
    assert done.reasons == ["mentions are found again: the vocabulary changed"]
    assert set(published(project, "mentions").filter(own)["thread_id"]) == {"substack:cy"}
    assert equals_all_at_once(project)


def write_fit(project, term):
    """Write what `topics fit` writes when it finds one topic."""
    pack = project.vocabulary / "discovered"
    heading = 'name = "discovered"\nversion = "1"\nlicence = "CC0-1.0"\nlanguage = "und"\n'
    project.put(pack / "pack.toml", f'{heading}[topics]\nd001 = "One"\n')
    project.put(pack / "topics.csv", f"topic,term,weight\nd001,{term},2.5\n")


def test_topics_fitted_again_are_those_of_all_comments(project):
    write_fit(project, "zorbium")
    project.run("stepwise")
    assert set(published(project, "comment_topics")["thread_id"]) == {"substack:always"}
    write_fit(project, "third")
    done = project.run("stepwise")
    assert done.reasons == ["models are run again: topics changed"]
    assert set(published(project, "comment_topics")["thread_id"]) == {"substack:cy"}
    assert equals_all_at_once(project)


def test_another_duckdb_runs_the_models_for_all_threads(project, monkeypatch):
    snapshot = snapshots.locate_current(project.folder / "stepwise")
    installed = fingerprint.version
    monkeypatch.setattr(
        fingerprint, "version", lambda name: "9" if name == "duckdb" else installed(name)
    )
    done = project.run("stepwise")
    assert done.reasons == ["models are run again: DuckDB changed"]
    assert done.documents_read == 0
    after = snapshots.locate_current(project.folder / "stepwise")
    for table, is_same in (("comments", True), ("comment_engagement", False)):
        for part in tables.files(snapshot, table):
            assert part.samefile(after / table / part.name) == is_same
