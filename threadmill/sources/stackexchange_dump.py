"""Stack Exchange: Comments.xml of a site's data dump. Comments on a post stand by time."""

import re

import polars as pl
from lxml import etree

from threadmill.read.rejects import Reject
from threadmill.schema.frames import Comment, Parsed, Thread
from threadmill.sources import nested, scalars, xml
from threadmill.sources.contract import Format, Source
from threadmill.sources.counts import count_key
from threadmill.sources.nested import Read, Rejects

FORMAT = "stackexchange_comments_xml"
MARKS = (r"<comments>\s*<row\s", r'<row\s+Id="\d+"\s+PostId="')
SITE = r"/((?:[a-z0-9-]+\.)+[a-z]{2,})/[^/]*$"
"""The folder that a dump's archive is named as: its site."""
_NAMED = re.compile(r"(?:\A|\s)@\w")


def recognise(documents: pl.DataFrame) -> pl.Series:
    """Return which documents are tables of comments of the data dump."""
    return nested.match_all(documents["text"].str.slice(0, 4096), *MARKS)


def parse(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of the data dump: a thread for each post. A folder may name the site."""
    parsed = nested.parse(documents, FORMAT, read, COUNT)
    site = pl.coalesce("publication", pl.col("path").str.extract(SITE))
    return parsed._replace(threads=parsed.threads.with_columns(publication=site))


def read(text: str) -> Read:
    """Return what one table holds. Who isn't registered has a name, all others a number alone."""
    rejects = Rejects()
    threads: dict[str | None, Thread] = {}
    comments: list[Comment] = []
    for row in xml.iterate_elements(text, frozenset(("row",)), rejects):
        own_id = scalars.read_id(row.get("Id"))
        if own_id is None:
            line = scalars.read_integer(row.sourceline)
            rejects.append(Reject("no_id", "a row without Id", line))
            continue
        comment = _build_row(row, own_id, len(comments))
        comments.append(comment)
        thread_id = comment.thread_native_id
        # Each site has its own ids.
        thread = Thread(native_id=thread_id, is_id_local=True, is_chronological=True)
        threads.setdefault(thread_id, thread)
    xml.require_content(threads, comments, rejects)
    return Read([*threads.values()], comments, rejects)


def _build_row(row: etree._Element, own_id: str, position: int) -> Comment:
    words = scalars.clean_text(row.get("Text")).strip()
    return Comment(
        native_id=own_id,
        text=words,
        position=position,
        # On the site, what names nobody is for the post's author.
        parent_status=None if _NAMED.search(words) else "top_level",
        author_name=scalars.read_name(row.get("UserDisplayName")),
        author_native_id=scalars.read_id(row.get("UserId")),
        created_at=scalars.read_utc(row.get("CreationDate")),
        like_count=scalars.read_integer(row.get("Score")),
        thread_native_id=scalars.read_id(row.get("PostId")),
        line=scalars.read_integer(row.sourceline),
    )


COUNT = count_key("elements row", r"<row\s")
SOURCE = Source(
    platform="stackexchange",
    name="data dump",
    formats=(
        Format(
            FORMAT,
            "Comments.xml of a site's data dump",
            "unpack the dump's <site>.7z in a folder named as the site",
        ),
    ),
    parse=parse,
    recognise=recognise,
    marks=MARKS,
)
