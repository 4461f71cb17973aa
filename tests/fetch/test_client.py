"""Politeness and limits, against real servers on loopback."""

import itertools
import json
import signal
import socket
import subprocess
import threading
import time

import pytest
from support import command, surroundings
from support.watched import AGENT, make_thread

from threadmill.fetch import public
from threadmill.fetch.client import Client, HostFailed, Manners, Refused, Stopped
from threadmill.fetch.contract import Ask


@pytest.fixture
def topic(sites, watched):
    """Watches one topic."""
    watched.watch({"address": f"{sites.base}/t/1"})
    return watched


def paths_but_robots(sites):
    return [path for path in sites.paths() if path != "/robots.txt"]


def test_the_agent_names_the_project_and_the_contact(sites, topic):
    sites.serve(make_thread())
    topic.fetch()
    assert {one["headers"]["User-Agent"] for one in sites.requests()} == {AGENT}
    assert not any("Cookie" in one["headers"] for one in sites.requests())


def test_robots_is_asked_first_and_once(sites, topic):
    sites.serve(make_thread(1, 50), faults=[{"path": "/t/1.json?print", "status": 403}])
    topic.fetch()
    assert sites.paths()[0] == "/robots.txt"
    assert sites.paths().count("/robots.txt") == 1


@pytest.mark.parametrize(
    "rules",
    [
        "User-agent: *\nDisallow: /t/",
        "User-agent: threadmill\nDisallow: /t/*?print",
        "User-agent: *\nAllow: /\nDisallow: /*.json",
    ],
)
def test_what_robots_disallows_is_not_asked(sites, topic, rules):
    sites.serve(make_thread(), robots=rules)
    (done,) = topic.fetch().fetches
    assert (done.outcome, done.status) == ("refused", None)
    assert "robots.txt disallows" in done.reason
    assert sites.paths() == ["/robots.txt"]
    assert topic.files() == []


def test_a_robots_that_fails_allows_nothing(sites, topic):
    sites.serve(make_thread(), faults=[{"path": "/robots.txt", "status": 503}])
    assert topic.outcomes() == ["failed"]
    assert set(sites.paths()) == {"/robots.txt"}


def test_requests_to_a_host_have_pauses(sites, topic):
    sites.serve(make_thread(1, 50), faults=[{"path": "/t/1.json?print", "status": 403}])
    topic.fetch(manners=topic.manners._replace(delay_s=0.1))
    times = [one["at"] for one in sites.requests()]
    assert len(times) == 5
    assert min(b - a for a, b in itertools.pairwise(times)) >= 0.09


def test_a_crawl_delay_that_is_longer_counts(sites, topic):
    sites.serve(make_thread(), robots="User-agent: *\nCrawl-delay: 0.3\nAllow: /")
    topic.fetch()
    first, second = (one["at"] for one in sites.requests())
    assert second - first >= 0.28


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_fails_for_a_while_is_tried_again(sites, topic, status):
    sites.serve(make_thread(), faults=[{"path": "/t/", "status": status, "times": 2}])
    assert topic.outcomes() == ["captured"]
    assert len(paths_but_robots(sites)) == 3


def test_pauses_between_tries_double(sites, topic):
    sites.serve(make_thread(), faults=[{"path": "/t/", "status": 500}])
    topic.fetch(manners=topic.manners._replace(backoff_s=0.1))
    times = [one["at"] for one in sites.requests() if one["path"] != "/robots.txt"]
    gaps = [b - a for a, b in itertools.pairwise(times)]
    assert len(gaps) == 3
    assert all(gap >= least for gap, least in zip(gaps, (0.09, 0.18, 0.36), strict=True))


def test_retry_after_is_waited_for(sites, topic):
    limit = {"path": "/t/", "status": 429, "times": 1, "headers": {"Retry-After": "1"}}
    sites.serve(make_thread(), faults=[limit])
    assert topic.outcomes() == ["captured"]
    first, second = (one["at"] for one in sites.requests() if one["path"] != "/robots.txt")
    assert second - first >= 0.98


