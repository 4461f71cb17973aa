"""The schedule in real processes on loopback: runs happen, survive kill -9, leave nothing behind."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.scheduled import INTERVAL_S, SOON_S, START_S, Project, free_port, wait

from threadmill.publish import locking, snapshots

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks into /proc"),
]

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = Project(tmp_path / "mill")
    yield made
    made.kill_all()


def test_scheduled_runs_publish_what_is_added_between_them(project: Project) -> None:
    serving = project.serve()
    wait("the first run", START_S, lambda: project.threads() == 1)
    project.add("second")
    wait("the second run", SOON_S, lambda: project.threads() == 2)
    said = project.run_threadmill("status")
    assert said.returncode == 0
    assert f"every {INTERVAL_S} s" in said.stdout
    wait("its state", SOON_S, lambda: len(project.runs("COMPLETED")) >= 2)
    assert "mill: read 1 document" in project.runs("COMPLETED")
    serving.send_signal(signal.SIGINT)
    assert serving.wait(60) == 0
    assert project.processes() == {}
    assert f"http://127.0.0.1:{project.port}" in project.log.read_text()


def test_a_stop_in_the_middle_of_a_run_leaves_nothing_behind(project: Project) -> None:
    serving = project.serve()
    run = wait("a run", START_S, project.begun)
    os.kill(run, signal.SIGSTOP)
    serving.send_signal(signal.SIGTERM)
    assert serving.wait(90) == 0
    assert project.processes() == {}
    assert project.is_whole()
    assert project.run_threadmill("run").returncode == 0


def test_a_killed_flow_run_is_repaired_by_the_next(project: Project) -> None:
    assert project.run_threadmill("run").returncode == 0
    before = snapshots.locate_current(project.processed).name
    project.serve()
    wait("the schedule", START_S, lambda: project.runs("COMPLETED"))
    project.add("second")
    run = wait(
        "a run that writes", SOON_S, lambda: project.begun() if snapshot_begun(project) else 0
    )
    os.kill(run, signal.SIGKILL)
    assert snapshots.locate_current(project.processed).name == before
    assert project.is_whole()
    wait("its state", SOON_S, lambda: project.runs("CRASHED"))
    wait("the next run", SOON_S, lambda: project.threads() == 2)
    assert f"process {run} was killed" in project.run_threadmill("status").stdout
    wait("the slot", SOON_S, lambda: project.slots() == [0])


def snapshot_begun(project: Project) -> bool:
    """Whether a run is building a snapshot."""
    return len(list((project.processed / snapshots.SNAPSHOTS).glob("*"))) > 1


def test_after_a_kill_of_its_runner_serve_ends_and_the_next_one_repairs(project: Project) -> None:
    serving = project.serve()
    run = wait("a run", START_S, project.begun)
    os.kill(run, signal.SIGSTOP)
    os.kill(project.child("runner"), signal.SIGKILL)
    os.kill(run, signal.SIGCONT)
    assert serving.wait(60) == 1
    assert "threadmill: the runner ended with code -9" in project.log.read_text()
    assert project.processes() == {}
    assert project.is_whole()
    project.serve()
    wait("the next run", START_S, lambda: project.threads() == 1)
    wait("the dead run's state", SOON_S, lambda: project.runs("CRASHED"))
    wait("the slot", SOON_S, lambda: project.slots() == [0])


def test_after_a_kill_of_its_server_serve_ends_and_the_next_one_repairs(project: Project) -> None:
    serving = project.serve()
    wait("a run", START_S, project.begun)
    os.kill(project.child("server"), signal.SIGKILL)
    assert serving.wait(60) == 1
    assert "threadmill: the server ended with code -9" in project.log.read_text()
    assert project.processes() == {}
    project.add("second")
    project.serve()
    wait("the next run", START_S, lambda: project.threads() == 2)
    assert project.is_whole()
    wait("the slot", 2 * SOON_S, lambda: project.slots() == [0])


def test_after_kill_9_of_serve_nothing_is_left(project: Project) -> None:
    serving = project.serve()
    wait("a run", START_S, project.begun)
    serving.kill()
    serving.wait()
    wait("the end of all", 60, lambda: project.processes() == {})
    assert project.is_whole()


def test_runs_missed_while_the_machine_was_off_do_not_pile_up(project: Project) -> None:
    project.serve()
    wait("the first run", START_S, lambda: project.threads() == 1)
    wait("its state", SOON_S, lambda: project.runs("COMPLETED"))
    for pid in project.processes():
        os.kill(pid, signal.SIGKILL)
    time.sleep(4 * INTERVAL_S)
    project.add("second")
    project.serve()
    wait("the next run", START_S, lambda: project.threads() == 2)
    assert len(project.runs("CANCELLED")) >= 3
    assert len(project.runs("RUNNING")) <= 1
    assert re.search(r"cancelled \d+ runs that were missed", project.log.read_text())


def test_a_run_by_hand_during_a_scheduled_one_is_exit_3(project: Project) -> None:
    project.serve()
    run = wait("a run", START_S, project.begun)
    os.kill(run, signal.SIGSTOP)
    began = time.monotonic()
    ran = project.run_threadmill("run")
    assert ran.returncode == 3
    assert f"process {run}" in ran.stderr
    assert time.monotonic() - began < 15
    os.kill(run, signal.SIGCONT)
    wait("its end", SOON_S, lambda: project.threads() == 1)


def test_a_scheduled_run_during_one_by_hand_is_cancelled(project: Project) -> None:
    assert project.run_threadmill("run").returncode == 0
    project.serve()
    wait("the schedule", START_S, lambda: project.runs("COMPLETED"))
    project.add("second")
    with locking.lock(project.processed):
        wait("a run", SOON_S, lambda: project.runs("CANCELLED"))
    assert "mill: skipped, another run writes" in project.runs("CANCELLED")
    wait("the next one", SOON_S, lambda: project.threads() == 2)


def test_a_secret_of_ones_own_guards_the_server(project: Project) -> None:
    project.environment["PREFECT_SERVER_API_AUTH_STRING"] = "admin:secret"
    serving = project.serve()
    wait("the first run", START_S, lambda: project.threads() == 1)
    with pytest.raises(urllib.error.HTTPError, match="401"):
        project.ask("admin/version")
    assert not (project.folder / ".prefect" / "secret").exists()
    del project.environment["PREFECT_SERVER_API_AUTH_STRING"]
    project.environment["PREFECT_API_URL"] = f"http://127.0.0.1:{project.port}/api"
    ran = project.run_threadmill("run")
    assert ran.returncode == 1
    assert "refuses us" in ran.stderr
    serving.send_signal(signal.SIGINT)
    assert serving.wait(60) == 0


def test_a_taken_port_is_exit_2(project: Project) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", project.port))
        taken.listen()
        ran = project.run_threadmill("serve", "--port", str(project.port))
    assert ran.returncode == 2
    assert f"{project.port} is not available" in ran.stderr
    ran = project.run_threadmill("serve", "--cron", "61 * * * *", "--port", str(project.port))
    assert ran.returncode == 2
    assert '"61 * * * *" is not a schedule' in ran.stderr


def commands() -> list[str]:
    """Return the blocks of commands of docs/scheduling.md, in order."""
    text = (ROOT / "docs" / "scheduling.md").read_text(encoding="utf-8")
    return re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def with_commands(project: Project) -> None:
    """Let `threadmill`, `prefect` and `python` be found, as an active environment does."""
    folder = project.folder / "bin"
    folder.mkdir()
    for name, arguments in {
        "threadmill": "-m threadmill.cli",
        "prefect": "-m prefect",
        "python": "",
    }.items():
        script = folder / name
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments} "$@"\n')
        script.chmod(0o755)
    project.environment["PATH"] = f"{folder}{os.pathsep}{project.environment['PATH']}"
    shutil.copy(ROOT / "prefect.yaml", project.folder)


def shell(project: Project, block: str) -> str:
    """Run a block of commands as written, but for the port; return what it prints."""
    block = block.replace("4200", str(project.port))
    ran = subprocess.run(
        ["bash", "-ec", block],
        cwd=project.folder,
        env=project.environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert ran.returncode == 0, f"{block}\n{ran.stdout}\n{ran.stderr}"
    return ran.stdout


def start_worker(project: Project, block: str) -> subprocess.Popen[bytes]:
    block = block.replace("4200", str(project.port)).replace(
        "prefect worker", "exec prefect worker"
    )
    return project.start("bash", "-c", block)


def test_the_first_way_is_as_documented(project: Project) -> None:
    with_commands(project)
    serve, asked, secret, by_hand, *_ = commands()
    project.start("bash", "-c", f"exec {serve.strip()} --port {project.port}")
    wait("the schedule", START_S, lambda: "serving refresh/scheduled" in project.log.read_text())
    assert project.run_threadmill("run").returncode == 0
    assert "cron 30 5 * * * (UTC)" in shell(project, asked)
    assert shell(project, secret).startswith("threadmill:")
    shell(project, by_hand)


def test_publications_and_failures_are_told_as_documented(project: Project) -> None:
    with_commands(project)
    tell = commands()[9].strip()
    project.start("bash", "-c", f"exec {tell} --interval {INTERVAL_S} --port {project.port}")
    wait("the report", START_S, lambda: (project.folder / "report.html").is_file())
    run = wait("a run", SOON_S, project.begun)
    os.kill(run, signal.SIGKILL)
    failed = project.folder / "failed.txt"
    wait(
        "the message", SOON_S, lambda: failed.is_file() and "status code: -9" in failed.read_text()
    )


def test_the_second_way_is_as_documented(project: Project) -> None:
    with_commands(project)
    server, _postgres, once, worker, now = commands()[4:9]
    project.start("bash", "-c", server.replace("4200", str(project.port)))
    wait("the server", START_S, lambda: project.api("admin/version"))
    shell(project, once)
    # Again, as after a change.
    shell(project, once)
    made = project.api("deployments/name/refresh/scheduled")
    assert made["global_concurrency_limit"]["limit"] == 1
    assert made["concurrency_options"]["collision_strategy"] == "CANCEL_NEW"
    assert [entry["schedule"]["cron"] for entry in made["schedules"]] == ["0 * * * *"]
    assert made["work_pool_name"] == "threadmill"
    assert len(project.api("automations/filter", {})) == 1
    project.environment["PREFECT_API_URL"] = f"http://127.0.0.1:{project.port}/api"
    project.environment["PREFECT_HOME"] = str(project.folder / ".prefect")
    worker_process = start_worker(project, worker)
    said = shell(project, now)
    assert project.threads() == 1
    assert "nothing new" in said
    assert {"mill: read 1 document", "mill: nothing new"} <= set(project.runs("COMPLETED"))
    worker_process.terminate()
    assert worker_process.wait(60) is not None


def test_a_scheduled_run_through_a_worker_and_missed_ones_do_not_pile_up(project: Project) -> None:
    with_commands(project)
    server, _postgres, once, worker, _ = commands()[4:9]
    project.start("bash", "-c", server.replace("4200", str(project.port)))
    wait("the server", START_S, lambda: project.api("admin/version"))
    deployments = project.folder / "prefect.yaml"
    every = f"interval: {INTERVAL_S}"
    deployments.write_text(deployments.read_text().replace('cron: "0 * * * *"', every))
    shell(project, once)
    late = {"flow_runs": {"state": {"name": {"any_": ["Late"]}}}}
    wait("missed runs", SOON_S, lambda: len(project.api("flow_runs/filter", late)) >= 3)
    project.environment["PREFECT_API_URL"] = f"http://127.0.0.1:{project.port}/api"
    start_worker(project, worker)
    wait("a run", SOON_S, lambda: project.threads() == 1)
    wait("the missed ones", SOON_S, lambda: len(project.runs("CANCELLED")) >= 2)
    wait("the backlog", SOON_S, lambda: project.api("flow_runs/filter", late) == [])


@pytest.mark.skipif(not shutil.which("initdb"), reason="no Postgres here")
def test_the_server_runs_on_postgres_as_documented(project: Project, tmp_path: Path) -> None:
    with_commands(project)
    postgres = commands()[5]
    port = free_port()
    as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    data = Path(f"/tmp/threadmill-postgres-{port}")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={data}"
    run = {"cwd": "/", "check": True, "capture_output": True, "timeout": 120}
    user = "threadmill"
    try:
        subprocess.run([*as_user, "initdb", "-A", "trust", "-U", user, "-D", data], **run)
        start = [*as_user, "pg_ctl", "-w", "-D", data, "-o", options, "-l", data / "log", "start"]
        subprocess.run(start, **(run | {"capture_output": False}))
        project.environment |= {"PGHOST": "127.0.0.1", "PGPORT": str(port), "PGUSER": user}
        project.environment |= {"USER": user, "PREFECT_HOME": str(project.folder / ".prefect")}
        shell(project, postgres.replace("5432", str(port)))
        url = f"postgresql+asyncpg://{user}:unguessed@127.0.0.1:{port}/prefect"
        project.environment["PREFECT_SERVER_DATABASE_CONNECTION_URL"] = url
        serving = project.serve()
        wait("a run", START_S, lambda: project.threads() == 1)
        assert not (project.folder / ".prefect" / "prefect.db").exists()
        serving.send_signal(signal.SIGINT)
        assert serving.wait(60) == 0
        assert "unguessed" not in project.log.read_text(encoding="utf-8")
    finally:
        subprocess.run(
            [*as_user, "pg_ctl", "-D", data, "-m", "immediate", "stop"], cwd="/", check=False
        )
        shutil.rmtree(data, ignore_errors=True)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_the_units_are_valid(project: Project) -> None:
    with_commands(project)
    for unit in ("threadmill.service", "threadmill-worker.service"):
        text = (ROOT / "docs" / unit).read_text(encoding="utf-8")
        text = text.replace("/srv/threadmill/.venv", str(project.folder))
        (project.folder / unit).write_text(text.replace("/srv/threadmill", str(project.folder)))
        ran = subprocess.run(
            ["systemd-analyze", "verify", project.folder / unit],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert unit not in ran.stderr
        assert ran.returncode == 0
