"""What is known of a platform: fitted from published threads, applied by runs, named in the tables."""

import datetime as dt
import json
import random
import shutil

import duckdb
import polars as pl
import pytest
from support import CHECKOUT, page, run_threadmill
from support.replies_cases import SOURCE, chains

import threadmill
from threadmill.measure.replies import fitting
from threadmill.models import summary
from threadmill.replies import priors

ROW = "substack,-0.5,0,3,120,2026-01-05\n"


@pytest.fixture
def vocabulary(project):
    """The project's own folder of vocabulary."""
    folder = project / "data" / "vocabulary"
    shutil.copytree(CHECKOUT / "data" / "vocabulary", folder)
    return folder


def published(copies: int) -> duckdb.DuckDBPyConnection:
    """Return tables in which our own threads and chains are published `copies` times, parents known."""
    ids = SOURCE.comments["comment_id"].to_list()
    named = [None if p < 0 else ids[p] for p in SOURCE.parent.tolist()]
    once = SOURCE.comments.with_columns(parent_comment_id=pl.Series(named, dtype=pl.String))
    columns = ["thread_id", "comment_id", "parent_comment_id"]
    own = [once.with_columns(pl.col(columns) + f"-{k}") for k in range(copies)]
    comments = pl.concat([*own, chains(4 * copies)], how="diagonal").with_columns(
        platform=pl.lit("garden"),
        parent_status=pl.when(pl.col("parent_comment_id").is_null())
        .then(pl.lit("top_level"))
        .otherwise(pl.lit("explicit")),
    )
    con = duckdb.connect()
    con.register("given", comments.to_arrow())
    con.execute("create table comments as from given")
    con.execute("create table reply_candidates (thread_id varchar, is_inferred boolean)")
    con.execute(
        "create table threads as select distinct thread_id, platform, 'preset' as reply_prior from comments"
    )
    return con


def test_published_threads_with_known_parents_give_a_row(tmp_path):
    on = dt.date(2026, 1, 5)
    (fitted,) = fitting.refit(published(5), tmp_path, on)
    assert fitted.prior is not None
    held = priors.read(tmp_path / "platforms.csv")
    assert held["garden"][3:] == (45, 355, on)
    fitting.refit(published(1), tmp_path, on)
    assert priors.read(tmp_path / "platforms.csv") == held


def test_inferred_threads_teach_nothing():
    con = published(2)
    con.execute("insert into reply_candidates select distinct thread_id, true from comments")
    assert fitting.read_published(con).is_empty()


def test_a_fit_that_does_not_help_takes_the_row_away(tmp_path, monkeypatch):
    own = priors.Prior("garden", -1.0, 0.0, 3, 100, dt.date(2026, 1, 5))
    other = own._replace(platform="other")
    priors.write(tmp_path / "platforms.csv", {"garden": own, "other": other})
    monkeypatch.setattr(fitting, "fit_biases", lambda *_: (-9.0, 0.0))
    (fitted,) = fitting.refit(published(5), tmp_path, dt.date(2026, 1, 6))
    assert fitted.prior is None
    assert list(priors.read(tmp_path / "platforms.csv")) == ["other"]


def test_the_summary_proposes_a_fit_where_one_is_possible():
    assert summary.list_fittable_platforms(published(5)) == [["garden", 45, 355]]
    con = published(1)
    con.execute("delete from comments where thread_id <> (select min(thread_id) from comments)")
    assert summary.list_fittable_platforms(con) == []
    con = published(5)
    con.execute("update threads set reply_prior = 'fitted'")
    assert summary.list_fittable_platforms(con) == []
    assert (summary.FEWEST_THREADS, summary.FEWEST_EDGES) == (
        fitting.FEWEST_THREADS,
        fitting.FEWEST_EDGES,
    )


def test_a_run_applies_the_prior_and_says_so(project, vocabulary):
    query = "select reply_prior, count(*) from threads group by all"
    top = "select sum(probability) from reply_candidates where kind = 'top_level'"
    threadmill.run()
    with threadmill.connect() as con:
        assert con.execute(query).fetchall() == [("preset", 1)]
        before = con.execute(top).fetchall()
    (vocabulary / "platforms.csv").write_text(f"{','.join(priors.SCHEMA)}\n{ROW}", encoding="utf-8")
    assert threadmill.run().is_new
    with threadmill.connect() as con:
        assert con.execute(query).fetchall() == [("fitted", 1)]
        assert con.execute(top).fetchall() < before


