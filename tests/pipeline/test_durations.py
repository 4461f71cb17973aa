"""How long the next run may take is told from how long stages took for how much."""

import pytest

from threadmill.pipeline.durations import Timed, estimate_seconds, note_durations
from threadmill.pipeline.fingerprint import FORMAT, PRIOR, compare
from threadmill.publish.snapshots import Published
from threadmill.read.discover import Document

DURATIONS = {
    "read": {"seconds": 10.0, "bytes": 1_000},
    "build": {"seconds": 20.0, "bytes": 1_000},
    "models": {"seconds": 4.0, "bytes": 1_000},
}


def published(durations):
    documents = [("youtube/a.json", 100), ("reddit/b.json", 700), ("reddit/odd.json", 200)]
    return Published(
        run_id="",
        raw="",
        made_with={},
        documents={
            path: Document(path, path.partition("/")[0], size, "", "", "")
            for path, size in documents
        },
        buckets={},
        bucket_count=64,
        formats={"youtube/a.json": ["youtube"], "reddit/b.json": ["reddit_thread"], "reddit/odd.json": []},
        rejects=[],
        files={},
        summary={},
        durations=durations,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "seconds"),
    [
        ("read", 10 + 20 + 4),
        ("replies", 20 + 4),
        # It and what no format read: 300 of 1,000 bytes.
        (f"{FORMAT}youtube", 3 + 6 + 4),
        (f"{PRIOR}reddit", 18 + 4),
        # At most as long as building, which holds it.
        ("mentions", 20 + 4),
        ("sql", 4),
        ("publish", 0),
    ],
)
def test_what_is_redone_takes_its_share(name, seconds):
    assert estimate_seconds(published(DURATIONS), compare({}, {name: "other"})) == seconds


def test_mentions_take_as_long_as_they_took():
    durations = DURATIONS | {"mention": {"seconds": 1.0, "bytes": 500}}
    assert estimate_seconds(published(durations), compare({}, {"mentions": "other"})) == 2 + 4


def test_without_durations_nothing_is_estimated():
    assert estimate_seconds(published({}), compare({}, {"replies": "other"})) is None


def test_the_run_that_did_more_tells():
    seconds = {"read": 1.0, "ids": 0.5, "build": 2.0, "model": 3.0, "checks": 0.25, "seal": 9.0}
    first = note_durations(seconds, 800, 1_000, {})
    assert first == {
        "read": {"seconds": 1.5, "bytes": 800},
        "build": {"seconds": 2.0, "bytes": 1_000},
        "models": {"seconds": 3.25, "bytes": 1_000},
    }
    second = note_durations({"read": 0.5, "build": 2.5, "model": 4.0}, 10, 1_010, first)
    assert second == first | {
        "build": {"seconds": 2.5, "bytes": 1_010},
        "models": {"seconds": 4.0, "bytes": 1_010},
    }
    assert note_durations({"mention": 1.0}, 0, 1_000, first)["mention"] == {
        "seconds": 1.0,
        "bytes": 1_000,
    }


def test_pieces_are_added_up_by_stage():
    timed = Timed(lambda _name, work: work())
    assert timed("read 1 of 2", lambda: 1) == 1
    with pytest.raises(ZeroDivisionError):
        timed("read 2 of 2", lambda: 1 / 0)
    timed("checks", lambda: None)
    assert sorted(timed.seconds) == ["checks", "read"]
