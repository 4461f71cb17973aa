"""WordPress: the WXR export of a site, its posts and their comments. Addresses and mails stay behind."""

import polars as pl
from lxml import etree

from threadmill.sources import html, nested, xml
from threadmill.sources.contract import Parsed
from threadmill.sources.nested import Comment, Fault, Faults, Read, Thread

FORMAT = "wordpress_wxr"
MEANING = "WXR, the XML of a whole site"
HINT = "WordPress admin: Tools, Export, All content"
PINGS = ("pingback", "trackback")
APPROVED = ("1", "approved", "approve")
GONE = ("trash", "post-trashed")


def claims(documents: pl.DataFrame) -> pl.Series:
    """Return which documents are WXR."""
    head = pl.col("text").str.slice(0, 16_384)
    is_own = head.str.contains(r"<rss[\s>]") & head.str.contains(
        "wordpress.org/export", literal=True
    )
    return documents.select(is_own).to_series()


def parse(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of exports; posts without comments are left out."""
    return nested.parse(documents, FORMAT, read)


def read(text: str) -> Read:
    """Return what one export holds. Pings and comments that wait or are spam are left out."""
    faults = Faults()
    threads: list[Thread] = []
    comments: list[Comment] = []
    for element in xml.elements(text, frozenset(("item",)), faults):
        own_id = nested.name(xml.said(element, "post_id"))
        found = [
            one
            for entry in element
            if isinstance(entry.tag, str) and xml.local(entry.tag) == "comment"
            if (one := _comment(entry, own_id, len(comments), faults)) is not None
        ]
        if found:
            threads.append(_thread(element, own_id))
            comments += [
                one._replace(position=len(comments) + place) for place, one in enumerate(found)
            ]
    if not faults and not threads:
        xml.require(threads, comments, faults)
    return Read(_once(threads), comments, faults)


def _once(threads: list[Thread]) -> list[Thread]:
    return list({thread.native_id: thread for thread in reversed(threads)}.values())[::-1]


def _thread(element: etree._Element, own_id: str | None) -> Thread:
    return Thread(
        native_id=own_id,
        title=nested.name(xml.said(element, "title")),
        url=nested.link(xml.said(element, "link")),
        published_at=nested.utc(xml.said(element, "post_date_gmt")),
        host_name=nested.name(xml.said(element, "creator")),
        is_id_local=True,
    )


def _comment(
    entry: etree._Element, thread_id: str | None, position: int, faults: Faults
) -> Comment | None:
    own_id = nested.name(xml.said(entry, "comment_id"))
    line = nested.integer(entry.sourceline)
    if own_id is None:
        faults.append(Fault(line, "no_id", "a comment without comment_id"))
        return None
    state = xml.said(entry, "comment_approved")
    if xml.said(entry, "comment_type") in PINGS or state not in (*APPROVED, *GONE):
        return None
    parent = nested.name(xml.said(entry, "comment_parent"))
    parent = None if parent == "0" else parent
    user = nested.name(xml.said(entry, "comment_user_id"))
    is_deleted = state in GONE
    return Comment(
        native_id=own_id,
        text="" if is_deleted else html.text(_paragraphs(xml.said(entry, "comment_content"))),
        position=position,
        parent_native_id=parent,
        parent_status="explicit" if parent else "top_level",
        author_name=nested.name(xml.said(entry, "comment_author")),
        author_native_id=None if user in (None, "0") else user,
        author_url=nested.link(xml.said(entry, "comment_author_url")),
        created_at=nested.utc(xml.said(entry, "comment_date_gmt")),
        is_deleted=is_deleted,
        thread_native_id=thread_id,
        line=line,
    )


def _paragraphs(content: str) -> str:
    """Return `content` with its line ends as HTML, which WordPress makes when it shows it."""
    return content.replace("\n", "<br>") if "<" in content or "&" in content else content
