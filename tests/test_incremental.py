"""A run does again what depends on what changed, says so, and gives the bytes of a run of everything."""

import pytest
from edit_sequences import STEPS, Project, check
from hypothesis import HealthCheck, Phase, given, settings

from flows import pipeline, publish


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path / "project")


# Without shrinking, which takes minutes of runs: the sequences are short.
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)
@given(steps=STEPS)
def test_step_by_step_gives_the_bytes_of_all_at_once(tmp_path_factory, steps):
    check(tmp_path_factory.mktemp("edits") / "project", steps)


def inodes(project, table):
    snapshot = publish.current_snapshot(project.folder / "stepwise")
    return {path.name: path.stat().st_ino for path in (snapshot / table).iterdir()}


def test_another_vocabulary_finds_mentions_again_and_keeps_replies(project):
    comments, mentions = inodes(project, "comments"), inodes(project, "mentions")
    project.do("terms", "zorbium")
    done = project.run("stepwise")
    assert done.documents_read == 0
    assert done.reasons == ["mentions are found again: the vocabulary changed"]
    assert inodes(project, "comments") == comments
    assert not set(inodes(project, "mentions").values()) & set(mentions.values())
    project.run("at_once", full=True)
    assert project.tables("stepwise") == project.tables("at_once")
    assert b"zorbium" in b"".join(
        data for name, data in project.tables("at_once").items() if name.startswith("mentions/")
    )


def test_another_topic_runs_the_models_alone(project):
    mentions = inodes(project, "mentions")
    project.do("topics", "zorbium")
    # A new pack's name is part of the vocabulary; its topics are not.
    project.run("stepwise")
    mentions = inodes(project, "mentions")
    project.do("topics", "remark")
    done = project.run("stepwise")
    assert done.reasons == ["models are run again: queries or topics changed"]
    assert inodes(project, "mentions") == mentions


def test_another_prior_infers_the_replies_of_its_platform_again(project):
    project.do("priors", "reddit,1.0,1.0")
    assert project.run("stepwise").documents_read == 0
    project.do("priors", "substack,2.0,-1.0")
    done = project.run("stepwise")
    assert done.documents_read == 3
    assert "replies on substack are inferred again: another prior" in done.reasons


def test_what_changed_is_counted(project):
    project.do("write", "ann", "New.")
    project.do("write", "bo", "Changed.")
    project.do("remove", "cy")
    project.do("sidecar", "bo", 'host = "Bo"')
    done = project.run("stepwise")
    assert done.reasons == ["documents: 1 new, 1 changed, 1 with other sidecars, 1 gone"]


def test_another_version_of_the_code_reads_everything_again(project, monkeypatch):
    made_with = pipeline.resources.made_with()
    monkeypatch.setattr("flows.resources.made_with", lambda: made_with | {"code": "other"})
    done = project.run("stepwise")
    assert done.documents_read == 3
    assert done.reasons == ["everything is read again: the code is another version"]


@pytest.mark.parametrize("jobs", [1, 2, 4])
def test_the_same_bytes_come_out_at_any_number_of_jobs(tmp_path_factory, jobs, monkeypatch):
    from flows.bench import corpus

    folder = tmp_path_factory.mktemp("jobs")
    corpus.write(folder / "raw", 0.5)
    monkeypatch.setattr(pipeline, "WORKERS_BYTES", 1)
    for number, other in enumerate((jobs, 3)):
        pipeline.run(folder / "raw", folder / f"{number}", jobs=other)
    written = [
        {
            path.relative_to(snapshot).as_posix(): path.read_bytes()
            for path in snapshot.rglob("*.parquet")
            if path.name != "runs.parquet"
        }
        for snapshot in (publish.current_snapshot(folder / f"{number}") for number in (0, 1))
    ]
    assert written[0] == written[1]