def test_a_wrong_priors_file_fails_the_run_in_one_sentence(project, vocabulary):
    (vocabulary / "platforms.csv").write_text("platform,bias\nsubstack,1\n", encoding="utf-8")
    ended = run_threadmill("run", cwd=project)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "platforms.csv: " in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_fit_says_when_there_is_too_little(project, vocabulary):
    (project / "data" / "raw" / "substack" / "two.txt").write_text(page(), encoding="utf-8")
    threadmill.run()
    ended = run_threadmill("replies", "fit", cwd=project)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == (
        "no published thread has known parents; a platform needs 2 threads and 10 known edges\n"
    )
    assert not (vocabulary / "platforms.csv").exists()


def given_trees(folder, copies):
    """Write our own threads `copies` times and chains, as Substack's interface answers: with their trees."""
    rows = SOURCE.comments.with_columns(parent=pl.Series(SOURCE.parent), row=pl.int_range(pl.len()))
    people = {name: k for k, name in enumerate(rows["author_name"].unique().sort(), 1)}
    for copy in range(copies):
        for number, own in enumerate(rows.partition_by("thread_id", maintain_order=True)):
            start = (copy * 100 + number + 1) * 1000
            said = {
                one["row"]: {
                    "id": start + one["row"], "post_id": start, "body": one["text"],
                    "name": one["author_name"], "user_id": people[one["author_name"]],
                    "date": f"2025-11-03T10:{one['position']:02}:00.000Z", "children": [],
                }
                for one in own.iter_rows(named=True)
            }  # fmt: skip
            tops = []
            for row, above in own.select("row", "parent").iter_rows():
                (said[above]["children"] if above >= 0 else tops).append(said[row])
            text = json.dumps({"comments": tops})
            (folder / f"post-{copy}-{number}.json").write_text(text, encoding="utf-8")
    for thread in chains(4 * copies).partition_by("thread_id", maintain_order=True):
        start = 1_000_000 + 1000 * int(thread["thread_id"][0].removeprefix("chain"))
        below: list[dict[str, object]] = []
        for one in thread.reverse().iter_rows(named=True):
            own = start + one["position"]
            below = [{
                "id": own, "post_id": start, "body": one["text"], "name": one["author_name"], "user_id": own,
                "date": f"2025-11-03T10:{one['position']:02}:00.000Z", "children": below,
            }]  # fmt: skip
        path = folder / f"{thread['thread_id'][0]}.json"
        path.write_text(json.dumps({"comments": below}), encoding="utf-8")


def test_trees_that_a_source_gives_are_fitted_and_used_for_copied_pages(project, vocabulary):
    raw = project / "data" / "raw" / "substack"
    given_trees(raw, 5)
    origins = "select source_format like '%json', reply_prior, count(*) from threads group by all order by 1"
    threadmill.run()
    with threadmill.connect() as con:
        assert con.execute(origins).fetchall() == [(False, "preset", 1), (True, None, 45)]
        assert summary.list_fittable_platforms(con) == [["substack", 45, 355]]
    ended = run_threadmill("replies", "fit", cwd=project)
    assert ended.stdout.startswith("substack: fitted; right for ")
    row = priors.read(vocabulary / "platforms.csv")["substack"]
    assert (row.threads, row.edges) == (45, 355)
    assert threadmill.run().is_new
    with threadmill.connect() as con:
        assert con.execute(origins).fetchall() == [(False, "fitted", 1), (True, None, 45)]
        assert summary.list_fittable_platforms(con) == []
        used = "select distinct parent_status from comments join threads using (thread_id) where reply_prior is null"
        assert sorted(con.execute(used).fetchall()) == [("explicit",), ("top_level",)]


def test_no_row_is_written_where_a_constant_is_right_more_often(project, vocabulary):
    """Every second comment answers the one before, the others the first: no two numbers tell which."""
    chance = random.Random(1)
    words = ["tea", "mill", "kettle", "house", "sea", "aunt"]
    for post in range(1, 6):
        said = [
            {
                "id": post * 1000 + k, "post_id": post, "body": " ".join(chance.choices(words, k=4)),
                "name": f"Person {(who := chance.randrange(12))}", "user_id": who + 1,
                "date": f"2025-11-03T10:{k:02}:00.000Z", "children": [],
            }
            for k in range(40)
        ]  # fmt: skip
        for k in range(1, 40):
            said[0 if k % 2 else k - 1]["children"].append(said[k])
        path = project / "data" / "raw" / "substack" / f"post-{post}.json"
        path.write_text(json.dumps({"comments": said[:1]}), encoding="utf-8")
    held = f"{','.join(priors.SCHEMA)}\n{ROW}"
    (vocabulary / "platforms.csv").write_text(held, encoding="utf-8")
    threadmill.run()
    ended = run_threadmill("replies", "fit", cwd=project)
    assert ended.stdout.startswith("substack: not fitted; on held-out threads the fit is right for")
    assert ended.stdout.endswith("the preset stays\n")
    assert priors.read(vocabulary / "platforms.csv") == {}
