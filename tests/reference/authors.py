"""What authors give and draw, and who talks to whom."""

import pandas as pd

from reference.frames import declared, with_share
from reference.patterns import compiled, extract

_SINGLE = compiled(r"\s*[\p{L}\p{M}'’.-]+\s*")
_FIRST = compiled(r"([\p{L}\p{M}'’-]+)")
_FEW = 5


def author_pairs(
    comments: pd.DataFrame, replies: pd.DataFrame, candidates: pd.DataFrame, mentions: pd.DataFrame
) -> pd.DataFrame:
    """Return one row per author and other author they reply to, may reply to, or mention."""
    authors = comments.set_index("comment_id")["author_id"]
    likely = candidates[candidates["is_inferred"] & (candidates["kind"] == "comment")]
    links = pd.concat(
        [
            pd.DataFrame(
                {
                    "author_id": replies["author_id"],
                    "partner_author_id": replies["parent_author_id"],
                    "reply_count": 1,
                    "expected_reply_count": (~replies["is_inferred"]).astype("float64"),
                }
            ),
            pd.DataFrame(
                {
                    "author_id": likely["comment_id"].map(authors),
                    "partner_author_id": likely["parent_comment_id"].map(authors),
                    "expected_reply_count": likely["probability"],
                }
            ),
            pd.DataFrame(
                {
                    "author_id": mentions["author_id"],
                    "partner_author_id": mentions["target_author_id"],
                    "mention_count": 1,
                }
            ),
        ]
    ).dropna(subset=["author_id", "partner_author_id"])
    links = links[links["author_id"] != links["partner_author_id"]]
    pairs = links.groupby(["author_id", "partner_author_id"], as_index=False).sum()
    back = pairs[["partner_author_id", "author_id", "reply_count"]].set_axis(
        ["author_id", "partner_author_id", "back_count"], axis=1
    )
    pairs = pairs.merge(back, on=["author_id", "partner_author_id"], how="left")
    is_mutual = (pairs["reply_count"] > 0) & (pairs["back_count"] > 0)
    return declared("author_pairs", pairs.assign(is_mutual=is_mutual))


def _names(threads: pd.DataFrame, comments: pd.DataFrame) -> pd.DataFrame:
    """Return one row per author: the name most often written, and what is doubtful about it."""
    written = comments.dropna(subset="author_id").merge(
        threads[["thread_id", "publication"]], on="thread_id"
    )
    spelt = written.groupby(["author_id", "author_name"], as_index=False, dropna=False).agg(
        platform=("platform", "min"),
        publication=("publication", "min"),
        count=("comment_id", "size"),
        handles=("author_handle", "count"),
        urls=("author_url", "count"),
    )
    spelt = spelt.sort_values(["count", "author_name"], ascending=[False, True])
    per = spelt.groupby("author_id")
    names = per[["platform", "publication"]].min().join(per["author_name"].first())
    has_own_id = per["handles"].sum() + per["urls"].sum() > 0
    alike = names[~has_own_id]
    first = alike["author_name"].map(lambda name: (extract(_FIRST, name) or "").lower())
    sharing = alike.groupby(["platform", "publication", first.rename("first")], dropna=False)
    shared = sharing["author_name"].transform("size") > 1
    is_single = (
        alike["author_name"].map(lambda name: _SINGLE.fullmatch(name) is not None).astype(bool)
    )
    warning = shared.map({True: "first_name_shared", False: "first_name_only"})
    return names.assign(name_warning=warning.where(is_single))


def author_engagement(
    threads: pd.DataFrame,
    comments: pd.DataFrame,
    replies: pd.DataFrame,
    engagement: pd.DataFrame,
    pairs: pd.DataFrame,
    questions: pd.DataFrame,
) -> pd.DataFrame:
    """Return one row per author."""
    per = engagement.groupby("author_id")
    is_host = per["is_host"].max()
    given = replies.groupby("author_id")
    to_self = replies["author_id"].notna() & (replies["author_id"] == replies["parent_author_id"])
    received = pairs.groupby("partner_author_id")
    met = pairs.loc[pairs["reply_count"] > 0, ["author_id", "partner_author_id", "is_mutual"]]
    both = met.rename(columns={"author_id": "partner_author_id", "partner_author_id": "author_id"})
    partners = pd.concat([met, both]).drop_duplicates().groupby("author_id")
    status = questions["answer_status"]
    columns = {
        "is_host": is_host,
        "comment_count": per.size(),
        "thread_count": per["thread_id"].nunique(),
        "expected_reply_count": per["reply_probability"].sum(),
        "answered_count": per["is_answered"].sum(),
        "like_count": per["like_count"].sum(min_count=1),
        "first_created_on": per["created_on"].min(),
        "last_created_on": per["created_on"].max(),
        "reply_count": given.size(),
        "known_reply_count": given["parent_author_id"].count(),
        "self_reply_count": to_self.groupby(replies["author_id"]).sum(),
        "received_reply_count": received["reply_count"].sum(),
        "expected_received_reply_count": received["expected_reply_count"].sum(),
        "partner_count": partners.size(),
        "mutual_partner_count": partners["is_mutual"].sum(),
        "question_count": questions.groupby("author_id").size(),
        "answered_question_count": (status == "answered").groupby(questions["author_id"]).sum(),
        "known_question_count": (status != "unknown").groupby(questions["author_id"]).sum(),
    }
    rows = pd.DataFrame(columns).reindex(is_host.index).join(_names(threads, comments))
    for name, part, whole in (
        ("self_reply_share", "self_reply_count", "known_reply_count"),
        ("reciprocity_share", "mutual_partner_count", "partner_count"),
        ("question_answered_share", "answered_question_count", "known_question_count"),
    ):
        rows = with_share(rows, name, rows[part], rows[whole], _FEW)
    place = ["platform", "publication"]
    captured = threads.groupby(place).size().rename("captured_count").reset_index()
    rows = rows.rename_axis("author_id").reset_index().merge(captured, on=place, how="left")
    comes_back = rows["thread_count"] > 1
    returns = comes_back.astype("boolean").mask(~comes_back & ~(rows["captured_count"] > 1))
    zeros = [name for name in columns if name.endswith("_count") and name != "like_count"]
    rows = rows.assign(is_returning=returns).fillna(dict.fromkeys(zeros, 0))
    return declared("author_engagement", rows)
