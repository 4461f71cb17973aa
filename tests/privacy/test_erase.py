"""What is erased is gone from all that is kept and published, for good, and nothing else changes."""

import contextlib
import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pytest
from support import CHECKOUT, page
from support.youtube import write_answer
from typer.testing import CliRunner

import threadmill
from threadmill import cli, export, pipeline, report, schema
from threadmill.errors import Mistake
from threadmill.pipeline import erasing, status
from threadmill.pipeline.matching import Wanted
from threadmill.privacy import erasures
from threadmill.privacy.scan import Needle, scan

HELEN, HOST, ADA = "Helen", "Gavin Giovannoni", "Ada_Quill"
OTHER = "# 2026-01-01 10:00:00\n+select 1;\n"
HISTORY = f"\n# 2026-01-01 09:00:00\n+select *\n+where author_name = '{HELEN}';\n\n{OTHER}"
TABLES = ("threads", "comments", "replies", "reply_candidates", "mentions")
DUMP = [
    ("c1", "p1", "Ada_Quill", "I think zorbium cures nothing at all, whatever the leaflet says. Ask Bo."),
    ("c2", "c1", "Bo", "> I think zorbium cures nothing at all, whatever the leaflet says.\nAda_Quill is right."),
    ("c3", "c2", "ada_quill2", "Somebody else, who is called nearly the same."),
    ("c4", "c1", "Cy", "The ada_quill of old would have laughed. u/Ada_Quill too."),
    ("c5", "c4", "Ada_Quill", "Laugh as you like, Cy, it does not make the leaflet any truer than it was."),
]  # fmt: skip


def write_dump(raw, rows=DUMP, name="talk.ndjson"):
    lines = [
        json.dumps(
            {
                "id": own,
                "link_id": "t3_p1",
                "parent_id": f"t3_{above}" if above.startswith("p") else f"t1_{above}",
                "author": author,
                "body": text,
                "created_utc": 1_700_000_000 + int(own[1:]) * 60,
                "permalink": f"/r/zorb/comments/p1/_/{own}/",
                "subreddit": "zorb",
            }
        )
        for own, above, author, text in rows
    ]
    (raw / "reddit").mkdir(exist_ok=True)
    (raw / "reddit" / name).write_text("\n".join(lines), encoding="utf-8")


def read(project, table):
    place = project / "data" / "processed" / "current" / table
    return pl.read_parquet(place / "*.parquet" if place.is_dir() else place.with_suffix(".parquet"))


def read_all(project):
    return {table: read(project, table) for table in TABLES}


def publish(folder, *, with_sample):
    """Make a project with a dump, and the sample, published twice, reported and exported; return what it published."""
    raw, processed = folder / "data" / "raw", folder / "data" / "processed"
    raw.mkdir(parents=True)
    if with_sample:
        shutil.copytree(CHECKOUT / "data" / "raw", raw, dirs_exist_ok=True)
        # An older snapshot besides.
        pipeline.run(raw, processed, jobs=1)
    write_dump(raw)
    pipeline.run(raw, processed, jobs=1)
    with threadmill.connect(processed) as con:
        report.write(con, None, folder / "report.html")
        export.write(con, "csv", folder / "csv")
    return read_all(folder)


def enter(patch, folder):
    """Let `folder` be the current project, with keys and histories of its own beside it."""
    patch.chdir(folder)
    patch.delenv("PREFECT_API_URL", raising=False)
    patch.setenv("XDG_CONFIG_HOME", str(folder.parent / "config"))
    patch.setenv("XDG_STATE_HOME", str(folder.parent / "state"))


class Erased(NamedTuple):
    """A project after an erasure."""

    home: Path
    before: dict
    """Its tables before."""
    needles: list
    seen: set
    """Where the needles were before."""
    said: str
    """What the command printed."""


