"""What a run does with what it finds: changes, removals, failures."""

import shutil
from datetime import UTC, datetime

import polars as pl
import pytest
from support import CHECKOUT, contents, page

import threadmill
from threadmill.errors import RunFailed
from threadmill.models import checks, memory, running, summary
from threadmill.pipeline import rebuild
from threadmill.publish import snapshots
from threadmill.storage import tables


def parquet(processed):
    """Return the bytes of the published tables, without the one that names the run."""
    snapshot = snapshots.locate_current(processed)
    files = contents(snapshot)
    return {
        name: data
        for name, data in files.items()
        if name.endswith(".parquet") and "runs" not in name
    }


def published(processed):
    """Return the bytes of all that a reader sees, without the notes on how runs ended."""
    return {name: data for name, data in contents(processed).items() if name != ".runs.json"}


def write(raw, name, text):
    path = raw / "substack" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_nothing_new_publishes_nothing(project):
    first = threadmill.run()
    before = published(project / "data" / "processed")
    second = threadmill.run()
    assert (first.is_new, second.is_new) == (True, False)
    assert second.figures == first.figures
    assert published(project / "data" / "processed") == before


def test_a_touched_but_equal_document_publishes_nothing(published_project):
    (published_project / "data" / "raw" / "substack" / "ms-lazarus-effect.txt").touch()
    assert not threadmill.run().is_new


def test_a_changed_sidecar_is_seen(published_project):
    sidecar = published_project / "data" / "raw" / "substack" / "ms-lazarus-effect.toml"
    sidecar.write_text('host = "Helen"\n', encoding="utf-8")
    threadmill.run()
    with threadmill.connect() as con:
        assert con.execute(
            "select distinct author_name from comments where is_host"
        ).fetchall() == [("Helen",)]


def test_a_removed_document_takes_its_rows_with_it(project):
    raw = project / "data" / "raw"
    extra = write(raw, "extra.txt", page())
    threadmill.run()
    extra.unlink()
    threadmill.run()
    with threadmill.connect() as con:
        assert con.execute("select thread_id from threads").fetchall() == [
            ("substack:ms-lazarus-effect",)
        ]
        assert con.execute("select count(*) from comments").fetchall() == [(42,)]


def test_only_the_buckets_of_a_changed_document_are_read_again(project):
    raw = project / "data" / "raw"
    for number in range(40):
        write(raw, f"t{number}.txt", page(first=f"Remark {number}."))
    assert threadmill.run().documents_read == 41
    write(raw, "t7.txt", page(first="Something else."))
    assert threadmill.run().documents_read < 10


def test_the_same_bytes_come_out_whatever_the_grouping(project, monkeypatch):
    raw = project / "data" / "raw"
    for number in range(30):
        write(raw, f"t{number}.txt", page(first=f"Remark {number}."))
    threadmill.run(processed=project / "together")
    monkeypatch.setattr(rebuild, "GROUP_BYTES", 1)
    monkeypatch.setattr("threadmill.read.documents.BATCH_BYTES", 1)
    threadmill.run(processed=project / "apart")
    assert parquet(project / "together") == parquet(project / "apart")


