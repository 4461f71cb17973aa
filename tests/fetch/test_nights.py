"""Threads over several nights: what is kept, what `captures` tells of it, and when nothing is asked any more."""

import sys
import threading

import pytest
from support.watched import BEGAN, make_thread

from threadmill import cli, pipeline
from threadmill.errors import Locked, Mistake
from threadmill.fetch import journal
from threadmill.pipeline import fetching
from threadmill.publish import catalog, locking


@pytest.fixture
def topic(sites, watched):
    watched.watch({"address": f"{sites.base}/t/1"})
    return watched


def grow(thread, count, *, without=()):
    """`thread` with `count` comments, of which those at the places `without` are gone."""
    comments = make_thread(thread["id"], count)["comments"]
    return thread | {
        "comments": [one for place, one in enumerate(comments) if place not in without]
    }


@pytest.mark.parametrize("platform", ["discourse", "wordpress"])
def test_captures_tell_five_nights(sites, watched, platform):
    """Pages too: one capture is all pages together, so that no page seems to have lost the others' comments."""
    thread = make_thread(1, 0)
    address = {"discourse": "/t/1", "wordpress": "/2026/post-1/"}[platform]
    watched.watch({"address": sites.base + address, "platform": platform})
    refused = [{"path": "/t/1.json?print", "status": 403}]
    processed = watched.folder / "data" / "processed"
    nights = [
        ({"threads": [grow(thread, 45)]}, "captured", 45),
        ({"threads": [grow(thread, 120)]}, "captured", 120),
        ({"threads": [grow(thread, 120)]}, "unchanged", 120),
        ({"threads": [grow(thread, 121, without=(119,))]}, "captured", 121),
        ({"threads": []}, "gone", 121),
    ]
    for state, outcome, count in nights:
        sites.serve(*state["threads"], faults=refused)
        assert watched.outcomes(1) == [outcome]
        done = pipeline.run(watched.raw, processed, jobs=1)
        assert done.is_new
        assert done.documents_read == (outcome == "captured")
        assert (done.figures["comments"], done.figures["rejects"]) == (count, 0)
    with catalog.connect(processed) as con:
        told = con.sql(
            "select capture_number, comment_count, added_comment_count, lost_comment_count, day(captured_at) "
            "from captures order by 1"
        ).fetchall()
        asked = con.sql(
            "select outcome, status_code, request_count > 1, byte_count > 0, capture_path is not null, "
            "new_comment_count from fetches order by fetch_number"
        ).fetchall()
    assert told == [(1, 45, 45, 0, 2), (2, 120, 75, 0, 3), (3, 120, 1, 1, 5)]
    assert asked == [
        ("captured", 200, True, True, True, 45),
        ("captured", 200, True, True, True, 75),
        ("unchanged", 200, True, True, False, None),
        ("captured", 200, True, True, True, 1),
        ("gone", 404, True, False, True, None),
    ]


def test_an_answer_that_is_the_same_writes_nothing(sites, topic):
    sites.serve(make_thread(), etags=False)
    assert topic.outcomes() == ["captured"]
    files = topic.files()
    assert topic.outcomes(1) == ["unchanged"]
    assert topic.files() == files


def test_a_known_etag_is_asked_for(sites, topic):
    sites.serve(make_thread())
    topic.fetch()
    sites.serve(make_thread())
    (done,) = topic.fetch(1).fetches
    assert (done.outcome, done.status, done.byte_count) == ("unchanged", 304, 0)
    asked = sites.requests()[-1]["headers"]
    assert asked["If-None-Match"].startswith('W/"')


def test_pages_are_never_asked_for_by_etag(sites, topic):
    """The first page may be the same while a later one isn't."""
    refused = [{"path": "/t/1.json?print", "status": 403}]
    sites.serve(make_thread(1, 30), faults=refused)
    topic.fetch()
    changed = make_thread(1, 30)
    changed["comments"][-1]["text"] = "Edited."
    sites.serve(changed, faults=refused)
    assert topic.outcomes(1) == ["captured"]
    assert not any("If-None-Match" in one["headers"] for one in sites.requests())


def test_a_capture_has_a_sidecar(sites, topic):
    sites.serve(make_thread(), etags=False)
    topic.fetch()
    folder = f"discourse/{sites.host.replace(':', '-')}"
    names = [f"{folder}/1@2026-01-01T05-30-00Z{end}" for end in (".json", ".toml")]
    assert topic.files() == names
    said = (topic.raw / names[1]).read_text().splitlines()
    assert said == [
        f'url = "{sites.base}/t/1"',
        "captured_at = 2026-01-01T05:30:00Z",
        "status = 200",
        "published_at = 2026-01-01T00:00:00Z",
    ]


@pytest.mark.parametrize(("status", "asked_again"), [(404, True), (410, False)])
def test_a_thread_that_is_gone_leaves_a_sidecar_alone(sites, topic, status, asked_again):
    sites.serve(make_thread())
    topic.fetch()
    sites.serve(missing=status)
    assert topic.outcomes(1) == ["gone"]
    (alone,) = (path for path in topic.files() if "01-02" in path)
    assert alone.endswith(".toml")
    assert f"status = {status}" in (topic.raw / alone).read_text()
    assert topic.outcomes(1) == (["gone"] if asked_again else [])
    # Once is enough to tell it.
    assert [path for path in topic.files() if "01-03" in path] == []