@pytest.fixture(scope="module")
def erased(tmp_path_factory):
    """A project from which the command erased three authors: the sample's host, a reader, and one of a dump."""
    home = tmp_path_factory.mktemp("erased") / "project"
    before = publish(home, with_sample=True)
    history = home.parent / "state" / "threadmill" / "sql_history"
    history.parent.mkdir(parents=True)
    history.write_text(HISTORY, encoding="utf-8")
    (home / "csv" / "topic_pairs.csv").write_text("mine now")
    with pytest.MonkeyPatch.context() as patch:
        enter(patch, home)
        needles = needles_of(home, authors=(HELEN, HOST, ADA))
        seen = look(home, needles)
        names = [word for name in (HELEN, HOST, ADA) for word in ("--author", name)]
        said = erase(*names, "--also", "The Zorb Lady")
        yield Erased(home, before, needles, seen, said)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A published project with a dump alone."""
    home = tmp_path_factory.mktemp("small") / "project"
    publish(home, with_sample=False)
    return home


@pytest.fixture
def home(small, tmp_path, monkeypatch):
    """A copy of the small project, as the current folder."""
    folder = tmp_path / "project"
    shutil.copytree(small, folder, symlinks=True)
    ledger = folder / "data" / "processed" / ".written.jsonl"
    ledger.write_text(ledger.read_text().replace(str(small), str(folder)))
    enter(monkeypatch, folder)
    return folder


def run(*arguments):
    return CliRunner().invoke(cli.app, ["erase", *map(str, arguments)])


def erase(*arguments):
    ended = run(*arguments, "--raw-files", "record", "--yes", "--jobs", 1)
    assert ended.exit_code == 0, ended.output + str(ended.exception)
    return ended.stdout


def places(home):
    return erasing.Places(home / "data" / "raw", (home / "data" / "processed",))


def look(home, needles):
    kept = [path for path in home.iterdir() if path.name != "data"]
    kept += [path for path in (home / "data").iterdir() if path.name != "raw"]
    return {(str(hit.path.relative_to(home)), hit.place) for hit in scan(kept, needles).hits}


def needles_of(home, **wanted):
    return erasing.find(places(home), Wanted(**wanted), 1).needles


def is_erased(column="comment_id"):
    return pl.col(column).str.contains(":erased-").fill_null(value=False)


def list_others(rows, gone):
    """Return the rows of comments that aren't erased, without what points at those that are."""
    others = rows.filter(~pl.col("comment_id").is_in(gone), ~is_erased())
    if "response_s" in others.columns:
        # An answer's time and its pace tell when the erased comment was written.
        told = ~pl.col("parent_comment_id").is_in(gone) & ~is_erased("parent_comment_id")
        others = others.with_columns(response_s=pl.when(told).then("response_s"))
    columns = ("parent_comment_id", "root_comment_id", "target_comment_id", "parent_author_id")
    for name in set(columns) & set(others.columns):
        others = others.with_columns(
            pl.when(~pl.col(name).is_in(gone) & ~is_erased(name)).then(name).alias(name)
        )
    return others


def test_what_is_erased_is_gone_from_all_but_raw(erased):
    kinds = {path.partition("/")[0] for path, _ in erased.seen}
    assert kinds == {"report.html", "csv", "data"}
    assert erased.said.splitlines()[-1].startswith(
        "0 hits; nothing of it is left; data/erased/receipts/"
    )
    assert look(erased.home, erased.needles) == set()


def list_gone(erased):
    comments = erased.before["comments"]
    hers = comments.filter(pl.col("author_name").is_in([HELEN, HOST, ADA]))
    return hers, [*hers["comment_id"], *hers["author_id"].unique()]


def compare_others(erased, tables):
    """Fail unless rows of others are as they were, but for masked words."""
    hers, gone = list_gone(erased)
    assert erased.before["replies"]["parent_comment_id"].is_in(gone).any()
    after = read_all(erased.home)
    assert after["comments"].filter(is_erased()).height == hers.height
    for table in tables:
        one, other = (list_others(rows[table], gone) for rows in (after, erased.before))
        masked = {"text"} & set(one.columns)
        assert one.drop(masked).equals(other.drop(masked)), table
    changed = (
        list_others(after["comments"], gone)["text"]
        != list_others(erased.before["comments"], gone)["text"]
    )
    assert changed.sum() == 3


def test_others_rows_stay_as_they_are_and_all_of_it_when_everything_is_read_again(erased):
    compare_others(erased, ("comments", "replies", "reply_candidates"))
    assert status.read(erased.home / "data" / "processed").redone == []
    # From raw as it was, with nothing kept.
    shutil.rmtree(erased.home / "data" / "parsed")
    before = read_all(erased.home)
    pipeline.run(full=True, jobs=1)
    assert all(rows.equals(before[table]) for table, rows in read_all(erased.home).items())
    assert look(erased.home, erased.needles) == set()


