"""Whose post it is, found where nobody says so: measured on invented threads, `tests/threads/hosts.txt`."""

import re

import polars as pl
import pytest
from support import CHECKOUT

from threadmill.threads import hosts

BLOCKS = (CHECKOUT / "tests" / "threads" / "hosts.txt").read_text().split("\n\n")[1:]
COMMENT = re.compile(r"(?P<author>[^+<]+?)(?: \+(?P<liker>[^<]+?))?(?: <(?P<replier>.+))?$")


@pytest.fixture(scope="module")
def judged():
    """Each thread's host as labelled, null if nobody can tell, and as found."""
    labels, rows = [], []
    for number, block in enumerate(BLOCKS):
        label, *lines = block.strip().split("\n")
        labels.append((str(number), label.removeprefix("host: ").replace("?", "") or None))
        for position, line in enumerate(lines):
            rows.append((str(number), position, *COMMENT.match(line).groups()))
    names = ("thread_id", "position", "author_name", "liker", "replier")
    comments = pl.DataFrame(
        rows, schema=dict.fromkeys(names, pl.String) | {"position": pl.Int32}, orient="row"
    )
    threads = pl.DataFrame(labels, schema=["thread_id", "label"], orient="row").with_columns(
        host=pl.lit(None, pl.String),
        given_host=pl.lit(None, pl.String),
        tells_tree=False,
        is_chronological=False,
    )
    return hosts.find_hosts(threads, comments)


def same(judged):
    return hosts.normalise_name(pl.col("label")) == hosts.normalise_name(pl.col("host_name"))


def test_hosts_found_are_mostly_right_and_no_tie_is_named(judged):
    found = judged.filter(pl.col("host_name").is_not_null())
    right = found.filter(same(found).fill_null(False))
    known = judged.filter(pl.col("label").is_not_null())
    assert (len(known), len(found), len(right)) == (11, 8, 7)


def test_nobody_is_named_where_nobody_can_tell(judged):
    assert judged.filter(pl.col("label").is_null())["host_name"].to_list() == [None] * 5


def test_every_kind_of_evidence_finds_some(judged):
    assert set(judged["host_source"].drop_nulls()) == {"liked_by", "replied_by", "answers"}
