"""Figures in a project: what is published, when it changes, and what is left of somebody who was erased."""

import json
from datetime import timedelta

import pytest
from support import CHECKOUT
from typer.testing import CliRunner

import threadmill
from threadmill import cli, pipeline, schema, settings
from threadmill.figures import remembered
from threadmill.measure.bench import corpus
from threadmill.privacy import keys
from threadmill.privacy.scan import Needle, scan
from threadmill.publish import snapshots
from threadmill.storage import tables

PROFILES = '[profiles.figures]\nprofile = "aggregate"\n\n[profiles.captured]\nprofile = "full"\n'
MEGABYTES = 0.25


def begin(home, monkeypatch):
    """Make a project with two profiles and some threads of a forum, with dozens of people each."""
    (home / "data").mkdir(parents=True)
    (home / settings.FILE).write_text(PROFILES, encoding="utf-8")
    monkeypatch.setenv("THREADMILL_HOME", str(home))
    monkeypatch.setenv("THREADMILL_KEYS", str(home.with_name("keys")))
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    corpus.write_dump(home / "data" / "raw", MEGABYTES)
    return home


@pytest.fixture
def forum(tmp_path, monkeypatch):
    """A project of its own."""
    return begin(tmp_path / "home", monkeypatch)


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """A project whose figures are published. Only read it."""
    with pytest.MonkeyPatch.context() as patched:
        home = begin(tmp_path_factory.mktemp("released") / "home", patched)
        pipeline.run(profile="figures", jobs=1)
        yield home


def read_lines(home):
    path = home / "data" / "raw" / "reddit" / "RC_bench.ndjson"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def write_lines(home, lines):
    path = home / "data" / "raw" / "reddit" / "RC_bench.ndjson"
    path.write_text("".join(f"{json.dumps(one)}\n" for one in lines), encoding="utf-8")


def read_figures(processed):
    """Return the rows of each table of figures, as values."""
    with threadmill.connect(processed) as con:
        return {
            name: con.execute(f"from {name}").fetchall()
            for name in schema.FIGURES
            if name != "runs"
        }


def recall(home):
    raw = home / "data" / "raw"
    return remembered.read(raw, "figures", keys.find_key(raw, keys.PROFILE))


def let_a_week_pass(home):
    """Make what was released a week older, and publish it so."""
    raw, last = home / "data" / "raw", recall(home)
    key = keys.find_key(raw, keys.PROFILE)
    remembered.write(raw, "figures", key, last._replace(on=last.on - timedelta(days=7)))
    assert pipeline.run(profile="figures", jobs=1).reasons == [
        "the last release is published again"
    ]


def test_figures_are_published_and_nothing_else(released):
    processed = released / "data" / "processed-figures"
    with threadmill.connect(processed) as con:
        views = con.execute("select view_name from duckdb_views() where not internal").fetchall()
    assert {name for (name,) in views} == set(schema.FIGURES)
    current = processed / snapshots.CURRENT
    assert {path.name for path in current.resolve().iterdir()} == {
        *(tables.place(current, name).name for name in schema.FIGURES),
        snapshots.CATALOG,
        snapshots.DATAPACKAGE,
        snapshots.MANIFEST,
    }
    lines = read_lines(released)
    needles = {one["author"] for one in lines} | {one["id"] for one in lines}
    found = scan([processed], [Needle(one, one) for one in sorted(needles)])
    assert (found.total, found.unread) == (0, [])
    shown = read_figures(processed)["thread_figures"]
    assert len(shown) >= 3
    assert all(count % 5 == 0 and authors >= 5 for _, _, count, authors, *_ in shown if count)


def test_no_row_of_people_is_left_in_the_private_zone_in_the_clear(released):
    data = released / "data"
    places = {path.relative_to(data).parts[0] for path in data.rglob("*.parquet")}
    assert places == {"processed-figures"}
    authors = sorted({one["author"] for one in read_lines(released)})
    private = [data / "parsed", data / "released"]
    assert scan(private, [Needle(one, one) for one in authors]).total == 0


def test_commands_work_on_figures_or_say_what_they_lack(released, tmp_path):
    def say(*words):
        return CliRunner().invoke(cli.app, [*words, "--profile", "figures"])

    assert "thread_figures" in say("tables").output
    assert "all hold" in say("check").output
    assert say("export", str(tmp_path / "out"), "--format", "csv").exit_code == 0
    assert (tmp_path / "out" / "suppression.csv").is_file()
    assert "0 rejects" in say("status").output
    for words in (["report"], ["export", str(tmp_path / "more"), "--format", "gexf"]):
        said = str(say(*words).exception)
        assert "holds figures alone" in said
        assert "\n" not in said