def test_an_erased_comment_keeps_its_place_and_nothing_else(erased):
    before = list_gone(erased)[0].sort("thread_id", "position")
    after = read(erased.home, "comments").filter(is_erased()).sort("thread_id", "position")
    place = ["thread_id", "position", "depth", "parent_status", "descendant_count"]
    assert after.select(place).equals(before.select(place))
    assert after["text"].unique().to_list() == [""]
    left = {name for name in after.columns if after[name].null_count() < after.height}
    assert left == {
        *place, "comment_id", "platform", "text", "word_count", "is_deleted", "created_precision",
        "is_created_resolved", "is_question", "is_gratitude", "is_own_experience", "parent_comment_id",
        "parent_evidence", "root_comment_id", "subtree_depth",
    }  # fmt: skip
    assert set(after["parent_evidence"].drop_nulls()) == {"erased"}


def test_a_host_named_by_a_sidecar_leaves_and_a_nickname_is_masked(erased):
    threads = read(erased.home, "threads").filter(platform="substack")
    assert threads.select("host_name", "host_source").row(0) == (None, None)
    assert "Thank you for not giving up, █████ █████." in " ".join(
        read(erased.home, "comments")["text"]
    )


def test_quotations_and_names_in_what_others_wrote_are_masked_and_other_people_are_not(erased):
    rows = read(erased.home, "comments").filter(platform="reddit")
    texts = dict(rows.select("comment_id", "text").iter_rows())
    box = "█████"
    assert texts["reddit:c2"] == f"> {' '.join([box] * 7)}, {' '.join([box] * 4)}.\n{box} is right."
    assert texts["reddit:c4"] == f"The ada_quill of old would have laughed. {box}/{box} too."
    assert texts["reddit:c3"] == "Somebody else, who is called nearly the same."
    assert "ada_quill2" in rows["author_name"]


def test_reports_exports_older_snapshots_and_typed_queries_are_removed_but_for_what_others_changed(
    erased,
):
    assert (
        "csv/topic_pairs.csv: was changed since it was written, so it wasn't removed" in erased.said
    )
    assert [path.name for path in (erased.home / "csv").iterdir()] == ["topic_pairs.csv"]
    assert not (erased.home / "report.html").exists()
    history = erased.home.parent / "state" / "threadmill" / "sql_history"
    assert history.read_text(encoding="utf-8") == f"\n{OTHER}"


def test_the_receipt_names_the_raw_files_and_what_isnt_covered(erased):
    folder = erasures.find_folder(erased.home / "data" / "raw")
    (path,) = (folder / "receipts").iterdir()
    receipt = json.loads(path.read_text(encoding="utf-8"))
    assert receipt["raw_files_left"] == [
        "reddit/talk.ndjson", "substack/ms-lazarus-effect.toml", "substack/ms-lazarus-effect.txt",
    ]  # fmt: skip
    assert (receipt["is_done"], receipt["hits"], receipt["erased"]["authors"]) == (True, 0, 3)
    removed = receipt["removed"]
    assert (removed["snapshots"], removed["history_entries"]) == (2, 1)
    assert removed["reports_and_exports"] == len(
        schema.TABLES
    )  # all tables but one, and the report
    assert receipt["not_covered"]


def test_tombstones_and_receipts_say_nothing_without_the_key(erased):
    folder = erasures.find_folder(erased.home / "data" / "raw")
    assert scan([folder], erased.needles).hits == []
    stones = [json.loads(line) for line in (folder / "tombstones.jsonl").read_text().splitlines()]
    plain = "kind mac macs thread as scope first words is_plain erasure on why key"
    assert {key for stone in stones for key in stone} <= set(plain.split())
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())


def test_nothing_is_erased_while_raw_files_hold_it_and_they_are_named(home):
    before = read_all(home)
    ended = run("--author", ADA, "--yes")
    assert ended.exit_code == 1
    assert "reddit/talk.ndjson" in ended.stdout
    assert "nothing was erased" in ended.stderr
    ended = run("--author", ADA, "--dry-run")
    assert ended.exit_code == 0
    assert "called Ada_Quill: in 1 thread\n2 comments, in 1 raw file:" in ended.stdout
    assert not erasures.find_folder(home / "data" / "raw").exists()
    assert all(read(home, table).equals(rows) for table, rows in before.items())


