"""What is built is what runs: the wheel in a clean environment, on the sample."""

import json
import shutil
import zipfile

import pytest
from support import SAMPLE
from support.installed import build, install, run


@pytest.mark.slow
def test_the_wheel_mills_the_sample_in_a_clean_environment(tmp_path):
    wheel = build(tmp_path)
    names = zipfile.ZipFile(wheel).namelist()
    assert "threadmill/_files/sql/engagement/comment_engagement.sql" in names
    assert "threadmill/_files/vocabulary/neuro-ms/topics.csv" in names
    assert {"threadmill/schedule/prefect.yaml", "threadmill/_files/threadmill.service"} <= set(
        names
    )
    assert "threadmill/_files/topics.md" in names
    assert not [
        name
        for name in names
        if name.startswith(("threadmill/_files/images", "threadmill/_files/assets"))
    ]
    assert {"threadmill/flows/__init__.py", "threadmill/flows/refresh.py"} <= set(names)
    assert {name.split("/")[0].partition("-")[0] for name in names} == {"threadmill"}
    assert not [name for name in names if name.endswith(".pyi")]

    threadmill = install(wheel, tmp_path / "clean") / "threadmill"
    project = tmp_path / "project"
    run(threadmill, "init", project, cwd=tmp_path)
    (project / "data" / "raw" / "substack").mkdir()
    shutil.copy(SAMPLE, project / "data" / "raw" / "substack")
    # Without packs of its own it takes those that come along.
    shutil.rmtree(project / "data" / "vocabulary")
    said = json.loads(run(threadmill, "run", "--json", cwd=project))
    assert said["figures"]["comments"] == 42
    assert said["figures"]["topic_comments"] > 30
    query = "select count(*) as n from comments"
    assert run(threadmill, "sql", query, "--format", "csv", cwd=project) == "n\n42\n"
    assert "threadmill report" in run(threadmill, cwd=project)
    run(threadmill, "report", cwd=project)
    assert "<svg" in (project / "report.html").read_text(encoding="utf-8")

    example = tmp_path / "example"
    run(threadmill, "init", example, "--example", cwd=tmp_path)
    said = json.loads(run(threadmill, "run", "--json", cwd=example))
    assert said["figures"]["comments"] == 9
