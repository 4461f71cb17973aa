"""Whose post it is, by what the page shows of its author."""

import unicodedata
from collections import Counter
from typing import Any

Row = dict[str, Any]

_ANSWERED_MIN, _LEAD = 3, 1.5
"""A host answers so many people at least, and so many times as many as anyone else."""


def normalised(name: str) -> str:
    """Return `name` as the same for every way to write it."""
    return " ".join(unicodedata.normalize("NFKC", name).lower().split())


def mark(thread: Row, comments: list[Row], said: str | None) -> None:
    """Say who wrote the post of `thread`, given what its sidecar says, and mark the comments by and liked by them."""
    thread |= _host(said, comments)
    host = thread["host_name"] and normalised(thread["host_name"])
    shows_likers = any(comment["liker"] is not None for comment in comments)
    called = {normalised(comment["author_name"]) for comment in comments}
    called |= {normalised(comment["liker"] or "") for comment in comments}
    called |= {normalised(comment.get("replier") or "") for comment in comments}
    if said and not any(f", {host}, " in f", {name}, " for name in called):
        host = None
    for comment in comments:
        liker = normalised(comment.pop("liker") or "")
        is_liked = liker == host or f", {host}, " in f", {liker}, "
        comment["is_host"] = normalised(comment["author_name"]) == host if host else None
        comment["is_liked_by_host"] = is_liked if host and shows_likers else None


def _host(said: str | None, comments: list[Row]) -> Row:
    """Return who wrote the post, and how that is known: who likes most comments, or answers most people."""
    if said:
        return {"host_name": said, "host_source": "sidecar"}
    authors = {comment["author_name"] for comment in comments}
    likers = [
        name
        for comment in comments
        if (shown := comment["liker"]) is not None
        for name in ([shown] if shown in authors else shown.split(", "))
    ]
    source, name = "liked_by", None
    if likers:
        (best, most), *others = Counter(map(normalised, likers)).most_common()
        if not others or others[0][1] < most:
            name = min(liker for liker in likers if normalised(liker) == best)
    else:
        source, name = "answers", _answering(comments)
    return {"host_name": name, "host_source": source if name else None}


def _answering(comments: list[Row]) -> str | None:
    """Return the author who comes after by far the most others, if that isn't who opened the thread."""
    names = [normalised(comment["author_name"]) for comment in comments]
    answered: dict[str, set[str]] = {}
    written: dict[str, str] = {}
    for before, author, comment in zip(names, names[1:], comments[1:], strict=False):
        if author != before:
            answered.setdefault(author, set()).add(before)
            written[author] = min(
                written.get(author, comment["author_name"]), comment["author_name"]
            )
    ranked = sorted(answered, key=lambda author: (-len(answered[author]), author))
    if not ranked or ranked[0] == names[0]:
        return None
    most = len(answered[ranked[0]])
    next_best = len(answered[ranked[1]]) if len(ranked) > 1 else 0
    return written[ranked[0]] if most >= _ANSWERED_MIN and most >= _LEAD * next_best else None