def test_a_host_that_asks_for_long_is_left_alone_until_then(sites, topic):
    limit = {"path": "/t/", "status": 429, "headers": {"Retry-After": "7200"}}
    sites.serve(make_thread(), faults=[limit])
    (done,) = topic.fetch().fetches
    assert (done.outcome, done.status) == ("failed", 429)
    assert "asks to wait 7,200 s" in done.reason
    sites.serve(make_thread())
    later = topic.fetch(days=1 / 24)
    assert (later.fetches, later.waiting) == ([], {sites.host: 1})
    assert sites.paths() == []
    assert topic.outcomes(days=2 / 24) == ["captured"]


@pytest.mark.parametrize("asked", ["99999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_host_that_asks_for_ever_is_asked_again_some_day(sites, topic, asked):
    limit = {"path": "/t/", "status": 503, "headers": {"Retry-After": asked}}
    sites.serve(make_thread(), faults=[limit])
    assert topic.outcomes() == ["failed"]
    sites.serve(make_thread())
    assert topic.outcomes(20) == []
    assert topic.outcomes(11) == ["captured"]


def test_a_crawl_delay_of_a_day_is_a_refusal(sites, topic):
    sites.serve(make_thread(), robots="User-agent: *\nCrawl-delay: 86400")
    (done,) = topic.fetch().fetches
    assert done.outcome == "refused"
    assert "asks for 86,400 s between two requests" in done.reason


def test_a_host_that_fails_stops_no_other(sites, watched):
    sites.serve(make_thread(1), make_thread(2))
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        dead = f"http://127.0.0.1:{closed.getsockname()[1]}"
        watched.watch(
            {"address": f"{dead}/t/1"},
            {"address": f"{dead}/t/2"},
            {"address": f"{sites.base}/t/1"},
            {"address": f"{sites.base}/t/2"},
        )
        done = watched.fetch()
    assert sorted(one.outcome for one in done.fetches) == ["captured", "captured", "failed"]
    (failed,) = (one for one in done.fetches if one.outcome == "failed")
    assert failed.reason == "127.0.0.1: can't be reached (4 tries)"
    assert done.waiting == {dead.removeprefix("http://"): 1}


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("cut", "cut off"),
        ("cut without length", "isn't JSON"),
        ("page", "isn't JSON"),
        ("slow", "took more than"),
    ],
)
def test_a_body_that_is_not_whole_is_not_kept(sites, topic, how, words):
    sites.serve(make_thread(1, 100), faults=[{"path": "/t/", "body": how}])
    began = time.monotonic()
    (done,) = topic.fetch(manners=topic.manners._replace(total_s=0.5)).fetches
    # The slow one would take two minutes.
    assert time.monotonic() - began < 20
    assert done.outcome in ("failed", "refused")
    assert words in done.reason
    assert topic.files() == []


def test_ten_megabytes_are_taken_and_more_than_allowed_are_not(sites, topic):
    large = make_thread(1, 40)
    for one in large["comments"]:
        one["text"] = "stone " * 43_000
    sites.serve(large)
    (done,) = topic.fetch().fetches
    assert done.outcome == "captured"
    assert done.byte_count > 10_000_000
    (done,) = topic.fetch(1, manners=topic.manners._replace(max_bytes=1_000_000)).fetches
    assert (done.outcome, done.reason) == ("unchanged", None)
    sites.serve(large | {"title": "Another"})
    (done,) = topic.fetch(1, manners=topic.manners._replace(max_bytes=1_000_000)).fetches
    assert done.outcome == "refused"
    assert "more than 1,000,000 bytes" in done.reason


@pytest.mark.parametrize(
    "location",
    [
        "http://example.org/t/1.json",
        "//example.org/",
        "http://127.0.0.1:1/t/1.json",
        "file:///etc/passwd",
        "",
    ],
)
def test_a_redirect_out_of_the_host_is_not_followed(sites, topic, location):
    away = {"path": "/t/1.json", "status": 301, "headers": {"Location": location}}
    sites.serve(make_thread(), faults=[away])
    (done,) = topic.fetch().fetches
    assert done.outcome == "refused"
    assert "isn't the same host" in done.reason


