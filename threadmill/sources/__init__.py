"""Documents → threads and comments: one module per format, listed in `SOURCES`."""

import re

import polars as pl

from threadmill.read import kinds, rejects
from threadmill.read.rejects import Reject
from threadmill.schema.frames import COMMENT, THREAD, Parsed
from threadmill.sources import (
    blogger_atom,
    bluesky,
    clip,
    convokit,
    discourse_raw,
    discourse_topic,
    disqus_api,
    disqus_xml,
    fourcat_csv,
    fourchan_thread,
    github,
    hackernews,
    hackernews_page,
    lemmy,
    mastodon,
    reddit_dump,
    reddit_page,
    reddit_thread,
    stackexchange_api,
    stackexchange_dump,
    substack,
    table,
    telegram_export,
    wordpress_rest,
    wordpress_wxr,
    youtube,
)
from threadmill.sources.contract import Source
from threadmill.sources.nested import match_all
from threadmill.sources.substack import api as substack_api
from threadmill.sources.substack import html as substack_html
from threadmill.sources.substack import notes as substack_notes

VERSION = 2  # of its rows; CONTRIBUTING.md says when to raise it

SOURCES = (
    table.SOURCE,
    *convokit.SOURCE,
    *fourcat_csv.SOURCE,
    substack_notes.SOURCE,
    substack_api.SOURCE,
    substack_html.SOURCE,
    reddit_thread.SOURCE,
    *reddit_dump.SOURCE,
    reddit_page.SOURCE,
    *hackernews.SOURCE,
    hackernews_page.SOURCE,
    discourse_topic.SOURCE,
    discourse_raw.SOURCE,
    *youtube.SOURCE,
    mastodon.SOURCE,
    lemmy.SOURCE,
    bluesky.SOURCE,
    telegram_export.SOURCE,
    fourchan_thread.SOURCE,
    disqus_xml.SOURCE,
    disqus_api.SOURCE,
    wordpress_wxr.SOURCE,
    wordpress_rest.SOURCE,
    blogger_atom.SOURCE,
    stackexchange_dump.SOURCE,
    stackexchange_api.SOURCE,
    github.SOURCE,
    clip.SOURCE,
    substack.SOURCE,
)
"""In the order in which they are asked; one without `recognise` comes last on its platform."""

HEAD_CHARS = 4096
DUMP_HEAD_BYTES = 2**18
"""Looked at first of a dump: hundreds of lines."""
PAGE_HEAD_CHARS = 2**16
"""Looked at of a saved web page."""
PAGES = (
    ("hackernews", r'<html[^>]*\sop="|\| Hacker News</title>|news\.ycombinator\.com/item'),
    ("reddit", r'data-fullname="t\d_|<shreddit-|href="https://(?:www|old)\.reddit\.com/r/'),
    ("discourse", r'name="generator" content="Discourse'),
    ("youtube", r'href="https://www\.youtube\.com/watch\?v='),
    ("4chan", r"boards\.4chan(?:nel)?\.org/\w+/thread/"),
)
"""By what web pages are known that aren't read, though other forms of their platform are."""
JSON = r'\A\s*(?:\{\s*["}]|\[\s*(?:[{"\]]|\d))'
DEFAULTS = {
    "first_line": pl.lit(1),
    "mapping": pl.lit(None, pl.String),
    "is_mapping_shared": pl.lit(value=False),
    "line_count": pl.lit(None, pl.Int64),
}
"""Columns of `frames.DOCUMENT` that a caller may omit."""


