"""Raw documents → threads and comments. One module per format, listed in `SOURCES`."""

from collections.abc import Callable
from typing import Any

import polars as pl

from threadmill.sources import (
    clip,
    discourse_topic,
    disqus_xml,
    hackernews,
    reddit_dump,
    reddit_thread,
    substack,
    table,
    wordpress_wxr,
    youtube,
)
from threadmill.sources.contract import COMMENT, REJECT, THREAD, Parsed, Source
from threadmill.sources.substack import api as substack_api
from threadmill.sources.substack import clip as substack_clip
from threadmill.sources.substack import html as substack_html


def _one_form(platform: str, name: str, module: Any, reads_parts: bool = False) -> Source:
    known = {module.FORMAT: module.MEANING}
    return Source(
        platform,
        name,
        module.parse,
        known,
        module.claims,
        reads_parts,
        {module.FORMAT: module.HINT},
    )


def _form(
    platform: str,
    name: str,
    module: Any,
    form: str,
    parse: Callable[[pl.DataFrame], Parsed],
    claims: Callable[[pl.DataFrame], pl.Series],
    reads_parts: bool = False,
) -> Source:
    known, hints = {form: module.FORMATS[form]}, {form: module.HINTS[form]}
    return Source(platform, name, parse, known, claims, reads_parts, hints)


_HN, _YT = hackernews, youtube
SOURCES = (
    _one_form("", "table", table, reads_parts=True),
    _one_form("substack", "comments JSON", substack_api),
    _one_form("substack", "saved comments page", substack_html),
    _one_form("reddit", "thread JSON", reddit_thread),
    _one_form("reddit", "dump", reddit_dump, reads_parts=True),
    _form("hackernews", "item tree", _HN, _HN.ALGOLIA, _HN.parse_algolia, _HN.claims_algolia),
    _form("hackernews", "items", _HN, _HN.FIREBASE, _HN.parse_firebase, _HN.claims_firebase, True),
    _one_form("discourse", "topic JSON", discourse_topic),
    _form("youtube", "commentThreads", _YT, _YT.API, _YT.parse_api, _YT.claims_api),
    _form("youtube", "yt-dlp", _YT, _YT.YT_DLP, _YT.parse_ytdlp, _YT.claims_ytdlp),
    _one_form("disqus", "XML export", disqus_xml),
    _one_form("wordpress", "WXR export", wordpress_wxr),
    _one_form("", "web clip", clip),
    Source(
        "substack",
        "copied page",
        substack.parse,
        substack.FORMATS,
        hints=dict.fromkeys(
            substack.FORMATS, "select all of the page, copy it, paste it into a .txt"
        )
        | {substack_clip.FORMAT: "clip the page as markdown with a web clipper"},
    ),
)
"""In the order in which they are asked; those without `claims` come last on their platform."""

UNSAID = {
    "first_line": pl.lit(1),
    "mapping": pl.lit(None, pl.String),
    "line_count": pl.lit(None, pl.Int64),
}
"""What holds of documents that `documents` hasn't read."""


def parse(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of `documents`, a frame as `contract.DOCUMENT`.

    Each document ends up in `threads` or in `rejects`. A document of a platform that no source
    reads is a reject with reason `platform_not_supported`.
    """
    left = documents.with_columns(
        unsaid.alias(name) for name, unsaid in UNSAID.items() if name not in documents.columns
    )
    parsed = []
    platforms = {*left["platform"].unique(), *([""] if left.height else [])}
    for source in (one for one in SOURCES if one.platform in platforms):
        is_own = _own(source, left)
        # Parts of dumps are large: nothing is copied where all is one source's.
        if is_own.all():
            parsed.append(source.parse(left))
            left = left.clear()
            break
        if is_own.any():
            parsed.append(source.parse(left.filter(is_own)))
            left = left.filter(~is_own)
    return Parsed(
        pl.concat([THREAD.to_frame(), *(one.threads for one in parsed)]),
        pl.concat([COMMENT.to_frame(), *(one.comments for one in parsed)]),
        pl.concat([_unclaimed(left), *(one.rejects for one in parsed)]),
    )


def _own(source: Source, documents: pl.DataFrame) -> pl.Series:
    """Return which of `documents` are for `source`; what follows in a dump is for one that reads dumps."""
    is_own = documents["platform"].is_in([source.platform]) | (source.platform == "")
    goes_on = documents["first_line"] > 1
    if goes_on.all():
        can_be = documents["mapping"].is_not_null() | (source.platform != "")
        return is_own & can_be & source.reads_parts
    if source.claims is not None and is_own.any():
        is_own &= source.claims(documents)
    return is_own


def _unclaimed(documents: pl.DataFrame) -> pl.DataFrame:
    if documents.is_empty():
        return REJECT.to_frame()
    platforms = sorted({source.platform for source in SOURCES} - {""})
    is_known = pl.col("platform").is_in(platforms)
    known = pl.lit(", ".join(platforms))
    forms = pl.col("platform").replace_strict(
        {
            platform: ", ".join(source.name for source in SOURCES if source.platform == platform)
            for platform in platforms
        },
        default="",
    )
    return documents.select(
        source_path="path",
        platform="platform",
        # Parts of one document are told apart.
        line=pl.when(pl.col("first_line") > 1).then(pl.col("first_line")).cast(pl.Int64),
        reason_code=pl.when(is_known)
        .then(pl.lit("format_not_recognised"))
        .otherwise(pl.lit("platform_not_supported")),
        reason=pl.when(is_known)
        .then(pl.format("looks like nothing that is read of {}: {}", "platform", forms))
        .otherwise(pl.format("platform {} isn't read; known are {}", "platform", known))
        + "; any table (CSV, JSON, Parquet) is read with a columns.toml, see docs/sources.md",
        excerpt=pl.col("text").str.slice(0, 80),
    )