def test_figures_are_released_once_a_week(forum):
    lines = read_lines(forum)
    write_lines(forum, lines[: len(lines) // 2])
    first = pipeline.run(profile="figures", jobs=1)
    before = read_figures(first.processed)
    write_lines(forum, lines)
    again = pipeline.run(profile="figures", jobs=1, full=True)
    assert (again.is_new, again.run_id) == (False, first.run_id)
    let_a_week_pass(forum)
    second = pipeline.run(profile="figures", jobs=1)
    assert second.reasons == ["figures are released"]
    assert read_figures(second.processed) != before


def test_few_people_more_change_nothing(forum):
    lines = read_lines(forum)
    first = pipeline.run(profile="figures", jobs=1)
    let_a_week_pass(forum)
    before = read_figures(first.processed)
    more = [lines[0] | {"id": f"more{number}", "author": f"Late_{number}"} for number in range(9)]
    write_lines(forum, [*lines, *more])
    second = pipeline.run(profile="figures", jobs=1)
    assert second.is_new
    assert read_figures(second.processed) == before


def test_an_erasure_changes_no_figure_and_leaves_nothing_of_the_person(forum):
    lines = read_lines(forum)
    author = lines[0]["author"]
    first = pipeline.run(profile="figures", jobs=1)
    before, behind = read_figures(first.processed), recall(forum).released.behind
    asked = ["erase", "--author", author, "--raw-files", "record", "--yes"]
    ended = CliRunner().invoke(cli.app, asked)
    assert ended.exit_code == 0, ended.output
    assert not (forum / "data" / "processed").exists()
    assert "0 hits" in ended.output
    assert read_figures(first.processed) == before
    left = recall(forum).released.behind
    gone = set(behind["author"]) - set(left["author"])
    assert len(gone) == 1
    new = set(left["author"]) - set(behind["author"])
    assert [one.startswith(remembered.GONE) for one in new] == [True]
    assert left["amount"].to_list() == behind["amount"].to_list()
    let_a_week_pass(forum)
    second = pipeline.run(profile="figures", jobs=1)
    after = read_figures(second.processed)
    assert {name: rows for name, rows in after.items() if rows != before[name]}.keys() <= {
        name for name, rows in before.items() if _are_redated(rows, after[name])
    }


def _are_redated(rows, others):
    """Return whether rows differ by the week alone that `let_a_week_pass` made older."""
    return [row[:-1] for row in rows] == [row[:-1] for row in others]


def test_what_the_next_release_is_compared_with_is_needed(forum):
    done = pipeline.run(profile="figures", jobs=1)
    place = remembered.find_place(forum / "data" / "raw", "figures")
    sealed = place.read_bytes()
    place.unlink()
    with pytest.raises(ValueError, match="isn't there, and the next figures have to be compared"):
        pipeline.run(profile="figures", jobs=1)
    place.write_bytes(sealed[:-1])
    with pytest.raises(ValueError, match="can't be read with this key"):
        pipeline.run(profile="figures", jobs=1)
    place.write_bytes(sealed)
    assert pipeline.run(profile="figures", jobs=1).run_id == done.run_id


def test_a_release_is_the_same_in_each_folder_and_beside_another_profile(forum, tmp_path):
    (done,) = pipeline.run(profile=["captured", "figures"], jobs=1).others
    before = read_figures(done.processed)
    lines = read_lines(forum)
    write_lines(forum, lines[: len(lines) // 2])
    other = pipeline.run(profile="figures", processed=tmp_path / "other", jobs=1)
    assert read_figures(other.processed) == before


def test_figures_and_rows_do_not_lie_together(forum):
    full = pipeline.run(profile="captured", jobs=1)
    with pytest.raises(ValueError, match="holds tables as captured, whose snapshots would stay"):
        pipeline.run(profile="figures", processed=full.processed, jobs=1)
    (forum / settings.FILE).write_text(
        PROFILES + '\n[profiles.study]\nprofile = "pseudonymous"\nrelease = "a"\n', encoding="utf-8"
    )
    study = pipeline.run(profile="study", jobs=1)
    with pytest.raises(ValueError, match="figures and rows of people don't lie together"):
        pipeline.run(profile="figures", processed=study.processed, jobs=1)


def test_the_sample_is_too_small_for_figures(forum):
    """One thread of 21 people: what is shown of it is the whole alone."""
    write_lines(forum, [])
    place = forum / "data" / "raw" / "substack"
    place.mkdir()
    sample = CHECKOUT / "data" / "raw" / "substack" / "ms-lazarus-effect.txt"
    (place / sample.name).write_bytes(sample.read_bytes())
    found = read_figures(pipeline.run(profile="figures", jobs=1).processed)
    ((_, _, comments, authors, *_),) = found["thread_figures"]
    # Each of the two is rounded by a key of its own: 42 comments by 21 authors.
    assert comments in (40, 45)
    assert authors in (20, 25)
    assert found["entity_figures"] == []