def parse(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of `documents`, a frame as `frames.DOCUMENT`.

    Each document ends up in `threads` or in `rejects`. A document of a platform that no source
    reads is a reject with reason `platform_not_supported`.
    """
    left = documents.with_columns(
        value.alias(name) for name, value in DEFAULTS.items() if name not in documents.columns
    )
    parsed = []
    if (is_homeless := left["platform"] == "").any():
        parsed.append(
            Parsed(THREAD.to_frame(), COMMENT.to_frame(), _refuse(left.filter(is_homeless)))
        )
        left = left.filter(~is_homeless)
    platforms = {*left["platform"].unique(), *([""] if left.height else [])}
    asked = [one for one in SOURCES if one.platform in platforms]
    if (head := _cut_head(left)) is not None:
        # What its first lines don't tell, the whole of it may.
        known = next((one for one in asked if _recognise(one, head).all()), None)
        if known:
            return known.parse(left)
    for source in asked:
        is_own = _recognise(source, left)
        if is_own.all():
            # Large texts aren't copied where all is one source's.
            parsed.append(source.parse(left))
            left = left.clear()
            break
        if is_own.any():
            parsed.append(source.parse(left.filter(is_own)))
            left = left.filter(~is_own)
    return Parsed(
        pl.concat([THREAD.to_frame(), *(one.threads for one in parsed)]),
        pl.concat([COMMENT.to_frame(), *(one.comments for one in parsed)]),
        pl.concat([_refuse(left), *(one.rejects for one in parsed)]),
    )


def _cut_head(documents: pl.DataFrame) -> pl.DataFrame | None:
    """Return `documents` with its first lines alone, if it is the first chunk of a dump and large; else None.

    Each question to a text costs Polars a pass through its memory, and a dump is asked a dozen.
    """
    if documents.height != 1 or documents["line_count"].null_count():
        return None
    content = documents["text"].cast(pl.Binary).item()
    end = content.rfind(b"\n", 0, DUMP_HEAD_BYTES) + 1
    if len(content) <= DUMP_HEAD_BYTES or not end:
        return None
    return documents.with_columns(text=pl.lit(content[:end].decode()))


def _recognise(source: Source, documents: pl.DataFrame) -> pl.Series:
    """Return which of `documents` are for `source`; later chunks of a dump are for one that reads dumps."""
    is_own = documents["platform"].is_in([source.platform]) | (source.platform == "")
    goes_on = documents["first_line"] > 1
    if goes_on.all() and (source.platform or not source.reads_chunks):
        return is_own & source.reads_chunks
    if source.recognise is not None and is_own.any():
        is_own &= source.recognise(documents)
        if source is table.SOURCE:
            is_own &= ~_has_other_format(documents, is_own & documents["is_mapping_shared"])
    elif is_own.any():
        # What nothing else recognises may be a copied page, but never JSON.
        is_own &= ~documents["text"].str.contains(JSON)
    return is_own


def _has_other_format(documents: pl.DataFrame, asked: pl.Series) -> pl.Series:
    """Return which of `documents`, of those `asked` about, are of a known format, so that no mapping is for them."""
    if not asked.any():
        return asked
    some = documents.filter(asked)
    found = pl.Series([False] * some.height, dtype=pl.Boolean)
    for source in SOURCES:
        if source is table.SOURCE or source.recognise is None:
            continue
        is_own = (some["platform"] == source.platform) | (source.platform == "")
        if is_own.any():
            found |= is_own & source.recognise(some)
    return asked.clone().scatter(asked.arg_true(), found)


def list_platforms() -> list[str]:
    """Return the platforms that have a source of their own, sorted."""
    return sorted({source.platform for source in SOURCES} - {""})


def find_platform(text: str) -> str | None:
    """Return the platform that the content of a document tells; None if it tells none."""
    texts = pl.Series([text], dtype=pl.String)
    marked = (source for source in SOURCES if source.marks)
    return next((one.platform for one in marked if match_all(texts, *one.marks).any()), None)


def _refuse(documents: pl.DataFrame) -> pl.DataFrame:
    """Return one reject per document, which no source recognised."""
    if documents.is_empty():
        return rejects.build_frame([])
    found = []
    for path, platform, first, has_mapping, text in documents.select(
        "path",
        "platform",
        "first_line",
        pl.col("mapping").is_not_null(),
        pl.col("text").str.slice(0, PAGE_HEAD_CHARS),
    ).iter_rows():
        code, reason = _explain(platform, text, has_mapping=has_mapping)
        # Each chunk of a dump has a reject of its own.
        line = first if first > 1 else None
        excerpt = text[: rejects.EXCERPT_CHARS]
        found.append(Reject(code, reason, line, excerpt, path, platform))
    return rejects.build_frame(found)


def _explain(platform: str, head: str, *, has_mapping: bool) -> tuple[str, str]:
    """Return code and reason why a document, which begins with `head`, can't be read as one of `platform`."""
    known = list_platforms()
    kind = kinds.name_text(head)
    page_of = _find_page(head) if kind == kinds.PAGE else None
    if not platform and page_of:
        return (
            "no_platform",
            f"{kind} of {page_of} in no form that is read; {_explain_how(page_of)}",
        )
    if not platform:
        return "no_platform", (
            f"{kind} in which nothing tells where it comes from, and no comment that is known by its form; "
            f"put it into a folder named as its platform, such as substack, or add it with --platform NAME"
        )
    table = (
        "any table (CSV, JSON, Parquet) is read with a columns.toml, see `threadmill help sources`"
    )
    if has_mapping:
        table = f"its columns.toml is for tables (CSV, JSON, Parquet), and this is {kind}"
    if platform not in known:
        what = f"platform {platform} isn't read; known are {', '.join(known)}"
        return "platform_not_supported", f"{what}; {table}"
    other = find_platform(head)
    if other and other != platform:
        return (
            "format_not_recognised",
            f"{kind} that looks like {other}; put it into the folder {other} (threadmill add: --platform {other})",
        )
    forms = ", ".join(source.name for source in SOURCES if source.platform == platform)
    what = f"{kind} that looks like nothing that is read of {platform}: {forms}"
    return "format_not_recognised", f"{what}; {_explain_how(page_of or platform)}; {table}"


def _find_page(head: str) -> str | None:
    """Return the platform of which a saved web page is, if it is one whose pages aren't read."""
    return next((platform for platform, mark in PAGES if re.search(mark, head)), None)


def _explain_how(platform: str) -> str:
    """Return how to get what is read of `platform`."""
    hint = next(one.formats[0].hint for one in SOURCES if one.platform == platform)
    return f"instead: {hint}"


def find_module(source_format: str) -> str:
    """Return the module of this folder that reads documents of `source_format`."""
    return _MODULES[source_format]


_MODULES = {
    one.name: source.parse.__module__.removeprefix(f"{__name__}.").partition(".")[0]
    for source in SOURCES
    for one in source.formats
}
