"""What is told to Prefect in confidence is in no log and no file, whatever the run comes to."""

import socket
import subprocess
import sys

import pytest
from support import run_threadmill, surroundings

API_KEY, AUTH, PASSWORD = "pnu_cobnut-4711", "medlar-4711", "quince-4711"
DATABASE = f"postgresql+asyncpg://mill:{PASSWORD}@127.0.0.1:9/prefect"
"""Nothing listens there: what fails says most."""


def refresh(project, **environment):
    """Run the flow once with a temporary server of Prefect's, at its most talkative."""
    return subprocess.run(
        [sys.executable, "-m", "threadmill.flows.refresh"],
        cwd=project,
        env=surroundings(PREFECT_LOGGING_LEVEL="DEBUG", **environment),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def found(secret, project, ended):
    """Return where `secret` stands: in what was printed, in files below the project."""
    places = [name for name in ("stdout", "stderr") if secret in getattr(ended, name)]
    files = (path for path in project.rglob("*") if path.is_file() and not path.is_symlink())
    return places + [str(path) for path in files if secret.encode() in path.read_bytes()]


@pytest.mark.slow
def test_a_flow_run_tells_nobody_its_keys(project):
    ended = refresh(project, PREFECT_API_KEY=API_KEY, PREFECT_SERVER_API_AUTH_STRING=f"a:{AUTH}")
    assert "Finished in state Completed()" in ended.stderr, ended.stderr
    assert (project / ".prefect" / "prefect.db").is_file()
    assert found(API_KEY, project, ended) == []
    assert found(AUTH, project, ended) == []
    # What is looked for can be found: the log of the run is in the server's database.
    assert any("prefect.db" in place for place in found("Finished in state", project, ended))


def test_a_server_without_its_database_does_not_say_the_password(project):
    ended = refresh(
        project,
        PREFECT_API_DATABASE_CONNECTION_URL=DATABASE,
        PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS="10",
    )
    assert ended.returncode == 1
    assert "threadmill: Prefect's temporary server did not start" in ended.stderr
    assert "Traceback" not in ended.stderr.partition("threadmill:")[2]
    assert found(PASSWORD, project, ended) == []


def test_serve_without_its_database_does_not_say_the_password(project):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    ended = run_threadmill(
        "serve", "--port", port, cwd=project, PREFECT_API_DATABASE_CONNECTION_URL=DATABASE
    )
    assert ended.returncode == 1
    assert "the Prefect server did not start" in ended.stderr
    assert found(PASSWORD, project, ended) == []


@pytest.mark.parametrize("arguments", [("run",), ("serve",)])
def test_a_password_in_the_address_is_refused_and_not_said(project, arguments):
    api = f"http://mill:{PASSWORD}@127.0.0.1:9/api"
    ended = run_threadmill(*arguments, cwd=project, PREFECT_API_URL=api)
    assert ended.returncode == 1
    assert "PREFECT_API_URL: has a user or a password in it" in ended.stderr
    assert found(PASSWORD, project, ended) == []
