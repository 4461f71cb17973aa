"""How much each thread is talked in, by how many, how deep, how fast; and each day."""

from typing import Any

import numpy as np
import pandas as pd

from reference.frames import declared, share, sure, wilson, with_share

_QUANTILES = {"p15_s": 0.85, "median_s": 0.5, "p85_s": 0.15}
_FEW = 5
_FEW_AUTHORS = 10
_OF_PEOPLE = (
    *("author_count", "comments_per_author", "participation_gini", "top_tenth_share"),
    *("returning_author_count", "expansion_share"),
)
_OF_RHYTHM = ("burstiness", "half_life_s", "timing_reason")


def thread_engagement(
    threads: pd.DataFrame,
    engagement: pd.DataFrame,
    replies: pd.DataFrame,
    completeness: pd.DataFrame,
) -> pd.DataFrame:
    """Return one row per thread."""
    drawn = engagement.groupby("thread_id")
    found = pd.concat(
        [
            _counts(engagement),
            _replies(replies),
            _shapes(engagement),
            _table({name: _people(rows) for name, rows in drawn["author_id"]}, _OF_PEOPLE),
            _dyads(replies),
            _timing(engagement),
        ],
        axis=1,
    )
    rows = threads.join(found.rename_axis("thread_id").infer_objects(), on="thread_id")
    rows = rows.join(_host_waits(threads, engagement), on="thread_id")
    rows = rows.merge(completeness[["thread_id", "captured_share"]], on="thread_id", how="left")
    zeros = "author_count top_level_count reply_count expected_reply_count answered_count returning_author_count"
    zeros += " dyad_count mutual_dyad_count mention_count host_comment_count host_answered_count"
    is_empty = rows["found_count"].isna()
    rows = rows.assign(timing_reason=rows["timing_reason"].mask(is_empty, "too_few"))
    rows = _shares(rows.fillna(dict.fromkeys(zeros.split(), 0)))
    return declared("thread_engagement", rows)


def _counts(engagement: pd.DataFrame) -> pd.DataFrame:
    status, is_host = engagement["parent_status"], engagement["is_host"]
    marked = engagement.assign(
        is_top=status == "top_level",
        is_decided=status.isin(["top_level", "explicit", "inferred"]),
        is_hostless=engagement["host_response_reason"] == "host_unknown",
        is_visitor=~is_host & engagement["is_answered_by_host"].notna(),
        is_host_answered=~is_host & engagement["is_answered_by_host"],
    )
    per = marked.groupby("thread_id")
    return pd.DataFrame(
        {
            "found_count": per.size(),
            "answer_known_count": per["is_answered"].count(),
            "top_level_count": per["is_top"].sum(),
            "decided_count": per["is_decided"].sum(),
            "weighed_count": per["reply_probability"].count(),
            "expected_reply_count": per["reply_probability"].sum(),
            "answered_count": per["is_answered"].sum(),
            "host_comment_count": per["is_host"].sum(),
            "is_hostless": per["is_hostless"].any(),
            "visitor_count": per["is_visitor"].sum(),
            "host_answered_count": per["is_host_answered"].sum(),
            "max_depth": per["depth"].max(),
            "mean_depth": per["depth"].mean(),
            "like_count": per["like_count"].sum(min_count=1),
            "mention_count": per["mention_count"].sum(),
            "first_created_on": per["created_on"].min(),
            "last_created_on": per["created_on"].max(),
        }
    )


def _replies(replies: pd.DataFrame) -> pd.DataFrame:
    per, inferred = replies.groupby("thread_id"), replies[replies["is_inferred"]]
    return pd.DataFrame(
        {
            "reply_count": per.size(),
            "inferred_reply_share": per["is_inferred"].mean(),
            "mean_reply_confidence": inferred.groupby("thread_id")["confidence"].mean(),
        }
    )


