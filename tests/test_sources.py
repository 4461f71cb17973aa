"""Sources with true trees: what is written is read back, and broken input costs only itself."""


import polars as pl
import pytest
import renderers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from renderers import FORMATS, MAPPING

from flows import buckets, comments, documents, sources
from flows.discover import Document
from flows.sidecars import Sidecar


def frame(platform, text, mapping=None):
    return pl.DataFrame(
        [(f"{platform}/a.txt", platform, text, 1, mapping)], schema=documents.WHOLE, orient="row"
    )


def parsed(format_, text):
    mapping = MAPPING if format_ == "table" else None
    return sources.parse(frame(FORMATS[format_][0], text, mapping))


def milled(result, platform, path=None):
    document = Document(path or f"{platform}/a.txt", platform, 1, "", "", "")
    complete = comments.complete(result, comments.facts([(document, Sidecar())]))
    return buckets.mill(complete)


def tree(rows):
    """Return author, words, time and likes of each comment with its place and its parent's."""
    places = {own: place for place, own in enumerate(rows["comment_id"])}
    return [
        (places.get(row["parent_comment_id"]), row["author_name"], row["text"], row["created_at"])
        for row in rows.sort("position").iter_rows(named=True)
    ]


def expected(said):
    from datetime import UTC, datetime

    return [
        (
            one.parent,
            one.author,
            one.words,
            datetime.fromtimestamp(one.second, UTC).replace(tzinfo=None),
        )
        for one in said
    ]


def check_round_trip(format_, said):
    platform, render, max_depth, shows_likes = FORMATS[format_]
    result = parsed(format_, render(said))
    assert result.rejects.is_empty()
    assert result.threads["source_format"].to_list() == [format_]
    published = milled(result, platform)
    rows = published.comments.sort("position")
    got = tree(rows)
    if format_ == "youtube_ytdlp_json":
        assert published.threads["platform_max_depth"].to_list() == [max_depth]
    assert got == expected(said)
    assert set(rows["parent_status"]) <= {"top_level", "explicit"}
    assert published.reply_candidates.is_empty()
    assert published.replies.height == sum(one.parent is not None for one in said)
    assert set(published.replies["is_inferred"]) <= {False}
    assert set(published.replies["confidence"]) <= {1.0}
    if shows_likes:
        assert rows["like_count"].to_list() == [one.likes for one in said]


@pytest.mark.parametrize("format_", FORMATS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_what_is_rendered_is_read_back(format_, data):
    check_round_trip(format_, data.draw(renderers.threads(max_depth=FORMATS[format_][2])))
