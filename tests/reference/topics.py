"""Topics in numbers: the talk they draw, and which come together or after one another."""

from collections import Counter
from typing import Any

import numpy as np
import pandas as pd

from reference.entities import npmi
from reference.frames import chosen, declared, frame, share, sure, with_share

_FEW = 5
_ENOUGH = 10


def topic_engagement(
    terms: pd.DataFrame, assigned: pd.DataFrame, engagement: pd.DataFrame, replies: pd.DataFrame
) -> pd.DataFrame:
    """Return one row per topic."""
    topics = terms[["topic_id", "label", "origin"]].drop_duplicates()
    drawn = engagement.drop(columns="thread_id").merge(assigned, on="comment_id")
    per = drawn.groupby("topic_id")
    of_others = drawn[sure(~drawn["is_host"])].groupby("topic_id")
    median = per["first_response_s"].median().astype("float64")
    found = pd.DataFrame(
        {
            "comment_count": per.size(),
            "author_count": per["author_id"].nunique(),
            "thread_count": per["thread_id"].nunique(),
            "reply_count": per["reply_count"].sum(),
            "expected_reply_count": per["expected_reply_count"].sum(),
            "answered_count": per["is_answered"].sum(),
            "authored_count": per["is_answered"].count(),
            "host_answered_count": of_others["is_answered_by_host"].sum(),
            "host_known_count": of_others["is_answered_by_host"].count(),
            "host_comment_count": per["is_host"].sum().where(per["is_host"].count() > 0),
            "mean_depth": per["depth"].mean(),
            "timed_count": per["first_response_s"].count(),
            # Halves away from zero.
            "median_first_response_s": np.sign(median) * np.floor(median.abs() + 0.5),
        }
    )
    rows = topics.join(found, on="topic_id")
    zeros = ["comment_count", "author_count", "thread_count", "reply_count", "timed_count"]
    zeros += ["expected_reply_count", "answered_count", "authored_count"]
    rows = rows.fillna(dict.fromkeys(zeros, 0))
    everything = pd.Series(len(engagement), rows.index), pd.Series(len(replies), rows.index)
    for name, part, whole in (
        ("topic_comment_share", "comment_count", everything[0]),
        ("topic_reply_share", "reply_count", everything[1]),
        ("answered_share", "answered_count", rows["authored_count"]),
        ("host_answered_share", "host_answered_count", rows["host_known_count"]),
    ):
        rows = with_share(rows, name, rows[part], whole)
    timed = rows["timed_count"]
    reasons = {
        "unanswered": rows["answered_count"] == 0,
        "times_lost": timed == 0,
        "too_few": timed < _FEW,
    }
    rows = rows.assign(
        has_enough_comments=rows["authored_count"] >= _ENOUGH,
        median_first_response_s=rows["median_first_response_s"].where(timed >= _FEW),
        first_response_reason=chosen(reasons),
    )
    return declared("topic_engagement", rows)


def topic_pairs(
    terms: pd.DataFrame, assigned: pd.DataFrame, comments: pd.DataFrame
) -> pd.DataFrame:
    """Return one row per ordered pair of topics that share a comment."""
    labels = dict(zip(terms["topic_id"], terms["label"], strict=True))
    counts, total = Counter(assigned["topic_id"]), len(comments)
    own = assigned[["comment_id", "thread_id", "topic_id"]]
    both = own.merge(own[["comment_id", "topic_id"]], on="comment_id", suffixes=("", "_other"))
    both = both[both["topic_id"] != both["topic_id_other"]]
    rows = [
        {
            "topic_id": one,
            "other_topic_id": other,
            "label": labels[one],
            "other_label": labels[other],
            "comment_count": len(shared),
            "thread_count": shared["thread_id"].nunique(),
            "chance_comments": counts[one] * counts[other] / total,
            "npmi": npmi(len(shared), counts[one], counts[other], total),
            "has_enough_comments": len(shared) >= _FEW,
        }
        for (one, other), shared in both.groupby(["topic_id", "topic_id_other"])
    ]
    return declared("topic_pairs", frame("topic_pairs", rows))


def topic_transitions(
    terms: pd.DataFrame, assigned: pd.DataFrame, replies: pd.DataFrame, candidates: pd.DataFrame
) -> pd.DataFrame:
    """Return one row per topic of a parent and topic of its replies."""
    labels = dict(zip(terms["topic_id"], terms["label"], strict=True))
    key = ["comment_id", "parent_comment_id"]
    likely = candidates[candidates["is_inferred"] & (candidates["kind"] == "comment")]
    likely = likely.merge(replies[key].assign(best=1), on=key, how="left").fillna({"best": 0})
    edges = pd.concat(
        [
            replies.loc[~replies["is_inferred"], key].assign(best=1, weight=1.0),
            likely[[*key, "best"]].assign(weight=likely["probability"]),
        ]
    )
    own = assigned[["comment_id", "topic_id"]]
    above = own.set_axis(["parent_comment_id", "parent_topic_id"], axis=1)
    from_topic, to_topic = edges.merge(above), edges.merge(own)
    rows = from_topic.merge(own, on="comment_id")
    rows = rows.groupby(["parent_topic_id", "topic_id"], as_index=False)[["best", "weight"]].sum()
    rows = rows[rows["weight"] > 0]
    total = edges["weight"].sum()
    outs, ins = (from_topic.groupby("parent_topic_id"), to_topic.groupby("topic_id"))
    out = rows["parent_topic_id"].map(outs["weight"].sum()).astype("float64")
    into = rows["topic_id"].map(ins["weight"].sum()).astype("float64")
    rows = with_share(rows, "transition_share", rows["weight"], out, 0)
    rows = rows.assign(
        parent_label=rows["parent_topic_id"].map(labels),
        label=rows["topic_id"].map(labels),
        reply_count=rows["best"],
        expected_reply_count=rows["weight"],
        chance_replies=out * into / total,
        lift=share(rows["weight"] * total, out * into, 0),
        has_enough_comments=rows["weight"] >= _FEW,
    )
    return declared("topic_transitions", rows)


def topic_trend(
    threads: pd.DataFrame, comments: pd.DataFrame, terms: pd.DataFrame, assigned: pd.DataFrame
) -> pd.DataFrame:
    """Return one row per topic and day, and, of comments without a day, per tenth of their thread."""
    placed = comments[["comment_id", "thread_id", "position", "created_on"]].merge(
        threads[["thread_id", "comment_count"]], on="thread_id"
    )
    is_dated = placed["created_on"].notna()
    tenth: Any = placed["position"] * 10 // placed["comment_count"] + 1
    placed = placed.assign(
        period_kind=np.where(is_dated, "day", "tenth_of_thread"),
        period=placed["created_on"]
        .dt.strftime("%Y-%m-%d")
        .where(is_dated, tenth.map("{:02d}".format)),
    )
    key = ["period_kind", "period"]
    periods = placed.groupby(key, as_index=False).agg(
        period_comment_count=("comment_id", "size"), created_on=("created_on", "min")
    )
    own = assigned[["comment_id", "topic_id"]].merge(placed, on="comment_id")
    counts = own.groupby(["topic_id", *key]).size().rename("comment_count").reset_index()
    topics = terms[["topic_id", "label"]].drop_duplicates()
    topics = topics[topics["topic_id"].isin(assigned["topic_id"])]
    rows = topics.merge(periods, how="cross").merge(counts, on=["topic_id", *key], how="left")
    rows = rows.fillna({"comment_count": 0})
    rows = with_share(
        rows, "period_topic_share", rows["comment_count"], rows["period_comment_count"]
    )
    return declared("topic_trend", rows)
