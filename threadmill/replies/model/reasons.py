"""Explain decisions in words, by setting one group of columns at a time to its mean.

A group is a reason if the score falls without it (occlusion: Zeiler & Fergus 2014). Its words are used only
where they are plainly true of the comment.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from threadmill.replies.model import scorer
from threadmill.replies.model.features import Batch

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
LEAST = 0.15
"""A group that changes the score by less than this isn't a reason."""
MOST = 2
"""Give at most this many reasons."""


class Group(NamedTuple):
    """Columns that mean one thing, and the words for it."""

    columns: tuple[str, ...]
    words: str
    holds: Callable[[dict[str, Floats]], NDArray[np.bool_]]
    """Returns whether the words are true, from the columns of the chosen pairs or comments."""


def _test_any(*names: str) -> Callable[[dict[str, Floats]], NDArray[np.bool_]]:
    return lambda c: np.any([c[name] > 0 for name in names], axis=0)


def _test_none(*names: str) -> Callable[[dict[str, Floats]], NDArray[np.bool_]]:
    return lambda c: np.all([c[name] <= 0 for name in names], axis=0)


PAIR = (
    Group(("quotes", "phrases", "quotes_another"), "quotes its words", _test_any("quotes", "phrases")),
    Group(
        ("addressed", "named_first", "named_passing", "named_latest", "names_another"),
        "calls its author by name", _test_any("addressed", "named_first", "named_passing"),
    ),
    Group(
        ("by_host", "question_host", "later:host"), "host answering a reader", _test_any("by_host")
    ),
    Group(("to_host", "earlier:host"), "answers the host", _test_any("to_host")),
    Group(
        ("after_own", "after_own_previous", "right_after_own", "since_own", "since_own_near"),
        "its author had answered this one's author just before", _test_any("after_own"),
    ),
    Group(
        ("before_own_answer", "before_own_answer_previous", "comes_back", "answered_later"),
        "its author answers next", _test_any("before_own_answer", "comes_back"),
    ),
    Group(
        ("same_author", "same_author_previous", "own_between"), "same author goes on", _test_any("same_author")
    ),
    Group(
        ("question_previous", "earlier:asks", "earlier:ends_asking"), "it asks a question", _test_any("earlier:asks")
    ),
    Group(
        ("cosine", "cosine_below_peak", "cosine_peak", "cosine_above_mean", "branch_cosine",
         "branch_above_mean", "latest_terms", "first_terms", "latest_peak"),
        "takes up its words", _test_any("latest_terms"),
    ),
    Group(("you_previous", "later:says_you", "later:you_share"), 'says "you"', _test_any("later:says_you")),
    Group(("previous", "second_previous", "distance", "far"), "stands right below it", _test_any("previous")),
)  # fmt: skip
TOP = (
    Group(("top_calls", "top_mentions"), "calls no commenter by name", _test_none("top_calls", "top_mentions")),
    Group(
        ("top_own_near", "top_alternates", "top_own_far", "wrote_before", "author_before", "top_once",
         "author_comments", "writes_again", "top_follows_itself", "top_returns_near", "top_will_alternate"),
        "first comment of its author", _test_none("wrote_before"),
    ),
    Group(
        ("top_peak_cosine", "top_previous_cosine", "top_three_cosine", "top_latest_terms_peak"),
        "takes up little from the comments above", lambda c: c["top_latest_terms_peak"] < 1,
    ),
    Group(("about_page",), "speaks of the page itself", _test_any("about_page")),
    Group(("says_you", "you_share"), 'does not say "you"', _test_none("says_you")),
    Group(("top_before_host",), "the host answers next", _test_any("top_before_host")),
    Group(("length", "short", "long", "lines"), "long and on its own", _test_any("long")),
    Group(("top_first", "top_place"), "first comment", _test_any("top_first")),
)  # fmt: skip


def explain_decisions(
    batch: Batch, weights: scorer.Weights, links: Ints, tops: Ints
) -> tuple[list[str], list[str]]:
    """Return the reasons in words for each chosen pair in `links`, and for each top-level comment in `tops`."""
    about, between, above = batch.columns
    names = [*between, *(f"later:{n}" for n in about), *(f"earlier:{n}" for n in about)]
    later, earlier = batch.pairs.later[links], batch.pairs.earlier[links]
    values = np.concatenate(
        [batch.pair[links], batch.comment[later], batch.comment[earlier]], axis=1
    )
    pair_words = _explain(
        PAIR, names, values,
        lambda drop, rows: scorer.score_pairs(weights.pair.fold(drop), batch, links[rows]),
    )  # fmt: skip
    top_words = _explain(
        TOP, list(above), batch.top[tops],
        lambda drop, rows: scorer.score_tops(weights.top.fold(drop), batch, tops[rows]),
    )  # fmt: skip
    return pair_words, top_words


def _explain(
    groups: tuple[Group, ...],
    names: list[str],
    values: NDArray[np.float32],
    score: Callable[[list[int], Ints], Floats],
) -> list[str]:
    if not len(values):
        return []
    places = {name: k for k, name in enumerate(names)}
    columns = {name: values[:, k].astype(np.float64) for name, k in places.items()}
    whole = score([], np.arange(len(values)))
    falls = np.zeros((len(groups), len(values)))
    for fall, group in zip(falls, groups, strict=True):
        # Only where the words are true, which for most groups is rare.
        rows = np.flatnonzero(group.holds(columns))
        fall[rows] = whole[rows] - score([places[name] for name in group.columns], rows)
    order = np.argsort(-falls, axis=0, kind="stable")[:MOST]
    kept = np.take_along_axis(falls, order, axis=0) >= LEAST
    # Few combinations of groups occur, so the words of each are joined once.
    chosen, which = np.unique(np.where(kept, order, -1), axis=1, return_inverse=True)
    words = ["; ".join(groups[g].words for g in some if g >= 0) for some in chosen.T.tolist()]
    return [words[combination] for combination in which.tolist()]
