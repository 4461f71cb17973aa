"""Mastodon: a status's context, and lists of statuses. Its relatives (Pleroma, GoToSocial …) answer alike."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import polars as pl

from threadmill.read.rejects import Reject, Unreadable
from threadmill.schema.frames import Comment, Parsed, Thread
from threadmill.sources import html, nested, scalars
from threadmill.sources.contract import Format, Source
from threadmill.sources.counts import count_key
from threadmill.sources.nested import Read, Rejects

FORMAT = "mastodon_statuses_json"
MARKS = (r'"in_reply_to_id"\s*:', r'"account"\s*:\s*\{', r'"content"\s*:\s*"')
_NAMES = re.compile(
    r'<a\b[^>]*\bclass="[^"]*\b(?:mention|hashtag)\b[^"]*"[^>]*>(.*?)</a>', re.DOTALL
)


def recognise(documents: pl.DataFrame) -> pl.Series:
    """Return which documents hold statuses."""
    return nested.match_json(documents["text"], *MARKS)


def parse(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of statuses."""
    return nested.parse(documents, FORMAT, read, COUNT)


def read(text: str) -> Read:
    """Return what contexts or lists hold: a thread for each status that answers none, or whose way up is lost."""
    rejects = Rejects()
    statuses: dict[str, dict[str, Any]] = {}
    asked: dict[str, str | None] = {}
    left_out = 0
    for _, value in nested.load_values(text, 1, rejects):
        own = nested.as_object(value)
        above, below = (nested.as_list(own.get(key)) for key in ("ancestors", "descendants"))
        if below and (named := _read_parent(below[0])):
            # What the first answers is the status that was asked for, which stands below all above.
            asked[named] = scalars.read_id(nested.as_object(above[-1]).get("id")) if above else None
        for status in map(nested.as_object, [*above, *below] if "descendants" in own else [own]):
            own_id = scalars.read_id(status.get("id"))
            if own_id is None:
                rejects.append(Reject("no_id", "a status without an id", None, str(status)[:80]))
            elif status.get("reblog") or own_id in statuses:
                left_out += 2 if status.get("reblog") else 1
            else:
                statuses[own_id] = status
    roots = nested.find_roots(asked | {one: _read_parent(own) for one, own in statuses.items()})
    threads: dict[str, Thread] = {}
    comments: list[Comment] = []
    server = _find_server(statuses.values())
    for own_id, status in statuses.items():
        root = roots[own_id]
        post = statuses.get(root, {})
        post = post if _read_parent(post) is None else {}
        threads.setdefault(root, _build_thread(root, post, server))
        if status is post:
            left_out += 1
            continue
        parent = _read_parent(status)
        parent = None if parent == root and (post or root in asked) else parent
        comments.append(_build_comment(own_id, status, root, parent, len(comments)))
    if not threads and not rejects:
        raise Unreadable("no_thread", "no statuses but boosts")
    return Read([*threads.values()], comments, rejects, left_out)


def _read_parent(status: object) -> str | None:
    return scalars.read_id(nested.as_object(status).get("in_reply_to_id"))


def _find_server(statuses: Iterable[dict[str, Any]]) -> str | None:
    """Return the server that was asked: the one of accounts that need no `@server` behind their names."""
    for status in statuses:
        account = nested.as_object(status.get("account"))
        address = scalars.read_link(account.get("url"))
        if address and "@" not in scalars.clean_text(account.get("acct")):
            return urlsplit(address).hostname
    return None


def _build_thread(root: str, post: dict[str, Any], server: str | None) -> Thread:
    name, _, _ = _read_account(post)
    return Thread(
        native_id=root,
        url=scalars.read_link(post.get("url")),
        published_at=scalars.read_iso(post.get("created_at")),
        host_name=name,
        # Each server has its own ids.
        publication=server,
        is_id_local=True,
        author_scope="publication",
    )


def _build_comment(
    own_id: str, status: dict[str, Any], root: str, parent: str | None, position: int
) -> Comment:
    name, handle, native = _read_account(status)
    body = html.extract_text(_NAMES.sub(r"\1", scalars.clean_text(status.get("content"))))
    warning = scalars.clean_text(status.get("spoiler_text")).strip()
    return Comment(
        native_id=own_id,
        text=f"{warning}\n\n{body}".strip(),
        position=position,
        parent_native_id=parent,
        parent_status="explicit" if parent else "top_level",
        author_name=name,
        author_native_id=native,
        author_handle=handle,
        author_url=scalars.read_link(nested.as_object(status.get("account")).get("url")),
        created_at=scalars.read_iso(status.get("created_at")),
        is_edited=status["edited_at"] is not None if "edited_at" in status else None,
        like_count=scalars.read_integer(status.get("favourites_count")),
        url=scalars.read_link(status.get("url")),
        thread_native_id=root,
    )


def _read_account(status: dict[str, Any]) -> tuple[str | None, str | None, str | None]:
    """Return the name, the handle and the id of who wrote it; the address is the same on all servers."""
    account = nested.as_object(status.get("account"))
    handle = scalars.read_name(account.get("acct")) or scalars.read_name(account.get("username"))
    native = scalars.read_link(account.get("url")) or scalars.read_id(account.get("id"))
    return scalars.read_name(account.get("display_name")) or handle, handle, native


COUNT = count_key("statuses", r'"in_reply_to_id"\s*:')
SOURCE = Source(
    platform="mastodon",
    name="statuses",
    formats=(
        Format(
            FORMAT,
            "a status's context (ancestors and descendants), or a list of statuses",
            "save <server>/api/v1/statuses/<id>/context",
        ),
    ),
    parse=parse,
    recognise=recognise,
    marks=(r"\A\s*[\[{]", *MARKS),
)
