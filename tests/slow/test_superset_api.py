"""Superset as people run it: installed apart, the dashboard imported, each chart asked through its API."""

import http.cookiejar
import json
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, date, datetime

import pytest
from support import CHECKOUT, SAMPLE, page

import threadmill
from threadmill import schema
from threadmill.publish import catalog

FOLDER = CHECKOUT / "bi" / "superset"
sys.path.insert(0, str(FOLDER))
import dashboard  # noqa: E402

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("superset")]
STARTS_WITHIN_S = 300
DATED = {"law_blog": "blog", "parents_group_de": "forum", "issue_thread": "forum"}
COLUMNS = """\
comment_id = "comment_id"
parent_id = "parent_id"
thread_id = "thread_id"
author_name = "author"
text = "text"
created_at = "created_at"
"""
RECORD_DRAWN = """
window.drawn = [];
const paint = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (text, x, y, ...rest) {
    const width = this.measureText(text).width, at = {left: 0, start: 0, center: width / 2, right: width, end: width};
    const from = this.getTransform().transformPoint({x: x - at[this.textAlign], y});
    const to = this.getTransform().transformPoint({x: x - at[this.textAlign] + width, y});
    const inside = (p) => p.x >= -1 && p.x <= this.canvas.width + 1 && p.y >= 0 && p.y <= this.canvas.height;
    window.drawn.push([text, !this.canvas.isConnected || (inside(from) && inside(to))]);
    return paint.call(this, text, x, y, ...rest);
};
"""
"""Charts are drawn on canvases: keep each text drawn there, and whether all of it is inside."""
CLIPPED = """
() => [...[...document.querySelectorAll('table')].filter((one) =>
        one.offsetWidth > one.closest('.slice_container')?.clientWidth).map((one) => one.innerText),
    ...[...document.querySelectorAll('.dashboard-component-chart-holder *')]
    .filter((one) => one.childElementCount === 0 && one.innerText && getComputedStyle(one).overflowX !== 'visible'
        && one.scrollWidth > one.clientWidth + 1)
    .map((one) => one.innerText)]
"""
"""Text that is cut off, and tables wider than their charts."""


class Superset:
    """A Superset server, and someone logged in."""

    def __init__(self, address, password):
        self.address, self.password, self.headers = address, password, {}
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(cookies)
        login = {"username": "admin", "password": password, "provider": "db"}
        token = self.ask("security/login", login)["access_token"]
        self.headers["Authorization"] = f"Bearer {token}"
        self.headers["X-CSRFToken"] = self.ask("security/csrf_token/")["result"]
        self.headers["Referer"] = address

    def ask(self, path, said=None):
        """Return what the API answers at `path`, to a POST if something is said."""
        body = None if said is None else json.dumps(said).encode()
        headers = self.headers | ({"Content-Type": "application/json"} if body else {})
        request = urllib.request.Request(f"{self.address}/api/v1/{path}", body, headers)
        with self.opener.open(request, timeout=120) as answer:
            return json.load(answer)

    def charts(self):
        """Return the id of each chart by its name."""
        return {
            chart["slice_name"]: chart["id"]
            for chart in self.ask("chart/?q=(page_size:100)")["result"]
        }

    def rows(self, chart):
        """Return the rows that the chart named so shows."""
        return self.ask(f"chart/{self.charts()[chart]}/data/")["result"][0]["data"]


@pytest.fixture(scope="module")
def processed(tmp_path_factory):
    """The published sample, a page whose days are known, and dated threads of other platforms."""
    raw = tmp_path_factory.mktemp("project") / "data" / "raw" / "substack"
    raw.mkdir(parents=True)
    for path in (SAMPLE, SAMPLE.with_suffix(".toml")):
        (raw / path.name).write_bytes(path.read_bytes())
    (raw / "talk.txt").write_text(page(first="Which plug fits?"), encoding="utf-8")
    (raw / "talk.toml").write_text("captured_at = 2026-04-01T10:00:00Z\n", encoding="utf-8")
    for name, platform in DATED.items():
        folder = raw.parent / platform
        folder.mkdir(exist_ok=True)
        comments = (CHECKOUT / "tests/mentions/gold" / name / "thread.ndjson").read_bytes()
        (folder / f"{name}.ndjson").write_bytes(comments)
        (folder / f"{name}.columns.toml").write_text(COLUMNS, encoding="utf-8")
    processed = raw.parents[1] / "processed"
    threadmill.run(raw.parent, processed)
    return processed