def test_a_thread_that_comes_back_is_captured_again(sites, topic):
    sites.serve(make_thread())
    topic.fetch()
    sites.serve()
    topic.fetch(1)
    sites.serve(make_thread())
    assert topic.outcomes(1) == ["captured"]
    assert topic.outcomes(1) == ["unchanged"]


def test_nothing_is_asked_before_its_time(sites, topic):
    sites.serve(make_thread())
    topic.fetch()
    sites.serve(make_thread())
    assert topic.outcomes(0.5) == []
    assert sites.paths() == []
    # A night that begins some minutes earlier is a night.
    assert topic.outcomes(0.49) == ["unchanged"]


def test_until_counts_from_the_publication(sites, watched):
    watched.watch({"address": f"{sites.base}/t/1", "until": "3d"})
    sites.serve(make_thread())
    assert watched.outcomes(10) == ["captured"]  # once in any case
    assert watched.outcomes(1) == []


def test_until_quiet_counts_from_the_last_comment(sites, watched):
    watched.watch({"address": f"{sites.base}/t/1", "until": "quiet 2d"})
    thread = make_thread()
    thread["comments"][-1]["at"] = BEGAN + 86_400
    sites.serve(thread)
    assert watched.outcomes(1) == ["captured"]
    thread["comments"][-1]["at"] = BEGAN + 2 * 86_400
    sites.serve(thread)
    assert watched.outcomes(1) == ["captured"]
    assert watched.outcomes(1) == ["unchanged"]
    assert watched.outcomes(2) == []


def test_only_asks_for_what_is_not_due(sites, watched):
    watched.watch({"address": f"{sites.base}/t/1"}, {"address": f"{sites.base}/post/1"})
    sites.serve(make_thread())
    watched.fetch()
    assert watched.outcomes(only=["lemmy"]) == ["unchanged"]
    assert watched.outcomes(only=[f"{sites.base}/t/1"]) == ["unchanged"]
    with pytest.raises(Mistake, match="reddit is not watched"):
        watched.fetch(only=["reddit"])


def test_a_post_without_comments_writes_nothing(sites, watched):
    watched.watch({"address": f"{sites.base}/post/1"})
    sites.serve(make_thread(1, 0))
    assert watched.outcomes() == ["empty"]
    assert watched.files() == []


def test_one_fetch_at_a_time(topic):
    with locking.lock(journal.make_folder(topic.raw)), pytest.raises(Locked, match="another"):
        topic.fetch()


