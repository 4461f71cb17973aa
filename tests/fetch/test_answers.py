"""Answers that no API documents: each ends in a sentence, and other sites are fetched."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.watched import make_thread

from threadmill.errors import ThreadmillError
from threadmill.fetch.collect import _go_on
from threadmill.fetch.contract import Answer, Ask
from threadmill.fetch.sites import SITES, name_target

WORDS = """
id post_stream stream chunk_size created_at last_posted_at topic_list topics bumped_at pinned more_topics_url children
created_at_i kids time comments date post_date publishedBylines name slug title account descendants in_reply_to_id acct
display_name posts post comment published thread replies record createdAt indexedAt did feed cursor uri reason items
filter answers creation_date backoff question_id has_more date_gmt link
"""
KEYS = sorted(WORDS.split())
LEAVES = (
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats() | st.text(max_size=8)
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5)
    ),
    max_leaves=20,
)
THREADS = {
    "discourse": "https://f.example/t/1",
    "hackernews": "https://news.ycombinator.com/item?id=1",
    "substack": "https://f.example/p/a",
    "wordpress": "https://f.example/a-post/",
    "mastodon": "https://f.example/@a/1",
    "lemmy": "https://f.example/post/1",
    "bluesky": "https://bsky.app/profile/a.example/post/1",
    "stackexchange": "https://stackoverflow.com/questions/1",
}
LISTINGS = {
    "discourse": "https://f.example/c/a/1",
    "substack": "https://f.example/",
    "wordpress": "https://f.example/",
    "mastodon": "https://f.example/@a",
    "lemmy": "https://f.example/c/a",
    "bluesky": "https://bsky.app/profile/a.example",
    "stackexchange": "https://stackoverflow.com/questions/tagged/a",
}
STEPS_MAX = 6


def drive(steps, values):
    """Give `steps` an answer after the other."""
    try:
        ask = next(steps)
        for value in values:
            assert isinstance(ask, Ask)
            assert ask.url.startswith("https://")
            body = json.dumps(value).encode()
            ask = _go_on(steps, Answer(200, body, {"x-wp-totalpages": "9" * 5_000}))
    except (StopIteration, ThreadmillError):
        pass
    finally:
        steps.close()


@pytest.mark.parametrize("platform", THREADS)
@given(values=st.lists(VALUES, min_size=STEPS_MAX, max_size=STEPS_MAX))
def test_a_thread_of_any_answers_ends_in_a_sentence(platform, values):
    drive(SITES[platform].read(name_target(THREADS[platform], platform)), values)


@pytest.mark.parametrize("platform", LISTINGS)
@given(values=st.lists(VALUES, min_size=STEPS_MAX, max_size=STEPS_MAX))
def test_a_listing_of_any_answers_ends_in_a_sentence(platform, values):
    from datetime import UTC, datetime

    target = name_target(LISTINGS[platform], platform)
    drive(SITES[platform].list_threads(target, datetime(2026, 1, 1, tzinfo=UTC)), values)


def test_a_site_that_answers_nonsense_stops_no_other(sites, watched):
    """Ids that are lists, for which code has no use."""
    odd = make_thread(1, 0) | {
        "comments": [{"id": 1, "parent": None, "by": "a", "text": "", "at": 1}]
    }
    sites.serve(odd, make_thread(2), faults=[{"path": "/api/v3/", "body": "page"}])
    watched.watch({"address": f"{sites.base}/post/1"}, {"address": f"{sites.base}/t/2"})
    done = watched.fetch()
    assert [one.outcome for one in done.fetches] == ["failed", "captured"]
    assert done.fetches[0].reason.startswith("the answer isn't JSON (application/json")
