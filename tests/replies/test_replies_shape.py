"""What follows from the parents against a walk over the tree."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from reference.frames import arrow
from support import CHECKOUT
from support.drawn_threads import draw

from threadmill.replies.shape import find_roots, measure_subtrees

SHAPE = ["root_comment_id", "depth", "descendant_count", "subtree_depth"]


@pytest.mark.parametrize("seed", range(20))
def test_the_shape_is_that_of_a_walk_over_the_tree(seed):
    drawn = draw(seed, CHECKOUT / "data" / "vocabulary")["comments"]
    walked = pl.from_arrow(arrow("comments", drawn))
    made = measure_subtrees(find_roots(walked.drop(SHAPE)))
    assert_frame_equal(made.select(SHAPE), walked.select(SHAPE))


def test_loops_have_no_subtree():
    looped = pl.DataFrame(
        {"comment_id": ["a", "b", "c", "d"], "parent_comment_id": ["b", "a", "a", None]}
    )
    measured = measure_subtrees(looped).select("descendant_count", "subtree_depth").rows()
    assert measured == [(None, None), (None, None), (None, None), (0, 0)]
