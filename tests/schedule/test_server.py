"""The server of `threadmill serve` answers its own UI and processes, and no page from elsewhere."""

import http.server
import stat
import threading
import urllib.error
from typing import ClassVar

import pytest
from support.scheduled import SOON_S, START_S, Project, wait

EVIL = "evil.example"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project that is served, and has run once."""
    made = Project(tmp_path_factory.mktemp("guarded") / "mill")
    made.serve("--cron", "0 0 1 1 *", "--port", str(made.port))
    wait("the deployment", START_S, lambda: made.api("deployments/name/refresh/scheduled"))
    # Until then it holds the lock.
    wait("the first run", START_S, lambda: made.runs("COMPLETED"))
    yield made
    made.kill_all()


@pytest.fixture(scope="module")
def browser(project):
    """A browser in which a stranger's host name resolves to this machine, as after DNS rebinding."""
    from support.chromium import launch

    with launch(f"--host-resolver-rules=MAP {EVIL} 127.0.0.1") as found:
        yield found


class Elsewhere(http.server.BaseHTTPRequestHandler):
    """Another origin on this machine: a harmless page at each path, and a list of what was asked for."""

    asked: ClassVar[list[str]] = []

    def do_GET(self):
        self.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<title>harmless</title>")

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def elsewhere():
    """The address of a page of another origin."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


def attempt(browser, address, script):
    """Return what `script` comes to in the page at `address`: its value, or the name of its error."""
    page = browser.new_page()
    page.goto(address)
    found = page.evaluate(f"(async () => {{ {script} }})().catch(error => error.name)")
    page.close()
    return found


def test_a_page_of_another_origin_reads_nothing(browser, project, elsewhere):
    for path in ("api/admin/settings", "api/health", "ui-settings"):
        url = f"http://127.0.0.1:{project.port}/{path}"
        script = f"return await (await fetch('{url}')).text()"
        assert attempt(browser, elsewhere, script) == "TypeError"


@pytest.mark.parametrize("kind", ["text/plain", "application/json"])
def test_a_page_of_another_origin_starts_no_run(browser, project, elsewhere, kind):
    deployment = project.ask("deployments/name/refresh/scheduled")["id"]
    url = f"http://127.0.0.1:{project.port}/api/deployments/{deployment}/create_flow_run"
    script = (
        f"await fetch('{url}', {{method: 'POST', mode: '{'no-cors' if kind == 'text/plain' else 'cors'}', "
        f"headers: {{'Content-Type': '{kind}'}}, body: '{{\"name\": \"from elsewhere\"}}'}}); return 'sent'"
    )
    assert attempt(browser, elsewhere, script) == ("sent" if kind == "text/plain" else "TypeError")
    its_runs = {"flow_runs": {"name": {"any_": ["from elsewhere"]}}}
    assert project.ask("flow_runs/count", its_runs) == 0


def test_a_page_of_another_origin_hears_no_events(browser, project, elsewhere):
    script = f"""return await new Promise(done => {{
        const socket = new WebSocket('ws://127.0.0.1:{project.port}/api/events/out', ['prefect']);
        socket.onopen = () => socket.send(JSON.stringify({{type: 'auth', token: 'guess'}}));
        socket.onmessage = message => done(message.data);
        socket.onclose = closed => done(closed.code);
    }})"""
    assert attempt(browser, elsewhere, script) == 1008


def test_a_host_name_that_is_rebound_to_this_machine_is_refused(browser, project):
    page = browser.new_page()
    for path in ("", "ui-settings", "api/health", "api/csrf-token?client=x"):
        answer = page.goto(f"http://{EVIL}:{project.port}/{path}")
        assert (answer.status, answer.text()) == (400, "Invalid host header")


@pytest.fixture
def signed_in(browser, project):
    """A page of the UI in which somebody has signed in."""
    page = browser.new_context().new_page()
    page.goto(f"http://127.0.0.1:{project.port}/")
    page.locator("input").first.fill((project.folder / ".prefect" / "secret").read_text().strip())
    page.keyboard.press("Enter")
    page.get_by_text("Flow Runs").first.wait_for(timeout=60_000)
    yield page
    page.context.close()


def test_its_own_ui_works_once_signed_in(signed_in, project):
    signed_in.goto(f"http://127.0.0.1:{project.port}/deployments")
    signed_in.get_by_text("scheduled").first.wait_for(timeout=60_000)


def test_what_an_artifact_holds_loads_nothing_from_elsewhere(signed_in, project, elsewhere):
    live = f"# Live\n\n![an image]({elsewhere}image.png)\n\n<img src='{elsewhere}html.png'>"
    artifact = {"type": "markdown", "key": "live", "data": live}
    made = project.ask("artifacts/", artifact)
    Elsewhere.asked.clear()
    signed_in.goto(f"http://127.0.0.1:{project.port}/artifacts/artifact/{made['id']}")
    signed_in.get_by_role("heading", name="Live").first.wait_for(timeout=60_000)
    signed_in.wait_for_timeout(2_000)
    assert Elsewhere.asked == []


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Authorization": "Basic Z3Vlc3M6Z3Vlc3M="}, 401),
        ({"Host": "evil.example"}, 400),
        ({"Host": "localhost.evil.example"}, 400),
    ],
)
def test_a_request_without_the_secret_or_for_another_host_is_refused(project, headers, code):
    with pytest.raises(urllib.error.HTTPError, match=str(code)):
        project.ask("admin/version", **headers)
    assert project.ask("admin/version")


def test_the_secret_is_its_owners_alone_and_in_no_log(project):
    file = project.folder / ".prefect" / "secret"
    secret = file.read_text().strip()
    for own in (file, *file.parent.glob("prefect.db*")):
        assert stat.S_IMODE(own.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    log = project.log.read_text()
    assert f"Sign in with what {file} holds" in log
    assert secret not in log
    assert secret.encode() not in (project.folder / ".prefect" / "prefect.db").read_bytes()


def test_the_command_line_signs_in_by_itself(project):
    project.environment["PREFECT_API_URL"] = f"http://127.0.0.1:{project.port}/api"
    ran = project.run_threadmill("run")
    assert ran.returncode == 0, ran.stderr
    # Of DuckDB's module, if Prefect's threads still hold the flow when the process ends.
    assert "leaked" not in ran.stderr
    assert project.threads() == 1
    assert "mill: read 1 document" in project.runs("COMPLETED")


def test_folders_given_by_hand_are_used_against_an_api(project, tmp_path):
    project.environment["PREFECT_API_URL"] = f"http://127.0.0.1:{project.port}/api"
    processed = tmp_path / "mine" / "data" / "processed"
    ran = project.run_threadmill("run", "--raw", str(project.raw), "--processed", str(processed))
    assert ran.returncode == 0, ran.stderr
    assert (processed / "current").is_symlink()
    # What the served run parsed serves this one too.
    assert "mine: read 0 documents" in project.runs("COMPLETED")


def test_a_run_asked_for_over_the_api_cannot_choose_folders(project, tmp_path):
    deployment = project.ask("deployments/name/refresh/scheduled")["id"]
    given = {"name": "chooser", "parameters": {"processed": str(tmp_path / "mine")}}
    project.ask(f"deployments/{deployment}/create_flow_run", given)
    wait("its end", SOON_S, lambda: "chooser" in project.runs("CRASHED"))
    assert not (tmp_path / "mine").exists()