def test_one_comment_leaves_and_its_author_stays_and_then_a_whole_thread(home):
    needles = needles_of(home, threads=("reddit:p1",))
    erase("--comment", "reddit:c5")
    rows = read(home, "comments")
    assert rows.filter(is_erased()).height == 1
    assert rows.filter(author_name=ADA)["comment_id"].to_list() == ["reddit:c1"]
    erase("--thread", "reddit:p1")
    assert read(home, "threads").is_empty()
    assert look(home, needles) == set()


def test_a_later_capture_brings_neither_old_nor_new_words_and_no_run_goes_on_without_the_key(home):
    needles = needles_of(home, authors=(ADA,))
    erase("--author", ADA)
    more = ("c7", "c4", ADA, "One more thing about the leaflet that I never told anybody before.")
    write_dump(home / "data" / "raw", [*DUMP, more], "talk@2026-01-05.ndjson")
    # Read apart, it knows the erased comment by its id alone.
    write_dump(home / "data" / "raw", [("c8", "c7", "Bo", "Never heard that.")], "a.ndjson")
    pipeline.run(jobs=1)
    rows = read(home, "comments")
    assert (rows.height, rows.filter(is_erased()).height) == (7, 3)
    new = [Needle("words", "never told anybody"), Needle("id", "reddit:c7", is_word=True)]
    assert look(home, [*needles, *new]) == set()
    assert not pipeline.run(jobs=1).is_new
    shutil.rmtree(home.parent / "config")
    with pytest.raises(ValueError, match="without it a run would publish what was erased"):
        pipeline.run(full=True, jobs=1)


def test_tables_published_in_full_stay_full_whatever_profile_is_set_since(home):
    study = '[profiles.study]\nprofile = "pseudonymous"\nrelease = "spring"\n'
    (home / "threadmill.toml").write_text(f'profile = "study"\n{study}')
    needles = needles_of(home, authors=(ADA,))
    erase("--author", ADA, "--processed", home / "data" / "processed")
    assert set(read(home, "comments").filter(~is_erased())["author_name"]) == {
        "Bo",
        "ada_quill2",
        "Cy",
    }
    assert look(home, needles) == set()


def test_ids_of_others_that_begin_with_an_erased_one_are_no_hits(home):
    replies = ("Ugx1.r1", "@bo", "Not so sure."), ("Ugx1.r2", "@cy", "@bo nor am I.")
    write_answer(home / "data" / "raw" / "youtube" / "a.json", ("Ugx1", "@una", "On it."), *replies)
    erase("--author", "youtube:UCuna")
    rows = read(home, "comments").filter(platform="youtube")
    left = rows.filter(~is_erased())["comment_id"]
    assert set(left) == {"youtube:Ugx1.r1", "youtube:Ugx1.r2"}
    erase("--author", ADA)


def test_what_is_found_all_the_same_ends_with_code_1_and_is_looked_for_again(home):
    kept = home / ".prefect" / "log"
    kept.parent.mkdir()
    kept.write_text(f"failed for {ADA}")
    ended = run("--author", ADA, "--raw-files", "record", "--yes", "--jobs", 1)
    assert ended.exit_code == 1
    assert ".prefect/log: bytes: 1 × name" in ended.stdout
    kept.unlink()
    ended = run("--jobs", 1)
    assert (ended.exit_code, ended.stdout.partition(";")[0]) == (0, "0 hits")
    assert not erasing.is_pending(home / "data" / "raw")


def test_who_is_not_there_and_who_is_several_are_mistakes(home):
    with pytest.raises(Mistake, match='nobody is called "Ada_Quil"; did you mean "Ada_Quill"'):
        erasing.find(places(home), Wanted(authors=("Ada_Quil",)), 1)
    with pytest.raises(Mistake, match="there is no reddit:c99"):
        erasing.find(places(home), Wanted(comments=("reddit:c99",)), 1)
    for name in ("one", "two"):
        (home / "data" / "raw" / "substack").mkdir(exist_ok=True)
        (home / "data" / "raw" / "substack" / f"{name}.txt").write_text(page())
    with pytest.raises(Mistake, match='"Bo" is 3 authors'):
        erasing.find(places(home), Wanted(authors=("Bo",)), 1)


def test_what_others_say_elsewhere_is_told_and_not_looked_for(home):
    (home / "data" / "raw" / "substack").mkdir()
    said = f"{DUMP[0][3].partition('. ')[0]}. And {ADA} is my cat."
    (home / "data" / "raw" / "substack" / "one.txt").write_text(page(first=said))
    matched = erasing.find(places(home), Wanted(authors=(ADA,)), 1)
    assert matched.lines[-1].startswith("2 names or sentences stand elsewhere too")
    looked_for = [one.text for one in matched.needles]
    assert ADA not in looked_for
    assert not [text for text in looked_for if text.startswith("I think")]
    assert [text for text in looked_for if text.startswith("Laugh as")]


