"""Each platform, from its address to published tables: what is fetched is read by its source."""

import json
from datetime import UTC, datetime

import polars as pl
import pytest
from support.watched import BEGAN, make_thread

from threadmill import pipeline
from threadmill.errors import Mistake
from threadmill.fetch.sites import name_target
from threadmill.publish import catalog

COUNT = 130
"""More than a page of WordPress, Lemmy and Discourse has."""


def list_entries(sites):
    base = sites.base
    return {
        "discourse": {"address": f"{base}/t/mills/1"},
        "hackernews": {
            "address": "https://news.ycombinator.com/item?id=1",
            "api": f"{base}/api/v1",
        },
        "substack": {"address": f"{base}/p/post-1"},
        "wordpress": {"address": f"{base}/2026/post-1/", "platform": "wordpress"},
        "mastodon": {"address": f"{base}/@host/1"},
        "lemmy": {"address": f"{base}/post/1"},
        "bluesky": {"address": "https://bsky.app/profile/host.example/post/1", "api": base},
        "stackexchange": {
            "address": "https://stackoverflow.com/questions/1/mills",
            "api": f"{base}/2.3",
        },
    }


@pytest.fixture(scope="module")
def fetched(sites, watched_once):
    """One thread of 130 comments, fetched from every platform and published. Also what was asked for each."""
    sites.serve(make_thread(1, COUNT), faults=[{"path": "/t/1.json?print", "status": 403}])
    watched_once.watch(*list_entries(sites).values())
    done = watched_once.fetch()
    assert [one.outcome for one in done.fetches] == ["captured"] * 8
    processed = watched_once.folder / "data" / "processed"
    pipeline.run(watched_once.raw, processed, jobs=1)
    return watched_once, processed, sites.paths()


def ask(processed, query):
    with catalog.connect(processed) as con:
        return con.sql(query).pl()


def test_every_comment_and_reply_is_published(fetched):
    _, processed, _ = fetched
    found = ask(
        processed,
        "select platform, count(distinct thread_id) as threads, count(*) as comments, "
        "count(*) filter (parent_status = 'explicit') as replies from comments group by all order by 1",
    )
    replies = sum(one["parent"] is not None for one in make_thread(1, COUNT)["comments"])
    platforms = sorted(list_entries_of(fetched))
    assert found.rows() == [(one, 1, COUNT, replies) for one in platforms]


def list_entries_of(fetched):
    watched, _, _ = fetched
    return [path.name for path in watched.raw.iterdir()]


def test_nothing_is_rejected(fetched):
    assert ask(fetched[1], "from rejects").is_empty()


def test_threads_have_the_address_the_host_and_the_time_of_publication(fetched):
    found = ask(
        fetched[1],
        "select platform, host_name, date_trunc('second', published_at) as published_at, "
        "url is not null as has_url, captured_at from threads order by platform",
    )
    began = datetime(2026, 1, 1)  # noqa: DTZ001 # as tables have it
    assert found["captured_at"].unique().to_list() == [datetime(2026, 1, 1, 5, 30)]  # noqa: DTZ001
    known = found.filter(~pl.col("platform").is_in(["lemmy", "wordpress"]))
    assert known["host_name"].str.to_lowercase().unique().to_list() == ["host"]
    assert found["published_at"].unique().to_list() == [began]
    assert found["has_url"].all()


def test_pages_are_kept_as_they_came(fetched):
    watched, _, _ = fetched
    (path,) = watched.raw.glob("wordpress/*/*.json")
    first, second = json.loads(path.read_bytes())
    assert (len(first), len(second)) == (100, 30)
    assert path.read_bytes().startswith(b'[[{"id":10001,"post":1,')


@pytest.mark.parametrize(
    ("start", "count"),
    [
        # The refused print, then pages of twenty.
        ("/t/1.json", 8),
        ("/api/v1/items/1", 1),
        ("/api/v1/post/1/comments", 1),
        ("/wp-json/wp/v2/comments", 2),
        ("/api/v1/statuses/1", 2),
        ("/api/v3/comment/list", 3),
        ("/xrpc/", 2),
        ("/2.3/", 2),
    ],
)
def test_as_many_requests_as_pages(fetched, start, count):
    asked = [path for path in fetched[2] if path.startswith(start)]
    assert len(asked) == count


