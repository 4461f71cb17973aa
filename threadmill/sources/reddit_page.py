"""Reddit: a saved page of a thread as old.reddit.com shows it. Comments stand inside what they answer."""

import re

import polars as pl

from threadmill.read.rejects import Reject, Unreadable
from threadmill.schema.frames import Comment, Parsed, Thread
from threadmill.sources import html, nested, page, scalars
from threadmill.sources.contract import Format, Source
from threadmill.sources.counts import count_key
from threadmill.sources.nested import Read, Rejects
from threadmill.sources.page import Item

FORMAT = "reddit_thread_html"
GONE = ("[deleted]", "[removed]")
SITE = "https://www.reddit.com"
HINT = "open the thread on old.reddit.com, load all that is to be in it, save as HTML only"
THINGS = r"""\bclass=["'] *thing\b[^"'<>]{0,200}\bcomment\b"""
_HIDDEN = re.compile(r"\(\s*(\d{1,9})")
_LAST_ID = re.compile(r"(?:#|/)([0-9a-z]+)/?\Z")
_PERMALINK = re.compile(r"/comments/([0-9a-z]+)(?:/[^/]*/([0-9a-z]+))?")


def recognise(documents: pl.DataFrame) -> pl.Series:
    """Return which documents are pages of comments."""
    return nested.match_all(documents["text"], page.HTML, THINGS)