def _shapes(engagement: pd.DataFrame) -> pd.DataFrame:
    """Return the widest level of each tree, its h-index, and how far apart two of its members are."""
    placed = engagement[engagement["depth"].notna()]
    widths = placed.groupby(["thread_id", "depth"]).size().rename("width").reset_index()
    level = widths["depth"] + 1
    h_index = level.where(widths["width"] >= level, 0).groupby(widths["thread_id"]).max()
    hanging = placed[placed["descendant_count"].notna()]
    sizes = 1 + hanging["descendant_count"].astype("float64")
    per = sizes.groupby(hanging["thread_id"])
    # The post is the root of all; what hangs below a member is as many paths as there are members outside.
    count = 1 + per.size()
    sums, squares = count + per.sum(), count**2 + (sizes**2).groupby(hanging["thread_id"]).sum()
    return pd.DataFrame(
        {
            "max_width": widths.groupby("thread_id")["width"].max(),
            "h_index": h_index,
            "structural_virality": 2 * (count * sums - squares) / (count * (count - 1)),
        }
    )


def _people(authors: pd.Series) -> dict[str, float]:
    """Return how comments are spread over the authors of a thread."""
    sizes = np.sort(authors.value_counts().to_numpy())
    count, total = len(sizes), int(sizes.sum())
    ranked = (np.arange(1, count + 1) * sizes).sum()
    busiest = sizes[count - (count + 9) // 10 :].sum()
    return {
        "author_count": count,
        "comments_per_author": total / count if count else np.nan,
        "participation_gini": (2 * ranked - (count + 1) * total) / (count * total)
        if count >= _FEW
        else np.nan,
        "top_tenth_share": busiest / total if count >= _FEW_AUTHORS else np.nan,
        "returning_author_count": int((sizes > 1).sum()),
        "expansion_share": (count - 1) / (total - 1) if total >= _FEW else np.nan,
    }


def _dyads(replies: pd.DataFrame) -> pd.DataFrame:
    """Return how many pairs of authors reply to each other, one way and both."""
    known = replies.dropna(subset=["author_id", "parent_author_id"])
    known = known[known["author_id"] != known["parent_author_id"]]
    ways = known[["thread_id", "author_id", "parent_author_id"]].drop_duplicates()
    pair = ways[["author_id", "parent_author_id"]]
    ways = ways.assign(one=pair.min(axis=1), other=pair.max(axis=1))
    both = ways.groupby(["thread_id", "one", "other"]).size() == 2
    per = both.groupby("thread_id")
    return pd.DataFrame({"dyad_count": per.size(), "mutual_dyad_count": per.sum()})


def _timing(engagement: pd.DataFrame) -> pd.DataFrame:
    drawn = engagement.groupby("thread_id")["created_at"]
    rhythms = {name: _rhythm(times.dropna().sort_values(), len(times)) for name, times in drawn}
    return _table(rhythms, _OF_RHYTHM)


def _table(rows: dict[str, dict[str, Any]], columns: tuple[str, ...]) -> pd.DataFrame:
    """Return a frame with a row for each of `rows`, even if there is none."""
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).infer_objects()


