"""WordPress: the WXR export of a site, its posts and their comments. Addresses and mails stay behind."""

import polars as pl
from lxml import etree

from threadmill.read.rejects import Reject
from threadmill.schema.frames import Comment, Parsed, Thread
from threadmill.sources import html, nested, scalars, xml
from threadmill.sources.contract import Format, Source
from threadmill.sources.counts import count_key
from threadmill.sources.nested import Read, Rejects

FORMAT = "wordpress_wxr"
PINGS = ("pingback", "trackback")
APPROVED = ("1", "approved", "approve")
GONE = ("trash", "post-trashed")


def recognise(documents: pl.DataFrame) -> pl.Series:
    """Return which documents are WXR."""
    head = pl.col("text").str.slice(0, 16_384)
    is_own = head.str.contains(r"<rss[\s>]") & head.str.contains(
        "wordpress.org/export", literal=True
    )
    return documents.select(is_own).to_series()


def parse(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of exports; posts without comments are left out."""
    return nested.parse(documents, FORMAT, read, COUNT)


def read(text: str) -> Read:
    """Return what one export holds. Pings and comments that wait or are spam are left out."""
    rejects = Rejects()
    threads: list[Thread] = []
    comments: list[Comment] = []
    left_out = 0
    for element in xml.iterate_elements(text, frozenset(("item",)), rejects, "comment"):
        own_id = scalars.read_name(xml.read_child(element, "post_id"))
        entries = [
            entry
            for entry in element
            if isinstance(entry.tag, str) and xml.strip_namespace(entry.tag) == "comment"
        ]
        kept = [entry for entry in entries if _is_kept(entry)]
        left_out += len(entries) - len(kept)
        found = [
            one
            for entry in kept
            if (one := _build_comment(entry, own_id, len(comments), rejects)) is not None
        ]
        if found:
            threads.append(_build_thread(element, own_id))
            comments += [
                one._replace(position=len(comments) + place) for place, one in enumerate(found)
            ]
    if not rejects and not threads:
        xml.require_content(threads, comments, rejects)
    return Read(_drop_repeats(threads), comments, rejects, left_out)


def _drop_repeats(threads: list[Thread]) -> list[Thread]:
    return list({thread.native_id: thread for thread in reversed(threads)}.values())[::-1]


def _build_thread(element: etree._Element, own_id: str | None) -> Thread:
    return Thread(
        native_id=own_id,
        title=scalars.read_name(xml.read_child(element, "title")),
        url=scalars.read_link(xml.read_child(element, "link")),
        published_at=scalars.read_utc(xml.read_child(element, "post_date_gmt")),
        host_name=scalars.read_name(xml.read_child(element, "creator")),
        is_id_local=True,
    )


def _is_kept(entry: etree._Element) -> bool:
    """Return whether a comment is shown, or was and is deleted: no ping, no spam, none that waits for approval."""
    state = xml.read_child(entry, "comment_approved")
    return xml.read_child(entry, "comment_type") not in PINGS and state in (*APPROVED, *GONE)


def _build_comment(
    entry: etree._Element, thread_id: str | None, position: int, rejects: Rejects
) -> Comment | None:
    own_id = scalars.read_name(xml.read_child(entry, "comment_id"))
    line = scalars.read_integer(entry.sourceline)
    if own_id is None:
        rejects.append(Reject("no_id", "a comment without comment_id", line))
        return None
    state = xml.read_child(entry, "comment_approved")
    parent = scalars.read_name(xml.read_child(entry, "comment_parent"))
    parent = None if parent == "0" else parent
    user = scalars.read_name(xml.read_child(entry, "comment_user_id"))
    is_deleted = state in GONE
    created_at = scalars.read_utc(xml.read_child(entry, "comment_date_gmt"))
    return Comment(
        native_id=own_id,
        text=""
        if is_deleted
        else html.extract_text(_mark_paragraphs(xml.read_child(entry, "comment_content"))),
        position=position,
        parent_native_id=parent,
        parent_status="explicit" if parent else "top_level",
        author_name=scalars.read_name(xml.read_child(entry, "comment_author")),
        author_native_id=None if user in (None, "0") else user,
        author_url=scalars.read_link(xml.read_child(entry, "comment_author_url")),
        created_at=created_at,
        # Imported comments may lack the time in UTC: then only the day of the site's own clock is known.
        created_text=None
        if created_at
        else scalars.read_name(xml.read_child(entry, "comment_date")),
        is_deleted=is_deleted,
        thread_native_id=thread_id,
        line=line,
    )


def _mark_paragraphs(content: str) -> str:
    """Return `content` with its line ends as HTML, which WordPress makes when it shows it."""
    return content.replace("\n", "<br>") if "<" in content or "&" in content else content


COUNT = count_key("elements wp:comment", r"<wp:comment>")
SOURCE = Source(
    platform="wordpress",
    name="WXR export",
    formats=(
        Format(
            FORMAT, "WXR, the XML of a whole site", "WordPress admin: Tools, Export, All content"
        ),
    ),
    parse=parse,
    recognise=recognise,
    marks=(r"<rss[\s>]", r"wordpress\.org/export"),
)
