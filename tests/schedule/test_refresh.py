"""The Prefect flow: what it shows, how it fails, and that nothing else needs Prefect."""

import contextlib
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from threadmill import paths, pipeline
from threadmill.errors import Locked, RunFailed
from threadmill.pipeline import stages, status
from threadmill.publish import locking, snapshots

ROOT = Path(__file__).parents[2]
PACKAGE = Path(paths.__file__).parent
COMMAND = [sys.executable, "-m", "threadmill.cli"]


def environment(**more: str) -> dict[str, str]:
    """Return an environment without Prefect's settings, in which `threadmill` is the one tested."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT")}
    path = os.pathsep.join(filter(None, [str(PACKAGE.parent), os.environ.get("PYTHONPATH")]))
    return kept | {"PYTHONPATH": path} | more


def run_threadmill(project: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=project,
        env=environment(**more),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of its own with the sample thread."""
    shutil.copytree(ROOT / "data" / "raw", tmp_path / "mill" / "data" / "raw")
    return tmp_path / "mill"


def places(project: Path) -> tuple[Path, Path]:
    return project / "data" / "raw", project / "data" / "processed"


def add_empty(project: Path, count: int) -> None:
    for number in range(count):
        (project / "data" / "raw" / "substack" / f"empty-{number}.txt").touch()


def test_a_run_without_an_api_never_imports_prefect(project: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "threadmill.cli", "run"],
        cwd=project,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert "threadmill.pipeline" in ran.stderr
    assert "prefect" not in ran.stderr


def test_an_api_that_does_not_answer_is_exit_1_at_once(project: Path) -> None:
    began = time.monotonic()
    ran = run_threadmill(project, "run", PREFECT_API_URL="http://127.0.0.1:9/api")
    assert ran.returncode == 1
    assert ran.stderr.startswith("threadmill: PREFECT_API_URL: http://127.0.0.1:9/api does not")
    assert len(ran.stderr.splitlines()) == 1
    assert not (project / "data" / "processed").exists()
    assert time.monotonic() - began < 60


def test_an_address_of_something_else_is_exit_1(project: Path) -> None:
    server = http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    ran = run_threadmill(
        project, "run", PREFECT_API_URL=f"http://127.0.0.1:{server.server_port}/api"
    )
    server.shutdown()
    assert ran.returncode == 1
    assert "is not a Prefect API that works" in ran.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--cron", "* * * *"], "does not have five fields"),
        (["--cron", "* * * * *", "--interval", "60"], "both are given"),
        (["--interval", "1"], "at least 10 s"),
    ],
)
def test_a_schedule_that_cannot_be_is_exit_2(
    project: Path, arguments: list[str], said: str
) -> None:
    ran = run_threadmill(project, "serve", *arguments)
    assert ran.returncode == 2
    assert said in ran.stderr


def test_a_run_has_few_steps_however_much_there_is() -> None:
    parts = stages.split("read", list(range(1_003)))
    done: list[int] = []
    for part in parts:
        part.do(done.append)
    assert len(parts) == stages.PIECES_MAX
    assert done == list(range(1_003))
    assert stages.split("read", []) == []


def test_a_part_goes_on_where_it_failed() -> None:
    part = stages.Piece("read 1 of 1", ["a", "b", "c"])
    done: list[str] = []

    def fail_once(unit: str) -> None:
        if unit == "b" and "failed" not in done:
            done.append("failed")
            raise OSError
        done.append(unit)

    with pytest.raises(OSError):  # noqa: PT011 # any
        part.do(fail_once)
    part.do(fail_once)
    assert done == ["a", "failed", "b", "c"]


