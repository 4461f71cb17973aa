"""Lemmy: lists of comments, whose `path` names all that is above each."""

from typing import Any
from urllib.parse import urlsplit

import polars as pl

from threadmill.read.rejects import Reject, Unreadable
from threadmill.schema.frames import Comment, Parsed, Thread
from threadmill.sources import nested, scalars
from threadmill.sources.contract import Format, Source
from threadmill.sources.counts import count_key
from threadmill.sources.nested import Read, Rejects

FORMAT = "lemmy_comments_json"
MARKS = (r'"path"\s*:\s*"0\.', r'"post_id"\s*:', r'"creator_id"\s*:')


def recognise(documents: pl.DataFrame) -> pl.Series:
    """Return which documents are lists of comments."""
    return nested.match_json(documents["text"], *MARKS)


def parse(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of Lemmy's lists."""
    return nested.parse(documents, FORMAT, read, COUNT)


def read(text: str) -> Read:
    """Return what answers of comment/list hold, pages or items, of one or several posts."""
    rejects = Rejects()
    threads: dict[str | None, Thread] = {}
    comments: list[Comment] = []
    pages = [nested.as_object(page) for _, page in nested.load_values(text, 1, rejects)]
    items = [
        nested.as_object(item)
        for page in pages
        for item in nested.as_list(page.get("comments", page.get("items", [page])))
    ]
    server = _find_server(items)
    for item in items:
        own = nested.as_object(item.get("comment"))
        own_id = scalars.read_id(own.get("id"))
        if own_id is None:
            rejects.append(Reject("no_id", "a comment without an id", None, str(item)[:80]))
            continue
        post = nested.as_object(item.get("post"))
        thread_id = scalars.read_id(own.get("post_id")) or scalars.read_id(post.get("id"))
        threads.setdefault(thread_id, _build_thread(thread_id, post, server))
        comments.append(_build_comment(own_id, own, item, thread_id, len(comments)))
    if not threads and not rejects:
        raise Unreadable("no_thread", "a list without comments")
    return Read([*threads.values()], comments, rejects)


def _find_server(items: list[dict[str, Any]]) -> str | None:
    """Return the server that was asked: where what is `local` has its address."""
    for item in items:
        for own in map(nested.as_object, item.values()):
            address = scalars.read_link(own.get("ap_id") or own.get("actor_id"))
            if own.get("local") is True and address:
                return urlsplit(address).hostname
    return None


def _build_thread(thread_id: str | None, post: dict[str, Any], server: str | None) -> Thread:
    return Thread(
        native_id=thread_id,
        title=scalars.read_name(post.get("name")),
        url=scalars.read_link(post.get("ap_id")),
        published_at=scalars.read_utc(post.get("published")),
        publication=server,
        # Each server has its own ids.
        is_id_local=True,
        author_scope="publication",
    )


def _build_comment(
    own_id: str, own: dict[str, Any], item: dict[str, Any], thread_id: str | None, position: int
) -> Comment:
    above = scalars.clean_text(own.get("path")).split(".")[:-1]
    parent = above[-1] if above and above[-1] != "0" else None
    creator = nested.as_object(item.get("creator"))
    post = nested.as_object(item.get("post"))
    name, writer = scalars.read_name(creator.get("name")), scalars.read_id(own.get("creator_id"))
    starter = scalars.read_id(post.get("creator_id"))
    is_gone = any(scalars.read_truth(own.get(key)) for key in ("deleted", "removed"))
    return Comment(
        native_id=own_id,
        text="" if is_gone else scalars.clean_text(own.get("content")).strip(),
        position=position,
        parent_native_id=parent,
        parent_status="explicit" if parent else "top_level",
        author_name=scalars.read_name(creator.get("display_name")) or name,
        author_native_id=scalars.read_link(creator.get("actor_id")) or writer,
        author_handle=name,
        author_url=scalars.read_link(creator.get("actor_id")),
        created_at=scalars.read_utc(own.get("published") or own.get("published_at")),
        # What was never edited lacks the key.
        is_edited=bool(own.get("updated") or own.get("updated_at")),
        is_deleted=is_gone,
        is_host=writer == starter if writer and starter else None,
        # Since version 1 the comment itself has what `counts` had.
        like_count=scalars.read_integer(nested.as_object(item.get("counts", own)).get("score")),
        url=scalars.read_link(own.get("ap_id")),
        thread_native_id=thread_id,
    )


COUNT = count_key("paths", r'"path"\s*:\s*"0[."]')
SOURCE = Source(
    platform="lemmy",
    name="comments",
    formats=(
        Format(
            FORMAT,
            "comments with the path of ids above each",
            "save <server>/api/v3/comment/list?post_id=<id>&max_depth=8&type_=All",
        ),
    ),
    parse=parse,
    recognise=recognise,
    marks=(r"\A\s*[\[{]", *MARKS),
)