def _rhythm(times: pd.Series, found: int) -> dict[str, Any]:
    """Return how bursty the comments at `times` are, which are the known ones of `found`."""
    said: dict[str, Any] = {"burstiness": np.nan, "half_life_s": np.nan, "timing_reason": None}
    if found < _FEW:
        return said | {"timing_reason": "too_few"}
    if len(times) * 10 < found * 9:
        return said | {"timing_reason": "times_lost"}
    half = times.iloc[(len(times) + 1) // 2 - 1] - times.iloc[0]
    said["half_life_s"] = half.total_seconds()
    gaps = times.diff().dropna().dt.total_seconds()
    if not gaps.sum():
        return said | {"timing_reason": "simultaneous"}
    variation, above, below = gaps.std(ddof=0) / gaps.mean(), len(gaps) + 1, len(gaps) - 1
    bursty = above**0.5 * variation - below**0.5
    return said | {"burstiness": bursty / ((above**0.5 - 2) * variation + below**0.5)}


def _host_waits(threads: pd.DataFrame, engagement: pd.DataFrame) -> pd.DataFrame:
    """Return how long readers wait for the host: those who still do count until the capture (Kaplan-Meier)."""
    visitors = engagement[sure(~engagement["is_host"]) & engagement["is_answered_by_host"].notna()]
    waiting = dict(list(visitors.groupby("thread_id")))
    is_lost = engagement["host_response_reason"] == "host_unknown"
    lost = set(engagement.loc[is_lost, "thread_id"])
    rows = {}
    for name, host, captured_at in threads[["thread_id", "host_name", "captured_at"]].itertuples(
        index=False
    ):
        if pd.isna(host) or name in lost:
            rows[name] = {"host_response_reason": "host_unknown"}
        elif len(waiting.get(name, ())) < _FEW:
            rows[name] = {"host_response_reason": "too_few"}
        else:
            last = engagement.loc[engagement["thread_id"] == name, "created_at"].max()
            rows[name] = _waits(waiting[name], captured_at, last)
    quantiles = (f"host_response_{quantile}" for quantile in _QUANTILES)
    return _table(rows, (*quantiles, "host_response_reason"))


def _waits(cases: pd.DataFrame, captured_at: Any, last_at: Any) -> dict[str, Any]:
    is_event = cases["host_response_s"].notna()
    is_answered = sure(cases["is_answered_by_host"])
    if (cases["created_at"].isna() | (is_answered & ~is_event)).any():
        return {"host_response_reason": "times_lost"}
    open_s = (captured_at - cases["created_at"]).dt.total_seconds()
    waits = cases["host_response_s"].astype("float64").fillna(open_s)
    if waits.isna().any():
        return {"host_response_reason": "capture_time_unknown"}
    if not is_event.all() and last_at > captured_at:
        return {"host_response_reason": "captured_before_last_comment"}
    waits = waits.clip(lower=0)
    survival, at_risk, said = 1.0, len(waits), dict[str, Any]()
    for wait, events in is_event.groupby(waits):
        survival *= 1 - events.sum() / at_risk
        at_risk -= len(events)
        for quantile, level in _QUANTILES.items():
            if survival <= level + 1e-9:
                said.setdefault(f"host_response_{quantile}", wait)
    reason = None if "host_response_p85_s" in said else "not_reached"
    return said | {"host_response_reason": reason}


def _shares(rows: pd.DataFrame) -> pd.DataFrame:
    decided, known, authors = (
        rows[name] for name in ("decided_count", "answer_known_count", "author_count")
    )
    for name, part, whole, least in (
        ("top_level_share", rows["top_level_count"], decided, 1),
        ("answered_share", rows["answered_count"], known, 1),
        ("host_share", rows["host_comment_count"], rows["found_count"], 1),
        ("host_reply_share", rows["host_answered_count"], rows["visitor_count"], _FEW),
        ("reentry_share", rows["returning_author_count"], authors, _FEW),
        ("reciprocity_share", rows["mutual_dyad_count"], rows["dyad_count"], _FEW),
    ):
        rows = with_share(rows, name, part, whole, least)
    low, high = wilson(rows["top_level_count"], decided)
    expected = share(rows["expected_reply_count"], rows["weighed_count"])
    rows = rows.assign(
        expected_top_level_share=1 - expected,
        reply_share=share(rows["reply_count"].fillna(0), decided),
        reply_share_low=1 - high,
        reply_share_high=1 - low,
        is_expansionary=(rows["expansion_share"] > 0.5)
        .astype("boolean")
        .mask(rows["expansion_share"].isna()),
    )
    of_host = ["host_comment_count", "host_share", "host_share_low", "host_share_high"]
    of_host += ["host_answered_count"]
    no_host = rows["host_name"].isna() | sure(rows["is_hostless"])
    rows[of_host] = rows[of_host].astype("float64").mask(no_host)
    return rows


def daily_engagement(threads: pd.DataFrame, engagement: pd.DataFrame) -> pd.DataFrame:
    """Return one row per platform and day."""
    rows = engagement.merge(threads[["thread_id", "platform"]], on="thread_id")
    status = rows["parent_status"]
    rows = rows.assign(is_top=status == "top_level", is_reply=status.isin(["explicit", "inferred"]))
    per = rows.groupby(["platform", "created_on"])
    hosts = per["is_host"].sum().astype("float64")
    days = pd.DataFrame(
        {
            "comment_count": per.size(),
            "author_count": per["author_id"].nunique(),
            "thread_count": per["thread_id"].nunique(),
            "top_level_count": per["is_top"].sum(),
            "reply_count": per["is_reply"].sum(),
            "expected_reply_count": per["reply_probability"].sum(),
            "answered_count": per["is_answered"].sum(),
            "host_comment_count": hosts.where(per["is_host"].count() > 0),
            "like_count": per["like_count"].sum(min_count=1),
        }
    ).reset_index()
    dated = rows["created_on"].notna().groupby(rows["platform"]).mean().rename("dated_share")
    return declared("daily_engagement", days.join(dated, on="platform"))