def flow_run():
    """Return the newest flow run, its task runs and its artifacts by key."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import (
        ArtifactFilter,
        ArtifactFilterFlowRunId,
        FlowRunFilter,
        FlowRunFilterId,
    )
    from prefect.client.schemas.sorting import FlowRunSort

    with get_client(sync_client=True) as client:
        (run,) = client.read_flow_runs(sort=FlowRunSort.START_TIME_DESC, limit=1)
        only = FlowRunFilter(id=FlowRunFilterId(any_=[run.id]))
        end = time.monotonic() + 20
        tasks = []
        # Task runs reach the server by way of events.
        while not run.state.is_cancelled() and time.monotonic() < end:
            tasks = client.read_task_runs(flow_run_filter=only)
            if tasks and all(task.state and task.state.is_final() for task in tasks):
                break
            time.sleep(0.3)
        found = client.read_artifacts(
            artifact_filter=ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run.id]))
        )
    return run, tasks, {artifact.key: artifact for artifact in found}


def logged(run) -> str:
    """Return what the server has of the run's log, once it has its end."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import LogFilter, LogFilterFlowRunId

    only = LogFilter(flow_run_id=LogFilterFlowRunId(any_=[run.id]))
    end = time.monotonic() + 30
    text = ""
    with get_client(sync_client=True) as client:
        while "Finished in state" not in text and time.monotonic() < end:
            time.sleep(0.5)
            text = "\n".join(log.message for log in client.read_logs(log_filter=only, limit=200))
    return text


def test_the_flow_shows_what_it_did(prefect_server, project: Path) -> None:
    from threadmill.schedule import once

    done = once.run(*places(project))
    run, tasks, artifacts = flow_run()
    comments = snapshots.locate_current(done.processed) / "comments"
    assert done.is_new
    assert comments.is_dir()
    assert run.state.is_completed()
    assert run.name == "mill: read 1 document"
    assert "threadmill" in run.tags
    assert 10 <= len(tasks) <= 50
    assert {"discover", "read 1 of 1", "build 1 of 1", "model thread_engagement", "publish"} <= {
        task.name for task in tasks
    }
    assert artifacts["refresh-progress"].data == 100
    assert "42 by 21 authors" in artifacts["refresh-summary"].data
    assert "threads.duckdb" in artifacts["refresh-tables"].data
    assert "None." in artifacts["refresh-rejects"].data


def told() -> str:
    """Return all that Prefect knows of the newest run."""
    run, tasks, artifacts = flow_run()
    log = logged(run)
    assert "Finished in state" in log
    parts = [run.model_dump_json(), log, *(task.model_dump_json() for task in tasks)]
    return "\n".join([*parts, *(artifact.model_dump_json() for artifact in artifacts.values())])


def database() -> bytes:
    """Return all bytes of Prefect's database and of its log of writes."""
    from prefect.settings import get_current_settings

    url = get_current_settings().server.database.connection_url.get_secret_value()
    path = Path(url.partition(":///")[2])
    files = sorted(path.parent.glob(f"{path.name}*"))
    assert files
    return b"".join(file.read_bytes() for file in files)


def test_no_comment_text_reaches_prefect(prefect_server, project: Path) -> None:
    import polars as pl

    from threadmill.schedule import once

    done = once.run(*places(project))
    all_told = told()
    texts = pl.read_parquet(done.processed / "current" / "comments" / "*.parquet")["text"]
    lines = {line for text in texts for line in text.split("\n") if len(line) > 20}
    assert len(lines) > 42
    assert [line for line in lines if line in all_told] == []