def parse(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of saved pages."""
    return nested.parse(documents, FORMAT, read, COUNT)


def read(text: str) -> Read:
    """Return what one page holds: a thread for its post, and for each that its comments name."""
    tree = page.parse_tree(text)
    rejects = Rejects(*page.find_cut(text))
    items = page.list_items(tree, lambda node: "thing" in page.list_classes(node))
    post = next((one for one in items if "link" in page.list_classes(one.node)), None)
    thread = _build_thread(post)
    canonical = tree.css_first('link[rel="canonical"]')
    named = _PERMALINK.search(page.read_attribute(canonical, "href"))
    is_listing = tree.body is not None and "profile-page" in page.list_classes(tree.body)
    comments: list[Comment] = []
    ids: list[str | None] = []
    hidden = 0
    for item in items:
        classes = page.list_classes(item.node)
        own_id = _read_id(item) if "comment" in classes else None
        ids.append(own_id)
        if "morechildren" in classes or "morerecursion" in classes:
            hidden += _count_hidden(item)
        elif own_id:
            above = ids[item.above] if item.above is not None else _find_parent(item)
            comment = _build_comment(item, own_id, above, len(comments))
            # What a person's page lists stands outside of its thread.
            lost = is_listing and above is None
            comments.append(comment._replace(parent_status=None) if lost else comment)
        elif "comment" in classes:
            rejects.append(Reject("no_id", "a comment that shows no id", None, item.node.text()))
    if not comments and not rejects:
        raise Unreadable("no_comments", f"a page without any comment; {HINT}")
    own = thread.native_id or (named[1] if named else None)
    own = own or next((one.thread_native_id for one in comments if one.thread_native_id), None)
    thread = thread._replace(native_id=own, hidden_comment_count=hidden)
    others = dict.fromkeys(one.thread_native_id or own for one in comments) | {own: None}
    return Read(
        [thread if one == own else Thread(native_id=one) for one in others],
        [one._replace(thread_native_id=one.thread_native_id or own) for one in comments],
        rejects,
    )


def _build_thread(post: Item | None) -> Thread:
    """Return the thread of a post; an empty one leaves what isn't known null."""
    if post is None:
        return Thread()
    permalink = page.read_attribute(post.node, "data-permalink")
    stamp = scalars.read_integer(page.read_attribute(post.node, "data-timestamp"))
    time = page.find_element(post.own, tag="time")
    title = next(
        (one for one in post.own if one.tag == "a" and "title" in page.list_classes(one)), None
    )
    return Thread(
        native_id=page.read_attribute(post.node, "data-fullname").removeprefix("t3_") or None,
        title=page.read_text(title),
        url=SITE + permalink if permalink.startswith("/") else None,
        published_at=scalars.read_epoch(stamp / 1000 if stamp else None)
        or scalars.read_iso(page.read_attribute(time, "datetime")),
        host_name=_read_author(post),
        publication=scalars.read_name(page.read_attribute(post.node, "data-subreddit-prefixed")),
        declared_comment_count=scalars.read_integer(
            page.read_attribute(post.node, "data-comments-count")
        ),
    )


def _build_comment(item: Item, own_id: str, above: str | None, position: int) -> Comment:
    body = page.find_element(item.own, "usertext-body")
    words = html.extract_node_text(body) if body is not None else ""
    is_deleted = "deleted" in page.list_classes(item.node) or words in ("", *GONE)
    author = _read_author(item)
    permalink = page.read_attribute(item.node, "data-permalink")
    named = _PERMALINK.search(permalink)
    time = page.find_element(item.own, tag="time")
    at = scalars.read_iso(page.read_attribute(time, "datetime"))
    edited = page.find_element(item.own, "edited-timestamp")
    return Comment(
        native_id=own_id,
        text="" if is_deleted else words,
        position=position,
        parent_native_id=above,
        parent_status="explicit" if above else "top_level",
        author_name=author,
        author_native_id=author,
        author_handle=author,
        author_url=f"{SITE}/user/{author}" if author else None,
        created_at=at,
        created_text=None if at else page.read_text(time),
        is_edited=edited is not None,
        is_deleted=is_deleted,
        is_host=_is_host(item),
        like_count=_read_score(item),
        url=SITE + permalink if permalink.startswith("/") else None,
        thread_native_id=named[1] if named else None,
    )


def _find_parent(item: Item) -> str | None:
    """Return what a comment answers by its link "parent", where the page begins within a thread."""
    for node in item.own:
        if node.tag == "a" and (
            page.read_attribute(node, "data-event-action") == "parent"
            or page.read_text(node) == "parent"
        ):
            found = _LAST_ID.search(page.read_attribute(node, "href"))
            return found[1] if found else None
    return None


def _read_id(item: Item) -> str | None:
    """Return the id of a comment; of a deleted one only its anchor may tell it."""
    for given in (
        page.read_attribute(item.node, "data-fullname").removeprefix("t1_"),
        page.read_attribute(item.node, "id").removeprefix("thing_t1_"),
        *(page.read_attribute(one, "name") for one in item.own[:2] if one.tag == "a"),
    ):
        if given:
            return scalars.read_id(given)
    return None


def _read_author(item: Item) -> str | None:
    link = page.find_element(item.own, "author")
    name = scalars.read_name(page.read_attribute(item.node, "data-author")) or page.read_text(link)
    return None if name in GONE else name


def _is_host(item: Item) -> bool | None:
    """Return whether the author's link is marked as the submitter's; null where no author is shown."""
    link = page.find_element(item.own, "author")
    return None if link is None else "submitter" in page.list_classes(link)


def _read_score(item: Item) -> int | None:
    """Return the score as the page shows it to one who hasn't voted; null where it is hidden."""
    score = next((one for one in item.own if {"score", "unvoted"} <= page.list_classes(one)), None)
    if score is None:
        return None
    shown = (page.read_text(score) or "").partition(" ")[0]
    return scalars.read_integer(page.read_attribute(score, "title") or shown)


def _count_hidden(item: Item) -> int:
    shown = _HIDDEN.search(item.node.text())
    return int(shown[1]) if shown else 0


COUNT = count_key("elements of class thing comment", THINGS)
SOURCE = Source(
    platform="reddit",
    name="saved page",
    formats=(Format(FORMAT, "a saved page of a thread, as old.reddit.com shows it", HINT),),
    parse=parse,
    recognise=recognise,
    marks=(page.HTML, THINGS, r"""data-fullname=["']?t1_|\bthing_t1_"""),
)
