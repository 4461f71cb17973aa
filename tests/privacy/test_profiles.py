"""Profiles: what can't be meant is refused, and what was published before a change is as if made at once."""

import json
import os

import pytest
from support import CHECKOUT, page
from typer.testing import CliRunner

from threadmill import cli, pipeline, schema, settings
from threadmill.pipeline import rebuild, status
from threadmill.privacy import keys, profiles
from threadmill.storage import tables

STUDY = '[profiles.study]\nprofile = "pseudonymous"\nrelease = "spring"\n'


@pytest.fixture
def study(tmp_path, monkeypatch):
    """A project with a profile, its raw folder empty."""
    home = tmp_path / "home"
    (home / "data" / "raw" / "substack").mkdir(parents=True)
    (home / settings.FILE).write_text(STUDY, encoding="utf-8")
    monkeypatch.setenv("THREADMILL_HOME", str(home))
    monkeypatch.setenv("THREADMILL_KEYS", str(tmp_path / "keys"))
    return home


def write(home, text, name="talk.txt"):
    (home / "data" / "raw" / "substack" / name).write_text(text, encoding="utf-8")


def bytes_of(processed):
    """Return the bytes of each published table but the run itself."""
    snapshot = (processed / "current").resolve()
    return {
        path.relative_to(snapshot).as_posix(): path.read_bytes()
        for table in schema.TABLES
        for path in tables.files(snapshot, table)
        if table != "runs"
    }


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[profiles.study]\nrelease = "a"', 'says no profile; add profile = "pseudonymous"'),
        ('[profiles.study]\nprofile = "anonymous"', "'anonymous' is none of full, pseudonymous"),
        ('[profiles.study]\nprofile = "pseudonymous"', "says no release; name it"),
        (STUDY + 'tiem = "day"', 'key "tiem" is not known; did you mean "time"?'),
        (STUDY + 'time = "hour"', "profiles.study: time 'hour' is none of day, none, exact"),
        (STUDY + "processed = 3", "profiles.study.processed 3 is no folder"),
        ('[profiles.study]\nprofile = "full"\ntext = "none"', "text is nothing for a profile"),
        (STUDY.replace("study", "studi"), 'profile "study" is not known; did you mean "studi"'),
        ('[profiles.study]\nprofile = "aggregate"\nk = 3', "k 3 is not a whole number from 5 up"),
        ('[profiles.study]\nprofile = "aggregate"\ntext = "none"', "text is nothing for a profile"),
        (STUDY + "k = 10", "k is nothing for a profile that publishes rows; leave it out"),
        ("", 'profile "study" is not known; the file has none'),
        ('profiles = "study"', "profiles: each is a table of its own, such as [profiles.study]"),
    ],
)
def test_what_can_not_be_meant_is_refused(text, sentence, study):
    (study / settings.FILE).write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"^[^\n]*threadmill\.toml: ") as raised:
        profiles.find("study")
    assert sentence in str(raised.value)


def test_the_setting_names_the_profile_and_its_folder(study, monkeypatch):
    assert profiles.find(None).is_full
    monkeypatch.setenv("THREADMILL_PROFILE", "study")
    assert profiles.find(None).processed == study / "data" / "processed-study"
    assert profiles.find(None).describe() == "pseudonymous, release spring, text masked, time day"


def test_a_later_run_publishes_what_one_run_would(study, monkeypatch):
    write(study, page("I am Ada Quill.", "Hello Ada, it is sunny."))
    write(study, page("Thanks Ada Quill!", "No, thank you."), "other.txt")
    write(study, page("Soon gone.", "So soon?"), "gone.txt")
    pipeline.run(profile="study", jobs=1)
    write(study, page("I am Ada Quill, still.", "Hello Ada, is it sunny?"))
    write(study, page("New, Ada Quill?", "Quite new."), "new.txt")
    (study / "data" / "raw" / "substack" / "gone.txt").unlink()
    later = pipeline.run(profile="study", jobs=1)
    assert later.documents_read == 2
    assert not pipeline.run(profile="study", jobs=1).is_new
    assert status.read(later.processed).waiting == 0
    at_once = study / "data" / "at-once"
    # Workers do as this process does.
    monkeypatch.setattr(rebuild, "WORKERS_BYTES", 1)
    pipeline.run(profile="study", processed=at_once, jobs=2, full=True)
    assert bytes_of(study / "data" / "processed-study") == bytes_of(at_once)


def test_tables_of_different_profiles_do_not_lie_together(study):
    write(study, page())
    full, own = pipeline.run(jobs=1), pipeline.run(profile="study", jobs=1)
    with pytest.raises(ValueError, match="words and names as captured would be published beside"):
        pipeline.run(processed=own.processed, jobs=1)
    with pytest.raises(ValueError, match="holds tables as captured, whose snapshots would stay"):
        pipeline.run(processed=full.processed, profile="study", jobs=1)


def test_another_key_makes_all_again_and_a_lost_one_is_asked_for(study):
    write(study, page())
    first = pipeline.run(profile="study", jobs=1)
    before = bytes_of(first.processed)
    path = keys.locate(study / "data" / "raw", keys.PROFILE)
    path.unlink()
    with pytest.raises(ValueError, match="isn't there, by which ids of release spring were made"):
        pipeline.run(profile="study", jobs=1)
    path.write_text("0" * 64, encoding="ascii")
    path.chmod(0o600)
    other = pipeline.run(profile="study", jobs=1)
    assert other.reasons == ["everything is built: another key"]
    assert bytes_of(first.processed).keys() == before.keys()
    assert bytes_of(first.processed)["threads.parquet"] != before["threads.parquet"]