def test_documents_that_cannot_be_read_leave_the_others_unharmed(project):
    raw = project / "data" / "raw" / "substack"
    (raw / "empty.txt").write_bytes(b"\xef\xbb\xbf \n")
    (raw / "binary.txt").write_bytes(b"ab\ncd\0ef")
    (raw / "latin.txt").write_bytes("Zoë's avatar\n\ncafé\n".encode("latin-1"))
    (raw / "utf16.txt").write_bytes(page().encode("utf-16"))
    (raw / "huge.txt").write_bytes(b"x\n" + b"y" * (2**20 + 1))
    (raw / "other.txt").write_text("Just an essay.\n", encoding="utf-8")
    (raw / "lone.toml").write_text('host = "Bo"\n', encoding="utf-8")
    (raw / "away.txt").symlink_to("/etc/hostname")
    (project / "data" / "raw" / "stray.txt").write_text("Just an essay.\n", encoding="utf-8")
    (project / "data" / "raw" / "fidonet").mkdir()
    (project / "data" / "raw" / "fidonet" / "x.txt").write_text("hello\n", encoding="utf-8")
    threadmill.run()
    with threadmill.connect() as con:
        rejects = con.execute(
            "select source_path, line, reason_code from rejects order by all"
        ).fetchall()
        assert con.execute("select count(*) from comments").fetchall() == [(42,)]
    assert rejects == [
        ("fidonet/x.txt", None, "platform_not_supported"),
        ("stray.txt", None, "no_platform"),
        ("substack/away.txt", None, "outside_raw"),
        ("substack/binary.txt", 2, "binary"),
        ("substack/empty.txt", None, "empty"),
        ("substack/huge.txt", 2, "huge_line"),
        ("substack/latin.txt", 1, "wrong_encoding"),
        ("substack/lone.toml", None, "lone_sidecar"),
        ("substack/other.txt", None, "variant_not_supported"),
        ("substack/utf16.txt", None, "wrong_encoding"),
    ]


def test_strict_fails_on_a_reject_and_publishes_nothing(project):
    (project / "data" / "raw" / "substack" / "empty.txt").touch()
    with pytest.raises(RunFailed, match="1 reject "):
        threadmill.run(strict=True)
    assert snapshots.read_current(project / "data" / "processed") is None


def test_a_failing_check_publishes_nothing_and_names_the_rows(published_project, monkeypatch):
    processed = published_project / "data" / "processed"
    before = published(processed)
    own = published_project / "sql"
    shutil.copytree(threadmill.paths.sql_folder(), own)
    rule = "-- Nobody is called Helen.\nselect comment_id, author_name from comments where author_name = 'Helen'\n"
    (own / "checks" / "comments_by_helen.sql").write_text(rule, encoding="utf-8")
    monkeypatch.setattr("threadmill.paths.sql_folder", lambda: own)
    with pytest.raises(RunFailed, match=r"comments_by_helen: 3 rows.*comment_id substack:"):
        threadmill.run()
    assert published(processed) == before


def test_queries_without_enough_memory_publish_nothing_and_say_what_to_set(project, monkeypatch):
    monkeypatch.setenv("THREADMILL_MEMORY", "1MB")
    with pytest.raises(RunFailed, match=r"THREADMILL_MEMORY says.*nothing was published"):
        threadmill.run()


def test_queries_that_lack_memory_are_given_more(project, monkeypatch):
    def made():
        snapshot = snapshots.locate_current(project / "data" / "processed")
        return {one.name: one.read_bytes() for one in snapshot.glob("[!r]*.parquet")}

    threadmill.run()
    before = made()
    monkeypatch.delenv("THREADMILL_MEMORY", raising=False)
    # A megabyte, with which the test above fails; files are read, as large ones are.
    monkeypatch.setattr(memory, "THREAD_BYTES", 2**20)
    monkeypatch.setattr(memory, "COMMENT_BYTES", 1)
    monkeypatch.setattr(running, "SMALL_BYTES", 0)
    with running.open_tables(project, 1) as con:
        assert con.execute("select current_setting('memory_limit')").fetchall() == [("1.0 MiB",)]
    threadmill.run(full=True, jobs=1)
    assert made() == before


def test_a_broken_reference_is_found(published_project):
    snapshot = snapshots.locate_current(published_project / "data" / "processed")
    part = next((snapshot / "replies").iterdir())
    broken = pl.read_parquet(part).with_columns(thread_id=pl.lit("substack:nowhere"))
    part.unlink()
    tables.write("replies", broken, part)
    with threadmill.connect() as con:
        failed = {failure.check for failure in checks.run(con)}
    assert {"replies_thread_id", "replies_across_threads"} <= failed