def test_firebase_is_asked_item_by_item(sites, watched):
    sites.serve(make_thread(7, 4))
    address = "https://news.ycombinator.com/item?id=7"
    watched.watch({"address": address, "api": f"{sites.base}/v0"})
    assert watched.outcomes() == ["captured"]
    assert len([path for path in sites.paths() if path.startswith("/v0/item")]) == 5
    pipeline.run(watched.raw, watched.folder / "out", jobs=1)
    found = ask(watched.folder / "out", "select count(*), count(parent_comment_id) from comments")
    assert found.rows() == [(4, 1)]


LISTINGS = {
    "discourse": "{base}/c/general/4",
    "substack": "{base}/archive",
    "wordpress": "{base}",
    "mastodon": "{base}/@host",
    "lemmy": "{base}/c/mills",
    "bluesky": "https://bsky.app/profile/host.example",
    "stackexchange": "https://stackoverflow.com/questions/tagged/mills",
}


@pytest.mark.parametrize("platform", LISTINGS)
def test_a_listing_gives_the_threads_since_a_day(sites, watched, platform):
    day = 86_400
    threads = [make_thread(number, 1, at=BEGAN - day * (9 - number)) for number in range(1, 9)]
    sites.serve(*threads)
    entry = {"address": LISTINGS[platform].format(base=sites.base), "platform": platform}
    entry |= {"api": f"{sites.base}/2.3" if platform == "stackexchange" else sites.base}
    watched.watch(entry | {"until": "4d"})
    watched.now = datetime.fromtimestamp(BEGAN, UTC)
    done = watched.fetch()
    assert [one.outcome for one in done.fetches] == ["listed", *["captured"] * 4]
    assert sorted(one.address.rstrip("/")[-1] for one in done.fetches[1:]) == ["5", "6", "7", "8"]
    # The same posts are the same threads when they are watched on their own.
    assert len({one.stem for one in done.fetches[1:]}) == 4


def test_a_long_archive_is_read_page_by_page(sites, watched):
    sites.serve(*(make_thread(number, 1) for number in range(1, 24)))
    watched.watch({"address": sites.base, "platform": "substack"})
    done = watched.fetch()
    assert len(done.fetches) == 24
    archive = [path for path in sites.paths() if path.startswith("/api/v1/archive")]
    assert [path.partition("offset=")[2].partition("&")[0] for path in archive] == [
        "0",
        "10",
        "20",
        "23",
    ]


@pytest.mark.parametrize(
    ("address", "platform", "stem"),
    [
        ("https://forum.example.org/t/some-words/12/3", "discourse", "forum.example.org/12"),
        ("https://www.example.org/forum/t/12", "discourse", "example.org/12"),
        ("https://news.ycombinator.com/item?id=8863#9224", "hackernews", "8863"),
        ("https://a.substack.com/p/a-post/comments", "substack", "a.substack.com/a-post"),
        ("https://social.example/@ann@other.example/109", "mastodon", "social.example/109"),
        ("https://lemmy.example/post/5/11", "lemmy", "lemmy.example/5"),
        ("https://bsky.app/profile/did:plc:abc/post/3k", "bluesky", "did-plc-abc/3k"),
        ("https://tex.stackexchange.com/q/4/9", "stackexchange", "tex.stackexchange.com/4"),
    ],
)
def test_an_address_tells_its_platform(address, platform, stem):
    target = name_target(address)
    assert (target.platform, target.stem, target.is_listing) == (platform, stem, False)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("ftp://example.org/t/1", "one starts with https:// and a host"),
        ("https://ann:secret@forum.example.org/t/1", "leave it out"),
        ("https://example.org/2026/a-post/", "doesn't tell its platform"),
        ("not an address", "isn't an address"),
    ],
)
def test_a_wrong_address_is_one_sentence(address, words):
    with pytest.raises(Mistake, match=words) as caught:
        name_target(address)
    assert "secret" not in str(caught.value)


def test_two_ways_to_write_an_address_are_one():
    one, other = (
        name_target(f"https://example.org{end}", "wordpress") for end in ("", "/#comments")
    )
    assert one == other


def test_a_platform_that_is_not_fetched_is_named():
    with pytest.raises(Mistake, match='did you mean "mastodon"'):
        name_target("https://example.org/1", "mastadon")
    with pytest.raises(Mistake, match="isn't an address of lemmy; it takes a post"):
        name_target("https://example.org/1", "lemmy")
