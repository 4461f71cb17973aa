"""What each comment drew, and what was asked and answered."""

import re
from collections.abc import Iterator

import pandas as pd

from reference.frames import chosen, declared, sure

_END = re.compile(r"""[?？؟。\n]|[.!]+(?=[\s?？؟。"”'’)\]]|$)""")
_ABBREVIATED = re.compile(r"\b(?:[Ee]\.?g|[Ii]\.?e|[Vv]s|[Cc]f|[Aa]pprox|Dr|Mrs?|Ms|Prof|St)$")
_MARKS = ("?", "？", "؟")


def answers(replies: pd.DataFrame, comments: pd.DataFrame) -> pd.DataFrame:
    """Return the replies by another author than their parent's, and whether they are the host's."""
    hosts = comments.loc[sure(comments["is_host"]), ["thread_id", "author_id"]].drop_duplicates()
    both = replies["author_id"].notna() & replies["parent_author_id"].notna()
    given = replies[both & (replies["author_id"] != replies["parent_author_id"])]
    return given.merge(
        hosts.assign(by_host=True), on=["thread_id", "author_id"], how="left"
    ).assign(by_host=lambda rows: rows["by_host"].notna())


def _hostless(threads: pd.DataFrame, comments: pd.DataFrame) -> pd.Series:
    """Return which comments are in a thread that names people, none of whom is its sidecar's host."""
    per = comments.groupby("thread_id")
    named, told = (per[name].transform("count") for name in ("author_id", "is_host"))
    said = threads.loc[threads["host_source"] == "sidecar", "thread_id"]
    return comments["thread_id"].isin(said) & (named > 0) & (told == 0)


def _unsure(replies: pd.DataFrame, comments: pd.DataFrame) -> pd.DataFrame:
    """Return the replies that may be by another: one of the two has no name. A nameless one may be the host's."""
    nameless = replies["author_id"].isna() | replies["parent_author_id"].isna()
    unsure = replies[nameless].merge(comments[["comment_id", "is_host"]], on="comment_id")
    return unsure.assign(may_be_host=unsure["is_host"].fillna(True).astype(bool))


def _first(given: pd.DataFrame) -> pd.DataFrame:
    """Return how long each comment waited for the first of the answers `given`, known if all are timed."""
    per = given.groupby("parent_comment_id")["response_s"]
    return pd.DataFrame({"first": per.min(), "is_timed": per.count() == per.size()})


