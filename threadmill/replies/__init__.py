"""Who answers whom, where the source lost it: the parent of every comment, with its probability.

    explicit    what sources say themselves; shape what follows from it: depth, subtrees, order
    partial     comments that one capture shows beside a tree that another tells
    evidence    what is certain, or stronger than statistics, as anchors; corrections are those by people
    model/      numbers about comments → scores → exact probabilities over trees, and words for what moved them
    moments     which comments were certainly written after which, by the times that pages show
    priors      two numbers per platform, read from the vocabulary's folder
    candidates  parents and their alternatives as rows
    addressees  whom a reply means where its source hangs all replies of a branch on its top

`threadmill.measure.replies` trains, fits and measures. Method, figures and what was dropped: docs/replies.md.
"""

from collections.abc import Collection, Iterator
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from threadmill.replies import candidates, priors
from threadmill.replies import evidence as known
from threadmill.replies.model import scorer
from threadmill.replies.model.authors import answering_hosts
from threadmill.replies.model.features import batch
from threadmill.replies.model.rebuilt import layout as layout_of
from threadmill.replies.model.rebuilt import rebuild, scores
from threadmill.replies.priors import Prior, Priors

VERSION = 2  # of its rows; CONTRIBUTING.md says when to raise it

__all__ = ["CANDIDATES", "PARENTS", "Inferred", "Prior", "Priors", "infer"]

BATCH = 4_000
"""Comments that are worked on at once; a longer thread is one batch."""
PARENTS = candidates.PARENTS
CANDIDATES = candidates.CANDIDATES
USED = {
    "platform": pl.String, "top_level_bias": pl.Float64, "previous_bias": pl.Float64,
    "origin": pl.String,
}  # fmt: skip


class Inferred(NamedTuple):
    """Parents, their alternatives, and the priors that were used."""

    parents: pl.DataFrame
    """One row per comment, in the order given: `comment_id`; `parent_status`, "top_level", "inferred" or
    (chronological threads only) "unknown"; `parent_comment_id`, null unless inferred; `confidence`, the
    probability of the decided parent, of top level too, null when unknown; `evidence`, words."""
    candidates: pl.DataFrame
    """One row per comment and candidate, the likeliest first, none for "unknown" comments: `comment_id`,
    `thread_id`, `rank` from 1, `kind` ("comment", "top_level" or "other": all remaining together),
    `parent_comment_id`, null unless a comment, and `probability`. A comment's probabilities
    sum to 1 in whole millionths."""
    priors: pl.DataFrame
    """One row per platform: its two biases and their `origin`, "fitted" or "preset"."""


def infer(
    comments: pl.DataFrame,
    anchors: pl.DataFrame | None = None,
    priors: Priors | None = None,
    chronological: Collection[str] = (),
    weights: scorer.Weights | None = None,
) -> Inferred:
    """Return the parent of every comment of threads that stand in pre-order.

    `comments` is sorted by `thread_id` and `position` and has `thread_id, comment_id, platform,
    position, author_id, author_name, is_host, hidden_reply_count, created_at, text`; author, host,
    hidden count and time may be null, and only the order of positions counts. It may have `like_count` and
    what `moments.COLUMNS` names of days and ages.

    `anchors` has `comment_id, parent_comment_id, kind`, a null parent meaning top level. Kinds:
    "person" (an edit), "id" (the source's own link), "top_level" (one row per comment of a thread's
    known top-level set; every other comment of that thread is then an answer), "order" (a comment that
    another order of the page shows to be top level; others may be too). What cannot hold beside stronger
    evidence is dropped and named in `evidence`.

    Threads in `chronological` stand by time: only people, ids, names and quotes make edges there, and
    everything else is "unknown" and has no candidates. Platforms without an entry in `priors` use the preset.
    `weights` are the shipped ones unless others are given.

    A known host who starts things rather than answers counts as not known (`authors.answering_hosts`).

    The result depends on nothing but each thread: not on its neighbours in the frame.

    Raises:
        ValueError: an anchor's kind isn't known.
    """
    weights = weights or scorer.load()
    found = [candidates.Found(pl.DataFrame(schema=PARENTS), pl.DataFrame(schema=CANDIDATES))]
    # The products are small: threads of the algebra library took twice the CPU time and longer.
    with threadpool_limits(1, user_api="blas"):
        found += [
            _addressed(part, anchors, weights)
            if is_flat
            else _part(part, anchors, priors or {}, weights)
            for part, is_flat in _parts(comments, chronological)
        ]
    return Inferred(
        pl.concat([part.parents for part in found]),
        pl.concat([part.candidates for part in found]),
        _used(comments, priors or {}),
    )


def _part(
    comments: pl.DataFrame,
    anchors: pl.DataFrame | None,
    given: Priors,
    weights: scorer.Weights,
) -> candidates.Found:
    seen = batch(answering_hosts(comments), weights.rarity)
    evidence = known.evidence(comments, seen, anchors)
    place = known.links(evidence, seen, layout_of(seen))
    scored = known.applied(evidence, seen, scores(seen, weights), place)
    top, previous, spread = _biases(comments, given)
    rebuilt = rebuild(seen, scored, top, previous, spread, place)
    return candidates.tables(comments, seen, place, rebuilt, evidence, weights)


def _addressed(
    comments: pl.DataFrame, anchors: pl.DataFrame | None, weights: scorer.Weights
) -> candidates.Found:
    seen = batch(answering_hosts(comments), weights.rarity)
    evidence = known.evidence(comments, seen, anchors, is_preorder=False)
    return candidates.addressed(comments, seen, evidence)


def _biases(
    comments: pl.DataFrame, given: Priors
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return per comment the top-level and previous bias and what is left of the average over it."""
    platforms = comments["platform"].to_list()
    chosen = {}
    for platform in set(platforms):
        prior = given.get(platform, priors.PRESET)
        chosen[platform] = (prior.top_level_bias, prior.previous_bias, prior.spread)
    values = np.array([chosen[platform] for platform in platforms])
    return values[:, 0], values[:, 1], values[:, 2]


def _parts(
    comments: pl.DataFrame, chronological: Collection[str]
) -> Iterator[tuple[pl.DataFrame, bool]]:
    """Yield whole threads together, about `BATCH` comments at a time, and whether they are chronological."""
    if not comments.height:
        return
    threads = comments["thread_id"].rle().struct.unnest()
    flat = threads["value"].is_in(list(chronological)).to_list()
    first = end = 0
    was_flat = flat[0]
    for size, is_flat in zip(threads["len"].to_list(), flat, strict=True):
        if end > first and (end + size - first > BATCH or is_flat != was_flat):
            yield comments[first:end], was_flat
            first = end
        end, was_flat = end + size, is_flat
    yield comments[first:end], was_flat


def _used(comments: pl.DataFrame, given: Priors) -> pl.DataFrame:
    found = []
    for platform in sorted(set(comments["platform"].drop_nulls().to_list())):
        prior = given.get(platform, priors.PRESET)
        origin = "fitted" if platform in given else "preset"
        found.append((platform, prior.top_level_bias, prior.previous_bias, origin))
    return pl.DataFrame(found, schema=USED, orient="row")
