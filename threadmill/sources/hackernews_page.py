"""Hacker News: a saved item page. Its rows tell by their indentation what they answer."""

import re
from typing import NamedTuple

import polars as pl
from selectolax.lexbor import LexborHTMLParser, LexborNode

from threadmill.read.rejects import Reject, Unreadable
from threadmill.schema.frames import Comment, Parsed, Thread
from threadmill.sources import html, nested, page, scalars
from threadmill.sources.contract import Format, Source
from threadmill.sources.counts import count_key
from threadmill.sources.nested import Read, Rejects
from threadmill.sources.page import Item

FORMAT = "hackernews_item_html"
SITE = "https://news.ycombinator.com"
HINT = "open the item, save as HTML only; a long thread has several pages"
ROWS = r"<tr\b[^<>]{0,200}\bclass=[\"']?athing\b"
MARKS = (page.HTML, ROWS, r"\b(?:comtr|fatitem)\b")
LEVEL_PIXELS = 40
"""The width of a level, where a row doesn't tell its number."""
_ITEM = re.compile(r"item\?id=(\d+)")
_ANCHOR = re.compile(r"(?:#|item\?id=)(\d+)\Z")


def recognise(documents: pl.DataFrame) -> pl.Series:
    """Return which documents are item pages."""
    return nested.match_all(documents["text"], *MARKS)


def parse(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of saved item pages."""
    return nested.parse(documents, FORMAT, read, COUNT)


class _Story(NamedTuple):
    """The item above the comments: a story, or a comment whose page it is."""

    thread: Thread
    comment: Comment | None
    row_count: int
    """How many rows stand for it that are no comment: the story's own."""


def read(text: str) -> Read:
    """Return what one page holds. The text of a story is the article."""
    tree = page.parse_tree(text)
    # The innermost first: what stands in another is gone with it.
    for button in reversed(tree.css("div.reply")):
        button.decompose()
    rejects = Rejects(*page.find_cut(text))
    story = _read_story(tree)
    top = story.comment.native_id if story.comment else None
    comments = [story.comment] if story.comment else []
    above: list[str | None] = []
    for item in page.list_items(tree, _is_row):
        own_id = scalars.read_id(page.read_attribute(item.node, "id"))
        depth = _read_depth(item)
        if own_id is None:
            rejects.append(Reject("no_id", "a comment's row without an id", None, item.node.text()))
            continue
        parent = _find_parent(item, above, depth, top)
        del above[depth:]
        above += [None] * (depth - len(above)) + [own_id]
        comments.append(
            _build_comment(item.own, own_id)._replace(
                position=len(comments),
                parent_native_id=parent,
                parent_status="explicit" if parent else None if depth else "top_level",
            )
        )
    if not comments and story.thread.native_id is None:
        raise Unreadable("no_comments", f"an item page without any comment; {HINT}")
    thread_id = story.thread.native_id
    return Read(
        [story.thread],
        [one._replace(thread_native_id=thread_id) for one in comments],
        rejects,
        story.row_count,
    )


def _is_row(node: LexborNode) -> bool:
    return node.tag == "tr" and "comtr" in page.list_classes(node)


def _read_depth(item: Item) -> int:
    """Return the level of a row: its number, or how far its picture pushes it."""
    cell = page.find_element(item.own, "ind")
    indent = scalars.read_integer(page.read_attribute(cell, "indent"))
    if indent is None:
        width = page.read_attribute(cell.css_first("img") if cell is not None else None, "width")
        indent = (scalars.read_integer(width) or 0) // LEVEL_PIXELS
    return min(max(0, indent), html.DEPTH_MAX)


def _find_parent(item: Item, above: list[str | None], depth: int, top: str | None) -> str | None:
    """Return what a row answers: the row above it one level up, or what its link "parent" leads to."""
    if depth == 0:
        return top
    if depth <= len(above) and above[depth - 1]:
        return above[depth - 1]
    for node in item.own:
        if node.tag == "a" and page.read_text(node) == "parent":
            found = _ANCHOR.search(page.read_attribute(node, "href"))
            return found[1] if found else None
    return None


def _build_comment(own: list[LexborNode], own_id: str) -> Comment:
    body = page.find_element(own, "commtext")
    author = page.read_text(page.find_element(own, "hnuser"))
    age = page.find_element(own, "age")
    instant, _, seconds = page.read_attribute(age, "title").partition(" ")
    at = scalars.read_epoch(seconds) or scalars.read_utc(instant)
    words = html.extract_node_text(body) if body is not None else ""
    return Comment(
        native_id=own_id,
        text=words,
        author_name=author,
        author_native_id=author,
        author_handle=author,
        author_url=f"{SITE}/user?id={author}" if author else None,
        created_at=at,
        created_text=None if at else page.read_text(age),
        is_deleted=not words,
        url=f"{SITE}/item?id={own_id}",
    )


def _read_story(tree: LexborHTMLParser) -> _Story:
    """Return the thread of a page, and the comment that stands above the others if it is a comment's page."""
    head = tree.css_first("table.fatitem")
    own = head.css("*") if head is not None else []
    row = page.find_element(own, "athing")
    own_id = scalars.read_id(page.read_attribute(row, "id"))
    title = page.find_element(own, "titleline", "storylink")
    if title is None and page.find_element(own, "commtext") is not None and own_id:
        return _read_top_comment(own, own_id)
    age = page.find_element(own, "age")
    count = next(filter(None, (_COUNT.search(one.text()) for one in own if one.tag == "a")), None)
    link = title.css_first("a") if title is not None else None
    return _Story(
        Thread(
            native_id=own_id,
            title=page.read_text(link if link is not None else title),
            url=f"{SITE}/item?id={own_id}" if own_id else None,
            published_at=scalars.read_utc(page.read_attribute(age, "title").partition(" ")[0]),
            host_name=page.read_text(page.find_element(own, "hnuser")),
            publication="news.ycombinator.com",
            declared_comment_count=int(count[1]) if count else None,
        ),
        None,
        int(row is not None),
    )


_COUNT = re.compile(r"\A\s*(\d{1,9})\s+comments?\s*\Z")


def _read_top_comment(own: list[LexborNode], own_id: str) -> _Story:
    """Return the comment whose page it is; its links name its story and what it answers."""
    onstory = page.find_element(own, "onstory")
    link = onstory.css_first("a") if onstory is not None else None
    story = _ITEM.search(page.read_attribute(link, "href"))
    story_id = story[1] if story else None
    named = next((one for one in own if one.tag == "a" and one.text().strip() == "parent"), None)
    answered = _ITEM.search(page.read_attribute(named, "href"))
    parent = answered[1] if answered and answered[1] != story_id else None
    comment = _build_comment(own, own_id)._replace(
        position=0,
        parent_native_id=parent,
        parent_status="explicit" if parent else "top_level",
    )
    thread = Thread(
        native_id=story_id,
        title=page.read_text(link),
        url=f"{SITE}/item?id={story_id}" if story_id else None,
        publication="news.ycombinator.com",
    )
    return _Story(thread, comment, 0)


COUNT = count_key("rows of class athing", ROWS)
SOURCE = Source(
    platform="hackernews",
    name="saved item page",
    formats=(Format(FORMAT, "a saved item page", HINT),),
    parse=parse,
    recognise=recognise,
    marks=MARKS,
)