def test_what_the_last_capture_shows_as_deleted_is_gone_at_its_source(home):
    raw = home / "data" / "raw"
    assert erasing.find(places(home), Wanted(is_gone_at_source=True), 1).lines == [
        "nothing to erase"
    ]
    later = [(*row[:3], "[deleted]" if row[0] == "c4" else row[3]) for row in DUMP[:-1]]
    write_dump(raw, later, "talk@2026-01-05.ndjson")
    matched = erasing.find(places(home), Wanted(is_gone_at_source=True), 1)
    # c5 may just not have been copied: nothing says how many comments there are.
    assert matched.lines[0] == "comment reddit:c4"
    assert matched.counts["comments"] == 1


def test_threads_captured_before_a_day_leave_and_those_without_a_time_stay(home):
    limit = datetime.fromisoformat("2026-01-01")
    (home / "data" / "raw" / "reddit" / "talk.toml").write_text(
        "captured_at = 2025-12-31T10:00:00Z\n"
    )
    (home / "data" / "raw" / "substack").mkdir()
    (home / "data" / "raw" / "substack" / "one.txt").write_text(page())
    matched = erasing.find(places(home), Wanted(captured_before=limit), 1)
    assert matched.lines[0] == "thread reddit:p1, whole"
    assert matched.counts["threads"] == 1


def test_the_flow_erases_what_retain_lets_go_and_takes_no_names(home):
    (home / "data" / "raw" / "reddit" / "talk.toml").write_text(
        "captured_at = 2025-12-31T10:00:00Z\n"
    )
    (home / "threadmill.toml").write_text('retain = "1d"')
    (ended,) = erasing.erase_due(erasing.list_places(home / "data" / "raw"), 1)
    assert ended.is_done
    assert read(home, "threads").is_empty()
    assert erasing.erase_due(erasing.list_places(home / "data" / "raw"), 1) == []
    from threadmill.flows.erase import erase as flow

    assert set(flow.parameters.properties) == {"jobs", "gone_at_source"}


def test_a_run_erases_what_retain_lets_go_though_nothing_changed(home):
    (home / "data" / "raw" / "substack").mkdir()
    (home / "data" / "raw" / "substack" / "one.txt").write_text(page())
    (home / "data" / "raw" / "reddit" / "talk.toml").write_text(
        "captured_at = 2025-12-31T10:00:00Z\n"
    )
    pipeline.run(jobs=1)
    needles = needles_of(home, threads=("reddit:p1",))
    (home / "threadmill.toml").write_text('retain = "1d"')
    done = pipeline.run(jobs=1)
    assert (done.is_new, done.reasons) == (
        True,
        ["1 thread kept longer than `retain` says: erased"],
    )
    assert read(home, "threads")["platform"].to_list() == ["substack"]
    assert look(home, needles) == set()
    assert not pipeline.run(jobs=1).is_new


STEPS = {"add_stones": erasures, "run": pipeline, "scan": erasing}
"""What is cut off, before it does anything: after it is before the next. tests/slow/test_erase_killed.py kills."""


@pytest.mark.parametrize("step", STEPS)
def test_cut_off_before_any_step_it_goes_on_and_ends_the_same(home, step, monkeypatch):
    matched = erasing.find(places(home), Wanted(authors=(ADA,)), 1)
    with monkeypatch.context() as patch:
        patch.setattr(STEPS[step], step, cut_off)
        with contextlib.suppress(KeyboardInterrupt):
            erasing.note(places(home), matched, "", erasing.RECORD)
            erasing.resume(places(home), 1)
            pytest.fail(f"{step} isn't a step")
    if step == "add_stones":
        # Nothing was noted, so nothing is erased, by no run.
        assert not erasing.is_pending(home / "data" / "raw")
        erasing.note(places(home), matched, "", erasing.RECORD)
    (ended,) = erasing.resume(places(home), 1)
    assert ended.is_done
    assert not erasing.is_pending(home / "data" / "raw")
    assert look(home, matched.needles) == set()


def cut_off(*_arguments, **_named):
    raise KeyboardInterrupt
