"""The exact programme beside every tree there is."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.replies_cases import make

from threadmill.replies import evidence
from threadmill.replies.model import decode, tree
from threadmill.replies.model.features import compute_features
from threadmill.replies.model.rebuilt import REPLY_WORTH, Scores, lay_out, rebuild


def every_tree(size: int) -> list[list[int]]:
    found: list[list[int]] = [[]]
    for comment in range(1, size + 1):
        longer = []
        for parents in found:
            open_ones, above = [0], comment - 1
            while above > 0:
                open_ones.append(above)
                above = parents[above - 1]
            longer += [[*parents, parent] for parent in open_ones]
        found = longer
    return found


def by_hand(pair, top, size):
    """Every tree with its score; the links are (comment, lag), lag 0 for top level."""
    trees = [
        [(k, 0 if p == 0 else k - p) for k, p in enumerate(parents, 1)]
        for parents in every_tree(size)
        if all(p == 0 or k - p < len(pair) for k, p in enumerate(parents, 1))
    ]
    score = np.array([sum(top[k] if lag == 0 else pair[lag, k] for k, lag in t) for t in trees])
    return trees, score


def scores(seed: int, places: int, lags: int, runs: int, forbid: float):
    chance = np.random.default_rng(seed)
    pair = chance.normal(size=(lags, places, runs)) * 2
    pair[chance.random(pair.shape) < forbid] = -np.inf
    for lag in range(lags):
        pair[lag, : lag + 1] = -np.inf
    pair[0] = -np.inf
    return pair, chance.normal(size=(places, runs)) * 2


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(1, 7), min_size=1, max_size=3), st.integers(2, 8), st.integers(0, 10**6)
)
def test_marginals_equal_the_sum_over_every_tree(sizes, lags, seed):
    pair, top = scores(seed, max(sizes) + 1, lags, len(sizes), 0.2)
    links, tops, log_z = tree.compute_marginals(pair, top[:, None], np.array(sizes))
    for run, size in enumerate(sizes):
        trees, score = by_hand(pair[:, :, run], top[:, run], size)
        share = np.exp(score - np.logaddexp.reduce(score))
        wanted, wanted_top = np.zeros_like(pair[:, :, run]), np.zeros(size + 1)
        for links_of, p in zip(trees, share, strict=True):
            for k, lag in links_of:
                if lag:
                    wanted[lag, k] += p
                else:
                    wanted_top[k] += p
        assert log_z[0, run] == pytest.approx(np.logaddexp.reduce(score), abs=1e-9)
        np.testing.assert_allclose(links[:, : size + 1, run], wanted[:, : size + 1], atol=1e-12)
        np.testing.assert_allclose(tops[: size + 1, run], wanted_top, atol=1e-12)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(1, 7), min_size=1, max_size=3), st.integers(2, 8), st.integers(0, 10**6)
)
def test_the_best_tree_beats_every_tree(sizes, lags, seed):
    pair, top = scores(seed, max(sizes) + 1, lags, len(sizes), 0.2)
    possible = np.isfinite(pair)
    pair, top, _ = tree.compute_marginals(pair, top[:, None], np.array(sizes))
    pair = np.where(possible, pair, -1.0)
    parents = tree.find_best(pair, top, np.array(sizes))
    for run, size in enumerate(sizes):
        _, score = by_hand(np.where(possible, pair, -np.inf)[:, :, run], top[:, run], size)
        ours = sum(
            top[k, run] if p == 0 else pair[k - p, k, run]
            for k, p in enumerate(parents[1 : size + 1, run].tolist(), 1)
        )
        assert parents[1 : size + 1, run].tolist() in every_tree(size)
        assert ours == pytest.approx(score.max(), abs=1e-7)


def test_a_run_has_the_same_bits_in_any_company():
    pair, top = scores(3, 31, 21, 9, 0.0)
    sizes = np.array([30, 28, 25, 30, 29, 24, 30, 30, 26])
    together = tree.compute_marginals(pair, top[:, None], sizes)
    for run in range(9):
        n = sizes[run] + 1
        alone = tree.compute_marginals(
            pair[:, :n, run : run + 1].copy(),
            top[:n, None, run : run + 1].copy(),
            sizes[run : run + 1],
        )
        assert (alone[0][:, :, 0] == together[0][:, :n, run]).all()
        assert (alone[1][:, 0] == together[1][:n, run]).all()


def test_a_long_unlikely_thread_does_not_underflow():
    pair, top = scores(1, 601, 41, 1, 0.0)
    links, tops, log_z = tree.compute_marginals(pair * 3, top[:, None] * 3, np.array([600]))
    assert np.isfinite(log_z).all()
    np.testing.assert_allclose(links.sum(axis=0)[1:, 0] + tops[1:, 0], 1, atol=1e-9)


@pytest.mark.parametrize(("places", "width"), [(9, 2.0), (301, 1.2), (601, 3.0)])
def test_variants_of_top_level_give_the_mean_of_their_probabilities(places, width):
    pair, top = scores(5, places, 41, 3, 0.1)
    sizes = np.array([places - 1, places // 2, places - 2])
    shares = (0.25, 0.5, 0.25)
    variants = np.stack([top - width, top, top + width], axis=1)
    links, tops, log_z = tree.compute_marginals(pair, variants, sizes, shares=shares)
    alone = [
        tree.compute_marginals(pair, one[:, None], sizes) for one in np.moveaxis(variants, 1, 0)
    ]
    for got, place in ((links, 0), (tops, 1)):
        mean = sum(share * one[place] for share, one in zip(shares, alone, strict=True))
        np.testing.assert_allclose(got, mean, atol=1e-12)
    np.testing.assert_allclose(log_z, np.stack([one[2][0] for one in alone]), rtol=1e-12)


def test_no_tree_at_all_is_said():
    pair, top = scores(0, 4, 3, 1, 0.0)
    pair[:], top[2] = -np.inf, -np.inf
    with pytest.raises(ValueError, match="no tree"):
        tree.compute_marginals(pair, top[:, None], np.array([3]))


def test_threads_of_unlike_size_are_decoded_apart_and_alike():
    sizes = np.array([1, 40, 3, 2, 90, 4])
    thread = np.repeat(np.arange(6), sizes)
    position = np.concatenate([np.arange(n) for n in sizes])
    count = np.minimum(position, 5)
    later = np.repeat(np.arange(len(thread)), count)
    lag = np.concatenate([np.arange(1, c + 1) for c in count])
    chance = np.random.default_rng(0)
    pair, top = chance.normal(size=(len(lag), 2)), chance.normal(size=(len(thread), 2))
    whole = decode.compute_posterior(decode.Layout(thread, position, sizes, later, lag), pair, top)
    own = thread == 3
    links = own[later]
    first = int(np.flatnonzero(own)[0])
    alone = decode.compute_posterior(
        decode.Layout(thread[own] * 0, position[own], sizes[3:4], later[links] - first, lag[links]),
        pair[links],
        top[own],
    )
    assert (whole.pair[links] == alone.pair).all()
    assert (whole.top[own] == alone.top).all()


EDGES = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.one_of(st.none(), st.integers(0, 5)),
        st.sampled_from(["person", "id"]),
    ),
    max_size=4,
)
TOPS = st.one_of(st.just(frozenset()), st.frozensets(st.integers(0, 5), min_size=1, max_size=4))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 6), EDGES, TOPS, st.integers(0, 10**6))
def test_under_evidence_it_is_the_sum_over_every_tree_that_keeps_it(size, said, tops, seed):
    comments = make(*((f"a{k}", f"word{k}") for k in range(size)))
    rows = [(f"t/{k}", None if p is None else f"t/{p}", kind) for k, p, kind in said]
    rows += [(f"t/{k}", None, "top_level") for k in tops if k < size]
    seen = compute_features(comments, np.full(1 << 15, 48, dtype=np.uint8))
    held = evidence.gather_evidence(
        comments, seen, pl.DataFrame(rows, evidence.SCHEMA, orient="row")
    )
    place = evidence.add_far_links(held, seen, lay_out(seen))
    chance = np.random.default_rng(seed)
    # Scores come in steps of 1/1024.
    plain = Scores(chance.integers(-3000, 3000, len(place.later)) / 1024, chance.normal(size=size))
    scored = evidence.apply_evidence(held, seen, plain, place)
    found = decode.compute_posterior(place, scored.pair[:, None], scored.top[:, None])
    pair, top = np.full((size, size + 1), -np.inf), np.concatenate([[0], plain.top])
    pair[place.lag, place.later + 1] = plain.pair
    trees = [
        t
        for t in every_tree(size)
        if all(t[k] - 1 == p for k, (p, _) in held.fixed.items())
        and not any(t[k] == 0 for k in range(size) if held.never_top[k] and k not in held.fixed)
    ]
    score = np.array(
        [sum(top[k] if p == 0 else pair[k - p, k] for k, p in enumerate(t, 1)) for t in trees]
    )
    share = np.exp(score - np.logaddexp.reduce(score))
    for k in range(size):
        wanted = sum(s for t, s in zip(trees, share, strict=True) if t[k] == 0)
        assert found.top[k, 0] == pytest.approx(wanted, abs=1e-9)
    for link, (k, lag) in enumerate(zip(place.later, place.lag, strict=True)):
        wanted = sum(s for t, s in zip(trees, share, strict=True) if t[k] - 1 == k - lag)
        assert found.pair[link, 0] == pytest.approx(wanted, abs=1e-9)
    back = rebuild(seen, scored, place=place).back
    best = [0 if b == 0 else k + 1 - b for k, b in enumerate(back.tolist())]
    assert best in trees


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 7), st.integers(0, 10**6), st.sampled_from([1.0, REPLY_WORTH, 3.0]))
def test_the_published_tree_has_the_most_that_right_decisions_count(size, seed, worth):
    chance = np.random.default_rng(seed)
    comments = make(*((f"a{k}", f"word{k}") for k in range(size)))
    seen = compute_features(comments, np.full(1 << 15, 48, dtype=np.uint8))
    scored = Scores(chance.normal(size=len(seen.pairs)), chance.normal(size=size))
    found = rebuild(seen, scored, worth=worth)
    pair, top = np.full((size, size + 1), -np.inf), np.full(size + 1, -np.inf)
    pair[seen.pairs.lag, seen.pairs.later + 1] = found.pair * worth
    top[1:] = found.top
    trees, counted = by_hand(pair, top, size)
    decided = [(k + 1, int(back)) for k, back in enumerate(found.back)]
    assert decided in trees
    assert counted[trees.index(decided)] == pytest.approx(counted.max(), abs=1e-6)
