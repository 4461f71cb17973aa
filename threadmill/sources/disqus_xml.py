"""Disqus: the XML export of a forum, its threads and posts. Addresses and mails stay behind."""

import polars as pl
from lxml import etree

from threadmill.read.rejects import Reject
from threadmill.schema.frames import Comment, Parsed, Thread
from threadmill.sources import html, nested, scalars, xml
from threadmill.sources.contract import Format, Source
from threadmill.sources.counts import count_key
from threadmill.sources.nested import Read, Rejects

FORMAT = "disqus_xml"


def recognise(documents: pl.DataFrame) -> pl.Series:
    """Return which documents are Disqus exports."""
    is_own = pl.col("text").str.slice(0, 4096).str.contains(r"<disqus[\s>]")
    return documents.select(is_own).to_series()


def parse(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of exports; threads without comments are left out."""
    return nested.parse(documents, FORMAT, read, COUNT)


def read(text: str) -> Read:
    """Return what one export holds. Spam is left out."""
    rejects = Rejects()
    threads: dict[str, Thread] = {}
    comments: list[Comment] = []
    left_out = 0
    for element in xml.iterate_elements(text, frozenset(("thread", "post")), rejects):
        own_id = xml.read_attribute(element, "id")
        if xml.strip_namespace(str(element.tag)) == "thread":
            if own_id:
                threads.setdefault(own_id, _build_thread(element, own_id))
        elif own_id is None:
            rejects.append(Reject("no_id", "a post without dsq:id", _find_line(element)))
        elif xml.read_child(element, "isSpam") == "true":
            left_out += 1
        else:
            comments.append(_build_comment(element, own_id, len(comments)))
    used = dict.fromkeys(one.thread_native_id for one in comments)
    xml.require_content(threads, comments, rejects)
    kept = [threads.get(own_id or "", Thread(native_id=own_id)) for own_id in used]
    return Read(kept, comments, rejects, left_out)


def _build_thread(element: etree._Element, own_id: str) -> Thread:
    author = xml.find_child(element, "author")
    return Thread(
        native_id=own_id,
        title=scalars.read_name(xml.read_child(element, "title")),
        url=scalars.read_link(xml.read_child(element, "link")),
        published_at=scalars.read_utc(xml.read_child(element, "createdAt")),
        host_name=scalars.read_name(xml.read_child(author, "name")),
    )


def _build_comment(element: etree._Element, own_id: str, position: int) -> Comment:
    author = xml.find_child(element, "author")
    parent = xml.read_attribute(xml.find_child(element, "parent"), "id")
    handle = scalars.read_name(xml.read_child(author, "username"))
    is_deleted = xml.read_child(element, "isDeleted") == "true"
    return Comment(
        native_id=own_id,
        text="" if is_deleted else html.extract_text(xml.read_child(element, "message")),
        position=position,
        parent_native_id=parent,
        parent_status="explicit" if parent else "top_level",
        author_name=scalars.read_name(xml.read_child(author, "name")) or handle,
        author_native_id=handle,
        author_handle=handle,
        created_at=scalars.read_utc(xml.read_child(element, "createdAt")),
        is_deleted=is_deleted,
        thread_native_id=xml.read_attribute(xml.find_child(element, "thread"), "id"),
        line=_find_line(element),
    )


def _find_line(element: etree._Element) -> int | None:
    return scalars.read_integer(element.sourceline)


COUNT = count_key("elements post", r"<post\s+dsq:id")
SOURCE = Source(
    platform="disqus",
    name="XML export",
    formats=(Format(FORMAT, "the XML of a whole site", "Disqus admin: Community, Export"),),
    parse=parse,
    recognise=recognise,
    marks=(r"<disqus[\s>]", r"(?i)disqus\.com"),
)
