"""Turn probabilities into the rows that `infer` returns."""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from threadmill.replies.evidence import KINDS, Evidence, find_address_pairs, find_opening_pairs
from threadmill.replies.model import decode, scorer
from threadmill.replies.model.features import Batch
from threadmill.replies.model.reasons import explain_decisions
from threadmill.replies.model.rebuilt import Rebuilt

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
BEST = 3
"""List at most this many candidates per comment, besides top level and "other"."""
MILLION = 1_000_000

PARENTS = {
    "comment_id": pl.String, "parent_status": pl.String, "parent_comment_id": pl.String,
    "confidence": pl.Float64, "evidence": pl.String,
}  # fmt: skip
CANDIDATES = {
    "comment_id": pl.String, "thread_id": pl.String, "rank": pl.Int32, "kind": pl.String,
    "parent_comment_id": pl.String, "probability": pl.Float64,
}  # fmt: skip


class Found(NamedTuple):
    """Both tables for some threads."""

    parents: pl.DataFrame
    candidates: pl.DataFrame


def make_tables(
    comments: pl.DataFrame,
    batch: Batch,
    place: decode.Layout,
    rebuilt: Rebuilt,
    evidence: Evidence,
    weights: scorer.Weights,
) -> Found:
    """Return the parents and candidates of one batch, in the order of `comments`."""
    row = np.arange(len(rebuilt.back))
    parent = np.where(rebuilt.back > 0, row - rebuilt.back, -1)
    ids = comments["comment_id"]
    candidates, confidence = _rank_candidates(comments, place, rebuilt, parent)
    is_reply = pl.Series(parent >= 0)
    parents = pl.DataFrame(
        {
            "comment_id": ids,
            "parent_status": pl.select(
                pl.when(is_reply).then(pl.lit("inferred")).otherwise(pl.lit("top_level"))
            ).to_series(),
            "parent_comment_id": ids.gather(pl.Series(np.maximum(parent, 0))).set(~is_reply, None),
            "confidence": confidence,
            "evidence": _word_evidence(batch, parent, evidence, weights),
        },
        schema=PARENTS,
    )
    return Found(parents, candidates)


def _rank_candidates(
    comments: pl.DataFrame, place: decode.Layout, rebuilt: Rebuilt, parent: Ints
) -> tuple[pl.DataFrame, Floats]:
    """Return the candidates, and per comment the probability of the chosen parent."""
    size = len(parent)
    row = np.concatenate([place.later, np.arange(size)])
    above = np.concatenate([place.later - place.lag, np.full(size, -1)])
    share = np.round(np.clip(np.concatenate([rebuilt.pair, rebuilt.top]), 0, 1) * MILLION)
    share = share.astype(np.int64)
    # A candidate without a share is listed only if it was chosen, or is top level.
    is_listed = (share > 0) | (above == -1) | (above == parent[row])
    row, above, share = row[is_listed], above[is_listed], share[is_listed]
    order = np.argsort(_compute_sort_keys(row, share, above, size))
    row, above, share = row[order], above[order], share[order]
    rank = np.arange(len(row)) - np.searchsorted(row, np.arange(size))[row]
    decided = above == parent[row]
    keep = ((rank < BEST) & (share > 0)) | (above == -1) | decided
    row, above, share, decided = row[keep], above[keep], share[keep], decided[keep]
    share = _trim_shares(row, share, size)
    rest = MILLION - np.bincount(row, share, minlength=size).astype(np.int64)
    other = np.flatnonzero(rest > 0)
    confidence = np.zeros(size)
    confidence[row[decided]] = share[decided] / MILLION
    row, above = np.concatenate([row, other]), np.concatenate([above, np.full(len(other), -2)])
    share = np.concatenate([share, rest[other]])
    order = np.argsort(_compute_sort_keys(2 * row + (above == -2), share, above, size))
    row, above, share = row[order], above[order], share[order]
    rank = np.arange(len(row)) - np.searchsorted(row, np.arange(size))[row] + 1
    ids, threads = comments["comment_id"], comments["thread_id"]
    kind = np.array(["other", "top_level", "comment"])[np.minimum(above, 0) + 2]
    return pl.DataFrame(
        {
            "comment_id": ids.gather(pl.Series(row)),
            "thread_id": threads.gather(pl.Series(row)),
            "rank": rank,
            "kind": kind,
            "parent_comment_id": ids.gather(pl.Series(np.maximum(above, 0))).set(
                pl.Series(above < 0), None
            ),
            "probability": share / MILLION,
        },
        schema=CANDIDATES,
    ), confidence


def _compute_sort_keys(row: Ints, share: Ints, above: Ints, size: int) -> Ints:
    """Return one sort key per candidate: rows ascend, within a row shares descend, then places descend.

    Keys are far below 2^63 for threads of a million comments. Sorting one key takes a quarter of the time of three.
    """
    keys: Ints = (row * (MILLION + 1) + MILLION - share) * (size + 2) + size - above
    return keys


def _trim_shares(row: Ints, share: Ints, size: int) -> Ints:
    """Return `share` in which each comment sums to a million at most: what rounding added is taken from the largest."""
    over = np.bincount(row, share, minlength=size).astype(np.int64) - MILLION
    if (over <= 0).all():
        return share
    first = np.lexsort((np.arange(len(row)), -share, row))
    heads = first[np.searchsorted(row[first], np.arange(size))]
    out = share.copy()
    out[heads] -= np.maximum(over, 0)
    return out


