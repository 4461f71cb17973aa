"""Substack: a saved comments page, by its list of comments and by the data that its script carries."""

import re

import polars as pl
from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

from threadmill.read.rejects import Unreadable
from threadmill.schema.frames import Comment, Parsed, Thread
from threadmill.sources import html, nested
from threadmill.sources.contract import Format, Source
from threadmill.sources.nested import Read
from threadmill.sources.substack import preloads

FORMAT = "substack_comments_html"
HINT = "open <post>/comments, load all that is to be in it, save as HTML only"
GONE = ("Comment deleted", "Comment removed")
HTML = r"(?i)\A\s*(?:<!--[^>]*-->\s*)*<(?:!doctype|html|head|body|div|script)"


def recognise(documents: pl.DataFrame) -> pl.Series:
    """Return which documents are HTML with a list of comments or with preloaded data."""
    return nested.match_all(documents["text"], HTML, rf"comment-list|{re.escape(preloads.MARK)}")


def parse(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of saved comments pages."""
    return nested.parse(documents, FORMAT, read)


def read(text: str) -> Read:
    """Return what one page holds: its data, which knows times and likes, and what only its list shows."""
    if html.is_bomb(text):
        raise Unreadable("nested_too_deep", "a page that would be too large or too deep as a tree")
    tree = LexborHTMLParser(text, options=LexborDocumentOptions.WO_EVENTS)
    data = preloads.find(tree)
    preloaded = preloads.listed(nested.as_list(data.get("initialComments")))
    shown = _shown(tree)
    post = nested.as_object(data.get("post"))
    if not preloaded and not shown and not post:
        raise Unreadable("no_comments", f"a saved page without any comment; {HINT}")
    known = {one.native_id for one in preloaded}
    more = [one for one in shown if one.native_id not in known]
    comments = preloaded + [
        one._replace(position=len(preloaded) + place) for place, one in enumerate(more)
    ]
    post_id = nested.read_id(post.get("id")) or next(
        (one.thread_native_id for one in preloaded if one.thread_native_id), None
    )
    comments = [one._replace(thread_native_id=post_id) for one in comments]
    canonical = tree.css_first('link[rel="canonical"]')
    address = nested.read_link(post.get("canonical_url")) or nested.read_link(
        _attribute(canonical, "href")
    )
    thread = Thread(
        native_id=post_id,
        title=nested.read_name(post.get("title")),
        url=address.removesuffix("/comments") if address else None,
        published_at=nested.read_iso(post.get("post_date")),
        host_name=_host(post),
        declared_comment_count=nested.read_integer(post.get("comment_count")),
        shows_likers=False,
    )
    return Read([thread], comments)


def _host(post: dict[str, object]) -> str | None:
    bylines = nested.as_list(post.get("publishedBylines"))
    return nested.read_name(nested.as_object(bylines[0]).get("name")) if len(bylines) == 1 else None


def _shown(tree: LexborHTMLParser) -> list[Comment]:
    """Return the comments of the page's list. A reply's parent is the closest comment around it."""
    found: list[Comment] = []
    ids: dict[int, str | None] = {}
    for node in tree.css("div.comment"):
        own = _own(node)
        own_id = _own_id(own)
        ids[node.mem_id] = own_id
        if own_id is None:
            continue
        above = node.parent
        while above is not None and above.mem_id not in ids:
            above = above.parent
        parent = ids[above.mem_id] if above is not None else None
        found.append(_comment(own, own_id, parent, len(found)))
    return found


def _own(node: LexborNode) -> list[LexborNode]:
    """Return the elements below `node` that aren't in its replies, in order."""
    found: list[LexborNode] = []
    stack = list(node.iter())[::-1]
    while stack:
        child = stack.pop()
        if not _classes(child) & {"comment-list", "comment"}:
            found.append(child)
            stack += list(child.iter())[::-1]
    return found


def _first(
    own: list[LexborNode], *classes: str, tag: str = "", href: str = ""
) -> LexborNode | None:
    """Return the first of `own` with one of `classes`, or of that tag or with such an address."""
    for node in own:
        if _classes(node).intersection(classes) or (tag and node.tag == tag):
            return node
        if (
            href
            and node.tag == "a"
            and any(one in _attribute(node, "href") for one in href.split())
        ):
            return node
    return None


def _own_id(own: list[LexborNode]) -> str | None:
    ids = (_attribute(node, "id") for node in own)
    return next((one.removeprefix("comment-") for one in ids if one.startswith("comment-")), None)


def _comment(own: list[LexborNode], own_id: str, parent: str | None, position: int) -> Comment:
    body = _first(own, "comment-body")
    words = html.extract_node_text(body) if body is not None else ""
    is_deleted = body is None or words in GONE
    author = _first(own, href="/@ /profile/")
    named = _first(own, "comment-author", "commenter-name") or author
    address = _attribute(author, "href")
    handle = address.partition("/@")[2].partition("/")[0].partition("?")[0]
    time = _first(own, tag="time")
    dated = time or _first(own, "comment-timestamp", "comment-date")
    profile = address.partition("/profile/")[2].partition("-")[0]
    return Comment(
        native_id=own_id,
        text="" if is_deleted else words,
        position=position,
        parent_native_id=parent,
        parent_status="explicit" if parent else "top_level",
        author_name=nested.read_name(named.text() if named is not None else None),
        author_native_id=profile if profile.isdigit() else None,
        author_handle=nested.read_name(handle),
        author_url=nested.read_link(address),
        created_at=nested.read_iso(_attribute(time, "datetime")),
        created_text=nested.read_name(dated.text() if dated is not None else None),
        is_deleted=is_deleted,
    )


def _classes(node: LexborNode) -> set[str]:
    return set(_attribute(node, "class").split())


def _attribute(node: LexborNode | None, attribute: str) -> str:
    return nested.clean_text((node.attributes or {}).get(attribute)) if node is not None else ""


SOURCE = Source(
    platform="substack",
    name="saved comments page",
    formats=(Format(FORMAT, "a saved comments page", HINT),),
    parse=parse,
    recognise=recognise,
    marks=(HTML, r"comment-list|window\._preloads", r"(?i)substack"),
)
