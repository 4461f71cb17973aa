"""Substack's own objects: comments as its API gives them, and the data that its pages carry."""

import re
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from threadmill.read.rejects import Unreadable
from threadmill.schema.frames import Comment
from threadmill.sources import nested, scalars

HIDDEN = ("deleted", "removed", "banned")
MARK = "window._preloads"
_PARSED = re.compile(r"window\._preloads\s*=\s*JSON\.parse\(\s*(\"(?:[^\"\\]|\\.)*\")", re.DOTALL)
"""One JavaScript string: code, not HTML; the page around it is parsed."""


def find(tree: LexborHTMLParser) -> dict[str, Any]:
    """Return the preloaded data of a page; empty if it has none that can be read."""
    for script in tree.css("script"):
        code = script.text() or ""
        if MARK not in code or not (found := _PARSED.search(code)):
            continue
        try:
            return nested.as_object(
                nested.parse_json(scalars.clean_text(nested.parse_json(found[1])))
            )
        except Unreadable:
            continue
    return {}


def listed(items: list[Any]) -> list[Comment]:
    """Return the comments of the API's objects in pre-order. Nesting and `ancestor_path` say the parent."""
    found: list[Comment] = []
    stack: list[tuple[Any, str | None]] = [(item, None) for item in reversed(items)]
    while stack:
        item, above = stack.pop()
        own = nested.as_object(item)
        own_id = scalars.read_id(own.get("id"))
        if own_id is None:
            continue
        children = nested.as_list(own.get("children"))
        found.append(_comment(own, own_id, above, len(children), len(found)))
        stack += [(child, own_id) for child in reversed(children)]
    return found


def _comment(
    own: dict[str, Any], own_id: str, above: str | None, shown: int, position: int
) -> Comment:
    path = scalars.clean_text(own.get("ancestor_path")).split(".")
    parent = above or path[-1] or None
    status = scalars.clean_text(own.get("status"))
    body = scalars.clean_text(own.get("body")).strip()
    is_deleted = (
        own.get("deleted") is True or status in HIDDEN or (not body and not own.get("name"))
    )
    handle = scalars.read_name(own.get("handle"))
    children = scalars.read_integer(own.get("children_count"))
    reactions = nested.as_object(own.get("reactions"))
    hearts = [count for count in map(scalars.read_integer, reactions.values()) if count is not None]
    likes = scalars.read_integer(own.get("reaction_count"))
    return Comment(
        native_id=own_id,
        text="" if is_deleted else body,
        position=position,
        parent_native_id=parent,
        parent_status="explicit" if parent else "top_level",
        author_name=scalars.read_name(own.get("name")),
        author_native_id=scalars.read_id(own.get("user_id")),
        author_handle=handle,
        author_url=f"https://substack.com/@{handle}" if handle else None,
        created_at=scalars.read_iso(own.get("date")),
        is_edited=own.get("edited_at") is not None,
        is_deleted=is_deleted,
        is_host=_is_host(nested.as_object(own.get("metadata"))),
        like_count=likes
        if likes is not None or not hearts
        else min(sum(hearts), scalars.INT64_MAX),
        hidden_reply_count=None if children is None else max(0, children - shown),
        thread_native_id=scalars.read_id(own.get("post_id")),
    )


def _is_host(metadata: dict[str, Any]) -> bool | None:
    return scalars.read_truth(metadata.get("is_author"))
