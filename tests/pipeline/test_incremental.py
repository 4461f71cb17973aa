"""A run does again what depends on what changed, says so, and gives the bytes of a run of everything."""

import pickle
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from support import surroundings
from support.edit_sequences import STEPS, Project, check

from threadmill import mentions, paths
from threadmill.measure.bench import corpus
from threadmill.measure.bench.cases import stages
from threadmill.publish import snapshots
from threadmill.threads import build


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path / "project")


# Without shrinking, which takes minutes of runs: the sequences are short.
several = settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)


@several
@given(steps=STEPS)
def test_step_by_step_gives_the_bytes_of_all_at_once(tmp_path_factory, steps):
    check(tmp_path_factory.mktemp("edits") / "project", steps)


@pytest.mark.slow
@settings(several, max_examples=20)
@given(steps=STEPS)
def test_many_steps_give_the_bytes_of_all_at_once(tmp_path_factory, steps):
    check(tmp_path_factory.mktemp("edits") / "project", steps)


def inodes(project, table):
    snapshot = snapshots.locate_current(project.folder / "stepwise")
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
    assert done.reasons == ["models are run again: topics changed"]
    assert inodes(project, "mentions") == mentions


def test_another_prior_infers_the_replies_of_its_platform_again(project):
    project.do("priors", "reddit,1.0,1.0")
    assert project.run("stepwise").documents_read == 0
    project.do("priors", "substack,2.0,-1.0")
    before = inodes(project, "comments")
    done = project.run("stepwise")
    assert done.documents_read == 0
    assert not before.items() & inodes(project, "comments").items()
    assert "replies on substack are inferred again: another prior" in done.reasons


def test_what_changed_is_counted(project):
    project.do("write", "ann", "New.")
    project.do("write", "bo", "Changed.")
    project.do("remove", "cy")
    project.do("sidecar", "bo", 'host = "Bo"')
    done = project.run("stepwise")
    assert done.reasons == ["1 document new, 1 changed, 1 gone"]


def test_a_document_counts_once_and_with_other_sidecars_if_it_is_the_same(project):
    project.do("sidecar", "bo", 'host = "Bo"')
    done = project.run("stepwise")
    assert done.reasons == ["1 document with a changed sidecar, mapping or corrections"]


MILL = """
import pickle, sys
mill, arguments = pickle.load(sys.stdin.buffer)
sys.stdout.buffer.write(pickle.dumps(mill(*arguments)))
"""


def test_the_bucket_function_gives_the_same_in_a_fresh_process(tmp_path):
    corpus.write(tmp_path, 0.1)
    (complete,) = stages.completed(tmp_path)
    packs = mentions.read_packs(paths.vocabulary_folder())
    asked = pickle.dumps((build.build_threads, (complete, packs)))
    answer = subprocess.run(
        [sys.executable, "-c", MILL],
        input=asked,
        stdout=subprocess.PIPE,
        env=surroundings(),
        check=True,
    ).stdout
    for here, there in zip(build.build_threads(complete, packs), pickle.loads(answer), strict=True):
        assert here.equals(there)
