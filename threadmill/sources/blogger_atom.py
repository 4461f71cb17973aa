"""Blogger: the Atom export of a blog, as its settings and as Google Takeout give it. Mails stay behind."""

import re

import polars as pl
from lxml import etree

from threadmill.read.rejects import Reject
from threadmill.schema.frames import Comment, Parsed, Thread
from threadmill.sources import html, nested, scalars, xml
from threadmill.sources.contract import Format, Source
from threadmill.sources.counts import count_key
from threadmill.sources.nested import Read, Rejects

FORMAT = "blogger_atom"
NOBODY = "Anonymous"
KIND = "kind#"
MARKS = (r"<feed[\s>]", r"schemas\.google\.com/blogger/20(?:08|18)")
_ID = re.compile(r"(?:post|page|comment)-([\w-]+)\Z")
_RELATED = re.compile(r"/comments/default/([\w-]+)\Z")


def recognise(documents: pl.DataFrame) -> pl.Series:
    """Return which documents are exports of blogs."""
    return nested.match_all(documents["text"], *MARKS)


def parse(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of exports; posts without comments are left out."""
    return nested.parse(documents, FORMAT, read, COUNT)


def read(text: str) -> Read:
    """Return what one export holds. Comments that wait for approval or are spam are left out."""
    rejects = Rejects()
    posts: dict[str, Thread] = {}
    comments: list[Comment] = []
    left_out = 0
    for entry in xml.iterate_elements(text, frozenset(("entry",)), rejects):
        kind, own_id = _read_kind(entry), _cut_id(xml.read_child(entry, "id"))
        if kind in ("post", "page") and own_id:
            posts[own_id] = _build_thread(entry, own_id)
        elif kind == "comment" and own_id is None:
            reason = "a comment without an id"
            rejects.append(Reject("no_id", reason, scalars.read_integer(entry.sourceline)))
        elif kind == "comment" and _is_kept(entry):
            comments.append(_build_comment(entry, own_id or "", len(comments)))
        elif kind == "comment":
            left_out += 1
    xml.require_content(posts, comments, rejects)
    used = dict.fromkeys(one.thread_native_id for one in comments)
    kept = [posts.get(one or "", Thread(native_id=one)) for one in used]
    return Read(kept or [*posts.values()], comments, rejects, left_out)


def _read_kind(entry: etree._Element) -> str:
    """Return what an entry is: `post`, `page`, `comment`, or a setting of the blog."""
    told = xml.read_child(entry, "type").lower()
    terms = (str(one.get("term")) for one in entry if _is_named(one, "category"))
    found = told or next((one.partition(KIND)[2] for one in terms if KIND in one), "")
    # A blog's feed of comments names no kinds.
    return found or ("comment" if xml.find_child(entry, "in-reply-to") is not None else "")


def _is_named(element: etree._Element, name: str) -> bool:
    return isinstance(element.tag, str) and xml.strip_namespace(element.tag) == name


def _cut_id(written: str) -> str | None:
    """Return the number at the end of an entry's tag; all of it where it has none."""
    found = _ID.search(written)
    return found[1] if found else scalars.read_name(written)


def _is_kept(entry: etree._Element) -> bool:
    return xml.read_child(entry, "status").upper() in ("", "LIVE", "EMPTIED")


def _find_link(entry: etree._Element, rel: str) -> str | None:
    links = (one for one in entry if _is_named(one, "link") and one.get("rel") == rel)
    return next((scalars.read_link(one.get("href")) for one in links), None)


def _build_thread(entry: etree._Element, own_id: str) -> Thread:
    return Thread(
        native_id=own_id,
        title=scalars.read_name(xml.read_child(entry, "title")),
        url=_find_link(entry, "alternate"),
        published_at=scalars.read_iso(xml.read_child(entry, "published")),
        host_name=scalars.read_name(xml.read_child(xml.find_child(entry, "author"), "name")),
        declared_comment_count=scalars.read_integer(xml.read_child(entry, "total")),
    )


def _build_comment(entry: etree._Element, own_id: str, position: int) -> Comment:
    post = xml.read_attribute(xml.find_child(entry, "in-reply-to"), "ref")
    related = _RELATED.search(_find_link(entry, "related") or "")
    parent = related[1] if related else _cut_id(xml.read_child(entry, "inReplyTo"))
    author = xml.find_child(entry, "author")
    name = scalars.read_name(xml.read_child(author, "name"))
    address = scalars.read_link(xml.read_child(author, "uri"))
    is_nobody = xml.read_child(author, "type") == "ANONYMOUS" or name == NOBODY
    is_deleted = _is_deleted(entry)
    return Comment(
        native_id=own_id,
        text="" if is_deleted else html.extract_text(xml.read_child(entry, "content")),
        position=position,
        parent_native_id=parent,
        parent_status="explicit" if parent else "top_level",
        author_name=None if is_nobody and not address else name,
        author_native_id=_cut_profile(address),
        author_url=address,
        created_at=scalars.read_iso(xml.read_child(entry, "published")),
        is_deleted=is_deleted,
        url=_find_link(entry, "alternate"),
        thread_native_id=_cut_id(post or xml.read_child(entry, "parent")),
        line=scalars.read_integer(entry.sourceline),
    )


def _cut_profile(address: str | None) -> str | None:
    """Return the number of a profile of Blogger; an address of one's own is no id."""
    before, mark, number = (address or "").partition("blogger.com/profile/")
    return scalars.read_id(number) if mark and before.startswith("http") else None


def _is_deleted(entry: etree._Element) -> bool:
    is_removed = any(
        one.get("name") == "blogger.contentRemoved" and one.get("value") == "true"
        for one in entry
        if _is_named(one, "extendedProperty")
    )
    is_gone = xml.read_child(entry, "trashed") or xml.read_child(entry, "status") == "EMPTIED"
    return is_removed or bool(is_gone)


COUNT = count_key("entries of comments", r"blogger/2008/kind#comment|<blogger:type>\s*COMMENT\s*</")
SOURCE = Source(
    platform="blogger",
    name="Atom export",
    formats=(
        Format(
            FORMAT,
            "the Atom feed of a whole blog, or of its comments",
            "Blogger: Settings, Back up content; feed.atom of Google Takeout",
        ),
    ),
    parse=parse,
    recognise=recognise,
    marks=MARKS,
)
