"""Raw documents → threads and comments. One module per format, listed in `SOURCES`."""

import polars as pl

from flows.sources import substack
from flows.sources.contract import COMMENT, REJECT, THREAD, Parsed, Source

SOURCES = (Source("substack", "copied page", substack.parse, substack.FORMATS),)


def parse(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of `documents`, a frame as `contract.DOCUMENT`.

    Each document ends up in `threads` or in `rejects`. A document of a platform that no source
    reads is a reject with reason `platform_not_supported`.
    """
    parsed = [
        source.parse(own)
        for source in SOURCES
        if not (own := documents.filter(platform=source.platform)).is_empty()
    ]
    platforms = ", ".join(sorted({source.platform for source in SOURCES}))
    others = documents.filter(~pl.col("platform").is_in([source.platform for source in SOURCES]))
    rejects = others.select(
        source_path="path",
        platform="platform",
        line=pl.lit(None, pl.Int64),
        reason_code=pl.lit("platform_not_supported"),
        reason=pl.format("platform {} isn't read; known are {}", "platform", pl.lit(platforms)),
        excerpt=pl.col("text").str.slice(0, 80),
    )
    return Parsed(
        pl.concat([THREAD.to_frame(), *(one.threads for one in parsed)]),
        pl.concat([COMMENT.to_frame(), *(one.comments for one in parsed)]),
        pl.concat([REJECT.to_frame(), rejects, *(one.rejects for one in parsed)]),
    )
