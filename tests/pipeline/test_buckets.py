"""Threads are dealt to buckets: more of them refine fewer, until none holds too much."""

import polars as pl
import pytest

from threadmill.storage import buckets


def threads(sizes):
    ids = [f"t{number}" for number in range(len(sizes))]
    return buckets.deal(pl.DataFrame({"thread_id": ids, "comment_count": sizes}), buckets.FEWEST)


def test_each_of_more_buckets_holds_a_part_of_one_of_the_fewer():
    rows = threads([1] * 1000)
    finer = buckets.deal(rows, 4 * buckets.FEWEST)
    assert (finer["bucket"] % buckets.FEWEST).equals(rows["bucket"])
    assert finer["bucket"].n_unique() > rows["bucket"].n_unique()


@pytest.mark.parametrize(
    ("sizes", "count"),
    [
        ([250_001] * 99, 64),
        ([1_000] * 99, 64),
        ([250_000] * 20, 256),
        ([200_000, 60_000] * 99, 16384),
    ],
    ids=["larger threads", "few comments", "two of a bucket", "many"],
)
def test_there_are_more_where_several_threads_are_too_much_for_one(sizes, count):
    assert buckets.count_buckets(threads(sizes), buckets.FEWEST) == count


def test_names_of_buckets_sort_however_many_there_are():
    names = [buckets.name_bucket(number) for number in (0, 9, 10, 63, 64, 1023, 65535)]
    assert names == sorted(names)
