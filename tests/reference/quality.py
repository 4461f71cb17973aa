"""What each capture holds, how sure replies are, and which run made the tables."""

from datetime import UTC, datetime
from uuid import uuid4

import pandas as pd

from reference.frames import declared, frame, share


def captures(threads: pd.DataFrame) -> pd.DataFrame:
    """Return one row per thread, each of which was captured once."""
    none = dict.fromkeys(("edited_comment_count", "lost_comment_count", "added_like_count"), 0)
    once = threads.assign(capture_number=1, added_comment_count=threads["comment_count"], **none)
    return declared("captures", once)


def capture_completeness(
    threads: pd.DataFrame, comments: pd.DataFrame, candidates: pd.DataFrame
) -> pd.DataFrame:
    """Return one row per thread: how much of it the capture holds."""
    inferred = candidates.loc[candidates["is_inferred"], "comment_id"]
    known = comments["parent_status"].isin(["top_level", "explicit", "missing"])
    per = comments.assign(is_given=known & ~comments["comment_id"].isin(inferred)).groupby(
        "thread_id"
    )
    counts = pd.DataFrame(
        {
            "authored_count": per["author_id"].count(),
            "dated_count": per["created_on"].count(),
            "given_count": per["is_given"].sum(),
            "deleted_count": per["is_deleted"].sum(),
            "duplicate_count": per["duplicate_of"].count(),
        }
    )
    rows = threads.join(counts, on="thread_id").fillna({"deleted_count": 0, "duplicate_count": 0})
    whole = rows["comment_count"]
    rows = rows.assign(
        captured_share=share(whole, rows["declared_comment_count"]),
        authored_share=share(rows["authored_count"], whole),
        dated_share=share(rows["dated_count"], whole),
        parent_known_share=share(rows["given_count"], whole),
    )
    return declared("capture_completeness", rows)


def reply_confidence(threads: pd.DataFrame, replies: pd.DataFrame) -> pd.DataFrame:
    """Return one row per platform, way the parent is known, and tenth of confidence."""
    rows = replies.merge(threads[["thread_id", "platform"]], on="thread_id")
    rows["tenth"] = (rows["confidence"] * 10).round(5).floordiv(1).clip(upper=9)
    bands = rows.groupby(["platform", "is_inferred", "tenth"], as_index=False).agg(
        reply_count=("confidence", "size"), expected_right_count=("confidence", "sum")
    )
    whole = bands.groupby("platform")["reply_count"].transform("sum")
    bands = bands.assign(
        confidence_from=bands["tenth"] / 10,
        confidence_to=(bands["tenth"] + 1) / 10,
        band_share=share(bands["reply_count"], whole),
    )
    return declared("reply_confidence", bands)


def runs() -> pd.DataFrame:
    """Return one row: this run."""
    now = datetime.now(UTC).replace(tzinfo=None)
    row = {
        "run_id": f"{now:%Y%m%dT%H%M%S}-{uuid4().hex[:6]}",
        "published_at": now,
        "threadmill_version": "the reference",
        "profile": "full",
    }
    return frame("runs", [row])
