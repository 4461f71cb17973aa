"""The table `fetches`: the same after many runs as after one, and what profiles and erasures leave of it."""

import pytest
from support.watched import make_thread

from threadmill import pipeline
from threadmill.publish import catalog, snapshots


@pytest.fixture
def two(sites, watched, monkeypatch):
    """Two topics, one of which fails the second time, each fetch followed by a run; also the processed folder."""
    monkeypatch.setenv("THREADMILL_HOME", str(watched.folder))
    monkeypatch.setenv("THREADMILL_KEYS", str(watched.folder / "keys"))
    watched.watch({"address": f"{sites.base}/t/1"}, {"address": f"{sites.base}/t/2"})
    processed = watched.folder / "data" / "processed"
    sites.serve(make_thread(1, 3), make_thread(2, 4))
    watched.fetch()
    pipeline.run(watched.raw, processed, jobs=1)
    sites.serve(make_thread(1, 5), faults=[{"path": "/t/2", "status": 500}])
    watched.fetch(1)
    return watched, processed


def read(processed):
    with catalog.connect(processed) as con:
        return con.sql("from fetches").pl()


def test_runs_one_after_the_other_give_what_a_full_run_gives(two, tmp_path):
    watched, processed = two
    done = pipeline.run(watched.raw, processed, jobs=1)
    assert (done.is_new, done.documents_read) == (True, 1)
    assert "more was fetched" in done.reasons
    again = pipeline.run(watched.raw, processed, jobs=1)
    assert not again.is_new
    pipeline.run(watched.raw, tmp_path / "full", jobs=1, full=True)
    assert read(processed).equals(read(tmp_path / "full"))
    assert read(processed)["new_comment_count"].to_list() == [3, 4, 2, None]
    assert read(processed)["outcome"].to_list() == ["captured", "captured", "captured", "failed"]


def test_a_fetch_without_news_reads_and_builds_nothing(two):
    watched, processed = two
    pipeline.run(watched.raw, processed, jobs=1)
    before = snapshots.locate_current(processed)
    watched.fetch(1)
    done = pipeline.run(watched.raw, processed, jobs=1)
    assert (done.is_new, done.documents_read, done.reasons) == (True, 0, ["more was fetched"])
    same = list(before.glob("comments/*.parquet"))
    assert same
    now = snapshots.locate_current(processed)
    assert all((now / "comments" / path.name).samefile(path) for path in same)


def test_a_profile_leaves_no_address_site_or_file(two):
    watched, _ = two
    (watched.folder / "threadmill.toml").write_text(
        '[profiles.study]\nprofile = "pseudonymous"\nrelease = "2026"\n'
    )
    processed = watched.folder / "data" / "processed-study"
    pipeline.run(watched.raw, processed, jobs=1, profile="study")
    fetches = read(processed)
    assert fetches["url"].null_count() == fetches.height == 4
    said = str(fetches.rows())
    assert "127.0.0.1" not in said
    assert ".json" not in said
    assert {at.hour for at in fetches["fetched_at"]} == {0}
    assert fetches["new_comment_count"].to_list() == [3, 4, 2, None]
    with catalog.connect(processed) as con:
        joined = con.sql(
            "select count(*) from fetches join captures on capture_path = source_path "
            "join threads using (thread_id) where site != ''"
        ).fetchall()
    assert joined == [(3,)]


def test_an_erased_thread_leaves_it(two):
    from threadmill.pipeline import erasing
    from threadmill.pipeline.matching import Wanted

    watched, processed = two
    pipeline.run(watched.raw, processed, jobs=1)
    places = erasing.list_places(watched.raw, processed)
    matched = erasing.find(places, Wanted(threads=("discourse:127.0.0.1/1",)), 1)
    erasing.note(places, matched, "", erasing.RECORD)
    (ended,) = erasing.resume(places, 1)
    assert ended.is_done
    assert read(processed)["url"].str.tail(4).unique().to_list() == ["/t/2"]
