"""Markdown of a web clipper: comments as quotes in quotes, each headed by author, date and address."""

import hashlib
import re
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import polars as pl

from threadmill.read.rejects import Unreadable
from threadmill.schema.frames import Comment, Parsed, Thread
from threadmill.sources import nested, scalars
from threadmill.sources.contract import Format, Source
from threadmill.sources.nested import Read

FORMAT = "web_clip_markdown"
HEADING = r"^((?:> ?)+)\*\*([^*\n]{1,80})\*\* [•·] ([^\n]*)$"
_HEADING = re.compile(HEADING)
_LINKED = re.compile(r"^\[([^\]]*)\]\(([^)\s]*)\)")
_POINTS = re.compile(r"(-?\d{1,15}) (?:points?|likes?|upvotes?)\b")


class _Open(NamedTuple):
    """A comment whose lines are being read."""

    depth: int
    author: str
    note: str
    line: int
    lines: list[str]


def recognise(documents: pl.DataFrame) -> pl.Series:
    """Return which documents have quoted headings of comments."""
    return documents.select(pl.col("text").str.contains(f"(?m){HEADING}")).to_series()


def parse(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of clips."""
    return nested.parse(documents, FORMAT, read)


def read(text: str) -> Read:
    """Return what one clip holds. The parent is the closest comment before with fewer quote marks."""
    opened: list[_Open] = []
    for number, line in enumerate(text.split("\n"), 1):
        if found := _HEADING.match(line):
            author, note = found[2].strip(), found[3]
            opened.append(_Open(found[1].count(">"), author, note, number, []))
        elif opened and (here := opened[-1]) and line.startswith(">"):
            here.lines.append(_strip_marks(line, here.depth))
        elif opened and line.strip():
            # Outside all quotes the page goes on.
            opened[-1].lines.append("")
    if not opened:
        raise Unreadable("no_comments", "no quoted comment headed by **name** · date")
    front = _read_front_matter(text)
    url, title = (
        scalars.read_link(front.get("source", front.get("url"))),
        scalars.read_name(front.get("title")),
    )
    comments: list[Comment] = []
    way: list[tuple[int, str]] = []
    seen: dict[str, int] = {}
    for one in opened:
        while way and way[-1][0] >= one.depth:
            way.pop()
        comment = _build_comment(
            one, way[-1][1] if way else None, len(comments), f"{url}\x1f{title}", seen
        )
        way.append((one.depth, comment.native_id or ""))
        comments.append(comment)
    return Read([Thread(title=title, url=url)], comments)


def _build_comment(
    one: _Open, parent: str | None, position: int, thread: str, seen: dict[str, int]
) -> Comment:
    linked = _LINKED.match(one.note)
    url = scalars.read_link(linked[2]) if linked else None
    date = linked[1] if linked else re.split(r" [•·] ", one.note)[0]
    points = _POINTS.search(one.note)
    text = "\n".join(one.lines).strip("\n").strip()
    own_id = _find_own_id(url) or _digest(f"{thread}\x1f{one.author}\x1f{text}")
    seen[own_id] = seen.get(own_id, 0) + 1
    if seen[own_id] > 1:
        own_id = f"{own_id}-{seen[own_id]}"
    return Comment(
        native_id=own_id,
        text=text,
        position=position,
        parent_native_id=parent,
        parent_status="explicit" if parent else "top_level",
        author_name=scalars.read_name(one.author),
        created_at=scalars.read_iso(date) if ":" in date else None,
        created_text=scalars.read_name(date),
        like_count=scalars.read_integer(points[1]) if points else None,
        url=url,
        line=one.line,
    )


def _find_own_id(url: str | None) -> str | None:
    """Return the comment's id where its address is known to hold it: Hacker News, Reddit."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    host = (parts.hostname or "").removeprefix("www.").removeprefix("old.")
    if host == "news.ycombinator.com":
        return next((own for own in parse_qs(parts.query).get("id", []) if own.isdigit()), None)
    steps = parts.path.strip("/").split("/")
    if host == "reddit.com" and len(steps) >= 6 and steps[2] == "comments" and steps[5].isalnum():
        return steps[5]
    return None


def _digest(text: str) -> str:
    return hashlib.md5(text.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()[:20]


def _strip_marks(line: str, depth: int) -> str:
    """Return `line` without `depth` quote marks; more of them are quotes of the comment's own."""
    for _ in range(depth):
        if not line.startswith(">"):
            break
        line = line[1:].removeprefix(" ")
    return line


def _read_front_matter(text: str) -> dict[str, str]:
    """Return the plain values of the heading between `---` lines; lists and blocks are left."""
    if not text.startswith("---\n"):
        return {}
    head, end, _ = text[4:].partition("\n---")
    pairs = (line.partition(":") for line in head.split("\n") if end and ":" in line)
    return {key.strip(): value.strip().strip("\"'") for key, _, value in pairs}


SOURCE = Source(
    platform="",
    name="web clip",
    formats=(
        Format(
            FORMAT,
            "comments as quotes in quotes, each headed > **name** · date",
            "clip the page with a web clipper that keeps comments",
        ),
    ),
    parse=parse,
    recognise=recognise,
)
