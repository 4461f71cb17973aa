"""Infer who answers whom where the source lost it: the parent of every comment, with its probability.

    explicit    order comments by the parents that sources give
    shape       compute depth, roots and subtrees from parents
    partial     insert comments whose parent is unknown into a tree that another capture gives
    evidence    what is certain, or stronger than statistics
    corrections  people's edits as anchors, one kind of evidence
    model/      features → scores → exact probabilities over trees, and words for what moved them
    moments     which comments were certainly written after which, by the times that pages show
    priors      two numbers per platform, read from the vocabulary folder
    candidates  write parents and their alternatives as rows
    addressees  whom a reply means where its source attaches all replies of a branch to its top comment

`threadmill.measure.replies` trains, fits and measures. Method, figures and what was dropped: docs/replies.md.
"""

from collections.abc import Collection, Iterator
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from threadmill.replies import candidates, moments, priors
from threadmill.replies import evidence as known
from threadmill.replies.model import scorer
from threadmill.replies.model.authors import mask_starting_hosts
from threadmill.replies.model.features import compute_features
from threadmill.replies.model.rebuilt import lay_out, rebuild, score
from threadmill.replies.priors import Prior, Priors

VERSION = 3  # of its rows; CONTRIBUTING.md says when to raise it

__all__ = ["CANDIDATES", "PARENTS", "Inferred", "Prior", "Priors", "infer"]

BATCH = 4_000
"""Process about this many comments at once, to bound memory; a longer thread is a batch of its own."""
PARENTS = candidates.PARENTS
CANDIDATES = candidates.CANDIDATES
USED = {
    "platform": pl.String, "top_level_bias": pl.Float64, "previous_bias": pl.Float64,
    "origin": pl.String,
}  # fmt: skip


class Inferred(NamedTuple):
    """Parents, their alternatives, and the priors used."""

    parents: pl.DataFrame
    """One row per comment, in the order given: `comment_id`; `parent_status`, "top_level", "inferred" or
    (chronological threads only) "unknown"; `parent_comment_id`, null unless inferred; `confidence`, the
    probability of the chosen parent or of top level, null when unknown; `evidence`, the reasons in words."""
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
    """Return the parent of every comment in threads that are in pre-order.

    `comments` is sorted by `thread_id` and `position` and has `thread_id, comment_id, platform,
    position, author_id, author_name, is_host, hidden_reply_count, created_at, text`; author, host,
    hidden count and time may be null, and only the order of positions counts. It may have `like_count` and
    the days and ages that `moments.COLUMNS` names.

    `anchors` has `comment_id, parent_comment_id, kind`, a null parent meaning top level. Kinds:
    "person" (an edit), "id" (the source's own link), "top_level" (one row per comment of a thread's
    known top-level set; every other comment of that thread is then a reply), "order" (a comment that
    another order of the page shows to be top level; others may be too). An anchor that contradicts stronger
    evidence is dropped and named in `evidence`.

    Threads in `chronological` are sorted by time: only people, ids, names and quotes make links there, and
    all other comments are "unknown" and have no candidates. Platforms without an entry in `priors` use the preset.
    `weights` are the shipped ones unless others are given.

    A known host who starts conversations rather than answers counts as unknown (`authors.mask_starting_hosts`).

    The result for a thread depends on that thread alone, not on others in the frame.

    Raises:
        ValueError: the kind of an anchor is unknown.
    """
    weights = weights or scorer.load()
    comments = moments.add_shown_times(comments)
    found = [candidates.Found(pl.DataFrame(schema=PARENTS), pl.DataFrame(schema=CANDIDATES))]
    # The matrices are small: with several BLAS threads it took longer and twice the CPU time.
    with threadpool_limits(1, user_api="blas"):
        found += [
            _infer_chronological(part, anchors, weights)
            if is_flat
            else _infer_preorder(part, anchors, priors or {}, weights)
            for part, is_flat in _batch_threads(comments, chronological)
        ]
    return Inferred(
        pl.concat([part.parents for part in found]),
        pl.concat([part.candidates for part in found]),
        _list_used_priors(comments, priors or {}),
    )


def _infer_preorder(
    comments: pl.DataFrame,
    anchors: pl.DataFrame | None,
    given: Priors,
    weights: scorer.Weights,
) -> candidates.Found:
    batch = compute_features(mask_starting_hosts(comments), weights.rarity)
    evidence = known.gather_evidence(comments, batch, anchors)
    place = known.add_far_links(evidence, batch, lay_out(batch))
    scored = known.apply_evidence(evidence, batch, score(batch, weights), place)
    top, previous, spread = _look_up_biases(comments, given)
    rebuilt = rebuild(batch, scored, top, previous, spread, place)
    return candidates.make_tables(comments, batch, place, rebuilt, evidence, weights)


def _infer_chronological(
    comments: pl.DataFrame, anchors: pl.DataFrame | None, weights: scorer.Weights
) -> candidates.Found:
    batch = compute_features(mask_starting_hosts(comments), weights.rarity)
    evidence = known.gather_evidence(comments, batch, anchors, is_preorder=False)
    return candidates.link_addressed(comments, batch, evidence)


def _look_up_biases(
    comments: pl.DataFrame, given: Priors
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return per comment the top-level bias, the previous bias, and the prior's `spread`."""
    platforms = comments["platform"].to_list()
    chosen = {}
    for platform in set(platforms):
        prior = given.get(platform, priors.PRESET)
        chosen[platform] = (prior.top_level_bias, prior.previous_bias, prior.spread)
    values = np.array([chosen[platform] for platform in platforms])
    return values[:, 0], values[:, 1], values[:, 2]


def _batch_threads(
    comments: pl.DataFrame, chronological: Collection[str]
) -> Iterator[tuple[pl.DataFrame, bool]]:
    """Yield batches of whole threads, about `BATCH` comments each, and whether they are chronological."""
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


def _list_used_priors(comments: pl.DataFrame, given: Priors) -> pl.DataFrame:
    found = []
    for platform in sorted(set(comments["platform"].drop_nulls().to_list())):
        prior = given.get(platform, priors.PRESET)
        origin = "fitted" if platform in given else "preset"
        found.append((platform, prior.top_level_bias, prior.previous_bias, origin))
    return pl.DataFrame(found, schema=USED, orient="row")