def test_without_a_store_nothing_is_left_beside_the_tables(study, monkeypatch):
    monkeypatch.setenv("THREADMILL_STORE", "none")
    (study / "data" / "raw" / "substack" / "sample.txt").write_bytes(
        (CHECKOUT / "data" / "raw" / "substack" / "ms-lazarus-effect.txt").read_bytes()
    )
    left = []

    def look(snapshot, _figures):
        left.extend(path.name for path in snapshot.rglob("*") if path.suffix == ".arrow")

    pipeline.run(profile="study", jobs=1, review=look)
    assert left == []
    assert sorted(path.name for path in (study / "data").iterdir()) == ["processed-study", "raw"]


BOTH = (
    STUDY
    + """
[profiles.wordless]
profile = "pseudonymous"
release = "autumn"
text = "none"

[profiles.captured]
profile = "full"
processed = "data/captured"
"""
)
NAMES = ("study", "captured", "wordless")


def publish_alone(home):
    """Return the bytes that runs of their own publish under each profile, in other folders."""
    found = {}
    for name in NAMES:
        place = home / "data" / f"alone-{name}"
        pipeline.run(profile=name, processed=place, jobs=1)
        found[name] = bytes_of(place)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_one_pass_publishes_what_a_run_under_each_profile_would(jobs, study, monkeypatch):
    monkeypatch.setattr(rebuild, "WORKERS_BYTES", 1)
    (study / settings.FILE).write_text(BOTH, encoding="utf-8")
    write(study, page("I am Ada Quill.", "Hello Ada, it is sunny."))
    write(study, page("Soon gone.", "So soon?"), "gone.txt")
    stages = []

    def note(name, work):
        stages.append(name)
        return work()

    def publish():
        done = pipeline.run(profile=NAMES, jobs=jobs, stage=note)
        places = (done, *done.others)
        assert [one.is_new for one in places] == [True] * 3
        return {name: bytes_of(one.processed) for name, one in zip(NAMES, places, strict=True)}

    assert publish() == publish_alone(study)
    # Built once, for all.
    assert [name for name in stages if name.startswith("build")] == ["build 1 of 1"]
    # One is behind the others, which then have less to build.
    write(study, page("I am Ada Quill, still.", "Hello Ada, is it sunny?"))
    pipeline.run(profile="study", jobs=1)
    (study / "data" / "raw" / "substack" / "gone.txt").unlink()
    write(study, page("New, Ada Quill?", "Quite new."), "new.txt")
    assert publish() == publish_alone(study)
    done = pipeline.run(profile=NAMES, jobs=1)
    assert [one.is_new for one in (done, *done.others)] == [False] * 3


def test_profiles_are_published_together_or_not_at_all(study):
    (study / settings.FILE).write_text(BOTH, encoding="utf-8")
    write(study, page())

    def refuse(snapshot, _figures):
        if "processed-study" in str(snapshot):
            raise pipeline.RunFailed("too few threads")

    with pytest.raises(pipeline.RunFailed, match=r"^profile 'study': too few threads$"):
        pipeline.run(profile=["captured", "study"], jobs=1, review=refuse)
    folders = [study / "data" / name for name in ("captured", "processed-study")]
    assert not any((folder / "current").exists() for folder in folders)
    assert [status.read(folder).failure is not None for folder in folders] == [True, True]
    (study / settings.FILE).write_text(
        BOTH + '[profiles.other]\nprofile = "full"\nprocessed = "data/captured"\n'
    )
    with pytest.raises(ValueError, match="profiles 'captured' and 'other' publish in one folder"):
        pipeline.run(profile=["captured", "other"], jobs=1)


def test_the_setting_publish_and_repeated_options_name_further_profiles(study, monkeypatch):
    (study / settings.FILE).write_text('publish = "all"\n' + BOTH, encoding="utf-8")
    write(study, page())
    done = pipeline.run(jobs=1)
    assert [one.processed.name for one in (done, *done.others)] == [
        "processed", "captured", "processed-study", "processed-wordless",
    ]  # fmt: skip
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    asked = ["run", "--profile", "wordless", "--profile", "study", "--json"]
    said = CliRunner().invoke(cli.app, asked)
    assert said.exit_code == 0, said.output
    found = json.loads(said.stdout)
    assert found["processed"].endswith("processed-wordless")
    assert [one["processed"].rpartition("-")[2] for one in found["others"]] == ["study"]
    assert "THREADMILL_PROFILE" not in os.environ


def test_commands_read_the_tables_of_a_profile(study, monkeypatch):
    write(study, page("I am Ada Quill.", "Hello Ada."))
    pipeline.run(profile="study", jobs=1)

    def ask(*arguments):
        ended = CliRunner().invoke(cli.app, ["sql", "from comments select author_name", *arguments])
        return str(ended.exception) + ended.output

    assert "--profile study reads the tables of a profile" in ask()
    assert "Author " in ask("--profile", "study")


def test_what_to_try_next_reads_the_tables_that_were_published(study, monkeypatch):
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    write(study, page())
    said = CliRunner().invoke(cli.app, ["run", "--profile", "study"]).output
    assert "threadmill report --profile study\n" in said
    monkeypatch.setenv("THREADMILL_PROFILE", "study")
    said = CliRunner().invoke(cli.app, ["run"]).output
    assert "stays published (nothing new)" in said
    assert "threadmill report\n" in said