def comment_engagement(
    threads: pd.DataFrame,
    comments: pd.DataFrame,
    replies: pd.DataFrame,
    candidates: pd.DataFrame,
    mentions: pd.DataFrame,
) -> pd.DataFrame:
    """Return one row per comment: the replies it drew, by whom and how fast."""
    given = answers(replies, comments)
    unsure = _unsure(replies, comments)
    inferred = candidates[candidates["is_inferred"]]
    likely = inferred[inferred["kind"] == "comment"]
    top = inferred["probability"].where(inferred["kind"] == "top_level", 0.0)
    per_parent = replies.groupby("parent_comment_id")
    first, hosts = _first(given), _first(given[given["by_host"]])
    columns = {
        "reply_count": per_parent.size(),
        "explicit_count": (~replies["is_inferred"]).groupby(replies["parent_comment_id"]).sum(),
        "likely_count": likely.groupby("parent_comment_id")["probability"].sum(),
        "top_level_chance": top.groupby(inferred["comment_id"]).sum(),
        "replier_count": given.groupby("parent_comment_id")["author_id"].nunique(),
        "by_host": given.groupby("parent_comment_id")["by_host"].any(),
        "may_be_answered": unsure.groupby("parent_comment_id").size() > 0,
        "may_be_by_host": unsure.groupby("parent_comment_id")["may_be_host"].any(),
        "first": first["first"],
        "is_timed": first["is_timed"],
        "host_first": hosts["first"],
        "is_host_timed": hosts["is_timed"],
        "mention_count": mentions.groupby("comment_id").size(),
    }
    drawn = pd.DataFrame(columns).rename_axis("comment_id")
    rows = comments.merge(threads[["thread_id", "host_name"]], on="thread_id")
    rows = rows.join(drawn, on="comment_id")
    counts = ["reply_count", "explicit_count", "likely_count", "replier_count", "mention_count"]
    rows = rows.fillna(dict.fromkeys(counts, 0))
    no_author, no_host = (
        rows["author_id"].isna(),
        rows["host_name"].isna() | _hostless(threads, rows),
    )
    is_answered, by_host = rows["replier_count"] > 0, sure(rows["by_host"])
    is_unsure = ~is_answered & sure(rows["may_be_answered"])
    is_host_unsure = ~by_host & sure(rows["may_be_by_host"]) & ~sure(rows["is_host"])
    timed, host_timed = sure(rows["is_timed"]), sure(rows["is_host_timed"])
    known = {"top_level": 0.0, "explicit": 1.0, "inferred": 1.0}
    rows = rows.assign(
        expected_reply_count=rows["explicit_count"] + rows["likely_count"],
        reply_probability=(1 - rows["top_level_chance"]).fillna(rows["parent_status"].map(known)),
        is_answered=is_answered.astype("boolean").mask(no_author | is_unsure),
        is_answered_by_host=by_host.astype("boolean").mask(no_host | is_host_unsure),
        first_response_s=rows["first"].where(timed),
        first_response_reason=chosen(
            {
                "author_unknown": no_author,
                "replier_unknown": is_unsure,
                "unanswered": ~is_answered,
                "times_lost": ~timed,
            }
        ),
        host_response_s=rows["host_first"].where(host_timed),
        host_response_reason=chosen(
            {
                "host_unknown": no_host,
                "author_unknown": no_author,
                "replier_unknown": is_host_unsure,
                "unanswered": ~by_host,
                "times_lost": ~host_timed,
            }
        ),
    )
    return declared("comment_engagement", rows)


def questions(
    comments: pd.DataFrame, replies: pd.DataFrame, engagement: pd.DataFrame
) -> pd.DataFrame:
    """Return one row per comment that asks: its first question, and who answered first."""
    asked = comments.assign(question=comments["text"].map(_question)).dropna(subset="question")
    given = answers(replies, comments).merge(comments[["comment_id", "position"]], on="comment_id")
    given = given.sort_values(["response_s", "position", "comment_id"], na_position="last")
    first = given.drop_duplicates("parent_comment_id")
    first = first[["parent_comment_id", "comment_id", "author_id"]].set_axis(
        ["comment_id", "answer_comment_id", "answer_author_id"], axis=1
    )
    told = ["comment_id", "question", "author_name", "hidden_reply_count"]
    rows = engagement.merge(asked[told], on="comment_id").merge(first, on="comment_id", how="left")
    undecided = comments.loc[comments["parent_status"] == "unknown", "thread_id"]
    hidden = rows["thread_id"].isin(undecided) | (rows["hidden_reply_count"].fillna(0) > 0)
    is_unknown = (rows["is_answered"].isna() & (rows["reply_count"] > 0)) | (
        hidden & ~sure(rows["is_answered"])
    )
    status = chosen({"unknown": is_unknown, "answered": rows["is_answered"]}, "open")
    by_host = rows["is_answered_by_host"].mask(status == "unknown")
    return declared("questions", rows.assign(answer_status=status, is_answered_by_host=by_host))


def _question(text: str) -> str | None:
    """Return the first sentence of `text` that asks; None if none does."""
    if not any(mark in text for mark in _MARKS):
        return None
    sentences = _sentences(re.sub(r"https?://\S+", "", text))
    asking = (one for one in sentences if one.endswith(_MARKS) and any(map(str.isalnum, one)))
    found = next(asking, None)
    return found and found.strip(' "”’)]')


def _sentences(text: str) -> Iterator[str]:
    start = 0
    for end in _END.finditer(text):
        if end[0] != "." or not _ABBREVIATED.search(text[start : end.start()]):
            yield text[start : end.end()]
            start = end.end()
