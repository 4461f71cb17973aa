"""Rows may not change without the version that says so."""

import polars as pl
import pytest

from threadmill.measure import digests
from threadmill.measure.digests import Digests

VERSIONS = {name: 1 for rooms in digests.STAGES.values() for name in rooms} | {"format clip": 1}
STORED = Digests(
    "no extras",
    VERSIONS,
    "words",
    {
        "one": {"content": "c", "format": "clip", "parsed": "p", "built": "b", "mentioned": "m"},
        "two": {"content": "d", "format": "table", "parsed": "q", "built": "e", "mentioned": "n"},
    },
    {"questions": "t"},
    "package",
)


def changed(path="one", **digest):
    documents = STORED.documents | {path: STORED.documents[path] | digest}
    return STORED._replace(documents=documents)


def raised(now, name):
    return now._replace(versions=VERSIONS | {name: 2})


CHANGES = {
    "parsed": (changed(parsed="other", built="other", mentioned="other"), "format clip"),
    "built": (changed(built="other", mentioned="other"), "replies"),
    "mentioned": (changed(mentioned="other"), "mentions"),
    "aggregated": (STORED._replace(tables={"questions": "other"}), "models"),
    "published": (STORED._replace(published="other"), "publish"),
}


@pytest.mark.parametrize("stage", CHANGES)
def test_other_rows_without_another_version_are_a_fault(stage):
    now, room = CHANGES[stage]
    (sentence,) = digests.find_unversioned_changes(STORED, now)
    assert sentence.startswith(f"what is {stage} changed (")
    assert room in sentence


@pytest.mark.parametrize("stage", CHANGES)
def test_other_rows_with_another_version_are_none(stage):
    now = raised(*CHANGES[stage])
    assert digests.find_unversioned_changes(STORED, now) == []


def test_the_version_of_another_room_is_no_excuse():
    now = raised(changed(mentioned="other"), "replies")
    assert digests.find_unversioned_changes(STORED, now)


def test_what_follows_from_another_version_needs_none_of_its_own():
    now = changed(built="other", mentioned="other")._replace(tables={"questions": "other"})
    assert digests.find_unversioned_changes(STORED, raised(now, "threads")) == []


def test_one_format_excuses_no_other():
    now = changed("two", parsed="other")
    assert digests.find_unversioned_changes(STORED, raised(now, "format clip"))


def test_what_no_format_read_any_may_have_refused():
    stored = changed(format="")
    now = stored._replace(documents=changed(format="", parsed="other").documents)
    assert digests.find_unversioned_changes(stored, now)
    assert digests.find_unversioned_changes(stored, raised(now, "format clip")) == []


def test_another_vocabulary_explains_other_mentions():
    now = changed(mentioned="other")._replace(vocabulary="others")
    assert digests.find_unversioned_changes(STORED, now) == []
    now = changed(built="other")._replace(vocabulary="others")
    assert digests.find_unversioned_changes(STORED, now)


def test_documents_come_and_go():
    one = STORED.documents["one"]
    now = STORED._replace(documents={"one": one, "three": one | {"parsed": "new"}})
    assert digests.find_unversioned_changes(STORED, now) == []
    assert digests.find_unversioned_changes(STORED, changed(content="other", parsed="o")) == []


def test_last_digits_of_a_float_do_not_count():
    def digest(value):
        return digests.digest_frames([pl.DataFrame({"share": [value, None]})])

    assert digest(0.1 + 0.2) == digest(0.3)
    assert digest(0.3) != digest(0.30001)
    assert digest(float("nan")) == digest(float("nan"))
