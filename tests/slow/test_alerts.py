"""As docs/operate.md says: an automation of Prefect mails that a run failed, and OpenTelemetry traces runs."""

import http.server
import os
import re
import signal
import socketserver
import subprocess
import sys
import threading

import pytest
from support import CHECKOUT
from support.scheduled import SOON_S, START_S, Project, wait

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="looks into /proc")]
OPERATE = (CHECKOUT / "docs" / "operate.md").read_text(encoding="utf-8")


class Mailbox(socketserver.ThreadingTCPServer):
    """A server of mail on loopback that keeps what it gets."""

    daemon_threads = True

    def __init__(self):
        self.mails = []
        super().__init__(("127.0.0.1", 0), _Post)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Post(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("220 here")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self.say("354 go on")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.mails.append(b"".join(lines).decode())
            if word == b"QUIT":
                return
            self.say("250 done")

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())


class Collector(http.server.ThreadingHTTPServer):
    """A collector of OpenTelemetry on loopback that keeps what it gets."""

    def __init__(self):
        self.spans = b""
        super().__init__(("127.0.0.1", 0), _Spans)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Spans(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/v1/traces":
            self.server.spans += body
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def project(tmp_path):
    made = Project(tmp_path / "forum")
    yield made
    made.kill_all()


def break_vocabulary(project):
    stray = project.folder / "data" / "vocabulary" / "stray" / "terms.csv"
    stray.parent.mkdir(parents=True)
    stray.write_text("term,kind\nx,place\n", encoding="utf-8")


def test_a_failed_run_is_mailed(project):
    box = Mailbox()
    serving = project.serve("--interval", "3600", "--port", str(project.port))
    wait("a run", START_S, lambda: project.runs("COMPLETED"))

    script = re.search(r"```text\n(from prefect.*?)```", OPERATE, re.DOTALL)[1]
    url = f"mailto://127.0.0.1:{box.server_address[1]}?from=a@example.org&to=b@example.org&mode=insecure"
    script = re.sub(r'"mailtos?://[^"]*"', repr(url), script)
    secret = (project.folder / ".prefect" / "secret").read_text().strip()
    around = project.environment | {
        "PREFECT_API_URL": f"http://127.0.0.1:{project.port}/api",
        "PREFECT_API_AUTH_STRING": secret,
        "PREFECT_CLIENT_CSRF_SUPPORT_ENABLED": "true",
        "PREFECT_HOME": str(project.folder / ".prefect"),
    }
    subprocess.run([sys.executable, "-c", script], env=around, check=True, timeout=120)

    break_vocabulary(project)
    # Of a run that was planned minutes ago Prefect holds events back, until it knows of its plan.
    deployment = project.ask("deployments/name/refresh/scheduled")["id"]
    project.ask(f"deployments/{deployment}/create_flow_run", {})
    (mail,) = wait("a mail", SOON_S, lambda: box.mails)
    assert "Subject: Threadmill failed" in mail
    assert "To: b@example.org" in mail
    assert "no pack.toml" not in mail
    serving.send_signal(signal.SIGTERM)
    assert serving.wait(60) == 0


def test_a_run_and_its_stages_are_spans(project):
    collector = Collector()
    project.environment |= {
        "OTEL_SERVICE_NAME": "threadmill",
        "OTEL_TRACES_EXPORTER": "otlp",
        "OTEL_METRICS_EXPORTER": "none",
        "OTEL_LOGS_EXPORTER": "none",
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{collector.server_address[1]}",
    }
    instrument = "from opentelemetry.instrumentation.auto_instrumentation import run; run()"
    schedule = ("--interval", "3600", "--port", str(project.port))
    serving = project.start(project.python, "-c", instrument, *project.command, "serve", *schedule)
    wait("a run", START_S, lambda: project.runs("COMPLETED"))
    wait("its spans", SOON_S, lambda: b"publish" in collector.spans)
    serving.send_signal(signal.SIGTERM)
    assert serving.wait(60) == 0
    for name in (b"prefect.run.type", b"refresh forum", b"discover", b"model questions", b"checks"):
        assert name in collector.spans
    # Spans hold no word of the data.
    assert b"Gavin" not in collector.spans