@pytest.fixture
def rules(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of checks of a release of our own."""
    files = project / "files"
    shutil.copytree(ROOT / "sql", files / "sql")
    shutil.copytree(ROOT / "data" / "vocabulary", files / "vocabulary")
    monkeypatch.setattr(paths, "FILES", files)
    return files / "sql" / "checks"


NAME = "Quillfeather"
"""Planted; `'name'` in a query is it, where no rule's own text may hold it."""
PLANTED = f"'{NAME[:5]}' || '{NAME[5:]}'"


@pytest.mark.parametrize(
    ("rule", "shown"),
    [
        (f"select comment_id, {PLANTED} as author_name from comments", "42 rows break it"),
        (f"select comment_id from comments where cast({PLANTED} as integer) > 0", "Conversion"),
        (f"select error({PLANTED}) from comments", "InvalidInput"),
    ],
)
def test_no_value_reaches_prefect_when_a_run_fails(
    prefect_server, project: Path, rules: Path, rule: str, shown: str
) -> None:
    from threadmill.schedule import once

    (rules / "planted.sql").write_text(f"-- Nothing.\n{rule} order by all\n")
    with pytest.raises(RunFailed) as raised:
        once.run(*places(project))
    all_told = told()
    assert shown in all_told
    assert NAME not in all_told + str(raised.value)
    assert NAME.encode() not in database()


def test_a_mistake_in_a_file_is_a_sentence_and_no_traceback(
    prefect_server, project: Path, rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from threadmill.schedule import once

    monkeypatch.chdir(project)
    terms = project / "files" / "vocabulary" / "generic" / "terms.csv"
    terms.write_text(terms.read_text(encoding="utf-8") + f"{NAME},{NAME}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=NAME):
        once.run(*places(project))
    line = len(terms.read_text(encoding="utf-8").splitlines())
    all_told = told()
    assert f"generic/terms.csv:{line}: a mistake in this file" in all_told
    assert NAME not in all_told
    assert "Traceback" not in all_told


def test_a_publication_runs_a_command_and_is_an_event(
    prefect_server, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prefect.client.orchestration import get_client

    from threadmill.schedule import once

    told_file = tmp_path / "told.txt"
    command = f'echo "$THREADMILL_RUN_ID $THREADMILL_PROCESSED" >> {told_file}; exit 3'
    monkeypatch.setenv("THREADMILL_ON_PUBLISH", command)
    done = once.run(*places(project))
    # Nothing new is nothing to tell, and a command that fails changes nothing.
    assert not once.run(*places(project)).is_new
    assert told_file.read_text() == f"{done.run_id} {done.processed}\n"
    wanted = {"filter": {"event": {"name": ["threadmill.published"]}}}
    end = time.monotonic() + 30
    events = []
    while not events and time.monotonic() < end:
        with get_client(sync_client=True) as client:
            found = client._client.post("/events/filter", json=wanted).json()["events"]
        events = [one for one in found if one["payload"]["run_id"] == done.run_id]
    assert [one["payload"]["comments"] for one in events] == [42]
    asset = "prefect.asset.materialization.succeeded"
    while time.monotonic() < end:
        with get_client(sync_client=True) as client:
            wanted = {"filter": {"event": {"name": [asset]}}, "limit": 50}
            found = client._client.post("/events/filter", json=wanted).json()["events"]
        keys = {one["resource"]["prefect.resource.id"] for one in found}
        if keys:
            break
        time.sleep(0.5)
    assert f"threadmill://{project.name}/comments" in keys


def test_a_failure_runs_a_command_that_hears_why(
    prefect_server, project: Path, rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from threadmill.schedule import once

    told_file = tmp_path / "told.txt"
    monkeypatch.setenv("THREADMILL_ON_FAILURE", f'echo "$THREADMILL_MESSAGE" > {told_file}')
    (rules / "planted.sql").write_text(f"-- Nothing.\nselect {PLANTED} as author_name\n")
    with pytest.raises(RunFailed):
        once.run(*places(project))
    told_by_command = told_file.read_text()
    assert "1 check fails: planted; nothing was published" in told_by_command
    assert NAME not in told_by_command


def test_a_file_name_is_no_markup_in_artifacts(prefect_server, project: Path) -> None:
    from threadmill.schedule import once

    name = "![x](http:..evil.example.png) `<img src=x>` a|b.txt"
    (project / "data" / "raw" / "substack" / name).touch()
    once.run(*places(project))
    _, _, artifacts = flow_run()
    shown = artifacts["refresh-rejects"].data
    row = next(line for line in shown.splitlines() if "evil" in line)
    path, *_, reason = row.strip("| ").split(" | ")
    assert path == "`substack/![x](http:..evil.example.png) ˋ<img src=x>ˋ a¦b.txt`"
    assert reason == "`empty`"


def test_a_failed_check_ends_the_run_failed_and_says_which(
    prefect_server, project: Path, rules: Path
) -> None:
    from threadmill.schedule import once

    before = once.run(*places(project))
    rule = "-- No comment has a text.\nselect comment_id, text from comments order by all\n"
    (rules / "comments_with_words.sql").write_text(rule)
    with pytest.raises(RunFailed, match="No comment has a text"):
        once.run(*places(project), full=True)
    run, tasks, artifacts = flow_run()
    assert run.state.is_failed()
    assert run.name == "mill: failed, 1 check fails: comments_with_words"
    assert {task.name for task in tasks if task.state.is_failed()} == {"checks"}
    assert "42 rows break it (`comment_id`, `text`)" in artifacts["refresh-failure"].data
    assert "substack:" not in artifacts["refresh-failure"].data
    assert snapshots.read_current(before.processed).run_id == before.run_id
    assert "No comment has a text" in status.read(before.processed).failure


def test_a_jump_in_rejects_ends_the_run_failed(prefect_server, project: Path) -> None:
    from threadmill.schedule import once

    before = once.run(*places(project))
    add_empty(project, 11)
    with pytest.raises(RunFailed, match="11 rejects, 0 in what is published"):
        once.run(*places(project))
    run, _, artifacts = flow_run()
    assert run.state.is_failed()
    assert "empty-7.txt" in artifacts["refresh-rejects"].data
    assert "11 rejects" in artifacts["refresh-failure"].data
    assert snapshots.read_current(before.processed).run_id == before.run_id
    # A person accepts them by running without Prefect.
    assert pipeline.run(*places(project)).figures["rejects"] == 11
    assert not once.run(*places(project)).is_new


def test_a_run_beside_another_is_cancelled_at_once(prefect_server, project: Path) -> None:
    from threadmill.schedule import once

    raw, processed = places(project)
    with (
        locking.lock(processed),
        pytest.raises(Locked, match="another run writes here"),
    ):
        once.run(raw, processed)
    run, tasks, _ = flow_run()
    assert run.state.is_cancelled()
    assert run.name == "mill: skipped, another run writes"
    assert tasks == []


def test_an_io_step_is_tried_again(prefect_server, tmp_path: Path) -> None:
    from prefect import flow

    from threadmill.flows import refresh

    tries: list[str] = []

    def flaky(error: type[Exception]) -> str:
        tries.append(error.__name__)
        if tries.count(error.__name__) < 2:
            raise error
        return "done"

    @flow
    def some() -> None:
        tasks = refresh._Tasks(None)
        assert tasks.run("read 1 of 1", lambda: flaky(OSError)) == "done"
        with pytest.raises(ValueError):  # noqa: PT011 # any
            tasks.run("read 1 of 1", lambda: flaky(ValueError))
        with pytest.raises(ConnectionError):
            tasks.run("build 1 of 1", lambda: flaky(ConnectionError))

    some()
    assert tries == ["OSError", "OSError", "ValueError", "ConnectionError"]


@pytest.mark.parametrize(
    ("before", "now", "jumps"),
    [(0, 10, False), (0, 11, True), (100, 120, False), (100, 121, True), (100, 0, False)],
)
def test_a_jump_is_more_than_ten_and_a_fifth(before: int, now: int, jumps: bool) -> None:
    from threadmill.flows.refresh import is_jump

    assert is_jump(before, now) is jumps


def backdate(processed: Path, **said: object) -> None:
    path = processed / status.RUNS
    path.write_text(json.dumps(json.loads(path.read_text()) | said))


def test_status_of_nothing_is_stale(project: Path) -> None:
    ran = run_threadmill(project, "status", "--json")
    assert ran.returncode == 1
    assert json.loads(ran.stdout)["run_id"] is None
    assert not (project / "data" / "processed").exists()


def test_status_is_fresh_after_a_run(project: Path) -> None:
    done = pipeline.run(*places(project))
    status.schedule(done.processed, "cron 0 * * * * (UTC)", 3_600)
    ran = run_threadmill(project, "status", "--json")
    said = json.loads(ran.stdout)
    assert ran.returncode == 0
    assert said["run_id"] == done.run_id
    assert said["max_age_s"] == 5_460
    assert said["failure"] is None
    assert said["figures"] == {"threads": 1, "comments": 42, "rejects": 0}


def test_status_is_stale_when_no_run_confirmed_it(project: Path) -> None:
    done = pipeline.run(*places(project))
    status.schedule(done.processed, "cron 0 * * * * (UTC)", 3_600)
    backdate(done.processed, done={"at": "2020-01-01T00:00:00Z"})
    assert run_threadmill(project, "status").returncode == 1
    assert run_threadmill(project, "status", "--max-age", "1000000").returncode == 0
    # Nothing new is a confirmation too.
    assert not pipeline.run(*places(project)).is_new
    assert run_threadmill(project, "status").returncode == 0


def test_status_sees_what_waits(project: Path) -> None:
    done = pipeline.run(*places(project))
    assert status.read(done.processed).waiting == 0
    add_empty(project, 1)
    said = status.read(done.processed)
    assert said.waiting == 1
    lines = dict(status.lines(said))
    assert lines["State"].startswith("behind: ")
    assert lines["Waiting"] == "1 document is new, changed or gone; the next run will pick that up"


def test_status_knows_whether_serve_runs_was_stopped_or_died(project: Path) -> None:
    done = pipeline.run(*places(project))
    assert status.read(done.processed).server is None
    with contextlib.suppress(KeyboardInterrupt), status.serving(done.processed):
        status.schedule(done.processed, "cron 0 * * * * (UTC)", 3_600)
        assert status.read(done.processed).server == "running"
        raise KeyboardInterrupt
    assert status.read(done.processed).server == "stopped"
    assert run_threadmill(project, "status").returncode == 0
    with contextlib.suppress(RunFailed), status.serving(done.processed):
        status.schedule(done.processed, "cron 0 * * * * (UTC)", 3_600)
        raise RunFailed("the runner ended")
    ran = run_threadmill(project, "status")
    assert ran.returncode == 1
    assert "threadmill serve has died" in ran.stdout


def test_status_says_why_the_last_run_failed(project: Path) -> None:
    pipeline.run(*places(project))
    add_empty(project, 1)
    assert run_threadmill(project, "run", "--strict").returncode == 1
    said = json.loads(run_threadmill(project, "status", "--json").stdout)
    assert "1 reject (1 empty), and --strict allows none" in said["failure"]
    assert said["is_last_failed"]
    assert run_threadmill(project, "status").returncode == 1
    pipeline.run(*places(project))
    said = json.loads(run_threadmill(project, "status", "--json").stdout)
    assert said["failure"]
    assert not said["is_last_failed"]


def test_status_knows_a_killed_run(project: Path) -> None:
    done = pipeline.run(*places(project))
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    backdate(done.processed, begun={"at": "2999-01-01T00:00:00Z", "pid": gone.pid})
    said = status.read(done.processed)
    assert f"process {gone.pid} was killed" in said.failure
    assert said.is_last_failed
    assert said.running is None
    # The next run keeps the memory of it.
    pipeline.run(*places(project))
    assert f"process {gone.pid} was killed" in status.read(done.processed).failure


def test_status_says_who_is_writing(project: Path) -> None:
    _, processed = places(project)
    with locking.lock(processed), status.recorded(processed):
        assert f"process {os.getpid()}, since " in status.read(processed).running