def _word_evidence(
    batch: Batch, parent: Ints, evidence: Evidence, weights: scorer.Weights
) -> list[str]:
    window = batch.pairs.window
    row = np.arange(len(parent))
    links = np.flatnonzero((parent >= 0) & (row - parent <= window))
    tops = np.flatnonzero(parent < 0)
    pair_words, top_words = explain_decisions(
        batch, weights, batch.pairs.start[links] + links - parent[links] - 1, tops
    )
    words = ["stands below it"] * len(parent)
    support = _list_support(batch, parent, evidence)
    for k, reasons in zip(links.tolist(), pair_words, strict=True):
        both = [*support.get(k, []), *reasons.split("; ")]
        words[k] = "; ".join(filter(None, dict.fromkeys(both))) or "stands below it"
    for k, reasons in zip(tops.tolist(), top_words, strict=True):
        words[k] = reasons or "nothing ties it to a comment above"
    for k, (_, kind) in evidence.fixed.items():
        words[k] = KINDS[kind]
    for k, lost in sorted({**evidence.lost, **_list_objections(batch, parent, evidence)}.items()):
        against = [*evidence.lost.get(k, []), *([] if lost is evidence.lost.get(k) else lost)]
        words[k] = "; ".join([words[k], *(f"but {reason}" for reason in against)])
    return words


def _list_support(batch: Batch, parent: Ints, evidence: Evidence) -> dict[int, list[str]]:
    """Return the evidence, in words, that raised the scores of the chosen links, strongest first."""
    out: dict[int, list[str]] = {}
    pairs = batch.pairs
    for rows, words in (
        (batch.quoted.pair, "quotes its words"),
        (find_opening_pairs(batch), 'opens with "@" and its author\'s name'),
        (find_address_pairs(batch), "calls its author by name"),
    ):
        decided = pairs.later[rows][pairs.earlier[rows] == parent[pairs.later[rows]]]
        for k in decided.tolist():
            out.setdefault(k, []).append(words)
    for k in np.flatnonzero((batch.host > 0) & batch.is_known & (parent >= 0)).tolist():
        out.setdefault(k, []).append("host answering a reader")
    for k in np.flatnonzero(evidence.never_top & (parent >= 0)).tolist():
        out.setdefault(k, []).append("the page's set of top-level comments leaves it out")
    return out


def _list_objections(batch: Batch, parent: Ints, evidence: Evidence) -> dict[int, list[str]]:
    """Return the evidence, in words, that speaks against the chosen parents."""
    out: dict[int, list[str]] = {}
    pairs = batch.pairs
    quoted = set(pairs.later[batch.quoted.pair].tolist())
    kept = pairs.earlier[batch.quoted.pair] == parent[pairs.later[batch.quoted.pair]]
    for k in sorted(quoted - set(pairs.later[batch.quoted.pair][kept].tolist())):
        out.setdefault(k, []).append("it quotes another comment")
    named = np.union1d(find_address_pairs(batch), find_opening_pairs(batch))
    by_name = batch.author[pairs.earlier[named]]
    above = parent[pairs.later[named]]
    lost = {
        k
        for k, a, p in zip(
            pairs.later[named].tolist(), by_name.tolist(), above.tolist(), strict=True
        )
        if p < 0 or batch.author[p] != a
    }
    for k in sorted(lost):
        out.setdefault(k, []).append("it calls another commenter by name")
    for k in np.flatnonzero((parent >= 0) & evidence.collapsed[np.maximum(parent, 0)]).tolist():
        out.setdefault(k, []).append("that comment's answers are collapsed")
    row = np.arange(len(parent))
    early = (parent >= 0) & evidence.moments.are_after(np.maximum(parent, 0), row)
    for k in np.flatnonzero(early).tolist():
        out.setdefault(k, []).append("that comment was written later")
    for k in np.flatnonzero((parent < 0) & evidence.never_top).tolist():
        out.setdefault(k, []).append("the page's set of top-level comments leaves it out")
    return out


def link_addressed(comments: pl.DataFrame, batch: Batch, evidence: Evidence) -> Found:
    """Return the links that evidence, quotes and names give in chronological threads.

    There position says nothing about nesting, so all other comments are "unknown" and have no candidates.
    """
    pairs = batch.pairs
    links: dict[int, tuple[int, float, str]] = {}
    for pair in find_address_pairs(batch).tolist():
        links[int(pairs.later[pair])] = (int(pairs.earlier[pair]), 0.6, "calls its author by name")
    for pair in batch.quoted.pair.tolist()[::-1]:
        links[int(pairs.later[pair])] = (int(pairs.earlier[pair]), 0.8, "quotes its words")
    links |= {k: (above, 1.0, KINDS[kind]) for k, (above, kind) in evidence.fixed.items()}
    ids, threads = comments["comment_id"].to_list(), comments["thread_id"].to_list()
    parents: list[tuple[object, ...]] = []
    candidates: list[tuple[object, ...]] = []
    for k, own in enumerate(ids):
        above, share, words = links.get(k, (-1, None, "the thread isn't in reply order"))
        parent = ids[above] if above >= 0 else None
        words = "; ".join([words, *(f"but {reason}" for reason in evidence.lost.get(k, []))])
        if share is None:
            parents.append((own, "unknown", None, None, words))
            continue
        parents.append((own, "inferred" if parent else "top_level", parent, share, words))
        kind = "comment" if parent else "top_level"
        candidates.append((own, threads[k], 1, kind, parent, share))
        if share < 1:
            candidates.append((own, threads[k], 2, "other", None, round(1 - share, 6)))
    return Found(
        pl.DataFrame(parents, schema=PARENTS, orient="row"),
        pl.DataFrame(candidates, schema=CANDIDATES, orient="row"),
    )