def test_a_check_finds_what_no_run_would_have_written(published_project):
    path = snapshots.locate_current(published_project / "data" / "processed") / "threads.parquet"
    broken = pl.read_parquet(path).with_columns(
        platform=pl.lit(None, pl.String), host_source=pl.lit("a guess")
    )
    path.unlink()
    broken.write_parquet(path)
    with threadmill.connect() as con:
        (failure,) = checks.run(con)
    assert failure.check == "threads_values"
    assert failure.rows == [
        {
            "thread_id": "substack:ms-lazarus-effect",
            "finding": "platform is null, host_source is another",
        }
    ]


def test_a_run_is_published_after_its_checks(project):
    checked_at = []

    def step(name, work):
        done = work()
        if name == "checks":
            checked_at.append(datetime.now(UTC).replace(tzinfo=None))
        return done

    threadmill.run(stage=step)
    with threadmill.connect() as con:
        ((published_at,),) = con.execute("select published_at from runs").fetchall()
    assert checked_at[0] < published_at < datetime.now(UTC).replace(tzinfo=None)


@pytest.fixture
def knots(project):
    """A project of one video whose replies name whom they mean; returns its snapshot."""
    raw = project / "data" / "raw"
    shutil.rmtree(raw)
    (raw / "youtube").mkdir(parents=True)
    case = CHECKOUT / "tests" / "sources" / "youtube" / "replies_name_whom_they_mean"
    shutil.copyfile(case / "raw.json", raw / "youtube" / "knots.json")
    threadmill.run()
    return snapshots.locate_current(project / "data" / "processed")


def test_an_addressee_is_a_candidate_and_counts_nowhere(knots):
    with threadmill.connect() as con:
        sums = con.execute(
            "select sum(probability::decimal(9, 6))::double, count(*) from reply_candidates group by comment_id"
        ).fetchall()
        expected = con.execute(
            "select reply_count, expected_reply_count, reply_probability from comment_engagement order by 1 desc"
        ).fetchall()
        priors = con.execute("select reply_prior from threads").fetchall()
        said = summary.lines(summary.measure(con), knots)
    assert sums == [(1.0, 2)] * 5
    assert expected[0] == (8, 8.0, 0.0)
    assert sorted(expected[1:]) == [(0, 0.0, 0.0), *[(0, 0.0, 1.0)] * 8]
    assert priors == [(None,)]
    assert dict(said)["Replies"] == "8, as the source gives them"


def test_candidates_at_odds_with_replies_are_found(knots):
    part = next((knots / "reply_candidates").iterdir())
    broken = pl.read_parquet(part).with_columns(is_inferred=pl.lit(True))
    part.unlink()
    tables.write("reply_candidates", broken, part)
    with threadmill.connect() as con:
        assert {failure.check for failure in checks.run(con)} == {"candidates_at_odds_with_replies"}


def test_a_snapshot_with_a_lost_file_is_rebuilt(published_project):
    processed = published_project / "data" / "processed"
    before = parquet(processed)
    lost = snapshots.locate_current(processed) / "threads.parquet"
    lost.unlink()
    assert threadmill.run().is_new
    assert parquet(processed) == before


def test_two_files_of_one_thread_are_not_two_threads(project):
    raw = project / "data" / "raw"
    write(raw, "talk.txt", page())
    write(raw, "talk@2026-01-05.txt", page(first="A first remark, later."))
    threadmill.run()
    with threadmill.connect() as con:
        ids = con.execute(
            "select thread_id from threads where source_path like '%talk%'"
        ).fetchall()
    assert ids == [("substack:talk",)]


def test_one_name_in_two_publications_is_two_authors(project):
    raw = project / "data" / "raw"
    for stem, host in (("one", "a.example"), ("two", "b.example"), ("three", "a.example")):
        write(raw, f"{stem}.txt", page(first=stem))
        (raw / "substack" / f"{stem}.toml").write_text(
            f'url = "https://{host}/p/{stem}"\n', encoding="utf-8"
        )
    threadmill.run()
    with threadmill.connect() as con:
        ids = con.execute(
            "select distinct author_id from comments where author_name = 'Bo'"
        ).fetchall()
    assert len(ids) == 2