def test_two_fetches_at_once_write_one_capture(sites, topic):
    sites.serve(make_thread(), faults=[{"path": "/t/", "body": "slow", "times": 1}])
    seen = []

    def go():
        try:
            seen.append(topic.outcomes(manners=topic.manners._replace(total_s=60)))
        except Locked:
            seen.append("locked")

    both = [threading.Thread(target=go) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(map(str, seen)) == ["['captured']", "locked"]


def test_a_journal_that_was_cut_off_is_read_to_there(sites, topic):
    sites.serve(make_thread())
    topic.fetch()
    path = journal.find_folder(topic.raw) / journal.FILE
    with path.open("ab") as file:
        file.write(b'{"at": "2026-01-0')
    assert topic.outcomes(1) == ["unchanged"]
    assert [one.outcome for one in journal.read_journal(topic.raw)] == ["captured", "unchanged"]


def test_an_erased_thread_is_not_fetched_again(sites, watched, monkeypatch):
    """Nor by another way to watch it: as one of a listing, or by its address."""
    monkeypatch.setenv("THREADMILL_KEYS", str(watched.folder / "keys"))
    sites.serve(make_thread(1), make_thread(2))
    watched.watch({"address": f"{sites.base}/t/1"}, {"address": f"{sites.base}/t/2"})
    watched.fetch()
    processed = watched.folder / "data" / "processed"
    pipeline.run(watched.raw, processed, jobs=1)
    from threadmill.pipeline import erasing
    from threadmill.pipeline.matching import Wanted

    places = erasing.list_places(watched.raw, processed)
    wanted = Wanted(threads=("discourse:127.0.0.1/1",))
    erasing.note(places, erasing.find(places, wanted, 1), "", erasing.RECORD)
    erasing.resume(places, 1)
    said = (watched.folder / "data" / "watch.toml").read_text()
    assert "/t/1" not in said
    assert "/t/2" in said
    assert [one.stem[-1] for one in journal.read_journal(watched.raw)] == ["2"]
    watched.watch(
        {"address": f"{sites.base}/t/1"},
        {"address": sites.base, "platform": "discourse", "until": "30d"},
    )
    sites.serve(make_thread(1), make_thread(2))
    done = watched.fetch(2)
    assert [(one.outcome, one.stem[-1:]) for one in done.fetches] == [
        ("listed", ""),
        ("unchanged", "2"),
    ]
    # By another name of the same address, before the platform has given an id.
    check = fetching.make_check(watched.raw)
    from threadmill.fetch.sites import name_target

    assert check(name_target("http://127.0.0.1/t/anything/1/5"))
    assert not check(name_target("http://127.0.0.1/t/2"))


def test_an_erased_author_does_not_come_back_by_fetching(sites, topic, monkeypatch):
    monkeypatch.setenv("THREADMILL_KEYS", str(topic.folder / "keys"))
    sites.serve(make_thread(1, 4))
    topic.fetch()
    processed = topic.folder / "data" / "processed"
    pipeline.run(topic.raw, processed, jobs=1)
    from threadmill.pipeline import erasing
    from threadmill.pipeline.matching import Wanted

    places = erasing.list_places(topic.raw, processed)
    matched = erasing.find(places, Wanted(authors=("Ada",)), 1)
    erasing.note(places, matched, "", erasing.RECORD)
    erasing.resume(places, 1)
    assert fetching.list_watched(topic.raw, matched.documents) == [f"{sites.base}/t/1"]
    sites.serve(make_thread(1, 9))
    assert topic.outcomes(1) == ["captured"]
    pipeline.run(topic.raw, processed, jobs=1)
    with catalog.connect(processed) as con:
        names = con.sql("select distinct author_name from comments order by 1").fetchall()
    assert names == [("Bo",), ("Cleo",), ("Dov",), (None,)]


MISTAKES = {
    '[[watch]]\nadress = "https://x.example/t/1"': 'entry 1: key "adress" is not known; did you mean "address"?',
    '[[watch]]\naddress = "https://x.example/t/1"\nevery = "1"': "every is '1'; write it as 6h, 14d or 2w",
    '[[watch]]\naddress = "https://x.example/t/1"\nevery = "5m"': "it must be at least 15m",
    '[[watch]]\naddress = "https://x.example/t/1"\nuntil = "quiet"': "until is ''",
    '[[watch]]\naddress = "https://x.example/t/1"\nsince = 2026-01-01': "since is for listings",
    '[[watch]]\naddress = "https://x.example/t/1"\nsince = "soon"': "since is no day",
    '[[watch]]\nevery = "1d"': 'has no address; add address = "https://…"',
    '[[watch]]\naddress = 1': "address is no text",
    '[watch]\naddress = "x"': "each entry begins with [[watch]]",
    'threads = 1': '"threads" is not known',
    '[[watch': "not valid TOML",
    '[[watch]]\naddress = "https://x.example/t/1"\n[[watch]]\naddress = "https://x.example/t/a/1"': "is there twice",
}  # fmt: skip


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_in_the_file_is_one_sentence(watched, text):
    (watched.folder / "data" / "watch.toml").write_text(text)
    with pytest.raises(Mistake) as caught:
        watched.fetch()
    assert MISTAKES[text] in str(caught.value)
    assert str(caught.value).startswith(str(watched.folder / "data" / "watch.toml"))


def test_the_commands(sites, project, monkeypatch, capsys):
    """Add, list, dry run, fetch, run and remove, as a first-time user does."""
    monkeypatch.delenv("THREADMILL_FETCH_CONTACT", raising=False)
    (project / "threadmill.toml").write_text('fetch_delay = 1\nfetch_private = ["127.0.0.1"]\n')
    sites.serve(make_thread())
    address = f"{sites.base}/t/mills/1"

    def command(*arguments):
        """What a command prints, and its exit code before that if it isn't 0."""
        monkeypatch.setattr(sys, "argv", ["threadmill", *arguments])
        code = 0
        try:
            cli.main()
        except SystemExit as ended:
            code = ended.code
        said = capsys.readouterr()
        return (f"{code} " if code else "") + said.out + said.err

    said = command("watch", "add", address, "--until", "quiet 7d")
    assert (
        f"a thread of discourse, {sites.base}/t/1, every 1 day, until nobody has commented for 7 days"
        in said
    )
    assert f"First request: GET {sites.base}/t/1.json?print=true" in said
    assert 'write fetch_contact = "you@example.org" into threadmill.toml' in said
    assert "is there twice" in command("watch", "add", address)
    assert "1 of 1 entry due; nothing was sent" in command("fetch", "--dry-run")
    assert command("fetch").startswith("2 threadmill: threadmill.toml: sets no fetch_contact")
    assert sites.paths() == []
    with (project / "threadmill.toml").open("a") as file:
        file.write('fetch_contact = "ann@example.org"\n')
    assert "1 captured; threadmill run publishes it" in command("fetch")
    assert "(+ann@example.org)" in sites.requests()[0]["headers"]["User-Agent"]
    assert "nothing to ask for; 1 entry not due" in command("fetch")
    assert "captured" in command("watch", "list")
    assert "is no longer watched" in command("watch", "remove", address)
    assert "nothing is watched" in command("watch", "list")
    command("watch", "add", f"{sites.base}/t/5")
    sites.serve(missing=403)
    assert command("fetch").startswith("1 refused")