def test_a_redirect_within_the_host_is(sites, topic):
    moved = {"path": "/t/1.json?print", "status": 301, "headers": {"Location": "/t/1.json"}}
    sites.serve(make_thread(), faults=[moved])
    assert topic.outcomes() == ["captured"]


def test_redirects_that_never_end_are_refused(sites, topic):
    loop = {"path": "/t/1.json", "status": 302, "headers": {"Location": "/t/1.json?again"}}
    sites.serve(make_thread(), faults=[loop])
    (done,) = topic.fetch().fetches
    assert "more than 5 redirects" in done.reason


@pytest.mark.parametrize(
    "number",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "192.0.0.1", "198.18.0.1", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "2001:db8::1",
        "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "2001:0:0:0:0:0:f5ff:fffe",
    ],
)  # fmt: skip
def test_private_addresses_are_not_public(number):
    assert not public.is_public(public.ipaddress.ip_address(number))


@pytest.mark.parametrize(
    "number", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_public_addresses_are(number):
    assert public.is_public(public.ipaddress.ip_address(number))


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1"]
)
def test_nothing_is_sent_into_the_own_network(sites, watched, host):
    sites.serve(make_thread())
    port = sites.host.partition(":")[2]
    watched.watch({"address": f"http://{host}:{port}/t/1"})
    (done,) = watched.fetch(manners=Manners(AGENT, backoff_s=0, delay_s=0)).fetches
    assert (done.outcome, done.request_count) == ("refused", 0)
    assert "is no public address" in done.reason
    assert "fetch_private" in done.reason
    assert sites.paths() == []


def test_what_is_connected_to_is_what_was_looked_at(sites, monkeypatch):
    """A name that leads elsewhere when asked again: it isn't asked again."""
    sites.serve(make_thread())
    asked = []
    real = socket.getaddrinfo

    def rebind(host, port, *arguments, **more):
        if host == "rebound.example":
            asked.append(host)
            return real("127.0.0.1" if len(asked) == 1 else "10.0.0.1", port, *arguments, **more)
        return real(host, port, *arguments, **more)

    monkeypatch.setattr(socket, "getaddrinfo", rebind)
    port = sites.host.partition(":")[2]
    manners = Manners(AGENT, delay_s=0, private_hosts=frozenset(["rebound.example"]))
    client = Client(manners)
    # One look for robots.txt; the second request would go elsewhere.
    answer = client._send(client_url(f"http://rebound.example:{port}/t/1.json"), None, {}, 10**6)
    assert answer.status == 200
    assert asked == ["rebound.example"]
    assert sites.requests()[0]["headers"]["Host"] == f"rebound.example:{port}"
    client.close()


def client_url(address):
    import httpx

    return httpx.URL(address)


def test_a_secret_is_sent_and_stands_nowhere(sites, watched, monkeypatch, caplog, capfd):
    caplog.set_level("DEBUG")
    monkeypatch.setenv("THREADMILL_STACKEXCHANGE_KEY", "s3cret/key")
    sites.serve(make_thread())
    address = "https://stackoverflow.com/questions/1/mills"
    watched.watch({"address": address, "api": f"{sites.base}/2.3"})
    assert watched.outcomes() == ["captured"]
    keyed = [path for path in sites.paths() if "key=s3cret%2Fkey" in path]
    assert len(keyed) == 2
    written = [path for path in watched.folder.rglob("*") if path.is_file()]
    assert not any(b"s3cret" in path.read_bytes() for path in written)
    assert "s3cret" not in caplog.text
    assert "s3cret" not in "".join(capfd.readouterr())


def test_the_wait_that_stack_exchange_asks_for_is_kept(sites, watched):
    sites.serve(make_thread(1), make_thread(2), wrapper={"backoff": 1})
    entries = [f"https://stackoverflow.com/questions/{number}" for number in (1, 2)]
    watched.watch(*({"address": one, "api": f"{sites.base}/2.3"} for one in entries))
    assert watched.outcomes() == ["captured", "captured"]
    times = [one["at"] for one in sites.requests() if one["path"] != "/robots.txt"]
    assert times[2] - times[1] >= 0.98


