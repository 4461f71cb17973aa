"""An installed wheel runs its flow by its one name, in a project that has a package `flows` of its own."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest
from support import CHECKOUT
from support.installed import build, install
from support.scheduled import SOON_S, START_S, Project, wait

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks into /proc"),
]


@pytest.fixture
def project(tmp_path):
    commands = install(build(tmp_path), tmp_path / "environment")
    made = Project(tmp_path / "forum", str(commands / "python"))
    (made.folder / "flows").mkdir()
    for name in ("__init__.py", "refresh.py"):
        (made.folder / "flows" / name).write_text('raise ImportError("not these flows")\n')
    made.environment["PATH"] = f"{commands}{os.pathsep}{made.environment['PATH']}"
    yield made
    made.kill_all()


def run(project, *command):
    ended = subprocess.run(
        command,
        cwd=project.folder,
        env=project.environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_a_wheel_runs_on_a_schedule_and_by_a_worker(project):
    run(project, "threadmill", "run")
    assert project.threads() == 1

    # `serve` starts each run as a process of its own.
    serving = project.serve()
    project.add("second")
    process = wait("a run", START_S, project.begun)
    assert process not in (serving.pid, project.child("server"), project.child("runner"))
    wait("what it publishes", SOON_S, lambda: project.threads() == 2)
    wait("its state", SOON_S, lambda: project.runs("COMPLETED"))
    deployment = project.api("deployments/name/refresh/scheduled")
    assert deployment["entrypoint"] == "threadmill.flows.refresh.refresh"
    serving.send_signal(signal.SIGTERM)
    assert serving.wait(60) == 0

    # A worker runs what `prefect deploy` made of prefect.yaml.
    api = f"http://127.0.0.1:{project.port}/api"
    secret = (project.folder / ".prefect" / "secret").read_text().strip()
    project.environment |= {
        "PREFECT_API_URL": api,
        "PREFECT_API_AUTH_STRING": secret,
        "PREFECT_SERVER_API_AUTH_STRING": secret,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_HOME": str(project.folder / ".prefect"),
        "THREADMILL_HOME": str(project.folder),
    }
    project.start("prefect", "server", "start", "--port", str(project.port))
    wait("the server", START_S, lambda: project.api("admin/version"))
    shutil.copy(CHECKOUT / "prefect.yaml", project.folder)
    run(project, "prefect", "work-pool", "create", "threadmill", "--type", "process")
    run(project, "prefect", "deploy", "--all")
    project.start("prefect", "worker", "start", "--pool", "threadmill", "--type", "process")
    project.add("third")
    run(project, "prefect", "deployment", "run", "refresh/scheduled", "--watch")
    assert project.threads() == 3
    assert "forum: read 1 document" in project.runs("COMPLETED")
