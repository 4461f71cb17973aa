"""Probabilities → the rows that `infer` returns."""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from threadmill.replies.evidence import KINDS, Evidence, address_pairs, opening_pairs
from threadmill.replies.model import decode, scorer
from threadmill.replies.model.features import Batch
from threadmill.replies.model.reasons import reasons
from threadmill.replies.model.rebuilt import Rebuilt

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
BEST = 3
"""Candidates given per comment, beside top level and "other"."""
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


def tables(
    comments: pl.DataFrame,
    seen: Batch,
    place: decode.Layout,
    rebuilt: Rebuilt,
    evidence: Evidence,
    weights: scorer.Weights,
) -> Found:
    """Return parents and candidates of the comments of one batch, in their order."""
    row = np.arange(len(rebuilt.back))
    parent = np.where(rebuilt.back > 0, row - rebuilt.back, -1)
    ids = comments["comment_id"]
    candidates, confidence = _candidates(comments, place, rebuilt, parent)
    is_reply = pl.Series(parent >= 0)
    parents = pl.DataFrame(
        {
            "comment_id": ids,
            "parent_status": pl.select(
                pl.when(is_reply).then(pl.lit("inferred")).otherwise(pl.lit("top_level"))
            ).to_series(),
            "parent_comment_id": ids.gather(pl.Series(np.maximum(parent, 0))).set(~is_reply, None),
            "confidence": confidence,
            "evidence": _evidence(seen, parent, evidence, weights),
        },
        schema=PARENTS,
    )
    return Found(parents, candidates)


def _candidates(
    comments: pl.DataFrame, place: decode.Layout, rebuilt: Rebuilt, parent: Ints
) -> tuple[pl.DataFrame, Floats]:
    """Return the candidates, and the probability of the decided parent per comment."""
    size = len(parent)
    row = np.concatenate([place.later, np.arange(size)])
    above = np.concatenate([place.later - place.lag, np.full(size, -1)])
    share = np.round(np.clip(np.concatenate([rebuilt.pair, rebuilt.top]), 0, 1) * MILLION)
    share = share.astype(np.int64)
    # What has no share is told only where it was decided for.
    told = (share > 0) | (above == -1) | (above == parent[row])
    row, above, share = row[told], above[told], share[told]
    order = np.argsort(_keys(row, share, above, size))
    row, above, share = row[order], above[order], share[order]
    rank = np.arange(len(row)) - np.searchsorted(row, np.arange(size))[row]
    decided = above == parent[row]
    keep = ((rank < BEST) & (share > 0)) | (above == -1) | decided
    row, above, share, decided = row[keep], above[keep], share[keep], decided[keep]
    share = _whole(row, share, size)
    rest = MILLION - np.bincount(row, share, minlength=size).astype(np.int64)
    other = np.flatnonzero(rest > 0)
    confidence = np.zeros(size)
    confidence[row[decided]] = share[decided] / MILLION
    row, above = np.concatenate([row, other]), np.concatenate([above, np.full(len(other), -2)])
    share = np.concatenate([share, rest[other]])
    order = np.argsort(_keys(2 * row + (above == -2), share, above, size))
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


def _keys(row: Ints, share: Ints, above: Ints, size: int) -> Ints:
    """Return one number per candidate, which grow as rows do and in each as shares and places fall.

    It is far below 2^63 for threads of a million comments. To sort one takes a quarter of the time of three.
    """
    keys: Ints = (row * (MILLION + 1) + MILLION - share) * (size + 2) + size - above
    return keys


def _whole(row: Ints, share: Ints, size: int) -> Ints:
    """Return `share` with what rounding put over a million per comment taken from its greatest."""
    over = np.bincount(row, share, minlength=size).astype(np.int64) - MILLION
    if (over <= 0).all():
        return share
    first = np.lexsort((np.arange(len(row)), -share, row))
    heads = first[np.searchsorted(row[first], np.arange(size))]
    out = share.copy()
    out[heads] -= np.maximum(over, 0)
    return out


