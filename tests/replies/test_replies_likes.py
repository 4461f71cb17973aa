"""What likes say, and that threads without them don't notice."""

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from support.replies_cases import COMMENTS, make

from threadmill.replies import infer
from threadmill.replies.model import scorer
from threadmill.replies.model.columns import LIKED
from threadmill.replies.model.features import compute_features

SAID = [("Ada", "tea"), ("Bo", "mill"), ("Cy", "rope"), ("Dee", "sea"), ("Eli", "sky")]


def liked(*counts: int | None, thread: str = "t") -> pl.DataFrame:
    counted = pl.Series("like_count", counts, dtype=pl.Int64)
    return make(*SAID[: len(counts)], thread=thread).with_columns(counted)


def columns_of(comments: pl.DataFrame) -> tuple[dict[str, list], dict[str, list]]:
    """Return the columns of comments (with those of top level) and of pairs, by name."""
    seen = compute_features(comments, scorer.load().rarity)
    _, between, above = seen.columns
    return (
        {name: seen.top[:, k].tolist() for k, name in enumerate(above)},
        {name: seen.pair[:, k].tolist() for k, name in enumerate(between)},
    )


def without(net: scorer.Net, names: list[str]) -> scorer.Net:
    keep = [k for k, name in enumerate(names) if not name.startswith(LIKED)]
    return net._replace(
        mean=net.mean[keep],
        spread=net.spread[keep],
        hidden=net.hidden[keep],
        linear=net.linear[keep],
    )


def test_a_thread_without_likes_is_scored_as_if_their_columns_were_not_there():
    weights = scorer.load()
    seen = compute_features(COMMENTS, weights.rarity)
    about, between, above = seen.columns
    names = [*between, *(f"later:{n}" for n in about), *(f"earlier:{n}" for n in about)]
    pair, top = without(weights.pair, names), without(weights.top, list(above))
    assert len(pair.mean) < len(weights.pair.mean)
    kept = [[not n.startswith(LIKED) for n in part] for part in seen.columns]
    bare = seen._replace(
        comment=seen.comment[:, kept[0]], pair=seen.pair[:, kept[1]], top=seen.top[:, kept[2]]
    )
    for net, less, score in (
        (weights.pair, pair, scorer.score_pairs),
        (weights.top, top, scorer.score_tops),
    ):
        np.testing.assert_array_equal(score(net.fold(), seen), score(less.fold(), bare))


def test_likes_move_scores():
    few, many = (infer(liked(*counts)) for counts in ((9, 1, 2, 30, 1), (9, 30, 1, 2, 1)))
    assert not few.candidates.equals(many.candidates)


def test_null_is_no_likes_where_others_of_the_thread_have_some():
    assert_frame_equal(infer(liked(3, None, 0)).candidates, infer(liked(3, 0, None)).candidates)
    bare = infer(liked(None, None, None)).candidates
    assert_frame_equal(bare, infer(make(*SAID[:3])).candidates)


def test_likes_of_one_thread_say_nothing_of_another():
    first, second = liked(5, 0, 2), liked(None, None, None, None, thread="u")
    third = liked(1, 700, 3, thread="v")
    together = infer(pl.concat([first, second, third])).candidates
    alone = [infer(part).candidates for part in (first, second, third)]
    assert_frame_equal(together, pl.concat(alone))


def test_likes_count_beside_others_of_their_thread():
    comment, pair = columns_of(liked(8, 2, 0, 2))
    assert comment["likes_rank"] == pytest.approx([0.5, 0, -0.5, 0])
    assert comment["likes_least"] == [0, 0, 1, 0]
    assert comment["likes_shown"] == [1, 1, 1, 1]
    assert comment["likes"][1] == comment["likes"][3]
    over = comment["top_likes_over_before"]
    assert over[0] == 0
    assert over[1] == pytest.approx(comment["likes"][1] - comment["likes"][0], abs=1e-6)
    # Pairs: (1, 0), (2, 1), (2, 0), (3, 2), (3, 1), (3, 0).
    assert pair["likes_fall"] == [1, 1, 1, -1, 0, 1]
    assert pair["likes_overtop"] == [1, 1, 1, 0, 0, 1]
    since = np.expm1(3 * np.array(comment["top_likes_since_more"]))
    np.testing.assert_allclose(since[1:], [1, 1, 3], rtol=1e-5)
