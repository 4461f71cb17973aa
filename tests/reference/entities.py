"""What is mentioned: the talk it draws, who cites it, what comes with it."""

import math
from collections import Counter
from itertools import combinations

import pandas as pd

from reference.frames import declared, frame

_NO_ENTITIES = (
    "quote",
    "reported_speech",
    "scare_quote",
    "age",
    "date",
    "duration",
    "money",
    "percentage",
)
_CITED = ("doi", "pmid", "pmcid", "arxiv", "isbn", "trial_id", "citation", "url")
_FEW = 5


def _by_comment(mentions: pd.DataFrame) -> pd.DataFrame:
    """Return one row per thing and comment that mentions it."""
    return mentions.groupby(["canonical_id", "comment_id"], as_index=False).agg(
        canonical_name=("canonical_name", "min"),
        kind=("kind", "min"),
        mention_count=("kind", "size"),
    )


def entity_engagement(
    mentions: pd.DataFrame, engagement: pd.DataFrame, questions: pd.DataFrame
) -> pd.DataFrame:
    """Return one row per thing mentioned."""
    named = _by_comment(mentions[~mentions["kind"].isin(_NO_ENTITIES)])
    told = ["comment_id", "author_id", "thread_id", "reply_count", "created_on"]
    named = named.merge(engagement[told], on="comment_id")
    named["is_question"] = named["comment_id"].isin(questions["comment_id"])
    rows = named.groupby("canonical_id", as_index=False).agg(
        canonical_name=("canonical_name", "min"),
        kind=("kind", "min"),
        mention_count=("mention_count", "sum"),
        comment_count=("comment_id", "size"),
        author_count=("author_id", "nunique"),
        thread_count=("thread_id", "nunique"),
        reply_count=("reply_count", "sum"),
        question_count=("is_question", "sum"),
        first_created_on=("created_on", "min"),
    )
    return declared("entity_engagement", rows)


def citations(
    mentions: pd.DataFrame, comments: pd.DataFrame, engagement: pd.DataFrame
) -> pd.DataFrame:
    """Return one row per publication, trial or address and comment that cites it."""
    cited = _by_comment(mentions[mentions["kind"].isin(_CITED)])
    told = ["comment_id", "thread_id", "author_id", "author_name", "is_host", "created_on"]
    rows = cited.merge(comments[[*told, "is_liked_by_host"]], on="comment_id")
    drawn = engagement[["comment_id", "reply_count", "is_answered_by_host"]]
    return declared("citations", rows.merge(drawn, on="comment_id"))


def entity_pairs(mentions: pd.DataFrame, comments: pd.DataFrame) -> pd.DataFrame:
    """Return one row per two things mentioned together in at least two comments."""
    named = mentions[~mentions["kind"].isin(_NO_ENTITIES)]
    named = named[["thread_id", "comment_id", "canonical_id"]].drop_duplicates()
    counts = Counter(named["canonical_id"])
    together: Counter[tuple[str, str]] = Counter()
    threads: dict[tuple[str, str], set[str]] = {}
    for (thread, _), things in named.groupby(["thread_id", "comment_id"])["canonical_id"]:
        for pair in combinations(sorted(things), 2):
            together[pair] += 1
            threads.setdefault(pair, set()).add(thread)
    total = len(comments)
    rows = [
        {
            "canonical_id": one,
            "partner_canonical_id": other,
            "comment_count": count,
            "thread_count": len(threads[one, other]),
            "npmi": npmi(count, counts[one], counts[other], total) if count >= _FEW else None,
        }
        for (one, other), count in together.items()
        if count > 1
    ]
    return declared("entity_pairs", frame("entity_pairs", rows))


def npmi(both: int, one: int, other: int, total: int) -> float:
    """Return the normalised pointwise mutual information of two things in `total` comments."""
    if both == total:
        return 1.0
    return math.log(both * total / (one * other)) / -math.log(both / total)
