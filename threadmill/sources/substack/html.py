"""Substack: a saved comments page, by its list of comments and by the data that its script carries."""

import re

import polars as pl
from selectolax.lexbor import LexborHTMLParser, LexborNode

from threadmill.read.rejects import Unreadable
from threadmill.schema.frames import Comment, Parsed, Thread
from threadmill.sources import html, nested, page, scalars
from threadmill.sources.contract import Format, Source
from threadmill.sources.nested import Read
from threadmill.sources.substack import preloads

FORMAT = "substack_comments_html"
HINT = "open <post>/comments, load all that is to be in it, save as HTML only"
GONE = ("Comment deleted", "Comment removed")


def recognise(documents: pl.DataFrame) -> pl.Series:
    """Return which documents are HTML with a list of comments or with preloaded data."""
    return nested.match_all(
        documents["text"], page.HTML, rf"comment-list|{re.escape(preloads.MARK)}"
    )


def parse(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of saved comments pages."""
    return nested.parse(documents, FORMAT, read)


def read(text: str) -> Read:
    """Return what one page holds: its data, which knows times and likes, and what only its list shows."""
    tree = page.parse_tree(text)
    data = preloads.find(tree)
    preloaded = preloads.listed(nested.as_list(data.get("initialComments")))
    shown = _list_shown(tree)
    post = nested.as_object(data.get("post"))
    if not preloaded and not shown and not post:
        raise Unreadable("no_comments", f"a saved page without any comment; {HINT}")
    known = {one.native_id for one in preloaded}
    more = [one for one in shown if one.native_id not in known]
    comments = preloaded + [
        one._replace(position=len(preloaded) + place) for place, one in enumerate(more)
    ]
    post_id = scalars.read_id(post.get("id")) or next(
        (one.thread_native_id for one in preloaded if one.thread_native_id), None
    )
    comments = [one._replace(thread_native_id=post_id) for one in comments]
    canonical = tree.css_first('link[rel="canonical"]')
    address = scalars.read_link(post.get("canonical_url")) or scalars.read_link(
        page.read_attribute(canonical, "href")
    )
    thread = Thread(
        native_id=post_id,
        title=scalars.read_name(post.get("title")),
        url=address.removesuffix("/comments") if address else None,
        published_at=scalars.read_iso(post.get("post_date")),
        host_name=_find_host(post),
        declared_comment_count=scalars.read_integer(post.get("comment_count")),
        shows_likers=False,
    )
    return Read([thread], comments, page.find_cut(text))


def _find_host(post: dict[str, object]) -> str | None:
    bylines = nested.as_list(post.get("publishedBylines"))
    return (
        scalars.read_name(nested.as_object(bylines[0]).get("name")) if len(bylines) == 1 else None
    )


def _list_shown(tree: LexborHTMLParser) -> list[Comment]:
    """Return the comments of the page's list. A reply's parent is the closest comment around it."""
    found: list[Comment] = []
    ids: list[str | None] = []
    for item in page.list_items(tree, _is_comment):
        own_id = _find_id(item.own)
        ids.append(own_id)
        if own_id is not None:
            parent = ids[item.above] if item.above is not None else None
            found.append(_build_comment(item.own, own_id, parent, len(found)))
    return found


def _is_comment(node: LexborNode) -> bool:
    return node.tag == "div" and "comment" in page.list_classes(node)


def _find_id(own: list[LexborNode]) -> str | None:
    ids = (page.read_attribute(node, "id") for node in own)
    return next((one.removeprefix("comment-") for one in ids if one.startswith("comment-")), None)


def _find_profile(own: list[LexborNode]) -> LexborNode | None:
    for node in own:
        address = page.read_attribute(node, "href")
        if node.tag == "a" and ("/@" in address or "/profile/" in address):
            return node
    return None


def _build_comment(
    own: list[LexborNode], own_id: str, parent: str | None, position: int
) -> Comment:
    body = page.find_element(own, "comment-body")
    words = html.extract_node_text(body) if body is not None else ""
    is_deleted = body is None or words in GONE
    author = _find_profile(own)
    named = page.find_element(own, "comment-author", "commenter-name") or author
    address = page.read_attribute(author, "href")
    handle = address.partition("/@")[2].partition("/")[0].partition("?")[0]
    time = page.find_element(own, tag="time")
    dated = time or page.find_element(own, "comment-timestamp", "comment-date")
    profile = address.partition("/profile/")[2].partition("-")[0]
    return Comment(
        native_id=own_id,
        text="" if is_deleted else words,
        position=position,
        parent_native_id=parent,
        parent_status="explicit" if parent else "top_level",
        author_name=page.read_text(named),
        author_native_id=profile if profile.isdigit() else None,
        author_handle=scalars.read_name(handle),
        author_url=scalars.read_link(address),
        created_at=scalars.read_iso(page.read_attribute(time, "datetime")),
        created_text=page.read_text(dated),
        is_deleted=is_deleted,
    )


SOURCE = Source(
    platform="substack",
    name="saved comments page",
    formats=(Format(FORMAT, "a saved comments page", HINT),),
    parse=parse,
    recognise=recognise,
    marks=(page.HTML, r"comment-list|window\._preloads", r"(?i)substack"),
)
