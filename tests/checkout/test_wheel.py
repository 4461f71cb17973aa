"""What is built is what runs: the wheel in a clean environment, on the sample."""

import json
import os
import shutil
import subprocess
import sys
import zipfile

from support import CHECKOUT, SAMPLE


def run(*words, cwd):
    clean = {
        key: value
        for key, value in os.environ.items()
        if key not in ("PYTHONPATH", "PREFECT_API_URL")
    }
    ended = subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env=clean,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_the_wheel_mills_the_sample_in_a_clean_environment(tmp_path):
    run(
        sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation",
        "--wheel-dir", tmp_path, CHECKOUT, cwd=tmp_path,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("threadmill-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "threadmill/_files/sql/engagement/comment_engagement.sql" in names
    assert "threadmill/_files/vocabulary/neuro-ms/topics.csv" in names
    assert not [name for name in names if name.startswith(("tests", "data"))]

    environment = tmp_path / "clean"
    run(sys.executable, "-m", "venv", environment, cwd=tmp_path)
    pins = CHECKOUT / "constraints.txt"
    run(
        environment / "bin" / "pip", "install", "--quiet", "--constraint", pins, wheel, cwd=tmp_path
    )

    project = tmp_path / "project"
    run(environment / "bin" / "threadmill", "init", project, cwd=tmp_path)
    (project / "data" / "raw" / "substack").mkdir()
    shutil.copy(SAMPLE, project / "data" / "raw" / "substack")
    # Without packs of its own it takes those that come along.
    shutil.rmtree(project / "data" / "vocabulary")
    said = json.loads(run(environment / "bin" / "threadmill", "run", "--json", cwd=project))
    assert said["figures"]["comments"] == 42
    assert said["figures"]["topic_comments"] > 30
    answer = run(
        environment / "bin" / "threadmill",
        "sql",
        "select count(*) as n from comments",
        "--format",
        "csv",
        cwd=project,
    )
    assert answer == "n\n42\n"
    assert "threadmill report" in run(environment / "bin" / "threadmill", cwd=project)
    run(environment / "bin" / "threadmill", "report", cwd=project)
    assert "<svg" in (project / "report.html").read_text(encoding="utf-8")

    example = tmp_path / "example"
    run(environment / "bin" / "threadmill", "init", example, "--example", cwd=tmp_path)
    said = json.loads(run(environment / "bin" / "threadmill", "run", "--json", cwd=example))
    assert said["figures"]["comments"] == 9