def _evidence(seen: Batch, parent: Ints, evidence: Evidence, weights: scorer.Weights) -> list[str]:
    window = seen.pairs.window
    row = np.arange(len(parent))
    links = np.flatnonzero((parent >= 0) & (row - parent <= window))
    tops = np.flatnonzero(parent < 0)
    pair_words, top_words = reasons(
        seen, weights, seen.pairs.start[links] + links - parent[links] - 1, tops
    )
    words = ["stands below it"] * len(parent)
    added = _added(seen, parent, evidence)
    for k, said in zip(links.tolist(), pair_words, strict=True):
        both = [*added.get(k, []), *said.split("; ")]
        words[k] = "; ".join(filter(None, dict.fromkeys(both))) or "stands below it"
    for k, said in zip(tops.tolist(), top_words, strict=True):
        words[k] = said or "nothing ties it to a comment above"
    for k, (_, kind) in evidence.fixed.items():
        words[k] = KINDS[kind]
    for k, lost in sorted({**evidence.lost, **_outvoted(seen, parent, evidence)}.items()):
        against = [*evidence.lost.get(k, []), *([] if lost is evidence.lost.get(k) else lost)]
        words[k] = "; ".join([words[k], *(f"but {said}" for said in against)])
    return words


def _added(seen: Batch, parent: Ints, evidence: Evidence) -> dict[int, list[str]]:
    """Return what evidence added to the scores of the decided links, in words, strongest first."""
    out: dict[int, list[str]] = {}
    pairs = seen.pairs
    for rows, words in (
        (seen.quoted.pair, "quotes its words"),
        (opening_pairs(seen), 'opens with "@" and its author\'s name'),
        (address_pairs(seen), "calls its author by name"),
    ):
        decided = pairs.later[rows][pairs.earlier[rows] == parent[pairs.later[rows]]]
        for k in decided.tolist():
            out.setdefault(k, []).append(words)
    for k in np.flatnonzero((seen.host > 0) & seen.is_known & (parent >= 0)).tolist():
        out.setdefault(k, []).append("host answering a reader")
    for k in np.flatnonzero(evidence.never_top & (parent >= 0)).tolist():
        out.setdefault(k, []).append("the page's set of top-level comments leaves it out")
    return out


def _outvoted(seen: Batch, parent: Ints, evidence: Evidence) -> dict[int, list[str]]:
    """Return what quotes, names and collapsed answers say against the decided parents."""
    out: dict[int, list[str]] = {}
    pairs = seen.pairs
    quoted = set(pairs.later[seen.quoted.pair].tolist())
    kept = pairs.earlier[seen.quoted.pair] == parent[pairs.later[seen.quoted.pair]]
    for k in sorted(quoted - set(pairs.later[seen.quoted.pair][kept].tolist())):
        out.setdefault(k, []).append("it quotes another comment")
    named = np.union1d(address_pairs(seen), opening_pairs(seen))
    by_name = seen.author[pairs.earlier[named]]
    above = parent[pairs.later[named]]
    lost = {
        k
        for k, a, p in zip(
            pairs.later[named].tolist(), by_name.tolist(), above.tolist(), strict=True
        )
        if p < 0 or seen.author[p] != a
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


def addressed(comments: pl.DataFrame, seen: Batch, evidence: Evidence) -> Found:
    """Return the edges that evidence, a quote or a name makes in chronological threads.

    There position says nothing of nesting, so the rest is "unknown" and has no candidates.
    """
    pairs = seen.pairs
    links: dict[int, tuple[int, float, str]] = {}
    for pair in address_pairs(seen).tolist():
        links[int(pairs.later[pair])] = (int(pairs.earlier[pair]), 0.6, "calls its author by name")
    for pair in seen.quoted.pair.tolist()[::-1]:
        links[int(pairs.later[pair])] = (int(pairs.earlier[pair]), 0.8, "quotes its words")
    links |= {k: (above, 1.0, KINDS[kind]) for k, (above, kind) in evidence.fixed.items()}
    ids, threads = comments["comment_id"].to_list(), comments["thread_id"].to_list()
    parents: list[tuple[object, ...]] = []
    candidates: list[tuple[object, ...]] = []
    for k, own in enumerate(ids):
        above, share, words = links.get(k, (-1, None, "the thread isn't in reply order"))
        parent = ids[above] if above >= 0 else None
        words = "; ".join([words, *(f"but {said}" for said in evidence.lost.get(k, []))])
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