@pytest.fixture(scope="module")
def superset(processed, tmp_path_factory):
    """A server with the dashboard on these tables, imported twice."""
    where, home = CHECKOUT / ".venv-superset", tmp_path_factory.mktemp("superset")
    words = [sys.executable, FOLDER / "install.py", "--processed", processed, "--home", home]
    for _ in range(2):
        subprocess.run(words, check=True, timeout=3600)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [*words, "--serve", "--port", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert (where / "bin" / "superset").is_file()
    end = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5)
            break
        except OSError:
            assert server.poll() is None, "the server has ended"
            time.sleep(1)
    try:
        yield Superset(f"http://127.0.0.1:{port}", (home / "admin_password").read_text())
    finally:
        server.terminate()
        server.wait(60)


def as_superset_says(value):
    """Return `value` as Superset's JSON has it: times are milliseconds since 1970."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC).timestamp() * 1000
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC).timestamp() * 1000
    return value


def given(chart, processed):
    """Return the rows that our SQL gives for `chart`."""
    with catalog.connect(processed) as con:
        answer = con.execute(chart.sql)
        names = [column[0] for column in answer.description]
        rows = answer.fetchall()
    return [dict(zip(names, map(as_superset_says, row), strict=True)) for row in rows]


@pytest.mark.parametrize("chart", dashboard.CHARTS, ids=lambda chart: chart.name)
def test_a_chart_shows_what_our_sql_gives(chart, superset, processed):
    shown, ours = superset.rows(chart.name), given(chart, processed)
    assert ours, "a chart without a row compares nothing"
    assert len(shown) == len(ours)
    for found, expected in zip(shown, ours, strict=True):
        assert found == pytest.approx(expected), chart.name


def open_dashboard(superset, browser, width):
    """Return the dashboard's page once every chart is drawn."""
    page = browser.new_page(viewport={"width": width, "height": 4200})
    page.add_init_script(RECORD_DRAWN)
    page.hosts = set()
    page.on("response", lambda answer: page.hosts.add(answer.url.split("/")[2]))
    page.goto(f"{superset.address}/login/")
    page.locator("input[name=username],#username").first.fill("admin")
    page.locator("input[type=password]").fill(superset.password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/welcome/**", timeout=60_000)
    page.goto(f"{superset.address}/superset/dashboard/threadmill/")
    wait_for_charts(page)
    return page


def wait_for_charts(page):
    drawn, end = page.locator(".slice_container"), time.monotonic() + STARTS_WITHIN_S
    while drawn.count() < len(dashboard.CHARTS) or page.locator(".loading").count():
        assert time.monotonic() < end, f"{drawn.count()} charts are drawn"
        time.sleep(1)
    # The network moves until its forces are even.
    time.sleep(5)


@pytest.mark.parametrize("width", [1440, 1000])
def test_the_dashboard_shows_every_chart_whole_and_asks_nobody_else(width, superset, browser):
    page = open_dashboard(superset, browser, width)
    assert page.get_by_text(re.compile("NaN|Data error|error occurred|No results")).count() == 0
    drawn = page.evaluate("window.drawn")
    assert len(drawn) > 50
    assert [text for text, _ in drawn if "NaN" in text or "undefined" in text] == []
    assert {"2022-01-01", "Comments", "duration"} <= {text for text, _ in drawn}
    final = dict(drawn)
    assert [text for text, is_inside in final.items() if not is_inside] == []
    assert page.evaluate(CLIPPED) == []
    assert page.hosts - {""} == {superset.address.split("/")[2]}
    page.close()


def test_filters_reach_the_charts(superset, processed, browser):
    with catalog.connect(processed) as con:
        expected = con.execute(
            "select count(*), count(distinct author_id) from comments where platform = 'blog'"
        ).fetchone()
    page = open_dashboard(superset, browser, 1440)
    counted = page.locator(".dashboard-component-chart-holder", has_text="Comments").nth(0)
    bar = page.locator("[data-test=form-item-value]")
    bar.nth(1).click()
    page.keyboard.type("blog")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Apply").first.click()
    time.sleep(3)
    wait_for_charts(page)
    assert f"{expected[0]}" in counted.inner_text()
    assert page.get_by_text("Gavin Giovannoni").count() == 0
    assert page.get_by_text("Margaret Ellery").count() > 0
    page.close()


def test_the_packed_dashboard_is_one_that_superset_imports(superset, processed, tmp_path):
    bundle, mark = tmp_path / "threadmill.zip", "a-mark-between-parts"
    words = [sys.executable, FOLDER / "install.py", "--processed", processed, "--pack", bundle]
    subprocess.run(words, check=True, timeout=60)
    head = 'Content-Disposition: form-data; name="{}"\r\n\r\n'
    body = (
        f"--{mark}\r\n{head.format('overwrite')}true\r\n--{mark}\r\n".encode()
        + head.format('formData"; filename="threadmill.zip').encode()
        + bundle.read_bytes()
        + f"\r\n--{mark}--\r\n".encode()
    )
    headers = superset.headers | {"Content-Type": f"multipart/form-data; boundary={mark}"}
    request = urllib.request.Request(f"{superset.address}/api/v1/dashboard/import/", body, headers)
    with superset.opener.open(request, timeout=300) as answer:
        assert json.load(answer) == {"message": "OK"}


def test_everything_is_imported_once(superset):
    assert sorted(superset.charts()) == sorted(chart.name for chart in dashboard.CHARTS)
    assert superset.ask("dashboard/")["count"] == 1
    assert superset.ask("dataset/?q=(page_size:100)")["count"] == len(schema.TABLES) + len(
        dashboard.VIEWS
    )


@pytest.mark.parametrize("table", ["comments", "thread_engagement"])
def test_datasets_say_what_columns_mean(table, superset):
    listed = superset.ask("dataset/?q=(page_size:100)")["result"]
    (number,) = (dataset["id"] for dataset in listed if dataset["table_name"] == table)
    columns = superset.ask(f"dataset/{number}")["result"]["columns"]
    said = {column["column_name"]: column["description"] for column in columns}
    assert set(said) == set(schema.TABLES[table].columns)
    assert all(said[name].startswith(schema.get_meaning(table, name)) for name in said)


@pytest.mark.parametrize(
    ("query", "is_answered"),
    [
        ("select count(*) from comments", True),
        ("select * from read_csv('/etc/passwd')", False),
        ("copy (select 1) to '/tmp/out.csv'", False),
        ("set enable_external_access = true", False),
    ],
)
def test_sql_lab_reads_the_published_tables_only(query, is_answered, superset):
    database = superset.ask("database/")["result"][0]["id"]
    said = {
        "database_id": database,
        "sql": query,
        "runAsync": False,
        "client_id": str(abs(hash(query)))[:10],
    }
    try:
        answer = superset.ask("sqllab/execute/", said)
    except urllib.error.HTTPError as error:
        answer = json.load(error)
    assert (answer.get("status") == "success") == is_answered, answer


def test_the_next_run_shows_at_once(superset, processed):
    before = superset.rows("Comments")[0]["comment_count"]
    raw = processed.parent / "raw"
    (raw / "substack" / "more.txt").write_text(page(first="Another one."), encoding="utf-8")
    threadmill.run(raw, processed)
    assert superset.rows("Comments")[0]["comment_count"] == before + 2