def test_a_fetch_can_be_stopped_while_it_waits(sites):
    sites.serve(make_thread())
    stop = threading.Event()
    client = Client(Manners(AGENT, private_hosts=frozenset(["127.0.0.1"])), stop)
    client.hold(60)
    threading.Timer(0.1, stop.set).start()
    began = time.monotonic()
    with pytest.raises(Stopped):
        client.ask(Ask(f"{sites.base}/t/1.json"))
    assert time.monotonic() - began < 5
    client.close()


def test_ctrl_c_ends_a_fetch_at_once_and_keeps_nothing(sites, project):
    """In the middle of an answer that comes slowly."""
    sites.serve(make_thread(1, 200), faults=[{"path": "/t/", "body": "slow"}])
    (project / "data" / "watch.toml").write_text(f'[[watch]]\naddress = "{sites.base}/t/1"\n')
    around = surroundings(
        THREADMILL_FETCH_CONTACT="nobody@example.org",
        THREADMILL_FETCH_PRIVATE="127.0.0.1",
        THREADMILL_FETCH_DELAY="1",
    )
    ended = subprocess.Popen(command("fetch"), cwd=project, env=around, stderr=subprocess.PIPE)
    end = time.monotonic() + 60
    while len(sites.paths()) < 2:
        assert time.monotonic() < end
        time.sleep(0.05)
    time.sleep(0.3)
    began = time.monotonic()
    ended.send_signal(signal.SIGINT)
    _, said = ended.communicate(timeout=60)
    assert time.monotonic() - began < 10
    assert (ended.returncode, said) == (130, b"threadmill: interrupted\n")
    assert not (project / "data" / "raw" / "discourse").exists()


def test_a_name_without_an_address_is_a_failing_host(monkeypatch):
    def fail(*_arguments, **_more):
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    client = Client(Manners(AGENT, delay_s=0, backoff_s=0))
    with pytest.raises(HostFailed, match=r"nowhere\.invalid: can't be reached"):
        client.ask(Ask("https://nowhere.invalid/x"))


def test_proxies_of_the_environment_are_not_used(sites, topic, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    sites.serve(make_thread())
    assert topic.outcomes() == ["captured"]


def test_a_packed_answer_is_measured_unpacked(tmp_path):
    """A megabyte of gzip that unpacks to a gigabyte is refused before it is in memory."""
    import gzip
    import http.server

    packed = gzip.compress(b" " * 200_000_000, 9)

    class Bomb(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(404 if self.path == "/robots.txt" else 200)
            body = b"" if self.path == "/robots.txt" else packed
            self.send_header("Content-Encoding", "gzip" if body else "identity")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Bomb) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        manners = Manners(AGENT, delay_s=0, max_bytes=10**7, private_hosts=frozenset(["127.0.0.1"]))
        client = Client(manners)
        with pytest.raises(Refused, match="more than 10,000,000 bytes"):
            client.ask(Ask(f"http://127.0.0.1:{server.server_port}/"))
        client.close()
        server.shutdown()


def test_a_fetch_that_is_cut_off_leaves_no_half_file(sites, topic):
    """A process that is killed while it writes: names that end in .part are hidden, and the next fetch removes them."""
    sites.serve(make_thread())
    folder = topic.raw / "discourse" / sites.host.replace(":", "-")
    folder.mkdir(parents=True)
    (folder / ".1@2026.json.ab12.part").write_bytes(b"[")
    (folder / "1@2025-12-31T05-30-00Z.toml").write_text(
        'url = "https://x.example/t/1"\nstatus = 200\n'
    )
    assert topic.outcomes() == ["captured"]
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["1@2026-01-01T05-30-00Z.json", "1@2026-01-01T05-30-00Z.toml"]
    json.loads((folder / names[0]).read_bytes())
    assert (topic.folder / "data" / "fetched").stat().st_mode & 0o777 == 0o700
