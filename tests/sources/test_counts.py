"""Counts must add up: a mark that became no comment, or a comment without one, is a reject that says where."""

import polars as pl
import pytest

from threadmill import sources
from threadmill.sources.counts import DIFFERS, Count, compare, count_key, count_tag

MARKS = Count(3, "avatar lines", (2, 9, 17))


def test_marks_that_all_became_comments_are_no_reject():
    assert compare(MARKS, 3, lines=(2, 9, 17)) is None


def test_a_mark_that_became_no_comment_is_named_by_its_line():
    reject = compare(MARKS, 2, lines=(2, 17))
    assert (reject.reason_code, reject.line) == (DIFFERS, 9)
    assert reject.reason == "3 avatar lines, but 2 comments made; look at line 9"


def test_more_comments_than_marks_differ_too():
    reject = compare(MARKS, 4, lines=(2, 9, 12, 17))
    assert (reject.reason_code, reject.line) == (DIFFERS, 12)


def test_what_is_left_out_for_a_reason_adds_up():
    assert compare(Count(5, "posts"), 3, left_out=2) is None
    assert compare(Count(5, "posts"), 3, left_out=1) is not None


@pytest.mark.parametrize("number", [3, 4])
def test_a_rejected_record_may_or_may_not_have_the_mark(number):
    assert compare(Count(number, "posts"), 3, refused=1) is None


def test_a_key_within_a_text_is_not_counted():
    text = r'[{"kind": "t1", "body": "\"kind\": \"t1\""}, {"kind" : "t1"}]'
    assert count_key("comments", r'"kind"\s*:\s*"t1"')(text).number == 2


def test_a_tag_within_cdata_is_not_counted():
    text = "<a><post id='1'><![CDATA[<post id='2'>]]></post><!-- <post > --><post></post></a>"
    assert count_tag("posts", "post")(text).number == 2


@pytest.mark.parametrize("nothing", ['"body": null', '"body":null'])
def test_a_dump_with_a_body_that_is_null_adds_up(nothing):
    line = '{"id": "%s", "link_id": "t3_p", "parent_id": "t3_p", "author": "Ada", %s}\n'
    text = line % ("c1", '"body": "no tide"') + line % ("c2", nothing)
    document = pl.DataFrame({"path": ["reddit/x"], "platform": ["reddit"], "text": [text]})
    parsed = sources.parse(document)
    assert parsed.comments.height == 2
    assert parsed.rejects.is_empty()
