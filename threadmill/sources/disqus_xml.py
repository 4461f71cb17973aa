"""Disqus: the XML export of a forum, its threads and posts. Addresses and mails stay behind."""

import polars as pl
from lxml import etree

from threadmill.sources import html, nested, xml
from threadmill.sources.contract import Parsed
from threadmill.sources.nested import Comment, Fault, Faults, Read, Thread

FORMAT = "disqus_xml"
MEANING = "the XML of a whole site"
HINT = "Disqus admin: Community, Export"


def claims(documents: pl.DataFrame) -> pl.Series:
    """Return which documents are Disqus exports."""
    is_own = pl.col("text").str.slice(0, 4096).str.contains(r"<disqus[\s>]")
    return documents.select(is_own).to_series()


def parse(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of exports; threads without comments are left out."""
    return nested.parse(documents, FORMAT, read)


def read(text: str) -> Read:
    """Return what one export holds. Spam is left out."""
    faults = Faults()
    threads: dict[str, Thread] = {}
    comments: list[Comment] = []
    for element in xml.elements(text, frozenset(("thread", "post")), faults):
        own_id = xml.attribute(element, "id")
        if xml.local(str(element.tag)) == "thread":
            if own_id:
                threads.setdefault(own_id, _thread(element, own_id))
        elif own_id is None:
            faults.append(Fault(_line(element), "no_id", "a post without dsq:id"))
        elif xml.said(element, "isSpam") != "true":
            comments.append(_comment(element, own_id, len(comments)))
    used = dict.fromkeys(one.thread_native_id for one in comments)
    xml.require(threads, comments, faults)
    kept = [threads.get(own_id or "", Thread(native_id=own_id)) for own_id in used]
    return Read(kept, comments, faults)


def _thread(element: etree._Element, own_id: str) -> Thread:
    author = xml.child(element, "author")
    return Thread(
        native_id=own_id,
        title=nested.name(xml.said(element, "title")),
        url=nested.link(xml.said(element, "link")),
        published_at=nested.utc(xml.said(element, "createdAt")),
        host_name=nested.name(xml.said(author, "name")),
    )


def _comment(element: etree._Element, own_id: str, position: int) -> Comment:
    author = xml.child(element, "author")
    parent = xml.attribute(xml.child(element, "parent"), "id")
    handle = nested.name(xml.said(author, "username"))
    is_deleted = xml.said(element, "isDeleted") == "true"
    return Comment(
        native_id=own_id,
        text="" if is_deleted else html.text(xml.said(element, "message")),
        position=position,
        parent_native_id=parent,
        parent_status="explicit" if parent else "top_level",
        author_name=nested.name(xml.said(author, "name")) or handle,
        author_native_id=handle,
        author_handle=handle,
        created_at=nested.utc(xml.said(element, "createdAt")),
        is_deleted=is_deleted,
        thread_native_id=xml.attribute(xml.child(element, "thread"), "id"),
        line=_line(element),
    )


def _line(element: etree._Element) -> int | None:
    return nested.integer(element.sourceline)
